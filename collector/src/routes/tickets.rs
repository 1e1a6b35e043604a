//! Tickets of a help desk, as they are told by programs; and the hours of the desk.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use parere_shared::time::{self, Millis};
use parere_shared::violation::{Rule, Violation};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::definition::{self, Definition};
use crate::app::App;
use crate::auth::{Action, Caller, May, READ, SiteScope, WRITE};
use crate::error::ApiError;
use crate::hooks;
use crate::ingest::body;
use crate::openapi::{InSite, InvalidBody, NoSuchSite, Refused};
use crate::speed::desk::{self, Desk, DeskHours};
use crate::store::{Site, Ticket, TicketEvent};
use crate::tickets::{self, TICKETS_LEN_MAX, Told};

/// Most bytes of a body: as many events with every field, in any script.
const BYTES_MAX: usize = 1024 * 1024;

/// `POST /sites/{site}/tickets` and `GET, PUT /sites/{site}/desk-hours`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(take)).routes(routes!(hours, set_hours))
}

/// One thing that happened to a ticket.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketIn {
    /// What the help desk calls the ticket.
    pub ticket: String,
    /// What happened.
    pub event: TicketEvent,
    /// When, RFC 3339; with `event` it tells one thing from another, so that the same may be sent again.
    pub at: String,
    /// The merchant's reference for the customer, as answers have it; kept as a keyed hash.
    pub subject: Option<String>,
    /// How the customer wrote: `email`, `chat`, `phone` …
    pub channel: Option<String>,
    /// Words that the ticket is filed under.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The order that it is about.
    pub r#ref: Option<String>,
}

/// One event, or several at once.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
#[serde(untagged)]
enum TicketEvents {
    /// One event.
    One(TicketIn),
    /// Several; all are taken or none.
    Many(Vec<TicketIn>),
}

/// What was taken.
#[derive(Debug, Serialize, ToSchema)]
struct TicketsTaken {
    /// Tickets that the events are about.
    tickets: u64,
}

/// The bytes of a body, bounded.
struct Sent(Bytes);

impl FromRequest<App> for Sent {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        Ok(Self(body::bytes(request.into_body(), BYTES_MAX, app.body_timeout).await?))
    }
}

/// Takes what happened to tickets, in any order and as often as you like; no text of them.
#[utoipa::path(post, path = "/sites/{site}/tickets", operation_id = "send_tickets", params(InSite),
    request_body = TicketEvents, responses((status = 200, body = TicketsTaken), NoSuchSite, InvalidBody, Refused))]
async fn take(
    State(app): State<App>,
    May { scope, site, .. }: May<WRITE>,
    Sent(bytes): Sent,
) -> Result<Json<TicketsTaken>, ApiError> {
    let now = app.clock.now();
    let joined = hooks::tickets::join(&app, &scope, &read(&bytes, &site.site, now)?, now).await?;
    Ok(Json(TicketsTaken { tickets: joined.len() as u64 }))
}

/// When somebody is at the desk; Monday to Friday from nine to five, where nobody has said otherwise.
#[utoipa::path(get, path = "/sites/{site}/desk-hours", operation_id = "read_desk_hours", params(InSite),
    responses((status = 200, body = DeskHours), NoSuchSite, Refused))]
async fn hours(State(app): State<App>, May { scope, .. }: May<READ>) -> Result<Json<DeskHours>, ApiError> {
    Ok(Json(DeskHours::from(&desk::read(&*app.store, &scope).await?)))
}

/// Says when somebody is at the desk.
#[utoipa::path(put, path = "/sites/{site}/desk-hours", operation_id = "write_desk_hours", params(InSite),
    request_body = DeskHours, responses((status = 200, body = DeskHours), NoSuchSite, InvalidBody, Refused))]
async fn set_hours(
    State(app): State<App>,
    May { scope, caller, .. }: May<WRITE>,
    Definition(sent): Definition<DeskHours>,
) -> Result<Json<DeskHours>, ApiError> {
    let wished = sent.desk().map_err(ApiError::Invalid)?;
    set_hours_by_hand(&app, &caller, &scope, &wished).await?;
    Ok(Json(DeskHours::from(&wished)))
}

/// Keeps other hours, and writes down that they were changed.
pub(super) async fn set_hours_by_hand(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    wished: &Desk,
) -> Result<(), ApiError> {
    desk::set(&*app.store, scope, wished).await?;
    app.record(&caller.who, Action::DeskChange, Some(scope.site()), "").await
}

/// Reads one event or an array of them; lists everything wrong.
pub fn read(bytes: &[u8], site: &Site, now: Millis) -> Result<Vec<Ticket>, ApiError> {
    let Ok(Value::Array(items)) = serde_json::from_slice::<Value>(bytes) else {
        let mut found = Vec::new();
        let ticket = check(definition::parse(bytes)?, site, now, &mut found);
        return if found.is_empty() { Ok(vec![ticket]) } else { Err(ApiError::Invalid(found)) };
    };
    if items.len() > TICKETS_LEN_MAX {
        let rule = Rule::TooMany { max: TICKETS_LEN_MAX };
        return Err(ApiError::TooLarge(vec![Violation::new("body", rule)]));
    }
    let (mut heard, mut found) = (Vec::with_capacity(items.len()), Vec::new());
    for (n, item) in items.into_iter().enumerate() {
        let mut broken = Vec::new();
        match definition::read::<TicketIn>(item) {
            Ok(sent) => heard.push(check(sent, site, now, &mut broken)),
            Err(mistakes) => broken = mistakes,
        }
        let at =
            |violation: Violation| Violation { field: format!("[{n}].{}", violation.field), ..violation };
        found.extend(broken.into_iter().map(at));
    }
    if found.is_empty() { Ok(heard) } else { Err(ApiError::Invalid(found)) }
}

/// Turns an event into what is known by it of its ticket; what is wrong with it goes to `found`.
fn check(sent: TicketIn, site: &Site, now: Millis, found: &mut Vec<Violation>) -> Ticket {
    let at = time::parse(&sent.at);
    if at.is_none() {
        found.push(Violation::new("at", Rule::Format("an RFC 3339 moment with an offset")));
    }
    let told = Told {
        ticket: sent.ticket,
        happened: at.map(|at| ("at", at, sent.event)).into_iter().collect(),
        subject: sent.subject,
        channel: sent.channel,
        tags: sent.tags,
        order_ref: sent.r#ref,
    };
    tickets::ticket(told, site, now, found)
}
