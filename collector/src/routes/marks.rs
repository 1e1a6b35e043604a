//! Marks on trends: what was improved, from which day on, and whether the score has changed since.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use jiff::civil::Date;
use parere_shared::text;
use parere_shared::time;
use parere_shared::violation::{Rule, Violation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::definition::Definition;
use super::query::{Asked, NO_SUCH_SURVEY, refuse_any};
use crate::app::App;
use crate::auth::{Action, Caller, May, READ, SiteScope, WRITE};
use crate::catalogue::{SiteEntry, SurveyEntry, date_of, days_since_1970};
use crate::error::ApiError;
use crate::ingest::record::counted_touchpoint;
use crate::openapi::{
    Conflict, DaysQuery, InMark, InSite, InvalidBody, InvalidQuery, MarksQuery, NoSuchMark, NoSuchSite,
    Refused,
};
use crate::random;
use crate::scoreboard::{self, SINCE_DAYS, SINCE_DAYS_MAX, Since};
use crate::store::{MARK_CHARS_MAX, MARKS_MAX, Mark};

const NO_SUCH_MARK: ApiError = ApiError::NotFound("The site has no such mark.");

/// `GET, POST /sites/{site}/marks`, `DELETE` of one, and what came of it.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(remove)).routes(routes!(comparison))
}

/// An improvement, as it is sent.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MarkIn {
    /// Slug of the survey.
    pub(super) survey: String,
    /// The touchpoint that it is about; all of the survey where absent.
    pub(super) touchpoint: Option<String>,
    /// The first day on which it held, in the site's zone; today where absent.
    pub(super) date: Option<String>,
    /// What was done, at most 200 characters.
    pub(super) text: String,
}

/// An improvement.
#[derive(Debug, Serialize, ToSchema)]
struct MarkOut {
    mark: String,
    survey: String,
    #[schema(required)]
    touchpoint: Option<String>,
    date: String,
    text: String,
    made_by: String,
    created_at: String,
}

/// A list of marks.
#[derive(Debug, Serialize, ToSchema)]
struct MarkList {
    marks: Vec<MarkOut>,
}

/// What came of an improvement.
#[derive(Debug, Serialize, ToSchema)]
struct MarkComparison {
    mark: MarkOut,
    #[serde(flatten)]
    since: Since,
}

impl From<Mark> for MarkOut {
    fn from(mark: Mark) -> Self {
        Self {
            mark: mark.id,
            survey: mark.survey,
            touchpoint: mark.touchpoint,
            date: date_of(mark.day).to_string(),
            text: mark.text,
            made_by: mark.made_by,
            created_at: time::format(mark.created_at),
        }
    }
}

/// Every mark of the site, or of one `survey`, the earliest day first.
#[utoipa::path(get, path = "/sites/{site}/marks", operation_id = "list_marks", params(InSite, MarksQuery),
    responses((status = 200, body = MarkList), NoSuchSite, InvalidQuery, Refused))]
async fn list(
    State(app): State<App>,
    May { scope, site, .. }: May<READ>,
    asked: Asked,
) -> Result<Json<MarkList>, ApiError> {
    let survey = asked.survey(&site)?.map(|entry| &*entry.survey.slug);
    let marks = app.store.marks().marks(&scope, survey).await?;
    Ok(Json(MarkList { marks: marks.into_iter().map(MarkOut::from).collect() }))
}

/// Notes an improvement: a mark on the trend, and a day before and after which scores are compared.
#[utoipa::path(post, path = "/sites/{site}/marks", operation_id = "create_mark", params(InSite),
    request_body = MarkIn, responses((status = 201, body = MarkOut), NoSuchSite, Conflict, InvalidBody, Refused))]
async fn create(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    Definition(sent): Definition<MarkIn>,
) -> Result<impl IntoResponse, ApiError> {
    let mark = make(&app, &caller, &scope, &site, sent).await?;
    let location = [(header::LOCATION, format!("/api/v1/sites/{}/marks/{}", scope.site(), mark.id))];
    Ok((StatusCode::CREATED, location, Json(MarkOut::from(mark))))
}

/// Removes a mark; answers stay as they are.
#[utoipa::path(delete, path = "/sites/{site}/marks/{mark}", operation_id = "remove_mark", params(InMark),
    responses((status = 204, description = "It is gone."), NoSuchMark, Refused))]
async fn remove(
    State(app): State<App>,
    May { scope, caller, .. }: May<WRITE>,
    Path((_, mark)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    take_away(&app, &caller, &scope, &mark).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The score of `days` days since the improvement beside that of as many days before it.
#[utoipa::path(get, path = "/sites/{site}/marks/{mark}/comparison", operation_id = "compare_mark",
    params(InMark, DaysQuery), responses((status = 200, body = MarkComparison), NoSuchMark, InvalidQuery, Refused))]
async fn comparison(
    State(app): State<App>,
    May { scope, site, .. }: May<READ>,
    Path((_, mark)): Path<(String, String)>,
    asked: Asked,
) -> Result<Json<MarkComparison>, ApiError> {
    let mut found = Vec::new();
    let days = asked.get("days").map_or(Some(SINCE_DAYS), |days| days.parse().ok());
    let days = days.filter(|days| (1..=SINCE_DAYS_MAX).contains(days)).unwrap_or_else(|| {
        found.push(Violation::new("days", Rule::OutOfRange { min: 1, max: SINCE_DAYS_MAX.into() }));
        SINCE_DAYS
    });
    refuse_any(found)?;
    let marks = app.store.marks().marks(&scope, None).await?;
    let mark = marks.into_iter().find(|known| known.id == mark).ok_or(NO_SUCH_MARK)?;
    let entry = site.survey(&mark.survey).ok_or(NO_SUCH_SURVEY)?;
    let days = (days, site.day_of(app.clock.now()));
    let since = scoreboard::since(&*app.store, &scope, &site, entry, &mark, days).await?;
    Ok(Json(MarkComparison { mark: MarkOut::from(mark), since }))
}

/// Makes a mark as `sent` wants it.
pub(super) async fn make(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    site: &SiteEntry,
    sent: MarkIn,
) -> Result<Mark, ApiError> {
    let entry = site.survey(&sent.survey).ok_or(NO_SUCH_SURVEY)?;
    let now = app.clock.now();
    let (day, text, touchpoint) = checked(&sent, entry, site.day_of(now)).map_err(ApiError::Invalid)?;
    if app.store.marks().marks(scope, None).await?.len() >= MARKS_MAX {
        return Err(ApiError::Conflict("The site has 200 marks; remove one that nobody looks at any more."));
    }
    let mark = Mark {
        id: format!("mrk_{}", random::token::<6>()?),
        survey: sent.survey,
        touchpoint,
        day,
        text,
        made_by: caller.who.name(),
        created_at: now,
    };
    app.store.marks().add_mark(scope, &mark).await?;
    app.record(&caller.who, Action::MarkCreate, Some(scope.site()), &mark.id).await?;
    Ok(mark)
}

/// Removes a mark.
pub(super) async fn take_away(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    mark: &str,
) -> Result<(), ApiError> {
    if !app.store.marks().remove_mark(scope, mark).await? {
        return Err(NO_SUCH_MARK);
    }
    app.record(&caller.who, Action::MarkRemove, Some(scope.site()), mark).await
}

/// Day, text and touchpoint, if they make sense.
fn checked(
    sent: &MarkIn,
    entry: &SurveyEntry,
    today: i32,
) -> Result<(i32, String, Option<String>), Vec<Violation>> {
    let mut found = Vec::new();
    let day = sent.date.as_deref().map_or(Some(today), |date| date.parse::<Date>().ok().map(days_since_1970));
    match day {
        None => found.push(Violation::new("date", Rule::Format("a date such as 2026-11-21"))),
        Some(day) if day > today => {
            found.push(Violation::new("date", Rule::Contradiction("must not lie in the future")));
        }
        Some(_) => {}
    }
    let said = sent.text.trim();
    if said.is_empty() {
        found.push(Violation::new("text", Rule::Empty));
    }
    if said.chars().count() > MARK_CHARS_MAX {
        found.push(Violation::new("text", Rule::TooLong { max: MARK_CHARS_MAX }));
    }
    if text::has_control(said) {
        found.push(Violation::new("text", Rule::ControlCharacter));
    }
    let touchpoint = sent.touchpoint.clone().filter(|touchpoint| !touchpoint.is_empty());
    // Others are counted together, and what is said of one is not said of all of them.
    if touchpoint.as_ref().is_some_and(|own| counted_touchpoint(Some(own), entry) != *own) {
        found.push(Violation::new("touchpoint", Rule::Unknown("a touchpoint that is counted by itself")));
    }
    match day {
        Some(day) if found.is_empty() => Ok((day, said.into(), touchpoint)),
        _ => Err(found),
    }
}
