//! `POST /hooks/{source}/{site}`: what shops, help desks and senders of mail tell.

use axum::extract::State;
use axum::http::StatusCode;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::error::ApiError;
use crate::hooks::{self, Told};
use crate::openapi::{InHook, NotHeard};

/// The path of every source.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(hear))
}

/// A message of a source, signed as that source signs; a 200 means that what follows from it is on disk.
///
/// What is not known, of an event or a field, is passed over; the same message again does nothing more.
#[utoipa::path(post, path = "/hooks/{source}/{site}", operation_id = "hear", params(InHook),
    request_body(content = Object, content_type = "application/json"), security(()),
    responses((status = 200, description = "It was taken, or tells nothing that is of use."), NotHeard))]
async fn hear(State(app): State<App>, told: Told) -> Result<StatusCode, ApiError> {
    if let Told::Signed(message) = told {
        hooks::hear(&app, &message).await?;
        message.note(&app).await?;
    }
    Ok(StatusCode::OK)
}
