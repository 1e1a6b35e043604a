//! What a day was like: the scores of every survey, from the same counts as on the dashboard.

use jiff::tz::TimeZone;
use parere_shared::survey::SurveyState;
use parere_shared::time::Millis;
use serde::Serialize;

use crate::auth::SiteScope;
use crate::catalogue::{SiteEntry, date_of, day_of};
use crate::period::Period;
use crate::scoreboard::{self, Scoreboard};
use crate::store::{self, Store};

/// Days up to the one that is told, of which the score is told beside it: most shops have too few answers in one.
const LONG_DAYS: i32 = 30;

/// A day of a site.
#[derive(Debug, Serialize)]
pub(super) struct Digest {
    /// Key of the site.
    pub(super) site: String,
    /// The local day: `2026-11-20`.
    pub(super) day: String,
    /// Surveys with an answer in the last 30 days.
    pub(super) surveys: Vec<OfSurvey>,
}

/// What its answers say of one survey.
#[derive(Debug, Serialize)]
pub(super) struct OfSurvey {
    /// Slug of the survey.
    pub(super) survey: String,
    /// What is asked.
    pub(super) question: String,
    /// Of the day.
    pub(super) day: Scoreboard,
    /// Of the 30 days of which it is the last.
    pub(super) last_30_days: Scoreboard,
}

/// The last local day that is over and whose digest is due, where it is told from `hour` (0–23) of the next one on.
pub fn due_day(now: Millis, zone: &TimeZone, hour: u8) -> i32 {
    let local = jiff::Timestamp::from_millisecond(now).unwrap_or_default().to_zoned(zone.clone());
    let is_time = u8::try_from(local.hour()).is_ok_and(|at| at >= hour);
    day_of(now, zone) - if is_time { 1 } else { 2 }
}

/// Reads what there is to say of a local day, since 1970-01-01.
pub(super) async fn read(store: &dyn Store, site: &SiteEntry, day: i32) -> store::Result<Digest> {
    let scope = SiteScope::at_the_machine(&site.site.key);
    let of_day = Period::days(day, day + 1, &site.zone);
    let of_long = Period::days(day + 1 - LONG_DAYS, day + 1, &site.zone);
    let mut surveys = Vec::new();
    for entry in site.surveys.iter().filter(|entry| entry.survey.state != SurveyState::Archived) {
        let last_30_days = scoreboard::read(store, &scope, site, entry, of_long, None).await?;
        if last_30_days.summary.n == 0 {
            continue;
        }
        surveys.push(OfSurvey {
            survey: entry.survey.slug.clone(),
            question: entry.survey.instrument("").question,
            day: scoreboard::read(store, &scope, site, entry, of_day, None).await?,
            last_30_days,
        });
    }
    Ok(Digest { site: site.site.key.clone(), day: date_of(day).to_string(), surveys })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_due_from_its_hour_on_in_the_sites_zone() {
        // 2026-11-21 in Rome is day 20778; it is 11:00 there at 10:00 UTC.
        let noon = 1_795_255_200_000;
        let hour = 60 * 60 * 1_000;
        for (zone, now, at, expected) in [
            ("Europe/Rome", noon, 11, 20_777),
            ("Europe/Rome", noon, 12, 20_776),
            ("Europe/Rome", noon - 1, 11, 20_776),
            ("Europe/Rome", noon, 0, 20_777),
            ("Europe/Rome", noon, 23, 20_776),
            ("Europe/Rome", noon + 12 * hour, 23, 20_777),
            ("Europe/Rome", noon + 13 * hour, 0, 20_778),
            ("UTC", noon, 11, 20_776),
            ("Asia/Tokyo", noon, 19, 20_777),
            ("Pacific/Honolulu", noon, 0, 20_777),
            ("Pacific/Kiritimati", noon, 0, 20_778),
        ] {
            let zone_of = crate::catalogue::zone(zone);
            assert_eq!(due_day(now, &zone_of, at), expected, "{zone} {at}");
        }
    }
}
