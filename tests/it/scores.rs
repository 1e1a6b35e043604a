//! Scores: they move with answers and corrections, leave out what does not count, and say how sure they are.

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{valid, with};
use crate::server::Server;

mod compared;
mod placed;
mod recount;
mod sampled;

/// Posts `n` answers of each score, forty at a time.
async fn post_all(server: &Server, survey: &str, scores: &[(i32, usize)]) {
    let each = scores.iter().flat_map(|&(score, n)| std::iter::repeat_n(score, n));
    let answers: Vec<Value> = each.map(|score| with(valid(score), json!({"survey": survey}))).collect();
    for some in answers.chunks(40) {
        let reply = server.post(&json!(some)).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
}

/// `(key, n, score)` of a series.
fn series(scores: &Value) -> Vec<(String, u64, f64)> {
    let points = scores["series"].as_array().unwrap();
    let point = |point: &Value| {
        (
            point["key"].as_str().unwrap().into(),
            point["n"].as_u64().unwrap(),
            point["score"].as_f64().unwrap(),
        )
    };
    points.iter().map(point).collect()
}

#[tokio::test]
async fn the_contracts_own_example() {
    let server = Server::start().await;
    post_all(&server, "nps", &[(10, 40), (9, 20), (8, 12), (7, 8), (6, 5), (3, 12), (0, 3)]).await;
    let test = with(valid(0), json!({"test": true}));
    assert_eq!(server.post(&test).await.status, 200);
    let scores = server.read("/scores?survey=nps").await;
    for (field, expected) in [
        ("survey", json!("nps")),
        ("metric", json!("nps")),
        ("n", json!(100)),
        ("score", json!(40.0)),
        ("interval", json!({"low": 23.38, "high": 54.29, "level": 0.95, "method": "adjusted-wald"})),
        ("state", json!("ok")),
        ("bands", json!({"promoters": 60, "passives": 20, "detractors": 20})),
        ("excluded", json!({"test": 1, "flagged": 0})),
        ("series", json!([])),
    ] {
        assert_eq!(scores[field], expected, "{field}: {scores}");
    }
    let n: Vec<u64> =
        scores["distribution"].as_array().unwrap().iter().map(|point| point["n"].as_u64().unwrap()).collect();
    assert_eq!(n, [3, 0, 0, 12, 0, 0, 5, 8, 12, 20, 40]);
}

#[tokio::test]
async fn ces_and_csat_say_what_the_contract_says() {
    let server = Server::start().await;
    post_all(&server, "ces", &[(7, 30), (6, 10), (5, 10), (1, 10)]).await;
    post_all(&server, "csat", &[(5, 20), (4, 10), (3, 5), (1, 5)]).await;
    let ces = server.read("/scores?survey=ces").await;
    // (210 + 60 + 50 + 10) / 60
    assert_eq!((&ces["score"], &ces["n"], &ces["metric"]), (&json!(5.5), &json!(60), &json!("ces")), "{ces}");
    assert_eq!(ces["ease_index"], 75.0, "4.5 of the 6 steps from 1 to 7");
    assert_eq!(ces["top_box"]["share"], 83.33, "{ces}");
    for interval in [&ces["interval"], &ces["top_box"]["interval"]] {
        assert!(interval["low"].as_f64() < interval["high"].as_f64(), "{ces}");
        assert_eq!(interval["level"], 0.95);
    }
    let csat = server.read("/scores?survey=csat").await;
    assert_eq!(csat["score"], 75.0, "4 and 5 of 5 are the top box: {csat}");
    assert_eq!(csat["bands"], json!({"positive": 30, "neutral": 5, "negative": 5}));
    assert!(csat.get("top_box").is_none() && csat.get("ease_index").is_none(), "{csat}");
}

#[tokio::test]
async fn the_state_says_whether_a_score_is_fit_to_be_shown() {
    let server = Server::start().await;
    let mut n = 0;
    for (more, state) in [(0, "none"), (1, "hidden"), (8, "hidden"), (1, "early"), (19, "early"), (1, "ok")] {
        post_all(&server, "nps", &[(9, more)]).await;
        n += more;
        let scores = server.read("/scores?survey=nps").await;
        assert_eq!((&scores["n"], &scores["state"]), (&json!(n), &json!(state)), "{scores}");
        assert_eq!(scores["score"].is_null(), n == 0, "{scores}");
    }
}

#[tokio::test]
async fn a_correction_moves_the_score_and_counts_once() {
    let server = Server::start().await;
    let answer = with(valid(0), json!({"channel": "inline", "locale": "it"}));
    for (changes, score, n, test) in [
        (json!({}), json!(-100.0), 1, 0),
        (json!({"revision": 2, "score": 8}), json!(0.0), 1, 0),
        (json!({"revision": 3, "score": 10, "channel": "popover"}), json!(100.0), 1, 0),
        (json!({"revision": 2, "score": 0}), json!(100.0), 1, 0),
        (json!({"revision": 4, "test": true}), json!(null), 0, 1),
        (json!({"revision": 5, "score": 7}), json!(0.0), 1, 0),
    ] {
        assert_eq!(server.post(&with(answer.clone(), changes.clone())).await.status, 200, "{changes}");
        let scores = server.read("/scores?survey=nps&by=channel").await;
        assert_eq!((&scores["score"], &scores["n"]), (&score, &json!(n)), "{changes}: {scores}");
        assert_eq!(scores["excluded"]["test"], test, "{changes}: {scores}");
        assert_eq!(scores["series"].as_array().unwrap().len(), n, "{changes}: {scores}");
    }
}

#[tokio::test]
async fn a_series_is_told_apart_by_what_was_asked_for() {
    let server = Server::start().await;
    for (days, changes) in [
        (
            0,
            json!({"score": 10, "channel": "inline", "locale": "it", "device": "phone", "touchpoint": "product"}),
        ),
        (
            0,
            json!({"score": 0, "channel": "email", "locale": "en", "device": "desktop", "touchpoint": "my-own"}),
        ),
        (
            1,
            json!({"score": 9, "channel": "inline", "locale": "en-GB", "device": "phone", "touchpoint": "cart"}),
        ),
        (15, json!({"score": 7})),
    ] {
        server.clock.advance(days * parere_shared::time::DAY_MS);
        assert_eq!(server.post(&with(valid(0), changes)).await.status, 200);
    }
    let point = |key: &str, n: u64, score: f64| (key.to_owned(), n, score);
    for (by, expected) in [
        (
            "day",
            vec![point("2026-11-21", 2, 0.0), point("2026-11-22", 1, 100.0), point("2026-12-07", 1, 0.0)],
        ),
        ("week", vec![point("2026-W47", 3, 33.33), point("2026-W50", 1, 0.0)]),
        ("month", vec![point("2026-11", 3, 33.33), point("2026-12", 1, 0.0)]),
        ("channel", vec![point("email", 1, -100.0), point("inline", 2, 100.0), point("unknown", 1, 0.0)]),
        ("device", vec![point("desktop", 1, -100.0), point("phone", 2, 100.0), point("unknown", 1, 0.0)]),
        (
            "locale",
            vec![
                point("en", 1, -100.0),
                point("it", 1, 100.0),
                point("other", 1, 100.0),
                point("unknown", 1, 0.0),
            ],
        ),
        (
            "touchpoint",
            vec![
                point("cart", 1, 100.0),
                point("other", 1, -100.0),
                point("product", 1, 100.0),
                point("unknown", 1, 0.0),
            ],
        ),
    ] {
        let scores = server.read(&format!("/scores?survey=nps&by={by}")).await;
        assert_eq!(series(&scores), expected, "{by}");
        assert_eq!((&scores["n"], &scores["score"]), (&json!(4), &json!(25.0)));
    }
    let by_instrument = series(&server.read("/scores?survey=nps&by=instrument").await);
    assert_eq!(by_instrument.iter().map(|(_, n, _)| n).sum::<u64>(), 4);
}

#[tokio::test]
async fn a_period_is_from_inclusive_to_exclusive() {
    let server = Server::start().await;
    // Received at 12:00 and 23:30 on the 21st, and at 00:30 on the 22nd, in the shop's own time.
    for minutes in [0, 690, 60] {
        server.clock.advance(minutes * 60_000);
        assert_eq!(server.post(&valid(9)).await.status, 200);
    }
    for (period, expected) in [
        ("", 3),
        ("&from=2026-11-21&to=2026-11-22", 2),
        ("&from=2026-11-22", 1),
        ("&to=2026-11-21", 0),
        ("&from=2026-11-21T11:00:00Z&to=2026-11-21T22:30:00Z", 1),
        ("&from=2026-11-21T11:00:00.001Z", 2),
        ("&from=2026-11-21T22:30:00Z&to=2026-11-22T00:00:00Z", 2),
        ("&from=2026-11-21T12:00:00%2B01:00&to=2026-11-23", 3),
        ("&from=1970-01-01&to=2999-01-01", 3),
    ] {
        for by in ["", "&by=day", "&by=channel"] {
            let scores = server.read(&format!("/scores?survey=nps{period}{by}")).await;
            assert_eq!(scores["n"], expected, "{period}{by}");
        }
    }
    for (query, broken) in [
        ("", "survey missing"),
        ("survey=nps&by=mood", "by format"),
        ("survey=nps&from=soon", "from format"),
        ("survey=nps&from=2026-11-22&to=2026-11-22", "to contradiction"),
    ] {
        let reply = server.api(Method::GET, &format!("/scores?{query}"), None).await;
        assert_eq!((reply.status, reply.violations()), (422, vec![broken.to_owned()]), "{query}");
    }
}

#[tokio::test]
async fn many_senders_at_once_are_all_counted() {
    let server = Server::start().await;
    let replies = join_all((0..300).map(|n| {
        let server = &server;
        async move { server.post(&valid(n % 11)).await.status }
    }))
    .await;
    assert!(replies.iter().all(|status| *status == 200));
    assert_eq!(server.read("/scores?survey=nps").await["n"], 300);
    assert_eq!(server.stored().await.len(), 300);
}
