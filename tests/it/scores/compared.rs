//! Scores beside others: an earlier period, other groups, a wished margin; and where the question changed in between.

use parere_shared::time::DAY_MS;
use reqwest::Method;
use serde_json::{Value, json};

use super::post_all;
use crate::answer::{valid, with};
use crate::server::Server;

/// A hundred answers on 21 November, a hundred better ones on 1 December.
async fn two_periods(server: &Server) {
    post_all(server, "nps", &[(10, 50), (7, 20), (0, 30)]).await;
    server.clock.advance(10 * DAY_MS);
    post_all(server, "nps", &[(10, 60), (7, 20), (0, 20)]).await;
}

#[tokio::test]
async fn a_period_is_set_beside_the_one_before() {
    let server = Server::start().await;
    two_periods(&server).await;
    let later = "/scores?survey=nps&from=2026-12-01&to=2026-12-11";
    let scores = server.read(&format!("{later}&compare=previous")).await;
    let comparison = &scores["comparison"];
    assert_eq!((&scores["n"], &scores["score"]), (&json!(100), &json!(40.0)));
    for (field, expected) in [
        ("from", json!("2026-11-20T23:00:00.000Z")),
        ("to", json!("2026-11-30T23:00:00.000Z")),
        ("difference", json!(20.0)),
        ("interval", json!({"low": -3.38, "high": 42.22, "level": 0.95, "method": "adjusted-wald"})),
        ("movement", json!("no_evidence")),
        ("is_better", Value::Null),
        (
            "sentence",
            json!(
                "No evidence of change since 21 to 30 November 2026: the difference is likely between −3 and +42."
            ),
        ),
    ] {
        assert_eq!(comparison[field], expected, "{field}: {comparison}");
    }
    assert_eq!((&comparison["earlier"]["n"], &comparison["earlier"]["score"]), (&json!(100), &json!(20.0)));
    assert!(comparison.get("breaks").is_none(), "{comparison}");

    for (named, words) in [
        ("compare_from=2026-11-21&compare_to=2026-12-01", "21 to 30 November 2026"),
        ("compare_from=2026-11-21", "21 to 30 November 2026"),
        ("compare_to=2026-11-22", "the time before 22 November 2026"),
        ("compare_to=2026-11-21T12:00:00Z", "the time before 21 November 2026, 13:00"),
    ] {
        let scores = server.read(&format!("{later}&{named}")).await;
        assert_eq!(scores["comparison"]["difference"], 20.0, "{named}");
        let sentence = scores["comparison"]["sentence"].as_str().unwrap();
        assert!(
            sentence.starts_with(&format!("No evidence of change since {words}:")),
            "{named}: {sentence}"
        );
    }
    let none = server.read("/scores?survey=nps&from=2026-12-02&to=2026-12-03&compare_to=2026-11-30").await;
    assert_eq!(
        (&none["comparison"]["movement"], &none["comparison"]["difference"]),
        (&json!("too_few"), &Value::Null)
    );
}

#[tokio::test]
async fn a_comparison_that_makes_no_sense_is_refused() {
    let server = Server::start().await;
    for (query, broken) in [
        ("compare=last", vec!["compare format"]),
        ("compare=previous", vec!["from missing"]),
        ("compare=previous&from=2027-01-01", vec!["from contradiction"]),
        ("compare=previous&from=2026-11-01&compare_to=2026-10-01", vec!["compare contradiction"]),
        ("compare_from=2026-10-01", vec!["compare_to contradiction"]),
        ("from=2026-11-01&compare_to=2026-11-02", vec!["compare_to contradiction"]),
        ("from=2026-11-01&compare_from=2026-11-01", vec!["compare_from contradiction"]),
        ("from=2026-11-01&compare_from=2026-10-09&compare_to=2026-10-08", vec!["compare_to contradiction"]),
        ("from=2026-11-01&compare_from=once", vec!["compare_from format"]),
        ("segments=inline,email", vec!["by contradiction"]),
        ("segments=inline,email&by=day", vec!["by contradiction"]),
        ("segments=inline,inline&by=channel", vec!["segments format"]),
        ("segments=a,b,c,d,e,f,g,h,i&by=locale", vec!["segments format"]),
        ("margin=0", vec!["margin format"]),
        ("margin=-5", vec!["margin format"]),
        ("margin=101", vec!["margin format"]),
        ("margin=NaN", vec!["margin format"]),
        ("margin=narrow&by=mood", vec!["by format", "margin format"]),
    ] {
        let reply = server.api(Method::GET, &format!("/scores?survey=nps&{query}"), None).await;
        assert_eq!(
            (reply.status, reply.violations()),
            (422, broken.into_iter().map(String::from).collect()),
            "{query}"
        );
    }
}

#[tokio::test]
async fn groups_are_set_beside_each_other() {
    let server = Server::start().await;
    for (channel, counts) in
        [("inline", [(10, 120), (0, 40)]), ("email", [(10, 80), (0, 80)]), ("qr", [(10, 3), (0, 0)])]
    {
        let each = counts.iter().flat_map(|&(score, n)| std::iter::repeat_n(score, n));
        let answers: Vec<Value> = each.map(|score| with(valid(score), json!({"channel": channel}))).collect();
        for some in answers.chunks(40) {
            let reply = server.post(&json!(some)).await;
            assert_eq!(reply.status, 200);
        }
    }
    // Whoever answers as soon as it is drawn did not read; here it is the clock that stands still.
    let all = json!({"review": "include"});
    server.api(Method::POST, "/responses/review?survey=nps", Some(&all)).await;
    let scores = server.read("/scores?survey=nps&by=channel&segments=inline,email,%20qr").await;
    let pairs = scores["segments"]["pairs"].as_array().unwrap();
    let said: Vec<_> = pairs.iter().map(|pair| pair["sentence"].as_str().unwrap()).collect();
    assert_eq!(
        said,
        [
            "email is 50 points lower than inline, likely between −69 and −29: worse.",
            "Too few answers to compare qr with inline: it takes 10 on each side.",
            "Too few answers to compare qr with email: it takes 10 on each side.",
        ],
    );
    assert_eq!((&pairs[0]["p"], &pairs[0]["movement"]), (&json!(0.0), &json!("down")), "{scores}");
    assert_eq!(scores["segments"]["by"], "channel");
    assert_eq!(scores["series"].as_array().unwrap().len(), 3, "beside the series");
}

#[tokio::test]
async fn it_is_said_how_many_answers_are_needed() {
    let server = Server::start().await;
    post_all(&server, "nps", &[(10, 20)]).await;
    post_all(&server, "ces", &[(7, 20), (5, 20)]).await;
    for (query, expected) in [
        ("survey=nps", json!({"margin": 5.0, "total": 1534, "more": 1514, "spread": "widest"})),
        ("survey=nps&margin=10", json!({"margin": 10.0, "total": 382, "more": 362, "spread": "widest"})),
        ("survey=csat&margin=2.5", json!({"margin": 2.5, "total": 1533, "more": 1533, "spread": "widest"})),
        // √n ≥ t · 1.0127 / 0.3.
        ("survey=ces", json!({"margin": 0.3, "total": 47, "more": 7, "spread": "seen"})),
    ] {
        assert_eq!(server.read(&format!("/scores?{query}")).await["needed"], expected, "{query}");
    }
}

#[tokio::test]
async fn a_series_says_where_the_question_changed() {
    let server = Server::start().await;
    post_all(&server, "nps", &[(10, 20)]).await;
    server.clock.advance(3 * DAY_MS);
    let asked = server.read("/surveys/nps").await;
    let put = async |survey: Value| {
        assert_eq!(server.api(Method::PUT, "/surveys/nps", Some(&survey)).await.status, 200);
    };
    // Answers that name no language are counted as given in the first one.
    let language = asked["languages"][0].as_str().unwrap();
    put(with(asked.clone(), json!({"texts": {language: {"question": "Ci consiglieresti?"}}}))).await;
    server.clock.advance(DAY_MS);
    post_all(&server, "nps", &[(10, 20)]).await;
    let said = format!("On 24 November 2026 the wording of the question changed ({language}).");
    for (by, key) in [("day", json!("2026-11-24")), ("week", json!("2026-W48")), ("month", json!("2026-11"))]
    {
        let scores = server.read(&format!("/scores?survey=nps&by={by}")).await;
        let breaks = scores["breaks"].as_array().unwrap_or_else(|| panic!("{scores}"));
        assert_eq!(breaks.len(), 1, "{scores}");
        assert_eq!((&breaks[0]["key"], &breaks[0]["at"]), (&key, &json!("2026-11-24T11:00:00.000Z")));
        let [change] = &breaks[0]["changes"].as_array().unwrap()[..] else { panic!("{scores}") };
        assert_eq!((&change["language"], &change["differences"]), (&json!(language), &json!(["wording"])));
        assert_eq!(breaks[0]["sentence"], said);
        assert_eq!(scores["n"], 40, "another wording is the same scale");
    }
    assert!(server.read("/scores?survey=nps&by=channel").await.get("breaks").is_none());
    let compared = server.read("/scores?survey=nps&from=2026-11-25&compare_from=2026-11-21").await;
    let sentence = compared["comparison"]["sentence"].as_str().unwrap();
    assert!(sentence.ends_with(&format!(". {said}")), "{sentence}");

    // Another percentage or brand-new look of the page is no other question; a restart forgets nothing.
    put(with(server.read("/surveys/nps").await, json!({"placement": "popover"}))).await;
    let server = server.restarted().await;
    assert_eq!(server.read("/scores?survey=nps&by=day").await["breaks"].as_array().unwrap().len(), 1);
}
