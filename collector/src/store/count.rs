//! Counts of answers: what every score is made of.

use parere_shared::time::Millis;

/// What counts are told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Nothing: one key, empty.
    All,
    /// The local day of receipt, as days since 1970-01-01.
    Day,
    /// How the question came.
    Channel,
    /// Language of the prompt.
    Locale,
    /// Class of device.
    Device,
    /// Where in the customer journey.
    Touchpoint,
    /// Answers with a comment, by how the question came.
    Commented,
    /// Answers that stay out of scores, by the reason: `test` or `flagged`.
    Excluded,
    /// The page's address, its first [`PAGE_CHARS_TOLD`] characters. Not counted by day, for senders choose it freely.
    Page,
    /// The order that the answer names. Not counted by day.
    Ref,
    /// Touchpoint and channel, with [`BETWEEN`] between them. Not counted by day, for they are told apart seldom.
    TouchpointChannel,
}

/// What stands between the two parts of a key: no touchpoint has it in it.
pub const BETWEEN: char = '\t';

/// Characters of a page's address that answers are told apart by: enough for paths, and a bound for what is read.
pub const PAGE_CHARS_TOLD: i32 = 200;

impl Dimension {
    /// The name under which daily counts are kept; days are kept with every dimension.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All | Self::Day => "all",
            Self::Channel => "channel",
            Self::Locale => "locale",
            Self::Device => "device",
            Self::Touchpoint => "touchpoint",
            Self::Commented => "commented",
            Self::Excluded => "excluded",
            Self::Page => "page",
            Self::Ref => "ref",
            Self::TouchpointChannel => "touchpoint_channel",
        }
    }
}

/// A span of time, the end not included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// Whole local days, since 1970-01-01: answered from the daily counts.
    Days(i32, i32),
    /// Moments of receipt: answered from the rows, so for part of a day only.
    Moments(Millis, Millis),
    /// Moments of receipt, and of what was received then the latest so many answers, those that stay out of scores among
    /// them: answered from as many rows, however many there are.
    Latest(Millis, Millis, u32),
}

/// So many answers with this score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Value of the dimension; for days the number as text.
    pub key: String,
    /// Instrument that was shown.
    pub instrument: String,
    /// The score.
    pub score: i32,
    /// Chance that the shoppers had of being asked, in thousandths, 1–1000.
    pub per_mille: u16,
    /// How many.
    pub n: u64,
}
