//! Surveys of a site: their definitions, as operators write them.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use parere_shared::survey::Survey;
use parere_shared::time::Millis;
use parere_shared::violation::{Rule, Violation};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::definition::Definition;
use super::query::NO_SUCH_SURVEY;
use crate::app::App;
use crate::auth::{Action, May, READ, WRITE};
use crate::error::ApiError;
use crate::openapi::{Conflict, InSite, InSurvey, InvalidBody, NoSuchSite, Refused};
use crate::store::{Removal, SurveyWrite};

/// `GET, POST /sites/{site}/surveys` and `GET, PUT, DELETE /sites/{site}/surveys/{survey}`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(read, replace, remove))
}

/// A list of surveys.
#[derive(Debug, Serialize, ToSchema)]
struct Surveys {
    surveys: Vec<Survey>,
}

/// A survey as it was written, and what it had better not do.
#[derive(Debug, Serialize, ToSchema)]
struct Written {
    #[serde(flatten)]
    survey: Survey,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<parere_shared::schema::Violation>)]
    warnings: Vec<Violation>,
}

impl From<Survey> for Written {
    fn from(survey: Survey) -> Self {
        Self { warnings: survey.warnings(), survey }
    }
}

/// Site key and slug.
type InPath = Path<(String, String)>;

/// Every survey of the site, in the order they were made.
#[utoipa::path(get, path = "/sites/{site}/surveys", operation_id = "list_surveys", params(InSite),
    responses((status = 200, body = Surveys), NoSuchSite, Refused))]
async fn list(May { site, .. }: May<READ>) -> Json<Surveys> {
    Json(Surveys { surveys: site.surveys.iter().map(|entry| entry.survey.clone()).collect() })
}

/// One survey.
#[utoipa::path(get, path = "/sites/{site}/surveys/{survey}", operation_id = "read_survey", params(InSurvey),
    responses((status = 200, body = Survey), NoSuchSite, Refused))]
async fn read(May { site, .. }: May<READ>, Path((_, slug)): InPath) -> Result<Json<Survey>, ApiError> {
    let entry = site.survey(&slug).ok_or(NO_SUCH_SURVEY)?;
    Ok(Json(entry.survey.clone()))
}

/// A new survey.
#[utoipa::path(post, path = "/sites/{site}/surveys", operation_id = "create_survey", params(InSite),
    request_body = Survey, responses((status = 201, body = Written), NoSuchSite, Conflict, InvalidBody, Refused))]
async fn create(
    State(app): State<App>,
    May { scope, caller, .. }: May<WRITE>,
    Definition(survey): Definition<Survey>,
) -> Result<impl IntoResponse, ApiError> {
    let write = checked(survey, None, caller.who.name(), app.clock.now())?;
    let survey = write.survey.clone();
    if !app.store.add_survey(&scope, write).await? {
        return Err(ApiError::Conflict("The site has a survey with this slug; choose another."));
    }
    app.catalogue.reload().await?;
    app.record(&caller.who, Action::SurveyCreate, Some(scope.site()), &survey.slug).await?;
    let location = [(header::LOCATION, format!("/api/v1/sites/{}/surveys/{}", scope.site(), survey.slug))];
    Ok((StatusCode::CREATED, location, Json(Written::from(survey))))
}

/// Replaces the definition. Answers stay with the instrument that was shown to them.
#[utoipa::path(put, path = "/sites/{site}/surveys/{survey}", operation_id = "replace_survey", params(InSurvey),
    request_body = Survey, responses((status = 200, body = Written), NoSuchSite, InvalidBody, Refused))]
async fn replace(
    State(app): State<App>,
    May { scope, caller, .. }: May<WRITE>,
    Path((_, slug)): InPath,
    Definition(survey): Definition<Survey>,
) -> Result<Json<Written>, ApiError> {
    let write = checked(survey, Some(&slug), caller.who.name(), app.clock.now())?;
    let survey = write.survey.clone();
    if !app.store.replace_survey(&scope, write).await? {
        return Err(NO_SUCH_SURVEY);
    }
    app.catalogue.reload().await?;
    app.record(&caller.who, Action::SurveyReplace, Some(scope.site()), &slug).await?;
    Ok(Json(Written::from(survey)))
}

/// Removes a survey that nobody has answered.
#[utoipa::path(delete, path = "/sites/{site}/surveys/{survey}", operation_id = "remove_survey", params(InSurvey),
    responses((status = 204, description = "It is gone."), NoSuchSite, Conflict, Refused))]
async fn remove(
    State(app): State<App>,
    May { scope, caller, .. }: May<WRITE>,
    Path((_, slug)): InPath,
) -> Result<StatusCode, ApiError> {
    match app.store.remove_survey(&scope, &slug).await? {
        Removal::Removed => {
            app.catalogue.reload().await?;
            app.record(&caller.who, Action::SurveyRemove, Some(scope.site()), &slug).await?;
            Ok(StatusCode::NO_CONTENT)
        }
        Removal::Absent => Err(NO_SUCH_SURVEY),
        Removal::Answered => Err(ApiError::Conflict(
            "The survey has answers. Set its state to archived: it is asked no more, and its answers stay.",
        )),
    }
}

/// The survey with its instruments, ready to be written, if it breaks no rule.
pub(crate) fn checked(
    survey: Survey,
    slug_in_path: Option<&str>,
    author: String,
    now: Millis,
) -> Result<SurveyWrite, ApiError> {
    let mut found = survey.violations();
    if slug_in_path.is_some_and(|slug| slug != survey.slug) {
        found.push(Violation::new(
            "slug",
            Rule::Contradiction("must be the slug in the path: answers go by it"),
        ));
    }
    if !found.is_empty() {
        return Err(ApiError::Invalid(found));
    }
    let instruments = survey.languages.iter().map(|language| survey.instrument(language)).collect();
    Ok(SurveyWrite { survey, instruments, author, now })
}
