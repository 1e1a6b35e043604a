//! Answers that break no rule and are doubted: stored, out of the score, visible, and back in at a person's word.

use reqwest::Method;
use serde_json::{Value, json};

use super::status;
use crate::answer::{valid, with};
use crate::client::TOKEN;
use crate::server::Server;

/// What the score counts and what it leaves out.
async fn counted(server: &Server) -> (u64, u64) {
    let scores = server.read("/scores?survey=nps").await;
    (scores["n"].as_u64().unwrap(), scores["excluded"]["flagged"].as_u64().unwrap())
}

async fn review(server: &Server, query: &str, decision: &str) -> Value {
    let body = json!({"review": decision});
    let reply = server.api(Method::POST, &format!("/responses/review?{query}"), Some(&body)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()["changed"].clone()
}

/// Flags as they are shown, oldest first.
async fn flags(server: &Server) -> Vec<String> {
    server.stored().await.iter().map(crate::answer::flags_of).collect()
}

#[tokio::test]
async fn a_stuffed_ballot_stays_out_of_the_score_until_a_person_decides() {
    const STUFFED: usize = 40;
    let server = Server::start_with(&["--rate-limit", "1000"]).await;
    let honest = valid(9);
    assert_eq!(status(&server.post(&honest).await), "stored");
    for _ in 1..STUFFED {
        assert_eq!(status(&server.post(&valid(0)).await), "stored", "nothing tells the sender");
    }
    assert_eq!(counted(&server).await, (5, 35));
    let comment = with(honest.clone(), json!({"revision": 2, "comment": "the same shopper"}));
    assert_eq!(status(&server.post(&comment).await), "stored");
    assert_eq!(counted(&server).await, (5, 35), "who says more about one answer gives no second one");
    let page = server.read("/responses?flag=repeated&limit=500").await;
    assert_eq!(page["responses"].as_array().unwrap().len(), 35);

    // A person says: the others came from there, too; then: it was the staff's own tablet, all of them count.
    assert_eq!(review(&server, "survey=nps", "exclude").await, json!(STUFFED));
    assert_eq!(counted(&server).await, (0, 40));
    assert_eq!(review(&server, "flag=repeated", "include").await, json!(35));
    assert_eq!(counted(&server).await, (35, 5));
    assert_eq!(review(&server, "survey=nps", "reset").await, json!(STUFFED));
    assert_eq!(counted(&server).await, (5, 35));
    assert_eq!(flags(&server).await.iter().filter(|flags| *flags == "repeated").count(), 35);
}

#[tokio::test]
async fn a_decision_outlives_what_the_shopper_says_next() {
    let server = Server::start().await;
    let answer = valid(3);
    server.post(&answer).await;
    assert_eq!(review(&server, "survey=nps", "exclude").await, json!(1));
    server.post(&with(answer, json!({"revision": 2, "score": 4}))).await;
    assert_eq!((flags(&server).await, counted(&server).await), (vec!["excluded".into()], (0, 1)));
}

#[tokio::test]
async fn programs_and_impossible_readers_are_doubted() {
    let drawn = |channel: &str, reading_ms: i64| {
        let answer = valid(9);
        let made = u64::from_str_radix(&answer["id"].as_str().unwrap().replace('-', "")[..12], 16).unwrap();
        let at = parere_shared::time::format(i64::try_from(made).unwrap() + reading_ms);
        with(answer, json!({"channel": channel, "occurred_at": at, "sent_at": at}))
    };
    let googlebot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
    let phone =
        "Mozilla/5.0 (Linux; Android 9; CUBOT P40) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36";
    for (answer, agent, expected) in [
        (drawn("inline", 299), phone, "fast"),
        (drawn("inline", 0), phone, "fast"),
        (drawn("inline", 300), phone, ""),
        (drawn("api", 0), "shop/1.0", ""),
        (with(drawn("inline", 10), json!({"revision": 2})), phone, ""),
        (drawn("link", 5_000), googlebot, "bot"),
        (drawn("link", 5_000), "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", ""),
    ] {
        let server = Server::start().await;
        server.send_with(answer.to_string().into_bytes(), &[("user-agent", agent)]).await;
        assert_eq!(flags(&server).await, [expected], "{agent} {answer}");
    }
}

#[tokio::test]
async fn tablets_and_operators_own_programs_send_for_many() {
    let server = Server::start_with(&["--rate-limit", "1000"]).await;
    for n in 0..20 {
        let body = with(valid(9), json!({"channel": if n % 2 == 0 { "kiosk" } else { "api" }}));
        let bearer = format!("Bearer {TOKEN}");
        let token: &[(&str, &str)] = if n % 2 == 0 { &[] } else { &[("authorization", &bearer)] };
        let at = json!({"occurred_at": "2026-11-21T11:00:09Z", "sent_at": "2026-11-21T11:00:09Z"});
        let reply = server.send_with(with(body, at).to_string().into_bytes(), token).await;
        assert_eq!(status(&reply), "stored");
    }
    assert_eq!(counted(&server).await, (20, 0));
}

#[tokio::test]
async fn a_decision_needs_to_say_about_what() {
    let server = Server::start().await;
    server.post(&valid(9)).await;
    for (query, body, broken) in [
        ("", json!({"review": "exclude"}), "query missing"),
        ("flag=odd", json!({"review": "exclude"}), "flag unknown"),
        ("survey=nps", json!({"review": "delete"}), "review format"),
        ("survey=nps", json!({}), "review missing"),
        ("from=never&survey=nps", json!({"review": "reset"}), "from format"),
    ] {
        let reply = server.api(Method::POST, &format!("/responses/review?{query}"), Some(&body)).await;
        assert_eq!((reply.status, reply.violations()), (422, vec![broken.to_owned()]), "{query} {body}");
    }
    let reply =
        server.api(Method::POST, "/responses/review?survey=none", Some(&json!({"review": "reset"}))).await;
    assert_eq!(reply.status, 404);
    assert_eq!(flags(&server).await, [""]);
}
