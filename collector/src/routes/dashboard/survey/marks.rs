//! What was improved, and what may be said of the score since.

use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};

use crate::app::App;
use crate::auth::{May, SiteScope, WRITE};
use crate::catalogue::{SiteEntry, SurveyEntry, date_of};
use crate::error::ApiError;
use crate::routes::dashboard::figure::Figure;
use crate::routes::dashboard::form::Form;
use crate::routes::dashboard::numerals::Numerals;
use crate::routes::dashboard::terms::TOUCHPOINTS;
use crate::routes::marks::{MarkIn, make, take_away};
use crate::scoreboard::{self, SINCE_DAYS};
use crate::store::{MARK_CHARS_MAX, Mark};

/// Marks on the page, the latest: each costs two reads of the counts.
const SHOWN: usize = 10;

/// An improvement, ready to be read.
pub(super) struct MarkRow {
    pub(super) id: String,
    pub(super) text: String,
    pub(super) touchpoint: String,
    /// `12 November 2026`
    pub(super) date: String,
    /// What may be said of the score since.
    pub(super) sentence: String,
    /// Before and after, each with its interval and number of answers.
    pub(super) sides: [String; 2],
}

/// What a form for a mark has to know.
pub(super) struct Noting {
    /// Today, by the shop's clock.
    pub(super) today: String,
    pub(super) chars_max: usize,
    /// What it can be about, if not the whole survey: touchpoints that are counted by themselves.
    pub(super) touchpoints: Vec<String>,
}

impl Noting {
    pub(super) fn on(today: i32, entry: &SurveyEntry) -> Self {
        let own = Some(&*entry.survey.touchpoint);
        let own = own.filter(|own| !own.is_empty() && !TOUCHPOINTS.contains(own));
        let touchpoints = TOUCHPOINTS.into_iter().chain(own).map(Into::into).collect();
        Self { today: date_of(today).to_string(), chars_max: MARK_CHARS_MAX, touchpoints }
    }
}

/// Those of a survey, the latest first.
pub(super) async fn rows(
    app: &App,
    scope: &SiteScope,
    site: &SiteEntry,
    entry: &SurveyEntry,
    marks: &[Mark],
    numerals: &Numerals,
) -> Result<Vec<MarkRow>, ApiError> {
    let (survey, days) = (&entry.survey, (SINCE_DAYS, site.day_of(app.clock.now())));
    let mut rows = Vec::new();
    for mark in marks.iter().rev().take(SHOWN) {
        let since = scoreboard::since(&*app.store, scope, site, entry, mark, days).await?;
        let sides =
            [("Before", &since.comparison.earlier), ("Since", &since.later)].map(|(side, summary)| {
                let figure = Figure::new(survey.metric, &survey.scale, summary, numerals);
                let told = figure.score.map_or_else(String::new, |score| format!("{score}. "));
                format!("{side}: {told}{}", figure.sentence)
            });
        rows.push(MarkRow {
            id: mark.id.clone(),
            text: mark.text.clone(),
            touchpoint: mark.touchpoint.clone().unwrap_or_default(),
            date: written(mark),
            sentence: since.comparison.sentence,
            sides,
        });
    }
    Ok(rows)
}

/// `12 November 2026`: its first day.
pub(super) fn written(mark: &Mark) -> String {
    date_of(mark.day).strftime("%-d %B %Y").to_string()
}

/// Notes an improvement, or takes a note away: the button says which.
pub(in crate::routes::dashboard) async fn act(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    Path((_, survey)): Path<(String, String)>,
    form: Form,
) -> Result<Response, ApiError> {
    let back = format!("/dashboard/{}/surveys/{survey}#marks", scope.site());
    if form.text("act") == "remove" {
        take_away(&app, &caller, &scope, form.text("mark")).await?;
    } else {
        let given = |name: &str| Some(form.text(name).to_owned()).filter(|text| !text.is_empty());
        let sent = MarkIn {
            survey,
            touchpoint: given("touchpoint"),
            date: given("date"),
            text: form.text("text").into(),
        };
        make(&app, &caller, &scope, &site, sent).await?;
    }
    Ok(Redirect::to(&back).into_response())
}
