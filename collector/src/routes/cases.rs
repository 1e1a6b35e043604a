//! Cases: low scores that somebody answers to.

use axum::Json;
use axum::extract::{Path, State};
use parere_shared::response::ResponseId;
use parere_shared::time;
use parere_shared::violation::{Rule, Violation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::definition::Definition;
use super::query::{Asked, refuse_any};
use super::stored::limit;
use crate::app::App;
use crate::auth::{May, READ, WRITE};
use crate::cases::{self, CaseFigures, NO_SUCH_CASE};
use crate::error::ApiError;
use crate::openapi::{
    CasesQuery, Conflict, InResponse, InSite, InvalidBody, InvalidQuery, NoSuchResponse, NoSuchSite,
    PeriodQuery, Refused,
};
use crate::store::{CaseChange, CaseFilter, CaseOutcome, CasePlace, CaseRow, CaseStatus};

mod csv;

/// The word for cases that are nobody's.
pub(super) const NOBODY: &str = "none";

/// `GET /sites/{site}/cases`, the same as a file, its figures, and `GET, PATCH /sites/{site}/cases/{id}`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(csv::export))
        .routes(routes!(figures))
        .routes(routes!(read, change))
}

/// A case with what the customer said.
#[derive(Debug, Serialize, ToSchema)]
struct CaseOut {
    /// Id of the answer, and of the case.
    id: String,
    survey: String,
    score: i32,
    band: String,
    #[schema(required)]
    comment: Option<String>,
    #[schema(required)]
    locale: Option<String>,
    #[schema(required)]
    r#ref: Option<String>,
    opened_at: String,
    due_at: String,
    is_overdue: bool,
    /// E-mail address of the account that looks after it.
    #[schema(required)]
    owner: Option<String>,
    status: CaseStatus,
    #[schema(required)]
    outcome: Option<CaseOutcome>,
    /// When somebody first got in touch, or gave up trying.
    #[schema(required)]
    followed_up_at: Option<String>,
    #[schema(required)]
    closed_at: Option<String>,
    #[schema(required)]
    note: Option<String>,
}

/// A page of cases.
#[derive(Debug, Serialize, ToSchema)]
struct CaseList {
    cases: Vec<CaseOut>,
    /// Leads to the next page; null after the last.
    #[schema(required)]
    next: Option<String>,
}

/// What shall change about a case; what is not sent stays.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CaseIn {
    /// E-mail address of an account that may change cases here; empty for nobody.
    pub(super) owner: Option<String>,
    /// `open`, `doing` or `done`.
    pub(super) status: Option<String>,
    /// `recovered`, `not_recovered` or `no_contact`: of a case that is done.
    pub(super) outcome: Option<String>,
    /// At most 500 characters; empty for none. Addresses and numbers of people are masked.
    pub(super) note: Option<String>,
}

impl CaseIn {
    /// The wish that it stands for; every word that is not known is a violation.
    pub(super) fn parse(self) -> Result<CaseChange, ApiError> {
        let mut found = Vec::new();
        let status = self.status.map(|name| CaseStatus::parse(&name));
        if status == Some(None) {
            found.push(Violation::new("status", Rule::Unknown("open, doing or done")));
        }
        let is_choice = |outcome: &CaseOutcome| *outcome != CaseOutcome::ChangedMind;
        let outcome = self.outcome.map(|name| CaseOutcome::parse(&name).filter(is_choice));
        if outcome == Some(None) {
            found.push(Violation::new("outcome", Rule::Unknown("recovered, not_recovered or no_contact")));
        }
        refuse_any(found)?;
        let some = |text: String| Some(text).filter(|text| !text.is_empty());
        Ok(CaseChange {
            owner: self.owner.map(some),
            status: status.flatten(),
            outcome: outcome.flatten(),
            note: self.note.map(some),
        })
    }
}

impl CaseOut {
    fn of(row: CaseRow, now: time::Millis) -> Self {
        let is_overdue = row.case.is_overdue(now);
        let case = row.case;
        Self {
            id: case.response.encode(),
            survey: case.survey,
            score: row.score,
            band: row.band,
            comment: row.comment,
            locale: row.locale,
            r#ref: row.order_ref,
            opened_at: time::format(case.opened_at),
            due_at: time::format(case.due_at),
            is_overdue,
            owner: case.owner,
            status: case.status,
            outcome: case.outcome,
            followed_up_at: case.followed_up_at.map(time::format),
            closed_at: case.closed_at.map(time::format),
            note: case.note,
        }
    }
}

/// Which cases a query means, and where its page begins.
pub(super) fn wanted(asked: &Asked, found: &mut Vec<Violation>) -> (CaseFilter, Option<CasePlace>) {
    let status = asked.get("status").map(CaseStatus::parse);
    if status == Some(None) {
        found.push(Violation::new("status", Rule::Unknown("open, doing or done")));
    }
    let owner = asked.get("owner").map(|owner| (owner != NOBODY).then(|| owner.to_owned()));
    let after = asked.get("cursor").map(open);
    if after == Some(None) {
        found.push(Violation::new("cursor", Rule::Format("the next of an earlier page")));
    }
    (CaseFilter { status: status.flatten(), owner }, after.flatten())
}

/// The cursor of the page after `rows`; none where they are fewer than `limit`.
pub(super) fn next(rows: &[CaseRow], limit: usize) -> Option<String> {
    let last = rows.last().filter(|_| rows.len() == limit)?;
    let CasePlace { at, response } = last.case.place();
    Some(format!("{at}.{}", response.encode()))
}

fn open(cursor: &str) -> Option<CasePlace> {
    let (at, response) = cursor.split_once('.')?;
    Some(CasePlace { at: at.parse().ok()?, response: ResponseId::parse(response)? })
}

/// Cases that are not done, what is due first first; or those of a status. Of those that are done, what was done last.
#[utoipa::path(get, path = "/sites/{site}/cases", operation_id = "list_cases", params(InSite, CasesQuery),
    responses((status = 200, body = CaseList), NoSuchSite, InvalidQuery, Refused))]
async fn list(
    State(app): State<App>,
    May { scope, .. }: May<READ>,
    asked: Asked,
) -> Result<Json<CaseList>, ApiError> {
    let mut found = Vec::new();
    let limit = limit(&asked, &mut found);
    let (filter, after) = wanted(&asked, &mut found);
    refuse_any(found)?;
    let rows = app.store.cases().cases(&scope, &filter, after, limit).await?;
    let (next, now) = (next(&rows, limit), app.clock.now());
    Ok(Json(CaseList { cases: rows.into_iter().map(|row| CaseOut::of(row, now)).collect(), next }))
}

/// What became of the cases that were opened in a period: how soon somebody got in touch, and how many customers were
/// recovered, with its interval.
#[utoipa::path(get, path = "/sites/{site}/cases/figures", operation_id = "read_case_figures",
    params(InSite, PeriodQuery), responses((status = 200, body = CaseFigures), NoSuchSite, InvalidQuery, Refused))]
async fn figures(
    State(app): State<App>,
    May { scope, site, .. }: May<READ>,
    asked: Asked,
) -> Result<Json<CaseFigures>, ApiError> {
    let mut found = Vec::new();
    let period = asked.period(&site, &mut found);
    refuse_any(found)?;
    Ok(Json(cases::figures(&app, &scope, period).await?))
}

/// The case of an answer.
#[utoipa::path(get, path = "/sites/{site}/cases/{id}", operation_id = "read_case", params(InResponse),
    responses((status = 200, body = CaseOut), NoSuchResponse, Refused))]
async fn read(
    State(app): State<App>,
    May { scope, .. }: May<READ>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Json<CaseOut>, ApiError> {
    let id = ResponseId::parse(&id).ok_or(NO_SUCH_CASE)?;
    let row = app.store.cases().case(&scope, id).await?.ok_or(NO_SUCH_CASE)?;
    Ok(Json(CaseOut::of(row, app.clock.now())))
}

/// Changes what is sent about a case and keeps the rest.
#[utoipa::path(patch, path = "/sites/{site}/cases/{id}", operation_id = "change_case", params(InResponse),
    request_body = CaseIn, responses((status = 200, body = CaseOut), NoSuchResponse, Conflict, InvalidBody, Refused))]
async fn change(
    State(app): State<App>,
    May { scope, caller, .. }: May<WRITE>,
    Path((_, id)): Path<(String, String)>,
    Definition(sent): Definition<CaseIn>,
) -> Result<Json<CaseOut>, ApiError> {
    let id = ResponseId::parse(&id).ok_or(NO_SUCH_CASE)?;
    let row = cases::change(&app, &caller, &scope, id, sent.parse()?).await?;
    Ok(Json(CaseOut::of(row, app.clock.now())))
}
