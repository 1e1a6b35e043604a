//! The score by channel, language, device, touchpoint and page, and by the order that was answered about, on one
//! shared scale.

use parere_shared::survey::Metric;

use crate::auth::SiteScope;
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::routes::dashboard::chart::Unit;
use crate::routes::dashboard::figure::{Gauge, shown};
use crate::routes::dashboard::window::Window;
use crate::scoreboard::{self, By, Ordered, Point};
use crate::store::{self, Store};

/// What a kind of segments is called; none for what has its own place on the page: time in the trend, wordings there, too.
fn called(by: By) -> Option<&'static str> {
    match by {
        By::Day | By::Week | By::Month | By::Instrument => None,
        By::Channel => Some("Channel"),
        By::Locale => Some("Language"),
        By::Device => Some("Device"),
        By::Touchpoint => Some("Touchpoint"),
        By::Page => Some("Page"),
        By::OrderStatus => Some("Order"),
        By::Delivery => Some("Delivery"),
        By::Carrier => Some("Carrier"),
        By::Region => Some("Region"),
        By::Sku => Some("Article"),
    }
}

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
    let kinds = By::ALL.into_iter().filter_map(|by| Some((by, called(by)?)));
    let of_orders: Vec<By> = By::ALL.into_iter().filter(|by| by.is_of_order()).collect();
    let ordered = Ordered::read(store, scope, entry, window.period, &of_orders).await?;
    let (mut all, mut n) = (Vec::new(), 0);
    for (by, name) in kinds {
        let (mut series, told) = if by.is_of_order() {
            (ordered.series(entry, by), ordered.n())
        } else {
            let board = scoreboard::read(store, scope, site, entry, window.period, Some(by)).await?;
            n = board.summary.n;
            let told = board.series.iter().map(|point| point.n).sum();
            (board.series, told)
        };
        if series.len() < 2 {
            continue;
        }
        series.sort_by_key(|point| std::cmp::Reverse(point.n));
        let rows = series.iter().map(|point| Segment::of(point, entry.survey.metric, unit)).collect();
        let note = match told {
            told if told < n => format!("Of the latest {}.", unit.numerals.answers(told)),
            _ => String::new(),
        };
        all.push(Segments { name, rows, note });
    }
    Ok(all)
}
