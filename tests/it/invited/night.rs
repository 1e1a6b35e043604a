//! A mail server that was away comes back in the middle of the night: customers are left asleep.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use super::smtp::Smtp;
use crate::client::PATIENCE;
use crate::hooks::{connected, signed, tell};
use crate::server::Server;

/// Waits until the invitation about this order is as it shall be.
async fn until(server: &Server, order: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let list = server.read("/invitations").await;
        let row = list["invitations"].as_array().unwrap().iter().find(|row| row["ref"] == order);
        if let Some(row) = row.filter(|row| holds(row)) {
            return row.clone();
        }
        assert!(Instant::now() < deadline, "{order}: {list}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn a_mail_that_was_put_off_into_the_night_waits_for_the_morning() {
    let smtp = Smtp::start().await;
    let mail = ["--smtp-url", &smtp.url, "--mail-from", "Shop <ask@shop.example>"];
    let server = Server::start_with(&mail).await;
    let secret = connected(&server, "orders").await;
    // It is noon in Rome, where the night begins a minute later, and eight in the evening in Tokyo.
    let rule = json!({"name": "After delivery", "survey": "ces", "when": "delivered", "state": "on",
        "quiet_hours": ["12:01", "15:00"]});
    assert_eq!(server.api(Method::POST, "/rules", Some(&rule)).await.status, 201);
    let news = |order: &str, zone: &str| json!({"order": order, "event": "delivered", "email": format!("later@{order}.example"), "zone": zone});
    let told = json!([news("rome", "Europe/Rome"), news("tokyo", "Asia/Tokyo")]).to_string().into_bytes();
    let reply = tell(&server, "orders", signed("orders", &secret, &told), told).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    for order in ["rome", "tokyo"] {
        until(&server, order, |row| row["reason"] == "later").await;
    }
    server.clock.advance(61_000);
    until(&server, "tokyo", |row| row["state"] == "sent").await;
    let asleep = until(&server, "rome", |row| row["reason"] == "quiet").await;
    assert_eq!(
        (&asleep["state"], &asleep["due_at"]),
        (&json!("waiting"), &json!("2026-11-21T14:00:00.000Z")),
        "{asleep}"
    );
    assert_eq!(smtp.named("later@rome"), 1, "nobody was asked for in the night");
    server.clock.advance(3 * 60 * 60_000);
    until(&server, "rome", |row| row["state"] == "sent").await;
    assert_eq!((smtp.named("later@rome"), smtp.named("later@tokyo")), (2, 2));
}
