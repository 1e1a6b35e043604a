//! A site keeps what it says that it keeps, for as long; simulated months on a clock that is set.

use std::time::{Duration, Instant};

use parere_shared::time::DAY_MS;
use reqwest::Method;
use serde_json::{Value, json};

use super::both;
use crate::answer::{valid, with};
use crate::client::PATIENCE;
use crate::server::Server;

/// Waits until what is stored is as `is_so` wants it.
async fn wait_until(server: &Server, is_so: impl Fn(&[Value]) -> bool) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        // Looked at as a page: exports are written down, one by one.
        let page = server.read("/responses?limit=500").await;
        let stored = page["responses"].as_array().unwrap();
        if is_so(stored) {
            return;
        }
        assert!(Instant::now() < deadline, "{stored:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn months_go_by_and_only_what_is_kept_is_there() {
    for (server, _database) in both().await {
        let keep = json!({"retention": {"comments_days": 30, "responses_days": 60}});
        let site = server.api(Method::PATCH, "", Some(&keep)).await;
        assert_eq!((site.status, &site.json()["retention"]), (200, &keep["retention"]), "{site:?}");
        // An answer with a comment every ten days.
        for decade in 0..12 {
            let said = json!({"comment": format!("decade {decade}"), "channel": "inline"});
            // An id of the day, so that nobody seems to have answered before being asked.
            let id = parere_shared::response::ResponseId::new(
                parere_collector::clock::Clock::now(&*server.clock).unsigned_abs() - 5_000,
                &[decade; 10],
            );
            let answer = with(with(valid(9), said), json!({"id": id.encode()}));
            assert_eq!(server.post(&answer).await.json(), json!({"status": "stored"}));
            let (whole, commented) = (usize::from(decade.min(6)) + 1, usize::from(decade.min(3)) + 1);
            wait_until(&server, |stored| {
                let with_text = stored.iter().filter(|row| row["comment"].is_string());
                let forgotten = stored.iter().filter(|row| row["flags"] == serde_json::json!(["forgotten"]));
                stored.len() == whole
                    && with_text.count() == commented
                    && forgotten.count() == whole - commented
            })
            .await;
            server.clock.advance(10 * DAY_MS);
        }
        // The scores of the past are what they were.
        assert_eq!(server.read("/scores?survey=nps").await["n"], 12);
        assert_eq!(server.read("/scores?survey=nps&by=month").await["series"].as_array().unwrap().len(), 5);
        // Without a rule nothing goes.
        let keep = json!({"retention": {}});
        assert_eq!(server.api(Method::PATCH, "", Some(&keep)).await.status, 200);
        // What was done is written down when it is done: the last of it may still be on its way.
        let deadline = Instant::now() + PATIENCE;
        let runs = loop {
            let log = server.api(Method::GET, "/api/v1/audit?limit=500", None).await.json();
            let mut runs = log["entries"].as_array().unwrap().clone();
            runs.retain(|entry| entry["action"] == "responses.retire");
            if runs.len() >= 8 {
                break runs;
            }
            assert!(Instant::now() < deadline, "{log}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        assert!(runs.iter().all(|run| run["actor"] == "retention" && run["site"] == "pk_demo"), "{runs:?}");
        assert!(runs.iter().any(|run| run["target"] == "1 answers, 1 comments"), "{runs:?}");
    }
}

#[tokio::test]
async fn a_rule_that_would_let_an_answer_come_twice_is_refused() {
    let server = Server::start().await;
    for (sent, expected) in [
        (json!({"comments_days": 7}), "retention.comments_days out_of_range"),
        (json!({"responses_days": 0}), "retention.responses_days out_of_range"),
        (json!({"responses_days": 36_501}), "retention.responses_days out_of_range"),
    ] {
        let reply = server.api(Method::PATCH, "", Some(&json!({"retention": sent}))).await;
        assert_eq!((reply.status, reply.violations()), (422, vec![expected.to_owned()]), "{sent}");
    }
    let site = server.read("").await;
    assert_eq!(site["retention"], json!({"comments_days": null, "responses_days": null}));
}
