//! Many browsers that send, and what they together know about their answers.

use std::collections::BTreeMap;
use std::sync::Mutex;

use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::answer::{Dice, valid, with};
use crate::client::Client;

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
pub(crate) struct Outboxes {
    /// Sent, and no reply came: to be sent again, as an outbox does.
    unsure: Mutex<Vec<Sent>>,
    /// Acknowledged, and nothing newer on its way.
    settled: Mutex<Vec<Value>>,
}

/// What a look at the stored answers found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Acknowledged, and not there or not as acknowledged.
    pub(crate) lost: Vec<Value>,
    /// There more than once.
    pub(crate) doubled: Vec<Value>,
    /// There, and never sent.
    pub(crate) strange: Vec<Value>,
}

impl Found {
    pub(crate) fn assert_nothing(&self, when: &str) {
        let is_well = self.lost.is_empty() && self.doubled.is_empty() && self.strange.is_empty();
        assert!(is_well, "{when}: {self:#?}");
    }
}

impl Outboxes {
    /// Answers of which somebody was told that they are stored.
    pub(crate) fn acknowledged(&self) -> usize {
        let unsure = self.unsure.lock().unwrap();
        self.settled.lock().unwrap().len() + unsure.iter().filter(|sent| sent.acknowledged.is_some()).count()
    }

    /// All send, one answer after the other, until the collector is gone.
    pub(crate) async fn send(&self, client: &Client, seed: u64, acknowledgements: &Semaphore) {
        let dice = (0..SENDERS).map(|n| Dice::new(seed * SENDERS + n));
        join_all(dice.map(|dice| self.send_one_by_one(client, dice, acknowledgements))).await;
    }

    async fn send_one_by_one(&self, client: &Client, mut dice: Dice, acknowledgements: &Semaphore) {
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

    /// Is every answer stored at the revision that was acknowledged, or at the one that may have got through since?
    pub(crate) fn compare(&self, rows: Vec<Value>) -> Found {
        let mut found = Found::default();
        let mut stored = BTreeMap::new();
        for row in rows {
            let id = row["id"].as_str().unwrap().to_owned();
            found.doubled.extend(stored.insert(id, row));
        }
        let mut check = |acknowledged: Option<&Value>, maybe: Option<&Value>| {
            let sent = acknowledged.or(maybe).unwrap();
            let row = stored.remove(sent["id"].as_str().unwrap());
            let is = |sent: Option<&Value>| match (sent, &row) {
                (Some(sent), Some(row)) => {
                    ["revision", "score"].iter().all(|field| sent[*field] == row[*field])
                }
                (sent, row) => sent.is_none() && row.is_none(),
            };
            let fits = is(acknowledged) || maybe.is_some() && is(maybe);
            if !fits {
                found.lost.push(json!({"acknowledged": acknowledged, "maybe": maybe, "stored": row}));
            }
        };
        for answer in self.settled.lock().unwrap().iter() {
            check(Some(answer), None);
        }
        for sent in self.unsure.lock().unwrap().iter() {
            check(sent.acknowledged.as_ref(), Some(&sent.revision));
        }
        found.strange.extend(stored.into_values());
        found
    }
}
