//! What was changed in a survey: who, when and what, in plain words.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use parere_shared::time::Millis;

use super::{Frame, render};
use crate::app::App;
use crate::auth::{May, READ};
use crate::error::ApiError;
use crate::routes::query::NO_SUCH_SURVEY;
use crate::store::SurveyVersion;

mod facts;

use facts::Change;
pub(crate) use facts::changes;

/// Versions on the page: years of a survey that is changed now and then.
const SHOWN_MAX: usize = 100;

#[derive(Template)]
#[template(path = "dashboard/edit/versions.html")]
struct Page {
    frame: Frame,
    style: String,
    site: String,
    slug: String,
    question: String,
    versions: Vec<Version>,
}

struct Version {
    number: i64,
    author: String,
    at: String,
    /// None for the first one.
    changes: Option<Vec<Change>>,
}

/// Every version with what it changed, latest first.
pub(super) async fn page(
    State(app): State<App>,
    May { scope, site, caller }: May<READ>,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let entry = site.survey(&slug).ok_or(NO_SUCH_SURVEY)?;
    // One more, to compare the last of them with.
    let versions = app.store.survey_versions(&scope, &slug, SHOWN_MAX + 1).await?;
    render(&Page {
        frame: Frame::of(&app, &caller),
        style: app.assets.url("editor.css"),
        site: site.site.key.clone(),
        question: entry.survey.instrument("").question,
        versions: compared(&versions, &site.zone),
        slug,
    })
}

fn compared(versions: &[SurveyVersion], zone: &TimeZone) -> Vec<Version> {
    let before = versions.iter().skip(1).map(Some).chain([None]);
    let compared = versions.iter().zip(before).take(SHOWN_MAX).map(|(version, before)| Version {
        number: version.number,
        author: version.author.clone(),
        at: written(version.at, zone),
        changes: before.map(|before| changes(&before.survey, &version.survey, zone)),
    });
    compared.collect()
}

/// A moment on the zone's clocks.
fn written(at: Millis, zone: &TimeZone) -> String {
    let moment = Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(zone.clone());
    moment.strftime("%-d %B %Y, %H:%M").to_string()
}
