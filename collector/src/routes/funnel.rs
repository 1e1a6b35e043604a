//! The funnel of a survey.

use axum::Json;
use axum::extract::State;
use parere_shared::violation::{Rule, Violation};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::query::Asked;
use crate::app::App;
use crate::auth::{May, READ};
use crate::error::ApiError;
use crate::funnel::{self, FunnelBoard};
use crate::openapi::{FunnelQuery, InSite, InvalidQuery, NoSuchSite, Refused};

/// `GET /sites/{site}/funnel`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(read_funnel))
}

/// What became of a survey's questions on pages, on the local days that the period touches.
#[utoipa::path(get, path = "/sites/{site}/funnel", operation_id = "read_funnel", params(InSite, FunnelQuery),
    responses((status = 200, body = FunnelBoard), NoSuchSite, InvalidQuery, Refused))]
async fn read_funnel(
    State(app): State<App>,
    caller: May<READ>,
    asked: Asked,
) -> Result<Json<FunnelBoard>, ApiError> {
    let May { scope, site, .. } = caller;
    let mut found = Vec::new();
    let period = asked.period(&site, &mut found);
    let survey = asked.survey(&site)?;
    if survey.is_none() {
        found.push(Violation::new("survey", Rule::Missing));
    }
    match survey {
        Some(survey) if found.is_empty() => {
            Ok(Json(funnel::read(&app, &scope, &site, survey, period).await?))
        }
        _ => Err(ApiError::Invalid(found)),
    }
}
