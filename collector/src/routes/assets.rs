//! What pages download: the tag of a site, and files that never change.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;

use crate::app::App;
use crate::assets::{Compressed, Embedded, media_type, programs, respond};
use crate::auth::Open;
use crate::error::ApiError;
use crate::routes::query::Asked;

/// Five minutes fresh, then renewed behind the shopper's back for a day.
const TAG_CACHE: HeaderValue = HeaderValue::from_static("public, max-age=300, stale-while-revalidate=86400");

/// Name of the tag that is the same for every site.
const PINNED: &str = "parere-loader";

const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// What a survey with a quota asks: a tag that was kept for longer finds nothing to ask once the quota is met.
/// With [`quota::LOOK`](crate::quota::LOOK) this bounds how many shoppers are asked too many.
const WITH_QUOTA: HeaderValue = HeaderValue::from_static("public, max-age=30");
const REVALIDATED: HeaderValue = HeaderValue::from_static("no-cache");

/// What embedding programs are checked against; no hash, since editors fetch it.
const DECLARATIONS: &str = include_str!("../../../www/parere.d.ts");

/// `/v1/{site_key}.js`, the same with everything inside as `.now.js`, its gates as `.json`, and `/assets/…`.
pub fn router() -> Router<App> {
    Router::new()
        .route("/v1/{tag}", get(tag))
        .route("/assets/inventory.json", get(inventory))
        .route("/assets/parere.d.ts", get(declarations))
        .route("/assets/{file}", get(asset))
}

async fn tag(
    _: Open,
    State(app): State<App>,
    Path(file): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let not_found = ApiError::NotFound("There is no site with this key.");
    // A key has no point in it.
    let (key, kind) = file.split_once('.').ok_or_else(|| not_found.clone())?;
    let site = app.catalogue.site(key).ok_or_else(|| not_found.clone())?;
    let (file, extension) = match kind {
        "js" => (&site.tag.script, "js"),
        "json" => (&site.tag.gates, "json"),
        "now.js" => (site.tag.now(asked.get("lang")).ok_or(not_found)?, "js"),
        _ => return Err(not_found),
    };
    Ok(respond(file, media_type(extension), TAG_CACHE, &headers))
}

async fn asset(
    _: Open,
    State(app): State<App>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if let Some((config, cache)) = config(&app, &file) {
        return Ok(respond(&config, "application/octet-stream", cache, &headers));
    }
    app.assets.serve(&file, &headers).ok_or(ApiError::NotFound("There is no such file."))
}

/// Every script there is, for shops that have to list and pin what runs in their pages.
async fn inventory(_: Open, State(app): State<App>) -> Response {
    let url = |file: &Embedded| {
        format!("{}{}", app.public_url, app.assets.url(&format!("{}.{}", file.name, file.extension)))
    };
    let scripts = programs().map(|file| {
        json!({
            "name": format!("{}.{}", file.name, file.extension), "url": url(file),
            "type": media_type(file.extension), "integrity": file.integrity, "bytes": file.raw.len(),
            "purpose": purpose(file.name, file.extension),
        })
    });
    let tag = programs().find(|file| file.name == PINNED).map(|file| {
        let (src, integrity) = (url(file), file.integrity);
        format!(
            "<script async src=\"{src}\" integrity=\"{integrity}\" crossorigin=\"anonymous\" data-site=\"pk_…\"></script>"
        )
    });
    let list = json!({"tag": tag, "scripts": scripts.collect::<Vec<_>>()});
    ([(header::CACHE_CONTROL, REVALIDATED)], Json(list)).into_response()
}

/// Why a script is there, as an auditor asks.
fn purpose(name: &str, extension: &str) -> &'static str {
    match name {
        PINNED => {
            "The tag in its pinned form: finds out whether a question may be asked, and holds what it loads to its hashes."
        }
        "kiosk" => "The hosted page on a tablet: one shopper after the other. Not loaded by shops.",
        "parere-explain" => {
            "For merchants: each survey's rules in plain words, behind #parere-debug. Not loaded for shoppers."
        }
        "parere-frame" => {
            "In place of the widget where a policy refuses WebAssembly: shows the hosted page in a frame."
        }
        "framed" => "The hosted page in that frame: tells the shop's page its height. Not loaded by shops.",
        "shop" => "The demo shop. Not loaded by shops.",
        "editor" => "The dashboard's editor: shows a survey while it is being written. Not loaded by shops.",
        _ if extension == "wasm" => "The widget: asks the question, keeps the answer until it is stored.",
        _ => "The widget's way to the page: draws, listens, sends.",
    }
}

async fn declarations(_: Open) -> Response {
    ([(header::CACHE_CONTROL, REVALIDATED)], DECLARATIONS).into_response()
}

/// The configuration behind `pk_demo.nps.it-HASH.bin`, and how long it may be kept:
/// for good under today's hash, and for seconds where a quota may end it.
fn config(app: &App, file: &str) -> Option<(Compressed, HeaderValue)> {
    let (name, hash) = file.strip_suffix(".bin")?.rsplit_once('-')?;
    let (site, survey) = name.split_once('.')?;
    let (slug, language) = survey.split_once('.')?;
    let site = app.catalogue.site(site)?;
    let survey = &site.survey(slug)?.survey;
    let config = site.tag.config(slug, survey.language_for(language))?.clone();
    let cache = if hash != site.tag.config_hash {
        REVALIDATED
    } else if survey.targeting.quota.is_open() {
        IMMUTABLE
    } else {
        WITH_QUOTA
    };
    Some((config, cache))
}
