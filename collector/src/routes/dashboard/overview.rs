//! All sites and surveys at a glance.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use parere_shared::survey::SurveyState;

use super::chart::{self, Mark, Unit};
use super::figure::{Figure, metric_name, shown, unit};
use super::numerals::Numerals;
use super::survey::{rate, verdict};
use super::window::{Choice, Window};
use super::{Frame, render};
use crate::app::App;
use crate::auth::{ADMIN, Anywhere, READ, SiteScope};
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::error::ApiError;
use crate::funnel;
use crate::routes::query::{Asked, refuse_any};
use crate::scoreboard::{self, By, Point};
use crate::welcome;

/// The line on a card, in CSS pixels.
const SPARK: chart::Size = (280, 48);

#[derive(Template)]
#[template(path = "dashboard/overview.html")]
struct Overview {
    frame: Frame,
    choices: Vec<Choice>,
    /// The chosen period in an address.
    query: String,
    sites: Vec<SiteCard>,
}

struct SiteCard {
    key: String,
    name: String,
    tag: String,
    /// None for a site without a survey.
    now_tag: Option<String>,
    surveys: Vec<SurveyCard>,
    may_administer: bool,
}

struct SurveyCard {
    slug: String,
    metric: &'static str,
    question: String,
    state: &'static str,
    figure: Figure,
    /// What may be said beside the time before; empty where there is none.
    verdict: String,
    n: String,
    /// Of the questions that were seen, how many were answered; none where nothing was counted.
    rate: Option<String>,
    /// How the score went, without words; empty where there is nothing to draw.
    spark: String,
}

/// Every survey that the caller may read, with its score in the chosen period.
pub(super) async fn page(
    State(app): State<App>,
    Anywhere(caller): Anywhere<READ>,
    numerals: Numerals,
    asked: Asked,
) -> Result<Response, ApiError> {
    let (mut sites, mut choices, mut query) = (Vec::new(), Vec::new(), String::new());
    for site in app.catalogue.all().values() {
        let Some(scope) = caller.scope(&site.site.key) else { continue };
        let mut found = Vec::new();
        // The same choice for all; each site has its own midnight.
        let window = Window::of(&asked, site, app.clock.now(), &mut found);
        refuse_any(found)?;
        let mut card = site_card(&app, &scope, site, &numerals, &window).await?;
        card.may_administer = caller.rights_at(&site.site.key).has(ADMIN);
        sites.push(card);
        (choices, query) = (window.choices(), window.query());
    }
    render(&Overview { frame: Frame::of(&app, &caller), choices, query, sites })
}

async fn site_card(
    app: &App,
    scope: &SiteScope,
    site: &SiteEntry,
    numerals: &Numerals,
    window: &Window,
) -> Result<SiteCard, ApiError> {
    let mut surveys = Vec::new();
    for entry in &site.surveys {
        surveys.push(survey_card(app, scope, site, entry, numerals, window).await?);
    }
    Ok(SiteCard {
        key: site.site.key.clone(),
        name: site.site.name.clone(),
        tag: welcome::tag(&app.public_url, &site.site.key),
        now_tag: site
            .surveys
            .first()
            .map(|entry| welcome::now_tag(&app.public_url, &site.site.key, entry.survey.language_for(""))),
        surveys,
        may_administer: false,
    })
}

async fn survey_card(
    app: &App,
    scope: &SiteScope,
    site: &SiteEntry,
    entry: &SurveyEntry,
    numerals: &Numerals,
    window: &Window,
) -> Result<SurveyCard, ApiError> {
    let survey = &entry.survey;
    let by = *window.grains().last().unwrap_or(&By::Month);
    let board = scoreboard::read(&*app.store, scope, site, entry, window.period, Some(by)).await?;
    let unit = unit(survey.metric, &survey.scale, numerals);
    let funnel = funnel::read(app, scope, site, entry, window.period).await?;
    Ok(SurveyCard {
        slug: survey.slug.clone(),
        metric: metric_name(survey.metric),
        question: survey.instrument("").question,
        state: state(survey.state),
        figure: Figure::new(survey.metric, &survey.scale, &board.summary, numerals),
        verdict: verdict(app, scope, site, entry, window).await?,
        n: numerals.count(board.summary.n),
        rate: rate(&funnel.funnel, numerals),
        spark: spark(&board.series, &unit)?,
    })
}

/// The scores of a series; with fewer than two there is no line.
fn spark(series: &[Point], unit: &Unit<'_>) -> anyhow::Result<String> {
    let score = |point: &Point| shown(point.n, point.score, point.interval);
    let marks: Vec<Mark> =
        series.iter().map(|point| Mark::of(String::new(), point.n, score(point), false)).collect();
    if !chart::has_line(&marks) {
        return Ok(String::new());
    }
    chart::spark(&marks, &unit.ends, SPARK)
}

/// What the state means for shoppers; nothing is said of what is as it should be.
pub(super) fn state(state: SurveyState) -> &'static str {
    match state {
        SurveyState::Live => "",
        SurveyState::Draft => "Draft: not asked yet",
        SurveyState::Paused => "Paused: not asked for now",
        SurveyState::Archived => "Archived: not asked any more",
    }
}
