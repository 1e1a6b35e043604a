//! Cases: one more set of verbs, the same for every back end.
//!
//! A case is opened by the transaction that stores its answer ([`Store::append`](super::Store::append)), where the
//! site has cases on, and goes with its answer, whoever lets that go.

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;

use super::back_end::{BackEnd, verbs};
use super::case::{Case, CaseFilter, CasePlace, CaseRow, CaseTally};
use super::row::Person;
use crate::auth::SiteScope;

/// The verbs on cases; comes from `cases` of a store.
#[derive(Debug, Clone, Copy)]
pub struct Cases<'a>(pub(super) BackEnd<'a>);

verbs! { Cases:
    /// A page of cases beyond `after`, at most `limit`: what is due first comes first; of those that are done, what
    /// was done last.
    cases(scope: &SiteScope, filter: &CaseFilter, after: Option<CasePlace>, limit: usize) -> Vec<CaseRow>;
    /// The case of an answer.
    case(scope: &SiteScope, response: ResponseId) -> Option<CaseRow>;
    /// A page of the cases that were opened from `from` on and before `to`, beyond the place `after` by the moment of their
    /// opening, the earliest first, at most `limit`.
    cases_opened(
        scope: &SiteScope, from: Millis, to: Millis, after: Option<CasePlace>, limit: usize,
    ) -> Vec<CaseRow>;
    /// The cases of answers of a person, the earliest first, at most `limit`.
    cases_of(scope: &SiteScope, person: &Person, limit: usize) -> Vec<CaseRow>;
    /// Writes `after` in the place of `before`; `false` if that is not how the case stands.
    change_case(scope: &SiteScope, before: &Case, after: &Case) -> bool;
    /// Counts the cases that were opened from `from` on and before `to`, as they stand at `now`.
    tally_cases(scope: &SiteScope, from: Millis, to: Millis, now: Millis) -> CaseTally;
}
