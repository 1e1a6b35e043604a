//! How much may be sent: token buckets (GCRA), one for each client at each site and one for each site.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

use crate::client::Client;
use crate::config::LimitOptions;

/// Buckets kept before the idle ones are swept out; about 100 bytes each, so ten megabytes at most.
const BUCKETS_MAX: usize = 100_000;

/// Share of a minute's requests to one site that may come at once: a mailing brings a crowd within seconds.
const BURST_SHARE: u32 = 6;

/// The token buckets, or none at all.
#[derive(Debug)]
pub struct RateLimiter {
    of_client: Option<DefaultKeyedRateLimiter<(String, Client)>>,
    of_site: Option<DefaultKeyedRateLimiter<String>>,
}

impl RateLimiter {
    /// Each client may send a minute's requests to a site at once, each site's clients together a sixth of a minute's.
    pub fn new(limits: &LimitOptions) -> Self {
        let of_site = limits.site_rate_limit.0.filter(|_| limits.is_strict());
        let burst = |per_minute: NonZeroU32| {
            let burst = NonZeroU32::new(per_minute.get() / BURST_SHARE).unwrap_or(NonZeroU32::MIN);
            Quota::per_minute(per_minute).allow_burst(burst)
        };
        Self {
            of_client: limits.rate_limit.0.map(Quota::per_minute).map(DefaultKeyedRateLimiter::keyed),
            of_site: of_site.map(burst).map(DefaultKeyedRateLimiter::keyed),
        }
    }

    /// `Err` with the time until this client is let in again.
    ///
    /// A client that is over its own limit takes nothing from what the site's others may send.
    pub fn check(&self, site: &str, client: Client) -> Result<(), Duration> {
        check(self.of_client.as_ref(), &(site.into(), client))?;
        check(self.of_site.as_ref(), &site.into())
    }
}

fn check<K: Clone + Eq + Hash>(
    limiter: Option<&DefaultKeyedRateLimiter<K>>,
    key: &K,
) -> Result<(), Duration> {
    let Some(limiter) = limiter else { return Ok(()) };
    if limiter.len() > BUCKETS_MAX {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|not_until| not_until.wait_time_from(DefaultClock::default().now()))
}
