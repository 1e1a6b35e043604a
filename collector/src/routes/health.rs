//! Is the process alive, should it get traffic, and how is it doing? Three questions with three answers.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::Open;
use crate::error::ApiError;
use crate::openapi::Unavailable;

/// `/healthz`, `/readyz` and `/metrics`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(healthz)).routes(routes!(readyz)).routes(routes!(metrics))
}

/// What is measured, as Prometheus reads it.
#[utoipa::path(get, path = "/metrics", security(()),
    responses((status = 200, body = String, content_type = "application/openmetrics-text")))]
async fn metrics(_: Open, State(app): State<App>) -> Result<impl IntoResponse, ApiError> {
    let text = app.metrics.text().map_err(anyhow::Error::from)?;
    Ok(([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text))
}

/// The process runs; restart it if this fails.
#[utoipa::path(get, path = "/healthz", security(()), responses((status = 200, body = String)))]
async fn healthz(_: Open) -> &'static str {
    "ok\n"
}

/// Answers can be stored; send traffic elsewhere while this fails.
#[utoipa::path(get, path = "/readyz", security(()), responses((status = 200, body = String), Unavailable))]
async fn readyz(_: Open, State(app): State<App>) -> Result<(StatusCode, &'static str), ApiError> {
    if app.is_leaving() {
        return Err(ApiError::Unavailable("The collector is shutting down."));
    }
    app.store.check().await?;
    Ok((StatusCode::OK, "ready\n"))
}
