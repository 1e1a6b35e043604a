//! How often somebody may try to sign in: from one network, and to one account.

use std::hash::Hash as StdHash;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota};

use super::hash;
use crate::client::Client;
use crate::store::Hash;

/// Tries from one network at once: an office on a Monday morning.
const FROM_NETWORK: NonZeroU32 = NonZeroU32::new(20).unwrap();

/// Tries at one account at once: everything a person remembers of a password.
const AT_ACCOUNT: NonZeroU32 = NonZeroU32::new(10).unwrap();

/// Until another try from one network is let in: ten a minute.
const NETWORK_PERIOD: Duration = Duration::from_secs(6);

/// Until another try at one account is: 2,880 guesses a day, of a password of ten characters or more.
const ACCOUNT_PERIOD: Duration = Duration::from_secs(30);

/// Buckets kept before the idle ones are swept out; about 100 bytes each.
const BUCKETS_MAX: usize = 50_000;

/// What is left of everybody's tries.
#[derive(Debug)]
pub struct Attempts {
    limits: Option<Limits>,
}

#[derive(Debug)]
struct Limits {
    of_network: DefaultKeyedRateLimiter<Client>,
    of_account: DefaultKeyedRateLimiter<Hash>,
}

impl Attempts {
    /// `is_limited` as single clients are anywhere else.
    pub fn new(is_limited: bool) -> Self {
        let quota = |period, burst| Quota::with_period(period).map(|quota| quota.allow_burst(burst));
        let (network, account) = (quota(NETWORK_PERIOD, FROM_NETWORK), quota(ACCOUNT_PERIOD, AT_ACCOUNT));
        let limits = network.zip(account).filter(|_| is_limited).map(|(network, account)| Limits {
            of_network: DefaultKeyedRateLimiter::keyed(network),
            of_account: DefaultKeyedRateLimiter::keyed(account),
        });
        Self { limits }
    }

    /// Counts a try; `Err` with the time until the next one is let in.
    ///
    /// The account is what was typed, whether there is one of this name or not.
    pub fn check(&self, client: Client, account: &str) -> Result<(), Duration> {
        let Some(limits) = &self.limits else { return Ok(()) };
        take(&limits.of_network, &client)?;
        take(&limits.of_account, &hash(account))
    }
}

fn take<K: Clone + Eq + StdHash>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), Duration> {
    if limiter.len() > BUCKETS_MAX {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|not_until| not_until.wait_time_from(DefaultClock::default().now()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;
    use crate::client::ClientRule;

    fn client(n: u32) -> Client {
        let peer = std::net::SocketAddr::from((std::net::Ipv4Addr::from(0x0a00_0000 + n), 1));
        ClientRule::default().client(peer, &HeaderMap::new())
    }

    #[test]
    fn tries_are_counted_by_network_and_by_account() {
        let attempts = Attempts::new(true);
        let from_one = (0..30).filter(|n| attempts.check(client(0), &format!("{n}@x")).is_ok()).count();
        assert_eq!(from_one, 20, "one network at many accounts");
        let at_one = (1..30).filter(|n| attempts.check(client(*n), "anna@x").is_ok()).count();
        assert_eq!(at_one, 10, "many networks at one account");
        assert!(attempts.check(client(99), "anna@x").unwrap_err() <= ACCOUNT_PERIOD);
        assert!(attempts.check(client(99), "other@x").is_ok());
        let unlimited = Attempts::new(false);
        assert!((0..100).all(|_| unlimited.check(client(0), "anna@x").is_ok()));
    }
}
