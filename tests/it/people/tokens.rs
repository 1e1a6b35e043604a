//! Tokens of programs: shown once, good for what they say, and over at once when they are revoked.

use parere_collector::auth::Role;
use reqwest::Method;
use serde_json::{Value, json};

use super::{House, form};
use crate::answer::{NOON, valid, with};
use crate::client::Reply;
use crate::server::Server;

const TOKENS: &str = "/api/v1/tokens";

async fn by(house: &House, token: &str, method: Method, path: &str) -> u16 {
    Reply::to(house.server.request(method, path).bearer_auth(token)).await.status
}

#[tokio::test]
async fn a_token_is_shown_once_and_ends_at_once() {
    let house = House::open().await;
    let wish = json!({"name": " CRM ", "scopes": ["read", "export"], "sites": ["pk_demo"]});
    let made = house.server.api(Method::POST, TOKENS, Some(&wish)).await;
    assert_eq!(made.status, 201, "{made:?}");
    let made_json = made.json();
    let (token, id) = (made_json["token"].as_str().unwrap(), made_json["id"].as_str().unwrap());
    assert_eq!(made.header("location"), format!("{TOKENS}/{id}"));
    assert!(token.starts_with("par_") && token.len() >= 44, "{token}");
    let listed = house.server.read(TOKENS).await;
    let expected = json!({
        "id": id, "name": "CRM", "scopes": ["read", "export"], "sites": ["pk_demo"], "made_by": "administrator",
        "created_at": "2026-11-21T11:00:00.000Z", "used_at": null, "expires_at": null,
    });
    assert_eq!(listed, json!({"tokens": [expected]}));
    assert_eq!(by(&house, token, Method::GET, "/api/v1/sites/pk_demo").await, 200);
    assert_eq!(by(&house, token, Method::GET, "/api/v1/sites/pk_scales").await, 404);
    let used = async || house.server.read(TOKENS).await["tokens"][0]["used_at"].clone();
    assert_eq!(used().await, "2026-11-21T11:00:00.000Z");
    house.server.clock.advance(299_999);
    assert_eq!(by(&house, token, Method::GET, "/api/v1/sites").await, 200);
    assert_eq!(used().await, "2026-11-21T11:00:00.000Z", "written once in five minutes");
    house.server.clock.advance(1);
    assert_eq!(by(&house, token, Method::GET, "/api/v1/sites").await, 200);
    assert_eq!(used().await, "2026-11-21T11:05:00.000Z");
    assert_eq!(house.server.api(Method::DELETE, &format!("{TOKENS}/{id}"), None).await.status, 204);
    assert_eq!(by(&house, token, Method::GET, "/api/v1/sites/pk_demo").await, 401);
    assert_eq!(house.server.api(Method::DELETE, &format!("{TOKENS}/{id}"), None).await.status, 404);
}

#[tokio::test]
async fn a_token_ends_when_it_says() {
    let house = House::open().await;
    let (token, _) = house.token(&["read"], &[], Some(NOON + 1_000)).await;
    house.server.clock.advance(999);
    assert_eq!(by(&house, &token, Method::GET, "/api/v1/sites").await, 200);
    house.server.clock.advance(1);
    assert_eq!(by(&house, &token, Method::GET, "/api/v1/sites").await, 401);
}

#[tokio::test]
async fn nonsense_is_refused_with_every_violation() {
    let house = House::open().await;
    for (wish, status, broken) in [
        (json!({"name": "CRM"}), 422, &["scopes missing"][..]),
        (json!({"name": "", "scopes": []}), 422, &["name empty", "scopes empty"]),
        (json!({"name": "a\u{7}", "scopes": ["all"]}), 422, &["name control_character", "scopes unknown"]),
        (json!({"name": "x".repeat(101), "scopes": ["read"]}), 422, &["name too_long"]),
        (json!({"name": "CRM", "scopes": ["read"], "sites": ["pk_nobody"]}), 422, &["sites unknown"]),
        (json!({"name": "CRM", "scopes": ["read"], "expires_at": "soon"}), 422, &["expires_at format"]),
        (
            json!({"name": "CRM", "scopes": ["read"], "expires_at": "2026-11-21T11:00:00.000Z"}),
            422,
            &["expires_at format"],
        ),
        (json!({"name": "CRM", "scopes": ["read"], "token": "par_mine"}), 422, &["token unknown"]),
        (json!([]), 400, &["body type"]),
    ] {
        let reply = house.server.api(Method::POST, TOKENS, Some(&wish)).await;
        assert_eq!(
            (reply.status, reply.violations()),
            (status, broken.iter().map(|&b| b.into()).collect()),
            "{wish}"
        );
    }
    assert_eq!(house.server.read(TOKENS).await, json!({"tokens": []}));
}

#[tokio::test]
async fn owners_of_a_site_have_its_tokens_and_no_others() {
    let house = House::open().await;
    house.add("owner@x", Some("pk_demo"), Role::Owner).await;
    let owner = house.session("owner@x").await;
    for sites in [&[][..], &["pk_scales"], &["pk_demo", "pk_scales"]] {
        house.token(&["read"], sites, None).await;
    }
    let (_, id) = house.token(&["read"], &["pk_demo"], None).await;
    let listed = house.open_page(TOKENS, &owner).await.json();
    let ids: Vec<&Value> = listed["tokens"].as_array().unwrap().iter().map(|token| &token["id"]).collect();
    assert_eq!(ids, [&json!(id)]);

    let wish = |site: &str| {
        form(&[("name", "Shop"), ("scope", "read"), ("scope", "write"), ("site", site), ("days", "30")])
    };
    assert_eq!(house.submit("/dashboard/tokens", &owner, &wish("*")).await.status, 422);
    let page = house.submit("/dashboard/tokens", &owner, &wish("pk_demo")).await;
    let token =
        page.text().split(['>', '<']).find(|text| text.starts_with("par_") && text.len() > 40).unwrap();
    assert_eq!(by(&house, token, Method::GET, "/api/v1/sites/pk_demo/surveys").await, 200);
    assert_eq!(by(&house, token, Method::GET, "/api/v1/sites/pk_scales/surveys").await, 404);
    assert!(!house.open_page("/dashboard/tokens", &owner).await.text().contains(token), "shown once");
    let revoked = house.submit("/dashboard/tokens/revoke", &owner, &form(&[("id", &id)])).await;
    assert_eq!((revoked.status, revoked.header("location")), (303, "/dashboard/tokens"));
}

#[tokio::test]
async fn a_program_of_the_site_sends_answers_of_many_shoppers() {
    let house = House::around(Server::start_with(&["--rate-limit", "1000"]).await).await;
    let send = async |scopes: &[&str], sites: &[&str]| {
        let (token, _) = house.token(scopes, sites, None).await;
        for n in 0..8 {
            let answer = with(valid(9), json!({"comment": format!("{n}")})).to_string().into_bytes();
            let bearer = format!("Bearer {token}");
            assert_eq!(house.server.send_with(answer, &[("authorization", &bearer)]).await.status, 200);
        }
        let rows = house.server.stored().await;
        rows.iter().rev().take(8).filter(|row| crate::answer::flags_of(row).contains("repeated")).count()
    };
    assert_eq!(send(&["write"], &["pk_demo"]).await, 0);
    assert!(send(&["write"], &["pk_scales"]).await > 0, "of another site's it is a shopper like any other");
    assert!(send(&["read"], &[]).await > 0);
}
