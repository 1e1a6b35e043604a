//! The link of an invitation: the hosted page for one customer, who has one answer.
//!
//! Whoever opens it, and however often, records nothing; the form does. A score in the address is chosen beforehand.
//! What the answer says of order, conversation and person comes from the invitation and never from the request.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::{ConnectInfo, Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use parere_shared::time::Millis;
use parere_shared::wording::{self, Wording};

use super::form::{Fields, Form};
use super::page::{self, Frame, NO_STORE, Notice, Sheet, Unsubscribe};
use super::visit::Visit;
use super::{Invited, Place, TRAP, again, go_on, read, take};
use crate::app::App;
use crate::auth::{Open, SiteScope};
use crate::error::ApiError;
use crate::ingest::admission::Sender;
use crate::invitation::{self};
use crate::language;
use crate::store::{Invitation, InvitationState, Suppression, SuppressionReason};

/// Changes of a score within this time after the first one are no changes of mind: what opens every link sends forms,
/// too.
pub(super) const TORN_MS: Millis = 60 * 1_000;

/// What a link leads to.
struct Opened<'a> {
    place: Place<'a>,
    invitation: Invitation,
}

/// What is behind a link; none if it is not from here, or forgotten.
async fn open<'a>(app: &'a App, token: &'a str) -> Result<Option<Opened<'a>>, ApiError> {
    let Some((site, id)) = invitation::read(app, token) else { return Ok(None) };
    let scope = SiteScope::by_link(&site.site.key);
    let Some(found) = app.store.invitations().invited(&scope, id).await? else { return Ok(None) };
    let invited = Invited { scope, id, subject: found.subject };
    let place = Place {
        app,
        site,
        slug: found.survey.clone().into(),
        path: ["/i/", token].concat(),
        invited: Some(invited),
    };
    Ok(Some(Opened { place, invitation: found }))
}

/// Where the question of a link is asked; none if the link is not from here, or forgotten.
pub(super) async fn place<'a>(app: &'a App, token: &'a str) -> Result<Option<Place<'a>>, ApiError> {
    Ok(open(app, token).await?.map(|opened| opened.place))
}

/// Shows the question, or says why it is not asked any more.
pub(super) async fn ask(
    _: Open,
    State(app): State<App>,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let Some(opened) = open(&app, &token).await? else { return unknown(&app, &fields, &headers) };
    let Opened { place, invitation } = &opened;
    let Some(entry) = place.entry() else { return unknown(&app, &fields, &headers) };
    let visit = Visit::invited(&fields, &headers, &entry.survey, invitation);
    let now = app.clock.now();
    let standing = invitation.standing(now);
    let is_asked = entry.survey.gate(place.site.offsets).is_open(now) && entry.survey.accepts(false);
    match standing {
        InvitationState::Answered => {
            over(&app, &visit.language, StatusCode::GONE, |words| words.invited.used)
        }
        InvitationState::Expired => {
            over(&app, &visit.language, StatusCode::GONE, |words| words.invited.expired)
        }
        state if state.is_open() && is_asked => {
            let score = fields.number("score").filter(|score| entry.survey.scale.contains(*score));
            page::question(place, &visit, &Sheet { score, ..Sheet::new(invitation.id.encode()) })
        }
        _ => page::ended(place, &visit, StatusCode::GONE),
    }
}

/// Takes what the form says: the answer of the invitation, or a change of it.
pub(super) async fn answer(
    _: Open,
    State(app): State<App>,
    Path(token): Path<String>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let read = read(&app, &headers, body).await;
    let fields = read.as_ref().map_or_else(|_| Fields::default(), |bytes| Fields::parse(bytes));
    let Some(opened) = open(&app, &token).await? else { return unknown(&app, &fields, &headers) };
    let Opened { place, invitation } = &opened;
    let Some(entry) = place.entry() else { return unknown(&app, &fields, &headers) };
    let visit = Visit::invited(&fields, &headers, &entry.survey, invitation);
    if invitation.expires_at <= app.clock.now() {
        return over(&app, &visit.language, StatusCode::GONE, |words| words.invited.expired);
    }
    if !invitation.state.is_open() {
        return page::ended(place, &visit, StatusCode::GONE);
    }
    let mut form = Form::read(&fields);
    form.id = invitation.id.encode();
    let stored = match read {
        Ok(_) => {
            let is_trapped = fields.get(TRAP).is_some();
            let sender = Sender { is_trapped, ..Sender::new(&app, peer, &headers).await? };
            take(place, &visit, &form, sender).await
        }
        Err(error) => Err(error),
    };
    match stored {
        Ok(revision) => {
            note(place).await;
            go_on(place, &visit, &form, revision)
        }
        Err(error) => again(place, &visit, &form, error),
    }
}

/// The answer is stored, whatever becomes of this: then the link asks once more, and changes the same answer.
async fn note(place: &Place<'_>) {
    let Some(invited) = &place.invited else { return };
    let (store, now) = (&place.app.store, place.app.clock.now());
    if let Err(error) = store.invitations().note_answered(&invited.scope, invited.id, now).await {
        tracing::warn!("an invitation was answered, and could not be marked so: {error}");
    }
}

/// Shows a button: a link alone takes nobody from a list, since scanners follow links.
pub(super) async fn ask_to_leave(
    _: Open,
    State(app): State<App>,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let Some((site, invitation, words)) = reader(&app, &token, &fields, &headers).await? else {
        return unknown(&app, &fields, &headers);
    };
    if invitation.person.is_none() {
        return unknown(&app, &fields, &headers);
    }
    let frame = Frame::new(&app, words.language, words, &site);
    let action = ["/i/", &token, "/unsubscribe"].concat();
    let sheet = Unsubscribe { frame, action, button: words.invited.unsubscribe };
    page::respond(&sheet, page::policy_for("'none'", ""), NO_STORE)
}

/// Asks this person nothing any more. Mail programs post here by themselves (RFC 8058).
pub(super) async fn leave(
    _: Open,
    State(app): State<App>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let fields = Fields::default();
    let Some((_, invitation, words)) = reader(&app, &token, &fields, &headers).await? else {
        return unknown(&app, &fields, &headers);
    };
    let Some(person) = invitation.person else { return unknown(&app, &fields, &headers) };
    let Some((site, _)) = invitation::read(&app, &token) else { return unknown(&app, &fields, &headers) };
    let suppression = Suppression { person, reason: SuppressionReason::Unsubscribed, at: app.clock.now() };
    app.store.invitations().suppress(&SiteScope::by_link(&site.site.key), &suppression).await?;
    over(&app, words.language, StatusCode::OK, |words| words.invited.unsubscribed)
}

/// The name of the shop, the invitation of a link, and our words in the language of its reader.
async fn reader(
    app: &App,
    token: &str,
    fields: &Fields,
    headers: &HeaderMap,
) -> Result<Option<(String, Invitation, &'static Wording)>, ApiError> {
    let Some(Opened { place, invitation }) = open(app, token).await? else { return Ok(None) };
    let words = spoken(fields.get("lang").or(invitation.locale.as_deref()), headers);
    let brand = place.entry().map_or("", |entry| invitation::brand(&place.site, entry)).to_owned();
    Ok(Some((brand, invitation, words)))
}

fn spoken(chosen: Option<&str>, headers: &HeaderMap) -> &'static Wording {
    let ours = wording::ALL.map(|wording| wording.language);
    wording::nearest(language::spoken(&language::wanted(chosen, headers), &ours).unwrap_or_default())
}

fn unknown(app: &App, fields: &Fields, headers: &HeaderMap) -> Result<Response, ApiError> {
    let words = spoken(fields.get("lang"), headers);
    over(app, words.language, StatusCode::NOT_FOUND, |words| words.invited.unknown)
}

/// One sentence, in this language or the nearest that we have.
fn over(
    app: &App,
    language: &str,
    status: StatusCode,
    text: fn(&'static Wording) -> &'static str,
) -> Result<Response, ApiError> {
    let words = wording::nearest(language);
    let frame = Frame::new(app, words.language, words, text(words));
    let mut response =
        page::respond(&Notice { frame, link: None }, page::policy_for("'none'", ""), NO_STORE)?;
    *response.status_mut() = status;
    Ok(response)
}
