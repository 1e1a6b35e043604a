//! Customers who are asked by a link of their own, over real HTTP.

use parere_shared::time::DAY_MS;
use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::flags_of;
use crate::client::Reply;
use crate::server::Server;

mod bounced;
mod encrypted;
mod handed;
mod mail;
mod night;
mod printed;
mod smtp;
mod uploaded;

pub(crate) use uploaded::form;

/// A wish with what a test changes.
pub(crate) fn wish(changes: Value) -> Value {
    crate::answer::with(json!({"survey": "nps", "channel": "link"}), changes)
}

/// Makes an invitation; a moment later, since nobody answers in the moment in which it is made.
pub(crate) async fn made(server: &Server, changes: Value) -> Value {
    let reply = server.api(Method::POST, "/invitations", Some(&wish(changes))).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    server.clock.advance(1_000);
    reply.json()
}

pub(crate) fn path(server: &Server, invitation: &Value) -> String {
    let link = invitation["link"].as_str().unwrap();
    link.strip_prefix(&server.base).unwrap().to_owned()
}

async fn open(server: &Server, path: &str, language: &str) -> Reply {
    Reply::to(server.request(Method::GET, path).header("accept-language", language)).await
}

pub(crate) async fn post(server: &Server, path: &str, fields: &[(&str, &str)]) -> Reply {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    let request = server.request(Method::POST, path).header("origin", &server.base);
    let request = request.header("content-type", "application/x-www-form-urlencoded").body(form.finish());
    Reply::to(request).await
}

async fn state(server: &Server, key: &str) -> Value {
    let list = server.read("/invitations").await;
    let rows = list["invitations"].as_array().unwrap().clone();
    rows.into_iter().find(|row| row["key"] == key).unwrap()
}

#[tokio::test]
async fn an_answer_is_bound_to_its_invitation() {
    let server = Server::start().await;
    let wished = json!({"key": "k1", "subject": "c-77", "ref": "1001", "ticket": "t-9", "locale": "it"});
    let invitation = made(&server, wished).await;
    let path = path(&server, &invitation);
    let page = open(&server, &path, "en").await;
    assert_eq!(page.status, 200, "{page:?}");
    assert!(page.text().contains("<html lang=\"it\""), "{}", page.text());
    assert!(page.text().contains(&format!("action=\"{path}\"")));
    // A score in the address is chosen beforehand.
    let chosen = open(&server, &format!("{path}?score=9"), "en").await;
    assert_eq!(chosen.text().matches(" checked").count(), 1);
    assert!(server.stored().await.is_empty(), "opening records nothing");
    // What the form claims of others is not believed.
    let foreign = [("score", "9"), ("id", "x"), ("ref", "666"), ("subject", "c-1"), ("test", "1")];
    let thanks = post(&server, &path, &foreign).await;
    assert_eq!(thanks.status, 200, "{thanks:?}");
    let row = server.stored().await.remove(0);
    for (field, expected) in [
        ("id", invitation["invitation"].clone()),
        ("score", json!(9)),
        ("channel", json!("link")),
        ("ref", json!("1001")),
        ("attributes", json!({"ticket": "t-9"})),
        ("locale", json!("it")),
        ("test", json!(false)),
        ("flags", json!([])),
    ] {
        assert_eq!(row[field], expected, "{field}");
    }
    let of_person = server.api(Method::GET, "/subjects/c-77?by=subject", None).await;
    assert!(of_person.text().contains(row["id"].as_str().unwrap()), "known by the invitation's subject");
    assert_eq!(state(&server, "k1").await["state"], "answered");
    let used = open(&server, &path, "en").await;
    assert_eq!(used.status, 410);
    assert!(used.text().contains("Hai già risposto a questa domanda."), "{}", used.text());
    // A change of mind is a revision of the same answer.
    server.clock.advance(61_000);
    assert_eq!(post(&server, &path, &[("score", "7")]).await.status, 200);
    let rows = server.stored().await;
    assert_eq!((rows.len(), &rows[0]["score"], &rows[0]["revision"]), (1, &json!(7), &json!(2)));
    assert_eq!(rows[0]["flags"], json!([]));
}

#[tokio::test]
async fn scanners_that_open_every_link_record_nothing() {
    let server = Server::start().await;
    let invitation = made(&server, json!({"key": "k1"})).await;
    let path = path(&server, &invitation);
    let mut links = vec![path.clone(), format!("{path}/unsubscribe")];
    links.extend((0..=10).map(|score| format!("{path}?score={score}")));
    for link in &links {
        for (method, header) in [
            (Method::GET, ("x-nothing", "")),
            (Method::HEAD, ("x-nothing", "")),
            (Method::GET, ("sec-purpose", "prefetch;prerender")),
            (Method::GET, ("purpose", "prefetch")),
            (Method::HEAD, ("x-moz", "prefetch")),
        ] {
            for _ in 0..2 {
                let request = server.request(method.clone(), link).header(header.0, header.1);
                let status = Reply::to(request).await.status;
                let expected = if link.ends_with("unsubscribe") { 404 } else { 200 };
                assert_eq!(status, expected, "{method} {link}");
            }
        }
    }
    assert!(server.stored().await.is_empty());
    assert_eq!(state(&server, "k1").await["state"], "sent");
    assert_eq!(server.read("/suppressions").await["suppressions"], json!([]));
    // One that sends forms, too, is told by its many opinions.
    for score in ["0", "5", "10"] {
        post(&server, &path, &[("score", score)]).await;
    }
    let rows = server.stored().await;
    assert_eq!((rows.len(), flags_of(&rows[0])), (1, "conflict".to_owned()));
    let scores = server.read("/scores?survey=nps").await;
    assert_eq!((&scores["n"], &scores["excluded"]["flagged"]), (&json!(0), &json!(1)));
    let flagged = server.read("/responses?flag=conflict").await;
    assert_eq!(flagged["responses"].as_array().unwrap().len(), 1, "to be seen and decided");
}

#[tokio::test]
async fn a_link_that_leads_nowhere_says_why_in_the_readers_language() {
    let server = Server::start().await;
    let over = made(&server, json!({"key": "over", "expires_at": "2026-11-25T00:00:00Z"})).await;
    let called_off = made(&server, json!({"key": "off"})).await;
    let off = format!("/invitations/{}", called_off["invitation"].as_str().unwrap());
    assert_eq!(server.api(Method::DELETE, &off, None).await.status, 204);
    assert_eq!(server.api(Method::DELETE, &off, None).await.status, 409);
    assert_eq!(server.api(Method::DELETE, "/invitations/x", None).await.status, 404);
    server.clock.advance(30 * DAY_MS);
    let whole = path(&server, &over);
    let mut forged = whole.clone();
    forged.replace_range(whole.len() - 2..whole.len() - 1, if whole.ends_with("AA") { "B" } else { "A" });
    for (link, status, says) in [
        (whole.clone(), 410, "Dieser Link ist abgelaufen."),
        (path(&server, &called_off), 410, "Diese"),
        (forged, 404, "Dieser Link ist ungültig."),
        ("/i/pk_demo.x".into(), 404, "Dieser Link ist ungültig."),
        ("/i/x".into(), 404, "Dieser Link ist ungültig."),
    ] {
        for reply in [open(&server, &link, "de").await, {
            let request = server.request(Method::POST, &link).header("accept-language", "de");
            let form = "application/x-www-form-urlencoded";
            Reply::to(request.header("content-type", form).body("score=9")).await
        }] {
            assert_eq!(reply.status, status, "{link}: {reply:?}");
            assert!(reply.status == 410 || reply.text().contains(says), "{link}: {}", reply.text());
        }
    }
    assert!(
        open(&server, &whole, "de").await.text().contains("This link has expired."),
        "the survey's languages"
    );
    assert!(server.stored().await.is_empty());
}

#[tokio::test]
async fn whoever_wishes_for_the_same_twice_gets_one() {
    let server = Server::start().await;
    let one = made(&server, json!({"key": "k1"})).await;
    let again = server.api(Method::POST, "/invitations", Some(&wish(json!({"key": "k1"})))).await;
    assert_eq!((again.status, &again.json()["invitation"]), (200, &one["invitation"]));
    let email = json!({"channel": "email", "address": "luca@example.com", "key": "k2"});
    let many = json!([wish(json!({"key": "k1"})), wish(email.clone()), wish(email)]);
    let reply = server.api(Method::POST, "/invitations", Some(&many)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let rows = reply.json()["invitations"].as_array().unwrap().clone();
    assert_eq!(rows[1]["invitation"], rows[2]["invitation"]);
    assert_eq!((&rows[1]["address"], &rows[1]["link"]), (&json!("l…@example.com"), &Value::Null));
    // All or none, and every mistake by its place.
    let many = json!([
        wish(json!({"key": "k3"})),
        wish(json!({"key": "k4", "survey": "nothing"})),
        wish(json!({"channel": "email"})),
        wish(json!({"expires_at": "2020-01-01T00:00:00Z", "locale": "?", "due_at": "soon"})),
    ]);
    let reply = server.api(Method::POST, "/invitations", Some(&many)).await;
    assert_eq!((reply.status, reply.violations().len()), (422, 5), "{:?}", reply.violations());
    let too_many = Value::Array(vec![wish(json!({})); 51]);
    assert_eq!(server.api(Method::POST, "/invitations", Some(&too_many)).await.status, 413);
    for (body, status) in [(json!({"survey": "nps"}), 422), (json!([[]]), 400), (json!("x"), 400)] {
        assert_eq!(server.api(Method::POST, "/invitations", Some(&body)).await.status, status, "{body}");
    }
    // Of what is made in one millisecond nobody knows the order.
    server.clock.advance(1_000);
    let table = "survey,channel,key,address\nnps,email,k2,luca@example.com\nnps,email,k5,mia@example.com\n";
    let upload = server.request(Method::POST, "/api/v1/sites/pk_demo/invitations.csv").body(table);
    let reply = Reply::to(upload.bearer_auth(crate::client::TOKEN)).await;
    assert_eq!(reply.json(), json!({"made": 1, "known": 1}));
    // Newest first, page by page.
    let first = server.read("/invitations?limit=2").await;
    let next = first["next"].as_str().unwrap();
    let second = server.read(&format!("/invitations?limit=2&cursor={next}")).await;
    let keys = |page: &Value| {
        let rows = page["invitations"].as_array().unwrap().clone();
        rows.iter().map(|row| row["key"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((keys(&first), keys(&second)), (vec!["k5".into(), "k2".into()], vec!["k1".into()]));
    assert_eq!(keys(&server.read("/invitations?state=sent").await), ["k1"]);
}

#[tokio::test]
async fn who_is_on_the_list_is_not_invited() {
    let server = Server::start().await;
    let mail = |key: &str| json!({"key": key, "channel": "email", "address": "Luca@Example.com"});
    let waiting = json!({"key": "k0", "channel": "email", "address": "luca@example.com", "due_at": "2026-12-01T00:00:00Z"});
    made(&server, waiting).await;
    let listed = json!({"address": "luca@example.com"});
    assert_eq!(server.api(Method::POST, "/suppressions", Some(&listed)).await.status, 204);
    assert_eq!(state(&server, "k0").await["state"], "suppressed");
    let refused = made(&server, mail("k1")).await;
    assert_eq!((&refused["state"], &refused["address"]), (&json!("suppressed"), &Value::Null));
    let list = server.read("/suppressions").await;
    assert_eq!(list["suppressions"][0]["reason"], "added");
    assert!(!list.to_string().contains("luca"), "{list}");
    assert_eq!(server.api(Method::DELETE, "/suppressions/luca%40example.com", None).await.status, 204);
    assert_eq!(server.api(Method::DELETE, "/suppressions/luca%40example.com", None).await.status, 404);
    assert_eq!(made(&server, mail("k2")).await["state"], "waiting");
    // What a text cannot be sent to cannot be listed as a number either.
    for (address, status) in [
        ("luca", 422),
        ("luca 333 1234567", 422),
        ("@3331234567", 422),
        ("+39 333 1234567 1234567", 422),
        (" +39 (333) 1234567", 204),
    ] {
        let listed = json!({"address": address});
        assert_eq!(
            server.api(Method::POST, "/suppressions", Some(&listed)).await.status,
            status,
            "{address}"
        );
        let text = json!({"key": address, "channel": "sms", "address": address});
        let reply = server.api(Method::POST, "/invitations", Some(&wish(text))).await;
        assert_eq!(reply.status == 422, status == 422, "{address}: {reply:?}");
    }
}

#[tokio::test]
async fn what_is_known_of_a_person_is_told_and_erased_with_their_invitations() {
    let server = Server::start().await;
    let asked = json!({"key": "k1", "subject": "c-9", "channel": "email", "address": "luca@example.com",
        "due_at": "2026-12-01T00:00:00Z"});
    made(&server, asked).await;
    made(&server, json!({"key": "k2", "ref": "1001"})).await;
    let told = server.api(Method::GET, "/subjects/c-9", None).await;
    assert!(told.text().contains("\"invitation\"") && told.text().contains("k1"), "{}", told.text());
    assert_eq!(server.api(Method::DELETE, "/subjects/c-9?by=subject", None).await.status, 200);
    assert_eq!(server.api(Method::DELETE, "/subjects/1001", None).await.status, 200);
    assert_eq!(server.read("/invitations").await["invitations"], json!([]));
}
