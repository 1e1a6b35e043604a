//! Marks over HTTP and on the survey's page: what was improved, and what may be said of the score since.

use parere_shared::time::DAY_MS;
use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{valid, with};
use crate::dashboard::{open, sign_in, submit};
use crate::server::Server;

/// Takes `n` answers to `ces`, most of them of this score.
async fn answers(server: &Server, n: usize, score: i32, touchpoint: &str) {
    for n in 0..n {
        let score = if n % 5 == 0 { 4 } else { score };
        let answer = with(valid(score), json!({"survey": "ces", "touchpoint": touchpoint}));
        assert_eq!(server.post(&answer).await.status, 200);
    }
}

async fn note(server: &Server, mark: Value) -> Value {
    let reply = server.api(Method::POST, "/marks", Some(&mark)).await;
    assert_eq!(reply.status, 201, "{reply:?}");
    reply.json()
}

#[tokio::test]
async fn the_time_before_and_after_an_improvement_is_compared() {
    let server = Server::start_with(&["--rate-limit", "off"]).await;
    // Nobody is asked about anything before 14 November; the label is printed beforehand from the 21st on.
    answers(&server, 40, 2, "returns").await;
    answers(&server, 30, 6, "cart").await;
    server.clock.advance(7 * DAY_MS);
    answers(&server, 40, 7, "returns").await;
    answers(&server, 30, 6, "cart").await;
    let wish = json!({"survey": "ces", "date": "2026-11-28", "text": " Labels come pre-printed "});
    let mark = note(&server, wish.clone()).await;
    assert_eq!((&mark["date"], &mark["text"]), (&json!("2026-11-28"), &json!("Labels come pre-printed")));
    assert_eq!((&mark["touchpoint"], &mark["made_by"]), (&Value::Null, &json!("administrator")));
    let compare = async |mark: &Value, days: &str| {
        server.read(&format!("/marks/{}/comparison{days}", mark["mark"].as_str().unwrap())).await
    };
    // It has been one day: one day on either side, and the one before had no answers.
    let short = compare(&mark, "").await;
    assert_eq!(
        (&short["days"], &short["later"]["n"], &short["earlier"]["n"]),
        (&json!(1), &json!(70), &json!(0))
    );
    assert!(
        short["sentence"].as_str().unwrap().starts_with("Too few answers to compare with the day before it")
    );
    server.clock.advance(9 * DAY_MS);
    let long = compare(&mark, "?days=10").await;
    assert_eq!(
        (&long["days"], &long["earlier"]["n"], &long["later"]["n"]),
        (&json!(10), &json!(70), &json!(70))
    );
    let sentence = long["sentence"].as_str().unwrap();
    assert!(
        sentence.starts_with("Up 2")
            && sentence.contains("since the 10 days before it")
            && sentence.ends_with("better."),
        "{sentence}"
    );
    // The same of a touchpoint where nothing has changed.
    let cart = note(&server, with(wish.clone(), json!({"touchpoint": "cart"}))).await;
    let cart = compare(&cart, "?days=10").await;
    assert_eq!((&cart["earlier"]["n"], &cart["later"]["n"]), (&json!(30), &json!(30)));
    assert!(
        cart["sentence"].as_str().unwrap().starts_with("No evidence of change since the 10 days"),
        "{cart}"
    );

    for (changes, said) in [
        (json!({"survey": "nope"}), ""),
        (json!({"text": " "}), "text empty"),
        (json!({"text": "x".repeat(201)}), "text too_long"),
        (json!({"date": "2026-12-08"}), "date contradiction"),
        (json!({"date": "soon"}), "date format"),
        (json!({"touchpoint": "my own corner"}), "touchpoint unknown"),
    ] {
        let reply = server.api(Method::POST, "/marks", Some(&with(wish.clone(), changes.clone()))).await;
        let expected = if said.is_empty() { (404, vec![]) } else { (422, vec![said.to_owned()]) };
        assert_eq!((reply.status, reply.violations()), expected, "{changes}");
    }
    let path = format!("/marks/{}", mark["mark"].as_str().unwrap());
    for days in ["0", "367", "x"] {
        let reply = server.api(Method::GET, &format!("{path}/comparison?days={days}"), None).await;
        assert_eq!(reply.status, 422, "{days}");
    }
    assert_eq!(server.read("/marks?survey=nps").await["marks"], json!([]));
    assert_eq!(server.read("/marks?survey=ces").await["marks"].as_array().unwrap().len(), 2);
    assert_eq!(server.api(Method::DELETE, &path, None).await.status, 204);
    assert_eq!(server.api(Method::DELETE, &path, None).await.status, 404);
}

#[tokio::test]
async fn the_survey_s_page_notes_and_draws_it() {
    let server = Server::start_with(&["--rate-limit", "off"]).await;
    answers(&server, 20, 2, "returns").await;
    server.clock.advance(DAY_MS);
    answers(&server, 20, 6, "returns").await;
    let cookie = sign_in(&server).await;
    let page = "/dashboard/pk_demo/surveys/ces";
    let act = format!("{page}/marks");
    let fields = "text=%3Cimg+src%3Dx%3E+%D7%AA%D7%95%D7%95%D7%99%D7%95%D7%AA&date=2026-11-22";
    let noted = submit(&server, &act, &server.base, &cookie, fields).await;
    assert_eq!((noted.status, noted.header("location")), (303, &*format!("{page}#marks")));
    let seen = open(&server, page, &cookie).await.text().to_owned();
    assert!(seen.contains("<h3 dir=\"auto\">&#60;img src=x&#62; תוויות</h3>"), "{seen}");
    assert!(seen.contains("Dotted line: 22 November 2026, <bdi>&#60;img"), "{seen}");
    assert!(
        seen.contains("since the day before it") && seen.contains("Before: ") && seen.contains("Since: ")
    );
    assert_eq!(submit(&server, &act, &server.base, &cookie, "text=&date=2026-11-22").await.status, 422);
    let id = server.read("/marks").await["marks"][0]["mark"].as_str().unwrap().to_owned();
    let removed = submit(&server, &act, &server.base, &cookie, &format!("act=remove&mark={id}")).await;
    assert_eq!(removed.status, 303);
    assert!(!open(&server, page, &cookie).await.text().contains("Dotted line"));
}
