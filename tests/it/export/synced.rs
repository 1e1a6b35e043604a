//! A program that keeps up to date by a cursor: nothing twice, nothing left out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::answer::valid;
use crate::client::{Client, SITE};
use crate::postgres::Database;
use crate::program::Program;
use crate::server::Server;

/// What comes after `cursor`, and the cursor after that.
async fn after(client: &Client, cursor: &str, more: &str) -> (Vec<Value>, String) {
    let page = client.read(&format!("{SITE}/responses?order=oldest&limit=7&cursor={cursor}{more}")).await;
    let ids = page["responses"].as_array().unwrap().iter().map(|row| row["id"].clone()).collect();
    (ids, page["next"].as_str().expect("there always is one").to_owned())
}

#[tokio::test]
async fn what_comes_later_comes_behind_the_cursor() {
    let server = Server::start().await;
    let (none, start) = after(&server, "", "").await;
    assert_eq!(none, Vec::<Value>::new());
    let mut posted = Vec::new();
    let (mut seen, mut cursor) = (Vec::new(), start);
    for n in 0..30 {
        let answer = valid(n % 11);
        assert_eq!(server.post(&answer).await.status, 200);
        posted.push(answer["id"].clone());
        if n % 4 == 0 {
            let (ids, next) = after(&server, &cursor, "").await;
            seen.extend(ids);
            cursor = next;
        }
    }
    while seen.len() < posted.len() {
        let (ids, next) = after(&server, &cursor, "").await;
        assert!(!ids.is_empty());
        seen.extend(ids);
        cursor = next;
    }
    assert_eq!(seen, posted);
    assert_eq!(after(&server, &cursor, "").await, (Vec::new(), cursor.clone()));

    // An export says where to go on.
    let end =
        server.api(reqwest::Method::GET, "/responses.ndjson?survey=nps", None).await.lines().pop().unwrap();
    let late = valid(3);
    assert_eq!(server.post(&late).await.status, 200);
    let exported = end["_end"]["cursor"].as_str().unwrap();
    assert_eq!(after(&server, exported, "").await.0, [late["id"].clone()]);

    // What is to settle is left alone until it has.
    server.clock.advance(600_000);
    let young = valid(4);
    assert_eq!(server.post(&young).await.status, 200);
    assert_eq!(after(&server, exported, "&lag=300").await.0, [late["id"].clone()]);
    assert_eq!(after(&server, exported, "&lag=900").await.0, Vec::<Value>::new());
    server.clock.advance(301_000);
    assert_eq!(after(&server, exported, "&lag=300").await.0, [late["id"].clone(), young["id"].clone()]);
    for wrong in ["order=sideways", "lag=-1", "lag=9999999", "order=oldest&cursor=x"] {
        let reply = server.api(reqwest::Method::GET, &format!("/responses?{wrong}"), None).await;
        assert_eq!((reply.status, reply.violations().len()), (422, 1), "{wrong}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_passed_over_while_a_transaction_is_held_open() {
    let (database, folder) = (Database::create().await, tempfile::tempdir().unwrap());
    let program = Program::start_with(folder.path(), &["--database-url", &database.url()]).await;
    let first = valid(9);
    assert_eq!(program.post(&first).await.status, 200);

    // Somebody draws the next place, and does not commit. Whoever comes later waits: no later place is committed
    // before, so nobody's cursor goes behind it.
    let mut other = database.connect().await;
    let transaction = other.transaction().await.unwrap();
    transaction.execute("UPDATE places SET seq = seq + 1 WHERE site = 'pk_demo'", &[]).await.unwrap();
    transaction
        .execute(
            "INSERT INTO responses SELECT site, '019aa2b4-7c00-7abc-8def-0123456789ab', seq + 1, digest, survey, metric, instrument,
               revision, score, band, 'held open', choices, locale, channel, touchpoint, device, page, ref, subject,
               attributes, test, flags, inclusion, occurred_at_ms, received_at_ms, day, counted_locale,
               counted_touchpoint, counted_per_mille FROM responses WHERE site = 'pk_demo'",
            &[],
        )
        .await
        .unwrap_or_else(|error| panic!("{error:?}"));
    let client = Client::new(program.base.clone());
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                for n in 0..25 {
                    assert_eq!(client.post(&valid(n % 11)).await.status, 200);
                }
            })
        })
        .collect();
    database.waiting_for("Lock").await;
    let (mut seen, mut cursor) = after(&client, "", "").await;
    assert_eq!(seen, [first["id"].clone()]);
    transaction.commit().await.unwrap();

    let is_over = Arc::new(AtomicBool::new(false));
    let following = tokio::spawn({
        let (client, is_over) = (client.clone(), Arc::clone(&is_over));
        async move {
            loop {
                let was_over = is_over.load(Ordering::Relaxed);
                let (ids, next) = after(&client, &cursor, "").await;
                let is_at_end = ids.is_empty();
                seen.extend(ids);
                cursor = next;
                if was_over && is_at_end {
                    return seen;
                }
            }
        }
    });
    for writer in join_all(writers).await {
        writer.unwrap();
    }
    is_over.store(true, Ordering::Relaxed);
    let seen = following.await.unwrap();
    let all: Vec<Value> = program.stored().await.iter().map(|row| row["id"].clone()).collect();
    assert_eq!(seen.len(), 102);
    assert_eq!(seen, all, "in the order of storing, nothing twice");
    assert_eq!(program.stored().await[1]["comment"], json!("held open"));
}
