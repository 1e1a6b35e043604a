//! The same answer again: a retry, a correction, a contradiction.

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{assert_readable_across_origins, status};
use crate::answer::{valid, with};
use crate::server::Server;

#[tokio::test]
async fn two_hundred_retries_at_once_store_one_row() {
    let server = Server::start().await;
    let answer = with(valid(9), json!({"comment": "once"}));
    let retries = (0..200).map(|n| {
        // The moment of sending is the only thing that a retry changes.
        let sent_at = format!("2026-11-21T11:{:02}:00Z", n % 60);
        let retry = with(answer.clone(), json!({"sent_at": sent_at}));
        let server = &server;
        async move { status(&server.post(&retry).await) }
    });
    let verdicts = join_all(retries).await;
    assert_eq!(verdicts.iter().filter(|verdict| *verdict == "stored").count(), 1, "{verdicts:?}");
    assert_eq!(verdicts.iter().filter(|verdict| *verdict == "duplicate").count(), 199);
    assert_eq!(server.stored().await.len(), 1);
}

#[tokio::test]
async fn the_highest_revision_wins_in_whatever_order_they_come() {
    for (order, verdicts) in [
        ([1, 2, 3], ["stored", "stored", "stored"]),
        ([1, 3, 2], ["stored", "stored", "superseded"]),
        ([2, 1, 3], ["stored", "superseded", "stored"]),
        ([2, 3, 1], ["stored", "stored", "superseded"]),
        ([3, 1, 2], ["stored", "superseded", "superseded"]),
        ([3, 2, 1], ["stored", "superseded", "superseded"]),
    ] {
        let server = Server::start().await;
        let answer = valid(0);
        let revision =
            |n: i32| with(answer.clone(), json!({"revision": n, "score": n, "comment": n.to_string()}));
        for (n, verdict) in order.into_iter().zip(verdicts) {
            assert_eq!(status(&server.post(&revision(n)).await), verdict, "{order:?} at {n}");
        }
        for n in [1, 2, 3] {
            let again = status(&server.post(&revision(n)).await);
            assert_eq!(again, if n == 3 { "duplicate" } else { "superseded" }, "{order:?}, {n} again");
        }
        let [row] = &server.stored().await[..] else { panic!("one row") };
        assert_eq!((&row["revision"], &row["score"], &row["comment"]), (&json!(3), &json!(3), &json!("3")));
    }
}

#[tokio::test]
async fn the_same_revision_with_other_content_is_a_conflict() {
    let server = Server::start().await;
    let answer = with(valid(9), json!({"comment": "first"}));
    assert_eq!(status(&server.post(&answer).await), "stored");
    let before = server.stored().await;
    for changes in [
        json!({"score": 1}),
        json!({"comment": "second"}),
        json!({"comment": null}),
        json!({"survey": "ces", "score": 7}),
    ] {
        let reply = server.post(&with(answer.clone(), changes.clone())).await;
        assert_eq!(reply.status, 409, "{changes}: {reply:?}");
        assert_eq!(reply.violations(), Vec::<String>::new());
        assert_readable_across_origins(&reply);
    }
    assert_eq!(server.stored().await, before);
    assert_eq!(status(&server.post(&answer).await), "duplicate");
}

#[tokio::test]
async fn a_correction_keeps_the_day_of_the_first_receipt() {
    let server = Server::start().await;
    let answer = valid(2);
    assert_eq!(status(&server.post(&answer).await), "stored");
    let received_at = server.stored().await[0]["received_at"].clone();
    server.clock.advance(3 * parere_shared::time::DAY_MS);
    let corrected = with(answer, json!({"revision": 2, "score": 10}));
    assert_eq!(status(&server.post(&corrected).await), "stored");
    let [row] = &server.stored().await[..] else { panic!("one row") };
    assert_eq!((&row["received_at"], &row["score"]), (&received_at, &json!(10)));
    let scores = server.read("/api/v1/sites/pk_demo/scores?survey=nps&by=day").await;
    let [day] = &scores["series"].as_array().unwrap()[..] else { panic!("one day: {scores}") };
    assert_eq!((&day["key"], &day["n"]), (&json!("2026-11-21"), &json!(1)));
}

#[tokio::test]
async fn answers_of_different_sites_do_not_meet() {
    let server = Server::start().await;
    let other = json!({"site": "pk_other", "name": "Other", "zone": "UTC", "origins": ["*"]});
    assert_eq!(server.api(reqwest::Method::POST, "/api/v1/sites", Some(&other)).await.status, 201);
    let survey = crate::surveys::definition("nps", json!({}));
    let path = "/api/v1/sites/pk_other/surveys";
    assert_eq!(server.api(reqwest::Method::POST, path, Some(&survey)).await.status, 201);

    let here = valid(9);
    let there = with(here.clone(), json!({"site": "pk_other", "score": 1}));
    assert_eq!(status(&server.post(&here).await), "stored");
    assert_eq!(status(&server.post(&there).await), "stored", "ids are a site's own");
    let n = async |site: &str| -> Value {
        server.read(&format!("/api/v1/sites/{site}/scores?survey=nps")).await["distribution"].clone()
    };
    assert_ne!(n("pk_demo").await, n("pk_other").await);
    assert_eq!(server.stored().await.len(), 1);
}
