//! When somebody is at the desk, as it is sent, kept and shown.

use parere_shared::speed::hours::Schedule;
use parere_shared::violation::Violation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::SiteScope;
use crate::catalogue::zone_name;
use crate::error::ApiError;
use crate::store::Store;

/// When somebody is at the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeskHours {
    /// Stretches of each day of the week, such as `09:00-17:30`; a day without any is a day off.
    pub week: Week,
    /// Days on which nobody is there, such as `2026-12-25`.
    #[serde(default)]
    pub holidays: Vec<String>,
    /// The IANA time zone by whose clock they are, such as `Europe/Rome`; null or absent for the site's.
    #[serde(default)]
    pub zone: Option<String>,
}

/// The days of a week.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Week {
    mon: Vec<String>,
    tue: Vec<String>,
    wed: Vec<String>,
    thu: Vec<String>,
    fri: Vec<String>,
    sat: Vec<String>,
    sun: Vec<String>,
}

/// The same, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Desk {
    /// The hours.
    pub schedule: Schedule,
    /// Proper name of the zone by whose clock they are; none for the site's.
    pub zone: Option<String>,
}

impl From<[Vec<String>; 7]> for Week {
    fn from([mon, tue, wed, thu, fri, sat, sun]: [Vec<String>; 7]) -> Self {
        Self { mon, tue, wed, thu, fri, sat, sun }
    }
}

impl DeskHours {
    /// Reads them; lists everything wrong.
    pub fn desk(&self) -> Result<Desk, Vec<Violation>> {
        let Week { mon, tue, wed, thu, fri, sat, sun } = self.week.clone();
        let schedule = Schedule::parse(&[mon, tue, wed, thu, fri, sat, sun], &self.holidays);
        let zone = self.zone.as_deref().map(zone_name).transpose();
        match (schedule, zone) {
            (Ok(schedule), Ok(zone)) => Ok(Desk { schedule, zone }),
            (schedule, zone) => {
                let mut found = schedule.err().unwrap_or_default();
                found.extend(zone.err().map(|rule| Violation::new("zone", rule)));
                Err(found)
            }
        }
    }
}

impl From<&Desk> for DeskHours {
    fn from(desk: &Desk) -> Self {
        let Desk { schedule, zone } = desk;
        Self { week: schedule.week().into(), holidays: schedule.holidays(), zone: zone.clone() }
    }
}

/// The hours of a site's desk: Monday to Friday from nine to five, where nobody has said otherwise.
pub async fn read(store: &dyn Store, scope: &SiteScope) -> Result<Desk, ApiError> {
    let Some(kept) = store.tickets().desk_hours(scope).await? else { return Ok(Desk::default()) };
    let hours: DeskHours = serde_json::from_str(&kept).map_err(anyhow::Error::from)?;
    hours.desk().map_err(|_| anyhow::anyhow!("the hours of the desk cannot be read").into())
}

/// Keeps other hours.
pub async fn set(store: &dyn Store, scope: &SiteScope, desk: &Desk) -> Result<(), ApiError> {
    let kept = serde_json::to_string(&DeskHours::from(desk)).map_err(anyhow::Error::from)?;
    Ok(store.tickets().set_desk_hours(scope, &kept).await?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn hours_have_a_zone_of_their_own_or_none() {
        for (zone, expected) in [
            (json!(null), Ok(None)),
            (json!("europe/rome"), Ok(Some("Europe/Rome"))),
            (json!("Mars/Base"), Err(vec!["zone"])),
            (json!(""), Err(vec!["zone"])),
        ] {
            let hours = json!({"week": {"mon": ["09:00-17:00"]}, "zone": zone});
            let hours: DeskHours = serde_json::from_value(hours).unwrap();
            let found = hours.desk();
            let names = found.as_ref().map(|desk| desk.zone.as_deref());
            let fields = |found: &Vec<Violation>| found.iter().map(|v| v.field.clone()).collect::<Vec<_>>();
            assert_eq!(
                names.map_err(fields),
                expected.map_err(|of| of.into_iter().map(String::from).collect())
            );
            if let Ok(desk) = found {
                assert_eq!(DeskHours::from(&desk).desk(), Ok(desk));
            }
        }
        // As it was kept before there were zones.
        let kept: DeskHours =
            serde_json::from_str(r#"{"week":{"mon":["09:00-17:00"]},"holidays":[]}"#).unwrap();
        assert_eq!(kept.desk().unwrap().zone, None);
        let wrong = json!({"week": {"mon": ["9-17"]}, "zone": "Mars/Base"});
        let wrong: DeskHours = serde_json::from_value(wrong).unwrap();
        assert_eq!(wrong.desk().unwrap_err().len(), 2, "all of it is told");
    }
}
