//! When somebody is at the desk, as it is sent, kept and shown.

use parere_shared::speed::hours::Schedule;
use parere_shared::violation::Violation;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::SiteScope;
use crate::error::ApiError;
use crate::store::Store;

/// When somebody is at the desk, by the clock of the site's zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeskHours {
    /// Stretches of each day of the week, such as `09:00-17:30`; a day without any is a day off.
    pub week: Week,
    /// Days on which nobody is there, such as `2026-12-25`.
    #[serde(default)]
    pub holidays: Vec<String>,
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

impl From<[Vec<String>; 7]> for Week {
    fn from([mon, tue, wed, thu, fri, sat, sun]: [Vec<String>; 7]) -> Self {
        Self { mon, tue, wed, thu, fri, sat, sun }
    }
}

impl DeskHours {
    /// Reads them; lists everything wrong.
    pub fn schedule(&self) -> Result<Schedule, Vec<Violation>> {
        let Week { mon, tue, wed, thu, fri, sat, sun } = self.week.clone();
        Schedule::parse(&[mon, tue, wed, thu, fri, sat, sun], &self.holidays)
    }
}

impl From<&Schedule> for DeskHours {
    fn from(schedule: &Schedule) -> Self {
        Self { week: schedule.week().into(), holidays: schedule.holidays() }
    }
}

/// The hours of a site's desk: Monday to Friday from nine to five, where nobody has said otherwise.
pub async fn schedule(store: &dyn Store, scope: &SiteScope) -> Result<Schedule, ApiError> {
    let Some(kept) = store.tickets().desk_hours(scope).await? else { return Ok(Schedule::default()) };
    let hours: DeskHours = serde_json::from_str(&kept).map_err(anyhow::Error::from)?;
    hours.schedule().map_err(|_| anyhow::anyhow!("the hours of the desk cannot be read").into())
}

/// Keeps other hours.
pub async fn set(store: &dyn Store, scope: &SiteScope, schedule: &Schedule) -> Result<(), ApiError> {
    let kept = serde_json::to_string(&DeskHours::from(schedule)).map_err(anyhow::Error::from)?;
    Ok(store.tickets().set_desk_hours(scope, &kept).await?)
}
