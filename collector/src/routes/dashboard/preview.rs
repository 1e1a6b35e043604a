//! A survey as a shopper would meet it, by the real widget, before anybody else does.
//!
//! The whole definition stands in the preview's address, so that what was not saved can be shown by any collector
//! and nothing is kept for it. Below that address are a tag and a configuration as every shop gets them;
//! where answers would be sent, nothing is taken.

use std::io::{Read as _, Write as _};

use askama::Template;
use axum::Router;
use axum::extract::{Form as Body, Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use parere_shared::gate::Recontact;
use parere_shared::survey::{Placement, Schedule, Survey, SurveyState, Targeting, Trigger};
use parere_shared::wording;

use super::edit::{self, Pairs};
use super::{Frame, render, terms};
use crate::app::App;
use crate::assets::{media_type, respond};
use crate::auth::{May, Open, WRITE};
use crate::error::ApiError;
use crate::routes::query::{Asked, NO_SUCH_SURVEY};
use crate::store::Site;
use crate::tag::Tag;

/// The slug of whatever is previewed.
pub(super) const SLUG: &str = "preview";

/// The site it belongs to there: what the widget remembers of a preview is nothing to the shop's own pages.
const SITE: &str = "pk_preview";

/// Longest address of a definition: what servers in front of us commonly take, with room for the rest.
const SHEET_CHARS_MAX: usize = 6_000;

/// Begins the name of a survey that is too long for an address: it is shown as it was saved.
const SAVED: &str = "saved.";

/// Most bytes of a definition that comes out of an address.
const DEFINITION_BYTES_MAX: u64 = 512 * 1024;

/// The pages that show a preview: the frame, and a script that renews it.
const AROUND: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; \
                      connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// The preview itself: what a shop with a strict policy allows the tag, in a frame of ours.
const INSIDE: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
);

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/dashboard/{site}/surveys/{survey}/preview", get(page))
        .route("/dashboard/{site}/preview", post(of_form))
        .route("/dashboard/{site}/preview/{sheet}/{language}", get(inside))
        .route("/dashboard/{site}/preview/{sheet}/{language}/v1/{file}", get(tag).post(nothing))
        .route("/dashboard/{site}/preview/{sheet}/{language}/assets/{file}", get(asset))
}

/// Lets a page show previews.
pub(super) fn allow(headers: &mut HeaderMap) {
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(AROUND));
}

/// Where a survey that breaks no rule is shown.
pub(super) fn address(site: &str, survey: &Survey, language: &str, is_dark: bool) -> String {
    let packed = pack(survey).ok().filter(|packed| packed.len() <= SHEET_CHARS_MAX);
    let sheet = packed.unwrap_or_else(|| format!("{SAVED}{}", survey.slug));
    let scheme = if is_dark { "?scheme=dark" } else { "" };
    format!("/dashboard/{site}/preview/{sheet}/{language}{scheme}")
}

#[derive(Template)]
#[template(path = "dashboard/edit/preview.html")]
struct Page {
    frame: Frame,
    style: String,
    site: String,
    slug: String,
    question: String,
    /// Tag, name, and whether it is chosen.
    languages: Vec<(String, String, bool)>,
    is_dark: bool,
    is_phone: bool,
    preview: String,
}

/// A page around the preview of a survey as it was saved.
async fn page(
    State(app): State<App>,
    hand: May<WRITE>,
    Path((_, slug)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, ApiError> {
    let survey = &hand.site.survey(&slug).ok_or(NO_SUCH_SURVEY)?.survey;
    let language = survey.language_for(asked.get("preview.language").unwrap_or_default());
    let is_dark = asked.get("preview.scheme") == Some("dark");
    let site = hand.site.site.key.clone();
    let languages = survey.languages.iter().map(|tag| (tag.clone(), terms::language(tag), tag == language));
    let page = Page {
        frame: Frame::of(&app, &hand.caller),
        style: app.assets.url("editor.css"),
        question: survey.instrument(language).question,
        languages: languages.collect(),
        is_dark,
        is_phone: asked.get("preview.width") != Some("wide"),
        preview: address(&site, survey, language, is_dark),
        slug,
        site,
    };
    let mut response = render(&page)?;
    allow(response.headers_mut());
    Ok(response)
}

#[derive(Template)]
#[template(path = "dashboard/edit/unready.html")]
struct Unready {
    style: String,
}

/// The preview of what stands in a form, saved or not.
async fn of_form(
    State(app): State<App>,
    hand: May<WRITE>,
    Body(pairs): Body<Pairs>,
) -> Result<Response, ApiError> {
    let chosen = |wanted: &str| {
        let found = pairs.iter().find(|(name, _)| name == wanted);
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    };
    let (language, is_dark) = (chosen("preview.language"), chosen("preview.scheme") == "dark");
    let Some(survey) = edit::described(pairs, &hand) else {
        let page = Unready { style: app.assets.url("preview.css") };
        let page = page.render().map_err(anyhow::Error::from)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, framed(page)).into_response());
    };
    let language = survey.language_for(&language);
    Ok(Redirect::to(&address(&hand.site.site.key, &survey, language, is_dark)).into_response())
}

type Below = Path<(String, String, String)>;
type FileBelow = Path<(String, String, String, String)>;

#[derive(Template)]
#[template(path = "dashboard/edit/frame.html")]
struct Inside<'a> {
    language: &'a str,
    dir: &'static str,
    is_dark: bool,
    is_inline: bool,
    style: String,
    script: String,
    slug: &'static str,
}

/// A page of nobody's shop, with the tag in it.
async fn inside(
    State(app): State<App>,
    hand: May<WRITE>,
    Path((key, sheet, language)): Below,
    asked: Asked,
) -> Result<Response, ApiError> {
    let survey = shown(&hand, &sheet, &language)?;
    let page = Inside {
        language: &language,
        dir: if wording::nearest(&language).rtl { "rtl" } else { "ltr" },
        is_dark: asked.get("scheme") == Some("dark"),
        is_inline: survey.placement == Placement::Inline,
        style: app.assets.url("preview.css"),
        script: format!("/dashboard/{key}/preview/{sheet}/{language}/v1/{SITE}.js"),
        slug: SLUG,
    };
    Ok(framed(page.render().map_err(anyhow::Error::from)?))
}

fn framed(page: String) -> Response {
    ([(header::CONTENT_SECURITY_POLICY, INSIDE)], Html(page)).into_response()
}

async fn tag(
    State(app): State<App>,
    hand: May<WRITE>,
    Path((_, sheet, language, file)): FileBelow,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if file.strip_suffix(".js") != Some(SITE) {
        return Err(ApiError::NotFound("There is no such file."));
    }
    let tag = made(&app, &hand, &shown(&hand, &sheet, &language)?)?;
    Ok(respond(&tag.script, media_type("js"), NO_STORE, &headers))
}

/// What the survey says in its language, or one of the widget's files.
async fn asset(
    State(app): State<App>,
    hand: May<WRITE>,
    Path((_, sheet, language, file)): FileBelow,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let nothing = ApiError::NotFound("There is no such file.");
    if file.rsplit_once('.').is_none_or(|(_, extension)| extension != "bin") {
        return app.assets.serve(&file, &headers).ok_or(nothing);
    }
    let tag = made(&app, &hand, &shown(&hand, &sheet, &language)?)?;
    let config = tag.config(SLUG, &language).ok_or(nothing)?;
    Ok(respond(config, "application/octet-stream", NO_STORE, &headers))
}

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Where answers would go: whoever sends one is told to forget it, as an answer that is settled already.
async fn nothing(_: Open) -> ApiError {
    ApiError::Conflict("A preview keeps no answers.")
}

/// The survey behind an address, in one language, for whoever looks: always, everywhere, at once.
fn shown(hand: &May<WRITE>, sheet: &str, language: &str) -> Result<Survey, ApiError> {
    let nothing = ApiError::NotFound("There is no such preview.");
    let survey = match sheet.strip_prefix(SAVED) {
        Some(slug) => hand.site.survey(slug).map(|entry| entry.survey.clone()),
        None => unpack(sheet).filter(|survey| survey.violations().is_empty()),
    };
    let survey = survey.filter(|survey| survey.languages.iter().any(|own| own == language));
    let survey = survey.ok_or(nothing)?;
    let recontact = Recontact { answered_days: 0, dismissed_days: 0, other_days: 0 };
    Ok(Survey {
        slug: SLUG.into(),
        state: SurveyState::Live,
        languages: vec![language.to_owned()],
        targeting: Targeting { recontact, ..Targeting::default() },
        schedule: Schedule::default(),
        trigger: Trigger::Immediately,
        ..survey
    })
}

/// The tag that asks this one survey.
fn made(app: &App, hand: &May<WRITE>, survey: &Survey) -> Result<Tag, ApiError> {
    let site = Site { key: SITE.into(), consent_needed: false, ..hand.site.site.clone() };
    Ok(Tag::new(&site, std::slice::from_ref(survey), hand.site.offsets, &app.assets)?)
}

/// A definition in the letters of an address.
fn pack(survey: &Survey) -> anyhow::Result<String> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&serde_json::to_vec(survey)?)?;
    Ok(URL_SAFE_NO_PAD.encode(packer.finish()?))
}

fn unpack(sheet: &str) -> Option<Survey> {
    let packed = URL_SAFE_NO_PAD.decode(sheet).ok()?;
    let mut json = Vec::new();
    ZlibDecoder::new(packed.as_slice()).take(DEFINITION_BYTES_MAX).read_to_end(&mut json).ok()?;
    serde_json::from_slice(&json).ok()
}
