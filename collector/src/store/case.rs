//! Cases: a low score that somebody answers to, until it is settled; and what an answer does to its own.

use parere_shared::response::ResponseId;
use parere_shared::speed::Wait;
use parere_shared::text;
use parere_shared::time::Millis;
use parere_shared::violation::{Rule, Violation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::due::is_detractor;
use super::settle::Standing;

/// Hours until a case is due, where a site does not say otherwise.
pub const CASE_HOURS: u32 = 48;

/// Most hours until a case is due: 30 days, by when most customers have forgotten what they said.
pub const CASE_HOURS_MAX: u32 = 720;

/// Most characters of a note: a few sentences, for the next one who looks.
pub const CASE_NOTE_CHARS_MAX: usize = 500;

/// How far a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CaseStatus {
    /// Nobody has got in touch with the customer.
    Open,
    /// Somebody has.
    Doing,
    /// It is settled.
    Done,
}

impl CaseStatus {
    /// Every one, in order.
    pub const ALL: [Self; 3] = [Self::Open, Self::Doing, Self::Done];

    /// The name under which it is kept.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Doing => "doing",
            Self::Done => "done",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}

/// What came of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CaseOutcome {
    /// The customer is content again.
    Recovered,
    /// The customer is not.
    NotRecovered,
    /// Nobody could be reached.
    NoContact,
    /// The customer raised the score before anybody did anything; said by the store alone.
    ChangedMind,
}

impl CaseOutcome {
    /// Every one; the last is nobody's to choose.
    pub const ALL: [Self; 4] = [Self::Recovered, Self::NotRecovered, Self::NoContact, Self::ChangedMind];

    /// The name under which it is kept.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recovered => "recovered",
            Self::NotRecovered => "not_recovered",
            Self::NoContact => "no_contact",
            Self::ChangedMind => "changed_mind",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == name)
    }
}

/// What is done about one low score. It goes by the id of the answer, and goes when the answer goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The answer.
    pub response: ResponseId,
    /// Slug of its survey.
    pub survey: String,
    /// When the low score came.
    pub opened_at: Millis,
    /// When it shall be settled, by the clock and not by business hours.
    pub due_at: Millis,
    /// E-mail address of the account that looks after it.
    pub owner: Option<String>,
    /// How far it is.
    pub status: CaseStatus,
    /// What came of it; of one that is done.
    pub outcome: Option<CaseOutcome>,
    /// When somebody first got in touch, or gave up trying: when it first left `open` by somebody's hand.
    pub followed_up_at: Option<Millis>,
    /// When it was done.
    pub closed_at: Option<Millis>,
    /// What whoever comes next should know.
    pub note: Option<String>,
    /// Grows with every change by somebody's hand: of two who change it at the same time, one is told.
    pub revision: u32,
}

/// A case with what the customer said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// The case.
    pub case: Case,
    /// The score.
    pub score: i32,
    /// Its band.
    pub band: String,
    /// What the customer wrote.
    pub comment: Option<String>,
    /// Language of the question.
    pub locale: Option<String>,
    /// The merchant's order reference: how the customer can be found.
    pub order_ref: Option<String>,
}

/// Which cases are meant.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Only of this status; otherwise all that are not done.
    pub status: Option<CaseStatus>,
    /// Only those of this account, or of nobody (`Some(None)`).
    pub owner: Option<Option<String>>,
}

/// Where a page of cases ended: when the last one was due, or done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CasePlace {
    /// The moment.
    pub at: Millis,
    /// Whose it was.
    pub response: ResponseId,
}

/// What is counted of the cases that were opened in a span of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseTally {
    /// How many there are, by status and outcome.
    pub by: Vec<(CaseStatus, Option<CaseOutcome>, u64)>,
    /// Of those that are not done, how many should be.
    pub overdue: u64,
    /// How long the customers of the latest 20,000 waited for the first follow-up, or have waited so far; who had a
    /// change of mind first waited until then, and for longer nobody knows.
    pub waits: Vec<Wait>,
}

/// Most waits that a median is made of: more would not make it better known.
pub(super) const CASE_WAITS_MAX: i64 = 20_000;

/// What somebody wishes of a case; what is `None` stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseChange {
    /// Who looks after it.
    pub owner: Option<Option<String>>,
    /// How far it is.
    pub status: Option<CaseStatus>,
    /// What came of it.
    pub outcome: Option<CaseOutcome>,
    /// The note.
    pub note: Option<Option<String>>,
}

impl Case {
    /// Its place in the order in which cases are read: what is due first, or what was done last.
    pub fn place(&self) -> CasePlace {
        let at = self.closed_at.filter(|_| self.status == CaseStatus::Done).unwrap_or(self.due_at);
        CasePlace { at, response: self.response }
    }

    /// Should it be done by `now`, and is not?
    pub fn is_overdue(&self, now: Millis) -> bool {
        self.status != CaseStatus::Done && self.due_at < now
    }

    /// The case as `change` wants it.
    ///
    /// What is done says what came of it, and nothing else does.
    pub fn changed(&self, change: CaseChange, now: Millis) -> Result<Self, Vec<Violation>> {
        let mut found = Vec::new();
        let status = change.status.unwrap_or(self.status);
        let outcome = change.outcome.or(self.outcome.filter(|_| status == CaseStatus::Done));
        match (status, outcome) {
            (CaseStatus::Done, None) => found.push(Violation::new("outcome", Rule::Missing)),
            (CaseStatus::Open | CaseStatus::Doing, Some(_)) => {
                let rule = Rule::Contradiction("belongs to a case that is done");
                found.push(Violation::new("outcome", rule));
            }
            _ => {}
        }
        let note = change.note.map_or_else(|| self.note.clone(), |note| checked_note(note, &mut found));
        if !found.is_empty() {
            return Err(found);
        }
        let by_hand = status != CaseStatus::Open && outcome != Some(CaseOutcome::ChangedMind);
        Ok(Self {
            owner: change.owner.unwrap_or_else(|| self.owner.clone()),
            status,
            outcome,
            followed_up_at: self.followed_up_at.or(by_hand.then_some(now)),
            closed_at: (status == CaseStatus::Done).then(|| self.closed_at.unwrap_or(now)),
            note,
            revision: self.revision + 1,
            ..self.clone()
        })
    }
}

fn checked_note(note: Option<String>, found: &mut Vec<Violation>) -> Option<String> {
    let note = note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty())?;
    if note.chars().count() > CASE_NOTE_CHARS_MAX {
        found.push(Violation::new("note", Rule::TooLong { max: CASE_NOTE_CHARS_MAX }));
    }
    if text::has_control(&note) {
        found.push(Violation::new("note", Rule::ControlCharacter));
    }
    Some(note)
}

/// What an answer does to its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CaseStep {
    /// A case is opened, or opened again if the customer had a change of mind.
    Open,
    /// One that nobody touched is done: the score was raised.
    ChangeMind,
    /// One that nobody touched is gone: the answer does not count any more.
    Drop,
}

/// What becomes of the case of an answer that stands as `after` and stood as `before`.
pub(super) fn case_step(before: Option<&Standing>, after: &Standing) -> Option<CaseStep> {
    match (before.is_some_and(is_detractor), is_detractor(after)) {
        (false, true) => Some(CaseStep::Open),
        (true, false) if before.is_some_and(|before| before.band == after.band) => Some(CaseStep::Drop),
        (true, false) => Some(CaseStep::ChangeMind),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case() -> Case {
        Case {
            response: ResponseId::parse("01931e5d-6c00-7000-8000-000000000001").unwrap(),
            survey: "nps".into(),
            opened_at: 1_000,
            due_at: 5_000,
            owner: None,
            status: CaseStatus::Open,
            outcome: None,
            followed_up_at: None,
            closed_at: None,
            note: None,
            revision: 0,
        }
    }

    #[test]
    fn a_case_goes_from_open_to_done_and_says_what_came_of_it() {
        use CaseOutcome::{ChangedMind, NotRecovered, Recovered};
        use CaseStatus::{Doing, Done, Open};
        let doing = Case { status: Doing, followed_up_at: Some(2_000), ..case() };
        let done = Case { status: Done, outcome: Some(Recovered), closed_at: Some(3_000), ..doing.clone() };
        let changed_mind =
            Case { status: Done, outcome: Some(ChangedMind), closed_at: Some(1_500), ..case() };
        for (from, status, outcome, expected) in [
            (case(), None, None, Ok((Open, None, None, None))),
            (case(), Some(Doing), None, Ok((Doing, None, Some(9_000), None))),
            (doing.clone(), Some(Open), None, Ok((Open, None, Some(2_000), None))),
            (case(), Some(Done), Some(Recovered), Ok((Done, Some(Recovered), Some(9_000), Some(9_000)))),
            (
                doing.clone(),
                Some(Done),
                Some(NotRecovered),
                Ok((Done, Some(NotRecovered), Some(2_000), Some(9_000))),
            ),
            (
                done.clone(),
                None,
                Some(NotRecovered),
                Ok((Done, Some(NotRecovered), Some(2_000), Some(3_000))),
            ),
            (done.clone(), Some(Doing), None, Ok((Doing, None, Some(2_000), None))),
            (changed_mind, None, None, Ok((Done, Some(ChangedMind), None, Some(1_500)))),
            (case(), Some(Done), None, Err("outcome")),
            (doing, Some(Doing), Some(Recovered), Err("outcome")),
            (done, Some(Open), Some(Recovered), Err("outcome")),
        ] {
            let change = CaseChange { status, outcome, ..CaseChange::default() };
            let changed = from.changed(change, 9_000);
            let found = changed.map(|case| (case.status, case.outcome, case.followed_up_at, case.closed_at));
            let found = found.map_err(|found| found[0].field.clone());
            assert_eq!(found, expected.map_err(str::to_owned), "{from:?}");
        }
    }

    #[test]
    fn owner_and_note_come_and_go() {
        let wish = |owner: Option<&str>, note: Option<&str>| CaseChange {
            owner: Some(owner.map(Into::into)),
            note: Some(note.map(Into::into)),
            ..CaseChange::default()
        };
        let taken = case().changed(wish(Some("ada@x"), Some(" Will call at noon ")), 9).unwrap();
        assert_eq!(
            (taken.owner.as_deref(), taken.note.as_deref()),
            (Some("ada@x"), Some("Will call at noon"))
        );
        assert_eq!((taken.followed_up_at, taken.revision), (None, 1), "to take a case is no follow-up");
        let left = taken.changed(wish(None, Some(" ")), 9).unwrap();
        assert_eq!((left.owner, left.note), (None, None));
        for note in ["x".repeat(CASE_NOTE_CHARS_MAX + 1), "a\u{7}b".into()] {
            assert_eq!(case().changed(wish(None, Some(&note)), 9).unwrap_err()[0].field, "note");
        }
    }

    #[test]
    fn overdue_is_what_should_be_done_and_is_not() {
        for (status, now, expected) in [
            (CaseStatus::Open, 5_000, false),
            (CaseStatus::Open, 5_001, true),
            (CaseStatus::Doing, 5_001, true),
            (CaseStatus::Done, 5_001, false),
        ] {
            assert_eq!(Case { status, ..case() }.is_overdue(now), expected, "{status:?} {now}");
        }
    }
}
