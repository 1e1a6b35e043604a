//! Surveys that ask a share of shoppers: who was asked rarely weighs more, on nobody's word but the survey's own.

use parere_shared::time::DAY_MS;
use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{valid, with};
use crate::client::TOKEN;
use crate::server::Server;
use crate::surveys::definition;

/// From now on the survey `sampled` asks so many of a thousand shoppers.
async fn ask(server: &Server, per_mille: u32) {
    let survey = definition("sampled", json!({"targeting": {"sample_per_mille": per_mille}}));
    let (method, path) = match server.api(Method::GET, "/surveys/sampled", None).await.status {
        404 => (Method::POST, "/surveys"),
        _ => (Method::PUT, "/surveys/sampled"),
    };
    let reply = server.api(method, path, Some(&survey)).await;
    assert!(reply.status < 300, "{reply:?}");
}

async fn answer(server: &Server, scores: &[(i32, usize)], inclusion: Value) {
    let each = scores.iter().flat_map(|&(score, n)| std::iter::repeat_n(score, n));
    let sampled = json!({"survey": "sampled", "inclusion": inclusion});
    let answers: Vec<Value> = each.map(|score| with(valid(score), sampled.clone())).collect();
    for some in answers.chunks(40) {
        assert_eq!(server.post(&json!(some)).await.status, 200);
    }
}

#[tokio::test]
async fn answers_stand_for_those_who_were_not_asked() {
    let server = Server::start().await;
    ask(&server, 250).await;
    answer(&server, &[(10, 20), (0, 20)], json!(0.25)).await;
    let alike = server.read("/scores?survey=sampled&by=day").await;
    assert_eq!((&alike["n"], &alike["score"]), (&json!(40), &json!(0.0)));
    assert!(alike.get("n_effective").is_none(), "one chance for all: {alike}");
    let plain = server.read("/scores?survey=sampled").await["interval"].clone();

    ask(&server, 1000).await;
    server.clock.advance(DAY_MS);
    answer(&server, &[(10, 15), (0, 5)], json!(1)).await;
    answer(&server, &[(10, 15), (0, 5)], Value::Null).await;
    let scores = server.read("/scores?survey=sampled&by=day").await;
    // 30 + 4·20 promoters, 10 + 4·20 detractors; n by Kish: 200² / (40 + 16·40).
    for (field, expected) in [
        ("n", json!(80)),
        ("n_effective", json!(58.82)),
        ("score", json!(10.0)),
        ("state", json!("ok")),
        ("bands", json!({"promoters": 50, "passives": 0, "detractors": 30})),
    ] {
        assert_eq!(scores[field], expected, "{field}: {scores}");
    }
    let points = scores["series"].as_array().unwrap();
    assert_eq!(points.iter().map(|point| point["score"].as_f64().unwrap()).collect::<Vec<_>>(), [0.0, 50.0]);
    assert_eq!(points[0]["interval"], plain, "a day on which all had the same chance");
    assert!(points.iter().all(|point| point.get("n_effective").is_none()), "{scores}");
    // Read from rows, where a day is not whole.
    let part = server.read("/scores?survey=sampled&from=2026-11-21T00:00:00Z&to=2026-11-22T23:59:00Z").await;
    assert_eq!((&part["n_effective"], &part["interval"]), (&scores["n_effective"], &scores["interval"]));
}

#[tokio::test]
async fn nobody_gains_weight_by_saying_so() {
    let server = Server::start().await;
    ask(&server, 250).await;
    answer(&server, &[(10, 40)], json!(0.25)).await;
    for inclusion in [json!(0.001), json!(1e-300), json!(0.000_4), json!(0.249), json!(0.5)] {
        answer(&server, &[(0, 1)], inclusion).await;
    }
    let scores = server.read("/scores?survey=sampled").await;
    // 40 answers for 160 shoppers, and five for five.
    assert_eq!((&scores["n"], &scores["score"]), (&json!(45), &json!(93.94)), "{scores}");
    let flagged = server.read("/responses?survey=sampled&flag=inclusion&limit=500").await;
    let flagged = flagged["responses"].as_array().unwrap();
    assert_eq!(flagged.len(), 5);
    assert!(
        flagged.iter().all(|row| row["flags"] == json!(["inclusion"]) && row["score"] == 0),
        "{flagged:?}"
    );
}

#[tokio::test]
async fn a_share_is_believed_as_long_as_answers_to_it_can_arrive() {
    let server = Server::start().await;
    ask(&server, 250).await;
    server.clock.advance(60_000);
    ask(&server, 500).await;
    let token = format!("Bearer {TOKEN}");
    for (days, inclusion, headers, flags) in [
        (0, json!(0.5), &[][..], ""),
        (0, json!(0.25), &[], ""),
        (0, json!(0.250_4), &[], ""),
        (0, json!(1), &[], "inclusion"),
        (0, Value::Null, &[], ""),
        // A merchant who draws a sample of its own for e-mails says so with its token.
        (0, json!(0.05), &[("authorization", &*token)][..], ""),
        (0, json!(0.000_1), &[("authorization", &*token)], "inclusion"),
        (7, json!(0.25), &[], ""),
        (2, json!(0.25), &[], "inclusion"),
        (0, json!(0.5), &[], ""),
    ] {
        server.clock.advance(days * DAY_MS);
        let answer = with(valid(9), json!({"survey": "sampled", "inclusion": inclusion}));
        assert_eq!(server.send_with(answer.to_string().into_bytes(), headers).await.status, 200);
        let newest = server.read("/responses?survey=sampled&limit=1").await;
        let row = &newest["responses"][0];
        assert_eq!(crate::answer::flags_of(row), flags, "{inclusion} after {days} days");
        assert_eq!(row["inclusion"].as_f64(), inclusion.as_f64(), "what was said is kept");
    }
}
