//! Several answers in one request: one verdict each, and a bad one costs no other its place.

use reqwest::Method;
use serde_json::{Value, json};

use super::assert_readable_across_origins;
use crate::answer::{fresh_id, valid, with};
use crate::server::Server;

#[tokio::test]
async fn each_item_gets_its_own_verdict() {
    let server = Server::start().await;
    let closed = crate::surveys::definition("closed", json!({"state": "paused"}));
    assert_eq!(server.api(Method::POST, "/surveys", Some(&closed)).await.status, 201);
    let (known, newer) = (valid(9), with(valid(8), json!({"revision": 2})));
    assert_eq!(server.post(&json!([known, newer])).await.status, 200);

    let twice = valid(5);
    let no_id = with(valid(9), json!({"id": null}));
    // Item, status, status of its problem (0 for none), broken field.
    let cases = [
        (valid(0), "stored", 0, ""),
        (with(valid(9), json!({"score": 11})), "rejected", 422, "score"),
        (known.clone(), "duplicate", 0, ""),
        (with(known, json!({"score": 1})), "conflict", 409, ""),
        (with(newer, json!({"revision": 1})), "superseded", 0, ""),
        (with(valid(9), json!({"site": "pk_nobody"})), "rejected", 404, ""),
        (with(valid(9), json!({"survey": "closed"})), "rejected", 410, ""),
        (twice.clone(), "stored", 0, ""),
        (twice, "duplicate", 0, ""),
        (no_id, "rejected", 422, "id"),
        (json!("not an object"), "rejected", 422, "body"),
        (json!(null), "rejected", 422, "body"),
        (with(valid(7), json!({"survey": "ces"})), "stored", 0, ""),
        (valid(10), "stored", 0, ""),
    ];
    let items: Vec<&Value> = cases.iter().map(|(item, ..)| item).collect();
    let reply = server.post(&json!(items)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_readable_across_origins(&reply);
    let results = reply.json()["results"].as_array().unwrap().clone();
    assert_eq!(results.len(), cases.len());
    for ((item, status, problem, field), result) in cases.iter().zip(&results) {
        assert_eq!(result["status"], *status, "{item} {result}");
        assert_eq!(result["id"], item["id"], "{result}");
        assert_eq!(result["problem"]["status"].as_u64().unwrap_or(0), *problem, "{result}");
        if !field.is_empty() {
            assert_eq!(result["problem"]["violations"][0]["field"], *field, "{result}");
        }
    }
    assert_eq!(server.stored().await.len(), 2 + 4);
}

#[tokio::test]
async fn the_revisions_of_one_answer_may_travel_together() {
    let server = Server::start().await;
    let id = fresh_id();
    let revision = |n: i32| with(valid(n), json!({"id": id, "revision": n}));
    let reply = server.post(&json!([revision(1), revision(3), revision(2)])).await;
    let verdicts: Vec<Value> =
        reply.json()["results"].as_array().unwrap().iter().map(|result| result["status"].clone()).collect();
    assert_eq!(verdicts, ["stored", "stored", "superseded"]);
    let [row] = &server.stored().await[..] else { panic!("one row") };
    assert_eq!(row["score"], 3);
}

#[tokio::test]
async fn an_array_may_be_as_long_as_the_limit_says() {
    let server = Server::start().await;
    let longest: Vec<Value> = (0..50).map(|n| valid(n % 11)).collect();
    let reply = server.post(&json!(longest)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(server.stored().await.len(), 50);
}
