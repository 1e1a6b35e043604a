//! `POST /v1/events`: what became of a question on a page, as numbers.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use parere_shared::limit::EVENTS_BYTES_MAX;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::Open;
use crate::error::ApiError;
use crate::ingest::admission::Sender;
use crate::ingest::body;
use crate::ingest::event::{EventReport, admit};
use crate::openapi::NotCounted;

/// The path of events.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(events))
}

/// What became of one question, each kind of event once; counted, and never stored one by one.
#[utoipa::path(post, path = "/v1/events", operation_id = "send_events",
    request_body(content((EventReport = "application/json"), (String = "text/plain"))), security(()),
    responses((status = 204, description = "Counted, in memory: not acknowledged as an answer is."), NotCounted))]
async fn events(
    _: Open,
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, ApiError> {
    if app.is_draining() {
        return Err(ApiError::Unavailable("The collector is shutting down."));
    }
    let value = body::read_one(&headers, body, EVENTS_BYTES_MAX, app.body_timeout).await?;
    let sender = Sender::new(&app, peer, &headers).await?;
    let events = admit(&app, &sender, &value)?;
    app.metrics.count_events(&events, app.ledger.add(events.clone()));
    Ok(StatusCode::NO_CONTENT)
}
