//! `POST /v1/responses`: every row of the status table, and everything that can be wrong with a body.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{full, valid, with};
use crate::client::Reply;
use crate::server::Server;

mod arrays;
mod clocks;
mod doubts;
mod masked;
mod pressure;
mod refused;
mod revisions;

/// `{"status": …}` of an acknowledgement.
fn status(reply: &Reply) -> String {
    assert_eq!(reply.status, 200, "{reply:?}");
    assert_eq!(reply.header("content-type"), "application/json");
    reply.json()["status"].as_str().unwrap().to_owned()
}

/// A page of another origin can read the reply, and when to come back.
fn assert_readable_across_origins(reply: &Reply) {
    assert!(matches!(reply.header("access-control-allow-origin"), "*" | crate::client::SHOP), "{reply:?}");
    let exposed = reply.header("access-control-expose-headers").to_ascii_lowercase();
    assert!(exposed.split(',').any(|name| name.trim() == "retry-after"), "{reply:?}");
    assert_eq!(reply.header("access-control-allow-credentials"), "", "never with credentials");
}

#[tokio::test]
async fn an_answer_is_taken_in_every_form_that_browsers_and_programs_send() {
    let server = Server::start().await;
    let forms: [&[(&str, &str)]; 7] = [
        &[],
        &[("content-type", "text/plain")],
        &[("content-type", "application/json")],
        &[("content-type", "application/json; charset=utf-8")],
        &[("content-type", "")],
        &[("origin", "")],
        &[("origin", "http://localhost")],
    ];
    for headers in forms {
        let body = valid(9).to_string().into_bytes();
        let reply = server.send_with(body, headers).await;
        assert_eq!(status(&reply), "stored", "{headers:?}");
        assert_readable_across_origins(&reply);
    }
    // The collector's own pages, by whatever name it is reached.
    let own = server.send_with(valid(9).to_string().into_bytes(), &[("origin", &server.base)]).await;
    assert_eq!(status(&own), "stored");
    assert_eq!(server.stored().await.len(), forms.len() + 1);
}

#[tokio::test]
async fn every_field_comes_back_as_it_was_sent() {
    let server = Server::start().await;
    let answer = full();
    assert_eq!(status(&server.post(&answer).await), "stored");
    let [row] = &server.stored().await[..] else { panic!("one answer") };
    for field in
        ["id", "survey", "revision", "score", "comment", "locale", "page", "channel", "touchpoint", "device"]
    {
        assert_eq!(row[field], answer[field], "{field}");
    }
    for (field, expected) in [
        ("ref", json!("1001")),
        ("metric", json!("nps")),
        ("band", json!("promoter")),
        ("choices", json!([])),
        ("attributes", json!({"plan": "gold"})),
        ("inclusion", json!(0.25)),
        ("test", json!(false)),
        ("occurred_at", json!("2026-11-21T10:59:58.000Z")),
        ("received_at", json!("2026-11-21T11:00:00.000Z")),
    ] {
        assert_eq!(row[field], expected, "{field}");
    }
    assert!(!row.to_string().contains("c-77"), "a subject is stored as a keyed hash only: {row}");
}

#[tokio::test]
async fn unknown_fields_are_left_alone() {
    let server = Server::start().await;
    let newer = with(valid(9), json!({"mood": {"from": "a newer widget"}, "comment": Value::Null}));
    assert_eq!(status(&server.post(&newer).await), "stored");
}

#[tokio::test]
async fn a_page_may_ask_permission_first() {
    let server = Server::start().await;
    let preflight = server
        .request(Method::OPTIONS, "/v1/responses")
        .header("origin", crate::client::SHOP)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type");
    let reply = Reply::to(preflight).await;
    assert!(matches!(reply.status, 200 | 204), "{reply:?}");
    assert!(matches!(reply.header("access-control-allow-origin"), "*" | crate::client::SHOP));
    assert!(reply.header("access-control-allow-methods").contains("POST"), "{reply:?}");
    assert!(reply.header("access-control-allow-headers").to_lowercase().contains("content-type"));
}

#[tokio::test]
async fn each_answer_has_a_row_of_its_own() {
    let server = Server::start().await;
    let answers: Vec<Value> = (0..=10).map(valid).collect();
    for answer in &answers {
        assert_eq!(status(&server.post(answer).await), "stored");
    }
    let ids: BTreeSet<String> = server.stored().await.iter().map(|row| row["id"].to_string()).collect();
    assert_eq!(ids, answers.iter().map(|answer| answer["id"].to_string()).collect());
}
