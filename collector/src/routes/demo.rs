//! The storefront to try everything on: a shop's page with the tag as a merchant would paste it.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::app::App;
use crate::assets::Assets;
use crate::auth::Open;
use crate::demo::{SCALES_SITE, SITE};
use crate::error::ApiError;

/// What the storefront's page needs, and what a shop with a strict policy allows the tag.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// The questions one can try: group, label in English and Italian, site, survey.
const KINDS: [(&str, &str, &str, &str, &str); 8] = [
    ("NPS", "0–10", "0–10", SITE, "nps"),
    ("CES", "1–7 agreement", "1–7 accordo", SITE, "ces"),
    ("CES", "1–5 agreement", "1–5 accordo", SCALES_SITE, "ces-5"),
    ("CES", "1–7 effort", "1–7 fatica", SCALES_SITE, "effort-7"),
    ("CES", "1–5 effort", "1–5 fatica", SCALES_SITE, "effort-5"),
    ("CSAT", "stars", "stelle", SITE, "csat"),
    ("CSAT", "faces", "faccine", SCALES_SITE, "csat-faces"),
    ("CSAT", "thumbs", "pollici", SCALES_SITE, "csat-thumbs"),
];

/// `/demo` and its pictures.
pub fn router() -> Router<App> {
    Router::new().route("/demo", get(demo)).route("/demo/img/{file}", get(image))
}

#[derive(Deserialize)]
struct Wish {
    lang: Option<String>,
    survey: Option<String>,
}

struct Kind {
    group: &'static str,
    label: &'static str,
    href: String,
    current: bool,
}

/// What both languages of the page are told.
struct Page<'a> {
    lang: &'static str,
    stylesheets: Vec<String>,
    script: String,
    tag: &'a str,
    kinds: Vec<Kind>,
    other_lang_href: String,
    other_lang_label: &'static str,
}

#[derive(Template)]
#[template(path = "demo/en.html")]
struct English<'a> {
    page: Page<'a>,
}

#[derive(Template)]
#[template(path = "demo/it.html")]
struct Italian<'a> {
    page: Page<'a>,
}

async fn demo(
    _: Open,
    State(app): State<App>,
    Query(wish): Query<Wish>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let is_italian = wish.lang.map_or_else(|| prefers_italian(&headers), |lang| lang == "it");
    let wanted = wish.survey.as_deref().unwrap_or("nps");
    let shown = KINDS.iter().find(|(.., survey)| *survey == wanted).map(|(.., site, _)| *site);
    // Whoever makes a survey of their own for the demo shop meets it here, too.
    let is_own = || app.catalogue.site(SITE).is_some_and(|site| site.survey(wanted).is_some());
    let site = shown.or_else(|| is_own().then_some(SITE));
    let site = site.ok_or(ApiError::NotFound("The demo shop has no such survey."))?;
    // Relative, so that it works under whatever name the page was opened.
    let tag = format!(r#"<script async src="/v1/{site}.js" data-survey="{wanted}"></script>"#);
    let page = Page::new(&app.assets, if is_italian { "it" } else { "en" }, wanted, &tag);
    let html = if is_italian { Italian { page }.render() } else { English { page }.render() };
    let html = html.map_err(|error| anyhow::anyhow!(error).context("could not draw the storefront"))?;
    let headers = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    Ok((headers, Html(html)).into_response())
}

impl<'a> Page<'a> {
    fn new(assets: &Assets, lang: &'static str, survey: &str, tag: &'a str) -> Self {
        let (other_lang, other_lang_label) =
            if lang == "it" { ("en", "English") } else { ("it", "Italiano") };
        Self {
            lang,
            stylesheets: ["shop.css", "product.css"].map(|file| assets.url(file)).into(),
            script: assets.url("shop.js"),
            tag,
            kinds: kinds(lang, survey),
            other_lang_href: href(other_lang, survey),
            other_lang_label,
        }
    }
}

fn kinds(lang: &str, current: &str) -> Vec<Kind> {
    let kinds = KINDS.iter().map(|(group, english, italian, _, survey)| Kind {
        group,
        label: if lang == "it" { italian } else { english },
        href: href(lang, survey),
        current: *survey == current,
    });
    kinds.collect()
}

fn href(lang: &str, survey: &str) -> String {
    format!("/demo?lang={lang}&survey={survey}")
}

/// The first of the two languages that the browser names.
fn prefers_italian(headers: &HeaderMap) -> bool {
    let accepted =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut tags = accepted.split(',').map(|entry| entry.trim().to_ascii_lowercase());
    tags.find(|tag| tag.starts_with("it") || tag.starts_with("en")).is_some_and(|tag| tag.starts_with("it"))
}

async fn image(
    _: Open,
    State(app): State<App>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let is_picture = file.rsplit_once('.').is_some_and(|(_, extension)| extension == "svg");
    let picture = is_picture.then(|| app.assets.serve_named(&file, &headers)).flatten();
    picture.ok_or(ApiError::NotFound("There is no such picture."))
}
