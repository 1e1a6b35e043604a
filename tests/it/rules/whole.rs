//! From a shop's message to an invitation.

use std::time::{Duration, Instant};

use parere_shared::time::DAY_MS;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::PATIENCE;
use crate::hooks::{connected, signed, tell};
use crate::server::Server;

/// The only rule, when it is as it should be.
async fn until(server: &Server, holds: impl Fn(&Value) -> bool) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let rule = server.read("/rules").await["rules"][0].clone();
        if holds(&rule) {
            return rule;
        }
        assert!(Instant::now() < deadline, "{rule}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn what_a_shop_tells_becomes_a_question() {
    let server = Server::start().await;
    let secret = connected(&server, "orders").await;
    let rule = json!({
        "name": "After delivery", "survey": "ces", "when": "delivered", "after_days": 1, "state": "on",
        "quiet_hours": ["00:00", "00:00"],
        "conditions": [{"fact": "attribute", "name": "carrier", "op": "is", "values": ["dhl"]}],
    });
    let made = server.api(Method::POST, "/rules", Some(&rule)).await.json();
    let id = made["rule"].as_str().unwrap();
    let news = |order: &str, event: &str, carrier: &str| {
        json!({
            "order": order, "event": event, "subject": order, "email": format!("{order}@shopper.example"), "locale": "it",
            "carrier": carrier,
        })
    };
    let told = json!([
        news("A-1", "delivered", "dhl"),
        news("A-2", "delivered", "dhl"),
        news("A-3", "delivered", "ups"),
        {"order": "A-4", "event": "delivered", "carrier": "dhl"},
    ]);
    let body = told.to_string().into_bytes();
    let reply = tell(&server, "orders", signed("orders", &secret, &body), body).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    until(&server, |rule| rule["waiting"] == 3).await;
    let tried = server.api(Method::POST, "/rules/dry-run", Some(&rule)).await.json();
    assert_eq!((&tried["happenings"], &tried["waiting"]), (&json!(4), &json!(3)), "{tried}");
    assert_eq!(tried["not_asked"], json!({"condition": 1}), "{tried}");

    // Before the moment comes, somebody has the money back.
    let body = news("A-2", "refunded", "dhl").to_string().into_bytes();
    let reply = tell(&server, "orders", signed("orders", &secret, &body), body).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    server.clock.advance(DAY_MS);
    let rule = until(&server, |rule| rule["waiting"] == 0).await;
    assert_eq!(rule["asked"], 1, "{rule}");
    assert_eq!(rule["not_asked"], json!({"refunded": 1, "no_address": 1}), "{rule}");
    let invitations = server.read("/invitations").await["invitations"].clone();
    let made = invitations.as_array().unwrap();
    assert_eq!(made.len(), 1, "{invitations}");
    assert_eq!((&made[0]["key"], &made[0]["ref"]), (&json!(format!("rule:{id}:A-1")), &json!("A-1")));

    // Who asks what is known of them is told it, and it goes with the rest.
    let known = server.api(Method::GET, "/subjects/A-1?by=either", None).await;
    let known = known.text();
    assert!(known.contains(r#""plan":{"#), "{known}");
    assert_eq!(server.api(Method::DELETE, "/subjects/A-1?by=either", None).await.status, 200);
    let known = server.api(Method::GET, "/subjects/A-1?by=either", None).await;
    let known = known.text();
    assert!(!known.contains(r#""plan":{"#), "{known}");
}
