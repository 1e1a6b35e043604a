//! What people may ask for: an answer erased, all of a person's told or erased.

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::{StreamExt as _, stream};
use parere_shared::response::ResponseId;
use parere_shared::violation::{Rule, Violation};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::exports::turn;
use super::query::Asked;
use crate::app::App;
use crate::auth::{ADMIN, Action, EXPORT, May, SiteScope, Who};
use crate::config::ExportFormat;
use crate::erasure::{self, KnownBy, Whose};
use crate::error::ApiError;
use crate::export::{Export, Making, Mark, Set};
use crate::openapi::{
    Conflict, InResponse, InSubject, InvalidQuery, NoSuchResponse, NoSuchSite, Refused, SubjectQuery,
};
use crate::store::Site;

mod known;

/// `DELETE /sites/{site}/responses/{id}` and `GET, DELETE /sites/{site}/subjects/{ref}`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(erase_response)).routes(routes!(read_subject, erase_subject))
}

/// How many answers are gone.
#[derive(Debug, Serialize, ToSchema)]
struct Erased {
    erased: u64,
}

/// Erases one answer for good. Scores are corrected at once, and whatever brings it again is not stored.
#[utoipa::path(delete, path = "/sites/{site}/responses/{id}", operation_id = "erase_response", params(InResponse),
    responses((status = 204, description = "It is gone, or was before."), NoSuchResponse, Refused))]
async fn erase_response(
    State(app): State<App>,
    May { scope, caller, .. }: May<ADMIN>,
    Path((_, id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let absent = ApiError::NotFound("The site has no such answer.");
    let id = ResponseId::parse(&id).ok_or(absent.clone())?;
    if erasure::erase_one(&app, &caller.who, &scope, id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(absent)
    }
}

/// All that is stored on a person, as JSON lines: orders, tickets, invitations, what happened and cases, then answers,
/// which the last line counts and seals.
#[utoipa::path(get, path = "/sites/{site}/subjects/{ref}", operation_id = "read_subject",
    params(InSubject, SubjectQuery),
    responses((status = 200, body = String, content_type = "application/x-ndjson"), NoSuchSite, Conflict, InvalidQuery,
    Refused))]
async fn read_subject(
    State(app): State<App>,
    May { scope, site, caller }: May<EXPORT>,
    Path((_, reference)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, ApiError> {
    let whose = whose(&app, &scope, &site.site, &reference, &asked).await?;
    told(&app, &caller.who, scope, &site.site, whose).await
}

/// Erases all that is stored on a person, and says how many answers it was.
#[utoipa::path(delete, path = "/sites/{site}/subjects/{ref}", operation_id = "erase_subject",
    params(InSubject, SubjectQuery), responses((status = 200, body = Erased), NoSuchSite, Conflict, InvalidQuery, Refused))]
async fn erase_subject(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    Path((_, reference)): Path<(String, String)>,
    asked: Asked,
) -> Result<Json<Erased>, ApiError> {
    let whose = whose(&app, &scope, &site.site, &reference, &asked).await?;
    Ok(Json(Erased { erased: erasure::erase_person(&app, &caller.who, &scope, &whose).await? }))
}

async fn whose(
    app: &App,
    scope: &SiteScope,
    site: &Site,
    reference: &str,
    asked: &Asked,
) -> Result<Whose, ApiError> {
    match asked.get("by").map(KnownBy::parse) {
        Some(Some(by)) => erasure::known(&*app.store, scope, site, reference, by).await,
        Some(None) => {
            let rule = Rule::Unknown("subject, ref, email or either");
            Err(ApiError::Invalid(vec![Violation::new("by", rule)]))
        }
        None => erasure::find(&*app.store, scope, site, reference).await,
    }
}

/// All of a person's orders, segments, tickets, invitations, happenings, cases and answers as a file, complete or visibly
/// broken.
pub(super) async fn told(
    app: &App,
    who: &Who,
    scope: SiteScope,
    site: &Site,
    whose: Whose,
) -> Result<Response, ApiError> {
    // Nobody has a bound on how often they answer.
    let turn = turn(app, &scope)?;
    app.record_if_possible(who, Action::SubjectRead, scope.site(), "").await;
    let disposition = format!("attachment; filename=\"{}-person.ndjson\"", scope.site());
    let first = known::lines(app, &scope, &whose).await?;
    let filter = whose.answers;
    let (store, format, now) = (app.store.clone(), ExportFormat::Ndjson, app.clock.now());
    let set = Set::fix(&*store, &scope, &filter, now).await?;
    let export = Export { store, site: site.clone(), scope, filter, set, format, raw: false };
    let Making::Streamed(chunks) = export.start(Mark::default()) else {
        return Err(anyhow::anyhow!("lines are streamed").into());
    };
    let chunks = chunks.map(move |chunk| {
        // Held until the body is dropped.
        let _turn = &turn;
        chunk.map(|chunk| chunk.bytes).map_err(|error| {
            let error = anyhow::Error::from(error);
            tracing::error!("the answers of a person were broken off: {error:#}");
            error
        })
    });
    let first = stream::iter((!first.is_empty()).then(|| Ok(Bytes::from(first))));
    let mut response = Body::from_stream(first.chain(chunks)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    let disposition = HeaderValue::from_str(&disposition).map_err(anyhow::Error::from)?;
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}
