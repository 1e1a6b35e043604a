//! What is measured, as Prometheus reads it.

use std::time::Instant;

use serde_json::json;

use crate::answer::{valid, with};
use crate::client::{Client, PATIENCE};
use crate::server::Server;

/// Reads the metrics until `holds`.
pub(crate) async fn until(client: &Client, holds: impl Fn(&str) -> bool) -> String {
    let began = Instant::now();
    loop {
        let text = client.get("/metrics").await.text().to_owned();
        if holds(&text) {
            return text;
        }
        assert!(began.elapsed() < PATIENCE, "never: {text}");
    }
}

#[tokio::test]
async fn every_answer_is_counted_by_what_became_of_it() {
    let server = Server::start().await;
    let answer = valid(9);
    for _ in 0..3 {
        server.post(&answer).await;
    }
    server.post(&with(answer.clone(), json!({"score": 1}))).await;
    server.post(&with(valid(9), json!({"score": 11}))).await;
    server.post(&with(valid(9), json!({"site": "pk_nobody"}))).await;
    server.send(b"{".to_vec()).await;
    server.post(&json!([valid(1), valid(2), with(valid(3), json!({"survey": "nope"}))])).await;
    server.send_with(valid(3).to_string().into_bytes(), &[("user-agent", "some-crawler")]).await;
    let reply = server.get("/metrics").await;
    assert_eq!(reply.header("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
    let text = reply.text();
    for (reason, n) in
        [("stored", 4), ("duplicate", 2), ("conflict", 1), ("invalid", 1), ("not-found", 2), ("malformed", 1)]
    {
        let line = format!("parere_answers_total{{reason=\"{reason}\"}} {n}");
        assert!(text.lines().any(|found| found == line), "{line} in {text}");
    }
    assert!(text.contains("parere_flags_total{reason=\"bot\"} 1\n"), "{text}");
    assert!(text.contains("parere_acknowledged_seconds_count 10\n"), "{text}");
    // Three copies, a changed one, an array and the last: five transactions at least, four of answers that are new.
    assert!(text.contains("parere_commit_rows_sum 7.0\n"), "{text}");
    assert!(text.ends_with("# EOF\n"));
}

#[tokio::test]
async fn every_metric_has_a_text_and_none_names_a_site() {
    let server = Server::start().await;
    server.post(&valid(9)).await;
    let text = server.get("/metrics").await.text().to_owned();
    let words = |start: &str| {
        let lines = text.lines().filter_map(|line| line.strip_prefix(start)).map(str::to_owned);
        lines.collect::<Vec<_>>()
    };
    let (types, helps) = (words("# TYPE "), words("# HELP "));
    assert!(types.len() > 7, "{text}");
    for name in types.iter().filter_map(|line| line.split(' ').next()) {
        let help = helps.iter().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        assert!(help.trim().len() > 10, "{name} says nothing: {help}");
    }
    assert!(!text.contains("pk_demo") && !text.contains("127.0.0.1"), "{text}");
}
