//! Doing it again: how often, how long, and after which waits.

use std::time::{Duration, Instant};

use super::failure::{Failure, Remedy};
use crate::random;

/// How long a conflict or a lost connection is worked against before the caller is told to come back:
/// longer than a standby takes over in, shorter than a browser waits.
const TIME_MAX: Duration = Duration::from_secs(5);

/// First wait; each further one is twice as long.
const WAIT_MIN: Duration = Duration::from_millis(2);

/// Longest wait.
const WAIT_MAX: Duration = Duration::from_millis(256);

/// Is this the first attempt, or may an earlier one have been committed without our knowing?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attempt {
    /// Nothing has been tried yet.
    First,
    /// What is found may be our own work.
    Again,
}

/// The attempts at one piece of work.
#[derive(Debug)]
pub(super) struct Attempts {
    began: Instant,
    wait: Duration,
    attempt: Attempt,
}

impl Attempts {
    pub(super) fn new() -> Self {
        Self { began: Instant::now(), wait: WAIT_MIN, attempt: Attempt::First }
    }

    /// Which one comes next.
    pub(super) fn attempt(&self) -> Attempt {
        self.attempt
    }

    /// Waits before the next attempt; `false` if there shall be none.
    pub(super) async fn go_on(&mut self, failure: &Failure) -> bool {
        if !matches!(failure.remedy(), Remedy::Again | Remedy::Reconnect) || self.began.elapsed() > TIME_MAX {
            return false;
        }
        tracing::debug!("trying again: {failure}");
        // Somewhere between half the wait and all of it, so that those who collided do not meet again.
        let share = random::bytes::<1>().map_or(0, |[byte]| u32::from(byte));
        tokio::time::sleep(self.wait / 2 + self.wait * share / 512).await;
        self.wait = (self.wait * 2).min(WAIT_MAX);
        self.attempt = Attempt::Again;
        true
    }
}
