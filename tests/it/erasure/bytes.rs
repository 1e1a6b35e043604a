//! After an erasure the text is nowhere: not in the file, not in its log, not in an outbox, not in the log of what was done.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use super::erase;
use crate::answer::{full, with};
use crate::client::PATIENCE;
use crate::postgres::Database;
use crate::program::Program;
use crate::server::Server;
use crate::wire::Wire;

/// Answers of the shop: enough that pages of the file are split and moved.
const ANSWERS: usize = 1_500;

/// How all words begin, and how long they are.
const WORD: &[u8] = b"quokka";
/// See [`WORD`].
const WORD_LEN: usize = 14;

/// A word that stands in no other answer and no page of ours.
pub(super) fn word(n: usize) -> String {
    format!("quokka{n:05}end")
}

/// Which of the words stand in the files of `folder` and below.
pub(super) fn found(folder: &Path, words: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(self::found(&path, words));
        } else if let Ok(bytes) = fs::read(&path) {
            // A file that is gone meanwhile holds nothing.
            let held: BTreeSet<&[u8]> =
                bytes.windows(WORD_LEN).filter(|held| held.starts_with(WORD)).collect();
            found.extend(words.iter().filter(|word| held.contains(word.as_bytes())).cloned());
        }
    }
    found
}

/// Waits until none of the words stands anywhere.
pub(super) async fn wait_until_gone(folder: &Path, words: &[String]) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = found(folder, words);
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < deadline, "{} of {} are there still: {left:?}", left.len(), words.len());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// An answer that says its word in every field that a sender fills.
fn answer(n: usize) -> Value {
    let word = word(n);
    with(
        full(),
        json!({"comment": null, "ref": word, "page": format!("/{word}"), "attributes": {"plan": word},
            "subject": format!("c-{}", n % 2)}),
    )
}

#[tokio::test]
async fn nothing_of_an_erased_answer_is_in_the_file_or_its_log() {
    let server = Server::start().await;
    let answers: Vec<Value> = (0..ANSWERS).map(answer).collect();
    for (at, batch) in answers.chunks(50).enumerate() {
        assert_eq!(server.post(&json!(batch)).await.status, 200);
        // Comments come later and make rows grow in the middle of their pages.
        let later: Vec<Value> = batch
            .iter()
            .zip(at * 50..)
            .filter(|(_, n)| n % 3 == 0)
            .map(|(answer, n)| {
                with(answer.clone(), json!({"revision": 2, "comment": word(n).repeat(n % 40 + 1)}))
            })
            .collect();
        assert_eq!(server.post(&json!(later)).await.status, 200);
    }
    let words: Vec<String> = (0..ANSWERS).map(word).collect();
    let folder = server.database().parent().unwrap().to_owned();
    assert_eq!(erase(&server, &answers[0]).await.status, 204);
    wait_until_gone(&folder, &words[..1]).await;
    let reply = server.api(Method::DELETE, "/subjects/c-1?by=subject", None).await;
    assert_eq!(reply.json(), json!({"erased": ANSWERS / 2}));
    let gone: Vec<String> = words.iter().skip(1).step_by(2).cloned().collect();
    wait_until_gone(&folder, &gone).await;
    assert!(found(&folder, &words[2..3]).len() == 1, "what was not erased is there");
    assert_eq!(server.stored().await.len(), ANSWERS / 2 - 1);
}

#[tokio::test]
async fn nothing_of_it_is_left_in_an_outbox_and_nothing_comes_back_from_there() {
    let (database, wire, folder) = (Database::create().await, Wire::new(), tempfile::tempdir().unwrap());
    let here = Program::start_with(folder.path(), &["--database-url", &database.url_by(wire.port)]).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let there = Program::start_with(elsewhere.path(), &["--database-url", &database.url()]).await;
    let known = answer(1);
    assert_eq!(here.post(&known).await.json(), json!({"status": "stored"}));
    wire.cut();
    // The comment is acknowledged here, and erased there before it arrives.
    let later = with(known.clone(), json!({"revision": 2, "comment": word(2)}));
    assert_eq!(here.post(&later).await.json(), json!({"status": "stored"}));
    assert!(!found(folder.path(), &[word(2)]).is_empty());
    assert_eq!(erase(&there, &known).await.status, 204);
    wire.mend();
    wait_until_gone(folder.path(), &[word(1), word(2)]).await;
    assert_eq!(there.stored().await, Vec::<Value>::new());
    assert_eq!(there.read("/scores?survey=nps").await["n"], 0);
    let rows = database.connect().await;
    let audit: i64 = rows
        .query_one("SELECT count(*) FROM audit WHERE target LIKE '%quokka%' OR target LIKE '%019a%'", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(audit, 0);
}
