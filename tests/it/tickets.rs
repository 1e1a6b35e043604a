//! Tickets of a help desk, from the first word of them to the page that says how long customers wait.

use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{NOON, valid, with};
use crate::client::Reply;
use crate::dashboard::{open, sign_in};
use crate::postgres::Database;
use crate::server::Server;
use parere_shared::time::{self, Millis};

mod desks;
mod ordered;
mod past;

const HOUR: Millis = 3_600_000;

/// An event some hours before now.
fn event(ticket: &str, event: &str, hours_ago: i64) -> Value {
    json!({"ticket": ticket, "event": event, "at": time::format(NOON - hours_ago * HOUR)})
}

async fn send(server: &Server, events: &Value) -> Reply {
    server.api(Method::POST, "/tickets", Some(events)).await
}

/// Forty tickets of the last weeks: the first reply after 1 to 40 hours, the last ones open.
async fn fill(server: &Server) {
    let mut events = Vec::new();
    for n in 1..=40 {
        let (id, began) = (format!("T{n}"), 200 + n * 10);
        let mut created = event(&id, "created", began);
        created["subject"] = json!(format!("c-{n}"));
        events.extend([created, event(&id, "agent_replied", began - n)]);
        if n <= 35 {
            events.push(event(&id, "solved", began - n - 1));
        }
    }
    // However they arrive, and twice.
    events.reverse();
    for _ in 0..2 {
        let reply = send(server, &json!(events)).await;
        assert_eq!((reply.status, reply.json()), (200, json!({"tickets": 40})), "{reply:?}");
    }
}

#[tokio::test]
async fn a_tickets_whole_life_ends_on_the_page() {
    let server = Server::start().await;
    fill(&server).await;
    for (n, score) in [(1, 5), (2, 5), (30, 1), (38, 2)] {
        let named = json!({"survey": "csat", "score": score, "attributes": {"ticket": format!("T{n}")}});
        assert_eq!(server.post(&with(valid(5), named)).await.status, 200);
    }
    let known = json!({"survey": "csat", "score": 4, "subject": "c-3"});
    assert_eq!(server.post(&with(valid(5), known)).await.status, 200);

    let board = server.read("/speed").await;
    assert_eq!(
        (&board["clock"], &board["tickets"], &board["excluded"]),
        (&json!("calendar"), &json!(40), &json!(0))
    );
    let response = &board["first_response_time"];
    assert_eq!(response["all"]["median"]["ms"], 20 * HOUR, "{board:#}");
    assert_eq!(response["all"]["state"], "ok");
    // Ranks 14 and 27 of 40 by the binomial distribution.
    let closed = &response["closed"]["median"];
    assert_eq!((closed["low_ms"].as_i64(), closed["high_ms"].as_i64()), (Some(14 * HOUR), Some(27 * HOUR)));
    let resolution = &board["time_to_resolution"]["all"];
    assert_eq!((&resolution["n"], &resolution["open"]), (&json!(40), &json!(5)));
    assert_eq!(board["first_contact_resolution"]["part"], 35);
    let spread =
        |of: &str| board[of].as_array().unwrap().iter().map(|row| row["n"].clone()).collect::<Vec<_>>();
    assert_eq!(spread("first_replies"), [0, 3, 20, 17, 0]);
    assert_eq!(spread("solutions"), [0, 2, 20, 13, 0], "five are open");
    let scores = &board["score_by_speed"][0];
    assert_eq!((&scores["survey"], &scores["n"]), (&json!("csat"), &json!(5)), "{scores}");
    let buckets: Vec<_> = scores["buckets"].as_array().unwrap().iter().map(|row| row["n"].clone()).collect();
    assert_eq!(buckets, [0, 3, 0, 2, 0]);
    let slow: Vec<_> =
        board["slow_and_unhappy"].as_array().unwrap().iter().map(|slow| slow["ticket"].clone()).collect();
    assert_eq!(slow, ["T38", "T30"], "the open one has waited longest");

    let cookie = sign_in(&server).await;
    let page = open(&server, "/dashboard/pk_demo/speed?period=90d", &cookie).await.text().to_owned();
    for words in [
        "First response time",
        "Time to resolution",
        "First-contact resolution",
        "20 h",
        "Likely",
        "5 tickets not solved yet",
        "How soon somebody first replied",
        "How soon it was solved",
        "Scores by speed",
        "T38",
        "Customer satisfaction",
    ] {
        assert!(page.contains(words), "{words} is not on {page}");
    }
    // Of what is opened again the first solution is told beside the one that held.
    let first = "To the first solution, whether it held or not, half wait no longer than";
    assert!(!page.contains(first), "there is no other");
    assert_eq!(send(&server, &event("T1", "reopened", 100)).await.status, 200);
    let page = open(&server, "/dashboard/pk_demo/speed?period=90d", &cookie).await;
    assert!(page.text().contains(first), "{}", page.text());
}

#[tokio::test]
async fn time_counts_while_somebody_is_at_the_desk() {
    let server = Server::start().await;
    fill(&server).await;
    let (board, cookie) = (server.read("/speed").await, sign_in(&server).await);
    // Nobody is there at night, nor on the days that are named.
    let always = json!(["00:00-24:00"]);
    let week = json!({"mon": always, "tue": always, "wed": always, "thu": always, "fri": always});
    let hours = json!({"week": week, "holidays": ["2026-11-05"]});
    let kept = server.api(Method::PUT, "/desk-hours", Some(&hours)).await;
    assert_eq!((kept.status, kept.json()["holidays"].clone()), (200, json!(["2026-11-05"])), "{kept:?}");
    assert_eq!(server.read("/desk-hours").await, kept.json());
    let business = server.read("/speed?clock=business").await;
    // Elsewhere the free days begin at another moment.
    let away = with(hours.clone(), json!({"zone": "pacific/auckland"}));
    let away = server.api(Method::PUT, "/desk-hours", Some(&away)).await;
    assert_eq!(away.json()["zone"], "Pacific/Auckland", "{away:?}");
    assert_ne!(
        server.read("/speed?clock=business").await["time_to_resolution"],
        business["time_to_resolution"]
    );
    assert_eq!(server.api(Method::PUT, "/desk-hours", Some(&hours)).await.json()["zone"], Value::Null);
    assert_eq!(business["clock"], "business");
    let median = |board: &Value| board["first_response_time"]["all"]["median"]["ms"].as_i64().unwrap();
    assert!(median(&business) < median(&board), "{business:#}");
    let page = open(&server, "/dashboard/pk_demo/speed?period=90d&clock=business", &cookie).await;
    assert!(page.text().contains("the hours in which somebody is at the desk"));
    // A period without tickets says so.
    assert_eq!(server.read("/speed?from=2025-01-01&to=2025-02-01").await["tickets"], 0);
    let page = open(&server, "/dashboard/pk_demo/speed?from=2025-01-01&to=2025-02-01", &cookie).await;
    assert!(page.text().contains("No tickets began"));
    assert!(page.text().contains("<a href=\"/dashboard/pk_demo/connections\">Connect a help desk</a>"));
}

#[tokio::test]
async fn what_cannot_be_a_ticket_is_named_and_nothing_is_taken() {
    let server = Server::start().await;
    let good = event("1", "created", 1);
    let changed = |field: &str, value: Value| with(good.clone(), json!({field: value}));
    for (sent, status, violations) in [
        (json!("text"), 400, vec!["body type"]),
        (changed("event", json!("answered")), 422, vec!["event format"]),
        (changed("at", json!("yesterday")), 422, vec!["at format"]),
        (changed("at", json!("2030-01-01T00:00:00Z")), 422, vec!["at contradiction"]),
        (changed("ticket", json!("")), 422, vec!["ticket empty"]),
        (changed("ticket", json!("x".repeat(129))), 422, vec!["ticket too_long"]),
        (changed("channel", json!("a\u{7}")), 422, vec!["channel control_character"]),
        (changed("text", json!("Hello")), 422, vec!["text unknown"]),
        (json!([good, changed("at", json!(""))]), 422, vec!["[1].at format"]),
        (json!([good, {"ticket": "2"}, 7]), 422, vec!["[1].event missing", "[2].body type"]),
        (json!(vec![good.clone(); 501]), 413, vec!["body too_many"]),
    ] {
        let reply = send(&server, &sent).await;
        assert_eq!(
            (reply.status, reply.violations()),
            (status, violations.into_iter().map(str::to_owned).collect())
        );
    }
    assert_eq!(server.read("/speed").await["tickets"], 0);
    assert_eq!(send(&server, &json!([])).await.json(), json!({"tickets": 0}));
    for (hours, field) in [
        (json!({"week": {"mon": ["9-17"]}}), "week.mon[0] format"),
        (json!({"week": {}}), "week empty"),
        (json!({"week": {"mon": ["09:00-17:00"]}, "zone": "Mars/Base"}), "zone format"),
        (json!({}), "week missing"),
    ] {
        let reply = server.api(Method::PUT, "/desk-hours", Some(&hours)).await;
        assert_eq!((reply.status, reply.violations()), (422, vec![field.to_owned()]), "{hours}");
    }
    let reply = server.api(Method::GET, "/speed?clock=sundial&from=x", None).await;
    assert_eq!(reply.violations(), ["from format", "clock unknown"]);
}

#[tokio::test]
async fn a_persons_tickets_are_told_and_erased() {
    let database = Database::create().await;
    for server in [Server::start().await, Server::start_on(&database.url()).await] {
        let mut mine = event("1", "created", 5);
        mine["subject"] = json!("c-77");
        mine["tags"] = json!(["returns"]);
        let events = json!([mine, event("1", "agent_replied", 4), event("2", "created", 3)]);
        assert_eq!(send(&server, &events).await.status, 200);
        let told = server.api(Method::GET, "/subjects/c-77", None).await.lines();
        assert_eq!((&told[0]["ticket"], &told[0]["tags"]), (&json!("1"), &json!(["returns"])), "{told:?}");
        assert_eq!(told[0]["happened"].as_array().unwrap().len(), 2);
        assert_eq!(server.api(Method::DELETE, "/subjects/c-77", None).await.status, 200);
        assert_eq!(server.api(Method::GET, "/subjects/c-77", None).await.lines().len(), 1, "the trailer");
        // What is said of it again is not taken.
        assert_eq!(send(&server, &events).await.json(), json!({"tickets": 1}));
        assert_eq!(server.read("/speed").await["tickets"], 1);
        server.stop().await;
    }
}
