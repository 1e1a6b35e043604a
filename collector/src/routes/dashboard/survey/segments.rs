//! The score by channel, language, device and touchpoint, on one shared scale.

use parere_shared::survey::Metric;

use crate::auth::SiteScope;
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::routes::dashboard::chart::Unit;
use crate::routes::dashboard::figure::{Gauge, shown};
use crate::routes::dashboard::window::Window;
use crate::scoreboard::{self, By};
use crate::store::{self, Store};

/// What answers are told apart by, and how it is called.
const KINDS: [(By, &str); 4] = [
    (By::Channel, "Channel"),
    (By::Locale, "Language"),
    (By::Device, "Device"),
    (By::Touchpoint, "Touchpoint"),
];

/// One way to tell the answers apart.
pub(super) struct Segments {
    pub(super) name: &'static str,
    pub(super) rows: Vec<Segment>,
}

/// The answers of one kind.
pub(super) struct Segment {
    pub(super) key: String,
    pub(super) n: String,
    /// The score on its scale; none where there are too few answers.
    pub(super) figure: Option<(String, Gauge)>,
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
        let mut series = scoreboard::read(store, scope, site, entry, window.period, Some(by)).await?.series;
        if series.len() < 2 {
            continue;
        }
        series.sort_by_key(|point| std::cmp::Reverse(point.n));
        let metric: Metric = entry.survey.metric;
        let rows = series.into_iter().map(|point| Segment {
            n: unit.numerals.count(point.n),
            figure: shown(point.n, point.score, point.interval)
                .map(|(score, interval)| (unit.written(score), Gauge::new(unit, metric, score, interval))),
            key: point.key,
        });
        all.push(Segments { name, rows: rows.collect() });
    }
    Ok(all)
}
