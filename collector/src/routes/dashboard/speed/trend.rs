//! How the waits went, week by week or month by month.

use std::collections::BTreeMap;

use parere_shared::score::State;
use parere_shared::speed::{HOUR_MS, Speed};
use parere_shared::time::{DAY_MS, Millis};

use super::Says;
use crate::routes::dashboard::chart::{self, Mark, Unit};
use crate::routes::dashboard::window::Window;
use crate::scoreboard::By;
use crate::speed::{Clock, SpeedBoard, SpeedPoint};

/// The picture on wide screens and on phones: letters keep their size.
const SIZES: [chart::Size; 2] = [(1056, 320), (344, 260)];

/// A wait over time: pictures for wide and for narrow screens, and the same as a table.
pub(super) struct Trend {
    pub(super) name: &'static str,
    pub(super) pictures: [String; 2],
    /// `week` or `month`.
    pub(super) grain: &'static str,
    pub(super) rows: Vec<Row>,
}

/// One week or month.
pub(super) struct Row {
    pub(super) label: String,
    pub(super) n: String,
    /// Empty where there are too few tickets.
    pub(super) median: String,
    pub(super) range: String,
}

/// One of the waits of a point.
type Wait = fn(&SpeedPoint) -> &Speed;

/// Both waits; none of which fewer than two points can be shown.
pub(super) fn of(board: &SpeedBoard, window: &Window, by: By, says: &Says<'_>) -> anyhow::Result<Vec<Trend>> {
    let points: BTreeMap<&str, &SpeedPoint> =
        board.series.iter().map(|point| (point.key.as_str(), point)).collect();
    let mut keys = window.keys(by, None);
    if keys.len() < points.len() {
        // All the time has no beginning but that of the first ticket.
        keys = board.series.iter().map(|point| (point.key.clone(), point.key.clone())).collect();
    }
    let kinds: [(&'static str, Wait); 2] = [
        ("First response time", |point| &point.first_response_time),
        ("Time to resolution", |point| &point.time_to_resolution),
    ];
    let mut trends = Vec::new();
    for (name, kind) in kinds {
        let told: Vec<(String, Option<&Speed>)> = keys
            .iter()
            .map(|(key, label)| (label.clone(), points.get(key.as_str()).map(|point| kind(point))))
            .collect();
        trends.extend(trend(name, &told, by, says)?);
    }
    Ok(trends)
}

fn trend(
    name: &'static str,
    told: &[(String, Option<&Speed>)],
    by: By,
    says: &Says<'_>,
) -> anyhow::Result<Option<Trend>> {
    let shown = |speed: &&Speed| matches!(speed.state, State::Early | State::Ok) && speed.median.ms.is_some();
    let seen = told.iter().filter_map(|(_, speed)| speed.filter(shown));
    let most = seen.flat_map(|speed| [speed.median.ms, speed.median.high_ms]).flatten().max().unwrap_or(0);
    let (length, suffix) = match says.clock {
        Clock::Calendar if most > 3 * DAY_MS => (DAY_MS, " d"),
        _ => (HOUR_MS, " h"),
    };
    let top = (quotient(most, length) * 1.2).max(1.0);
    let unit = Unit { numerals: says.numerals, digits: 1, suffix, ends: 0.0..top };
    let (mut marks, mut rows) = (Vec::new(), Vec::new());
    for (label, speed) in told {
        let median = speed.filter(shown).and_then(|speed| Some((speed, speed.median.ms?)));
        let score = median.map(|(speed, ms)| {
            // What may be any length reaches to the top.
            let high = speed.median.high_ms.map_or(top, |high| quotient(high, length));
            (quotient(ms, length), quotient(speed.median.low_ms, length)..high)
        });
        let is_early = median.is_some_and(|(speed, _)| speed.state == State::Early);
        marks.push(Mark { label: label.clone(), score, is_early, is_break: false, is_noted: false });
        rows.push(Row {
            label: label.clone(),
            n: says.numerals.count(speed.map_or(0, |speed| speed.n)),
            median: median.map_or_else(String::new, |(_, ms)| says.length(ms)),
            range: median.map_or_else(String::new, |(speed, _)| says.range(speed.median)),
        });
    }
    if !chart::has_line(&marks) {
        return Ok(None);
    }
    let [wide, narrow] = SIZES.map(|size| chart::trend(&marks, &unit, size));
    let grain = if by == By::Month { "month" } else { "week" };
    Ok(Some(Trend { name, pictures: [wide?, narrow?], grain, rows }))
}

#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 milliseconds, 285,000 years")]
fn quotient(ms: Millis, length: Millis) -> f64 {
    ms as f64 / length as f64
}
