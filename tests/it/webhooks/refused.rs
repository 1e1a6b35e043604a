//! Where no letter goes: our own house.

use reqwest::Method;
use serde_json::json;

use super::Hook;
use crate::answer::valid;
use crate::receiver::{Answer, Receiver};
use crate::server::Server;

#[tokio::test]
async fn addresses_of_our_own_house_are_refused_at_the_connection() {
    let (server, receiver) = (Server::start().await, Receiver::start(&[]).await);
    let port = receiver.base.rsplit(':').next().unwrap();
    let refused = server
        .api(
            Method::POST,
            "/webhooks",
            Some(&json!({"name": "x", "url": receiver.base, "events": ["response.created"]})),
        )
        .await;
    assert_eq!((refused.status, refused.violations()), (422, vec!["url format".to_owned()]));
    for host in [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
    ] {
        let url = format!("https://{host}:{port}/");
        let hook = Hook::made(&server, &json!({"name": host, "url": url, "events": ["digest.daily"]})).await;
        assert_eq!(server.api(Method::POST, &hook.path("/test"), None).await.status, 202);
        let said = hook.tried(&server, 1).await["attempts"][0].clone();
        let sentence = said["said"].as_str().unwrap();
        assert!(sentence.ends_with("is no address of the public internet."), "{host}: {sentence}");
        assert_eq!(said["status"], json!(null));
    }
    assert!(receiver.letters().is_empty());
}

#[tokio::test]
async fn a_receiver_that_never_answers_slows_no_shopper_and_no_other_hook() {
    let silence = vec![Answer::Silence; 10_000];
    let server = Server::start_with(&super::PRIVATE).await;
    let (silent, lively) = (Receiver::start(&silence).await, Receiver::start(&[]).await);
    let dead = Hook::to(&server, &silent, &["response.created"]).await;
    let hook = Hook::to(&server, &lively, &["response.created"]).await;
    let answers: Vec<_> = (0..40).map(|n| valid(n % 11)).collect();
    // All of them are acknowledged and told to the one while the other has not answered a single letter.
    for batch in answers.chunks(20) {
        let reply = server.post(&json!(batch)).await;
        assert!(reply.json()["results"].as_array().unwrap().iter().all(|item| item["status"] == "stored"));
    }
    hook.until(&server, |log| log.len() == 40 && super::all_delivered(log)).await;
    let log = dead.log(&server).await;
    assert!(log.len() == 40 && log.iter().all(|delivery| delivery["state"] == "waiting"), "{log:?}");
    assert!(!silent.letters().is_empty());
    assert_eq!(server.get("/readyz").await.status, 200);
    // The end of the collector does not wait for it either.
    server.stop().await;
}
