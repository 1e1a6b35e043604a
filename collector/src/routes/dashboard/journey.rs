//! The customer journey: what each touchpoint scored, one after the other, and where channels disagree.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use parere_shared::score::of_pair;
use parere_shared::survey::{Metric, SurveyState};

use super::chart::Unit;
use super::figure::{Gauge, metric_name, shown, unit};
use super::numerals::Numerals;
use super::survey::Segment;
use super::window::{Choice, Window};
use super::{Frame, render};
use crate::app::App;
use crate::auth::{May, READ};
use crate::catalogue::SurveyEntry;
use crate::error::ApiError;
use crate::routes::query::{Asked, refuse_any};
use crate::scoreboard::{self, By, Channels, Point};

/// Touchpoints in the order in which a shopper comes by; a merchant's own words stand after them.
const ORDER: [&str; 7] = ["discovery", "product", "cart", "checkout", "delivery", "returns", "support"];

/// What is counted together, and what is not known, come last.
const LAST: [&str; 2] = ["other", "unknown"];

#[derive(Template)]
#[template(path = "dashboard/journey.html")]
struct Page {
    frame: Frame,
    site: String,
    site_name: String,
    words: String,
    choices: Vec<Choice>,
    dates: [String; 2],
    stops: Vec<Stop>,
    /// Where channels disagree, in a sentence; empty where none can be compared.
    disagreement: String,
}

/// One touchpoint.
struct Stop {
    name: String,
    scores: Vec<Score>,
}

/// What one survey says of it.
struct Score {
    slug: String,
    metric: &'static str,
    n: String,
    /// None where there are too few answers.
    figure: Option<(String, Gauge)>,
    /// None where fewer than two channels can be compared.
    channels: Option<Disagreement>,
}

/// The channels of one survey at one touchpoint.
struct Disagreement {
    /// The differences beyond chance, the largest first.
    sentences: Vec<String>,
    rows: Vec<Segment>,
}

/// The journey through a site's touchpoints.
pub(super) async fn page(
    State(app): State<App>,
    May { scope, site, caller }: May<READ>,
    numerals: Numerals,
    asked: Asked,
) -> Result<Response, ApiError> {
    let mut found = Vec::new();
    let window = Window::of(&asked, &site, app.clock.now(), &mut found);
    refuse_any(found)?;
    let mut stops: BTreeMap<(usize, String), Vec<Score>> = BTreeMap::new();
    for entry in site.surveys.iter().filter(|entry| entry.survey.state != SurveyState::Archived) {
        let by = Some(By::Touchpoint);
        let board = scoreboard::read(&*app.store, &scope, &site, entry, window.period, by).await?;
        let channels = scoreboard::channels(&*app.store, &scope, entry, window.period).await?;
        for point in board.series {
            let place = (place(&point.key), point.key.clone());
            let channels = channels.get(&point.key);
            stops.entry(place).or_default().push(score(entry, &point, channels, &numerals));
        }
    }
    let stops = stops.into_iter().map(|((_, name), scores)| Stop { name, scores }).collect::<Vec<_>>();
    render(&Page {
        frame: Frame::of(&app, &caller),
        site: site.site.key.clone(),
        site_name: site.site.name.clone(),
        choices: window.choices(),
        dates: window.dates(),
        words: window.words,
        disagreement: summary(&stops),
        stops,
    })
}

/// Where a touchpoint stands: known ones in their order, then the merchant's own, by name.
fn place(touchpoint: &str) -> usize {
    let known = ORDER.iter().position(|name| *name == touchpoint);
    let last = LAST.iter().position(|name| *name == touchpoint).map(|at| ORDER.len() + 1 + at);
    known.or(last).unwrap_or(ORDER.len())
}

fn score(entry: &SurveyEntry, point: &Point, channels: Option<&Channels>, numerals: &Numerals) -> Score {
    let survey = &entry.survey;
    let unit = unit(survey.metric, &survey.scale, numerals);
    let figure = shown(point.n, point.score, point.interval);
    Score {
        slug: survey.slug.clone(),
        metric: metric_name(survey.metric),
        n: numerals.answers(point.n),
        figure: figure.map(|(score, interval)| {
            (unit.written(score), Gauge::new(&unit, survey.metric, score, interval))
        }),
        channels: channels.and_then(|channels| disagreement(survey.metric, channels, &unit)),
    }
}

fn summary(stops: &[Stop]) -> String {
    let compared = |stop: &&Stop| stop.scores.iter().any(|score| score.channels.is_some());
    let differs = |score: &Score| score.channels.as_ref().is_some_and(|found| !found.sentences.is_empty());
    let names: Vec<&str> =
        stops.iter().filter(|stop| stop.scores.iter().any(differs)).map(|stop| stop.name.as_str()).collect();
    match &*names {
        [] if stops.iter().filter(compared).count() == 0 => String::new(),
        [] => "No evidence that channels disagree at any touchpoint.".into(),
        names => format!("Channels disagree at: {}.", names.join(", ")),
    }
}

fn disagreement(metric: Metric, channels: &Channels, unit: &Unit<'_>) -> Option<Disagreement> {
    if channels.pairs.is_empty() {
        return None;
    }
    let differing = channels.pairs.iter().filter(|pair| pair.is_better.is_some());
    Some(Disagreement {
        sentences: differing.map(|pair| of_pair(metric, pair)).collect(),
        rows: channels.points.iter().map(|point| Segment::of(point, metric, unit)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_touchpoints_come_in_their_order_and_the_merchants_own_before_the_rest() {
        let mut named = ["unknown", "other", "fitting room", "support", "cart", "discovery"];
        named.sort_by_key(|name| place(name));
        assert_eq!(named, ["discovery", "cart", "support", "fitting room", "other", "unknown"]);
    }
}
