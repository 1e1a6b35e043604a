//! The pages as they are drawn, and the headers that keep everything foreign out of them.

use std::borrow::Cow;

use askama::Template;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use parere_shared::config::{SurveyConfig, ThanksConfig};
use parere_shared::icon;
use parere_shared::limit::COMMENT_CHARS_MAX;
use parere_shared::survey::Look;
use parere_shared::wording::{self, Wording};
use serde_json::json;

use super::form::{Fields, Form};
use super::reason::{self, Reason};
use super::visit::Visit;
use super::{Place, onward};
use crate::app::App;
use crate::error::ApiError;
use crate::language;
use crate::origin::OriginRule;

/// May be shown again on the way back, so that a changed mind changes the same answer; never by a shared cache.
const KEPT: HeaderValue = HeaderValue::from_static("private, no-cache");

pub(super) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// The state of the form.
pub(super) struct Sheet {
    pub(super) id: String,
    /// Revision of what is sent next: above 1, the score is stored and its reason is asked for.
    pub(super) revision: u32,
    pub(super) score: Option<i32>,
    pub(super) choices: Vec<String>,
    pub(super) comment: String,
    pub(super) fault: Fault,
}

/// What has to be put right.
#[derive(Default)]
pub(super) struct Fault {
    score: bool,
    /// Nothing the shopper did: to be sent again.
    failed: bool,
}

/// What stands around every page.
pub(super) struct Frame<'a> {
    lang: &'a str,
    dir: &'static str,
    pub(super) title: &'a str,
    styles: [String; 2],
    class: &'static str,
    /// In a frame: what its script tells the shop's page (`www/frame.js`).
    word: Option<&'static str>,
    /// The kiosk's script, or the frame's.
    script: Option<String>,
    /// Where a kiosk without script goes after the thanks.
    next: Option<String>,
}

/// A point of the scale.
struct Point<'a> {
    value: i32,
    name: &'a str,
    is_chosen: bool,
    /// Path of its drawing; none for numbers.
    drawing: Option<String>,
}

#[derive(Template)]
#[template(path = "hosted/survey.html")]
struct SurveyPage<'a> {
    frame: Frame<'a>,
    action: String,
    hidden: Vec<(&'static str, &'a str)>,
    sheet: &'a Sheet,
    config: &'a SurveyConfig,
    look: &'static str,
    points: Vec<Point<'a>>,
    why: Option<Reason<'a>>,
    /// Number of characters of a comment that is too long.
    too_many: Option<usize>,
    chars_max: usize,
    wording: &'static Wording,
    /// What the kiosk's script has to know.
    facts: Option<String>,
}

#[derive(Template)]
#[template(path = "hosted/notice.html")]
pub(super) struct Notice<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) link: Option<Onward<'a>>,
}

/// The link under the thanks.
pub(super) struct Onward<'a> {
    url: Cow<'a, str>,
    label: &'a str,
}

/// The way from the list of those who are asked.
#[derive(Template)]
#[template(path = "hosted/unsubscribe.html")]
pub(super) struct Unsubscribe<'a> {
    pub(super) frame: Frame<'a>,
    pub(super) action: String,
    pub(super) button: &'static str,
}

impl Sheet {
    /// Nothing said yet.
    pub(super) fn new(id: String) -> Self {
        let (choices, comment, fault) = (Vec::new(), String::new(), Fault::default());
        Self { id, revision: 1, score: None, choices, comment, fault }
    }
}

impl Fault {
    pub(super) fn of(error: &ApiError) -> Self {
        let broken = match error {
            ApiError::Invalid(found) | ApiError::TooLarge(found) => found.as_slice(),
            _ => &[],
        };
        let is_broken = |field: &str| broken.iter().any(|violation| violation.field == field);
        let (score, comment) = (is_broken("score"), is_broken("comment"));
        Self { score, failed: !score && !comment }
    }
}

/// The question, or with the score stored the question why.
pub(super) fn question(place: &Place<'_>, visit: &Visit, sheet: &Sheet) -> Result<Response, ApiError> {
    let (config, wording) = texts(place, visit)?;
    let look = match config.scale.look {
        Look::Numbers => "numbers",
        Look::Stars => "stars",
        Look::Faces => "faces",
        Look::Thumbs => "thumbs",
    };
    let (title, word) =
        if sheet.revision > 1 { (&config.noted, "answered") } else { (&config.question, "asks") };
    let page = SurveyPage {
        frame: Frame::new(place.app, &config.language, wording, title).on(place, visit, word),
        action: place.path.clone(),
        hidden: visit.hidden(),
        why: Reason::shown(&config, sheet).or_else(|| visit.is_kiosk().then(Reason::later)),
        too_many: Form::comment_chars(&sheet.comment),
        chars_max: COMMENT_CHARS_MAX,
        points: points(&config, sheet),
        facts: visit.is_kiosk().then(|| facts(place, visit, &config)),
        config: &config,
        sheet,
        look,
        wording,
    };
    let keep = if visit.is_kiosk() { NO_STORE } else { KEPT };
    respond(&page, policy(place, visit), keep)
}

/// Does the band of this score have a follow-up question?
pub(super) fn asks_why(place: &Place<'_>, visit: &Visit, score: Option<i32>) -> bool {
    texts(place, visit).is_ok_and(|(config, _)| reason::band(&config, score).is_some())
}

/// Thanks; a kiosk goes back to the question by itself.
pub(super) fn thanks(place: &Place<'_>, visit: &Visit, form: &Form) -> Result<Response, ApiError> {
    let (config, wording) = texts(place, visit)?;
    let thanks = thanks_for(&config, form.score);
    let said = thanks.map_or(wording.thanks, |thanks| thanks.text.as_str());
    let mut frame = Frame::new(place.app, &config.language, wording, said).on(place, visit, "answered");
    frame.script = frame.script.filter(|_| visit.is_framed());
    frame.next = visit.is_kiosk().then(|| visit.again(&place.path));
    // A kiosk leads nobody away.
    let link = thanks.filter(|thanks| leads_away(thanks) && !visit.is_kiosk());
    let link = link.map(|thanks| Onward {
        // In a frame a script tells the shop's page of it, which counts.
        url: if visit.is_framed() { (&*thanks.url).into() } else { onward::address(place, form).into() },
        label: &thanks.label,
    });
    respond(&Notice { frame, link }, policy(place, visit), NO_STORE)
}

/// What is said after this score.
pub(super) fn thanks_for(config: &SurveyConfig, score: Option<i32>) -> Option<&ThanksConfig> {
    let fits = |thanks: &&ThanksConfig| score.is_none_or(|score| (thanks.from..=thanks.to).contains(&score));
    config.thanks.iter().find(fits)
}

/// Is there a link that leads anywhere? A path of the shop does not from here.
pub(super) fn leads_away(thanks: &ThanksConfig) -> bool {
    thanks.url.starts_with("https://")
}

/// Says that the question is not asked any more, in the language of the survey.
pub(super) fn ended(place: &Place<'_>, visit: &Visit, status: StatusCode) -> Result<Response, ApiError> {
    let wording = wording::nearest(&visit.language);
    let text = if status == StatusCode::FORBIDDEN { wording.refused } else { wording.ended };
    let mut frame = Frame::new(place.app, wording.language, wording, text).on(place, visit, "ended");
    frame.script = frame.script.filter(|_| visit.is_framed());
    let mut response = respond(&Notice { frame, link: None }, policy(place, visit), NO_STORE)?;
    *response.status_mut() = status;
    Ok(response)
}

/// Says the same where there is no such survey, in a language of ours.
pub(super) fn nothing(app: &App, fields: &Fields, headers: &HeaderMap) -> Result<Response, ApiError> {
    let wanted = language::wanted(fields.get("lang"), headers);
    let ours = wording::ALL.map(|wording| wording.language);
    let wording = wording::nearest(language::spoken(&wanted, &ours).unwrap_or_default());
    let frame = Frame::new(app, wording.language, wording, wording.ended);
    let mut response = respond(&Notice { frame, link: None }, policy_for("'none'", ""), NO_STORE)?;
    *response.status_mut() = StatusCode::NOT_FOUND;
    Ok(response)
}

/// The survey in the language of the visit, and our own words in it.
pub(super) fn texts(place: &Place<'_>, visit: &Visit) -> Result<(SurveyConfig, &'static Wording), ApiError> {
    let entry = place.entry().ok_or(ApiError::NotFound("The site has no survey of this name."))?;
    let config = SurveyConfig::new(&entry.survey, &visit.language, place.site.offsets);
    let wording = wording::nearest(&config.language);
    Ok((config, wording))
}

fn points<'a>(config: &'a SurveyConfig, sheet: &Sheet) -> Vec<Point<'a>> {
    let scale = &config.scale;
    let drawing = |index| (scale.look != Look::Numbers).then(|| icon::path(scale, index).concat());
    let points = (scale.min..=scale.max).zip(&config.names).enumerate().map(|(index, (value, name))| Point {
        value,
        name,
        is_chosen: sheet.score == Some(value),
        drawing: drawing(index),
    });
    points.collect()
}

/// The fields of an answer that are the same for every shopper, what to ask whom, and what to say then.
fn facts(place: &Place<'_>, visit: &Visit, config: &SurveyConfig) -> String {
    let mut answer = visit.context(&place.site.site.key, &place.slug);
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("instrument".into(), config.instrument.clone().into());
        fields.retain(|_, value| !value.is_null());
    }
    // A kiosk leads nobody away: the words without their links.
    let words = |thanks: &ThanksConfig| json!({"from": thanks.from, "to": thanks.to, "text": thanks.text});
    let thanks: Vec<_> = config.thanks.iter().map(words).collect();
    json!({"answer": answer, "follow_ups": reason::all(config), "thanks": thanks}).to_string()
}

impl<'a> Frame<'a> {
    pub(super) fn new(app: &App, lang: &'a str, wording: &Wording, title: &'a str) -> Self {
        let styles = ["scale.css", "hosted.css"].map(|file| app.assets.url(file));
        let dir = if wording.rtl { "rtl" } else { "ltr" };
        Self { lang, dir, title, styles, class: "alone", word: None, script: None, next: None }
    }

    /// As it looks where this visit takes place.
    fn on(mut self, place: &Place<'_>, visit: &Visit, word: &'static str) -> Self {
        if visit.is_framed() {
            self.class = "framed";
            self.word = Some(word);
            self.script = Some(place.app.assets.url("framed.js"));
        }
        if visit.is_kiosk() {
            self.class = "alone kiosk";
            self.script = Some(place.app.assets.url("kiosk.js"));
        }
        self
    }
}

/// The site's own shops may show the page in a frame.
fn policy(place: &Place<'_>, visit: &Visit) -> String {
    let shops = place.site.site.origins.iter().map(|rule| match rule {
        OriginRule::Own => "'self'".to_owned(),
        OriginRule::Any => "*".to_owned(),
        shop => String::from(shop.clone()),
    });
    let shops: Vec<String> = shops.collect();
    let script = match (visit.is_kiosk(), visit.is_framed()) {
        (true, _) => "script-src 'self'; connect-src 'self'; ",
        (_, true) => "script-src 'self'; ",
        _ => "",
    };
    policy_for(if shops.is_empty() { "'none'".to_owned() } else { shops.join(" ") }.as_str(), script)
}

/// Our stylesheet, our form, and on a kiosk or in a frame our script.
pub(super) fn policy_for(ancestors: &str, script: &str) -> String {
    [
        "default-src 'none'; style-src 'self'; img-src data:; ",
        script,
        "form-action 'self'; base-uri 'none'; frame-ancestors ",
        ancestors,
    ]
    .concat()
}

pub(super) fn respond(page: &impl Template, policy: String, keep: HeaderValue) -> Result<Response, ApiError> {
    let html =
        page.render().map_err(|error| anyhow::anyhow!(error).context("could not draw a hosted page"))?;
    let policy = HeaderValue::try_from(policy).map_err(anyhow::Error::from)?;
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, keep),
        (header::VARY, HeaderValue::from_static("accept-language")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        // The form says where it comes from to us alone: a reference in the address is nobody else's business.
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
        (header::HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
    ];
    Ok((headers, Html(html)).into_response())
}
