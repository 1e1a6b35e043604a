//! Addresses and numbers in comments: masked before anything reaches the disk.

use parere_shared::limit::COMMENT_CHARS_MAX;
use serde_json::json;

use super::status;
use crate::answer::{valid, with};
use crate::server::Server;

/// What must be found nowhere.
const SECRETS: [&str; 4] = [
    "mario.rossi@example.com",
    "+39 333 123 4567",
    "4111 1111 1111 1111",
    "IT60 X054 2811 1010 0000 0123 456",
];

#[tokio::test]
async fn what_identifies_a_person_is_stored_and_exported_masked() {
    let server = Server::start().await;
    let [email, phone, card, iban] = SECRETS;
    let comment = format!("Ordine 1001: {email} o {phone}. Carta {card}, IBAN {iban}. Grazie!");
    let masked = "Ordine 1001: [email] o [phone]. Carta [card], IBAN [iban]. Grazie!";
    let answer = with(valid(9), json!({"comment": comment}));
    assert_eq!(status(&server.post(&answer).await), "stored");
    assert_eq!(server.stored().await[0]["comment"], masked);
    for path in ["responses.csv?raw=1", "responses.ndjson"] {
        let export = server.api(reqwest::Method::GET, &format!("/api/v1/sites/pk_demo/{path}"), None).await;
        assert!(export.text().contains(masked), "{path}: {export:?}");
    }
    // While it runs, so that the write-ahead log is there as well.
    for file in std::fs::read_dir(server.database().parent().unwrap()).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for secret in SECRETS {
            let is_there = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!is_there, "{} has {secret}", path.display());
        }
    }
}

#[tokio::test]
async fn a_retry_is_a_duplicate_whether_it_was_masked_before_or_not() {
    let server = Server::start().await;
    let answer = with(valid(9), json!({"comment": "Chiamate il 333 1234567, subito"}));
    assert_eq!(status(&server.post(&answer).await), "stored");
    assert_eq!(status(&server.post(&answer).await), "duplicate");
    let masked = with(answer.clone(), json!({"comment": "Chiamate il [phone], subito"}));
    assert_eq!(
        status(&server.post(&masked).await),
        "duplicate",
        "a widget that masks retries for one that did not"
    );
    let other = with(answer, json!({"comment": "Chiamate il 333 1234567, domani"}));
    assert_eq!(server.post(&other).await.status, 409);
}

#[tokio::test]
async fn masks_that_are_longer_than_their_text_stay_within_the_bound() {
    let server = Server::start().await;
    let comment = "a@b.co,".repeat(COMMENT_CHARS_MAX / 7);
    let answer = with(valid(9), json!({"comment": comment}));
    assert_eq!(status(&server.post(&answer).await), "stored");
    assert_eq!(status(&server.post(&answer).await), "duplicate");
    let stored = server.stored().await[0]["comment"].as_str().unwrap().to_owned();
    assert_eq!(stored.chars().count(), COMMENT_CHARS_MAX);
    assert!(stored.starts_with("[email],[email],"), "{stored}");
}
