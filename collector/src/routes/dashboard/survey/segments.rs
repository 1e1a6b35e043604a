//! The score by channel, language, device, touchpoint and page, on one shared scale.

use parere_shared::survey::Metric;

use crate::auth::SiteScope;
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::routes::dashboard::chart::Unit;
use crate::routes::dashboard::figure::{Gauge, shown};
use crate::routes::dashboard::window::Window;
use crate::scoreboard::{self, By, Point};
use crate::store::{self, Store};

/// What answers are told apart by, and how it is called.
const KINDS: [(By, &str); 5] = [
    (By::Channel, "Channel"),
    (By::Locale, "Language"),
    (By::Device, "Device"),
    (By::Touchpoint, "Touchpoint"),
    (By::Page, "Page"),
];

/// One way to tell the answers apart.
pub(super) struct Segments {
    pub(super) name: &'static str,
    pub(super) rows: Vec<Segment>,
    /// Which answers these are, where they are not all of the period; else empty.
    pub(super) note: String,
}

/// The answers of one kind.
pub(in crate::routes::dashboard) struct Segment {
    pub(in crate::routes::dashboard) key: String,
    pub(in crate::routes::dashboard) n: String,
    /// The score on its scale; none where there are too few answers.
    pub(in crate::routes::dashboard) figure: Option<(String, Gauge)>,
}

impl Segment {
    pub(in crate::routes::dashboard) fn of(point: &Point, metric: Metric, unit: &Unit<'_>) -> Self {
        let figure = shown(point.n, point.score, point.interval);
        Self {
            key: point.key.clone(),
            n: unit.numerals.count(point.n),
            figure: figure
                .map(|(score, interval)| (unit.written(score), Gauge::new(unit, metric, score, interval))),
        }
    }
}

/// Every way that tells anything apart, the biggest segments first.
pub(super) async fn read(
    store: &dyn Store,
    scope: &SiteScope,
    site: &SiteEntry,
    entry: &SurveyEntry,
    window: &Window,
    unit: &Unit<'_>,
) -> store::Result<Vec<Segments>> {
    let mut all = Vec::new();
    for (by, name) in KINDS {
        let board = scoreboard::read(store, scope, site, entry, window.period, Some(by)).await?;
        let told: u64 = board.series.iter().map(|point| point.n).sum();
        let mut series = board.series;
        if series.len() < 2 {
            continue;
        }
        series.sort_by_key(|point| std::cmp::Reverse(point.n));
        let rows = series.iter().map(|point| Segment::of(point, entry.survey.metric, unit)).collect();
        let note = match told {
            told if told < board.summary.n => format!("Of the latest {}.", unit.numerals.answers(told)),
            _ => String::new(),
        };
        all.push(Segments { name, rows, note });
    }
    Ok(all)
}
