//! A search for what nobody wrote ends, says how far it looked, and can be taken further.

use serde_json::{Value, json};

use super::{open, sign_in};
use crate::answer::{valid, with};
use crate::server::Server;

/// Answers with a comment that one search looks at, as the collector has it.
const SEARCHED_MAX: usize = 100_000;

/// As many newer answers as are asked for, copies of the first but for their comment.
pub(crate) const COPIES: &str = "
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
    INSERT INTO responses
      (site, id, digest, survey, metric, instrument, revision, score, band, comment, choices, attributes, test, flags,
       occurred_at_ms, received_at_ms, day, counted_locale, counted_touchpoint, counted_per_mille, subject)
    SELECT site, unhex(printf('%012x70008000', n) || hex(randomblob(6))), digest, survey, metric, instrument, revision, score, band, 'too wide', choices,
      attributes, test, flags, occurred_at_ms, received_at_ms, day, counted_locale, counted_touchpoint,
      counted_per_mille, subject
    FROM responses, numbers WHERE seq = (SELECT max(seq) FROM responses)";

#[tokio::test]
async fn a_search_says_how_far_it_looked() {
    let server = Server::start().await;
    assert_eq!(server.post(&with(valid(2), json!({"comment": "Too tight"}))).await.status, 200);
    let database = rusqlite::Connection::open(server.database()).unwrap();
    database.execute(COPIES, [SEARCHED_MAX]).unwrap();
    let cookie = sign_in(&server).await;

    let narrow = open(&server, "/dashboard/pk_demo/comments?q=tight", &cookie).await;
    assert!(
        narrow.text().contains("Nobody said anything like it since 21 November 2026."),
        "{}",
        narrow.text()
    );
    let (_, rest) = narrow.text().split_once("Looked back to 21 November 2026. <a href=\"").unwrap();
    let further = rest.split('"').next().unwrap().replace("&#38;", "&");
    let further = open(&server, &format!("/dashboard/pk_demo/comments{further}"), &cookie).await;
    assert!(further.text().contains(">Too tight</blockquote>"), "{}", further.text());
    assert!(!further.text().contains("Looked back"), "{}", further.text());

    // What is found often fills its page before that.
    let wide = open(&server, "/dashboard/pk_demo/comments?q=wide", &cookie).await;
    assert_eq!(wide.text().matches(">too wide</blockquote>").count(), 50);
    assert!(wide.text().contains("Earlier comments") && !wide.text().contains("Looked back"));

    // The same by the API: a short page, and yet a next one.
    let page = server.read("/responses?q=tight").await;
    assert_eq!(page["responses"].as_array().unwrap().len(), 0);
    let page = server.read(&format!("/responses?q=tight&cursor={}", page["next"].as_str().unwrap())).await;
    assert_eq!((page["responses"].as_array().unwrap().len(), page["next"].as_str()), (1, None));

    // Oldest first it looks at as many, and begins behind none that is to settle.
    server.clock.advance(600_000);
    assert_eq!(server.post(&with(valid(2), json!({"comment": "Too loose"}))).await.status, 200);
    let found = |page: &Value| page["responses"].as_array().unwrap().len();
    let search = "/responses?order=oldest&q=loose";
    let start = server.read("/responses?order=oldest&q=nobody&lag=86400").await["next"].clone();
    let first = server.read(search).await;
    assert_eq!(found(&first), 0);
    let on = |cursor: &Value, lag: u32| format!("{search}&cursor={}&lag={lag}", cursor.as_str().unwrap());
    let second = server.read(&on(&first["next"], 0)).await;
    assert_eq!(found(&second), 1);
    let third = server.read(&on(&second["next"], 0)).await;
    assert_eq!((found(&third), &third["next"]), (0, &second["next"]), "the end for now");
    let settling = server.read(&on(&start, 700)).await;
    assert_eq!((found(&settling), &settling["next"]), (0, &start));
    let settled = server.read(&on(&start, 300)).await;
    assert_eq!((found(&settled), &settled["next"]), (0, &first["next"]));
    let settling = server.read(&on(&settled["next"], 300)).await;
    assert_eq!((found(&settling), &settling["next"]), (0, &settled["next"]));
    server.clock.advance(301_000);
    assert_eq!(found(&server.read(&on(&settling["next"], 300)).await), 1);
}
