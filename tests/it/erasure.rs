//! What people may ask for: all of theirs told, or erased for good; on both back ends.

use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{full, valid, with};
use crate::client::{Client, Reply};
use crate::postgres::Database;
use crate::server::Server;

mod address;
mod beside;
mod bytes;
mod command;
mod compact;
mod kept;
mod machine;
mod pages;

/// A server on each back end, with the database that one of them needs.
async fn both() -> [(Server, Option<Database>); 2] {
    let database = Database::create().await;
    let on_postgres = Server::start_on(&database.url()).await;
    [(Server::start().await, None), (on_postgres, Some(database))]
}

async fn erase(client: &Client, answer: &Value) -> Reply {
    let path = format!("/responses/{}", answer["id"].as_str().unwrap());
    client.api(Method::DELETE, &path, None).await
}

/// The lines of a person's answers, and how many the last one says they are.
async fn told(client: &Client, path: &str) -> Vec<Value> {
    let reply = client.api(Method::GET, path, None).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/x-ndjson"), "{reply:?}");
    assert!(reply.header("content-disposition").contains("pk_demo-person.ndjson"), "{reply:?}");
    let mut lines = reply.lines();
    let end = lines.pop().unwrap();
    assert_eq!(end["_end"]["rows"], lines.len(), "{end}");
    lines
}

#[tokio::test]
async fn an_erased_answer_never_comes_back() {
    for (server, _database) in both().await {
        let (gone, stays) = (full(), full());
        for answer in [&gone, &stays] {
            assert_eq!(server.post(answer).await.json(), json!({"status": "stored"}));
        }
        let reply = erase(&server, &gone).await;
        assert_eq!((reply.status, reply.body.len()), (204, 0), "{reply:?}");
        assert_eq!(erase(&server, &gone).await.status, 204, "once more is as good as once");

        // The same bytes from a browser that heard no reply, a comment that was on its way, and both in a batch.
        let revised = with(gone.clone(), json!({"revision": 2, "comment": "later", "score": 0}));
        for late in [&gone, &revised] {
            let reply = server.post(late).await;
            assert_eq!((reply.status, reply.json()), (200, json!({"status": "superseded"})));
        }
        let fresh = valid(3);
        let reply = server.post(&json!([gone, fresh, revised])).await;
        let statuses: Vec<Value> =
            reply.json()["results"].as_array().unwrap().iter().map(|item| item["status"].clone()).collect();
        assert_eq!(statuses, ["superseded", "stored", "superseded"]);

        let ids: Vec<Value> = server.stored().await.iter().map(|row| row["id"].clone()).collect();
        assert_eq!(ids, [stays["id"].clone(), fresh["id"].clone()]);
        let scores = server.read("/scores?survey=nps&by=channel").await;
        assert_eq!((&scores["n"], &scores["excluded"]["test"]), (&json!(2), &json!(0)), "{scores}");
        let counted: Vec<(&Value, &Value)> =
            scores["series"].as_array().unwrap().iter().map(|point| (&point["key"], &point["n"])).collect();
        assert_eq!(counted, [(&json!("inline"), &json!(1)), (&json!("unknown"), &json!(1))]);
    }
}

#[tokio::test]
async fn what_never_was_or_is_somebody_elses_cannot_be_erased() {
    for (server, _database) in both().await {
        let answer = valid(9);
        server.post(&answer).await;
        let id = answer["id"].as_str().unwrap();
        for path in [
            "/responses/019aa2b4-7c00-7abc-8def-0123456789ab",
            "/responses/nothing",
            &*format!("/api/v1/sites/pk_scales/responses/{id}"),
            &*format!("/api/v1/sites/pk_nobody/responses/{id}"),
        ] {
            assert_eq!(server.api(Method::DELETE, path, None).await.status, 404, "{path}");
        }
        assert_eq!(server.stored().await.len(), 1);
    }
}

#[tokio::test]
async fn a_person_is_told_everything_and_forgotten() {
    for (server, _database) in both().await {
        let of = |subject: Value, order: Value| with(full(), json!({"subject": subject, "ref": order}));
        let (hers, hers_too) = (of(json!("c/77 ü"), json!("1001")), of(json!("c/77 ü"), json!(null)));
        let his = of(json!("c-78"), json!("1002"));
        for answer in [&hers, &hers_too, &his] {
            assert_eq!(server.post(answer).await.status, 200);
        }
        let path = "/subjects/c%2F77%20%C3%BC";
        let lines = told(&server, path).await;
        assert_eq!(lines, server.stored().await[..2], "as an export tells them");
        assert_eq!(told(&server, "/subjects/c-79").await, Vec::<Value>::new(), "nothing is an answer, too");
        assert_eq!(told(&server, "/subjects/1002").await.len(), 1, "an order leads to its answer");
        assert_eq!(told(&server, "/subjects/1002?by=subject").await.len(), 0);
        assert_eq!(told(&server, "/api/v1/sites/pk_demo/subjects/1001?by=either").await.len(), 1);

        let reply = server.api(Method::DELETE, path, None).await;
        assert_eq!((reply.status, reply.json()), (200, json!({"erased": 2})), "{reply:?}");
        assert_eq!(server.api(Method::DELETE, path, None).await.json(), json!({"erased": 0}));
        assert_eq!(server.post(&hers).await.json(), json!({"status": "superseded"}));
        assert_eq!(server.stored().await.len(), 1);
        assert_eq!(server.read("/scores?survey=nps").await["n"], 1);
        // What she says from now on is another answer.
        let again = of(json!("c/77 ü"), json!(null));
        assert_eq!(server.post(&again).await.json(), json!({"status": "stored"}));

        let log = server.api(Method::GET, "/api/v1/audit", None).await.json();
        let entries = log["entries"].as_array().unwrap();
        let of = |action: &str| entries.iter().filter(|entry| entry["action"] == action).count();
        assert_eq!((of("subject.erase"), of("subject.read")), (2, 5), "{log}");
        assert!(!log.to_string().contains("c/77"), "without whom: {log}");
    }
}

/// A number can be a customer's and that of a stranger's order.
#[tokio::test]
async fn what_is_found_two_ways_is_nobodys_before_somebody_says_whose() {
    let server = Server::start().await;
    let of = |subject: &str, order: &str| with(full(), json!({"subject": subject, "ref": order}));
    let answers = [of("1001", "5"), of("c-9", "1001")];
    server.post(&json!(answers)).await;
    for method in [Method::GET, Method::DELETE] {
        let reply = server.api(method, "/subjects/1001", None).await;
        assert_eq!(reply.status, 409, "{reply:?}");
        assert!(reply.text().contains("by=subject"), "{reply:?}");
    }
    for (by, n) in [("subject", 1), ("ref", 1), ("either", 2)] {
        assert_eq!(told(&server, &format!("/subjects/1001?by={by}")).await.len(), n, "{by}");
    }
    let reply = server.api(Method::GET, "/subjects/1001?by=name", None).await;
    assert_eq!((reply.status, reply.violations()), (422, vec!["by unknown".to_owned()]), "{reply:?}");
    let long = "x".repeat(129);
    let reply = server.api(Method::GET, &format!("/subjects/{long}"), None).await;
    assert_eq!(reply.violations(), ["ref too_long"], "{reply:?}");
    assert_eq!(server.api(Method::DELETE, "/subjects/1001?by=ref", None).await.json(), json!({"erased": 1}));
    assert_eq!(server.stored().await[0]["id"], answers[0]["id"]);
}

#[tokio::test]
async fn a_removed_site_is_gone_for_everybody_and_its_key_is_nobodys() {
    for (server, _database) in both().await {
        let scales = "/api/v1/sites/pk_scales";
        let answer = with(valid(5), json!({"site": "pk_scales", "survey": "ces-5"}));
        assert_eq!(server.post(&answer).await.status, 200);
        assert_eq!(server.post(&valid(9)).await.status, 200);
        assert_eq!(server.api(Method::DELETE, scales, None).await.status, 204);
        assert_eq!(server.api(Method::DELETE, scales, None).await.status, 404);
        assert_eq!(server.api(Method::GET, scales, None).await.status, 404);
        assert_eq!(server.get("/v1/pk_scales.js").await.status, 404);
        assert_eq!(server.post(&answer).await.status, 404, "the widget stops asking");
        let again = json!({"site": "pk_scales", "name": "Again"});
        assert_eq!(server.api(Method::POST, "/api/v1/sites", Some(&again)).await.status, 409);
        let reply = server.api(Method::DELETE, "/api/v1/sites/pk_demo", None).await;
        assert_eq!(reply.status, 409, "the last one stays: {reply:?}");
        assert_eq!(server.stored().await.len(), 1);
        assert_eq!(server.read("/scores?survey=nps").await["n"], 1);
    }
    // A start after that takes the database for what it is.
    let server = Server::start().await;
    assert_eq!(server.api(Method::DELETE, "/api/v1/sites/pk_scales", None).await.status, 204);
    let server = server.restarted().await;
    let sites = server.api(Method::GET, "/api/v1/sites", None).await.json();
    assert_eq!(sites["sites"].as_array().unwrap().len(), 1, "{sites}");
}
