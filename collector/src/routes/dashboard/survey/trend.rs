//! How the score went.

use std::collections::BTreeMap;

use jiff::civil::Date;
use parere_shared::score::State;

use super::marks::written;
use crate::auth::SiteScope;
use crate::catalogue::{SiteEntry, SurveyEntry, days_since_1970};
use crate::error::ApiError;
use crate::routes::dashboard::chart::{self, Mark, Unit};
use crate::routes::dashboard::figure::{range, shown};
use crate::routes::dashboard::window::Window;
use crate::scoreboard::{self, Break, By, Point};
use crate::store::Mark as Noted;
use crate::store::Store;

/// The picture on wide screens and on phones: letters keep their size.
const SIZES: [chart::Size; 2] = [(1056, 320), (344, 260)];

/// A score over time: pictures for wide and for narrow screens, and the same as a table.
pub(super) struct Trend {
    pub(super) pictures: [String; 2],
    /// `day`, `week` or `month`.
    pub(super) grain: &'static str,
    pub(super) rows: Vec<Row>,
    /// Where another question was asked from then on: a dashed line, and a sentence.
    pub(super) breaks: Vec<String>,
    /// Where something was improved: a dotted line, and a sentence.
    pub(super) noted: Vec<(String, String)>,
}

/// One day, week or month.
pub(super) struct Row {
    pub(super) label: String,
    pub(super) n: String,
    /// Empty where there are too few answers.
    pub(super) score: String,
    pub(super) range: String,
}

/// Reads the finest series that has something to show; none where there are fewer than two scores.
pub(super) async fn read(
    store: &dyn Store,
    scope: &SiteScope,
    site: &SiteEntry,
    entry: &SurveyEntry,
    window: &Window,
    unit: &Unit<'_>,
    noted: &[Noted],
) -> Result<Option<Trend>, ApiError> {
    let mut best = None;
    for by in window.grains() {
        let board = scoreboard::read(store, scope, site, entry, window.period, Some(*by)).await?;
        let is_telling = is_telling(&board.series);
        best = Some((*by, board.series, board.breaks));
        if is_telling {
            break;
        }
    }
    let Some((by, series, breaks)) = best else { return Ok(None) };
    Ok(told(by, &series, &breaks, noted, window, unit)?)
}

/// Can most of its points be shown?
fn is_telling(series: &[Point]) -> bool {
    let shown = series.iter().filter(|point| matches!(State::of(point.n), State::Early | State::Ok)).count();
    shown * 2 >= series.len()
}

fn told(
    by: By,
    series: &[Point],
    breaks: &[Break],
    noted: &[Noted],
    window: &Window,
    unit: &Unit<'_>,
) -> anyhow::Result<Option<Trend>> {
    let points: BTreeMap<&str, &Point> = series.iter().map(|point| (point.key.as_str(), point)).collect();
    let (mut marks, mut rows) = (Vec::new(), Vec::new());
    let mut told = Vec::new();
    for (key, label) in window.keys(by, first_day(by, series)) {
        let point = points.get(key.as_str());
        let n = point.map_or(0, |point| point.n);
        let score = point.and_then(|point| shown(n, point.score, point.interval));
        rows.push(Row {
            label: label.clone(),
            n: unit.numerals.count(n),
            score: score.map_or_else(String::new, |(score, _)| unit.written(score)),
            range: score.map_or_else(String::new, |(_, interval)| range(unit, interval)),
        });
        let is_break = breaks.iter().any(|found| found.key == key);
        let here: Vec<_> =
            noted.iter().filter(|noted| by.key_of_day(noted.day).as_ref() == Some(&key)).collect();
        told.extend(here.iter().map(|noted| (written(noted), noted.text.clone())));
        marks.push(Mark { is_noted: !here.is_empty(), ..Mark::of(label, n, score, is_break) });
    }
    if !chart::has_line(&marks) {
        return Ok(None);
    }
    let [wide, narrow] = SIZES.map(|size| chart::trend(&marks, unit, size));
    let grain = match by {
        By::Week => "week",
        By::Month => "month",
        _ => "day",
    };
    let breaks = breaks.iter().map(|found| found.sentence.clone()).collect();
    Ok(Some(Trend { pictures: [wide?, narrow?], grain, rows, breaks, noted: told }))
}

/// The first day of the first point.
fn first_day(by: By, series: &[Point]) -> Option<i32> {
    let key = &series.first()?.key;
    let date: Date = if by == By::Month { format!("{key}-01").parse() } else { key.parse() }.ok()?;
    Some(days_since_1970(date))
}
