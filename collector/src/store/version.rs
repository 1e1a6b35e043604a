//! What a survey asked, from when on.

use parere_shared::instrument::Instrument;
use parere_shared::survey::Survey;
use parere_shared::time::Millis;

/// A survey that is being written, with everything it can show a shopper.
#[derive(Debug, Clone)]
pub struct SurveyWrite {
    /// The definition, already checked.
    pub survey: Survey,
    /// Its instruments, one for each language.
    pub instruments: Vec<Instrument>,
    /// Who writes it, in words for people.
    pub author: String,
    /// When it is written.
    pub now: Millis,
}

/// What a survey said from one moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyVersion {
    /// Counted from 1 for each survey.
    pub number: i64,
    /// The definition.
    pub survey: Survey,
    /// Who wrote it, in words for people; empty where nobody noted it.
    pub author: String,
    /// When it was written.
    pub at: Millis,
}

/// What became of a request to remove a survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// It is gone.
    Removed,
    /// There is no such survey.
    Absent,
    /// It has answers, and those are not thrown away by the way.
    Answered,
}

/// What answers to a survey differ by, as long as it stays the same: a new one begins with each change of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// When it was first asked so.
    pub since: Millis,
    /// Share of shoppers asked, in thousandths, 1–1000; not known of times before it was kept.
    pub per_mille: Option<u16>,
    /// Ids of the instruments, in their order; at least those that were new.
    pub instruments: Vec<String>,
}

impl Version {
    /// The version that a survey has once it is written.
    pub(super) fn of(write: &SurveyWrite) -> Self {
        let mut instruments: Vec<String> =
            write.instruments.iter().map(parere_shared::instrument::Instrument::id).collect();
        instruments.sort();
        Self { since: write.now, per_mille: Some(write.survey.targeting.sample_per_mille), instruments }
    }

    /// Is there no difference but the moment?
    pub(super) fn asks_like(&self, other: &Self) -> bool {
        (self.per_mille, &self.instruments) == (other.per_mille, &other.instruments)
    }
}
