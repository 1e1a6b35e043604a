//! What a survey asked, from when on.

use parere_shared::time::Millis;

use super::SurveyWrite;

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
