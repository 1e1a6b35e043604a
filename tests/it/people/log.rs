//! The log: who did what, when, to what; never what was in it.

use std::collections::BTreeSet;

use parere_collector::auth::{Action, Role};
use reqwest::Method;
use serde_json::{Value, json};

use super::{House, PASSWORD, cookie, form};
use crate::surveys::definition;

const AUDIT: &str = "/api/v1/audit";

/// `kind actor action site target` of every entry, oldest first.
async fn told(house: &House) -> Vec<String> {
    let mut entries =
        house.server.read(&format!("{AUDIT}?limit=500")).await["entries"].as_array().unwrap().clone();
    entries.reverse();
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or("-").to_owned();
    let line =
        |entry: &Value| ["kind", "actor", "action", "site", "target"].map(|name| text(entry, name)).join(" ");
    entries.iter().map(line).collect()
}

#[tokio::test]
async fn whatever_changes_or_leaves_is_written_down() {
    let house = House::open().await;
    house.add("owner@x", None, Role::Owner).await;
    let owner = cookie(&house.sign_in("owner@x", PASSWORD).await);
    let (token, id) = house.token(&["admin"], &["pk_demo"], None).await;
    let survey = definition("new", json!({"brand": "Bottega Segreta"}));
    let at = |path: &str| format!("/api/v1/sites/pk_demo{path}");
    for (method, path, body) in [
        (Method::POST, at("/surveys"), Some(&survey)),
        (Method::PUT, at("/surveys/new"), Some(&survey)),
        (Method::DELETE, at("/surveys/new"), None),
        (Method::PATCH, at(""), Some(&json!({"name": "Demo"}))),
        (Method::POST, at("/responses/review?survey=nps"), Some(&json!({"review": "exclude"}))),
        (Method::GET, at("/responses.csv?survey=nps"), None),
        (Method::GET, at("/responses"), None),
        (Method::GET, at("/surveys"), None),
        (Method::PUT, at("/surveys/nope"), Some(&definition("nope", json!({})))),
    ] {
        house.server.clock.advance(1);
        let mut request = house.server.request(method, &path).bearer_auth(&token);
        if let Some(body) = body {
            request = request.json(body);
        }
        crate::client::Reply::to(request).await;
    }
    for (path, fields) in [
        ("/dashboard/people", form(&[("email", "bea@x"), ("site", "pk_demo"), ("role", "viewer")])),
        ("/dashboard/people", form(&[("email", "bea@x"), ("site", "pk_demo"), ("role", "none")])),
        ("/dashboard/people/state", form(&[("email", "bea@x"), ("state", "closed")])),
        ("/dashboard/people/state", form(&[("email", "bea@x"), ("state", "open")])),
        ("/dashboard/tokens/revoke", form(&[("id", &id)])),
        ("/dashboard/sign-out", String::new()),
    ] {
        house.server.clock.advance(1);
        assert!(house.submit(path, &owner, &fields).await.status < 400, "{path}");
    }
    let program = format!("token CRM ({id})");
    let told = told(&house).await;
    // Those of one millisecond stand in any order.
    let told: BTreeSet<&str> = told.iter().map(String::as_str).collect();
    let expected = [
        "account owner@x session.start - ".to_owned(),
        format!("{program} survey.create pk_demo new"),
        format!("{program} survey.replace pk_demo new"),
        format!("{program} survey.remove pk_demo new"),
        format!("{program} site.change pk_demo Demo"),
        format!("{program} responses.review pk_demo nps"),
        format!("{program} responses.export pk_demo pk_demo-nps.csv"),
        "account owner@x account.create pk_demo bea@x: viewer".into(),
        "account owner@x account.link - bea@x".into(),
        "account owner@x account.role pk_demo bea@x: none".into(),
        "account owner@x account.disable - bea@x".into(),
        "account owner@x account.enable - bea@x".into(),
        format!("account owner@x token.revoke pk_demo CRM ({id})"),
        "account owner@x session.end - ".into(),
    ];
    assert_eq!(told, expected.iter().map(String::as_str).collect());
    let page = house.server.api(Method::GET, AUDIT, None).await;
    assert!(!page.text().contains("Segreta") && !page.text().contains(&token), "no content, no secret");
    assert!(Action::NAMED.iter().all(|(_, name)| name.contains('.')));
}

#[tokio::test]
async fn calling_off_and_other_hours_are_written_down() {
    let house = House::open().await;
    house.add("owner@x", None, Role::Owner).await;
    let owner = house.session("owner@x").await;
    let (token, id) = house.token(&["admin"], &["pk_demo"], None).await;
    let mut links = Vec::new();
    for key in ["a", "b"] {
        let wish = json!({"survey": "nps", "channel": "link", "key": key});
        let made = house.server.api(Method::POST, "/invitations", Some(&wish)).await;
        links.push(made.json()["invitation"].as_str().unwrap().to_owned());
    }
    let at = |path: &str| format!("/api/v1/sites/pk_demo{path}");
    let (cancel, hours) =
        (at(&format!("/invitations/{}", links[0])), json!({"week": {"mon": ["09:00-17:00"]}}));
    for (method, path, body, status) in [
        (Method::DELETE, cancel.clone(), json!(null), 204),
        (Method::DELETE, cancel, json!(null), 409),
        (Method::PUT, at("/desk-hours"), hours, 200),
        (Method::PUT, at("/desk-hours"), json!({}), 422),
    ] {
        let request = house.server.request(method, &path).bearer_auth(&token).json(&body);
        assert_eq!(crate::client::Reply::to(request).await.status, status, "{path}");
    }
    for (path, fields, status) in [
        ("/dashboard/pk_demo/invitations", form(&[("act", "cancel"), ("invitation", &links[1])]), 303),
        ("/dashboard/pk_demo/desk-hours", form(&[("mon_from_1", "10:00"), ("mon_until_1", "18:00")]), 303),
        ("/dashboard/pk_demo/desk-hours", form(&[("mon_from_1", "10:00")]), 422),
    ] {
        assert_eq!(house.submit(path, &owner, &fields).await.status, status, "{path} {fields}");
    }
    let mut told = told(&house).await;
    told.retain(|line| line.contains(".cancel ") || line.contains("desk."));
    told.sort();
    let expected = [
        "account owner@x desk.change pk_demo ".to_owned(),
        "account owner@x invitation.cancel pk_demo nps".into(),
        format!("token CRM ({id}) desk.change pk_demo "),
        format!("token CRM ({id}) invitation.cancel pk_demo nps"),
    ];
    assert_eq!(told, expected, "what was refused changed nothing");
}

#[tokio::test]
async fn the_log_is_read_a_page_at_a_time_within_ones_sites() {
    let house = House::open().await;
    house.add("owner@x", Some("pk_scales"), Role::Owner).await;
    for n in 0..120 {
        house.server.clock.advance(1);
        let site = if n % 4 == 0 { "pk_scales" } else { "pk_demo" };
        let change = json!({"name": format!("Name {n}")});
        let path = format!("/api/v1/sites/{site}");
        assert_eq!(house.server.api(Method::PATCH, &path, Some(&change)).await.status, 200);
    }
    let (mut seen, mut query) = (Vec::new(), "limit=50".to_owned());
    loop {
        let page = house.server.read(&format!("{AUDIT}?{query}")).await;
        seen.extend(page["entries"].as_array().unwrap().iter().map(|entry| entry["target"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        query = format!("limit=50&cursor={next}");
    }
    assert_eq!(seen, (0..120).rev().map(|n| json!(format!("Name {n}"))).collect::<Vec<_>>());
    for query in ["cursor=nonsense", "cursor=1", "limit=0", "limit=501"] {
        assert_eq!(
            house.server.api(Method::GET, &format!("{AUDIT}?{query}"), None).await.status,
            422,
            "{query}"
        );
    }

    let owner = house.session("owner@x").await;
    let own = house.open_page(AUDIT, &owner).await.json();
    assert_eq!(own["entries"].as_array().unwrap().len(), 30, "{own}");
    assert!(own["entries"].as_array().unwrap().iter().all(|entry| entry["site"] == "pk_scales"));
    let page = house.open_page("/dashboard/audit", &owner).await;
    assert!(page.text().contains("Name 116") && !page.text().contains("Name 117"), "{}", page.text());
    let administrator =
        house.submit("/dashboard/sign-in", "", &form(&[("token", crate::client::TOKEN)])).await;
    let first = house.open_page("/dashboard/audit", &cookie(&administrator)).await;
    let next = first.text().split("href=\"").find_map(|rest| rest.strip_prefix("/dashboard/audit?")).unwrap();
    let next = format!("/dashboard/audit?{}", next.split('"').next().unwrap());
    let second = house.open_page(&next, &cookie(&administrator)).await;
    assert!(first.text().contains("Name 119") && !second.text().contains("Name 119"));
    assert!(second.text().contains("Newest"));
}
