//! The one promise: a 200 means that the answer is on disk. Broken here as hard as a process can be.

use std::collections::BTreeMap;
use std::sync::Mutex;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::answer::{Dice, valid, with};
use crate::client::Client;
use crate::program::Program;

const ROUNDS: u64 = 20;

/// Browsers that send at the same time.
const SENDERS: u64 = 8;

/// A revision on its way, and the one before it that was acknowledged.
#[derive(Debug)]
struct Sent {
    revision: Value,
    acknowledged: Option<Value>,
}

/// What all browsers together know.
#[derive(Default)]
struct Outboxes {
    /// Sent, and no reply came: to be sent again, as an outbox does.
    unsure: Mutex<Vec<Sent>>,
    /// Acknowledged, and nothing newer on its way.
    settled: Mutex<Vec<Value>>,
}

impl Outboxes {
    /// Sends one answer after the other until the collector is gone.
    async fn send(&self, client: &Client, mut dice: Dice, acknowledgements: &Semaphore) {
        loop {
            let next = self.next(&mut dice);
            let request = client.request(Method::POST, "/v1/responses").body(next.revision.to_string());
            let Ok(reply) = request.send().await else { return self.unsure.lock().unwrap().push(next) };
            // The status alone is the promise, even if the rest of the reply never comes.
            assert_eq!(reply.status(), 200, "{next:?}");
            self.settled.lock().unwrap().push(next.revision);
            acknowledgements.add_permits(1);
            reply.bytes().await.ok();
        }
    }

    /// What waits in the outbox goes first; then new answers, and corrections of settled ones.
    fn next(&self, dice: &mut Dice) -> Sent {
        if let Some(unsure) = self.unsure.lock().unwrap().pop() {
            return unsure;
        }
        let score = i32::try_from(dice.below(11)).unwrap();
        let mut settled = self.settled.lock().unwrap();
        if settled.is_empty() || dice.below(4) > 0 {
            return Sent { revision: valid(score), acknowledged: None };
        }
        let index = usize::try_from(dice.below(settled.len() as u64)).unwrap();
        let earlier = settled.swap_remove(index);
        let revision = earlier["revision"].as_u64().unwrap() + 1;
        let changes = json!({"revision": revision, "score": score, "comment": "corrected"});
        Sent { revision: with(earlier.clone(), changes), acknowledged: Some(earlier) }
    }
}

#[tokio::test]
async fn acknowledged_answers_outlive_twenty_kills() {
    let folder = tempfile::tempdir().unwrap();
    let outboxes = Outboxes::default();
    let mut dice = Dice::new(20);
    for round in 0..ROUNDS {
        let program = Program::start(folder.path()).await;
        assert_none_lost_none_twice(&program, &outboxes, round).await;
        let client = (*program).clone();
        let acknowledgements = Semaphore::new(0);
        let senders = (0..SENDERS).map(|n| Dice::new(round * SENDERS + n));
        let sending = join_all(senders.map(|dice| outboxes.send(&client, dice, &acknowledgements)));
        let enough = u32::try_from(1 + dice.below(100)).unwrap();
        let killing = async {
            acknowledgements.acquire_many(enough).await.unwrap().forget();
            program.kill();
        };
        tokio::join!(sending, killing);
    }

    let program = Program::start(folder.path()).await;
    assert_none_lost_none_twice(&program, &outboxes, ROUNDS).await;
    assert_counts_are_a_recount(&program).await;
    program.kill();
    let database = rusqlite::Connection::open(folder.path().join("parere.db")).unwrap();
    let verdict: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    let answers = outboxes.settled.into_inner().unwrap().len();
    println!("{ROUNDS} kills, {answers} acknowledged answers, none lost, none twice");
    assert!(answers > 500, "too few for the test to mean anything");
}

/// Every answer is stored at the revision that was acknowledged, or at the one that may have got through since.
async fn assert_none_lost_none_twice(program: &Program, outboxes: &Outboxes, round: u64) {
    let mut stored = BTreeMap::new();
    for row in program.stored().await {
        let id = row["id"].as_str().unwrap().to_owned();
        assert!(stored.insert(id, row.clone()).is_none(), "round {round}: stored twice: {row}");
    }
    let mut check = |acknowledged: Option<&Value>, maybe: Option<&Value>| {
        let id = acknowledged.or(maybe).unwrap()["id"].as_str().unwrap();
        let row = stored.remove(id);
        let is = |sent: Option<&Value>| match (sent, &row) {
            (Some(sent), Some(row)) => ["revision", "score"].iter().all(|field| sent[*field] == row[*field]),
            (sent, row) => sent.is_none() && row.is_none(),
        };
        let fits = is(acknowledged) || maybe.is_some() && is(maybe);
        assert!(fits, "round {round}: acknowledged {acknowledged:?}, maybe {maybe:?}, stored {row:?}");
    };
    for answer in outboxes.settled.lock().unwrap().iter() {
        check(Some(answer), None);
    }
    for sent in outboxes.unsure.lock().unwrap().iter() {
        check(sent.acknowledged.as_ref(), Some(&sent.revision));
    }
    assert!(stored.is_empty(), "round {round}: nobody sent {stored:?}");
}

/// The score, which is made of daily counts, agrees with the answers one by one.
async fn assert_counts_are_a_recount(client: &Client) {
    let mut recount = [0_u64; 11];
    for row in client.stored().await {
        recount[usize::try_from(row["score"].as_u64().unwrap()).unwrap()] += 1;
    }
    let scores = client.read("/scores?survey=nps").await;
    for (score, n) in recount.iter().enumerate() {
        assert_eq!(scores["distribution"][score], json!({"score": score, "n": n}), "{scores}");
    }
}
