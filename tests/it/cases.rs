//! Cases over HTTP and on the dashboard: from a low score to what came of it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{HOSTILE, valid, with};
use crate::client::Reply;
use crate::dashboard::{open, sign_in, submit};
use crate::people::House;
use crate::server::Server;
use parere_collector::auth::Role;

const HOUR_MS: i64 = 3_600_000;

/// Takes an answer; its id.
async fn answer(server: &Server, score: i32, changes: Value) -> String {
    let answer = with(valid(score), changes);
    assert_eq!(server.post(&answer).await.status, 200);
    answer["id"].as_str().unwrap().to_owned()
}

async fn change(server: &Server, id: &str, wish: Value) -> Reply {
    server.api(Method::PATCH, &format!("/cases/{id}"), Some(&wish)).await
}

/// Ids of the cases that a query gives.
async fn listed(server: &Server, query: &str) -> Vec<String> {
    let cases = server.read(&format!("/cases?{query}")).await;
    cases["cases"].as_array().unwrap().iter().map(|case| case["id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn from_a_low_score_to_what_came_of_it() {
    let house = House::open().await;
    house.add("ada@x", Some("pk_demo"), Role::Editor).await;
    let server = &house.server;
    server.clock.advance(1_000);
    answer(server, 9, json!({})).await;
    answer(server, 0, json!({"test": true})).await;
    let first = answer(server, 2, json!({"comment": "L’etichetta!", "locale": "it", "ref": "1001"})).await;
    server.clock.advance(HOUR_MS);
    let second = answer(server, 1, json!({"survey": "csat"})).await;
    assert_eq!(listed(server, "").await, [first.clone(), second.clone()]);
    let case = server.read(&format!("/cases/{first}")).await;
    assert_eq!(
        case,
        json!({"id": first, "survey": "nps", "score": 2, "band": "detractor", "comment": "L’etichetta!",
            "locale": "it", "ref": "1001", "opened_at": "2026-11-21T11:00:01.000Z",
            "due_at": "2026-11-23T11:00:01.000Z", "is_overdue": false, "owner": null, "status": "open",
            "outcome": null, "followed_up_at": null, "closed_at": null, "note": null})
    );

    let taken =
        change(server, &first, json!({"owner": "ada@x", "note": "Call +39 333 123 4567"})).await.json();
    assert_eq!((&taken["owner"], &taken["note"]), (&json!("ada@x"), &json!("Call [phone]")));
    assert_eq!(listed(server, "owner=ada@x").await, std::slice::from_ref(&first));
    assert_eq!(listed(server, "owner=none").await, std::slice::from_ref(&second));
    server.clock.advance(HOUR_MS);
    let done = json!({"status": "done", "outcome": "recovered"});
    let done = change(server, &first, done).await.json();
    assert_eq!(
        (&done["followed_up_at"], &done["closed_at"]),
        (&done["closed_at"], &json!("2026-11-21T13:00:01.000Z"))
    );
    assert_eq!(listed(server, "status=done").await, std::slice::from_ref(&first));
    server.clock.advance(49 * HOUR_MS);
    let figures = server.read("/cases/figures").await;
    assert_eq!(
        figures,
        json!({"opened": 2, "open": 1, "doing": 0, "done": 1, "overdue": 1,
            "outcomes": {"recovered": 1, "not_recovered": 0, "no_contact": 0, "changed_mind": 0},
            "recovered": figures["recovered"], "follow_up": figures["follow_up"]})
    );
    let recovered = &figures["recovered"];
    assert_eq!(
        (&recovered["n"], &recovered["share"], &recovered["interval"]["low"]),
        (&json!(1), &json!(100.0), &json!(20.65))
    );
    // One customer heard from somebody after two hours, the other one waits.
    let follow_up = &figures["follow_up"];
    assert_eq!(
        (&follow_up["n"], &follow_up["open"], &follow_up["median"]["ms"]),
        (&json!(2), &json!(1), &json!(7_200_000))
    );
    assert_eq!(server.read("/cases/figures?from=2026-11-22").await["opened"], 0);
    let log = server.api(Method::GET, "/api/v1/audit", None).await.json();
    let actions = log["entries"].as_array().unwrap().iter().filter(|entry| entry["action"] == "case.change");
    assert_eq!(actions.count(), 2);
    // Who is forgotten leaves no case.
    assert_eq!(server.api(Method::DELETE, &format!("/responses/{first}"), None).await.status, 204);
    assert_eq!(server.api(Method::GET, &format!("/cases/{first}"), None).await.status, 404);
}

#[tokio::test]
async fn what_breaks_a_rule_changes_nothing() {
    let house = House::open().await;
    house.add("vera@x", Some("pk_demo"), Role::Viewer).await;
    let server = &house.server;
    server.clock.advance(1_000);
    let first = answer(server, 2, json!({})).await;
    let before = server.read(&format!("/cases/{first}")).await;
    for (wish, status, said) in [
        (json!({"status": "done"}), 422, "outcome missing"),
        (json!({"status": "won"}), 422, "status unknown"),
        (json!({"outcome": "changed_mind", "status": "done"}), 422, "outcome unknown"),
        (json!({"owner": "vera@x"}), 422, "owner unknown"),
        (json!({"owner": "nobody@x"}), 422, "owner unknown"),
        (json!({"note": "x".repeat(501)}), 422, "note too_long"),
        (json!({"opened_at": "now"}), 422, "opened_at unknown"),
    ] {
        let reply = change(server, &first, wish.clone()).await;
        assert_eq!((reply.status, reply.violations()), (status, vec![said.to_owned()]), "{wish}");
    }
    assert_eq!(change(server, "nope", json!({})).await.status, 404);
    let other = answer(server, 9, json!({})).await;
    assert_eq!(change(server, &other, json!({})).await.status, 404, "a good score has none");
    assert_eq!(server.read(&format!("/cases/{first}")).await, before);
}

#[tokio::test]
async fn pages_follow_each_other_and_cases_can_be_off() {
    let server = Server::start().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        server.clock.advance(1_000);
        ids.push(answer(&server, 3, json!({})).await);
    }
    let (mut found, mut query) = (Vec::new(), "limit=2".to_owned());
    loop {
        let page = server.read(&format!("/cases?{query}")).await;
        found.extend(
            page["cases"].as_array().unwrap().iter().map(|case| case["id"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next"].as_str() else { break };
        query = format!("limit=2&cursor={next}");
    }
    assert_eq!(found, ids);
    for query in ["status=won", "cursor=x", "limit=0"] {
        assert_eq!(server.api(Method::GET, &format!("/cases?{query}"), None).await.status, 422, "{query}");
    }
    let site = "/api/v1/sites/pk_demo";
    let off = json!({"cases": {"due_hours": null}});
    let changed = server.api(Method::PATCH, site, Some(&off)).await.json();
    assert_eq!(changed["cases"], json!({"due_hours": null}));
    answer(&server, 0, json!({})).await;
    assert_eq!(listed(&server, "").await.len(), 5);
    for (hours, status) in [(0, 422), (1, 200), (720, 200), (721, 422)] {
        let wish = json!({"cases": {"due_hours": hours}});
        assert_eq!(server.api(Method::PATCH, site, Some(&wish)).await.status, status, "{hours}");
    }
}

#[tokio::test]
async fn the_page_takes_a_case_and_says_what_came_of_it() {
    let house = House::open().await;
    house.add("ada@x", Some("pk_demo"), Role::Editor).await;
    let server = &house.server;
    server.clock.advance(1_000);
    for text in HOSTILE {
        answer(server, 1, json!({"comment": text})).await;
    }
    let id = answer(server, 1, json!({"comment": "مريح جدا", "locale": "ar"})).await;
    let cookie = house.session("ada@x").await;
    let open = async |view: &str| house.open_page(&format!("/dashboard/pk_demo/cases{view}"), &cookie).await;
    let page = open("").await.text().to_owned();
    assert!(page.contains("<blockquote dir=\"auto\" lang=\"ar\">مريح جدا</blockquote>"), "{page}");
    assert!(!page.contains("<img") && !page.contains("<script"), "{page}");
    let send = async |fields: &str| {
        house.submit("/dashboard/pk_demo/cases", &cookie, &format!("case={id}&{fields}")).await
    };
    let taken = send("act=take&view=mine").await;
    assert_eq!((taken.status, taken.header("location")), (303, "/dashboard/pk_demo/cases?view=mine"));
    assert!(open("?view=mine").await.text().contains("It is yours."));
    let refused = send(&format!("act=save&step=doing&note={}", "x".repeat(501))).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("note: ") && refused.text().contains(&"x".repeat(501)));
    assert_eq!(send("act=save&step=recovered&note=%3Cb%3Enew+pair").await.status, 303);
    let done = open("?view=done").await.text().to_owned();
    assert!(done.contains("Done: content again.") && done.contains("&#60;b&#62;new pair"), "{done}");
    assert!(done.contains("100 % of the customers are content again, likely 21 to 100 %, from 1 settled."));
    assert!(!open("?view=mine").await.text().contains("It is yours."));
    assert_eq!(send("act=sing").await.status, 422);
}

#[tokio::test]
async fn a_refused_form_shows_the_figures_of_the_same_days() {
    let server = Server::start().await;
    answer(&server, 2, json!({})).await;
    server.clock.advance(100 * 24 * HOUR_MS);
    let id = answer(&server, 2, json!({})).await;
    let cookie = sign_in(&server).await;
    let place = "/dashboard/pk_demo/cases";
    let figures = |page: &Reply| {
        let (_, rest) = page.text().split_once("The last 90 days</h2>").unwrap();
        rest.split_once("</section>").unwrap().0.to_owned()
    };
    let expected = figures(&open(&server, place, &cookie).await);
    assert!(expected.contains("1 to do, 0 of them overdue."), "{expected}");
    let fields = format!("case={id}&act=save&step=doing&note={}", "x".repeat(501));
    let refused = submit(&server, place, &server.base, &cookie, &fields).await;
    assert_eq!((refused.status, figures(&refused)), (422, expected));
}

#[tokio::test]
async fn every_case_is_a_line_of_a_file() {
    let server = Server::start().await;
    let mut ids = Vec::new();
    for n in 0..3 {
        server.clock.advance(1_000);
        ids.push(answer(&server, n, json!({"comment": "=1+1", "ref": "1001"})).await);
    }
    let done = json!({"status": "done", "outcome": "recovered", "note": "@SUM, a new pair"});
    assert_eq!(change(&server, &ids[0], done).await.status, 200);
    // Of what is done in one millisecond nobody knows the order.
    server.clock.advance(1_000);
    let file = server.api(Method::GET, "/cases.csv", None).await;
    assert_eq!(
        (file.status, file.header("content-type"), file.header("content-disposition")),
        (200, "text/csv; charset=utf-8; header=present", "attachment; filename=\"pk_demo-cases.csv\"")
    );
    let lines: Vec<_> = file.text().split("\r\n").collect();
    assert_eq!(lines.len(), 5, "{lines:?}");
    for (line, id) in lines[1..4].iter().zip(&ids) {
        assert!(line.starts_with(&format!("{id},nps,")) && line.contains(",'=1+1,"), "{line}");
    }
    assert!(
        lines[1].contains(",done,recovered,") && lines[1].ends_with(",\"'@SUM, a new pair\""),
        "{}",
        lines[1]
    );
    let raw = server.api(Method::GET, "/cases.csv?raw=1&from=2026-11-21T11:00:02Z", None).await;
    assert_eq!(raw.text().lines().count(), 3, "{raw:?}");
    assert!(raw.text().contains(",=1+1,"));
    assert_eq!(server.api(Method::GET, "/cases.csv?from=2030-01-01", None).await.text().lines().count(), 1);
    let wrong = server.api(Method::GET, "/cases.csv?raw=x&from=x", None).await;
    assert_eq!((wrong.status, wrong.violations()), (422, vec!["from format".into(), "raw format".into()]));
    let log = server.api(Method::GET, "/api/v1/audit", None).await.json();
    assert_eq!(
        (&log["entries"][0]["action"], &log["entries"][0]["target"]),
        (&json!("responses.export"), &json!("pk_demo-cases.csv"))
    );
}

#[tokio::test]
async fn an_owner_says_when_a_case_is_due() {
    let house = House::open().await;
    house.add("ada@x", Some("pk_demo"), Role::Owner).await;
    house.add("eda@x", Some("pk_demo"), Role::Editor).await;
    let (owner, editor) = (house.session("ada@x").await, house.session("eda@x").await);
    let open =
        async |cookie: &str| house.open_page("/dashboard/pk_demo/cases", cookie).await.text().to_owned();
    assert!(
        !open(&editor).await.contains("When a case is due") && !open(&editor).await.contains("cases.csv")
    );
    let send = async |hours: &str| {
        house.submit("/dashboard/pk_demo/cases/hours", &owner, &format!("due_hours={hours}")).await
    };
    for (hours, kept) in [("24", json!(24)), ("", json!(null)), (" 720 ", json!(720))] {
        let reply = send(hours).await;
        assert_eq!((reply.status, reply.header("location")), (303, "/dashboard/pk_demo/cases"), "{hours}");
        assert_eq!(house.server.read("").await["cases"]["due_hours"], kept);
        let is_off = open(&owner).await.contains("Low scores open no cases here.");
        assert_eq!(is_off, kept.is_null(), "{hours}");
    }
    for hours in ["0", "721", "soon"] {
        let refused = send(hours).await;
        assert_eq!(refused.status, 422, "{hours}");
        assert!(
            refused.text().contains("a whole number from 1 to 720")
                && refused.text().contains(&format!("value=\"{hours}\""))
        );
    }
    assert_eq!(house.server.read("").await["cases"]["due_hours"], 720);
}
