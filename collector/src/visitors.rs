//! Who has answered what in the last hour: for noticing one sender who answers for many.
//!
//! In memory only, bounded, and gone with the process: nothing about a sender is ever stored.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use sha2::{Digest as _, Sha256};

use crate::client::Client;

/// How far back answers of one sender are remembered.
const WINDOW_MS: Millis = 60 * 60 * 1000;

/// Answers to one survey from one sender within [`WINDOW_MS`] that are nothing unusual:
/// a family at one connection, or strangers whose provider gives them one address.
const ANSWERS_MAX: usize = 5;

/// Senders that are remembered: about 200 bytes each, so 20 megabytes at most. Beyond that, newcomers are not watched.
const SENDERS_MAX: usize = 100_000;

/// Senders and their latest answers.
#[derive(Debug, Default)]
pub struct Visitors(Mutex<HashMap<Key, Vec<Answer>>>);

/// Stands for site, survey, network and browser; shorter than they are.
type Key = [u8; 16];

/// An answer, and when it came.
type Answer = (ResponseId, Millis);

impl Visitors {
    /// Notes that `client` with the browser `agent` answers a survey at `now`.
    ///
    /// True if that is one answer more than one sender gives in an hour; saying the same answer again is none.
    pub fn is_repeat(
        &self,
        (site, survey): (&str, &str),
        client: Client,
        agent: &str,
        id: ResponseId,
        now: Millis,
    ) -> bool {
        let key = key(site, survey, client, agent);
        let mut senders = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if senders.len() >= SENDERS_MAX && !senders.contains_key(&key) {
            senders.retain(|_, answers| answers.last().is_some_and(|(_, at)| now - at < WINDOW_MS));
            if senders.len() >= SENDERS_MAX {
                return false;
            }
        }
        let answers = senders.entry(key).or_default();
        answers.retain(|(_, at)| now - at < WINDOW_MS);
        if answers.iter().any(|(known, _)| *known == id) {
            return false;
        }
        if answers.len() < ANSWERS_MAX {
            answers.push((id, now));
            return false;
        }
        true
    }
}

fn key(site: &str, survey: &str, client: Client, agent: &str) -> Key {
    let mut hash = Sha256::new();
    hash.update(client.octets());
    for part in [site, survey, agent] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut key = [0; 16];
    key.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(address: &str) -> Client {
        crate::client::ClientRule::default().client(address.parse().unwrap(), &axum::http::HeaderMap::new())
    }

    fn id(n: u8) -> ResponseId {
        ResponseId::new(1_795_258_800_000, &[n; 10])
    }

    #[test]
    fn the_sixth_answer_of_an_hour_is_one_too_many() {
        let visitors = Visitors::default();
        let here = client("203.0.113.7:1");
        let repeat = |client, agent: &str, survey, n, now| {
            visitors.is_repeat(("pk_shop", survey), client, agent, id(n), now)
        };
        for n in 0..5 {
            assert!(!repeat(here, "phone", "nps", n, n.into()), "{n}");
        }
        assert!(repeat(here, "phone", "nps", 5, 5));
        assert!(repeat(client("203.0.113.7:999"), "phone", "nps", 6, 6), "another connection is no one else");
        assert!(!repeat(here, "phone", "nps", 0, 7), "a comment to the first answer is no new answer");
        assert!(!repeat(here, "tablet", "nps", 7, 8), "another browser");
        assert!(!repeat(client("203.0.113.8:1"), "phone", "nps", 8, 8), "another address");
        assert!(!repeat(here, "phone", "ces", 9, 9), "another survey");
        assert!(!repeat(here, "phone", "nps", 10, WINDOW_MS), "the first is an hour old");
        assert!(repeat(here, "phone", "nps", 11, WINDOW_MS), "and the others are not");
    }

    #[test]
    fn one_household_has_one_network_and_memory_is_bounded() {
        let visitors = Visitors::default();
        for n in 0..=5 {
            let address = client(&format!("[2001:db8:1:2:{n}::1]:1"));
            assert_eq!(visitors.is_repeat(("pk_shop", "nps"), address, "", id(n), 0), n == 5);
        }
        for n in 0..SENDERS_MAX + 10 {
            visitors.is_repeat(("pk_shop", "nps"), client("203.0.113.7:1"), &n.to_string(), id(1), 1);
        }
        assert_eq!(visitors.0.lock().unwrap().len(), SENDERS_MAX);
        visitors.is_repeat(("pk_shop", "nps"), client("203.0.113.9:1"), "", id(1), WINDOW_MS + 1);
        assert_eq!(visitors.0.lock().unwrap().len(), 1, "the old ones make room");
    }
}
