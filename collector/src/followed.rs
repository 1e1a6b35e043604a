//! After which answers the link under the thanks was followed in the last hour: so that each is counted once.
//!
//! In memory only, bounded, and gone with the process: nothing about who follows a link is ever stored.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;

/// How long after an answer its link is counted, and remembered: the thanks stand right behind the answer, and what
/// comes back for an address later is a history or a program.
const WINDOW_MS: Millis = 60 * 60 * 1000;

/// Answers that are remembered, about 50 bytes each. Beyond that, further ones are not counted.
const ANSWERS_MAX: usize = 20_000;

/// Answers after which the link was followed, and when they were given.
#[derive(Debug, Default)]
pub struct Followed(Mutex<HashMap<ResponseId, Millis>>);

impl Followed {
    /// Notes that the link was followed at `now` after the answer `id` of the moment `received`.
    ///
    /// True for the first time within the hour after the answer.
    pub fn is_first(&self, id: ResponseId, received: Millis, now: Millis) -> bool {
        let is_over = |received: Millis| now - received >= WINDOW_MS;
        if is_over(received) {
            return false;
        }
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= ANSWERS_MAX {
            answers.retain(|_, received| !is_over(*received));
        }
        answers.len() < ANSWERS_MAX && answers.insert(id, received).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u32) -> ResponseId {
        let mut bytes = [0; 10];
        bytes[6..].copy_from_slice(&n.to_be_bytes());
        ResponseId::new(1_795_258_800_000, &bytes)
    }

    #[test]
    fn an_answer_counts_once_and_within_its_hour() {
        let followed = Followed::default();
        for (n, received, now, expected) in [
            (1, 0, 0, true),
            (1, 0, 1, false),
            (2, 0, WINDOW_MS - 1, true),
            (3, 0, WINDOW_MS, false),
            (1, 0, WINDOW_MS, false),
        ] {
            assert_eq!(followed.is_first(id(n), received, now), expected, "answer {n} at {now}");
        }
    }

    #[test]
    fn memory_is_bounded_and_old_answers_make_room() {
        let followed = Followed::default();
        let most = u32::try_from(ANSWERS_MAX).unwrap();
        assert!((0..most).all(|n| followed.is_first(id(n), 0, 0)));
        assert!(!followed.is_first(id(most), 1, 1));
        assert!(followed.is_first(id(most), 1, WINDOW_MS));
        assert_eq!(followed.0.lock().unwrap().len(), 1);
    }
}
