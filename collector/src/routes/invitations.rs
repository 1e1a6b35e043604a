//! Invitations of a site, and who is not asked.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use parere_shared::response::ResponseId;
use parere_shared::time::{self, Millis};
use parere_shared::violation::{Rule, Violation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::definition::{Definition, parse};
use super::query::{Asked, refuse_any};
use super::stored::limit;
use crate::app::App;
use crate::auth::{Action, Caller, May, READ, SiteScope, WRITE};
use crate::catalogue::SiteEntry;
use crate::error::ApiError;
use crate::ingest::body;
use crate::invitation::{
    self, AT_ONCE_MAX, InvitationIn, TABLE_BYTES_MAX, is_email, is_phone, person, read_table,
};
use crate::openapi::{
    Conflict, InAddress, InInvitation, InSite, InvalidBody, InvalidQuery, InvitationsQuery, NoSuchInvitation,
    NoSuchSite, Refused,
};
use crate::store::{Invitation, InvitationChannel, InvitationState, Suppression, SuppressionReason};

mod cards;

/// Most bytes of a body with invitations: fifty of them with every field full.
const BYTES_MAX: usize = 512 * 1024;

/// Most people on the list that are shown.
const SUPPRESSIONS_SHOWN: usize = 500;

/// `/sites/{site}/invitations` and `/sites/{site}/suppressions`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(upload))
        .routes(routes!(cards::print, cards::make))
        .routes(routes!(cards::print_pdf, cards::make_pdf))
        .routes(routes!(cancel))
        .routes(routes!(suppressions, suppress))
        .routes(routes!(unsuppress))
}

/// An invitation as it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationOut {
    /// Its id, which is the id of its answer, too.
    invitation: String,
    survey: String,
    channel: InvitationChannel,
    key: String,
    #[serde(rename = "ref")]
    #[schema(required)]
    order_ref: Option<String>,
    #[schema(required)]
    ticket: Option<String>,
    #[schema(required)]
    rule: Option<String>,
    /// Where to, as far as it is known still, and masked.
    #[schema(required)]
    address: Option<String>,
    #[schema(required)]
    locale: Option<String>,
    state: InvitationState,
    /// Why, in a word.
    reason: String,
    due_at: String,
    expires_at: String,
    created_at: String,
    #[schema(required)]
    sent_at: Option<String>,
    #[schema(required)]
    answered_at: Option<String>,
    /// The link, for whoever makes one of the channel `link` or `qr`.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

/// One invitation, or several at once.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum InvitationsIn {
    /// One.
    One(Box<InvitationIn>),
    /// Up to 50.
    Many(Vec<InvitationIn>),
}

/// Several invitations.
#[derive(Debug, Serialize, ToSchema)]
pub struct Invitations {
    /// In the order in which they were sent; in a list, newest first.
    invitations: Vec<InvitationOut>,
    /// Cursor of the next page; null on the last.
    #[schema(required)]
    next: Option<String>,
}

/// What became of a table.
#[derive(Debug, Serialize, ToSchema)]
struct Uploaded {
    /// Invitations that were made.
    made: u64,
    /// Lines whose key the site has already.
    known: u64,
}

/// Somebody who is not asked.
#[derive(Debug, Serialize, ToSchema)]
struct SuppressionOut {
    /// A keyed hash of the address; the address is not kept.
    person: String,
    reason: SuppressionReason,
    at: String,
}

/// Who is not asked.
#[derive(Debug, Serialize, ToSchema)]
struct Suppressions {
    suppressions: Vec<SuppressionOut>,
}

/// Whom to ask nothing any more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SuppressionIn {
    /// A mail address or telephone number; stored only as a keyed hash.
    address: String,
}

/// What is shown of an address: enough for whoever knows it.
pub(in crate::routes) fn masked(address: &str) -> String {
    let Some((name, host)) = address.split_once('@') else {
        let digits: Vec<char> = address.chars().filter(char::is_ascii_digit).collect();
        return format!("…{}", digits.iter().skip(digits.len().saturating_sub(3)).collect::<String>());
    };
    format!("{}…@{host}", name.chars().take(1).collect::<String>())
}

impl InvitationOut {
    fn of(invitation: &Invitation, now: Millis, link: Option<String>) -> Self {
        Self {
            invitation: invitation.id.encode(),
            survey: invitation.survey.clone(),
            channel: invitation.channel,
            key: invitation.key.clone(),
            order_ref: invitation.order_ref.clone(),
            ticket: invitation.ticket.clone(),
            rule: invitation.rule.clone(),
            address: invitation.address.as_deref().map(masked),
            locale: invitation.locale.clone(),
            state: invitation.standing(now),
            reason: invitation.reason.clone(),
            due_at: time::format(invitation.due_at),
            expires_at: time::format(invitation.expires_at),
            created_at: time::format(invitation.created_at),
            sent_at: invitation.sent_at.map(time::format),
            answered_at: invitation.answered_at.map(time::format),
            link,
        }
    }

    /// With its link, where whoever made it brings it to the customer.
    fn made(app: &App, site: &SiteEntry, invitation: &Invitation) -> Self {
        let is_theirs = !invitation.channel.is_sent() && invitation.state.is_open();
        let link = is_theirs.then(|| invitation::link(&app.public_url, &site.site, invitation.id));
        Self::of(invitation, app.clock.now(), link)
    }
}

/// Invitations, newest first.
#[utoipa::path(get, path = "/sites/{site}/invitations", operation_id = "list_invitations",
    params(InSite, InvitationsQuery),
    responses((status = 200, body = Invitations), NoSuchSite, InvalidQuery, Refused))]
async fn list(
    State(app): State<App>,
    May { scope, .. }: May<READ>,
    asked: Asked,
) -> Result<Json<Invitations>, ApiError> {
    let mut found = Vec::new();
    let limit = limit(&asked, &mut found);
    let state = asked.get("state").map(InvitationState::parse);
    if state == Some(None) {
        found.push(Violation::new("state", Rule::Unknown("a state of invitations")));
    }
    let before = asked.get("cursor").map(ResponseId::parse);
    if before == Some(None) {
        found.push(Violation::new("cursor", Rule::Format("the next of an earlier page")));
    }
    refuse_any(found)?;
    let (invitations, now) = (app.store.invitations(), app.clock.now());
    let rows = invitations.latest_invitations(&scope, state.flatten(), before.flatten(), limit).await?;
    let next = rows.last().filter(|_| rows.len() == limit).map(|last| last.id.encode());
    let shown = rows.iter().map(|row| InvitationOut::of(row, now, None)).collect();
    Ok(Json(Invitations { invitations: shown, next }))
}

/// Invites one customer, or up to 50. All are made or, if one breaks a rule, none; the same key again makes none.
#[utoipa::path(post, path = "/sites/{site}/invitations", operation_id = "create_invitations", params(InSite),
    request_body = InvitationsIn,
    responses((status = 201, body = InvitationOut, description = "It was made."),
    (status = 200, body = Invitations, description = "Several were made, or the one was there already."),
    NoSuchSite, InvalidBody, Refused))]
async fn create(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    body: Body,
) -> Result<Response, ApiError> {
    let bytes = body::bytes(body, BYTES_MAX, app.body_timeout).await?;
    let is_array = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    if !is_array {
        let (made, is_new) = invitation::make(&app, &scope, &site, &parse(&bytes)?).await?;
        note(&app, &caller, &scope, u64::from(is_new)).await?;
        let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
        return Ok((status, Json(InvitationOut::made(&app, &site, &made))).into_response());
    }
    let values: Vec<serde_json::Value> = serde_json::from_slice(&bytes)
        .map_err(|_| ApiError::Malformed(vec![Violation::new("body", Rule::Type("JSON"))]))?;
    if values.len() > AT_ONCE_MAX {
        return Err(invitation::too_many(AT_ONCE_MAX));
    }
    let mut wishes = Vec::with_capacity(values.len());
    for (place, value) in values.iter().enumerate() {
        match parse(value.to_string().as_bytes()) {
            Ok(wish) => wishes.push(wish),
            Err(ApiError::Invalid(found)) => return Err(ApiError::Invalid(invitation::placed(found, place))),
            Err(other) => return Err(other),
        }
    }
    let (made, _) = invite_all(&app, &caller, &scope, &site, &wishes).await?;
    let invitations = made.iter().map(|made| InvitationOut::made(&app, &site, made)).collect();
    Ok(Json(Invitations { invitations, next: None }).into_response())
}

/// Invites the customers of a table in CSV, whose first line names the fields; `key` is needed in each line.
#[utoipa::path(post, path = "/sites/{site}/invitations.csv", operation_id = "upload_invitations", params(InSite),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = Uploaded), NoSuchSite, InvalidBody, Refused))]
async fn upload(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    body: Body,
) -> Result<Json<Uploaded>, ApiError> {
    let bytes = body::bytes(body, TABLE_BYTES_MAX, app.body_timeout).await?;
    let wishes = read_table(&bytes)?;
    let (all, made) = invite_all(&app, &caller, &scope, &site, &wishes).await?;
    Ok(Json(Uploaded { made, known: all.len() as u64 - made }))
}

/// Makes all of these or none, says how many are new, and writes that down.
pub(in crate::routes) async fn invite_all(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    site: &SiteEntry,
    wishes: &[InvitationIn],
) -> Result<(Vec<Invitation>, u64), ApiError> {
    let (all, new) = invitation::make_all(app, scope, site, wishes).await?;
    note(app, caller, scope, new).await?;
    Ok((all, new))
}

/// Writes down that invitations were made: how many, and nothing of whom.
async fn note(app: &App, caller: &Caller, scope: &SiteScope, made: u64) -> Result<(), ApiError> {
    if made == 0 {
        return Ok(());
    }
    app.record(&caller.who, Action::InvitationsCreate, Some(scope.site()), &made.to_string()).await
}

#[derive(Deserialize)]
struct InvitationInPath {
    invitation: String,
}

/// Calls an invitation off: it is not sent, and its link leads nowhere.
#[utoipa::path(delete, path = "/sites/{site}/invitations/{invitation}", operation_id = "cancel_invitation",
    params(InInvitation),
    responses((status = 204, description = "It is called off."), NoSuchInvitation, Conflict, Refused))]
async fn cancel(
    State(app): State<App>,
    May { scope, caller, .. }: May<WRITE>,
    Path(InvitationInPath { invitation }): Path<InvitationInPath>,
) -> Result<StatusCode, ApiError> {
    cancel_by_hand(&app, &caller, &scope, &invitation).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Calls an invitation off, and writes down of which survey; its id is its answer's, which the log does not name.
pub(in crate::routes) async fn cancel_by_hand(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    id: &str,
) -> Result<(), ApiError> {
    let cancelled = invitation::cancel(app, scope, id).await?;
    app.record(&caller.who, Action::InvitationCancel, Some(scope.site()), &cancelled.survey).await
}

/// Who is not asked, latest first, at most 500.
#[utoipa::path(get, path = "/sites/{site}/suppressions", operation_id = "list_suppressions", params(InSite),
    responses((status = 200, body = Suppressions), NoSuchSite, Refused))]
async fn suppressions(
    State(app): State<App>,
    May { scope, .. }: May<READ>,
) -> Result<Json<Suppressions>, ApiError> {
    let rows = app.store.invitations().suppressions(&scope, SUPPRESSIONS_SHOWN).await?;
    let shown = rows.into_iter().map(|row| SuppressionOut {
        person: row.person.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}")),
        reason: row.reason,
        at: time::format(row.at),
    });
    Ok(Json(Suppressions { suppressions: shown.collect() }))
}

/// Asks somebody nothing any more, by any channel; what waits for them is not sent.
#[utoipa::path(post, path = "/sites/{site}/suppressions", operation_id = "suppress", params(InSite),
    request_body = SuppressionIn,
    responses((status = 204, description = "They are on the list, or were before."), NoSuchSite, InvalidBody, Refused))]
async fn suppress(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    Definition(sent): Definition<SuppressionIn>,
) -> Result<StatusCode, ApiError> {
    suppress_by_hand(&app, &caller, &scope, &site, &sent.address).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes somebody from the list; only for who asked for that.
#[utoipa::path(delete, path = "/sites/{site}/suppressions/{address}", operation_id = "unsuppress",
    params(InAddress),
    responses((status = 204, description = "They are not on the list."), NoSuchInvitation, Refused))]
async fn unsuppress(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    Path((_, address)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    if unsuppress_by_hand(&app, &caller, &scope, &site, &address).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(ApiError::NotFound("This address is not on the list."))
}

/// Puts an address on the list of a site.
pub(in crate::routes) async fn suppress_by_hand(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    site: &SiteEntry,
    address: &str,
) -> Result<(), ApiError> {
    let address = address.trim();
    if !is_email(address) && !is_phone(address) {
        let rule = Rule::Format("a mail address or a telephone number");
        return Err(ApiError::Invalid(vec![Violation::new("address", rule)]));
    }
    let person = person::person_key(&site.site, address);
    let suppression = Suppression { person, reason: SuppressionReason::Added, at: app.clock.now() };
    app.store.invitations().suppress(scope, &suppression).await?;
    app.record(&caller.who, Action::SuppressionAdd, Some(scope.site()), "").await
}

/// Takes an address from the list of a site; `false` if it is not on it.
pub(in crate::routes) async fn unsuppress_by_hand(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    site: &SiteEntry,
    address: &str,
) -> Result<bool, ApiError> {
    let person = person::person_key(&site.site, address);
    let is_removed = app.store.invitations().unsuppress(scope, &person).await?;
    if is_removed {
        app.record(&caller.who, Action::SuppressionRemove, Some(scope.site()), "").await?;
    }
    Ok(is_removed)
}
