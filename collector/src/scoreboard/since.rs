//! Before and after an improvement: as many days on both sides of a mark, by the same test as any two periods.

use parere_shared::score::{self, Summary};
use serde::Serialize;
use utoipa::ToSchema;

use super::comparison::{Comparison, compared, on_scale};
use super::heap;
use crate::auth::SiteScope;
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::period::Period;
use crate::store::{self, Dimension, Mark, Store};

/// Days on either side of a mark, where nothing is said: a month, so that all days of the week weigh the same.
pub const SINCE_DAYS: i32 = 28;

/// Most days on either side: what lies further away has other reasons.
pub const SINCE_DAYS_MAX: i32 = 366;

/// The answers before and after a mark.
#[derive(Debug, Serialize, ToSchema)]
pub struct Since {
    /// Local days on either side; fewer than asked for where it has not been that long.
    pub days: i32,
    /// What the answers said from that day on.
    pub later: Summary,
    /// What may be said of the difference.
    #[serde(flatten)]
    pub comparison: Comparison,
}

/// Sets the answers of `days` days from a mark on beside those of as many days before it; answers on other scales than
/// the survey has now are left out, as everywhere.
pub async fn since(
    store: &dyn Store,
    scope: &SiteScope,
    site: &SiteEntry,
    entry: &SurveyEntry,
    mark: &Mark,
    (days, today): (i32, i32),
) -> store::Result<Since> {
    let days = days_each_side(mark.day, days, today);
    let periods = [mark.day - days..mark.day, mark.day..mark.day + days]
        .map(|days| Period::days(days.start, days.end, &site.zone));
    let dimension = if mark.touchpoint.is_some() { Dimension::Touchpoint } else { Dimension::All };
    let mut heaps = Vec::with_capacity(2);
    for period in periods {
        let mut counts = on_scale(store, scope, site, entry, period, dimension).await?;
        if let Some(touchpoint) = &mark.touchpoint {
            counts.retain(|count| count.key == *touchpoint);
        }
        heaps.push(heap(counts.iter()));
    }
    let [before, after] = <[_; 2]>::try_from(heaps).unwrap_or_default();
    let words = match days {
        1 => "the day before it".into(),
        _ => format!("the {days} days before it"),
    };
    Ok(Since {
        days,
        later: score::summarize(entry.survey.metric, &entry.survey.scale, &after),
        comparison: compared(entry, &site.zone, periods, [&before, &after], &words),
    })
}

/// As many days as are wanted, or have been since; one at least.
fn days_each_side(day: i32, wanted: i32, today: i32) -> i32 {
    wanted.min(today + 1 - day).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_have_as_many_days() {
        for (day, wanted, today, expected) in
            [(100, 28, 200, 28), (100, 28, 127, 28), (100, 28, 126, 27), (100, 28, 100, 1), (100, 28, 90, 1)]
        {
            assert_eq!(days_each_side(day, wanted, today), expected, "{day} {wanted} {today}");
        }
    }
}
