//! Rules of a site: after which happening a customer is asked what; what they would have done, and what they did.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use parere_shared::time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::definition::Definition;
use crate::app::App;
use crate::auth::{May, READ, WRITE};
use crate::error::ApiError;
use crate::openapi::{Conflict, InRule, InSite, InvalidBody, NoSuchRule, NoSuchSite, Refused};
use crate::rules::{KeptRule, LookedBack, Rule, Why, look_back};
use crate::store::{PlanCount, PlanState};

mod act;

use act::check;
pub(super) use act::{change, find, make, remove};

/// `GET, POST /sites/{site}/rules` and everything below.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(try_out))
        .routes(routes!(replace, discard))
}

/// A rule as it is shown, with what came of it.
#[derive(Debug, Serialize, ToSchema)]
struct RuleOut {
    /// Its id.
    rule: String,
    /// The rule in a sentence.
    says: String,
    #[serde(flatten)]
    definition: Rule,
    /// One more with every change.
    version: u32,
    /// From when on it asks; null while it is off.
    #[schema(required)]
    on_since: Option<String>,
    changed_by: String,
    changed_at: String,
    /// Happenings of which it is not decided yet.
    waiting: u64,
    /// Customers who were asked.
    asked: u64,
    /// Happenings that were not asked about when their moment had come, by reason.
    not_asked: BTreeMap<Why, u64>,
}

/// A list of rules.
#[derive(Debug, Serialize, ToSchema)]
struct RuleList {
    rules: Vec<RuleOut>,
}

/// What a rule would have done.
#[derive(Debug, Serialize, ToSchema)]
struct DryRun {
    /// The rule in a sentence.
    says: String,
    /// From when on what happened was looked at: the last 30 days.
    from: String,
    /// Happenings that the rule is about; of one order or ticket the first one.
    happenings: u64,
    /// Customers who would have been asked.
    asked: u64,
    /// Happenings of which it would not be decided yet.
    waiting: u64,
    /// Happenings that would not have been asked about, by reason.
    not_asked: BTreeMap<Why, u64>,
    /// Were there more than the latest 2,000, which are looked at?
    is_cut: bool,
}

impl DryRun {
    fn of(rule: &Rule, looked: LookedBack) -> Self {
        Self {
            says: rule.to_string(),
            from: time::format(looked.from),
            happenings: looked.outcome.happenings,
            asked: looked.outcome.asked,
            waiting: looked.outcome.waiting,
            not_asked: looked.outcome.not_asked,
            is_cut: looked.is_cut,
        }
    }
}

/// What came of a rule so far.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) waiting: u64,
    pub(super) asked: u64,
    pub(super) not_asked: BTreeMap<Why, u64>,
}

impl Tally {
    /// Of the rule of this id.
    pub(super) fn of(id: &str, counts: &[PlanCount]) -> Self {
        let mut tally = Self::default();
        for count in counts.iter().filter(|count| count.rule == id) {
            match (count.state, count.why) {
                (PlanState::Waiting, _) => tally.waiting += count.n,
                (PlanState::Asked, _) => tally.asked += count.n,
                (PlanState::Dropped, why) => {
                    *tally.not_asked.entry(why.unwrap_or(Why::Rule)).or_default() += count.n;
                }
            }
        }
        tally
    }
}

impl RuleOut {
    fn of(kept: KeptRule, counts: &[PlanCount]) -> Self {
        let tally = Tally::of(&kept.id, counts);
        Self {
            says: kept.rule.to_string(),
            rule: kept.id,
            definition: kept.rule,
            version: kept.version,
            on_since: kept.on_since.map(time::format),
            changed_by: kept.changed_by,
            changed_at: time::format(kept.changed_at),
            waiting: tally.waiting,
            asked: tally.asked,
            not_asked: tally.not_asked,
        }
    }
}

/// The last part of a path below a site.
#[derive(Deserialize)]
struct RuleInPath {
    rule: String,
}

/// Every rule of the site, with what came of it.
#[utoipa::path(get, path = "/sites/{site}/rules", operation_id = "list_rules", params(InSite),
    responses((status = 200, body = RuleList), NoSuchSite, Refused))]
async fn list(State(app): State<App>, May { scope, .. }: May<READ>) -> Result<Json<RuleList>, ApiError> {
    let (rules, counts) =
        (app.store.rules().kept_rules(&scope).await?, app.store.rules().count_plans(&scope).await?);
    Ok(Json(RuleList { rules: rules.into_iter().map(|rule| RuleOut::of(rule, &counts)).collect() }))
}

/// A new rule. It is off where nothing else is said: a dry run tells what it would do.
#[utoipa::path(post, path = "/sites/{site}/rules", operation_id = "create_rule", params(InSite),
    request_body = Rule, responses((status = 201, body = RuleOut), NoSuchSite, Conflict, InvalidBody, Refused))]
async fn create(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    Definition(sent): Definition<Rule>,
) -> Result<impl IntoResponse, ApiError> {
    let rule = make(&app, &caller, &scope, &site, sent).await?;
    let location = [(header::LOCATION, format!("/api/v1/sites/{}/rules/{}", scope.site(), rule.id))];
    Ok((StatusCode::CREATED, location, Json(RuleOut::of(rule, &[]))))
}

/// What a rule would have done in the last 30 days. Nothing is kept and nobody is asked.
#[utoipa::path(post, path = "/sites/{site}/rules/dry-run", operation_id = "try_rule", params(InSite),
    request_body = Rule, responses((status = 200, body = DryRun), NoSuchSite, InvalidBody, Refused))]
async fn try_out(
    State(app): State<App>,
    May { scope, site, .. }: May<READ>,
    Definition(sent): Definition<Rule>,
) -> Result<Json<DryRun>, ApiError> {
    check(&sent, &site)?;
    let looked = look_back(&app, &scope, &site, &sent).await?;
    Ok(Json(DryRun::of(&sent, looked)))
}

/// Puts another rule in the place of one. What waits is decided by the new one.
#[utoipa::path(put, path = "/sites/{site}/rules/{rule}", operation_id = "replace_rule", params(InRule),
    request_body = Rule, responses((status = 200, body = RuleOut), NoSuchRule, Conflict, InvalidBody, Refused))]
async fn replace(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    Path(RuleInPath { rule }): Path<RuleInPath>,
    Definition(sent): Definition<Rule>,
) -> Result<Json<RuleOut>, ApiError> {
    let before = find(&app, &scope, &rule).await?;
    let kept = change(&app, &caller, &scope, &site, &before, sent).await?;
    Ok(Json(RuleOut::of(kept, &app.store.rules().count_plans(&scope).await?)))
}

/// Removes a rule. What waits under it is not asked any more.
#[utoipa::path(delete, path = "/sites/{site}/rules/{rule}", operation_id = "remove_rule", params(InRule),
    responses((status = 204, description = "It is gone."), NoSuchRule, Refused))]
async fn discard(
    State(app): State<App>,
    May { scope, caller, .. }: May<WRITE>,
    Path(RuleInPath { rule }): Path<RuleInPath>,
) -> Result<StatusCode, ApiError> {
    remove(&app, &caller, &scope, &find(&app, &scope, &rule).await?).await?;
    Ok(StatusCode::NO_CONTENT)
}
