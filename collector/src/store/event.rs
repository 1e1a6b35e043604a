//! What became of questions, as numbers a day.

use parere_shared::event::EventKind;

/// A kind of moment on a day; there is no row for a single one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Event {
    /// Key of the site.
    pub site: String,
    /// Slug of the survey.
    pub survey: String,
    /// Local day, since 1970-01-01.
    pub day: i32,
    /// What happened.
    pub kind: EventKind,
    /// What exactly was asked; empty where that is not known. So are the following.
    pub instrument: String,
    /// How the question came.
    pub channel: &'static str,
    /// Language of the prompt: one of the survey's, or `other`.
    pub locale: String,
    /// Class of device.
    pub device: &'static str,
    /// Where in the customer journey: a known one, or `other`.
    pub touchpoint: String,
}

/// So many moments of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventCount {
    /// Value of the dimension; for days the number as text.
    pub key: String,
    /// What happened.
    pub kind: EventKind,
    /// How many times.
    pub n: u64,
}
