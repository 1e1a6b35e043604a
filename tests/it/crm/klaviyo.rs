//! Events and profiles.

use reqwest::Method;
use serde_json::json;

use super::house::{House, Mishap};
use super::{all_tried, connect, of, said};
use crate::answer::with;
use crate::server::Server;
use crate::webhooks::{PRIVATE, all_delivered};

#[tokio::test]
async fn an_answer_is_an_event_of_its_profile_once() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let events = ["response.created", "response.updated"];
    let hook = connect(&server, &house, "klaviyo", &events, json!({"contact": "mail"})).await;
    let answer =
        with(of("x@y.example", 2), json!({"survey": "csat", "attributes": {"mail": "luca@shop.example"}}));
    // It is taken, and we are told that it is not.
    house.expect("/api/events", Mishap::Denied);
    server.post(&answer).await;
    hook.until(&server, |log| log.len() == 1 && all_tried(log, 500)).await;
    server.clock.advance(6_000);
    hook.until(&server, all_delivered).await;
    assert_eq!((house.calls("/api/events").len(), house.rooms().answered.len()), (2, 1));
    let id = answer["id"].as_str().unwrap();
    let event = house.rooms().answered[&format!("{id}:1")].clone();
    assert_eq!(event["metric"]["data"]["attributes"]["name"], "Answered CSAT survey");
    let profile = &event["profile"]["data"]["attributes"];
    assert_eq!(
        (&profile["email"], &profile["properties"]["csat_score"]),
        (&json!("luca@shop.example"), &json!("2"))
    );
    assert_eq!((&event["properties"]["survey"], &event["properties"]["score"]), (&json!("csat"), &json!(2)));
    server.post(&with(answer.clone(), json!({"revision": 2, "comment": "Tardi"}))).await;
    hook.until(&server, |log| log.len() == 2 && all_delivered(log)).await;
    assert_eq!(house.rooms().answered[&format!("{id}:2")]["properties"]["comment"], "Tardi");
}

#[tokio::test]
async fn it_is_left_alone_until_the_date_that_it_names() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let hook = connect(&server, &house, "klaviyo", &["response.created"], json!({})).await;
    house.expect(
        "/api/events",
        Mishap::Refused(429, Some("Sat, 21 Nov 2026 11:01:00 GMT"), json!({"errors": []})),
    );
    server.post(&of("luca@shop.example", 9)).await;
    let log = hook.until(&server, |log| log.len() == 1 && all_tried(log, 429)).await;
    assert_eq!(said(&log), ["Klaviyo wants to be left alone until 2026-11-21T11:01:00.000Z."]);
    server.clock.advance(60_000);
    hook.until(&server, all_delivered).await;
    assert_eq!(house.rooms().answered.len(), 1);
}

#[tokio::test]
async fn a_test_asks_for_the_account() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let hook = connect(&server, &house, "klaviyo", &["response.created"], json!({})).await;
    server.api(Method::POST, &hook.path("/test"), None).await;
    let log = hook.until(&server, |log| log.len() == 1 && all_delivered(log)).await;
    assert_eq!((said(&log), house.calls("/api/accounts").len()), (vec!["Klaviyo accepts the token."], 1));
    server.api(Method::PATCH, &hook.path(""), Some(&json!({"token": "pk_wrong"}))).await;
    server.api(Method::POST, &hook.path("/test"), None).await;
    let log = hook.until(&server, |log| log.iter().any(|one| one["state"] == "failed")).await;
    assert!(said(&log).contains(&"Klaviyo did not accept the token."), "{log:?}");
}
