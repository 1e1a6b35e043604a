//! Events of questions: counted by day, bounded, nobody's; and the funnel that is made of them.

use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{valid, with};
use crate::client::{Client, Reply, SHOP};
use crate::server::Server;

/// Posts what became of a question, as a page of the shop does.
async fn report(client: &Client, body: &Value) -> Reply {
    report_from(client, SHOP, body).await
}

async fn report_from(client: &Client, origin: &str, body: &Value) -> Reply {
    let request = client.request(Method::POST, "/v1/events").body(body.to_string());
    Reply::to(request.header("content-type", "text/plain;charset=UTF-8").header("origin", origin)).await
}

fn of(survey: &str, events: &[&str]) -> Value {
    json!({"site": "pk_demo", "survey": survey, "events": events, "channel": "inline", "locale": "it",
        "device": "phone", "touchpoint": "product"})
}

/// Eligible, shown, started, answered, commented, dismissed, clicked.
async fn steps(client: &Client, query: &str) -> [u64; 7] {
    let funnel = client.read(&format!("/funnel?{query}")).await;
    ["eligible", "shown", "started", "answered", "commented", "dismissed", "clicked"]
        .map(|step| funnel[step].as_u64().unwrap())
}

#[tokio::test]
async fn a_funnel_stands_beside_the_score() {
    let server = Server::start().await;
    // Somebody has read the question before the answer.
    server.clock.advance(1_000);
    for n in 0..20 {
        let events: &[&str] = match n {
            0..2 => &["eligible", "shown", "started", "clicked"],
            2..10 => &["eligible", "shown", "started"],
            10..14 => &["eligible", "shown", "dismissed"],
            14..18 => &["eligible", "shown"],
            _ => &["eligible"],
        };
        assert_eq!(report(&server, &of("nps", events)).await.status, 204);
        if n < 9 {
            let answer = with(valid(9), json!({"channel": "inline", "comment": (n < 3).then_some("Comode")}));
            assert_eq!(server.post(&answer).await.status, 200);
        }
    }
    // What is not on a page, does not count or is another survey's is not in it.
    for changes in [
        json!({"channel": "email", "comment": "Comode"}),
        json!({"channel": "inline", "test": true, "comment": "Comode"}),
        json!({"survey": "ces", "score": 5, "channel": "inline"}),
    ] {
        assert_eq!(server.post(&with(valid(9), changes)).await.status, 200);
    }
    assert_eq!(report(&server, &of("csat", &["shown"])).await.status, 204);
    let funnel = server.read("/funnel?survey=nps").await;
    assert_eq!(
        funnel,
        json!({"survey": "nps", "eligible": 20, "shown": 18, "started": 10, "answered": 9, "commented": 3,
            "dismissed": 4, "clicked": 2, "clicked_hosted": 0, "response_rate": {"share": 50.0,
                "interval": {"low": 29.03, "high": 70.97, "level": 0.95, "method": "wilson"}}})
    );
    assert_eq!(steps(&server, "survey=csat").await, [0, 1, 0, 0, 0, 0, 0]);
    // A comment that comes later counts from then on.
    let late = with(valid(4), json!({"channel": "bar"}));
    server.post(&late).await;
    server.post(&with(late, json!({"revision": 2, "comment": "Tardi"}))).await;
    assert_eq!(steps(&server, "survey=nps").await[3..5], [10, 4]);
    for (query, status) in [("survey=nope", 404), ("", 422), ("survey=nps&from=soon", 422)] {
        let reply = server.api(Method::GET, &format!("/funnel?{query}"), None).await;
        assert_eq!(reply.status, status, "{query}: {reply:?}");
    }
}

#[tokio::test]
async fn days_are_whole_and_the_sites_own() {
    let server = Server::start().await;
    // It is a Saturday, 13:00 in Rome; twelve hours later it is Sunday there.
    report(&server, &of("nps", &["shown"])).await;
    server.clock.advance(12 * 3_600_000);
    report(&server, &of("nps", &["shown", "dismissed"])).await;
    for (query, shown) in [
        ("", 2),
        ("&from=2026-11-22", 1),
        ("&to=2026-11-22", 1),
        ("&from=2026-11-21&to=2026-11-23", 2),
        ("&from=2026-11-23", 0),
        ("&to=2026-11-21", 0),
        // Moments stand for the days in which they lie.
        ("&from=2026-11-21T22:00:00Z&to=2026-11-21T23:30:00Z", 2),
        ("&from=2026-11-21T23:00:00Z", 1),
    ] {
        assert_eq!(steps(&server, &format!("survey=nps{query}")).await[1], shown, "{query}");
    }
    // They outlive the process that counted them, whether it was asked for them or not.
    report(&server, &of("nps", &["eligible"])).await;
    let server = server.restarted().await;
    assert_eq!(steps(&server, "survey=nps").await, [1, 2, 0, 0, 0, 1, 0]);
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_and_not_counted() {
    let server = Server::start().await;
    let shown = of("nps", &["shown"]);
    for (body, status, field) in [
        (json!([shown]), 400, "body"),
        (with(shown.clone(), json!({"site": null})), 422, "site"),
        (with(shown.clone(), json!({"site": "pk_nobody"})), 404, ""),
        (with(shown.clone(), json!({"survey": "nope"})), 404, ""),
        (with(shown.clone(), json!({"events": []})), 422, "events"),
        (with(shown.clone(), json!({"events": ["bought"]})), 422, "events"),
        (with(shown.clone(), json!({"channel": "pigeon"})), 422, "channel"),
        (with(shown.clone(), json!({"locale": "?"})), 422, "locale"),
        (with(shown.clone(), json!({"instrument": "x"})), 422, "instrument"),
        (with(shown.clone(), json!({"touchpoint": "\u{7}"})), 422, "touchpoint"),
        (with(shown.clone(), json!({"touchpoint": "x".repeat(129)})), 422, "touchpoint"),
        (with(shown.clone(), json!({"touchpoint": "x".repeat(3_000)})), 413, "body"),
    ] {
        let reply = report(&server, &body).await;
        assert_eq!(reply.status, status, "{body}: {reply:?}");
        assert_eq!(
            reply.violations().first().map_or("", |said| said.split(' ').next().unwrap()),
            field,
            "{body}"
        );
    }
    assert_eq!(report_from(&server, "https://elsewhere.example", &shown).await.status, 403);
    let bot = server.request(Method::POST, "/v1/events").body(shown.to_string());
    let bot = bot.header("origin", SHOP).header("user-agent", "Googlebot/2.1");
    assert_eq!(Reply::to(bot).await.status, 204, "nobody is told, and nothing is counted");
    let site = json!({"name": "Shop", "zone": "Europe/Rome", "origins": ["*"]});
    assert_eq!(server.api(Method::PATCH, "/api/v1/sites/pk_demo", Some(&site)).await.status, 200);
    let survey = with(server.read("/surveys/ces").await, json!({"state": "paused", "warnings": null}));
    assert_eq!(server.api(Method::PUT, "/surveys/ces", Some(&survey)).await.status, 200);
    assert_eq!(report(&server, &of("ces", &["shown"])).await.status, 410);
    assert_eq!(steps(&server, "survey=nps").await, [0; 7]);
    assert_eq!(steps(&server, "survey=ces").await, [0; 7]);
}

#[tokio::test]
async fn nothing_that_a_sender_makes_up_becomes_a_key_and_nothing_says_whose_it_was() {
    let server = Server::start().await;
    for n in 0..50 {
        let made_up = json!({"events": ["shown", "shown"], "locale": format!("x{}", "ab".repeat(1 + n % 3)),
            "touchpoint": format!("place {n}"), "instrument": format!("{n:016x}"), "subject": "c-77", "id": n});
        assert_eq!(report(&server, &with(of("nps", &[]), made_up)).await.status, 204);
    }
    assert_eq!(steps(&server, "survey=nps").await[1], 50);
    let database = rusqlite::Connection::open(server.database()).unwrap();
    let mut rows = database.prepare("SELECT * FROM daily_events").unwrap();
    let columns = rows.column_names().collect::<Vec<_>>().join(" ");
    assert_eq!(columns, "site survey day kind instrument channel locale device touchpoint n");
    let rows: Vec<(String, String, String, u64)> = rows
        .query_map([], |row| Ok((row.get(4)?, row.get(6)?, row.get(8)?, row.get(9)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(rows, [(String::new(), "other".into(), "other".into(), 50)]);
}

#[tokio::test]
async fn events_have_a_limit_of_their_own() {
    let server = Server::start_with(&["--rate-limit", "3"]).await;
    let shown = of("nps", &["shown"]);
    let statuses = [
        report(&server, &shown).await.status,
        report(&server, &shown).await.status,
        report(&server, &shown).await.status,
        report(&server, &shown).await.status,
    ];
    assert_eq!(statuses, [204, 204, 204, 429]);
    assert_eq!(server.post(&valid(9)).await.status, 200, "answers have their own");
    let metrics = server.get("/metrics").await;
    assert!(metrics.text().contains("parere_events_total{reason=\"shown\"} 3"), "{}", metrics.text());
}
