//! Who gets in: every operators' path, with every kind of credential.

use std::fs;

use reqwest::Method;

use crate::answer::{full, with};
use crate::client::{Reply, TOKEN};
use crate::server::Server;
use crate::tidy::root;

/// `(method, path)` of every row of the operators' table in API.md; `tidy` keeps that table complete.
pub(crate) fn documented_paths() -> Vec<(Method, String)> {
    let text = fs::read_to_string(root().join("API.md")).unwrap();
    let (_, operators) = text.split_once("## Operators' API").expect("API.md has the operators' paths");
    let rows = operators.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let paths: Vec<(Method, String)> = rows
        .filter_map(|(call, _)| call.split_once(" /"))
        .map(|(method, path)| (method.parse().unwrap(), format!("/api/v1/{path}")))
        .collect();
    assert!(paths.len() >= 10, "{paths:?}");
    paths
}

#[tokio::test]
async fn every_operators_path_refuses_whoever_has_no_token() {
    let server = Server::start().await;
    let credentials: [(&str, &str, &str); 9] = [
        ("none", "x-nothing", ""),
        ("wrong token", "authorization", "Bearer it-token-0123456789abcdeX"),
        ("token cut short", "authorization", "Bearer it-token-0123456789abcde"),
        ("empty token", "authorization", "Bearer "),
        ("no scheme", "authorization", TOKEN),
        ("another scheme", "authorization", "Basic aXQ6aXQtdG9rZW4="),
        ("unknown session", "cookie", "parere=0123456789abcdef; __Host-parere=0123456789abcdef"),
        ("the token as a cookie", "cookie", "parere=it-token-0123456789abcdef"),
        ("the token elsewhere", "x-api-key", TOKEN),
    ];
    for (method, path) in documented_paths() {
        for site in ["pk_demo", "pk_nobody"] {
            let path = path.replace("{site}", site).replace("{survey}", "nps");
            for (what, header, value) in credentials {
                let path = format!("{path}?token={TOKEN}");
                let request = server.request(method.clone(), &path).header(header, value);
                let reply = Reply::to(request.json(&serde_json::json!({}))).await;
                assert_eq!(reply.status, 401, "{method} {path} with {what}: {reply:?}");
                assert_eq!(reply.violations(), Vec::<String>::new());
                assert_eq!(reply.header("www-authenticate"), "Bearer");
            }
        }
    }
    assert_eq!(server.read("/surveys/nps").await["slug"], "nps", "nothing was deleted on the way");
}

/// The same path with a webhook and a delivery that are there.
async fn hooked(server: &Server, path: String) -> String {
    if !path.contains("{webhook}") {
        return path;
    }
    let wish =
        serde_json::json!({"name": "x", "url": "https://receiver.invalid/", "events": ["digest.daily"]});
    let hook = server.api(Method::POST, "/webhooks", Some(&wish)).await.json()["webhook"].clone();
    let hook = hook.as_str().unwrap();
    let test = server.api(Method::POST, &format!("/webhooks/{hook}/test"), None).await.json();
    path.replace("{webhook}", hook).replace("{delivery}", test["delivery"].as_str().unwrap())
}

/// Names something that is made for it, where the path names one.
async fn named(server: &Server, path: String) -> String {
    let rule = serde_json::json!({"name": "x", "survey": "nps", "when": "delivered"});
    let mark = serde_json::json!({"survey": "nps", "text": "Labels come pre-printed"});
    let invitation = serde_json::json!({"survey": "nps", "channel": "link"});
    for (name, place, key, wish) in [
        ("{rule}", "/rules", "rule", rule),
        ("{mark}", "/marks", "mark", mark),
        ("{invitation}", "/invitations", "invitation", invitation),
    ] {
        if path.contains(name) {
            let made = server.api(Method::POST, place, Some(&wish)).await;
            assert_eq!(made.status, 201, "{made:?}");
            return path.replace(name, made.json()[key].as_str().unwrap());
        }
    }
    let address = serde_json::json!({"address": "luca@example.com"});
    if path.contains("{address}") {
        assert_eq!(server.api(Method::POST, "/suppressions", Some(&address)).await.status, 204);
    }
    path.replace("{address}", "luca@example.com")
}

#[tokio::test]
async fn every_documented_path_is_there_for_the_administrator() {
    let server = Server::start().await;
    let wish = serde_json::json!({"name": "CRM", "scopes": ["read"]});
    let token = server.api(Method::POST, "/api/v1/tokens", Some(&wish)).await.json();
    for (method, path) in documented_paths() {
        let path = path.replace("{token}", token["id"].as_str().unwrap());
        let path = named(&server, hooked(&server, path).await.replace("{source}", "orders")).await;
        let connected = server.api(Method::PUT, "/sources/orders", Some(&serde_json::json!({}))).await;
        assert_eq!(connected.status, 200, "{connected:?}");
        // One of them removes the survey, and one the site, so they are others than those that are asked about.
        let leaves = method == Method::DELETE && path.ends_with("/{site}");
        let site = if leaves { "pk_scales" } else { "pk_demo" };
        let path = path.replace("{site}", site).replace("{survey}", "ces");
        // Each time another answer, since some erase it.
        let answer = with(full(), serde_json::json!({"subject": "c-77", "score": 2}));
        assert_eq!(server.post(&answer).await.status, 200);
        let path = path.replace("{id}", answer["id"].as_str().unwrap()).replace("{ref}", "c-77");
        let reply = server.api(method.clone(), &format!("{path}?survey=nps"), None).await;
        assert!(!matches!(reply.status, 401 | 404 | 405 | 500..), "{method} {path}: {reply:?}");
    }
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let server = Server::start().await;
    for path in [
        "/api/v1/sites/pk_nobody",
        "/api/v1/sites/pk_nobody/surveys",
        "/api/v1/sites/pk_nobody/responses",
        "/api/v1/sites/pk_nobody/responses.csv",
        "/api/v1/sites/pk_nobody/scores?survey=nps",
        "/api/v1/sites/pk_demo/surveys/nope",
        "/api/v1/sites/pk_demo/surveys/ces-5",
        "/api/v1/sites/pk_demo/scores?survey=nope",
        "/api/v1/sites/pk_demo/responses?survey=nope",
        "/api/v1/sites/pk_demo/responses.ndjson?survey=nope",
        "/api/v1/sites/..%2F..%2Fetc",
        "/api/v1/nothing",
    ] {
        let reply = server.api(Method::GET, path, None).await;
        assert_eq!(reply.status, 404, "{path}: {reply:?}");
        assert_eq!(reply.violations(), Vec::<String>::new(), "{path}");
    }
}

#[tokio::test]
async fn shops_cannot_read_the_operators_paths() {
    let server = Server::start().await;
    let request = server.request(Method::GET, "/api/v1/sites").bearer_auth(TOKEN);
    let reply = Reply::to(request.header("origin", "https://evil.example")).await;
    assert_eq!(reply.header("access-control-allow-origin"), "", "no page of another origin may read this");
}

#[tokio::test]
async fn the_name_of_the_scheme_is_read_in_either_case() {
    let server = Server::start().await;
    for value in [format!("bearer {TOKEN}"), format!("BEARER {TOKEN}")] {
        let request = server.request(Method::GET, "/api/v1/sites").header("authorization", value);
        assert_eq!(Reply::to(request).await.status, 200);
    }
}
