//! What comes late: the same person has answered again meanwhile.

use serde_json::{Value, json};

use super::house::{House, Mishap};
use super::{all_tried, connect, of, said};
use crate::answer::{valid, with};
use crate::hooks::{connected, signed, tell};
use crate::server::Server;
use crate::webhooks::{Hook, PRIVATE, all_delivered};

const NEW: [&str; 1] = ["response.created"];

/// Has what is said of an answer that changes nothing there.
fn is_overtaken(log: &[Value]) -> bool {
    said(log).iter().any(|said| said.starts_with("A newer answer of the same person"))
}

/// The first try of `old` fails, `new` is written, and then comes the second try of `old`.
async fn tried_late(
    server: &Server,
    (house, path): (&House, &'static str),
    hook: &Hook,
    [old, new]: [&Value; 2],
) -> Vec<Value> {
    house.expect(path, Mishap::Refused(500, None, json!({})));
    server.post(old).await;
    let n = hook.until(server, |log| !log.is_empty() && all_tried(log, 500)).await.len();
    server.clock.advance(2_000);
    server.post(new).await;
    hook.until(server, |log| log.len() > n && log.iter().any(|one| one["state"] == "delivered")).await;
    server.clock.advance(6_000);
    hook.until(server, all_delivered).await
}

#[tokio::test]
async fn a_contact_keeps_the_newer_answer() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let hook = connect(&server, &house, "hubspot", &NEW, json!({})).await;
    let csat = with(of("Luca@shop.example", 2), json!({"survey": "csat"}));
    let old = json!([with(of("luca@shop.example", 3), json!({"comment": "Tardi"})), csat]);
    let log = tried_late(&server, (&house, "upsert"), &hook, [&old, &of("luca@shop.example", 9)]).await;
    let property = |name: &str| house.property("luca@shop.example", name);
    assert_eq!((property("nps_score").as_deref(), property("nps_comment").as_deref()), (Some("9"), Some("")));
    assert_eq!(property("csat_score").as_deref(), Some("2"), "another measure is none the later");
    assert!(is_overtaken(&log), "{log:?}");
    assert_eq!(house.calls("upsert").last(), Some(&1));

    // Neither somebody else's newer answer nor a test of one's own changes anything.
    house.expect("upsert", Mishap::Refused(500, None, json!({})));
    server.post(&of("anna@shop.example", 4)).await;
    let is_refused = |one: &Value| all_tried(std::slice::from_ref(one), 500);
    hook.until(&server, |log| log.iter().any(is_refused)).await;
    server.clock.advance(2_000);
    server.post(&with(of("anna@shop.example", 10), json!({"test": true}))).await;
    server.post(&of("luca@shop.example", 10)).await;
    server.clock.advance(6_000);
    hook.until(&server, |log| log.len() == 6 && all_delivered(log)).await;
    assert_eq!(house.property("anna@shop.example", "nps_score").as_deref(), Some("4"));
}

#[tokio::test]
async fn an_answer_that_a_browser_kept_overwrites_nothing() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let hook = connect(&server, &house, "hubspot", &NEW, json!({})).await;
    // The newer one is known by its order alone.
    let secret = connected(&server, "orders").await;
    let order = json!({"order": "1001", "event": "delivered", "email": "luca@shop.example"}).to_string();
    let headers = signed("orders", &secret, order.as_bytes());
    assert_eq!(tell(&server, "orders", headers, order.into()).await.status, 200);
    server.post(&with(valid(9), json!({"ref": "1001"}))).await;
    hook.until(&server, |log| log.len() == 1 && all_delivered(log)).await;
    let hour_ago = json!({"occurred_at": "2026-11-21T10:00:00Z", "sent_at": "2026-11-21T11:00:00Z"});
    server.post(&with(of("luca@shop.example", 2), hour_ago)).await;
    let log = hook.until(&server, |log| log.len() == 2 && all_delivered(log)).await;
    assert!(is_overtaken(&log), "{log:?}");
    assert_eq!(house.property("luca@shop.example", "nps_score").as_deref(), Some("9"));
}

#[tokio::test]
async fn events_and_tickets_tell_of_each_answer() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let wish = with(super::hubspot::tickets(), json!({"event": "pe1_answered_survey"}));
    let events = ["response.created", "response.detractor"];
    let hook = connect(&server, &house, "hubspot", &events, wish).await;
    house.expect("upsert", Mishap::Refused(500, None, json!({})));
    house.expect("upsert", Mishap::Refused(500, None, json!({})));
    server.post(&of("luca@shop.example", 1)).await;
    hook.until(&server, |log| log.len() == 2 && all_tried(log, 500)).await;
    server.clock.advance(2_000);
    server.post(&of("luca@shop.example", 9)).await;
    hook.until(&server, |log| log.len() == 3 && log.iter().any(|one| one["state"] == "delivered")).await;
    server.clock.advance(6_000);
    hook.until(&server, all_delivered).await;
    assert_eq!(house.property("luca@shop.example", "nps_score").as_deref(), Some("9"));
    let rooms = house.rooms();
    assert_eq!((rooms.events.len(), rooms.tickets.len(), rooms.contacts.len()), (2, 1, 1));
}

#[tokio::test]
async fn a_profile_keeps_the_newer_answer() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let hook = connect(&server, &house, "klaviyo", &NEW, json!({})).await;
    let (old, new) = (of("luca@shop.example", 3), of("luca@shop.example", 9));
    tried_late(&server, (&house, "/api/events"), &hook, [&old, &new]).await;
    let rooms = house.rooms();
    let profile = |answer: &Value| {
        let event = &rooms.answered[&format!("{}:1", answer["id"].as_str().unwrap())];
        event["profile"]["data"]["attributes"].clone()
    };
    assert_eq!(profile(&new)["properties"]["nps_score"], "9");
    assert_eq!(profile(&old), json!({"email": "luca@shop.example"}), "its event is told and changes nothing");
}
