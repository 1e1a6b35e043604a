//! Answers from files: our own exports without loss, and anybody's whose columns are named.
//!
//! `whole` asks whether a file is complete, `lines` reads it row by row; `own` and `foreign` make the record of a row
//! that is stored, by the rules of ingest. What cannot be taken is said in a sentence, and the next row is read.

use parere_shared::time::Millis;
use parere_shared::violation::Violation;

use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::store::{Record, Row};

mod delighted;
mod foreign;
mod lines;
mod moment;
mod own;
mod table;
mod whole;

pub use foreign::{Foreign, Origin};
pub use lines::{Form, Line, Lines, Raw, Said, open, with_reason};
pub use own::OwnRow;
pub use table::Table;

/// What rows of a file become answers to.
pub struct Target<'a> {
    /// The site.
    pub site: &'a SiteEntry,
    /// The survey; of our own exports, answers to others are left out, and `None` is every survey.
    pub survey: Option<&'a SurveyEntry>,
    /// The moment of the import: nothing was received later.
    pub now: Millis,
}

/// What became of a row.
pub enum Made {
    /// What can be stored.
    Record(Box<Record>),
    /// An answer to a survey that is not asked for.
    LeftOut,
}

/// The record of a row, or why there is none.
pub fn made(said: Said, target: &Target<'_>, foreign: &mut Foreign) -> Result<Made, String> {
    let made = match said {
        Said::Own(row) => own::made(*row, target)?,
        Said::Foreign(fields) => foreign.made(&fields, target)?,
    };
    if let Made::Record(record) = &made
        && let Some(days) = target.site.site.retention.responses_days
        && i64::from(record.day) < i64::from(target.site.day_of(target.now)) - i64::from(days)
    {
        // It may have been here: its counts would still be, and it would count twice.
        return Err(format!("the site keeps answers for {days} days, and it is older"));
    }
    Ok(made)
}

/// Does `record` say what is stored already? Doubts and decisions may have come since, and do not make another answer.
pub fn is_stored(stored: &Row, record: &Record) -> bool {
    let stands_in = crate::store::Flags::INSTRUMENT;
    // Where today's wording stands in for one that is not known, it may have been another day's.
    let is_guessed = stored.flags.meets(stands_in) && record.row.flags.meets(stands_in);
    let instrument = if is_guessed { &stored.instrument } else { &record.row.instrument };
    let said = Row {
        flags: stored.flags,
        received_at: stored.received_at,
        instrument: instrument.clone(),
        ..record.row.clone()
    };
    *stored == said
}

/// Violations as a sentence.
pub(crate) fn sentence(found: &[Violation]) -> String {
    let said: Vec<_> =
        found.iter().map(|violation| format!("{} {}", violation.field, violation.rule)).collect();
    said.join("; ")
}
