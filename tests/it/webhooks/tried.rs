//! What becomes of a delivery that is not taken at once.

use serde_json::{Value, json};

use super::{Hook, MINUTE_MS, PRIVATE, all_delivered};
use crate::answer::{valid, with};
use crate::receiver::{Answer, Receiver};
use crate::server::Server;
use reqwest::Method;

/// Waits of the schedule, a little more than a tenth longer than they are at least.
const WAITS_MS: [i64; 9] = [
    6_000,
    6 * MINUTE_MS,
    34 * MINUTE_MS,
    135 * MINUTE_MS,
    340 * MINUTE_MS,
    670 * MINUTE_MS,
    930 * MINUTE_MS,
    1_330 * MINUTE_MS,
    1_590 * MINUTE_MS,
];

#[tokio::test]
async fn it_is_tried_again_under_the_same_id_until_it_is_taken() {
    let answers = [Answer::Status(500, "down for <b>repair</b>"), Answer::Status(429, "")];
    let (server, receiver) = (Server::start_with(&PRIVATE).await, Receiver::start(&answers).await);
    let hook = Hook::to(&server, &receiver, &["response.created"]).await;
    server.post(&valid(9)).await;
    let tried = hook.tried(&server, 1).await;
    assert_eq!((&tried["state"], &tried["attempts"][0]["status"]), (&json!("waiting"), &json!(500)));
    assert_eq!(tried["attempts"][0]["said"], "down for <b>repair</b>");
    let due = tried["due_at"].as_str().unwrap();
    assert!(("2026-11-21T11:00:05.000Z"..="2026-11-21T11:00:05.500Z").contains(&due), "{due}");
    // Not a moment before.
    server.clock.advance(4_999);
    assert_eq!(hook.log(&server).await[0]["attempts"].as_array().unwrap().len(), 1);
    server.clock.advance(1_000);
    hook.tried(&server, 2).await;
    server.clock.advance(WAITS_MS[1]);
    let tried = hook.tried(&server, 3).await;
    assert_eq!((&tried["state"], &tried["due_at"]), (&json!("delivered"), &Value::Null));
    let letters = receiver.wait_for(3).await;
    assert!(letters.iter().all(|letter| letter.id() == tried["delivery"]), "{letters:?}");
    for letter in &letters {
        letter.assert_signed(&hook.secret);
    }
    let times: std::collections::BTreeSet<_> =
        letters.iter().map(|letter| letter.header("webhook-timestamp").to_owned()).collect();
    assert_eq!(times.len(), 3, "each signed at its own moment");
}

#[tokio::test]
async fn after_the_last_try_it_is_kept_as_failed_and_can_be_sent_again() {
    let no = vec![Answer::Status(503, "no"); 10];
    let (server, receiver) = (Server::start_with(&PRIVATE).await, Receiver::start(&no).await);
    let hook = Hook::to(&server, &receiver, &["response.created"]).await;
    server.post(&valid(9)).await;
    hook.tried(&server, 1).await;
    for (n, wait) in WAITS_MS.into_iter().enumerate() {
        server.clock.advance(wait);
        hook.tried(&server, n + 2).await;
    }
    let failed = hook.until(&server, |log| log[0]["state"] == "failed").await.remove(0);
    assert_eq!(failed["attempts"].as_array().unwrap().len(), 10);
    assert_eq!(server.read(&hook.path("/deliveries?state=failed")).await["deliveries"], json!([failed]));
    assert_eq!(server.read(&hook.path("/deliveries?state=waiting")).await["deliveries"], json!([]));
    let replay = hook.path(&format!("/deliveries/{}/replay", failed["delivery"].as_str().unwrap()));
    assert_eq!(server.api(Method::POST, &replay, None).await.status, 202);
    hook.until(&server, all_delivered).await;
    let letters = receiver.wait_for(11).await;
    assert_eq!((letters.len(), letters[10].id()), (11, failed["delivery"].as_str().unwrap()));
    let nowhere = hook.path("/deliveries/msg_0/replay");
    assert_eq!(server.api(Method::POST, &nowhere, None).await.status, 404);
}

#[tokio::test]
async fn a_receiver_that_is_gone_switches_its_hook_off() {
    let gone = [Answer::Status(410, "gone")];
    let (server, receiver) = (Server::start_with(&PRIVATE).await, Receiver::start(&gone).await);
    let hook = Hook::to(&server, &receiver, &["response.created"]).await;
    server.post(&valid(9)).await;
    let log = hook.until(&server, |log| log.first().is_some_and(|first| first["state"] == "failed")).await;
    assert_eq!(log[0]["attempts"][0]["status"], 410);
    assert_eq!(server.read(&hook.path("")).await["state"], "gone");
    server.post(&valid(9)).await;
    assert_eq!(hook.log(&server).await.len(), 1, "nothing is written down for it any more");
    let on = server.api(Method::PATCH, &hook.path(""), Some(&json!({"state": "on"}))).await;
    assert_eq!(on.json()["state"], "on");
    server.post(&valid(9)).await;
    receiver.wait_for(2).await;
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Receiver::start(&[]).await;
    let answers = [Answer::Redirect(format!("{}/x", elsewhere.base))];
    let (server, receiver) = (Server::start_with(&PRIVATE).await, Receiver::start(&answers).await);
    let hook = Hook::to(&server, &receiver, &["response.created"]).await;
    server.post(&valid(9)).await;
    let tried = hook.tried(&server, 1).await;
    assert_eq!((&tried["state"], &tried["attempts"][0]["status"]), (&json!("waiting"), &json!(302)));
    assert_eq!((receiver.letters().len(), elsewhere.letters().len()), (1, 0));
}

#[tokio::test]
async fn the_log_holds_nothing_of_an_answer_and_no_long_reply() {
    let long: &'static str = Box::leak("x".repeat(100_000).into_boxed_str());
    let answers = [Answer::Status(500, long), Answer::Status(500, "What is: Brutte scarpe, davvero?")];
    let (server, receiver) = (Server::start_with(&PRIVATE).await, Receiver::start(&answers).await);
    let hook = Hook::to(&server, &receiver, &["response.created"]).await;
    server.post(&with(valid(2), json!({"comment": "Brutte scarpe, davvero"}))).await;
    assert_eq!(hook.tried(&server, 1).await["attempts"][0]["said"], "x".repeat(1_000));
    server.clock.advance(WAITS_MS[0]);
    assert!(!hook.tried(&server, 2).await.to_string().contains("Brutte"));
    let database = rusqlite::Connection::open(server.database()).unwrap();
    let kept: String = database
        .query_row("SELECT group_concat(attempts || occasion || delivery) FROM deliveries", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert!(!kept.contains("Brutte"), "{kept}");
    // What is not there any more is told to nobody.
    database.execute("DELETE FROM responses", []).unwrap();
    server.clock.advance(WAITS_MS[1]);
    let tried = hook.tried(&server, 3).await;
    assert_eq!((&tried["state"], receiver.letters().len()), (&json!("failed"), 2));
}
