//! Gates: may this shopper be asked this question now, and if not, why not.
//!
//! The loader repeats the cheap ones in JavaScript, but only to rule a survey *out*; this module decides.

use serde::{Deserialize, Serialize};

use crate::memory::Memory;
use crate::time::{DAY_MS, Millis};

mod sample;
mod url;

pub use sample::{BUCKETS, bucket};
pub use url::{UrlOp, UrlRule};

/// How long to leave a shopper alone, in days; 0 asks again at once.
///
/// The defaults follow what the field recommends: a quarter after an answer, a month after a "no",
/// a week between any two questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Rules on the page's address.
    pub urls: Vec<UrlRule<T>>,
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
}

/// Why a survey is not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Its schedule has not begun.
    NotYet,
    /// Its schedule is over.
    Over,
    /// The page's address does not fit.
    Url,
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
        if self.from_ms.is_some_and(|from| visit.now < from) {
            return Err(Refusal::NotYet);
        }
        if self.until_ms.is_some_and(|until| visit.now >= until) {
            return Err(Refusal::Over);
        }
        if !url::matches(&self.urls, visit.url) {
            return Err(Refusal::Url);
        }
        self.recontact.judge(slug, visit.now, memory)?;
        if self.sample_per_mille < BUCKETS && bucket(&memory.visitor, slug) >= self.sample_per_mille {
            return Err(Refusal::Sample);
        }
        Ok(self.sample_per_mille)
    }
}

impl Recontact {
    fn judge(self, slug: &str, now: Millis, memory: &Memory) -> Result<(), Refusal> {
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
