//! `/accessibility`: what is done so that everybody can answer, how it is tested, and what is missing.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;

use crate::app::App;
use crate::auth::Open;
use crate::error::ApiError;

const PROTECTION: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
);

/// The page.
pub fn router() -> Router<App> {
    Router::new().route("/accessibility", get(page))
}

#[derive(Template)]
#[template(path = "check/accessibility.html")]
struct Page {
    style: String,
}

async fn page(_: Open, State(app): State<App>) -> Result<Response, ApiError> {
    let html = Page { style: app.assets.url("check.css") }.render().map_err(anyhow::Error::from)?;
    let headers = [
        (header::CONTENT_SECURITY_POLICY, PROTECTION),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, Html(html)).into_response())
}
