//! Invitations that a program of the merchant's brings: handed to it by a hook; and those that are printed.

use parere_collector::auth::SiteScope;
use parere_collector::store::{self, Purpose, hand_off};
use parere_shared::time::DAY_MS;
use reqwest::Method;
use serde_json::{Value, json};

use super::{made, open, state};
use crate::answer::{NOON, with};
use crate::receiver::{Answer, Receiver};
use crate::server::Server;
use crate::webhooks::{Hook, PRIVATE};

const SITE: &str = "pk_demo";

fn text(key: &str) -> Value {
    json!({"key": key, "channel": "sms", "address": "+39 333 1234567", "locale": "it", "ref": "1001"})
}

/// Waits until the invitation of this key is as it shall be.
async fn until(server: &Server, key: &str, field: &str, wanted: &str) -> Value {
    let began = std::time::Instant::now();
    loop {
        let row = state(server, key).await;
        if row[field] == wanted {
            return row;
        }
        assert!(began.elapsed() < crate::client::PATIENCE, "{key}: {field} is not {wanted}: {row}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_text_message_is_handed_to_one_hook_with_what_it_needs() {
    let receiver = Receiver::start(&[Answer::Status(500, "not now"), Answer::Status(200, "")]).await;
    let server = Server::start_with(&PRIVATE).await;
    made(&server, text("early")).await;
    until(&server, "early", "reason", "no_webhook").await;
    let hook = Hook::to(&server, &receiver, &["invitation.due"]).await;
    made(&server, text("k1")).await;
    let letter = receiver.wait_for(1).await.remove(0);
    letter.assert_signed(&hook.secret);
    let body = letter.json();
    assert_eq!((&body["type"], &body["data"]["site"]), (&json!("invitation.due"), &json!("pk_demo")));
    let told = &body["data"]["invitation"];
    for (field, expected) in
        [("address", "+39 333 1234567"), ("channel", "sms"), ("locale", "it"), ("ref", "1001"), ("key", "k1")]
    {
        assert_eq!(told[field], expected, "{field}");
    }
    let link = told["link"].as_str().unwrap();
    assert!(told["text"].as_str().unwrap().ends_with(link), "{told}");
    let page = open(&server, link.strip_prefix(&server.base).unwrap(), "en").await;
    assert_eq!(page.status, 200, "it may be there already");
    // It was refused, and is tried again.
    assert_eq!(state(&server, "k1").await["state"], "sending");
    server.clock.advance(6_000);
    let row = until(&server, "k1", "state", "sent").await;
    assert_eq!(row["address"], Value::Null, "forgotten when the hook has it");
    assert_eq!(hook.log(&server).await[0]["invitation"], row["invitation"]);
    // What found no hook finds the one there is now.
    server.clock.advance(6 * 60_000);
    until(&server, "early", "state", "sent").await;
}

#[tokio::test]
async fn what_a_dead_sender_put_in_the_queue_is_brought_once() {
    let receiver = Receiver::start(&[Answer::Status(200, "")]).await;
    let server = Server::start_with(&PRIVATE).await;
    let hook = Hook::to(&server, &receiver, &["invitation.due"]).await;
    // As if claimed until then.
    made(&server, with(text("k1"), json!({"due_at": "2026-12-01T00:00:00Z"}))).await;
    let (clock, folder) = (server.clock.clone(), server.stop().await);
    let url = format!("sqlite:{}", folder.path().join("parere.db").display());
    let (store, scope) = (store::open(&url, Purpose::Serve).await.unwrap(), SiteScope::at_the_machine(SITE));
    let invitation = store.invitations().invited_for(&scope, "k1").await.unwrap().unwrap();
    let delivery = hand_off(SITE, &hook.id, invitation.id, NOON);
    store.deliveries().enqueue(&scope, &delivery).await.unwrap();
    store.close().await.unwrap();
    drop(store);
    let server = Server::start_in(folder, clock, &PRIVATE).await;
    until(&server, "k1", "state", "sent").await;
    server.clock.advance(30 * DAY_MS);
    made(&server, text("k2")).await;
    until(&server, "k2", "state", "sent").await;
    let keys: Vec<_> = receiver
        .wait_for(2)
        .await
        .iter()
        .map(|letter| letter.json()["data"]["invitation"]["key"].clone())
        .collect();
    assert_eq!(keys, ["k1", "k2"]);
}

#[tokio::test]
async fn cards_have_a_code_each() {
    let server = Server::start().await;
    let sheet = server.api(Method::GET, "/invitations/cards.svg?survey=nps&lang=it", None).await;
    assert_eq!((sheet.status, sheet.header("content-type")), (200, "image/svg+xml"));
    assert_eq!(sheet.text().matches("<g transform=\"translate(").count(), 20, "ten cards with a code each");
    assert!(
        sheet.text().contains("Bottega Fiorini") && sheet.text().contains("Quanto è"),
        "{}",
        sheet.text()
    );
    assert_eq!(server.read("/invitations").await["invitations"], json!([]));
    let own = server.api(Method::POST, "/invitations/cards.svg?survey=nps&n=3", None).await;
    assert_eq!(own.status, 200, "{own:?}");
    let paths: std::collections::BTreeSet<_> =
        own.text().split("d=\"M").filter(|path| path.len() > 999).collect();
    assert_eq!(paths.len(), 3, "a link of its own for each");
    let list = server.read("/invitations").await;
    let rows = list["invitations"].as_array().unwrap();
    assert!(rows.len() == 3 && rows.iter().all(|row| row["channel"] == "qr" && row["state"] == "sent"));
    for (query, status) in
        [("", 422), ("?survey=nps&n=11", 422), ("?survey=nps&n=x", 422), ("?survey=none", 404)]
    {
        let path = format!("/invitations/cards.svg{query}");
        assert_eq!(server.api(Method::GET, &path, None).await.status, status, "{query}");
    }
}
