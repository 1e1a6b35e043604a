//! Shoppers' clocks: corrected by their own difference, or not believed. Never a reason to lose an answer.

use serde_json::{Value, json};

use super::status;
use crate::answer::{valid, with};
use crate::server::Server;

/// The server stands at 2026-11-21T11:00:00Z.
const NOW: &str = "2026-11-21T11:00:00.000Z";

#[tokio::test]
async fn wrong_clocks_cost_no_answer() {
    let server = Server::start().await;
    let none = Value::Null;
    for (occurred_at, sent_at, stored, flags) in [
        (none.clone(), none.clone(), NOW, ""),
        (json!("2026-11-21T10:59:00Z"), json!("2026-11-21T11:00:00Z"), "2026-11-21T10:59:00.000Z", ""),
        // Ten years behind, ten years ahead: the answer is two seconds old all the same.
        (json!("2016-11-21T10:00:00Z"), json!("2016-11-21T10:00:02Z"), "2026-11-21T10:59:58.000Z", ""),
        (json!("2036-11-21T10:00:00+09:00"), json!("2036-11-21T01:00:02Z"), "2026-11-21T10:59:58.000Z", ""),
        // Five days in an outbox.
        (json!("2026-11-16T11:00:00Z"), json!("2026-11-21T11:00:00Z"), "2026-11-16T11:00:00.000Z", ""),
        // Not to be believed: no moment of sending to correct by, sent before it was given, kept for years.
        (json!("2016-11-21T10:00:00Z"), none.clone(), NOW, "clock"),
        (json!("2036-11-21T10:00:00Z"), none.clone(), NOW, "clock"),
        (json!("2026-11-21T10:00:02Z"), json!("2026-11-21T10:00:00Z"), NOW, "clock"),
        (json!("2016-11-21T10:00:00Z"), json!("2026-11-21T11:00:00Z"), NOW, "clock"),
        (json!("0001-01-01T00:00:00Z"), json!("9999-12-30T00:00:00Z"), NOW, "clock"),
    ] {
        let moments = json!({"occurred_at": occurred_at, "sent_at": sent_at});
        assert_eq!(status(&server.post(&with(valid(9), moments.clone())).await), "stored", "{moments}");
        let row = server.stored().await.pop().unwrap();
        assert_eq!(
            (row["occurred_at"].as_str(), &*crate::answer::flags_of(&row)),
            (Some(stored), flags),
            "{moments}"
        );
        assert_eq!(row["received_at"], NOW);
    }
    let scores = server.read("/api/v1/sites/pk_demo/scores?survey=nps").await;
    assert_eq!(scores["n"], 10, "a wrong clock does not keep an answer out of the score");
}

#[tokio::test]
async fn an_instrument_nobody_was_shown_is_flagged_and_replaced() {
    let server = Server::start().await;
    assert_eq!(status(&server.post(&valid(9)).await), "stored");
    let current = server.stored().await[0]["instrument"].clone();
    let invented = with(valid(9), json!({"instrument": "0123456789abcdef"}));
    assert_eq!(status(&server.post(&invented).await), "stored");
    let known = with(valid(9), json!({"instrument": current}));
    assert_eq!(status(&server.post(&known).await), "stored");
    let rows = server.stored().await;
    let flags: Vec<String> = rows.iter().map(crate::answer::flags_of).collect();
    assert_eq!(flags, ["", "instrument", ""]);
    assert!(rows.iter().all(|row| row["instrument"] == current), "{rows:?}");
}
