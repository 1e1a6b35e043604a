//! What becomes of answers while a CRM takes nothing, and of those that are erased meanwhile.

use reqwest::Method;
use serde_json::json;

use super::house::{House, Mishap};
use super::{all_tried, connect, of, said};
use crate::answer::with;
use crate::server::Server;
use crate::webhooks::{PRIVATE, all_delivered};

#[tokio::test]
async fn another_token_sends_what_waited() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let hook = connect(&server, &house, "hubspot", &["response.created"], json!({"token": "pat-old"})).await;
    server.post(&of("luca@shop.example", 9)).await;
    let log = hook.until(&server, |log| log.len() == 1 && all_tried(log, 401)).await;
    assert_eq!(
        (said(&log), &log[0]["state"]),
        (vec!["HubSpot did not accept the token."], &json!("waiting"))
    );
    let cookie = crate::dashboard::sign_in(&server).await;
    let page = crate::dashboard::open(&server, "/dashboard/pk_demo/webhooks", &cookie).await;
    assert!(page.text().contains("HubSpot did not accept the token."), "{}", page.text());
    // Whichever of its deliveries are shown; none is given up.
    for shown in ["", "?state=failed"] {
        let path = format!("/dashboard/pk_demo{}{shown}", hook.path(""));
        let page = crate::dashboard::open(&server, &path, &cookie).await;
        let trouble = "<strong>HubSpot did not accept the token.</strong>";
        assert!(page.text().contains(trouble), "{shown}: {}", page.text());
    }
    // A token goes nowhere but where it was meant for.
    let elsewhere = json!({"url": "http://127.0.0.1:9/"});
    let refused = server.api(Method::PATCH, &hook.path(""), Some(&elsewhere)).await;
    assert_eq!((refused.status, refused.violations()), (422, vec!["token missing".to_owned()]));
    let change = json!({"token": super::TOKEN});
    assert_eq!(server.api(Method::PATCH, &hook.path(""), Some(&change)).await.status, 200);
    server.clock.advance(6_000);
    hook.until(&server, all_delivered).await;
    assert_eq!(house.property("luca@shop.example", "nps_score").as_deref(), Some("9"));
}

#[tokio::test]
async fn a_refusal_is_told_in_its_own_words_but_not_in_the_shoppers() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let hook = connect(&server, &house, "hubspot", &["response.created"], json!({})).await;
    house.rooms().properties.remove("nps_score");
    server.post(&with(of("luca@shop.example", 2), json!({"comment": "Brutte scarpe davvero"}))).await;
    let log = hook.until(&server, |log| log.len() == 1 && all_tried(log, 400)).await;
    assert_eq!(said(&log), ["Property values were not valid: Property \"nps_score\" does not exist"]);
    let echo = json!({"message": "No: Brutte scarpe, davvero", "category": "VALIDATION_ERROR"});
    house.expect("upsert", Mishap::Refused(400, None, echo));
    server.clock.advance(6_000);
    let is_twice = |log: &[serde_json::Value]| log[0]["attempts"].as_array().unwrap().len() == 2;
    let log = hook.until(&server, is_twice).await;
    assert_eq!(said(&log), ["VALIDATION_ERROR (The reply repeats the answer; it is not kept.)"]);
}

#[tokio::test]
async fn what_was_erased_is_told_to_no_crm() {
    let (server, house) = (Server::start_with(&PRIVATE).await, House::start().await);
    let hook = connect(&server, &house, "hubspot", &["response.created"], json!({})).await;
    house.expect("upsert", Mishap::Refused(429, Some("5"), json!({})));
    let answer = of("luca@shop.example", 9);
    server.post(&answer).await;
    hook.until(&server, |log| log.len() == 1 && all_tried(log, 429)).await;
    let path = format!("/responses/{}", answer["id"].as_str().unwrap());
    assert_eq!(server.api(Method::DELETE, &path, None).await.status, 204);
    assert!(hook.log(&server).await.is_empty(), "nor is it written down that there was something");
    // One is gone without that, as after a restored backup.
    server.post(&of("anna@shop.example", 9)).await;
    let database = rusqlite::Connection::open(server.database()).unwrap();
    database.execute("DELETE FROM responses", []).unwrap();
    server.clock.advance(5_000);
    let log = hook.until(&server, |log| log[0]["state"] == "failed").await;
    assert_eq!(said(&log), ["What it tells of is not there any more."]);
    assert!(house.rooms().contacts.is_empty());
}
