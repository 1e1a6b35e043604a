//! Cases, for people: what is overdue first, with what the customer said, and a form for what was done about it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use parere_shared::response::ResponseId;
use parere_shared::time::{DAY_MS, Millis};

use super::form::Form;
use super::numerals::Numerals;
use super::words::Moment;
use super::{Choice, Frame, render, terms};
use crate::app::App;
use crate::auth::{ADMIN, Caller, EXPORT, May, READ, SiteScope, WRITE, Who};
use crate::cases::{self, CaseFigures, NO_SUCH_CASE};
use crate::catalogue::SiteEntry;
use crate::error::ApiError;
use crate::period::Period;
use crate::routes::cases::{CaseIn, NOBODY, next, wanted};
use crate::routes::query::{Asked, refuse_any};
use crate::store::{
    CASE_HOURS_MAX, CASE_NOTE_CHARS_MAX, CaseFilter, CaseOutcome, CasePlace, CaseRow, CaseStatus,
};

pub(super) mod hours;
mod told;

use told::told;

/// Cases on a page: more than anybody settles at one sitting.
const SHOWN: usize = 50;

/// Days that the figures look back.
const FIGURE_DAYS: i64 = 90;

#[derive(Template)]
#[template(path = "dashboard/cases.html")]
struct Page {
    frame: Frame,
    site: String,
    site_name: String,
    /// Are cases opened here?
    is_on: bool,
    may_export: bool,
    /// For an owner: hours until a case is due, as entered or as they are; empty where none are opened.
    due_hours: Option<String>,
    hours_max: u32,
    /// What all of them say, a sentence each.
    figures: Vec<String>,
    figure_days: i64,
    /// What is shown: name in the address, words, and whether it is this.
    views: Vec<Choice>,
    cases: Vec<Row>,
    /// The address of the next page; empty after the last.
    next: String,
    may_change: bool,
    note_chars_max: usize,
    /// What was wrong with the last form.
    refusals: Vec<String>,
}

/// A case, ready to be read.
struct Row {
    id: String,
    survey: String,
    score: i32,
    band: String,
    comment: String,
    locale: String,
    order_ref: String,
    opened: Moment,
    due: Moment,
    is_overdue: bool,
    owner: String,
    is_mine: bool,
    note: String,
    /// What came of it, in words; empty while it is not done.
    ended: &'static str,
    /// What it can become: the name that the form sends, and words.
    steps: Vec<Choice>,
}

/// What a page shows: its name in the address, words, and what it reads.
const VIEWS: [(&str, &str); 4] = [("", "To do"), ("mine", "Mine"), ("nobodys", "Nobody’s"), ("done", "Done")];

/// What a case can become: the name that the form sends, words, status and outcome.
const STEPS: [(&str, &str, CaseStatus, Option<CaseOutcome>); 5] = [
    ("open", "Nobody has got in touch", CaseStatus::Open, None),
    ("doing", "Somebody is on it", CaseStatus::Doing, None),
    ("recovered", "Done: the customer is content again", CaseStatus::Done, Some(CaseOutcome::Recovered)),
    ("not_recovered", "Done: the customer is not content", CaseStatus::Done, Some(CaseOutcome::NotRecovered)),
    ("no_contact", "Done: nobody could be reached", CaseStatus::Done, Some(CaseOutcome::NoContact)),
];

/// Cases, what is due first at the top.
pub(super) async fn page(
    State(app): State<App>,
    May { scope, site, caller }: May<READ>,
    numerals: Numerals,
    asked: Asked,
) -> Result<Response, ApiError> {
    let reader = Reader { app: &app, site: &site, caller: &caller, numerals: &numerals };
    let mut found = Vec::new();
    let (_, after) = wanted(&asked, &mut found);
    refuse_any(found)?;
    render(&reader.shown(&scope, asked.get("view").unwrap_or_default(), after).await?)
}

/// Makes the change that a form asks for, and leads back to where it was sent from.
pub(super) async fn act(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    numerals: Numerals,
    form: Form,
) -> Result<Response, ApiError> {
    let id = ResponseId::parse(form.text("case")).ok_or(NO_SUCH_CASE)?;
    let sent = wish(&form, &caller)?;
    match cases::change(&app, &caller, &scope, id, sent.parse()?).await {
        Ok(_) => {
            let view = VIEWS.iter().find(|(name, _)| *name == form.text("view")).map_or("", |(name, _)| name);
            Ok(Redirect::to(&format!("/dashboard/{}/cases?view={view}", scope.site())).into_response())
        }
        Err(ApiError::Invalid(found)) => {
            let reader = Reader { app: &app, site: &site, caller: &caller, numerals: &numerals };
            let row = app.store.cases().case(&scope, id).await?.ok_or(NO_SUCH_CASE)?;
            let figures = reader.figures(&scope).await?;
            let mut page = reader.page("", vec![row], &figures, String::new());
            page.refusals = terms::told(&found);
            // What was entered is not lost.
            for row in &mut page.cases {
                row.note = form.text("note").into();
            }
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
        }
        Err(other) => Err(other),
    }
}

/// What a form wishes: to take a case or give it back, or what is said of it.
fn wish(form: &Form, caller: &Caller) -> Result<CaseIn, ApiError> {
    match form.text("act") {
        "take" => Ok(CaseIn { owner: Some(email(caller).unwrap_or_default().into()), ..CaseIn::default() }),
        "leave" => Ok(CaseIn { owner: Some(String::new()), ..CaseIn::default() }),
        "save" => {
            let step = STEPS.iter().find(|(name, ..)| *name == form.text("step"));
            Ok(CaseIn {
                owner: None,
                status: step.map(|(_, _, status, _)| status.as_str().into()),
                outcome: step.and_then(|(_, _, _, outcome)| outcome.map(|outcome| outcome.as_str().into())),
                note: Some(form.text("note").into()),
            })
        }
        _ => Err(ApiError::Invalid(Vec::new())),
    }
}

/// The address of the account that is signed in; a token is nobody who looks after a case.
fn email(caller: &Caller) -> Option<&str> {
    match &caller.who {
        Who::Person(email) => Some(email),
        _ => None,
    }
}

fn filter(view: &str, caller: &Caller) -> CaseFilter {
    match view {
        "mine" => CaseFilter {
            owner: Some(Some(email(caller).unwrap_or(NOBODY).to_owned())),
            ..CaseFilter::default()
        },
        "nobodys" => CaseFilter { owner: Some(None), ..CaseFilter::default() },
        "done" => CaseFilter { status: Some(CaseStatus::Done), ..CaseFilter::default() },
        _ => CaseFilter::default(),
    }
}

/// Who reads the page, and of which site.
struct Reader<'a> {
    app: &'a App,
    site: &'a SiteEntry,
    caller: &'a Caller,
    numerals: &'a Numerals,
}

impl Reader<'_> {
    /// A page of the cases of a view.
    async fn shown(&self, scope: &SiteScope, view: &str, after: Option<CasePlace>) -> Result<Page, ApiError> {
        let filter = filter(view, self.caller);
        let rows = self.app.store.cases().cases(scope, &filter, after, SHOWN).await?;
        let figures = self.figures(scope).await?;
        let next = next(&rows, SHOWN);
        let next = next.map_or_else(String::new, |cursor| format!("?view={view}&cursor={cursor}"));
        Ok(self.page(view, rows, &figures, next))
    }

    /// What the cases of the latest days say.
    async fn figures(&self, scope: &SiteScope) -> Result<CaseFigures, ApiError> {
        let from = self.app.clock.now() - FIGURE_DAYS * DAY_MS;
        cases::figures(self.app, scope, Period { from: Some(from), to: None }).await
    }

    fn page(&self, view: &str, rows: Vec<CaseRow>, figures: &CaseFigures, next: String) -> Page {
        let now = self.app.clock.now();
        let me = email(self.caller).unwrap_or_default();
        let views = VIEWS.map(|(name, words)| Choice {
            value: name.into(),
            label: words.into(),
            is_chosen: name == view,
        });
        let site = &self.site.site;
        let rights = self.caller.rights_at(&site.key);
        Page {
            frame: Frame::of(self.app, self.caller),
            site: site.key.clone(),
            site_name: site.name.clone(),
            is_on: site.case_hours.is_some(),
            may_export: rights.has(EXPORT),
            due_hours: rights
                .has(ADMIN)
                .then(|| site.case_hours.map(|hours| hours.to_string()).unwrap_or_default()),
            hours_max: CASE_HOURS_MAX,
            figures: told(figures, self.numerals),
            figure_days: FIGURE_DAYS,
            views: views.into(),
            cases: rows.into_iter().map(|row| Row::of(row, me, now)).collect(),
            next,
            may_change: rights.has(WRITE),
            note_chars_max: CASE_NOTE_CHARS_MAX,
            refusals: Vec::new(),
        }
    }
}

impl Row {
    fn of(row: CaseRow, me: &str, now: Millis) -> Self {
        let is_overdue = row.case.is_overdue(now);
        let case = row.case;
        let is_so = |status, outcome| case.status == status && case.outcome == outcome;
        let steps = STEPS.map(|(name, words, status, outcome)| Choice {
            value: name.into(),
            label: words.into(),
            is_chosen: is_so(status, outcome),
        });
        let as_it_is = (case.outcome == Some(CaseOutcome::ChangedMind)).then(|| Choice {
            value: String::new(),
            label: "As it is".into(),
            is_chosen: true,
        });
        let owner = case.owner.unwrap_or_default();
        Self {
            id: case.response.encode(),
            survey: case.survey,
            score: row.score,
            band: row.band,
            comment: row.comment.unwrap_or_default(),
            locale: row.locale.unwrap_or_default(),
            order_ref: row.order_ref.unwrap_or_default(),
            opened: Moment::new(case.opened_at),
            due: Moment::new(case.due_at),
            is_overdue,
            is_mine: !owner.is_empty() && owner == me,
            owner,
            note: case.note.unwrap_or_default(),
            ended: match case.outcome {
                None => "",
                Some(CaseOutcome::Recovered) => "content again",
                Some(CaseOutcome::NotRecovered) => "not content",
                Some(CaseOutcome::NoContact) => "nobody could be reached",
                Some(CaseOutcome::ChangedMind) => "the customer gave a better score",
            },
            steps: as_it_is.into_iter().chain(steps).collect(),
        }
    }
}
