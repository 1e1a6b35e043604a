//! The hosted page of a survey: the question without the shop around it, for links, e-mails, printed codes and tablets.
//!
//! It works with no script at all. Opening it records nothing; sending the score stores revision 1,
//! sending what follows it stores revision 2 of the same answer. The id is made when the page is opened,
//! so that what is sent twice is stored once.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use parere_shared::limit::RESPONSE_BYTES_MAX;
use parere_shared::problem::Verdict;
use parere_shared::response::ResponseId;
use serde_json::Value;

use crate::app::App;
use crate::auth::{Open, SiteScope};
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::error::ApiError;
use crate::ingest::admission::{ByInvitation, Sender};
use crate::ingest::body;
use crate::random;
use crate::routes::responses::verdict;
use crate::store::{Filter, Hash, Order};

pub(super) mod form;
mod invited;
mod onward;
mod page;
pub(in crate::routes) mod qr;
mod reason;
mod visit;

use form::{Fields, Form};
use page::{Fault, Sheet};
use visit::Visit;

/// Most bytes of a form. Forms write one byte of most scripts as three, so this lets in every answer
/// that is not too long itself; that is held to [`RESPONSE_BYTES_MAX`].
const FORM_BYTES_MAX: usize = 3 * RESPONSE_BYTES_MAX;

/// A field that only programs see and fill in (`www/hosted/survey.html`).
const TRAP: &str = "website";

/// How often an answer that was changed after going back looks for a free revision: more than anybody goes back.
const REVISIONS_TRIED_MAX: u32 = 10;

/// `/s/…` for everybody, `/i/…` for whoever was invited.
pub fn router() -> Router<App> {
    Router::new()
        .route("/i/{token}", get(invited::ask).post(invited::answer))
        .route("/i/{token}/link", get(onward::follow_invited))
        .route("/i/{token}/unsubscribe", get(invited::ask_to_leave).post(invited::leave))
        .route("/s/{site}/{survey}", get(ask).post(answer))
        .route("/s/{site}/{survey}/link", get(onward::follow))
        .route("/s/{site}/{survey}/qr.svg", get(qr::code))
}

/// A survey that was found, with what is needed to show it.
struct Place<'a> {
    app: &'a App,
    site: Arc<SiteEntry>,
    slug: Cow<'a, str>,
    /// Where its form is sent.
    path: String,
    /// Whose answer it is, where it is somebody's in particular.
    invited: Option<Invited>,
}

/// One customer and their one answer.
struct Invited {
    scope: SiteScope,
    id: ResponseId,
    subject: Option<Hash>,
}

impl Invited {
    /// What the invitation says of an answer in whose place none is stored yet, or by the same visit.
    fn said(&self) -> ByInvitation {
        ByInvitation { subject: self.subject, is_torn: false }
    }

    /// What it says of an answer with this score from a page's first form, where another answer is stored.
    async fn said_again(&self, app: &App, score: Option<i32>) -> Result<ByInvitation, ApiError> {
        let filter = Filter { ids: Some(vec![self.id]), ..Filter::default() };
        let stored = app.store.page(&self.scope, &filter, Order::NewestFirst, None, 1).await?.pop();
        let is_torn = stored.is_some_and(|stored| {
            score.is_some_and(|score| score != stored.row.score)
                && app.clock.now() - stored.row.received_at < invited::TORN_MS
        });
        Ok(ByInvitation { is_torn, ..self.said() })
    }
}

impl<'a> Place<'a> {
    fn find(app: &'a App, site: &str, slug: &'a str) -> Option<Self> {
        let site = app.catalogue.site(site)?;
        site.survey(slug)?;
        let path = ["/s/", &site.site.key, "/", slug].concat();
        Some(Self { app, site, slug: slug.into(), path, invited: None })
    }

    fn entry(&self) -> Option<&SurveyEntry> {
        self.site.survey(&self.slug)
    }
}

/// Shows the question; a score in the address is chosen beforehand and never recorded: scanners open links, too.
async fn ask(
    _: Open,
    State(app): State<App>,
    Path((site, slug)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let Some(place) = Place::find(&app, &site, &slug) else {
        return page::nothing(&app, &fields, &headers);
    };
    let Some(entry) = place.entry() else { return page::nothing(&app, &fields, &headers) };
    let visit = Visit::new(&fields, &headers, &entry.survey);
    let is_open = entry.survey.gate(place.site.offsets).is_open(app.clock.now());
    // A test shows the page as it would be; who has it open already may still send.
    let is_wanted = visit.test || !entry.is_quota_met;
    if !is_open || !is_wanted || !entry.survey.accepts(visit.test) {
        return page::ended(&place, &visit, StatusCode::GONE);
    }
    // The last shopper's choice must not greet the next one.
    let chosen =
        fields.number("score").filter(|score| !visit.is_kiosk() && entry.survey.scale.contains(*score));
    let sheet = Sheet { score: chosen, ..Sheet::new(fresh_id(&app)?) };
    page::question(&place, &visit, &sheet)
}

/// Takes what the form says, and goes on with what follows it.
async fn answer(
    _: Open,
    State(app): State<App>,
    Path((site, slug)): Path<(String, String)>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let read = read(&app, &headers, body).await;
    let fields = read.as_ref().map_or_else(|_| Fields::default(), |bytes| Fields::parse(bytes));
    let Some(place) = Place::find(&app, &site, &slug) else {
        return page::nothing(&app, &fields, &headers);
    };
    let Some(entry) = place.entry() else { return page::nothing(&app, &fields, &headers) };
    let visit = Visit::new(&fields, &headers, &entry.survey);
    let form = Form::read(&fields);
    let taken = match read {
        Ok(_) => {
            let is_trapped = fields.get(TRAP).is_some();
            let sender = Sender { is_trapped, ..Sender::new(&app, peer, &headers).await? };
            take(&place, &visit, &form, sender).await
        }
        Err(error) => Err(error),
    };
    match taken {
        Ok(revision) => go_on(&place, &visit, &form, revision),
        Err(error) => again(&place, &visit, &form, error),
    }
}

/// The bytes of a form.
async fn read(app: &App, headers: &HeaderMap, body: Body) -> Result<bytes::Bytes, ApiError> {
    let media_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !media_type.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
        return Err(ApiError::UnsupportedMedia("Send the page's own form."));
    }
    body::bytes(body, FORM_BYTES_MAX, app.body_timeout).await
}

/// Stores the answer by the rules of ingest; returns the revision it has.
///
/// Who goes back and changes the answer sends a revision again that is taken: it becomes the next free one.
/// A score alone never takes the place of reasons that are stored.
async fn take(
    place: &Place<'_>,
    visit: &Visit,
    form: &Form,
    mut sender: Sender<'_>,
) -> Result<u32, ApiError> {
    if place.app.is_draining() {
        return Err(ApiError::Unavailable("The collector is shutting down; send the answer again."));
    }
    let (config, _) = page::texts(place, visit)?;
    let mut answer = form.answer(&place.site.site.key, &place.slug, visit, &config);
    if answer.to_string().len() > RESPONSE_BYTES_MAX {
        return Err(body::too_large(RESPONSE_BYTES_MAX));
    }
    sender.invited = place.invited.as_ref().map(Invited::said);
    for revision in (form.revision..).take(REVISIONS_TRIED_MAX as usize) {
        if let Some(field) = answer.get_mut("revision") {
            *field = Value::from(revision);
        }
        match verdict(place.app, &sender, &answer).await? {
            Verdict::Stored | Verdict::Duplicate => return Ok(revision),
            Verdict::Superseded if !form.is_complete() => return Ok(revision),
            Verdict::Superseded | Verdict::Conflict => {}
        }
        // A first form is not the first one here. Whoever is asked why may think again: that is the same visit.
        if revision == 1
            && let Some(invited) = &place.invited
        {
            sender.invited = Some(invited.said_again(place.app, form.score).await?);
        }
    }
    Err(ApiError::Conflict("The answer was changed too often."))
}

/// Asks why, or thanks.
fn go_on(place: &Place<'_>, visit: &Visit, form: &Form, revision: u32) -> Result<Response, ApiError> {
    let sheet = Sheet { revision: revision + 1, score: form.score, ..Sheet::new(form.id.clone()) };
    if form.is_complete() || !page::asks_why(place, visit, form.score) {
        return page::thanks(place, visit, form);
    }
    page::question(place, visit, &sheet)
}

/// Shows the form again with all that was ticked and typed, and what was wrong with it.
fn again(place: &Place<'_>, visit: &Visit, form: &Form, error: ApiError) -> Result<Response, ApiError> {
    let fault = Fault::of(&error);
    let has_id = ResponseId::parse(&form.id).is_some();
    // Logged once, by the error itself.
    let refusal = error.into_response();
    let status = refusal.status();
    if matches!(status, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::GONE) {
        return page::ended(place, visit, status);
    }
    let sheet = Sheet {
        id: if has_id { form.id.clone() } else { fresh_id(place.app)? },
        revision: form.revision,
        score: form.score,
        choices: form.choices.clone(),
        comment: form.comment.clone(),
        fault,
    };
    let mut response = page::question(place, visit, &sheet)?;
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(wait) = refusal.headers().get(header::RETRY_AFTER) {
        headers.insert(header::RETRY_AFTER, wait.clone());
    }
    Ok(response)
}

fn fresh_id(app: &App) -> Result<String, ApiError> {
    let now_ms = u64::try_from(app.clock.now()).unwrap_or_default();
    Ok(ResponseId::new(now_ms, &random::bytes::<10>()?).encode())
}
