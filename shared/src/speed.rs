//! Speed: how long customers waited, and how sure one may be of it.
//!
//! A wait that is not over says something, too: it has lasted so long already. [`with_open`] takes those in, and is
//! the headline; [`closed`] tells of the others alone, which look faster than they are as long as the slow ones wait.
//!
//! | figure | from | interval |
//! |---|---|---|
//! | median and 90th percentile, open waits included | Kaplan–Meier | Brookmeyer–Crowley |
//! | the same of closed waits | the sorted waits | order statistics |
//! | shares: first-contact resolution, reopened | part of all | Wilson |
//!
//! Each formula names its source where it stands. The widget has no use for any of it.

use serde::Serialize;

use crate::score::{Interval, State};
use crate::time::{DAY_MS, Millis};

pub mod hours;
mod rank;
mod survival;

/// An hour in milliseconds.
pub const HOUR_MS: Millis = DAY_MS / 24;

/// One wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// How long it took, or how long it has gone on so far; never negative.
    pub ms: Millis,
    /// Has it ended?
    pub is_over: bool,
}

/// A wait that some share of all waits is not longer than.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Quantile {
    /// The wait; none where too many are open to know it.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub ms: Option<Millis>,
    /// Lower end of the 95 % interval; 0 where the waits do not tell.
    pub low_ms: Millis,
    /// Upper end of the 95 % interval; none where the waits do not tell.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub high_ms: Option<Millis>,
}

/// What a heap of waits says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Speed {
    /// Waits that count.
    pub n: u64,
    /// Those of them that are not over.
    pub open: u64,
    /// Whether it is fit to be shown: by the waits that are over.
    pub state: State,
    /// Half of the waits are not longer.
    pub median: Quantile,
    /// Nine of ten waits are not longer.
    pub p90: Quantile,
    /// How the intervals were made: `brookmeyer-crowley` or `order-statistics`.
    pub method: &'static str,
}

/// Of all waits, the open ones as what they are: at least so long.
pub fn with_open(waits: &[Wait]) -> Speed {
    let curve = survival::Curve::of(waits);
    speed(waits, |share| curve.quantile(share), "brookmeyer-crowley")
}

/// Of the waits that are over.
pub fn closed(waits: &[Wait]) -> Speed {
    let over: Vec<_> = waits.iter().copied().filter(|wait| wait.is_over).collect();
    let mut sorted: Vec<_> = over.iter().map(|wait| wait.ms).collect();
    sorted.sort_unstable();
    speed(&over, |share| rank::quantile(&sorted, share), "order-statistics")
}

fn speed(waits: &[Wait], quantile: impl Fn(f64) -> Quantile, method: &'static str) -> Speed {
    let (n, over) = (waits.len() as u64, waits.iter().filter(|wait| wait.is_over).count() as u64);
    let [median, p90] = [0.5, 0.9].map(quantile);
    Speed { n, open: n - over, state: State::of(over), median, p90, method }
}

/// How many of some tickets.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Share {
    /// Tickets of which it can be said.
    pub n: u64,
    /// Those of which it is true.
    pub part: u64,
    /// The same in percent, 0–100, two decimals; none without tickets.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub share: Option<f64>,
    /// Wilson interval around the share, in percent; none without tickets.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub interval: Option<Interval>,
    /// Whether it is fit to be shown.
    pub state: State,
}

/// `part` of `n`, with its interval.
pub fn share(part: u64, n: u64) -> Share {
    let (share, interval) = crate::score::part(part, n).unzip();
    Share { n, part, share, interval, state: State::of(n) }
}

/// Waits that customers would call as long as each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Bucket {
    /// Less than an hour.
    Hour,
    /// One hour to less than four.
    FourHours,
    /// Four hours to less than a day.
    Day,
    /// One day to less than three.
    ThreeDays,
    /// Three days and more.
    Longer,
}

impl Bucket {
    /// Every one, the shortest first.
    pub const ALL: [Self; 5] = [Self::Hour, Self::FourHours, Self::Day, Self::ThreeDays, Self::Longer];

    /// The one of a wait.
    pub fn of(ms: Millis) -> Self {
        Self::ALL
            .into_iter()
            .find(|bucket| bucket.end_ms().is_some_and(|end| ms < end))
            .unwrap_or(Self::Longer)
    }

    /// First wait beyond it; none for the last.
    fn end_ms(self) -> Option<Millis> {
        match self {
            Self::Hour => Some(HOUR_MS),
            Self::FourHours => Some(4 * HOUR_MS),
            Self::Day => Some(DAY_MS),
            Self::ThreeDays => Some(3 * DAY_MS),
            Self::Longer => None,
        }
    }

    /// For people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Hour => "under 1 hour",
            Self::FourHours => "1 to 4 hours",
            Self::Day => "4 to 24 hours",
            Self::ThreeDays => "1 to 3 days",
            Self::Longer => "over 3 days",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(ms: Millis, is_over: bool) -> Wait {
        Wait { ms, is_over }
    }

    #[test]
    fn buckets_end_where_the_next_begins() {
        for (ms, expected) in [
            (0, Bucket::Hour),
            (HOUR_MS - 1, Bucket::Hour),
            (HOUR_MS, Bucket::FourHours),
            (4 * HOUR_MS, Bucket::Day),
            (DAY_MS - 1, Bucket::Day),
            (DAY_MS, Bucket::ThreeDays),
            (3 * DAY_MS - 1, Bucket::ThreeDays),
            (3 * DAY_MS, Bucket::Longer),
            (Millis::MAX, Bucket::Longer),
        ] {
            assert_eq!(Bucket::of(ms), expected, "{ms}");
        }
    }

    #[test]
    fn states_go_by_what_is_over() {
        for (over, open, state) in [
            (0, 0, State::None),
            (0, 50, State::None),
            (9, 50, State::Hidden),
            (10, 0, State::Early),
            (30, 9, State::Ok),
        ] {
            let waits: Vec<_> = (0..over + open).map(|ms| wait(ms, ms < over)).collect();
            let all = with_open(&waits);
            let n = u64::try_from(over + open).unwrap();
            assert_eq!((all.n, all.open, all.state), (n, u64::try_from(open).unwrap(), state));
            let plain = closed(&waits);
            assert_eq!((plain.n, plain.open, plain.state), (u64::try_from(over).unwrap(), 0, state));
        }
    }

    #[test]
    fn who_still_waits_makes_it_slower_and_without_them_both_agree() {
        let mut waits: Vec<_> = (1..=40).map(|ms| wait(ms, true)).collect();
        assert_eq!(with_open(&waits).median.ms, closed(&waits).median.ms);
        assert_eq!(with_open(&waits).p90.ms, closed(&waits).p90.ms);
        waits.extend((0..20).map(|_| wait(100, false)));
        assert_eq!((closed(&waits).median.ms, with_open(&waits).median.ms), (Some(20), Some(30)));
        assert_eq!(with_open(&waits).p90.ms, None, "a third of them has not ended");
    }

    #[test]
    fn shares_have_wilsons_interval() {
        let found = share(74, 107);
        assert_eq!((found.share, found.state), (Some(69.16), State::Ok));
        let interval = found.interval.unwrap();
        assert!(
            (interval.low - 59.87).abs() < 0.005 && (interval.high - 77.12).abs() < 0.005,
            "{interval:?}"
        );
        assert_eq!((share(0, 0).share, share(0, 0).state), (None, State::None));
    }
}
