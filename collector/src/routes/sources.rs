//! Where a site hears from: its inbound connections, and when each was last heard.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use parere_shared::time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::definition::Definition;
use crate::app::App;
use crate::auth::{ADMIN, May};
use crate::error::ApiError;
use crate::openapi::{InSite, InSource, InvalidBody, NoSuchSite, NoSuchSource, Refused};
use crate::store::{Source, SourceName};

mod act;

pub(super) use act::{address, connect, disconnect};

/// `GET /sites/{site}/sources` and `PUT, DELETE /sites/{site}/sources/{source}`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(put, remove))
}

/// A connection as it is shown: never its secret.
#[derive(Debug, Serialize, ToSchema)]
struct SourceOut {
    source: SourceName,
    /// Where it sends its messages to.
    address: String,
    /// When it got its secret.
    created_at: String,
    /// When a message was last accepted, to the minute.
    #[schema(required)]
    heard_at: Option<String>,
    /// When a message was last refused, to the minute.
    #[schema(required)]
    refused_at: Option<String>,
    /// Why.
    #[schema(required)]
    refusal: Option<String>,
}

/// A connection with its secret, where that was just made.
#[derive(Debug, Serialize, ToSchema)]
struct SourceMade {
    #[serde(flatten)]
    kept: SourceOut,
    /// What its messages are signed with; it is not shown again.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// A list of connections.
#[derive(Debug, Serialize, ToSchema)]
struct Sources {
    sources: Vec<SourceOut>,
}

/// What is wished of a connection.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SourceIn {
    /// The secret that the other side made; without it one is made here, but not for `shopify` and `zendesk`.
    secret: Option<String>,
}

impl SourceOut {
    fn of(app: &App, site: &str, source: Source) -> Self {
        let (refused_at, refusal) = source.refused.unzip();
        Self {
            source: source.name,
            address: address(app, source.name, site),
            created_at: time::format(source.created_at),
            heard_at: source.heard_at.map(time::format),
            refused_at: refused_at.map(time::format),
            refusal,
        }
    }
}

#[derive(Deserialize)]
struct SourceInPath {
    source: String,
}

impl SourceInPath {
    fn name(&self) -> Result<SourceName, ApiError> {
        SourceName::parse(&self.source).ok_or(act::NO_SUCH_SOURCE)
    }
}

/// Every connection of the site, by name.
#[utoipa::path(get, path = "/sites/{site}/sources", operation_id = "list_sources", params(InSite),
    responses((status = 200, body = Sources), NoSuchSite, Refused))]
async fn list(State(app): State<App>, May { scope, .. }: May<ADMIN>) -> Result<Json<Sources>, ApiError> {
    let sources = app.store.sources().sources(&scope).await?;
    let shown = sources.into_iter().map(|source| SourceOut::of(&app, scope.site(), source));
    Ok(Json(Sources { sources: shown.collect() }))
}

/// Connects a source, or gives it another secret, which holds at once.
#[utoipa::path(put, path = "/sites/{site}/sources/{source}", operation_id = "connect_source", params(InSource),
    request_body = SourceIn, responses((status = 200, body = SourceMade), NoSuchSource, InvalidBody, Refused))]
async fn put(
    State(app): State<App>,
    May { scope, caller, .. }: May<ADMIN>,
    Path(path): Path<SourceInPath>,
    Definition(sent): Definition<SourceIn>,
) -> Result<Json<SourceMade>, ApiError> {
    let (source, secret) = connect(&app, &caller, &scope, path.name()?, sent.secret.as_deref()).await?;
    Ok(Json(SourceMade { kept: SourceOut::of(&app, scope.site(), source), secret }))
}

/// Ends a connection: nothing that comes in its name is taken any more.
#[utoipa::path(delete, path = "/sites/{site}/sources/{source}", operation_id = "disconnect_source", params(InSource),
    responses((status = 204, description = "It is gone."), NoSuchSource, Refused))]
async fn remove(
    State(app): State<App>,
    May { scope, caller, .. }: May<ADMIN>,
    Path(path): Path<SourceInPath>,
) -> Result<StatusCode, ApiError> {
    disconnect(&app, &caller, &scope, path.name()?).await?;
    Ok(StatusCode::NO_CONTENT)
}
