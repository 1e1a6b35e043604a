//! Mail that came back, as a program of the merchant's tells it.

use reqwest::Method;
use serde_json::{Value, json};

use super::{made, state};
use crate::client::Reply;
use crate::server::Server;

/// Tells what `body` says, signed with `secret`; the status.
async fn tell(server: &Server, secret: &str, body: &Value) -> u16 {
    let (id, body) = ("msg_1", body.to_string());
    let at_s = crate::answer::NOON / 1_000;
    let signature = standardwebhooks::Webhook::new(secret).unwrap().sign(id, at_s, body.as_bytes()).unwrap();
    let request = server.request(Method::POST, "/hooks/bounces/pk_demo");
    let request = request.header("webhook-id", id).header("webhook-timestamp", at_s.to_string());
    Reply::to(request.header("webhook-signature", signature).body(body)).await.status
}

#[tokio::test]
async fn an_address_that_a_mail_did_not_reach_is_asked_no_more() {
    let server = Server::start().await;
    let connected = server.api(Method::PUT, "/sources/bounces", Some(&json!({}))).await.json();
    let secret = connected["secret"].as_str().unwrap();
    let later = json!({"key": "k1", "channel": "email", "address": "luca@example.com", "due_at": "2026-12-01T00:00:00Z"});
    made(&server, later).await;
    let soft = json!({"type": "bounce", "severity": "temporary", "address": "luca@example.com"});
    assert_eq!(tell(&server, secret, &soft).await, 200);
    assert_eq!(state(&server, "k1").await["state"], "waiting", "a full mailbox may have room tomorrow");
    let bounce = json!({"type": "bounce", "address": "Luca@Example.com"});
    for _ in 0..2 {
        assert_eq!(tell(&server, secret, &bounce).await, 200);
        let row = state(&server, "k1").await;
        assert_eq!((&row["state"], &row["reason"]), (&json!("suppressed"), &json!("bounced")));
    }
    assert_eq!(server.read("/suppressions").await["suppressions"].as_array().unwrap().len(), 1);
    let spam = json!([{"event": "spamreport", "email": "mia@example.com"}]);
    assert_eq!(tell(&server, secret, &spam).await, 200);
    let mia = json!({"key": "k2", "channel": "email", "address": "mia@example.com"});
    assert_eq!(made(&server, mia).await["reason"], "complained");
    let forged = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    let other = json!({"type": "bounce", "address": "eve@example.com"});
    assert_eq!(tell(&server, forged, &other).await, 401);
    assert_eq!(server.read("/suppressions").await["suppressions"].as_array().unwrap().len(), 2);
}
