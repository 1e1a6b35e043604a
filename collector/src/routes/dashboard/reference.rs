//! The operators' API for people: the description that programs get, as a page.

use std::sync::Arc;

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::Response;

use super::{Frame, render};
use crate::app::App;
use crate::auth::{Anywhere, Open, READ};
use crate::error::ApiError;
use crate::openapi::Reading;

#[derive(Template)]
#[template(path = "dashboard/reference.html")]
struct Page<'a> {
    frame: Frame,
    style: String,
    reading: &'a Reading,
}

/// Every operation. It says nothing that a stranger may not know.
pub(super) async fn page(
    _: Open,
    State(app): State<App>,
    Extension(reading): Extension<Arc<Reading>>,
    known: Result<Anywhere<READ>, ApiError>,
) -> Result<Response, ApiError> {
    let frame = known.map_or_else(|_| Frame::of_nobody(&app), |Anywhere(caller)| Frame::of(&app, &caller));
    render(&Page { frame, style: app.assets.url("reference.css"), reading: &reading })
}
