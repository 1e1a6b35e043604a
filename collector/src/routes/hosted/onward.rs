//! The link under the thanks: where no script tells that it is followed, it leads through here and is counted.
//!
//! Where it leads says the survey's definition alone; the address names an answer and its score, and a foreign address
//! in it is not read. It stands in no mail, only under the thanks for an answer: what opens every link meets it seldom,
//! and each answer counts once. Nobody waits for the count, and what it fails at holds nobody up.

use std::fmt::Write as _;
use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use parere_shared::response::ResponseId;
use parere_shared::time::Millis;

use super::form::{Fields, Form};
use super::page::NO_STORE;
use super::visit::Visit;
use super::{Place, invited, page};
use crate::app::App;
use crate::auth::{Open, SiteScope};
use crate::error::ApiError;
use crate::ingest::admission::Sender;
use crate::ingest::event;
use crate::store::{Filter, Flags, Order};

/// How long after an answer its link is counted: the thanks stand right behind the answer, and what comes back for an
/// address later is a history or a program.
const WINDOW_MS: Millis = 60 * 60 * 1000;

/// The address of the link after the answer of this form. An invitation has one answer, which its own path names.
pub(super) fn address(place: &Place<'_>, form: &Form) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if place.invited.is_none() {
        query.append_pair("id", &form.id);
    }
    if let Some(score) = form.score {
        query.append_pair("score", &score.to_string());
    }
    [&place.path, "/link?", &query.finish()].concat()
}

/// After an answer to everybody's question: `/s/{site}/{survey}/link?id=…&score=9`.
pub(super) async fn follow(
    _: Open,
    State(app): State<App>,
    Path((site, slug)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let Some(place) = Place::find(&app, &site, &slug) else {
        return page::nothing(&app, &fields, &headers);
    };
    let id = fields.get("id").and_then(ResponseId::parse);
    lead(&place, id, &fields, &method, &headers, peer).await
}

/// After the answer to an invitation: `/i/{token}/link?score=9`.
pub(super) async fn follow_invited(
    _: Open,
    State(app): State<App>,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let fields = Fields::parse(query.unwrap_or_default().as_bytes());
    let Some(place) = invited::place(&app, &token).await? else {
        return page::nothing(&app, &fields, &headers);
    };
    let id = place.invited.as_ref().map(|invited| invited.id);
    lead(&place, id, &fields, &method, &headers, peer).await
}

/// Leads to where the definition says for the score's band; says that there is nothing where it says nothing any more.
async fn lead(
    place: &Place<'_>,
    id: Option<ResponseId>,
    fields: &Fields,
    method: &Method,
    headers: &HeaderMap,
    peer: SocketAddr,
) -> Result<Response, ApiError> {
    let Some(entry) = place.entry() else { return page::nothing(place.app, fields, headers) };
    let visit = Visit::new(fields, headers, &entry.survey);
    let (config, _) = page::texts(place, &visit)?;
    let score = fields.number("score").filter(|score| entry.survey.scale.contains(*score));
    let thanks = score.and_then(|score| page::thanks_for(&config, Some(score)));
    let Some(thanks) = thanks.filter(|thanks| page::leads_away(thanks)) else {
        return page::ended(place, &visit, StatusCode::NOT_FOUND);
    };
    // Who asks what is there, or fetches it in case somebody follows it, does not follow it.
    let is_looking = method == Method::HEAD || headers.contains_key("sec-purpose");
    if let Some(id) = id.filter(|_| !is_looking)
        && let Err(error) = count(place, id, headers, peer).await
    {
        // Logged once, by the error itself.
        drop(error.into_response());
    }
    let headers = [
        (header::LOCATION, HeaderValue::try_from(plain(&thanks.url)).map_err(anyhow::Error::from)?),
        (header::CACHE_CONTROL, NO_STORE),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow")),
    ];
    Ok((StatusCode::SEE_OTHER, headers).into_response())
}

/// An address as a header may have it: what is no printable ASCII is escaped, as browsers do in a page.
fn plain(url: &str) -> String {
    let mut plain = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic() {
            plain.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            write!(plain, "%{byte:02X}").ok();
        }
    }
    plain
}

/// Counts it once for an answer that was given just before, and that counts itself.
async fn count(
    place: &Place<'_>,
    id: ResponseId,
    headers: &HeaderMap,
    peer: SocketAddr,
) -> Result<(), ApiError> {
    let (app, site) = (place.app, &place.site);
    let sender = Sender::new(app, peer, headers).await?;
    let Some(entry) = place.entry() else { return Ok(()) };
    if !event::may_count(app, &sender, site) {
        return Ok(());
    }
    let scope = SiteScope::by_link(&site.site.key);
    let filter = Filter { ids: Some(vec![id]), ..Filter::default() };
    let Some(answer) = app.store.page(&scope, &filter, Order::NewestFirst, None, 1).await?.pop() else {
        return Ok(());
    };
    let row = &answer.row;
    let is_real = row.survey == entry.survey.slug && !row.test && !row.flags.excludes();
    let is_new = sender.now - row.received_at < WINDOW_MS && !row.flags.meets(Flags::FOLLOWED);
    // Of several clicks at once the first one is noted, whichever collectors they come to.
    if is_real && is_new && app.store.note_followed(&scope, id).await? {
        let events = vec![event::followed(site, entry, row, sender.now)];
        app.metrics.count_events(&events, app.ledger.add(events.clone()));
    }
    Ok(())
}
