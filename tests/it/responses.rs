//! Stored answers, newest first, a page at a time.

use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{HOSTILE, full, valid, with};
use crate::server::Server;

/// `id`s on a page.
fn ids(page: &Value) -> Vec<Value> {
    page["responses"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect()
}

#[tokio::test]
async fn pages_lead_to_every_answer_once_newest_first() {
    let server = Server::start().await;
    let mut posted = Vec::new();
    for n in 0..23 {
        let answer = valid(n % 11);
        assert_eq!(server.post(&answer).await.status, 200);
        posted.insert(0, answer["id"].clone());
    }
    for limit in [1, 5, 22, 23, 24, 500] {
        let (mut seen, mut path) = (Vec::new(), format!("/responses?limit={limit}"));
        loop {
            let page = server.read(&path).await;
            let on_page = ids(&page);
            assert!(on_page.len() <= limit);
            seen.extend(on_page);
            // What arrives while the pages are turned stands before the first of them.
            if limit == 5 {
                server.post(&with(valid(0), json!({"survey": "csat", "score": 3}))).await;
            }
            let Some(next) = page["next"].as_str() else { break };
            path = format!("/responses?limit={limit}&cursor={next}");
        }
        let known: Vec<Value> = seen.into_iter().filter(|id| posted.contains(id)).collect();
        assert_eq!(known, posted, "limit {limit}");
    }
}

#[tokio::test]
async fn a_row_looks_the_same_as_in_the_export() {
    let server = Server::start().await;
    assert_eq!(server.post(&full()).await.status, 200);
    let page = server.read("/responses").await;
    assert_eq!(page["responses"], json!(server.stored().await));
    assert_eq!(page["next"], Value::Null);
}

#[tokio::test]
async fn a_page_is_what_the_query_says() {
    let server = Server::start().await;
    for (survey, score, comment) in [
        ("nps", 9, "Scarpe bellissime"),
        ("nps", 2, "100% TROPPO strette_"),
        ("ces", 7, "facile"),
        ("csat", 1, "\\'"),
    ] {
        let page = format!("/products/{score}");
        let answer = with(
            valid(score),
            json!({"survey": survey, "comment": comment, "page": page, "locale": "it", "channel": "inline"}),
        );
        assert_eq!(server.post(&answer).await.status, 200);
        server.clock.advance(parere_shared::time::DAY_MS);
    }
    for (query, expected) in [
        ("", 4),
        ("survey=nps", 2),
        ("survey=", 4),
        ("from=2026-11-22", 3),
        ("to=2026-11-22", 1),
        ("from=2026-11-21&to=2026-11-23", 2),
        ("from=2026-11-21T11:00:00Z&to=2026-11-21T11:00:00.001Z", 1),
        ("from=2026-11-21T12:00:00%2B01:00&to=2026-11-22", 1),
        ("q=troppo", 1),
        ("q=%25", 1),
        ("q=_", 1),
        ("q=%5C%27", 1),
        ("q=nowhere", 0),
        ("survey=nps&q=scarpe&from=2026-11-21", 1),
        ("band=detractor", 1),
        ("band=positive", 1),
        ("locale=it", 4),
        ("locale=fr", 0),
        ("channel=inline", 4),
        ("channel=email", 0),
        ("page=/products/", 4),
        ("page=/products/9", 1),
        ("page=products", 0),
        ("id=01900000-0000-7000-8000-000000000000", 0),
    ] {
        let page = server.read(&format!("/responses?{query}")).await;
        assert_eq!(ids(&page).len(), expected, "{query}: {page}");
    }
}

#[tokio::test]
async fn queries_that_make_no_sense_are_refused() {
    let server = Server::start().await;
    for (query, broken) in [
        ("limit=0", "limit out_of_range"),
        ("limit=501", "limit out_of_range"),
        ("limit=many", "limit out_of_range"),
        ("cursor=x", "cursor format"),
        ("cursor=AAAAAAAAAAAAAAAAAAAAAA", "cursor format"),
        ("from=yesterday", "from format"),
        ("from=2026-11-21T10:00:00", "from format"),
        ("to=2026-02-30", "to format"),
        ("from=2026-11-22&to=2026-11-21", "to contradiction"),
        (&format!("q={}", "x".repeat(201)), "q too_long"),
        ("band=happy", "band unknown"),
        ("channel=pigeon", "channel unknown"),
        ("locale=1", "locale unknown"),
        ("id=1", "id unknown"),
    ] {
        let reply = server.api(Method::GET, &format!("/responses?{query}"), None).await;
        assert_eq!((reply.status, reply.violations()), (422, vec![broken.to_owned()]), "{query}");
    }
    let all = server.api(Method::GET, "/responses?limit=0&cursor=x&from=soon", None).await;
    let mut found = all.violations();
    found.sort_unstable();
    assert_eq!(found, ["cursor format", "from format", "limit out_of_range"], "all at once");
}

#[tokio::test]
async fn hostile_comments_come_back_as_they_were() {
    let server = Server::start().await;
    for text in HOSTILE {
        assert_eq!(server.post(&with(valid(5), json!({"comment": text}))).await.status, 200, "{text:?}");
    }
    let page = server.read("/responses").await;
    let comments: Vec<&str> = page["responses"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|row| row["comment"].as_str().unwrap())
        .collect();
    assert_eq!(comments, HOSTILE);
}
