//! What pages download: the tag of a site, and files that never change.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use axum::routing::get;

use crate::app::App;
use crate::assets::{Compressed, respond};
use crate::error::ApiError;

/// Five minutes fresh, then renewed behind the shopper's back for a day.
const TAG_CACHE: HeaderValue = HeaderValue::from_static("public, max-age=300, stale-while-revalidate=86400");

const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATED: HeaderValue = HeaderValue::from_static("no-cache");

/// `/v1/{site_key}.js` and `/assets/…`.
pub fn router() -> Router<App> {
    Router::new().route("/v1/{tag}", get(tag)).route("/assets/{file}", get(asset))
}

async fn tag(
    State(app): State<App>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let not_found = ApiError::NotFound("There is no site with this key.");
    let key = file.strip_suffix(".js").ok_or_else(|| not_found.clone())?;
    let site = app.catalogue.site(key).ok_or(not_found)?;
    Ok(respond(&site.tag.script, "text/javascript; charset=utf-8", TAG_CACHE, &headers))
}

async fn asset(
    State(app): State<App>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if let Some((config, is_current)) = config(&app, &file) {
        let cache = if is_current { IMMUTABLE } else { REVALIDATED };
        return Ok(respond(&config, "application/octet-stream", cache, &headers));
    }
    app.assets.serve(&file, &headers).ok_or(ApiError::NotFound("There is no such file."))
}

/// The configuration behind `pk_demo.nps.it-HASH.bin`, and whether the hash is today's.
fn config(app: &App, file: &str) -> Option<(Compressed, bool)> {
    let (name, hash) = file.strip_suffix(".bin")?.rsplit_once('-')?;
    let (site, survey) = name.split_once('.')?;
    let (slug, language) = survey.split_once('.')?;
    let site = app.catalogue.site(site)?;
    let survey = &site.survey(slug)?.survey;
    let config = site.tag.config(slug, survey.language_for(language))?.clone();
    Some((config, hash == site.tag.config_hash))
}
