//! How much one sender may send: a token bucket (GCRA) for each client and site.

use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

use crate::client::Client;
use crate::config::RateLimit;

/// Buckets kept before the idle ones are swept out; about 100 bytes each, so ten megabytes at most.
const BUCKETS_MAX: usize = 100_000;

/// A token bucket for each client and site, or none at all.
#[derive(Debug)]
pub struct RateLimiter(Option<DefaultKeyedRateLimiter<(String, Client)>>);

impl RateLimiter {
    /// Lets each client send as many requests a minute to a site as `limit` says, all of them at once if it likes.
    pub fn new(limit: RateLimit) -> Self {
        Self(limit.0.map(|per_minute| DefaultKeyedRateLimiter::keyed(Quota::per_minute(per_minute))))
    }

    /// `Err` with the time until this client is let in again.
    pub fn check(&self, site: &str, client: Client) -> Result<(), Duration> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        if limiter.len() > BUCKETS_MAX {
            limiter.retain_recent();
        }
        limiter
            .check_key(&(site.into(), client))
            .map_err(|not_until| not_until.wait_time_from(DefaultClock::default().now()))
    }
}
