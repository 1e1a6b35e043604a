//! How much, how fast and for how long: the bounds that an operator may move.

use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

use clap::Args;

/// Bounds on what senders may cost.
#[derive(Debug, Clone, Args)]
pub struct LimitOptions {
    /// Requests with answers that one client may send to one site in a minute. `off` (load tests, trusted networks)
    /// switches off every limit on one client and one site.
    #[arg(long, env = "PARERE_RATE_LIMIT", default_value = "120", value_name = "PER_MINUTE")]
    pub rate_limit: RateLimit,

    /// Requests with answers to one site in a minute, from all clients together, or `off`.
    #[arg(long, env = "PARERE_SITE_RATE_LIMIT", default_value = "60000", value_name = "PER_MINUTE")]
    pub site_rate_limit: RateLimit,

    /// Connections that are open at the same time; more are closed at once. Each needs a file descriptor.
    #[arg(long, env = "PARERE_CONNECTIONS_MAX", default_value_t = 10_000, value_name = "COUNT",
        value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub connections_max: u32,

    /// Connections of one client (an IPv4 address, a /64 of IPv6) that is no trusted proxy.
    #[arg(long, env = "PARERE_CONNECTIONS_PER_CLIENT", default_value_t = 128, value_name = "COUNT",
        value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub connections_per_client: u32,

    /// How long a client may take to send the head of a request, and an idle connection stays open.
    #[arg(long, env = "PARERE_HEADER_TIMEOUT_MS", default_value_t = 10_000, value_name = "MILLISECONDS",
        value_parser = clap::value_parser!(u32).range(50..=600_000))]
    pub header_timeout_ms: u32,

    /// How long a client may take to send the body of a request: 64 KiB on the slowest phone link.
    #[arg(long, env = "PARERE_BODY_TIMEOUT_MS", default_value_t = 15_000, value_name = "MILLISECONDS",
        value_parser = clap::value_parser!(u32).range(50..=600_000))]
    pub body_timeout_ms: u32,

    /// How long to go on serving when asked to end, with readiness off: as long as the load balancer takes to notice.
    #[arg(long, env = "PARERE_DRAIN_DELAY_MS", default_value_t = 0, value_name = "MILLISECONDS",
        value_parser = clap::value_parser!(u32).range(0..=600_000))]
    pub drain_delay_ms: u32,

    /// Answers that may wait for the next commit before senders are asked to come back later; one site, half of them.
    #[arg(long, env = "PARERE_QUEUE_LEN", default_value_t = 4096, value_name = "COUNT",
        value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub queue_len: u32,
}

/// Requests a minute; `None` for no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit(pub Option<NonZeroU32>);

impl FromStr for RateLimit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" {
            return Ok(Self(None));
        }
        text.parse().map(|n| Self(Some(n))).map_err(|_| "must be a number of requests a minute, or off")
    }
}

impl LimitOptions {
    /// Are single clients limited at all?
    pub fn is_strict(&self) -> bool {
        self.rate_limit.0.is_some()
    }

    /// See [`Self::header_timeout_ms`].
    pub fn header_timeout(&self) -> Duration {
        Duration::from_millis(self.header_timeout_ms.into())
    }

    /// See [`Self::body_timeout_ms`].
    pub fn body_timeout(&self) -> Duration {
        Duration::from_millis(self.body_timeout_ms.into())
    }

    /// See [`Self::drain_delay_ms`].
    pub fn drain_delay(&self) -> Duration {
        Duration::from_millis(self.drain_delay_ms.into())
    }
}
