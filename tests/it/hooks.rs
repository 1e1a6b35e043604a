//! What others tell: believed if it is signed, kept nowhere if it is not.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::Method;
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha256;

use crate::answer::NOON;
use crate::client::{Client, Reply};
use crate::server::Server;

mod redacted;
mod shops;

/// The secret of every source in these tests that has one of its own making.
pub(crate) const SECRET: &str = "shpss_0123456789abcdef";

/// Connects a source with [`SECRET`], or with one that is made; gives it.
pub(crate) async fn connected(client: &Client, source: &str) -> String {
    let is_ours = matches!(source, "orders" | "tickets" | "bounces");
    let wish = if is_ours { json!({}) } else { json!({"secret": SECRET}) };
    let reply = client.api(Method::PUT, &format!("/sources/{source}"), Some(&wish)).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()["secret"].as_str().unwrap_or(SECRET).to_owned()
}

/// The headers by which `source` signs `body`, at noon.
pub(crate) fn signed(source: &str, secret: &str, body: &[u8]) -> HeaderMap {
    let sha256 = |parts: &[&[u8]]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        for part in parts {
            mac.update(part);
        }
        STANDARD.encode(mac.finalize().into_bytes())
    };
    let moment = "2026-11-21T11:00:00Z";
    let of: Vec<(&str, String)> = match source {
        "shopify" => vec![("x-shopify-hmac-sha256", sha256(&[body]))],
        "woocommerce" => vec![("x-wc-webhook-signature", sha256(&[body]))],
        "helpscout" => {
            let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap();
            mac.update(body);
            vec![("x-helpscout-signature", STANDARD.encode(mac.finalize().into_bytes()))]
        }
        "zendesk" => vec![
            ("x-zendesk-webhook-signature", sha256(&[moment.as_bytes(), body])),
            ("x-zendesk-webhook-signature-timestamp", moment.into()),
        ],
        _ => {
            let (signer, at_s) = (standardwebhooks::Webhook::new(secret).unwrap(), NOON / 1_000);
            vec![
                ("webhook-id", "msg_1".into()),
                ("webhook-timestamp", at_s.to_string()),
                ("webhook-signature", signer.sign("msg_1", at_s, body).unwrap()),
            ]
        }
    };
    of.into_iter()
        .map(|(name, value)| (name.parse::<axum::http::HeaderName>().unwrap(), value.parse().unwrap()))
        .collect()
}

/// Sends a message in the name of `source`.
pub(crate) async fn tell(client: &Client, source: &str, headers: HeaderMap, body: Vec<u8>) -> Reply {
    let request = client.request(Method::POST, &format!("/hooks/{source}/pk_demo"));
    Reply::to(request.headers(headers).header("content-type", "application/json").body(body)).await
}

const SOURCES: [&str; 7] = ["shopify", "woocommerce", "orders", "helpscout", "zendesk", "tickets", "bounces"];

async fn shown(server: &Server, source: &str) -> Value {
    let all = server.read("/sources").await;
    let found = all["sources"].as_array().unwrap().iter().find(|one| one["source"] == source);
    found.cloned().unwrap_or(Value::Null)
}

#[tokio::test]
async fn a_message_is_believed_by_its_signature_alone() {
    let server = Server::start().await;
    for source in SOURCES {
        let body = br#"{"order":"1","event":"nobody_knows"}"#.to_vec();
        let unknown = tell(&server, source, signed(source, &own(source), &body), body.clone()).await;
        assert_eq!(unknown.status, absent(source), "{source} before it is connected: {unknown:?}");
        let secret = connected(&server, source).await;
        assert_eq!(shown(&server, source).await["heard_at"], Value::Null);
        for (what, headers, sent) in [
            ("no signature", HeaderMap::new(), body.clone()),
            ("another secret", signed(source, &own(source), &body), body.clone()),
            ("another body", signed(source, &secret, &body), b"{}".to_vec()),
        ] {
            let reply = tell(&server, source, headers, sent).await;
            assert_eq!(
                (reply.status, reply.json()["type"].as_str()),
                (401, Some("urn:parere:problem:unsigned"))
            );
            assert!(!reply.text().contains("nobody_knows"), "{source}, {what}: {reply:?}");
        }
        let refused = shown(&server, source).await;
        assert_eq!(refused["refused_at"], "2026-11-21T11:00:00.000Z", "{refused}");
        assert_eq!(refused["refusal"], "The message has no signature.", "the first one of the minute");
        assert_eq!(refused["heard_at"], Value::Null);
        for _ in 0..2 {
            let reply = tell(&server, source, signed(source, &secret, &body), body.clone()).await;
            assert_eq!(reply.status, 200, "{source}: {reply:?}");
        }
        assert_eq!(shown(&server, source).await["heard_at"], "2026-11-21T11:00:00.000Z");
        let gone = server.api(Method::DELETE, &format!("/sources/{source}"), None).await;
        assert_eq!(gone.status, 204);
        let reply = tell(&server, source, signed(source, &secret, &body), body).await;
        assert_eq!(reply.status, absent(source), "{source} after it was disconnected");
    }
}

/// Where there is no connection, Help Scout is told to stop.
fn absent(source: &str) -> u16 {
    if source == "helpscout" { 410 } else { 404 }
}

/// A secret that the source could have, and that nobody gave us.
fn own(source: &str) -> String {
    let is_ours = matches!(source, "orders" | "tickets" | "bounces");
    if is_ours { format!("whsec_{}", STANDARD.encode([5; 32])) } else { "another-secret".into() }
}

#[tokio::test]
async fn a_message_of_ours_ends_after_five_minutes_and_refusals_are_noted_once_a_minute() {
    let server = Server::start().await;
    let secret = connected(&server, "orders").await;
    let body = br#"{"order":"1","event":"delivered"}"#.to_vec();
    server.clock.advance(300_000);
    assert_eq!(tell(&server, "orders", signed("orders", &secret, &body), body.clone()).await.status, 200);
    server.clock.advance(1_000);
    let late = tell(&server, "orders", signed("orders", &secret, &body), body.clone()).await;
    assert_eq!(late.status, 401);
    assert!(late.text().contains("5 minutes"), "{late:?}");
    server.clock.advance(59_999);
    assert_eq!(tell(&server, "orders", HeaderMap::new(), body.clone()).await.status, 401);
    let refused = shown(&server, "orders").await["refusal"].clone();
    assert!(refused.as_str().unwrap().contains("5 minutes"), "{refused}");
    server.clock.advance(1);
    assert_eq!(tell(&server, "orders", HeaderMap::new(), body).await.status, 401);
    assert_eq!(shown(&server, "orders").await["refusal"], "The message has no signature.");
}

#[tokio::test]
async fn a_body_has_at_most_a_mebibyte() {
    let server = Server::start().await;
    for source in SOURCES {
        let secret = connected(&server, source).await;
        for (len, status) in [(1 << 20, 200), ((1 << 20) + 1, 413)] {
            let mut body = br#"{"order":"1","event":"nobody_knows","a_field_of_next_year":""#.to_vec();
            body.resize(len - 2, b'x');
            body.extend(b"\"}");
            let headers = signed(source, &secret, &body);
            let reply = tell(&server, source, headers, body).await;
            assert_eq!(reply.status, status, "{source}, {len} bytes: {reply:?}");
        }
    }
}

#[tokio::test]
async fn nothing_is_heard_where_nobody_is() {
    let server = Server::start().await;
    let secret = connected(&server, "shopify").await;
    let headers = || signed("shopify", &secret, b"{}");
    for path in ["/hooks/shopify/pk_nobody", "/hooks/magento/pk_demo", "/hooks/woocommerce/pk_demo"] {
        let request = server.request(Method::POST, path).headers(headers()).body("{}");
        assert_eq!(Reply::to(request).await.status, 404, "{path}");
    }
    let get = Reply::to(server.request(Method::GET, "/hooks/shopify/pk_demo")).await;
    assert_eq!(get.status, 405);
}

#[tokio::test]
async fn woocommerce_saves_its_webhook_with_a_ping() {
    let server = Server::start().await;
    connected(&server, "woocommerce").await;
    let form = "application/x-www-form-urlencoded";
    let ping = server.request(Method::POST, "/hooks/woocommerce/pk_demo").header("content-type", form);
    assert_eq!(Reply::to(ping.body("webhook_id=7")).await.status, 200);
    let shown = shown(&server, "woocommerce").await;
    assert_eq!((&shown["heard_at"], &shown["refused_at"]), (&Value::Null, &Value::Null), "it tells nothing");
    let other = server.request(Method::POST, "/hooks/woocommerce/pk_demo").header("content-type", form);
    assert_eq!(Reply::to(other.body("webhook_id=7&status=completed")).await.status, 401);
}

#[tokio::test]
async fn secrets_are_given_or_made_and_shown_once() {
    let server = Server::start().await;
    for (source, wish, status) in [
        ("shopify", json!({}), 422),
        ("zendesk", json!({"secret": " "}), 422),
        ("shopify", json!({"secret": "short"}), 422),
        ("orders", json!({"secret": SECRET}), 422),
        ("shopify", json!({"secrets": SECRET}), 422),
        ("magento", json!({}), 404),
        ("shopify", json!({"secret": SECRET}), 200),
        ("woocommerce", json!({}), 200),
        ("tickets", json!({"secret": own("tickets")}), 200),
    ] {
        let reply = server.api(Method::PUT, &format!("/sources/{source}"), Some(&wish)).await;
        assert_eq!(reply.status, status, "{source} {wish}: {reply:?}");
        if status == 200 {
            let address = format!("{}/hooks/{source}/pk_demo", server.base);
            assert_eq!(reply.json()["address"], address);
            assert_eq!(reply.json()["secret"].is_string(), source == "woocommerce", "only one that was made");
        }
    }
    let all = server.read("/sources").await;
    let names: Vec<_> = all["sources"].as_array().unwrap().iter().map(|one| one["source"].clone()).collect();
    assert_eq!(names, ["shopify", "tickets", "woocommerce"]);
    assert!(!all.to_string().contains(SECRET) && !all.to_string().contains("whsec_"), "{all}");
    let missing = server.api(Method::DELETE, "/sources/zendesk", None).await;
    assert_eq!(missing.status, 404);
    let log = server.api(Method::GET, "/api/v1/audit", None).await;
    assert!(log.text().contains("source.connect") && !log.text().contains(SECRET), "{log:?}");
}
