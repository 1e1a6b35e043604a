//! One survey: its score, how it went, how the answers are spread, and what people wrote.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use parere_shared::score::{State as ScoreState, Summary};
use parere_shared::survey::{Metric, Polarity};

use super::comment::Comment;
use super::figure::{Figure, metric_name, unit};
use super::numerals::Numerals;
use super::overview::state;
use super::window::{Choice, Window};
use super::{Frame, render};
use crate::app::App;
use crate::auth::{EXPORT, May, READ, SiteScope, WRITE};
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::error::ApiError;
use crate::funnel;
use crate::routes::query::{Asked, NO_SUCH_SURVEY, refuse_any};
use crate::scoreboard::{self, Excluded};
use crate::store::{Filter, Order};
use crate::welcome;

pub(super) mod marks;
mod segments;
mod spread;
mod steps;
mod trend;

pub(super) use segments::Segment;
pub(super) use steps::rate;

use marks::{MarkRow, Noting};
use segments::Segments;
use spread::BandRows;
use steps::StepRows;
use trend::Trend;

/// Comments on the page: enough to hear what people say; the others have a page of their own.
const COMMENTS_SHOWN: usize = 5;

#[derive(Template)]
#[template(path = "dashboard/survey.html")]
struct Page {
    frame: Frame,
    site: String,
    site_name: String,
    slug: String,
    metric: &'static str,
    question: String,
    state: &'static str,
    lower_is_better: bool,
    /// Name of the chosen period.
    words: String,
    choices: Vec<Choice>,
    /// The chosen period in an address, and its dates in a form.
    query: String,
    dates: [String; 2],
    is_empty: bool,
    figure: Figure,
    /// Further figures: name and value.
    also: Vec<(&'static str, String)>,
    left_out: Vec<String>,
    /// What may be said beside the time before; empty where there is none.
    verdict: String,
    trend: Option<Trend>,
    /// What was improved, the latest first.
    marks: Vec<MarkRow>,
    /// The form for another one, for who may note it.
    noting: Option<Noting>,
    steps: Option<StepRows>,
    bands: Vec<BandRows>,
    segments: Vec<Segments>,
    comments: Vec<Comment>,
    tag: String,
    now_tag: String,
    may_export: bool,
}

/// A survey's page.
pub(super) async fn page(
    State(app): State<App>,
    May { scope, site, caller }: May<READ>,
    Path((_, slug)): Path<(String, String)>,
    numerals: Numerals,
    asked: Asked,
) -> Result<Response, ApiError> {
    let entry = site.survey(&slug).ok_or(NO_SUCH_SURVEY)?;
    let mut found = Vec::new();
    let window = Window::of(&asked, &site, app.clock.now(), &mut found);
    refuse_any(found)?;
    let survey = &entry.survey;
    let unit = unit(survey.metric, &survey.scale, &numerals);
    let board = scoreboard::read(&*app.store, &scope, &site, entry, window.period, None).await?;
    let noted = app.store.marks().marks(&scope, Some(&slug)).await?;
    let trend = trend::read(&*app.store, &scope, &site, entry, &window, &unit, &noted).await?;
    let marks = marks::rows(&app, &scope, &site, entry, &noted, &numerals).await?;
    let funnel = funnel::read(&app, &scope, &site, entry, window.period).await?;
    let verdict = verdict(&app, &scope, &site, entry, &window).await?;
    let segments = segments::read(&*app.store, &scope, &site, entry, &window, &unit).await?;
    // Every comment contains the empty text; an answer without a comment does not.
    let filter = Filter {
        survey: Some(slug.clone()),
        from: window.period.from,
        to: window.period.to,
        text: Some(String::new()),
        ..Filter::default()
    };
    let rows = app.store.page(&scope, &filter, Order::NewestFirst, None, COMMENTS_SHOWN).await?;
    render(&Page {
        frame: Frame::of(&app, &caller),
        site: site.site.key.clone(),
        site_name: site.site.name.clone(),
        metric: metric_name(survey.metric),
        question: survey.instrument("").question,
        state: state(survey.state),
        lower_is_better: survey.metric == Metric::Ces && survey.scale.polarity == Polarity::LowIsGood,
        choices: window.choices(),
        query: window.query(),
        dates: window.dates(),
        words: window.words,
        is_empty: board.summary.n == 0,
        figure: Figure::new(survey.metric, &survey.scale, &board.summary, &numerals),
        also: also(&board.summary, &numerals),
        left_out: left_out(&board.excluded, &numerals),
        verdict,
        trend,
        marks,
        noting: caller
            .rights_at(scope.site())
            .has(WRITE)
            .then(|| Noting::on(site.day_of(app.clock.now()), entry)),
        steps: steps::told(&funnel, &numerals),
        bands: spread::bands(survey.metric, &survey.scale, &board.summary, &numerals),
        segments,
        comments: rows.into_iter().map(|stored| Comment::of(stored.row, &site)).collect(),
        tag: welcome::tag(&app.public_url, &site.site.key),
        now_tag: welcome::now_tag(&app.public_url, &site.site.key, survey.language_for("")),
        may_export: caller.rights_at(scope.site()).has(EXPORT),
        slug,
    })
}

/// What may be said of the score beside as many days before; empty where there is no time before.
pub(super) async fn verdict(
    app: &App,
    scope: &SiteScope,
    site: &SiteEntry,
    entry: &SurveyEntry,
    window: &Window,
) -> Result<String, ApiError> {
    let Some(earlier) = window.earlier(&site.zone) else { return Ok(String::new()) };
    let periods = [earlier, window.period];
    Ok(scoreboard::compare(&*app.store, scope, site, entry, periods).await?.sentence)
}

/// What a mean alone does not say.
fn also(summary: &Summary, numerals: &Numerals) -> Vec<(&'static str, String)> {
    if matches!(summary.state, ScoreState::None | ScoreState::Hidden) {
        return Vec::new();
    }
    let whole = |value: f64| numerals.decimal(value, 0);
    let top_box = summary.top_box.as_ref().map(|top| {
        let [share, low, high] = [top.share, top.interval.low, top.interval.high].map(whole);
        ("Positive answers", format!("{share} %, likely {low} to {high} %"))
    });
    let ease =
        summary.ease_index.map(|index| ("Ease index", format!("{} of {}", whole(index), whole(100.0))));
    top_box.into_iter().chain(ease).collect()
}

fn left_out(excluded: &Excluded, numerals: &Numerals) -> Vec<String> {
    let reasons = [
        (excluded.test, "from tests"),
        (excluded.flagged, "in doubt"),
        (excluded.other_scale, "on the scale this survey had before"),
    ];
    let counted = reasons.into_iter().filter(|(n, _)| *n > 0);
    counted.map(|(n, why)| format!("{} {why}", numerals.answers(n))).collect()
}

#[cfg(test)]
mod tests {
    use super::super::numerals;
    use super::*;

    #[test]
    fn what_is_left_out_is_said() {
        let english = numerals::tests::of("en");
        let excluded = Excluded { test: 1, flagged: 0, other_scale: 1_200 };
        assert_eq!(
            left_out(&excluded, &english),
            ["1 answer from tests", "1,200 answers on the scale this survey had before"]
        );
        assert!(left_out(&Excluded::default(), &english).is_empty());
    }
}
