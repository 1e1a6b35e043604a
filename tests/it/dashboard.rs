//! The dashboard: who gets in, what others' pages cannot do with it, and that comments stay text.

use reqwest::Method;
use serde_json::json;

use crate::answer::{HOSTILE, valid, with};
use crate::client::{Reply, TOKEN};
use crate::server::Server;

mod overview;
mod review;
mod search;

pub(crate) use search::COPIES;

const HOME: &str = "/dashboard";
const DOOR: &str = "/dashboard/sign-in";

/// Posts a form from a page of `origin`.
pub(crate) async fn submit(server: &Server, path: &str, origin: &str, cookie: &str, fields: &str) -> Reply {
    let request = server.request(Method::POST, path).header("origin", origin).header("cookie", cookie);
    Reply::to(request.header("content-type", "application/x-www-form-urlencoded").body(fields.to_owned()))
        .await
}

pub(crate) async fn open(server: &Server, path: &str, cookie: &str) -> Reply {
    Reply::to(server.request(Method::GET, path).header("cookie", cookie)).await
}

/// Signs in with the token and returns the session's cookie.
pub(crate) async fn sign_in(server: &Server) -> String {
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
        ("/dashboard/pk_demo/surveys/nps?period=all", 200),
        ("/dashboard/pk_demo/surveys/nps?from=2026-11-01&to=2026-12-01", 200),
        ("/dashboard/pk_demo/journey", 200),
        ("/dashboard/pk_nobody/journey", 404),
        ("/dashboard/pk_demo/speed", 200),
        ("/dashboard/pk_demo/speed?period=all&clock=business", 200),
        ("/dashboard/pk_nobody/speed", 404),
        ("/dashboard/pk_demo/comments", 200),
        ("/dashboard/pk_nobody/comments", 404),
        ("/dashboard/pk_demo/responses/1", 404),
        ("/dashboard/pk_demo/cases", 200),
        ("/dashboard/pk_nobody/cases", 404),
        ("/dashboard/pk_demo/webhooks", 200),
        ("/dashboard/pk_nobody/webhooks", 404),
        ("/dashboard/pk_demo/webhooks/nope", 404),
        ("/dashboard/pk_demo/connections", 200),
        ("/dashboard/pk_nobody/connections", 404),
        ("/dashboard/pk_demo/webhooks/connect/hubspot", 200),
        ("/dashboard/pk_demo/webhooks/connect/klaviyo", 200),
        ("/dashboard/pk_demo/webhooks/connect/slack", 404),
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
    for path in [HOME, "/dashboard/pk_demo/surveys/nps"] {
        let page = open(&server, path, &cookie).await;
        for form in ["/v1/pk_demo.js", "/v1/pk_demo.now.js?lang="] {
            assert!(page.text().contains(form), "{path} offers the tag in both its forms");
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
    assert_eq!(page.text().matches("<script").count(), 1, "our own script and nobody's");
    assert!(page.text().contains("alert(1)"), "but every word");
    assert!(!page.text().contains("=HYPERLINK(\""), "quotes are escaped, too");
}

#[tokio::test]
async fn comments_are_narrowed_down_and_lead_to_their_answers() {
    let server = Server::start().await;
    for (score, comment, page) in [
        (9, "Lovely boots", "/products/boots"),
        (2, "Too tight", "/products/boots"),
        (3, "No reply", "/support"),
    ] {
        let answer = with(valid(score), json!({"comment": comment, "page": page, "locale": "en"}));
        assert_eq!(server.post(&answer).await.status, 200);
    }
    let cookie = sign_in(&server).await;
    for (query, expected) in [
        ("", vec!["Lovely boots", "Too tight", "No reply"]),
        ("?q=LOVELY", vec!["Lovely boots"]),
        ("?band=detractor", vec!["Too tight", "No reply"]),
        ("?band=detractor&page=/products", vec!["Too tight"]),
        ("?locale=fr", vec![]),
        ("?survey=nps&from=2026-11-21&to=2026-11-22", vec!["Lovely boots", "Too tight", "No reply"]),
        ("?flag=any", vec![]),
    ] {
        let page =
            open(&server, &format!("/dashboard/pk_demo/comments{query}"), &cookie).await.text().to_owned();
        let seen = |comment: &&str| page.contains(&format!(">{comment}</blockquote>"));
        let found: Vec<_> = ["Lovely boots", "Too tight", "No reply"].into_iter().filter(seen).collect();
        assert_eq!(found, expected, "{query}");
        let link = page.split("/dashboard/pk_demo/responses/").nth(1).and_then(|rest| rest.split('"').next());
        let Some(id) = link else { continue };
        let answer = open(&server, &format!("/dashboard/pk_demo/responses/{id}"), &cookie).await;
        assert_eq!(answer.status, 200);
        assert!(answer.text().contains(id), "{}", answer.text());
    }
    let broken = open(&server, "/dashboard/pk_demo/comments?band=happy", &cookie).await;
    assert_eq!(broken.status, 422);
}

#[tokio::test]
async fn pages_of_comments_lead_to_every_one() {
    let server = Server::start().await;
    for n in 0..120 {
        let answer = with(valid(9), json!({"comment": format!("Comment {n}.")}));
        assert_eq!(server.post(&answer).await.status, 200);
    }
    let cookie = sign_in(&server).await;
    let (mut seen, mut path) = (0, "/dashboard/pk_demo/comments?band=promoter".to_owned());
    loop {
        let page = open(&server, &path, &cookie).await.text().to_owned();
        seen += page.matches("</blockquote>").count();
        let next = page
            .split("<a href=\"")
            .find(|rest| rest.contains("rel=\"next\""))
            .map(|rest| rest.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&"));
        let Some(next) = next.filter(|next| next.starts_with('?')) else { break };
        path = format!("/dashboard/pk_demo/comments{next}");
    }
    assert_eq!(seen, 120);
}

#[tokio::test]
async fn the_journey_goes_through_the_touchpoints_in_their_order() {
    let server = Server::start().await;
    for touchpoint in ["support", "product", "discovery"] {
        let batch: Vec<_> = (0..12)
            .map(|n| with(valid(if n < 9 { 10 } else { 1 }), json!({"touchpoint": touchpoint})))
            .collect();
        assert_eq!(server.post(&json!(batch)).await.status, 200);
    }
    let cookie = sign_in(&server).await;
    let page = open(&server, "/dashboard/pk_demo/journey", &cookie).await.text().to_owned();
    let places: Vec<_> =
        ["discovery", "product", "support"].map(|name| page.find(&format!("<h2>{name}</h2>"))).into();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?}");
    assert_eq!(
        page.matches("<p class=\"value\">50</p>").count(),
        3,
        "nine promoters and three detractors each"
    );
}

#[tokio::test]
async fn whoever_looks_at_a_site_hears_of_its_answers() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    for path in ["/dashboard/pk_demo/live", "/dashboard/live"] {
        let request = server.request(Method::GET, path).header("cookie", &cookie);
        let mut stream = request.send().await.unwrap();
        assert_eq!(stream.headers()["content-type"], "text/event-stream");
        assert_eq!(server.post(&valid(9)).await.status, 200);
        let heard = stream.chunk().await.unwrap().unwrap();
        assert!(heard.starts_with(b"event: changed\n"), "{path}: {heard:?}");
        assert_eq!(open(&server, path, "").await.status, 303);
    }
    assert_eq!(open(&server, "/dashboard/pk_nobody/live", &cookie).await.status, 404);
}
