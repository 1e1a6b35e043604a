//! Scores of a survey.

use axum::Json;
use axum::extract::State;
use parere_shared::violation::{Rule, Violation};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::query::Asked;
use crate::app::App;
use crate::auth::SiteAdmin;
use crate::error::ApiError;
use crate::openapi::{InSite, InvalidQuery, NoSuchSite, Refused, ScoresQuery};
use crate::scoreboard::{self, By, Scoreboard};

/// `GET /sites/{site}/scores`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(scores))
}

/// What the answers in a period say; `by` tells them apart.
#[utoipa::path(get, path = "/sites/{site}/scores", operation_id = "read_scores", params(InSite, ScoresQuery),
    responses((status = 200, body = Scoreboard), NoSuchSite, InvalidQuery, Refused))]
async fn scores(
    State(app): State<App>,
    caller: SiteAdmin,
    asked: Asked,
) -> Result<Json<Scoreboard>, ApiError> {
    let SiteAdmin { scope, site } = caller;
    let mut found = Vec::new();
    let period = asked.period(&site, &mut found);
    let by = asked.get("by").map(By::parse);
    if by == Some(None) {
        found.push(Violation::new("by", BY));
    }
    let survey = asked.survey(&site)?;
    if survey.is_none() {
        found.push(Violation::new("survey", Rule::Missing));
    }
    match survey {
        Some(survey) if found.is_empty() => {
            Ok(Json(scoreboard::read(&*app.store, &scope, &site, survey, period, by.flatten()).await?))
        }
        _ => Err(ApiError::Invalid(found)),
    }
}

const BY: Rule = Rule::Format("day, week, month, channel, locale, device, touchpoint or instrument");
