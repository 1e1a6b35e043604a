//! Is the process alive, and should it get traffic? Two questions with two answers.

use axum::extract::State;
use axum::routing::get;
use axum::{Router, http::StatusCode};

use crate::app::App;
use crate::error::ApiError;

/// `/healthz` and `/readyz`.
pub fn router() -> Router<App> {
    Router::new().route("/healthz", get(healthz)).route("/readyz", get(readyz))
}

/// The process runs; restart it if this fails.
async fn healthz() -> &'static str {
    "ok\n"
}

/// Answers can be stored; send traffic elsewhere while this fails.
async fn readyz(State(app): State<App>) -> Result<(StatusCode, &'static str), ApiError> {
    if app.is_draining() {
        return Err(ApiError::Unavailable("The collector is shutting down."));
    }
    app.store.check().await?;
    Ok((StatusCode::OK, "ready\n"))
}
