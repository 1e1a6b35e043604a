//! Rules of a site, for people: in sentences, with what came of them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::form::Form;
use super::{Frame, render, terms};
use crate::app::App;
use crate::auth::{Caller, May, READ, SiteScope, WRITE};
use crate::catalogue::SiteEntry;
use crate::error::ApiError;
use crate::routes::query::Asked;
use crate::routes::rules::{Tally, change, find, make, remove};
use crate::rules::{LookedBack, Outcome, Rule, RuleState, Why, look_back};

mod entered;

use entered::{Entered, read, usual};

#[derive(Template)]
#[template(path = "dashboard/rules.html")]
struct Page {
    frame: Frame,
    site: String,
    site_name: String,
    rules: Vec<Row>,
    may_write: bool,
    /// What was wrong with the last wish; nothing at the first.
    refusals: Vec<String>,
    form: Entered,
}

#[derive(Template)]
#[template(path = "dashboard/rule.html")]
struct One {
    frame: Frame,
    site: String,
    site_name: String,
    row: Row,
    may_write: bool,
    refusals: Vec<String>,
    form: Entered,
    /// What it would have done, if that is asked.
    looked: Option<Looked>,
}

/// How a rule is shown.
#[derive(Default)]
struct Shown {
    /// What is in the form, where that is not the rule.
    entered: Option<Rule>,
    refusals: Vec<String>,
    /// Whether it is tried out on what has happened, which takes a second or two.
    is_tried: bool,
}

/// What a rule would have done, in words.
struct Looked {
    asked: u64,
    happenings: u64,
    waiting: u64,
    /// Why others would not have been asked, the most frequent reason first.
    not_asked: Vec<(&'static str, u64)>,
    is_cut: bool,
}

/// A rule in words.
struct Row {
    id: String,
    name: String,
    sentence: String,
    is_on: bool,
    /// What keeps it from asking.
    unless: Vec<&'static str>,
    waiting: u64,
    asked: u64,
    /// Why others were not asked, the most frequent reason first.
    not_asked: Vec<(&'static str, u64)>,
}

#[derive(Deserialize)]
pub(super) struct RuleInPath {
    rule: String,
}

/// The rules of a site, and the form for another one.
pub(super) async fn page(
    State(app): State<App>,
    May { scope, site, caller }: May<READ>,
) -> Result<Response, ApiError> {
    draw(&app, &caller, &scope, &site, &usual(&site), Vec::new()).await
}

async fn draw(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    site: &SiteEntry,
    entered: &Rule,
    refusals: Vec<String>,
) -> Result<Response, ApiError> {
    let counts = app.store.rules().count_plans(scope).await?;
    let rules = app.store.rules().kept_rules(scope).await?;
    let rows = rules.into_iter().map(|kept| Row::of(&kept.rule, &kept.id, Tally::of(&kept.id, &counts)));
    render(&Page {
        frame: Frame::of(app, caller),
        site: site.site.key.clone(),
        site_name: site.site.name.clone(),
        rules: rows.collect(),
        may_write: caller.rights_at(scope.site()).has(WRITE),
        refusals,
        form: Entered::of(entered, site),
    })
}

/// Makes a rule, which is off, and shows what it would do.
pub(super) async fn create(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    form: Form,
) -> Result<Response, ApiError> {
    let rule = read(&form, RuleState::Off);
    match make(&app, &caller, &scope, &site, rule.clone()).await {
        Ok(kept) => {
            Ok(Redirect::to(&format!("/dashboard/{}/rules/{}?try=1", scope.site(), kept.id)).into_response())
        }
        Err(ApiError::Invalid(found)) => {
            let page = draw(&app, &caller, &scope, &site, &rule, terms::told(&found)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other),
    }
}

/// One rule: what it would have done and what it did, and the form to change it.
pub(super) async fn one(
    State(app): State<App>,
    May { scope, site, caller }: May<READ>,
    Path(RuleInPath { rule }): Path<RuleInPath>,
    asked: Asked,
) -> Result<Response, ApiError> {
    let shown = Shown { is_tried: asked.get("try").is_some(), ..Shown::default() };
    draw_one(&app, &caller, &scope, &site, &rule, shown).await
}

async fn draw_one(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    site: &SiteEntry,
    id: &str,
    Shown { entered, refusals, is_tried }: Shown,
) -> Result<Response, ApiError> {
    let kept = find(app, scope, id).await?;
    let counts = app.store.rules().count_plans(scope).await?;
    let looked =
        if is_tried { Some(Looked::of(look_back(app, scope, site, &kept.rule).await?)) } else { None };
    render(&One {
        frame: Frame::of(app, caller),
        site: site.site.key.clone(),
        site_name: site.site.name.clone(),
        row: Row::of(&kept.rule, &kept.id, Tally::of(&kept.id, &counts)),
        may_write: caller.rights_at(scope.site()).has(WRITE),
        refusals,
        form: Entered::of(&entered.unwrap_or(kept.rule), site),
        looked,
    })
}

impl Looked {
    fn of(looked: LookedBack) -> Self {
        let not_asked = in_words(looked.outcome.not_asked);
        let Outcome { asked, happenings, waiting, .. } = looked.outcome;
        Self { asked, happenings, waiting, not_asked, is_cut: looked.is_cut }
    }
}

/// Reasons with their numbers, the most frequent first.
fn in_words(not_asked: BTreeMap<Why, u64>) -> Vec<(&'static str, u64)> {
    let mut words: Vec<_> = not_asked.into_iter().map(|(why, n)| (why.in_words(), n)).collect();
    words.sort_by_key(|(_, n)| Reverse(*n));
    words
}

/// Switches, changes, removes: the button says which.
pub(super) async fn act(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    Path(RuleInPath { rule: id }): Path<RuleInPath>,
    form: Form,
) -> Result<Response, ApiError> {
    let kept = find(&app, &scope, &id).await?;
    let rule = match form.text("act") {
        "on" => Rule { state: RuleState::On, ..kept.rule.clone() },
        "off" => Rule { state: RuleState::Off, ..kept.rule.clone() },
        "change" => read(&form, kept.rule.state),
        "remove" => {
            remove(&app, &caller, &scope, &kept).await?;
            return Ok(Redirect::to(&format!("/dashboard/{}/rules", scope.site())).into_response());
        }
        _ => return Err(ApiError::Invalid(Vec::new())),
    };
    match change(&app, &caller, &scope, &site, &kept, rule.clone()).await {
        Ok(_) => {
            let trial = if rule.state == RuleState::Off { "?try=1" } else { "" };
            let page = format!("/dashboard/{}/rules/{id}{trial}", scope.site());
            Ok(Redirect::to(&page).into_response())
        }
        Err(ApiError::Invalid(found)) => {
            let shown = Shown { entered: Some(rule), refusals: terms::told(&found), is_tried: false };
            let page = draw_one(&app, &caller, &scope, &site, &id, shown).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other),
    }
}

impl Row {
    fn of(rule: &Rule, id: &str, tally: Tally) -> Self {
        Self {
            id: id.into(),
            name: rule.name.clone(),
            sentence: rule.to_string(),
            is_on: rule.state == RuleState::On,
            unless: rule.unless().into_iter().map(crate::rules::Unless::in_words).collect(),
            waiting: tally.waiting,
            asked: tally.asked,
            not_asked: in_words(tally.not_asked),
        }
    }
}
