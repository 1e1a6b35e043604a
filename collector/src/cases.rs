//! Cases: who may look after one, how a change is made, and what all of them together say.

use parere_shared::redact;
use parere_shared::response::ResponseId;
use parere_shared::speed::{self, Share, Speed};
use parere_shared::time::Millis;
use parere_shared::violation::{Rule, Violation};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::{Action, Caller, SiteScope, WRITE};
use crate::error::ApiError;
use crate::period::Period;
use crate::store::{CaseChange, CaseOutcome, CaseRow, CaseStatus, CaseTally};

/// The answer to an id that has no case.
pub const NO_SUCH_CASE: ApiError = ApiError::NotFound("The site has no case of this id.");

/// What became of the cases that were opened in a period.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CaseFigures {
    /// Cases opened.
    pub opened: u64,
    /// Nobody has got in touch with the customer yet.
    pub open: u64,
    /// Somebody has.
    pub doing: u64,
    /// They are settled.
    pub done: u64,
    /// Of those that are not settled, how many should be.
    pub overdue: u64,
    /// Of those that are settled, what came of them.
    pub outcomes: CaseOutcomes,
    /// How many were recovered, of those that somebody settled.
    pub recovered: Share,
    /// How long customers waited until somebody got in touch, those who still wait included.
    pub follow_up: Speed,
}

/// What came of cases.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseOutcomes {
    /// The customer is content again.
    pub recovered: u64,
    /// The customer is not.
    pub not_recovered: u64,
    /// Nobody could be reached.
    pub no_contact: u64,
    /// The customer raised the score before anybody did anything; counted in no share.
    pub changed_mind: u64,
}

/// Counts the cases that were opened in `period`.
pub async fn figures(app: &App, scope: &SiteScope, period: Period) -> Result<CaseFigures, ApiError> {
    let (from, to) = (period.from.unwrap_or(Millis::MIN), period.to.unwrap_or(Millis::MAX));
    Ok(figures_of(&app.store.cases().tally_cases(scope, from, to, app.clock.now()).await?))
}

fn figures_of(tally: &CaseTally) -> CaseFigures {
    let n = |is_meant: &dyn Fn(CaseStatus, Option<CaseOutcome>) -> bool| -> u64 {
        let meant = tally.by.iter().filter(|(status, outcome, _)| is_meant(*status, *outcome));
        meant.map(|(_, _, n)| n).sum()
    };
    let of_status = |wanted: CaseStatus| n(&|status, _| status == wanted);
    let of_outcome = |wanted: CaseOutcome| n(&|_, outcome| outcome == Some(wanted));
    let outcomes = CaseOutcomes {
        recovered: of_outcome(CaseOutcome::Recovered),
        not_recovered: of_outcome(CaseOutcome::NotRecovered),
        no_contact: of_outcome(CaseOutcome::NoContact),
        changed_mind: of_outcome(CaseOutcome::ChangedMind),
    };
    let settled = outcomes.recovered + outcomes.not_recovered + outcomes.no_contact;
    CaseFigures {
        opened: n(&|_, _| true),
        open: of_status(CaseStatus::Open),
        doing: of_status(CaseStatus::Doing),
        done: of_status(CaseStatus::Done),
        overdue: tally.overdue,
        outcomes,
        recovered: speed::share(outcomes.recovered, settled),
        follow_up: speed::with_open(&tally.waits),
    }
}

/// Changes a case, and gives it back as it stands.
///
/// 409 where somebody else has changed it since it was read.
pub async fn change(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    response: ResponseId,
    wish: CaseChange,
) -> Result<CaseRow, ApiError> {
    let before = app.store.cases().case(scope, response).await?.ok_or(NO_SUCH_CASE)?;
    // What a note says of people is masked as in comments.
    let note = wish.note.map(|note| note.map(|note| redact::redact(&note)));
    let mut found = Vec::new();
    if let Some(Some(owner)) = &wish.owner
        && !may_own(app, scope, owner).await?
    {
        found.push(Violation::new(
            "owner",
            Rule::Unknown("the address of an account that may change cases here"),
        ));
    }
    let after = before.case.changed(CaseChange { note, ..wish }, app.clock.now());
    let after = match after {
        Ok(after) if found.is_empty() => after,
        Ok(_) => return Err(ApiError::Invalid(found)),
        Err(broken) => {
            found.extend(broken);
            return Err(ApiError::Invalid(found));
        }
    };
    if !app.store.cases().change_case(scope, &before.case, &after).await? {
        return Err(ApiError::Conflict("Somebody else has changed the case meanwhile; read it again."));
    }
    app.record(&caller.who, Action::CaseChange, Some(scope.site()), &after.survey).await?;
    Ok(CaseRow { case: after, ..before })
}

/// May the account of this address change cases of the site?
async fn may_own(app: &App, scope: &SiteScope, email: &str) -> Result<bool, ApiError> {
    let Some(account) = app.store.access().account(email).await? else { return Ok(false) };
    let caller = Caller::person(&account.email, &account.memberships);
    Ok(!account.is_disabled && caller.rights_at(scope.site()).has(WRITE))
}

#[cfg(test)]
mod tests {
    use parere_shared::speed::Wait;

    use super::*;

    #[test]
    fn a_change_of_mind_is_nobodys_success() {
        use CaseOutcome::{ChangedMind, NoContact, NotRecovered, Recovered};
        use CaseStatus::{Doing, Done, Open};
        let figures = figures_of(&CaseTally {
            by: vec![
                (Open, None, 4),
                (Doing, None, 2),
                (Done, Some(Recovered), 3),
                (Done, Some(NotRecovered), 2),
                (Done, Some(NoContact), 1),
                (Done, Some(ChangedMind), 5),
            ],
            overdue: 1,
            waits: [(3_600_000, true), (1_800_000, true), (7_200_000, false)]
                .map(|(ms, is_over)| Wait { ms, is_over })
                .into(),
        });
        assert_eq!((figures.opened, figures.open, figures.doing, figures.done), (17, 4, 2, 11));
        assert_eq!((figures.recovered.n, figures.recovered.share), (6, Some(50.0)));
        let follow_up = figures.follow_up;
        assert_eq!((follow_up.n, follow_up.open, follow_up.median.ms), (3, 1, Some(3_600_000)));
        let nothing = figures_of(&CaseTally::default());
        assert_eq!((nothing.recovered.share, nothing.follow_up.median.ms), (None, None));
    }
}
