//! Scores by page, and channels of one touchpoint beside each other: told of the latest answers, whoever chose the names.

use serde_json::{Value, json};

use super::series;
use crate::answer::{valid, with};
use crate::dashboard::{open, sign_in};
use crate::server::Server;

/// Posts `n` answers that say `more`, forty at a time.
async fn post(server: &Server, score: i32, n: usize, more: &Value) {
    let answers: Vec<Value> = (0..n).map(|_| with(valid(score), more.clone())).collect();
    for some in answers.chunks(40) {
        assert_eq!(server.post(&json!(some)).await.status, 200);
    }
}

#[tokio::test]
async fn answers_are_told_apart_by_page_under_few_names() {
    let server = Server::start().await;
    server.clock.advance(60_000);
    post(&server, 10, 30, &json!({"page": "/products/boots"})).await;
    post(&server, 10, 6, &json!({"page": "/products/boots?size=42"})).await;
    post(&server, 0, 12, &json!({"page": "/cart"})).await;
    for n in 0..40 {
        post(&server, 0, 1, &json!({"page": format!("/orders/{n}")})).await;
        post(&server, 8, 1, &json!({"page": format!("/{n}-made-up-by-a-stranger")})).await;
    }
    post(&server, 8, 2, &json!({"page": null})).await;
    // What does not count stands nowhere.
    post(&server, 0, 20, &json!({"page": "/products/boots", "test": true})).await;
    let scores = server.read("/scores?survey=nps&by=page").await;
    let expected = [
        ("/cart", 12, -100.0),
        ("/orders/…", 40, -100.0),
        ("/products/boots", 36, 100.0),
        ("other", 40, 0.0),
        ("unknown", 2, 0.0),
    ];
    assert_eq!(series(&scores), expected.map(|(key, n, score)| (key.to_owned(), n, score)));
    assert_eq!(scores["n"], 130);
    let asked = "/scores?survey=nps&by=page&segments=/cart,/products/boots";
    let pair = &server.read(asked).await["segments"]["pairs"][0];
    assert_eq!((&pair["difference"], &pair["movement"]), (&json!(200.0), &json!("up")), "{pair}");
    // Another page, said later, moves the answer; so does a decision about it.
    let answer = with(valid(0), json!({"page": "/cart"}));
    server.post(&answer).await;
    server.post(&with(answer.clone(), json!({"revision": 2, "page": "/products/boots"}))).await;
    let path = "/responses/review?page=/cart";
    let review = server.api(reqwest::Method::POST, path, Some(&json!({"review": "exclude"}))).await;
    assert_eq!(review.json()["changed"], 12);
    let scores = server.read("/scores?survey=nps&by=page").await;
    let boots = series(&scores).into_iter().find(|(key, ..)| key == "/products/boots");
    assert_eq!(boots.map(|(_, n, _)| n), Some(37));
    assert!(series(&scores).iter().all(|(key, ..)| key != "/cart"), "{scores}");

    let cookie = sign_in(&server).await;
    let page = open(&server, "/dashboard/pk_demo/surveys/nps", &cookie).await;
    assert!(page.text().contains("<th scope=\"row\">/orders/…</th><td>40</td>"), "{}", page.text());
}

#[tokio::test]
async fn the_journey_says_where_channels_disagree() {
    let server = Server::start().await;
    server.clock.advance(60_000);
    for (touchpoint, channel, promoters, detractors) in [
        ("delivery", "email", 60, 10),
        ("delivery", "inline", 20, 50),
        ("delivery", "qr", 5, 0),
        ("product", "inline", 30, 20),
        ("product", "popover", 31, 19),
        ("support", "inline", 30, 10),
    ] {
        let at = json!({"touchpoint": touchpoint, "channel": channel});
        post(&server, 10, promoters, &at).await;
        post(&server, 0, detractors, &at).await;
    }
    let cookie = sign_in(&server).await;
    let page = open(&server, "/dashboard/pk_demo/journey", &cookie).await.text().to_owned();
    let stop = |name: &str| {
        let rest = page.split(&format!("<h2>{name}</h2>")).nth(1).expect(name);
        rest.split("<h2>").next().unwrap().to_owned()
    };
    assert!(page.contains("Channels disagree at: delivery."), "{page}");
    let delivery = stop("delivery");
    assert!(delivery.contains("inline is 114 points lower than email, likely between "), "{delivery}");
    for row in ["email", "inline", "qr"] {
        assert!(delivery.contains(&format!("<th scope=\"row\">{row}</th>")), "{row}: {delivery}");
    }
    let product = stop("product");
    assert!(product.contains("No evidence that channels disagree here."), "{product}");
    assert!(!stop("support").contains("channels"), "one channel alone has nobody to disagree with");
}
