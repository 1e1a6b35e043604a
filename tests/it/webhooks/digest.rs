//! The day before, told at a chosen hour.

use serde_json::{Value, json};

use super::{Hook, MINUTE_MS, PRIVATE, all_delivered};
use crate::answer::valid;
use crate::receiver::Receiver;
use crate::server::Server;

#[tokio::test]
async fn a_day_is_told_once_at_its_hour_with_the_scores_of_the_dashboard() {
    let (server, receiver) = (Server::start_with(&PRIVATE).await, Receiver::start(&[]).await);
    let wish = |kind: &str| json!({"name": kind, "kind": kind, "url": receiver.base, "events": ["digest.daily"], "digest_hour": 7});
    let hook = Hook::made(&server, &wish("standard")).await;
    let answers: Vec<Value> = (0..40).map(|n| valid(if n < 30 { 10 } else { 3 })).collect();
    server.post(&json!(answers)).await;
    // It is noon in Rome: 19 hours to 7 o'clock, less a minute.
    server.clock.advance(19 * 60 * MINUTE_MS - MINUTE_MS);
    let scores = server.read("/scores?survey=nps&from=2026-11-21&to=2026-11-22").await;
    assert_eq!(hook.log(&server).await, Vec::<Value>::new());
    server.clock.advance(MINUTE_MS);
    let letters = receiver.wait_for(1).await;
    letters[0].assert_signed(&hook.secret);
    let body = letters[0].json();
    assert_eq!((&body["type"], &body["data"]["day"]), (&json!("digest.daily"), &json!("2026-11-21")));
    let surveys = body["data"]["surveys"].as_array().unwrap();
    let [survey] = &surveys[..] else { panic!("those with answers: {surveys:?}") };
    assert_eq!(survey["day"], scores);
    assert_eq!((&survey["last_30_days"]["n"], &survey["last_30_days"]["score"]), (&json!(40), &json!(50.0)));
    let log = hook.until(&server, all_delivered).await;
    assert_eq!(log[0]["day"], "2026-11-21");

    // A day later another one; a new hook is not told of days before its time.
    let slack = Hook::made(&server, &wish("slack")).await;
    server.clock.advance(24 * 60 * MINUTE_MS);
    let letters = receiver.wait_for(3).await;
    hook.until(&server, |log| log.len() == 2 && all_delivered(log)).await;
    let log = slack.until(&server, |log| log.len() == 1 && all_delivered(log)).await;
    assert_eq!((letters.len(), &log[0]["day"]), (3, &json!("2026-11-22")));
    let text =
        letters[1..].iter().find_map(|letter| letter.json()["text"].as_str().map(str::to_owned)).unwrap();
    assert!(text.starts_with("*Demo shop* · 2026-11-22\n*nps* · "), "{text}");
    assert!(text.contains("0 answers that day · last 30 days: 50, likely between "), "{text}");
}
