//! Contacts, tickets and events.

use reqwest::Method;
use serde_json::json;

use super::house::{House, Mishap, TOKEN};
use super::{all_tried, connect, of, said};
use crate::answer::{valid, with};
use crate::hooks::{connected, signed, tell};
use crate::server::Server;
use crate::webhooks::{PRIVATE, all_delivered};

const CHANGES: [&str; 2] = ["response.created", "response.updated"];

/// Where the house makes tickets.
pub(super) fn tickets() -> serde_json::Value {
    json!({"ticket": {"pipeline": "0", "stage": "1"}})
}

/// HubSpot's answer to too many requests.
fn too_many() -> serde_json::Value {
    json!({"status": "error", "errorType": "RATE_LIMIT", "policyName": "SECONDLY"})
}

#[tokio::test]
async fn an_answer_and_its_comment_are_written_to_the_contact() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let hook = connect(&server, &house, "hubspot", &CHANGES, json!({})).await;
    assert_eq!(hook.secret, "", "nothing is signed");
    let shown = server.read(&hook.path("")).await;
    assert_eq!((&shown["contact"], &shown["fields"]["nps_score"]), (&json!("email"), &json!("nps_score")));
    let answer = of("Luca@Shop.example", 9);
    assert_eq!(server.post(&answer).await.status, 200);
    house.until("the score is there", |rooms| rooms.contacts.contains_key("luca@shop.example")).await;
    let property = |name: &str| house.property("luca@shop.example", name).unwrap();
    assert_eq!((property("nps_score"), property("nps_comment")), ("9".into(), String::new()));
    assert_eq!(property("nps_date"), "2026-11-21");
    server.post(&with(answer, json!({"revision": 2, "score": 8, "comment": "Comode"}))).await;
    hook.until(&server, |log| log.len() == 2 && all_delivered(log)).await;
    assert_eq!((property("nps_score"), property("nps_comment")), ("8".into(), "Comode".into()));

    // Nobody is known, or nobody should be: nothing is sent.
    let calls = house.rooms().calls.len();
    server.post(&valid(9)).await;
    server.post(&of("no address", 9)).await;
    server.post(&with(of("anna@shop.example", 9), json!({"test": true}))).await;
    let log = hook.until(&server, |log| log.len() == 5 && all_delivered(log)).await;
    let mut silent = said(&log);
    silent.sort_unstable();
    let silent: Vec<_> =
        silent.iter().map(|said| said.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(silent, ["", "", "It is", "No e-mail", "No e-mail"]);
    assert_eq!(house.rooms().calls.len(), calls);
    let told = format!("{}{}{log:?}", server.read("/webhooks").await, server.read("/api/v1/audit").await);
    assert!(!told.contains(TOKEN) && !told.contains("shop.example"), "{told}");
}

#[tokio::test]
async fn who_ordered_is_known_from_the_shop() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let hook = connect(&server, &house, "hubspot", &CHANGES, json!({})).await;
    let secret = connected(&server, "orders").await;
    let order = json!({"order": "1001", "event": "delivered", "email": "Luca@Shop.example"}).to_string();
    let headers = signed("orders", &secret, order.as_bytes());
    assert_eq!(tell(&server, "orders", headers, order.into()).await.status, 200);
    server.post(&with(valid(6), json!({"ref": "1001"}))).await;
    server.post(&with(valid(6), json!({"ref": "1002"}))).await;
    hook.until(&server, |log| log.len() == 2 && all_delivered(log)).await;
    assert_eq!(house.rooms().contacts.keys().collect::<Vec<_>>(), ["luca@shop.example"]);
}

#[tokio::test]
async fn what_waited_goes_in_batches_and_the_later_answer_stands() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let hook = connect(&server, &house, "hubspot", &CHANGES, json!({"fields": {"nps_date": ""}})).await;
    house.expect("upsert", Mishap::Refused(429, Some("30"), too_many()));
    server.post(&of("first@shop.example", 9)).await;
    let log = hook.until(&server, |log| log.len() == 1 && all_tried(log, 429)).await;
    assert_eq!(log[0]["due_at"], "2026-11-21T11:00:30.000Z");
    assert_eq!(server.read(&hook.path("")).await["rests_until"], "2026-11-21T11:00:30.000Z");
    // It rests: nothing of what comes meanwhile goes out.
    let answers: Vec<_> = (0..120).map(|n| of(&format!("c{n}@shop.example"), n % 11)).collect();
    for batch in answers.chunks(20) {
        assert_eq!(server.post(&json!(batch)).await.status, 200);
    }
    server.post(&of("twice@shop.example", 1)).await;
    server.clock.advance(1_000);
    server.post(&of("twice@shop.example", 7)).await;
    let log = hook.log(&server).await;
    assert_eq!((log.len(), house.calls("upsert").len()), (123, 1));
    server.clock.advance(29_000);
    let log = hook.until(&server, all_delivered).await;
    let tries: usize = log.iter().map(|one| one["attempts"].as_array().unwrap().len()).sum();
    assert_eq!((tries, house.rooms().contacts.len()), (124, 122), "the first one was tried twice");
    assert_eq!(house.property("twice@shop.example", "nps_score").as_deref(), Some("7"));
    assert_eq!(house.property("twice@shop.example", "nps_date"), None, "what has no name is not written");
    let sizes = house.calls("upsert");
    // Who answered twice is in one batch, with the later answer.
    assert!(sizes.len() <= 4 && sizes.iter().any(|n| *n >= 99), "the first one, and two batches: {sizes:?}");
    assert_eq!(server.read(&hook.path("")).await.get("rests_until"), None);
}

#[tokio::test]
async fn a_bad_address_keeps_nobody_else_back() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let hook = connect(&server, &house, "hubspot", &CHANGES, json!({})).await;
    house.expect("upsert", Mishap::Refused(429, Some("1"), too_many()));
    for email in ["a@shop.example", "bad@shop.example", "b@shop.example", "poison@shop.example"] {
        server.post(&of(email, 3)).await;
    }
    hook.until(&server, |log| log.len() == 4 && log.iter().any(|one| one["attempts"][0]["status"] == 429))
        .await;
    server.clock.advance(1_000);
    // The whole was refused, and nobody knows for whose sake: each goes alone.
    hook.until(&server, |log| all_tried(log, 400)).await;
    assert!(house.rooms().contacts.is_empty());
    server.clock.advance(6_000);
    let is_over = |log: &[serde_json::Value]| {
        log.iter().filter(|one| one["state"] == "delivered").count() == 2
            && said(log).iter().all(|said| !said.contains("Too"))
            && log.iter().all(|one| one["attempts"].as_array().unwrap().len() >= 2)
    };
    let log = hook.until(&server, is_over).await;
    assert_eq!(house.rooms().contacts.keys().collect::<Vec<_>>(), ["a@shop.example", "b@shop.example"]);
    let told = format!("{log:?}");
    assert!(
        told.contains("VALIDATION_ERROR (The reply repeats the answer") && !told.contains("@shop"),
        "{told}"
    );
}

#[tokio::test]
async fn a_part_of_a_batch_is_settled_by_its_own_result() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let hook = connect(&server, &house, "hubspot", &CHANGES, json!({})).await;
    house.expect("upsert", Mishap::Refused(429, Some("1"), too_many()));
    for email in ["a@shop.example", "bad@shop.example", "b@shop.example"] {
        server.post(&of(email, 3)).await;
    }
    hook.until(&server, |log| log.len() == 3 && log.iter().any(|one| one["attempts"][0]["status"] == 429))
        .await;
    server.clock.advance(1_000);
    let is_over = |log: &[serde_json::Value]| {
        let waiting = log.iter().find(|one| one["state"] == "waiting");
        log.iter().filter(|one| one["state"] == "delivered").count() == 2
            && waiting.is_some_and(|one| all_tried(std::slice::from_ref(one), 207))
    };
    hook.until(&server, is_over).await;
    assert_eq!(house.rooms().contacts.keys().collect::<Vec<_>>(), ["a@shop.example", "b@shop.example"]);
}

#[tokio::test]
async fn an_unhappy_answer_makes_one_ticket() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let hook = connect(&server, &house, "hubspot", &["response.detractor"], tickets()).await;
    // The ticket is made, and we are told that it is not.
    house.expect("/tickets", Mishap::Denied);
    let answer = of("luca@shop.example", 2);
    server.post(&answer).await;
    server.post(&of("anna@shop.example", 10)).await;
    hook.until(&server, |log| log.len() == 1 && all_tried(log, 500)).await;
    server.clock.advance(6_000);
    hook.until(&server, all_delivered).await;
    let (ticket, contact) = house.rooms().tickets[0].clone();
    assert_eq!(house.rooms().tickets.len(), 1);
    assert_eq!(house.rooms().contacts["luca@shop.example"].0, contact);
    assert_eq!((&ticket["hs_pipeline"], &ticket["hs_pipeline_stage"]), (&json!("0"), &json!("1")));
    let content = ticket["content"].as_str().unwrap().to_owned();
    let id = answer["id"].as_str().unwrap();
    assert!(content.starts_with("Score 2 (0 to 10), detractor.\nNo comment.\nhttp"), "{content}");
    assert!(content.ends_with(&format!("/dashboard/pk_demo/responses/{id}")), "{content}");
    // What was wrong comes later, and comes into the same ticket.
    server.post(&with(answer, json!({"revision": 2, "comment": "L'etichetta"}))).await;
    hook.until(&server, |log| log.len() == 2 && all_delivered(log)).await;
    let rooms = house.rooms();
    assert_eq!(rooms.tickets.len(), 1);
    assert!(rooms.tickets[0].0["content"].as_str().unwrap().contains("L'etichetta"));
    assert_eq!(rooms.contacts.len(), 1, "who is happy has no ticket and is not written down");
}

#[tokio::test]
async fn each_revision_is_one_custom_event() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let event = json!({"event": "pe1_answered_survey"});
    let hook = connect(&server, &house, "hubspot", &CHANGES, event).await;
    house.expect("/events/", Mishap::Denied);
    let answer = of("luca@shop.example", 9);
    server.post(&answer).await;
    let log = hook.until(&server, |log| log.len() == 1 && all_tried(log, 500)).await;
    assert!(said(&log)[0].starts_with("The custom event: "), "{log:?}");
    // It was there after all, which is as good.
    server.clock.advance(6_000);
    hook.until(&server, all_delivered).await;
    server.post(&with(answer, json!({"revision": 2, "comment": "Comode"}))).await;
    hook.until(&server, |log| log.len() == 2 && all_delivered(log)).await;
    let rooms = house.rooms();
    assert_eq!(rooms.events.len(), 2);
    for (uuid, event) in &rooms.events {
        assert!(uuid::Uuid::parse_str(uuid).is_ok_and(|uuid| uuid.get_version_num() == 8), "{uuid}");
        assert_eq!(
            (&event["eventName"], &event["email"]),
            (&json!("pe1_answered_survey"), &json!("luca@shop.example"))
        );
        assert_eq!(
            (&event["properties"]["score"], &event["properties"]["metric"]),
            (&json!("9"), &json!("nps"))
        );
    }
}

#[tokio::test]
async fn a_test_says_what_is_missing() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let hook = connect(&server, &house, "hubspot", &CHANGES, tickets()).await;
    house.rooms().properties.remove("nps_comment");
    house.rooms().properties.remove("ces_date");
    server.api(Method::POST, &hook.path("/test"), None).await;
    let log = hook.until(&server, |log| log.len() == 1 && log[0]["state"] == "failed").await;
    assert_eq!(
        said(&log),
        ["HubSpot does not have the contact property ces_date, the contact property nps_comment."]
    );
    house.rooms().properties.extend(["nps_comment".into(), "ces_date".into()]);
    server.api(Method::POST, &hook.path("/test"), None).await;
    let log = hook.until(&server, |log| log.iter().any(|one| one["state"] == "delivered")).await;
    assert!(said(&log).contains(&"HubSpot accepts the token, and what is written to is there."), "{log:?}");
    let rooms = house.rooms();
    assert!(rooms.contacts.is_empty() && rooms.tickets.is_empty(), "it is harmless");
}
