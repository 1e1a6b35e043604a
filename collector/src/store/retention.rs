//! How long something is kept, and what is let go when that is over.

use parere_shared::time::Millis;
use serde::Serialize;

use super::Seq;

/// How long a site keeps what it is sent, in days; `None`: for good.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Retention {
    /// Comments; their answers stay.
    #[schema(required)]
    pub comments_days: Option<u32>,
    /// Whole answers; their counts stay, and with them the scores.
    #[schema(required)]
    pub responses_days: Option<u32>,
}

/// What of an answer was kept long enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What the shopper wrote.
    Comments,
    /// All of it.
    Responses,
}

/// Answers to one survey of which something was kept long enough.
#[derive(Debug, Clone)]
pub struct Retirement {
    /// Slug of the survey.
    pub survey: String,
    /// What shall go.
    pub what: Part,
    /// Of answers that were received at this moment or later.
    pub from: Millis,
    /// Of answers that were received before this moment: a midnight of the site's.
    pub before: Millis,
    /// The local day that begins then, since 1970-01-01.
    pub before_day: i32,
}

/// What became of a slice of the answers that are decided on, or erased.
#[derive(Debug, Clone, Copy)]
pub struct Slice {
    /// Answers that changed, or are gone.
    pub changed: u64,
    /// Where the next slice begins; `None` after the last.
    pub next: Option<Seq>,
}

impl Slice {
    /// Most answers in one transaction: a few milliseconds, in which the site takes no answer.
    pub const LEN: usize = 500;
}

/// How thoroughly what was erased is overwritten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scrub {
    /// As far as it takes no longer than answers can wait.
    Quick,
    /// All of it, however long that takes.
    Whole,
}
