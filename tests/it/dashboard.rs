//! The dashboard: who gets in, what others' pages cannot do with it, and that comments stay text.

use reqwest::Method;
use serde_json::json;

use crate::answer::{HOSTILE, valid, with};
use crate::client::{Reply, TOKEN};
use crate::server::Server;

const HOME: &str = "/dashboard";
const DOOR: &str = "/dashboard/sign-in";

/// Posts a form from a page of `origin`.
async fn submit(server: &Server, path: &str, origin: &str, cookie: &str, fields: &str) -> Reply {
    let request = server.request(Method::POST, path).header("origin", origin).header("cookie", cookie);
    Reply::to(request.header("content-type", "application/x-www-form-urlencoded").body(fields.to_owned()))
        .await
}

async fn open(server: &Server, path: &str, cookie: &str) -> Reply {
    Reply::to(server.request(Method::GET, path).header("cookie", cookie)).await
}

/// Signs in with the token and returns the session's cookie.
async fn sign_in(server: &Server) -> String {
    let reply = submit(server, DOOR, &server.base, "", &format!("token={TOKEN}")).await;
    assert_eq!((reply.status, reply.header("location")), (303, HOME), "{reply:?}");
    reply.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn only_those_with_a_session_get_in() {
    let server = Server::start().await;
    for cookie in ["", "parere=", "parere=0123456789abcdef", &format!("parere={TOKEN}")] {
        for path in [HOME, "/dashboard/pk_demo/surveys/nps", "/dashboard/pk_nobody/surveys/nps"] {
            let reply = open(&server, path, cookie).await;
            assert_eq!((reply.status, reply.header("location")), (303, DOOR), "{path} with {cookie:?}");
        }
    }
    for fields in ["token=wrong-token-0123456789", "token=", "", "other=field"] {
        let reply = submit(&server, DOOR, &server.base, "", fields).await;
        assert_eq!((reply.status, reply.header("set-cookie")), (403, ""), "{fields}");
        assert!(reply.text().contains("role=\"alert\""), "{}", reply.text());
    }
    let cookie = sign_in(&server).await;
    let pages = [
        (HOME, 200),
        ("/dashboard/pk_demo/surveys/nps", 200),
        ("/dashboard/pk_demo/surveys/nope", 404),
        ("/dashboard/pk_nobody/surveys/nps", 404),
    ];
    for (path, status) in pages {
        let reply = open(&server, path, &cookie).await;
        assert_eq!(reply.status, status, "{path}");
        assert!(reply.header("content-type").starts_with("text/html"), "{path}");
        for (name, expected) in
            [("content-security-policy", "default-src 'none'"), ("cache-control", "no-store")]
        {
            assert!(reply.header(name).contains(expected), "{path}: {name} is {}", reply.header(name));
        }
    }
    let reply = submit(&server, "/dashboard/sign-out", &server.base, &cookie, "").await;
    assert_eq!(reply.status, 303, "{reply:?}");
    assert_eq!(open(&server, HOME, &cookie).await.status, 303, "the session is over here, too");
}

#[tokio::test]
async fn pages_of_others_cannot_act_in_a_session() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    for origin in ["https://evil.example", "null", "http://localhost:3000"] {
        let reply = submit(&server, "/dashboard/sign-out", origin, &cookie, "").await;
        assert_eq!(reply.status, 403, "{origin}");
        let reply = submit(&server, DOOR, origin, "", &format!("token={TOKEN}")).await;
        assert_eq!((reply.status, reply.header("set-cookie")), (403, ""), "{origin}");
    }
    assert_eq!(open(&server, HOME, &cookie).await.status, 200);
    // A cookie travels with whatever a browser sends: it reads, and never changes anything.
    let survey = crate::surveys::definition("new", json!({}));
    for (method, path) in [
        (Method::POST, "/api/v1/sites/pk_demo/surveys"),
        (Method::PUT, "/api/v1/sites/pk_demo/surveys/nps"),
        (Method::DELETE, "/api/v1/sites/pk_demo/surveys/nps"),
        (Method::PATCH, "/api/v1/sites/pk_demo"),
    ] {
        let request = server.request(method.clone(), path).header("cookie", &cookie).json(&survey);
        assert_eq!(Reply::to(request).await.status, 401, "{method} {path}");
    }
    let export = open(&server, "/api/v1/sites/pk_demo/responses.csv", &cookie).await;
    assert_eq!(export.status, 200, "the links of the dashboard lead to the files");
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    server.clock.advance(30 * parere_shared::time::DAY_MS - 1);
    assert_eq!(open(&server, HOME, &cookie).await.status, 200);
    server.clock.advance(1);
    assert_eq!(open(&server, HOME, &cookie).await.status, 303);
}

#[tokio::test]
async fn comments_are_text_whatever_they_say() {
    let server = Server::start().await;
    for text in HOSTILE {
        assert_eq!(server.post(&with(valid(9), json!({"comment": text, "locale": "it"}))).await.status, 200);
    }
    let cookie = sign_in(&server).await;
    let page = open(&server, "/dashboard/pk_demo/surveys/nps", &cookie).await;
    assert!(!page.text().contains("<script"), "no script of anybody's");
    assert!(page.text().contains("alert(1)"), "but every word");
    assert!(!page.text().contains("=HYPERLINK(\""), "quotes are escaped, too");
}
