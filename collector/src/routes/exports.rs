//! Every answer that matches, as a file.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt as _;
use http_body_util::StreamBody;
use hyper::body::Frame;
use parere_shared::time;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::filter;
use super::query::{Asked, refuse_any};
use crate::app::App;
use crate::auth::{Action, EXPORT, May, SiteScope};
use crate::behind;
use crate::config::ExportFormat;
use crate::error::ApiError;
use crate::export::{Built, Chunks, Export, ExportError, Making, Manifest, Mark, Place, Set, Turn};
use crate::openapi::{ExportQuery, InSite, InvalidQuery, NoSuchPart, NoSuchSite, Refused, WhichQuery};

mod whole;

/// What must stay free where files are built, in bytes: four times what answers are refused below.
const FREE_BYTES_MIN: u64 = 1024 * 1024 * 1024;

/// When the set of answers was fixed, RFC 3339.
const AS_OF: HeaderName = HeaderName::from_static("parere-as-of");

/// How many answers there are, once that is certain.
const ROWS: HeaderName = HeaderName::from_static("parere-rows");

/// How many were erased on the way.
const ERASED: HeaderName = HeaderName::from_static("parere-erased");

/// RFC 9530: what all bytes together are.
const DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// `GET /sites/{site}/responses.csv`, `.ndjson`, `.parquet` and `.xlsx`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(csv))
        .routes(routes!(ndjson))
        .routes(routes!(parquet))
        .routes(routes!(xlsx))
}

/// Every answer that matches as CSV: a header, then a line for each. Trailers count and seal them.
#[utoipa::path(get, path = "/sites/{site}/responses.csv", operation_id = "export_csv",
    params(InSite, WhichQuery, ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), NoSuchSite, InvalidQuery, Refused))]
async fn csv(
    State(app): State<App>,
    caller: May<EXPORT>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, ApiError> {
    export(app, caller, &headers, &asked, ExportFormat::Csv).await
}

/// Every answer that matches as JSON lines; the last line counts and seals the others.
#[utoipa::path(get, path = "/sites/{site}/responses.ndjson", operation_id = "export_ndjson",
    params(InSite, WhichQuery, ExportQuery), responses((status = 200, body = String, content_type = "application/x-ndjson"),
    NoSuchSite, InvalidQuery, Refused))]
async fn ndjson(
    State(app): State<App>,
    caller: May<EXPORT>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, ApiError> {
    export(app, caller, &headers, &asked, ExportFormat::Ndjson).await
}

/// Every answer that matches as a Parquet file; a `Range` goes on with the file that was built for the same query.
#[utoipa::path(get, path = "/sites/{site}/responses.parquet", operation_id = "export_parquet",
    params(InSite, WhichQuery, ExportQuery), responses((status = 200, body = Vec<u8>,
    content_type = "application/vnd.apache.parquet"), (status = 206, body = Vec<u8>,
    content_type = "application/vnd.apache.parquet"), NoSuchPart, NoSuchSite, InvalidQuery, Refused))]
async fn parquet(
    State(app): State<App>,
    caller: May<EXPORT>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, ApiError> {
    export(app, caller, &headers, &asked, ExportFormat::Parquet).await
}

/// Every answer that matches as a workbook; a `Range` goes on with the file that was built for the same query.
#[utoipa::path(get, path = "/sites/{site}/responses.xlsx", operation_id = "export_xlsx",
    params(InSite, WhichQuery, ExportQuery), responses((status = 200, body = Vec<u8>,
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = 206, body = Vec<u8>,
    content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), NoSuchPart, NoSuchSite,
    InvalidQuery, Refused))]
async fn xlsx(
    State(app): State<App>,
    caller: May<EXPORT>,
    headers: HeaderMap,
    asked: Asked,
) -> Result<Response, ApiError> {
    export(app, caller, &headers, &asked, ExportFormat::Xlsx).await
}

/// The set is fixed now; a failure on the way breaks the body off, so that it never looks complete.
async fn export(
    app: App,
    caller: May<EXPORT>,
    headers: &HeaderMap,
    asked: &Asked,
    format: ExportFormat,
) -> Result<Response, ApiError> {
    let May { scope, site, caller } = caller;
    let mut found = Vec::new();
    let filter = filter::read(asked, &site, &mut found);
    let raw = asked.switch("raw", &mut found);
    refuse_any(found)?;
    let filter = filter?;
    let name = file_name(&site.site.key, filter.survey.as_deref(), format);
    // What one may go on with is what one asked for.
    let what = format!("{} {filter:?}", format.extension());
    if whole::goes_on(headers)
        && let Some(built) = app.shelf.find(scope.site(), &what, app.clock.now())
    {
        return named(whole::reply(built, headers)?, &name, format);
    }
    let turn = turn(&app, &scope)?;
    // On a disk in trouble everything can still be taken out.
    app.record_if_possible(&caller.who, Action::ResponsesExport, scope.site(), &name).await;
    let (store, now) = (Arc::clone(&app.store), app.clock.now());
    let set = Set::fix(&*store, &scope, &filter, now).await?;
    let export = Export { store, site: site.site.clone(), scope, filter, set, format, raw };
    let as_of = time::format(now);
    // Who answers meanwhile goes first; the command, which somebody started by hand, has its share like anything else.
    let making = behind::all(async { export.start(Mark::default()) }).await;
    let mut response = match making {
        Making::Streamed(chunks) => stream(chunks, turn),
        Making::Built(export) => {
            let clearings = app.shelf.clearings();
            let built = Arc::new(build(&app, *export).await?);
            app.shelf.put(&site.site.key, what, Arc::clone(&built), clearings, app.clock.now());
            let mut response = whole::reply(Arc::clone(&built), headers)?;
            response.headers_mut().extend(known(&built.manifest)?);
            response
        }
    };
    response.headers_mut().insert(AS_OF, HeaderValue::from_str(&as_of).map_err(anyhow::Error::from)?);
    named(response, &name, format)
}

/// The right to hand out one file, however large; held until its body is dropped.
pub(super) fn turn(app: &App, scope: &SiteScope) -> Result<Turn, ApiError> {
    app.exports.take(scope.site()).ok_or(ApiError::Unavailable("Too many exports are running."))
}

async fn build(app: &App, export: Export) -> Result<Built, ApiError> {
    let folder = app.temp_dir.clone();
    let file = tempfile::tempfile_in(&folder).map_err(|error| {
        anyhow::Error::from(error).context(format!("could not build an export in {}", folder.display()))
    })?;
    let place = Place { file, folder, free_bytes_min: FREE_BYTES_MIN };
    behind::all(export.build(place, |_| {})).await.map_err(|error| match error {
        ExportError::Store(error) => error.into(),
        ExportError::NoRoom => ApiError::Unavailable("The disk has too little room to build the file."),
        other => ApiError::from(anyhow::Error::from(other)),
    })
}

/// A chunked body, which is ended by its trailers or not at all.
fn stream(chunks: Chunks, turn: Turn) -> Response {
    let frames = chunks.flat_map(move |chunk| {
        // Held until the body is dropped.
        let _turn = &turn;
        let frames = match chunk {
            Ok(chunk) => {
                let trailers = chunk.end.map(|manifest| known(&manifest).map(Frame::trailers));
                [Some(Ok(Frame::data(chunk.bytes))), trailers]
            }
            Err(error) => {
                let error = anyhow::Error::from(error);
                tracing::error!("export broken off: {error:#}");
                [Some(Err(error)), None]
            }
        };
        futures_util::stream::iter(frames.into_iter().flatten())
    });
    let mut response = Body::new(StreamBody::new(frames)).into_response();
    let trailers = HeaderValue::from_static("parere-rows, parere-erased, repr-digest");
    response.headers_mut().insert(header::TRAILER, trailers);
    response
}

/// What is certain once the last row is there.
fn known(manifest: &Manifest) -> anyhow::Result<HeaderMap> {
    let mut known = HeaderMap::new();
    known.insert(ROWS, manifest.rows.into());
    if let Some(erased) = manifest.erased {
        known.insert(ERASED, erased.into());
    }
    if let Some(digest) = manifest.digest() {
        let digest = format!("sha-256=:{}:", STANDARD.encode(digest));
        known.insert(DIGEST, HeaderValue::from_str(&digest)?);
    }
    Ok(known)
}

/// A file to be kept, and by nobody on the way.
pub(super) fn named(mut response: Response, name: &str, format: ExportFormat) -> Result<Response, ApiError> {
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
