//! Quotas: a survey with as many answers as it wants is not asked any more.

use std::time::Instant;

use parere_shared::time::DAY_MS;
use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{valid, with};
use crate::client::{Client, PATIENCE};
use crate::server::Server;
use crate::surveys::definition;

/// A server whose site asks one survey with this quota.
async fn asking(quota: Value) -> Server {
    let server = Server::start().await;
    let survey = definition("wanted", json!({"targeting": {"quota": quota}}));
    assert_eq!(server.api(Method::POST, "/surveys", Some(&survey)).await.status, 201);
    server
}

async fn is_asked(client: &Client) -> bool {
    client.get("/v1/pk_demo.json").await.text().contains("\"wanted\"")
}

/// Waits until the survey `wanted` of the demo shop is asked, or is not any more.
pub(crate) async fn until_asked(client: &Client, expected: bool) {
    let began = Instant::now();
    while is_asked(client).await != expected {
        assert!(began.elapsed() < PATIENCE, "asked: still {}", !expected);
        tokio::task::yield_now().await;
    }
}

async fn answer(server: &Server, changes: Value) {
    let answer = with(with(valid(9), json!({"survey": "wanted"})), changes);
    assert_eq!(server.post(&answer).await.status, 200);
}

#[tokio::test]
async fn a_survey_that_has_all_it_wants_is_not_asked_any_more() {
    let server = asking(json!({"total": 2})).await;
    let gates: Value = server.get("/v1/pk_demo.json").await.json();
    let config = format!("/assets/pk_demo.wanted.en-{}.bin", gates[2].as_str().unwrap());
    assert_eq!(server.get(&config).await.header("cache-control"), "public, max-age=30");
    answer(&server, json!({"test": true})).await;
    answer(&server, json!({})).await;
    assert_eq!(server.get("/s/pk_demo/wanted").await.status, 200, "a test answer does not count");
    answer(&server, json!({})).await;
    until_asked(&server, false).await;

    assert_eq!(server.get(&config).await.status, 404, "an old tag finds nothing to ask");
    assert_eq!(server.get("/s/pk_demo/wanted").await.status, 410);
    assert_eq!(server.get("/s/pk_demo/wanted?test=1").await.status, 200, "the merchant may look at it");
    // Whoever has the question before them already is heard.
    answer(&server, json!({})).await;
    assert_eq!(server.read("/scores?survey=wanted").await["n"], 3);
    server.clock.advance(10 * DAY_MS);
    answer(&server, json!({})).await;
    assert!(!is_asked(&server).await);

    let more = definition("wanted", json!({"targeting": {"quota": {"total": 5}}}));
    assert_eq!(server.api(Method::PUT, "/surveys/wanted", Some(&more)).await.status, 200);
    assert!(is_asked(&server).await, "one more is wanted");
}

#[tokio::test]
async fn a_daily_quota_begins_anew_at_midnight() {
    let server = asking(json!({"daily": 1, "total": 3})).await;
    answer(&server, json!({})).await;
    until_asked(&server, false).await;
    // It is noon in Rome.
    server.clock.advance(DAY_MS / 2);
    until_asked(&server, true).await;
    answer(&server, json!({})).await;
    until_asked(&server, false).await;
}
