//! How fast a site's help desk is.

use axum::Json;
use axum::extract::State;
use parere_shared::violation::{Rule, Violation};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::query::{Asked, refuse_any};
use crate::app::App;
use crate::auth::{May, READ};
use crate::error::ApiError;
use crate::openapi::{InSite, InvalidQuery, NoSuchSite, Refused, SpeedQuery};
use crate::scoreboard::By;
use crate::speed::{self, Clock, SpeedBoard};

/// `GET /sites/{site}/speed`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(speed))
}

/// How long customers waited whose tickets began in a period, and what they said.
#[utoipa::path(get, path = "/sites/{site}/speed", operation_id = "read_speed", params(InSite, SpeedQuery),
    responses((status = 200, body = SpeedBoard), NoSuchSite, InvalidQuery, Refused))]
async fn speed(
    State(app): State<App>,
    May { scope, site, .. }: May<READ>,
    asked: Asked,
) -> Result<Json<SpeedBoard>, ApiError> {
    let mut found = Vec::new();
    let period = asked.period(&site, &mut found);
    let clock = asked.get("clock").map_or(Some(Clock::Calendar), Clock::parse);
    if clock.is_none() {
        found.push(Violation::new("clock", Rule::Unknown("calendar or business")));
    }
    refuse_any(found)?;
    let how = (clock.unwrap_or(Clock::Calendar), By::Week);
    let board = speed::board(&*app.store, &scope, &site, period, how, app.clock.now()).await?;
    Ok(Json(board))
}
