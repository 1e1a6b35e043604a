//! The first page: every survey with its score, what became of it, and how many answered.

use reqwest::Method;
use serde_json::{Value, json};

use super::{HOME, open, sign_in};
use crate::answer::{valid, with};
use crate::client::{Reply, SHOP};
use crate::server::Server;

/// Answers in the page, all with one score.
async fn answer(server: &Server, score: i32, count: usize) {
    let answers: Vec<Value> = (0..count).map(|_| with(valid(score), json!({"channel": "inline"}))).collect();
    assert_eq!(server.post(&json!(answers)).await.status, 200);
}

/// Shoppers who saw the question of `nps`.
async fn show(server: &Server, count: usize) {
    for _ in 0..count {
        let body = json!({"site": "pk_demo", "survey": "nps", "events": ["shown"], "channel": "inline"});
        let request = server.request(Method::POST, "/v1/events").body(body.to_string());
        assert_eq!(Reply::to(request.header("origin", SHOP)).await.status, 204);
    }
}

/// What stands of a survey of the demo shop.
async fn figures(server: &Server, cookie: &str, query: &str, survey: &str) -> String {
    let page = open(server, &format!("{HOME}{query}"), cookie).await.text().to_owned();
    let card = page.split(&format!("id=\"figures:pk_demo:{survey}\" data-live")).nth(1).expect(survey);
    card.split("</li>").next().unwrap().to_owned()
}

#[tokio::test]
async fn every_survey_says_whether_it_went_up_and_how_many_answered() {
    let server = Server::start().await;
    // Somebody has read the question before the answer.
    server.clock.advance(60_000);
    answer(&server, 0, 40).await;
    server.clock.advance(31 * parere_shared::time::DAY_MS);
    answer(&server, 10, 40).await;
    show(&server, 80).await;

    let cookie = sign_in(&server).await;
    let nps = figures(&server, &cookie, "", "nps").await;
    for told in ["Up 200 points since ", ": better.", "<dd>40</dd>", "<dd>50 %</dd>"] {
        assert!(nps.contains(told), "{told}: {nps}");
    }
    // Nothing is before the beginning, and what was never seen has no rate.
    let all = figures(&server, &cookie, "?period=all", "nps").await;
    assert!(!all.contains("since") && all.contains("<dd>80</dd>"), "{all}");
    let csat = figures(&server, &cookie, "", "csat").await;
    assert!(csat.contains("No answers yet.") && csat.contains("<dd>–<"), "{csat}");
    let scales = open(&server, HOME, &cookie).await;
    assert!(scales.text().contains("data-live=\"/dashboard/live\""), "renewed while somebody looks");
}
