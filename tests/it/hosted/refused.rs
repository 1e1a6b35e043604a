//! What is not taken, and what the shopper reads then; nothing typed is lost.

use reqwest::Method;
use serde_json::json;

use super::{PAGE, fields, filled, open, send, stored, submit};
use crate::client::{Reply, SHOP};
use crate::server::Server;
use crate::surveys::definition;

const CHOOSE: &str = "Choose a score first.";
const FAILED: &str = "That did not work. Please try again.";
const ENDED: &str = "This question is closed.";

/// A page in the form of a page, whatever became of the answer.
fn assert_page(reply: &Reply, status: u16, says: &str) {
    assert_eq!(reply.status, status, "{reply:?}");
    assert_eq!(reply.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(reply.header("x-robots-tag"), "noindex, nofollow");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert!(reply.header("content-security-policy").starts_with("default-src 'none'; "));
    assert!(reply.text().contains(says), "{says}: {}", reply.text());
}

#[tokio::test]
async fn mistakes_are_said_at_the_field_and_nothing_typed_is_lost() {
    let server = Server::start().await;
    let page = open(&server, PAGE, "en").await;
    let alert = submit(&server, &page, &[]).await;
    assert_page(&alert, 422, &format!("role=\"alert\">{CHOOSE}</p>"));
    assert!(alert.text().contains("aria-describedby=\"choose\""));
    for score in ["", "11", "-1", "nine", "99999999999"] {
        assert_page(&submit(&server, &page, &[("score", score)]).await, 422, CHOOSE);
    }
    let long = "è".repeat(4_001);
    let reply = submit(&server, &page, &[("score", "9"), ("comment", &long)]).await;
    assert_page(&reply, 422, "<bdi>4001 / 4000</bdi>");
    assert!(reply.text().contains(&long) && reply.text().contains("aria-invalid=\"true\""));
    assert!(fields(&reply).contains(&("score".into(), "9".into())), "the choice stays");
    assert!(server.stored().await.is_empty());

    let shorter = format!("{}\n{}", "è".repeat(2_000), "👟".repeat(1_999));
    let reply = submit(&server, &reply, &[("comment", &shorter)]).await;
    assert_eq!(reply.status, 200, "four thousand characters, however many bytes a form makes of them");
    assert_eq!(server.stored().await[0]["comment"], shorter);
}

#[tokio::test]
async fn a_broken_form_is_given_anew() {
    let server = Server::start().await;
    let page = open(&server, PAGE, "en").await;
    for changes in
        [&[("id", "")][..], &[("id", "019aa2b4-7c00-4abc-8def-0123456789ab")], &[("instrument", "?")]]
    {
        let mut changes = changes.to_vec();
        changes.push(("score", "9"));
        assert_page(&submit(&server, &page, &changes).await, 422, FAILED);
    }
    let again = submit(&server, &page, &[("id", "nonsense"), ("score", "9")]).await;
    assert_eq!(submit(&server, &again, &[]).await.status, 200, "the new form has an id that is taken");
    let sent = filled(&fields(&page), &[("score", "9")]);
    for (media_type, body, status) in [
        ("text/plain", sent.clone(), 415),
        ("application/x-www-form-urlencoded", format!("{sent}&comment={}", "x".repeat(17_000)), 413),
        ("application/x-www-form-urlencoded", format!("{sent}&comment={}", "x".repeat(60_000)), 413),
        ("application/x-www-form-urlencoded", String::new(), 422),
    ] {
        let request = server.request(Method::POST, PAGE).header("content-type", media_type).body(body);
        assert_page(&Reply::to(request).await, status, "<form");
    }
    assert_eq!(server.stored().await.len(), 1);
}

#[tokio::test]
async fn forms_of_other_pages_are_taken_by_the_rules_of_ingest() {
    let server = Server::start().await;
    for (origin, status) in
        [(SHOP, 200), ("https://evil.example", 403), ("null", 403), (server.base.as_str(), 200)]
    {
        let page = open(&server, PAGE, "en").await;
        let reply =
            send(&server, PAGE, filled(&fields(&page), &[("score", "9")]), &[("origin", origin)]).await;
        assert_eq!(reply.status, status, "{origin}");
    }
    assert_eq!(server.stored().await.len(), 2);
    let change = json!({"origins": ["https://shop.example"]});
    assert_eq!(server.api(Method::PATCH, "/api/v1/sites/pk_demo", Some(&change)).await.status, 200);
    let page = open(&server, PAGE, "en").await;
    assert!(page.header("content-security-policy").ends_with("frame-ancestors https://shop.example"));
    assert_eq!(submit(&server, &page, &[("score", "9")]).await.status, 200, "our own page is always let in");
}

#[tokio::test]
async fn what_is_not_asked_says_so() {
    let server = Server::start().await;
    for path in ["/s/pk_demo/nothing", "/s/pk_nobody/nps", "/s/x/y"] {
        assert_page(&open(&server, path, "en").await, 404, ENDED);
        assert_page(&open(&server, path, "it-CH").await, 404, "Questa domanda è chiusa.");
        assert_page(&send(&server, path, "score=9".into(), &[]).await, 404, ENDED);
    }
    let page = open(&server, PAGE, "en").await;
    for (slug, changes, asked, taken) in [
        ("draft", json!({"state": "draft"}), 410, 410),
        ("paused", json!({"state": "paused"}), 410, 410),
        ("archived", json!({"state": "archived"}), 410, 410),
        // What was asked in time is taken late, as from an outbox.
        ("early", json!({"schedule": {"from": "2030-01-01T00:00:00Z"}}), 410, 200),
        ("late", json!({"schedule": {"until": "2026-01-01T00:00:00Z"}}), 410, 200),
        (
            "now",
            json!({"schedule": {"from": "2026-01-01T00:00:00Z", "until": "2030-01-01T00:00:00Z"}}),
            200,
            200,
        ),
    ] {
        let added = server.api(Method::POST, "/surveys", Some(&definition(slug, changes))).await;
        assert_eq!(added.status, 201, "{added:?}");
        let path = format!("/s/pk_demo/{slug}");
        let reply = open(&server, &path, "en").await;
        assert_eq!(reply.status, asked, "{slug}");
        let sent =
            filled(&fields(&page), &[("score", "9"), ("id", &crate::answer::fresh_id()), ("instrument", "")]);
        let answered = send(&server, &path, sent, &[]).await;
        assert_eq!(answered.status, taken, "{slug}");
        for closed in [reply, answered].iter().filter(|reply| reply.status == 410) {
            assert_page(closed, 410, ENDED);
        }
    }
    // A try-out of a draft is stored as one.
    let draft = open(&server, "/s/pk_demo/draft?test=1", "en").await;
    let sent = filled(&fields(&draft), &[("score", "9")]);
    assert_eq!(send(&server, "/s/pk_demo/draft", sent, &[]).await.status, 200);
    assert_eq!(server.stored().await.last().unwrap()["test"], true);
}

#[tokio::test]
async fn later_is_said_kindly_and_the_same_form_tries_again() {
    let server = Server::start_with(&["--rate-limit", "1"]).await;
    let page = open(&server, PAGE, "it").await;
    let why = submit(&server, &page, &[("score", "9")]).await;
    assert_eq!(why.status, 200);
    let later = submit(&server, &why, &[("comment", "Tutto")]).await;
    assert_page(&later, 429, "role=\"alert\">Qualcosa non ha funzionato. Riprova.</p>");
    assert!((1..=60).contains(&later.header("retry-after").parse::<u64>().unwrap()), "{later:?}");
    assert!(later.text().contains(">\nTutto</textarea>") && later.text().contains("<button>Invia</button>"));
    let (kept, sent) = (fields(&later), fields(&why));
    assert_eq!(kept, sent, "the same answer at the same revision");
}

#[tokio::test]
async fn a_database_that_is_away_loses_nothing() {
    let server = Server::start_with(&["--queue-len", "1"]).await;
    let page = open(&server, PAGE, "en").await;
    let lock = rusqlite::Connection::open(server.database()).unwrap();
    lock.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let bodies: Vec<String> = (0..6)
        .map(|_| filled(&fields(&page), &[("score", "9"), ("id", &crate::answer::fresh_id())]))
        .collect();
    let (first, rest) = bodies.split_first().unwrap();
    let waits = send(&server, PAGE, first.clone(), &[]);
    let others = async {
        let replies = rest.iter().map(|body| send(&server, PAGE, body.clone(), &[]));
        let mut replies = std::pin::pin!(futures_util::future::select_all(replies.map(Box::pin)));
        let (reply, ..) = (&mut replies).await;
        lock.execute_batch("COMMIT").unwrap();
        reply
    };
    let (_, later) = tokio::join!(waits, others);
    assert_page(&later, 503, FAILED);
    assert!(later.header("retry-after").parse::<u64>().is_ok());
    assert_eq!(submit(&server, &later, &[]).await.status, 200, "the button sends it again");
}

#[tokio::test]
async fn a_program_that_fills_in_everything_is_told_nothing_and_counts_nothing() {
    let server = Server::start().await;
    let page = open(&server, PAGE, "en").await;
    let sent = submit(&server, &page, &[("score", "9"), ("website", "https://spam.example")]).await;
    assert_eq!(sent.status, 200);
    assert_eq!(stored(&server, &["score", "flags"]).await, [json!([9, ["fast", "trap"]])]);
    assert_eq!(server.read("/scores?survey=nps").await["excluded"]["flagged"], 1);
}
