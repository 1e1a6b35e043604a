//! Rules of the demo shop: what they would have asked, and that they ask nobody.

use std::time::Instant;

use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::said;
use crate::client::PATIENCE;
use crate::program::Program;

/// A rule as it is sent: what came of it is left out.
fn definition(rule: &Value, state: &str) -> Value {
    let fields =
        ["name", "survey", "when", "after_days", "after_hours", "channel", "quiet_hours", "expires_days"];
    let kept = fields.iter().map(|field| ((*field).to_owned(), rule[*field].clone()));
    let mut kept: serde_json::Map<_, _> = kept.collect();
    kept.insert("state".into(), state.into());
    kept.into()
}

#[tokio::test]
async fn they_say_whom_they_would_have_asked() {
    let folder = tempfile::tempdir().unwrap();
    said(folder.path(), &["demo", "--responses", "3000", "--days", "60"]);
    let program = Program::start(folder.path()).await;
    let rules = program.read("/rules").await["rules"].clone();
    let [delivery, support] = &rules.as_array().unwrap()[..] else { panic!("{rules:#}") };
    for (rule, asked, reasons) in [(delivery, 100, &["refunded", "no_address"][..]), (support, 10, &[])] {
        assert_eq!((&rule["state"], &rule["asked"], &rule["waiting"]), (&json!("off"), &json!(0), &json!(0)));
        let told = program.api(Method::POST, "/rules/dry-run", Some(&definition(rule, "off"))).await;
        assert_eq!(told.status, 200, "{told:?}");
        let told = told.json();
        let would = told["asked"].as_u64().unwrap();
        assert!((asked..500).contains(&would) && told["is_cut"] == false, "{told:#}");
        for reason in reasons {
            assert!(told["not_asked"][*reason].as_u64().is_some_and(|n| n < would), "{reason}: {told:#}");
        }
    }
}

#[tokio::test]
async fn nobody_is_asked_though_they_are_switched_on() {
    let folder = tempfile::tempdir().unwrap();
    let demo = ["demo", "--responses", "2000", "--days", "30"];
    said(folder.path(), &demo);
    // Once more changes nothing of rules, orders and what happened.
    let counted = || -> Vec<i64> {
        let database = Connection::open(folder.path().join("parere.db")).unwrap();
        let count = |table| {
            database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
        };
        ["rules", "orders", "happenings"].map(count).to_vec()
    };
    let before = counted();
    assert!(before[0] == 2 && before[1] > 100 && before[2] > before[1], "{before:?}");
    said(folder.path(), &[&demo[..], &["--force"]].concat());
    assert_eq!(counted(), before);
    let reachable: i64 = Connection::open(folder.path().join("parere.db"))
        .unwrap()
        .query_row(
            "SELECT count(*) FROM orders WHERE json_extract(known, '$.contact.email.value') NOT LIKE '%.invalid'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(reachable, 0, "mail to a name under .invalid goes nowhere");

    let program = Program::start(folder.path()).await;
    let mut now = Value::Null;
    for rule in program.read("/rules").await["rules"].as_array().unwrap() {
        let path = format!("/rules/{}", rule["rule"].as_str().unwrap());
        let kept = program.api(Method::PUT, &path, Some(&definition(rule, "on"))).await;
        assert_eq!(kept.status, 200, "{kept:?}");
        now = kept.json()["on_since"].clone();
    }
    // What happens from then on is read after all that was made up.
    let event = |event: &str| json!({"ticket": "real-1", "event": event, "at": now});
    let told = program.api(Method::POST, "/tickets", Some(&json!([event("created"), event("solved")]))).await;
    assert_eq!(told.status, 200, "{told:?}");
    let waiting = async || {
        let rules = program.read("/rules").await;
        let all = rules["rules"].as_array().unwrap().iter();
        let sum = |field: &str| all.clone().map(|rule| rule[field].as_u64().unwrap()).sum::<u64>();
        (sum("waiting"), sum("asked"))
    };
    let began = Instant::now();
    while waiting().await.0 == 0 {
        assert!(began.elapsed() < PATIENCE, "what happens now was never read");
        tokio::task::yield_now().await;
    }
    assert_eq!(waiting().await, (1, 0), "the one that happened now");
    let invitations = program.read("/invitations").await;
    assert_eq!(invitations["invitations"], json!([]), "nothing waits to be sent");
}
