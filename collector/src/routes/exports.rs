//! Every answer that matches, as a file.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use tokio::sync::Semaphore;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::filter;
use super::query::{Asked, refuse_any};
use crate::app::App;
use crate::auth::{Action, EXPORT, May};
use crate::config::ExportFormat;
use crate::error::ApiError;
use crate::export::Export;
use crate::openapi::{ExportQuery, InSite, InvalidQuery, NoSuchSite, Refused, WhichQuery};

/// Exports that run at once, for all sites: each takes its turn at the reading connections, and scores need them, too.
const AT_ONCE_MAX: usize = 8;

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE_MAX);

/// `GET /sites/{site}/responses.csv` and `.ndjson`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(csv)).routes(routes!(ndjson))
}

/// Every answer that matches as CSV: a header, then a line for each.
#[utoipa::path(get, path = "/sites/{site}/responses.csv", operation_id = "export_csv", params(InSite, WhichQuery, ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), NoSuchSite, InvalidQuery, Refused))]
async fn csv(State(app): State<App>, caller: May<EXPORT>, asked: Asked) -> Result<Response, ApiError> {
    export(app, caller, &asked, ExportFormat::Csv).await
}

/// Every answer that matches as JSON lines; the last line counts and seals the others.
#[utoipa::path(get, path = "/sites/{site}/responses.ndjson", operation_id = "export_ndjson",
    params(InSite, WhichQuery, ExportQuery), responses((status = 200, body = String, content_type = "application/x-ndjson"),
    NoSuchSite, InvalidQuery, Refused))]
async fn ndjson(State(app): State<App>, caller: May<EXPORT>, asked: Asked) -> Result<Response, ApiError> {
    export(app, caller, &asked, ExportFormat::Ndjson).await
}

/// The set is fixed now; a failure on the way breaks the body off, so that it never looks complete.
async fn export(
    app: App,
    caller: May<EXPORT>,
    asked: &Asked,
    format: ExportFormat,
) -> Result<Response, ApiError> {
    let May { scope, site, caller } = caller;
    let mut found = Vec::new();
    let filter = filter::read(asked, &site, &mut found);
    let raw = asked.switch("raw", &mut found);
    refuse_any(found)?;
    let filter = filter?;
    let turn = TURNS.try_acquire().map_err(|_| ApiError::Unavailable("Too many exports are running."))?;
    let name = file_name(&site.site.key, filter.survey.as_deref(), format);
    // On a disk in trouble everything can still be taken out.
    app.record_if_possible(&caller.who, Action::ResponsesExport, scope.site(), &name).await;
    let export = Export { store: app.store.clone(), scope, filter, format, raw, now: app.clock.now() };
    let chunks = export.start().await?.map(move |chunk| {
        // Held until the body is dropped.
        let _turn = &turn;
        chunk.map(|chunk| chunk.bytes).map_err(|error| {
            let error = anyhow::Error::from(error);
            tracing::error!("export broken off: {error:#}");
            error
        })
    });
    let mut response = Body::from_stream(chunks).into_response();
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_str(&disposition).map_err(anyhow::Error::from)?,
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}

/// `pk_demo-nps.csv`: keys and slugs are letters, digits, `_` and `-`, so nothing needs escaping.
fn file_name(site: &str, survey: Option<&str>, format: ExportFormat) -> String {
    let what = survey.unwrap_or("responses");
    format!("{site}-{what}.{}", format.extension())
}
