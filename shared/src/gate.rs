//! Gates: may this shopper be asked this question now, and if not, why not.
//!
//! The loader repeats the cheap ones in JavaScript, but only to rule a survey *out*; this module decides.

use serde::{Deserialize, Serialize};

use crate::memory::Memory;
use crate::time::{DAY_MS, Millis};

mod condition;
mod hours;
mod sample;
mod trigger;
mod url;

pub use condition::{Condition, Fact, Known, Op};
pub use hours::{Hours, Zone};
pub use sample::{BUCKETS, bucket};
pub use trigger::{Awaited, On, order_slug};
pub use url::{UrlOp, UrlRule};

/// How long to leave a shopper alone, in days; 0 asks again at once.
///
/// The defaults follow what the field recommends: a quarter after an answer, a month after a "no",
/// a week between any two questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Recontact {
    /// After an answer to this survey.
    pub answered_days: u16,
    /// After this survey was dismissed.
    pub dismissed_days: u16,
    /// After any other survey of the site was shown.
    pub other_days: u16,
}

impl Default for Recontact {
    fn default() -> Self {
        Self { answered_days: 90, dismissed_days: 30, other_days: 7 }
    }
}

/// Everything that can keep a survey from being asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate<T = String> {
    /// First moment it may be asked.
    pub from_ms: Option<Millis>,
    /// First moment it may not be asked any more.
    pub until_ms: Option<Millis>,
    /// Days and times at which it may be asked.
    pub hours: Hours,
    /// Rules on the page's address.
    pub urls: Vec<UrlRule<T>>,
    /// What else must hold, all of it.
    pub conditions: Vec<Condition<T>>,
    /// Share of browsers asked, in thousandths.
    pub sample_per_mille: u16,
    /// How long to leave a shopper alone.
    pub recontact: Recontact,
}

/// Facts about this page view that gates read.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    /// The page's address: path, query and fragment.
    pub url: &'a str,
    /// The browser's clock.
    pub now: Millis,
    /// What else is known.
    pub known: Known<'a>,
}

/// Why a survey is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Its schedule has not begun.
    NotYet,
    /// Its schedule is over.
    Over,
    /// It is not asked at this time of the week.
    Hours,
    /// The page's address does not fit.
    Url,
    /// Something else does not hold.
    Condition,
    /// This shopper said: never again.
    Never,
    /// This shopper answered it not long ago.
    Answered,
    /// This shopper sent it away not long ago.
    Dismissed,
    /// This shopper was asked something else not long ago.
    Other,
    /// This browser is not in the sample.
    Sample,
}

impl<T: AsRef<str>> Gate<T> {
    /// `Ok` with the probability of being asked, in thousandths, or the first reason not to ask.
    pub fn judge(&self, slug: &str, visit: &Visit<'_>, memory: &Memory) -> Result<u16, Refusal> {
        match Refusal::ALL.into_iter().find(|&refusal| self.refuses(refusal, slug, visit, memory)) {
            Some(refusal) => Err(refusal),
            None => Ok(self.sample_per_mille),
        }
    }

    /// Is it asked at this time at all?
    pub fn is_open(&self, now: Millis) -> bool {
        let (begun, over) =
            (self.from_ms.is_none_or(|from| now >= from), self.until_ms.is_some_and(|until| now >= until));
        begun && !over && self.hours.contain(now)
    }

    /// Does this one gate keep the survey from being asked?
    pub fn refuses(&self, refusal: Refusal, slug: &str, visit: &Visit<'_>, memory: &Memory) -> bool {
        match refusal {
            Refusal::NotYet => self.from_ms.is_some_and(|from| visit.now < from),
            Refusal::Over => self.until_ms.is_some_and(|until| visit.now >= until),
            Refusal::Hours => !self.hours.contain(visit.now),
            Refusal::Url => !url::matches(&self.urls, visit.url),
            Refusal::Condition => !self.conditions.iter().all(|condition| condition.holds(&visit.known)),
            Refusal::Never => memory.never,
            Refusal::Answered | Refusal::Dismissed | Refusal::Other => {
                self.recontact.judge(slug, visit.now, memory) == Err(refusal)
            }
            Refusal::Sample => {
                self.sample_per_mille < BUCKETS && bucket(&memory.visitor, slug) >= self.sample_per_mille
            }
        }
    }
}

impl Refusal {
    /// Every reason, in the order in which they are looked at.
    pub const ALL: [Self; 10] = [
        Self::NotYet,
        Self::Over,
        Self::Hours,
        Self::Url,
        Self::Condition,
        Self::Never,
        Self::Answered,
        Self::Dismissed,
        Self::Other,
        Self::Sample,
    ];

    /// Name of the gate in explanations.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotYet => "from",
            Self::Over => "until",
            Self::Hours => "hours",
            Self::Url => "url",
            Self::Condition => "conditions",
            Self::Never => "never",
            Self::Answered => "answered",
            Self::Dismissed => "dismissed",
            Self::Other => "other",
            Self::Sample => "sample",
        }
    }
}

impl Recontact {
    /// Has the shopper been left alone long enough? Else the first reason why not.
    pub fn judge(self, slug: &str, now: Millis, memory: &Memory) -> Result<(), Refusal> {
        let mut verdict = Ok(());
        for seen in &memory.seen {
            if seen.slug != slug {
                if is_recent(seen.shown_s, self.other_days, now) {
                    verdict = Err(Refusal::Other);
                }
            } else if is_recent(seen.answered_s, self.answered_days, now) {
                return Err(Refusal::Answered);
            } else if is_recent(seen.dismissed_s, self.dismissed_days, now) {
                return Err(Refusal::Dismissed);
            }
        }
        verdict
    }
}

/// Did it happen, and within the last `days`? A moment in the future (a clock that was set back) counts.
#[inline(never)]
fn is_recent(moment_s: i64, days: u16, now: Millis) -> bool {
    moment_s > 0 && (now - i64::from(days) * DAY_MS).div_euclid(1000) < moment_s
}

#[cfg(test)]
mod tests;
