//! Somebody is told what is stored of them, and forgotten, by their e-mail address, wherever it stands.

use reqwest::Method;
use serde_json::{Value, json};

use super::both;
use super::bytes::{wait_until_gone, word};
use crate::answer::{valid, with};
use crate::client::Client;
use crate::hooks::{connected, signed, tell};
use crate::invited::{made, path, post};
use crate::server::Server;

/// An address that stands nowhere else; as most programs write it, and as she does herself.
fn ada() -> (String, String) {
    (format!("{}@example.org", word(1)), format!("{}@Example.ORG", word(1)))
}

/// The lines of what is told, without the last one.
async fn told(client: &Client, path: &str) -> Vec<Value> {
    let reply = client.api(Method::GET, path, None).await;
    let mut lines = reply.lines();
    let end = lines.pop().unwrap();
    assert!(reply.status == 200 && end["_end"].is_object(), "{reply:?}");
    lines
}

/// An order by somebody.
async fn ordered(client: &Client, secret: &str, order: &str, subject: &str, email: &str) {
    let body = json!({"order": order, "event": "order_placed", "at": "2026-11-20T10:00:00Z", "subject": subject,
        "email": email});
    let body = body.to_string().into_bytes();
    let reply = tell(client, "orders", signed("orders", secret, &body), body).await;
    assert_eq!(reply.status, 200, "{reply:?}");
}

/// A shop in which Ada is known in every way, and Luca in one. Gives back how many answers are hers.
async fn shop(server: &Server) -> usize {
    let ((ada, written), secret) = (ada(), connected(server, "orders").await);
    ordered(server, &secret, "A-1", "c-1", &written).await;
    ordered(server, &secret, "A-2", "c-2", "luca@example.org").await;
    let hers = [
        json!({"attributes": {"email": written}}),
        json!({"ref": "A-1"}),
        json!({"subject": "c-1"}),
        json!({"subject": ada}),
        json!({"ref": ada}),
    ];
    for changes in hers.iter().cloned().chain([json!({"ref": "A-2"}), json!({"subject": "c-2"})]) {
        assert_eq!(server.post(&with(valid(9), changes)).await.json()["status"], "stored");
    }
    let due = "2026-12-01T00:00:00Z";
    made(server, json!({"key": "mail", "channel": "email", "address": ada, "due_at": due})).await;
    made(server, json!({"key": "lucas", "channel": "email", "address": "luca@example.org", "due_at": due}))
        .await;
    let link = made(server, json!({"key": "link", "address": written})).await;
    assert_eq!(post(server, &path(server, &link), &[("score", "3")]).await.status, 200);
    hers.len() + 1
}

#[tokio::test]
async fn an_address_leads_to_all_that_holds_it_and_is_forgotten() {
    for (server, database) in both().await {
        let (n, (ada, written)) = (shop(&server).await, ada());
        let asked = format!("/subjects/{written}?by=email");
        let lines = told(&server, &asked).await;
        let of = |name: &str| lines.iter().filter(|line| !line[name].is_null()).collect::<Vec<&Value>>();
        assert_eq!((of("_order").len(), of("invitation").len()), (1, 2), "{lines:?}");
        assert_eq!(of("_order")[0]["_order"]["order"], "A-1");
        assert_eq!(of("score").len(), n, "{lines:?}");
        assert_eq!(
            told(&server, &format!("/subjects/{ada}")).await,
            lines,
            "an address is looked for as one"
        );
        for (path, status) in
            [("/subjects/c-1?by=email", 422), ("/subjects/nobody@example.org?by=email", 200)]
        {
            assert_eq!(server.api(Method::GET, path, None).await.status, status, "{path}");
        }
        let gone = server.api(Method::DELETE, &asked, None).await;
        assert_eq!((gone.status, gone.json()), (200, json!({"erased": n})), "{gone:?}");
        assert_eq!(told(&server, &asked).await, Vec::<Value>::new());
        let again = server.api(Method::DELETE, &asked, None).await;
        assert_eq!(again.json(), json!({"erased": 0}));
        assert_eq!(server.stored().await.len(), 2, "Luca's answers stay");
        assert_eq!(server.read("/invitations").await["invitations"].as_array().unwrap().len(), 1);
        let lucas = told(&server, "/subjects/luca@example.org").await;
        assert_eq!(lucas.iter().filter(|line| !line["_order"].is_null()).count(), 1, "{lucas:?}");
        let log = server.api(Method::GET, "/api/v1/audit?limit=50", None).await;
        assert!(
            log.text().contains("subject.erase") && !log.text().to_lowercase().contains("quokka"),
            "{log:?}"
        );
        if let Some(database) = database {
            let rows = database.connect().await;
            for table in ["orders", "survey_invitations", "responses", "happenings", "rule_plans"] {
                let held =
                    format!("SELECT count(*) FROM {table} AS held WHERE lower(held::text) LIKE '%quokka%'");
                let n: i64 = rows.query_one(&held, &[]).await.unwrap().get(0);
                assert_eq!(n, 0, "{table}");
            }
        } else {
            let folder = server.database().parent().unwrap().to_owned();
            wait_until_gone(&folder, &[word(1)]).await;
        }
    }
}

#[tokio::test]
async fn who_is_not_to_be_asked_is_forgotten_and_still_not_asked() {
    for (server, _database) in both().await {
        shop(&server).await;
        let listed = json!({"address": ada().0});
        assert_eq!(server.api(Method::POST, "/suppressions", Some(&listed)).await.status, 204);
        let gone = server.api(Method::DELETE, &format!("/subjects/{}", ada().0), None).await;
        assert_eq!(gone.status, 200, "{gone:?}");
        let list = server.read("/suppressions").await;
        assert_eq!(list["suppressions"].as_array().unwrap().len(), 1, "as a keyed hash");
        let again = made(&server, json!({"key": "later", "channel": "email", "address": ada().1})).await;
        assert_eq!((&again["state"], &again["address"]), (&json!("suppressed"), &Value::Null));
    }
}

#[tokio::test]
async fn what_is_told_of_an_order_again_does_not_bring_the_address_back() {
    let server = Server::start().await;
    let (secret, (ada, _)) = (connected(&server, "orders").await, ada());
    ordered(&server, &secret, "A-1", "c-1", &ada).await;
    server.api(Method::DELETE, &format!("/subjects/{ada}"), None).await;
    ordered(&server, &secret, "A-1", "c-1", &ada).await;
    assert_eq!(told(&server, &format!("/subjects/{ada}")).await, Vec::<Value>::new());
}
