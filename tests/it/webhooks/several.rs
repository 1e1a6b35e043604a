//! What holds when a collector is killed, or is one of several.

use std::collections::BTreeSet;
use std::sync::Arc;

use parere_collector::clock::{Clock as _, ManualClock, SystemClock};
use serde_json::json;

use super::{Hook, PRIVATE, all_delivered};
use crate::answer::valid;
use crate::client::Client;
use crate::postgres::Database;
use crate::program::Program;
use crate::receiver::{Answer, Receiver};
use crate::server::Server;
use crate::wire::Wire;

#[tokio::test]
async fn a_kill_between_sending_and_noting_leads_to_the_same_letter_again() {
    let (folder, receiver) = (tempfile::tempdir().unwrap(), Receiver::start(&[Answer::Silence]).await);
    let program = Program::start_with(folder.path(), &PRIVATE).await;
    let hook = Hook::to(&program, &receiver, &["response.created"]).await;
    assert_eq!(program.post(&valid(9)).await.status, 200);
    let first = receiver.wait_for(1).await.remove(0);
    assert!(first.is_verified(&hook.secret), "by the reference library");
    program.kill();
    // The next one finds it claimed, and leaves it alone as long as somebody could still be at it.
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let server = Server::start_in(folder, Arc::clone(&clock), &PRIVATE).await;
    let log = hook.log(&server).await;
    assert_eq!((log[0]["state"].as_str(), receiver.letters().len()), (Some("waiting"), 1));
    clock.advance(60_000);
    hook.until(&server, all_delivered).await;
    let letters = receiver.wait_for(2).await;
    assert_eq!((letters.len(), letters[1].id()), (2, first.id()));
    assert_eq!(letters[1].body, first.body);
    assert!(letters[1].is_verified(&hook.secret));
}

/// Two collectors on one database.
async fn two(folder: &std::path::Path, url: &str) -> [Program; 2] {
    let options = ["--database-url", url, "--webhook-private", "on"];
    [Program::start_with(folder, &options).await, Program::start_with(folder, &options).await]
}

#[tokio::test]
async fn of_two_collectors_one_sends_each_delivery() {
    let (database, folder) = (Database::create().await, tempfile::tempdir().unwrap());
    let receiver = Receiver::start(&[]).await;
    let [one, other] = two(folder.path(), &database.url()).await;
    let hook = Hook::to(&one, &receiver, &["response.created"]).await;
    for n in 0..30 {
        let (a, b) = (valid(n % 11), valid(n % 11));
        let (a, b) = tokio::join!(one.post(&a), other.post(&b));
        assert_eq!((a.status, b.status), (200, 200));
    }
    receiver.wait_for(60).await;
    hook.until(&one, |log| log.len() == 60 && all_delivered(log)).await;
    let letters = receiver.letters();
    let ids: BTreeSet<_> = letters.iter().map(|letter| letter.id().to_owned()).collect();
    assert_eq!((letters.len(), ids.len()), (60, 60));
    assert!(letters.iter().all(|letter| letter.is_verified(&hook.secret)));
    let sent = async |client: &Client| {
        let metrics = client.get("/metrics").await;
        let line =
            metrics.text().lines().find(|line| line.contains("deliveries_total{reason=\"delivered\"}"));
        line.unwrap().rsplit(' ').next().unwrap().parse::<usize>().unwrap()
    };
    assert_eq!(sent(&one).await + sent(&other).await, 60);
}

#[tokio::test]
async fn an_answer_that_waited_in_the_outbox_is_told_when_it_is_in_the_database() {
    let (database, wire) = (Database::create().await, Wire::new());
    let (folder, receiver) = (tempfile::tempdir().unwrap(), Receiver::start(&[]).await);
    let url = database.url_by(wire.port);
    let options = ["--database-url", &*url, "--webhook-private", "on"];
    let program = Program::start_with(folder.path(), &options).await;
    let hook = Hook::to(&program, &receiver, &["response.created"]).await;
    wire.cut();
    let answer = valid(9);
    assert_eq!(program.post(&answer).await.json(), json!({"status": "stored"}));
    wire.mend();
    let letter = receiver.wait_for(1).await.remove(0);
    assert_eq!(letter.json()["data"]["response"]["id"], answer["id"]);
    assert!(letter.is_verified(&hook.secret));
}
