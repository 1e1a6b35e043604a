//! Is the process alive, should it get traffic, and how is it doing? Three questions with three answers.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::app::App;
use crate::error::ApiError;

/// `/healthz`, `/readyz` and `/metrics`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/healthz", get(healthz))
        .route("/readyz", get(readyz))
        .route("/metrics", get(metrics))
}

/// What is measured, as Prometheus reads it.
async fn metrics(State(app): State<App>) -> Result<impl IntoResponse, ApiError> {
    let text = app.metrics.text().map_err(anyhow::Error::from)?;
    Ok(([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text))
}

/// The process runs; restart it if this fails.
async fn healthz() -> &'static str {
    "ok\n"
}

/// Answers can be stored; send traffic elsewhere while this fails.
async fn readyz(State(app): State<App>) -> Result<(StatusCode, &'static str), ApiError> {
    if app.is_leaving() {
        return Err(ApiError::Unavailable("The collector is shutting down."));
    }
    app.store.check().await?;
    Ok((StatusCode::OK, "ready\n"))
}
