//! When somebody is at the desk, for people: the same as the operators' API has, as a form.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::tz;

use super::form::Form;
use super::terms::WEEKDAYS;
use super::{Frame, render};
use crate::app::App;
use crate::auth::{Caller, May, READ, WRITE};
use crate::catalogue::SiteEntry;
use crate::error::ApiError;
use crate::routes::query::Asked;
use crate::routes::tickets::set_hours_by_hand;
use crate::speed::desk::{self, Desk};

mod entered;

use entered::Entered;

#[derive(Template)]
#[template(path = "dashboard/desk-hours.html")]
struct Page {
    frame: Frame,
    site: String,
    site_name: String,
    /// Zone of the site.
    site_zone: String,
    days: Vec<Day>,
    holidays: String,
    /// Empty where it is the site's.
    zone: String,
    zones: Vec<String>,
    may_change: bool,
    /// What was wrong with the last form; empty where nothing was.
    refusal: String,
}

/// A day of the week.
struct Day {
    name: &'static str,
    /// As fields of the form begin.
    key: &'static str,
    /// From and until; empty ones are room for more.
    stretches: Vec<[String; 2]>,
}

/// Parts of the zone database that are no places: what is old, and how some machines keep it.
const NO_PLACES: [&str; 4] = ["Etc/", "SystemV/", "posix/", "right/"];

/// The hours, and the form to change them; `?hours=always` has every hour of the week entered, for who wants that.
pub(super) async fn page(
    State(app): State<App>,
    May { scope, site, caller }: May<READ>,
    asked: Asked,
) -> Result<Response, ApiError> {
    let kept = desk::read(&*app.store, &scope).await?;
    let entered = match asked.get("hours") {
        Some("always") => Entered::always(kept.zone),
        _ => Entered::of(&kept),
    };
    draw(&app, &caller, &site, entered, String::new())
}

/// Keeps other hours and shows what they make of the waits.
pub(super) async fn change(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    form: Form,
) -> Result<Response, ApiError> {
    let entered = Entered::read(&form);
    let wished: Desk = match entered.desk() {
        Ok(wished) => wished,
        Err(refusal) => {
            let page = draw(&app, &caller, &site, entered, refusal)?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    set_hours_by_hand(&app, &caller, &scope, &wished).await?;
    Ok(Redirect::to(&format!("/dashboard/{}/speed?clock=business", scope.site())).into_response())
}

fn draw(
    app: &App,
    caller: &Caller,
    site: &SiteEntry,
    entered: Entered,
    refusal: String,
) -> Result<Response, ApiError> {
    let may_change = caller.rights_at(&site.site.key).has(WRITE);
    let days = WEEKDAYS.into_iter().zip(entered.week);
    render(&Page {
        frame: Frame::of(app, caller),
        site: site.site.key.clone(),
        site_name: site.site.name.clone(),
        site_zone: site.site.zone.clone(),
        days: days.map(|((key, name), stretches)| Day { name, key, stretches }).collect(),
        holidays: entered.holidays,
        zone: entered.zone,
        zones: if may_change { zones() } else { Vec::new() },
        may_change,
        refusal,
    })
}

/// Zones to choose from, by the names of places.
fn zones() -> Vec<String> {
    let is_place = |name: &String| {
        name == "UTC" || (name.contains('/') && !NO_PLACES.iter().any(|start| name.starts_with(start)))
    };
    let mut zones: Vec<String> = tz::db().available().map(|name| name.to_string()).filter(is_place).collect();
    zones.sort_unstable();
    zones.dedup();
    zones
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::zone_name;

    #[test]
    fn every_zone_that_is_offered_is_one_that_is_taken() {
        let zones = zones();
        assert!(zones.len() > 300 && zones.iter().any(|zone| zone == "Europe/Rome"), "{zones:?}");
        for zone in zones {
            assert!(zone_name(&zone).is_ok(), "{zone}");
        }
    }
}
