//! Hooks of a site: where its news goes, what went there, and what came of it.
//!
//! Whoever reads a hook reads where answers go, and with Slack's that is a secret: all of it needs `admin`.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use parere_shared::time::{self, Millis};
use parere_shared::violation::{Rule, Violation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::definition::Definition;
use super::query::{Asked, refuse_any};
use super::stored::limit;
use crate::app::App;
use crate::auth::{ADMIN, May};
use crate::catalogue::date_of;
use crate::error::ApiError;
use crate::openapi::{
    Conflict, DeliveriesQuery, InDelivery, InSite, InWebhook, InvalidBody, InvalidQuery, NoSuchSite,
    NoSuchWebhook, Refused,
};
use crate::store::{
    About, Delivery, DeliveryState, Occasion, TicketPlace, Webhook, WebhookKind, WebhookState,
};

mod act;
mod crm;
mod wish;

pub(super) use act::{alter, enqueue_test, find, make, remove_hook, replay_one};
pub use crm::{CRM_NAME_CHARS_MAX, TOKEN_CHARS_MAX};
pub use wish::WebhookIn;

/// `GET, POST /sites/{site}/webhooks` and everything below.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read, change, remove))
        .routes(routes!(test))
        .routes(routes!(deliveries))
        .routes(routes!(replay))
}

/// A hook as it is shown: never its secret or its token.
#[derive(Debug, Serialize, ToSchema)]
struct WebhookOut {
    webhook: String,
    name: String,
    kind: WebhookKind,
    url: String,
    events: Vec<Occasion>,
    digest_hour: u8,
    state: WebhookState,
    made_by: String,
    created_at: String,
    /// Until when the receiver wants to be left alone, where it said so and it is not over.
    #[serde(skip_serializing_if = "Option::is_none")]
    rests_until: Option<String>,
    /// Of a CRM: the attribute of answers that has the e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<String>,
    /// Of a CRM: what is written where.
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<TicketPlace>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<String>,
}

/// A hook with a secret that was just made.
#[derive(Debug, Serialize, ToSchema)]
struct WebhookMade {
    #[serde(flatten)]
    kept: WebhookOut,
    /// What signatures are made with, `whsec_…`; it is not shown again.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

/// A list of hooks.
#[derive(Debug, Serialize, ToSchema)]
struct Webhooks {
    webhooks: Vec<WebhookOut>,
}

/// What was put in the queue.
#[derive(Debug, Serialize, ToSchema)]
struct Queued {
    /// The `webhook-id` under which it is sent.
    delivery: String,
}

/// News for a hook, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
struct DeliveryOut {
    /// The `webhook-id`.
    delivery: String,
    event: Occasion,
    /// Id of the answer that it tells of.
    #[schema(required)]
    response: Option<String>,
    /// Which revision of the answer put it in the queue.
    #[schema(required)]
    revision: Option<u32>,
    /// Id of the invitation that it hands over.
    #[schema(required)]
    invitation: Option<String>,
    /// The local day that it tells of.
    #[schema(required)]
    day: Option<String>,
    state: DeliveryState,
    /// When it is tried next, while it waits.
    #[schema(required)]
    due_at: Option<String>,
    created_at: String,
    /// The latest tries, the oldest first.
    attempts: Vec<AttemptOut>,
}

/// One try.
#[derive(Debug, Serialize, ToSchema)]
struct AttemptOut {
    at: String,
    /// What the receiver answered; null if it never came so far.
    #[schema(required)]
    status: Option<u16>,
    latency_ms: u32,
    /// How the reply of a receiver that did not take it begins, or why there was none.
    said: String,
}

/// The log of a hook.
#[derive(Debug, Serialize, ToSchema)]
struct Log {
    deliveries: Vec<DeliveryOut>,
}

impl WebhookOut {
    fn of(hook: &Webhook, now: Millis) -> Self {
        let crm = hook.crm.as_ref();
        Self {
            webhook: hook.id.clone(),
            name: hook.name.clone(),
            kind: hook.kind,
            url: hook.url.clone(),
            events: hook.occasions.clone(),
            digest_hour: hook.digest_hour,
            state: hook.state,
            made_by: hook.made_by.clone(),
            created_at: time::format(hook.created_at),
            rests_until: (hook.rests_until > now).then(|| time::format(hook.rests_until)),
            contact: crm.map(|crm| crm.contact.clone()),
            fields: crm.map(|crm| crm.fields.clone()),
            ticket: crm.and_then(|crm| crm.ticket.clone()),
            event: crm.and_then(|crm| crm.event.clone()),
        }
    }
}

impl From<Delivery> for DeliveryOut {
    fn from(delivery: Delivery) -> Self {
        let (mut response, mut revision, mut invitation, mut day) = (None, None, None, None);
        match delivery.about {
            About::Response(id, told) => (response, revision) = (Some(id.encode()), Some(told)),
            About::Invitation(id) => invitation = Some(id.encode()),
            About::Day(told) => day = Some(date_of(told).to_string()),
            About::Nothing => {}
        }
        let attempts = delivery.attempts.into_iter().map(|attempt| AttemptOut {
            at: time::format(attempt.at),
            status: attempt.status,
            latency_ms: attempt.latency_ms,
            said: attempt.said,
        });
        let is_waiting = delivery.state == DeliveryState::Waiting;
        Self {
            delivery: delivery.id,
            event: delivery.occasion,
            response,
            revision,
            invitation,
            day,
            state: delivery.state,
            due_at: is_waiting.then(|| time::format(delivery.due_at)),
            created_at: time::format(delivery.created_at),
            attempts: attempts.collect(),
        }
    }
}

/// The last part of a path below a site.
#[derive(Deserialize)]
struct HookInPath {
    webhook: String,
}

#[derive(Deserialize)]
struct DeliveryInPath {
    webhook: String,
    delivery: String,
}

/// Every hook of the site, the oldest first.
#[utoipa::path(get, path = "/sites/{site}/webhooks", operation_id = "list_webhooks", params(InSite),
    responses((status = 200, body = Webhooks), NoSuchSite, Refused))]
async fn list(State(app): State<App>, May { scope, .. }: May<ADMIN>) -> Result<Json<Webhooks>, ApiError> {
    let (hooks, now) = (app.store.deliveries().webhooks(&scope).await?, app.clock.now());
    Ok(Json(Webhooks { webhooks: hooks.iter().map(|hook| WebhookOut::of(hook, now)).collect() }))
}

/// A new hook; its secret is in the reply, this once.
#[utoipa::path(post, path = "/sites/{site}/webhooks", operation_id = "create_webhook", params(InSite),
    request_body = WebhookIn, responses((status = 201, body = WebhookMade), NoSuchSite, Conflict, InvalidBody, Refused))]
async fn create(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    Definition(sent): Definition<WebhookIn>,
) -> Result<impl IntoResponse, ApiError> {
    let (hook, secret) = make(&app, &caller, &scope, &site, sent).await?;
    let location = [(header::LOCATION, format!("/api/v1/sites/{}/webhooks/{}", scope.site(), hook.id))];
    let made = WebhookMade { kept: WebhookOut::of(&hook, app.clock.now()), secret };
    Ok((StatusCode::CREATED, location, Json(made)))
}

/// One hook.
#[utoipa::path(get, path = "/sites/{site}/webhooks/{webhook}", operation_id = "read_webhook", params(InWebhook),
    responses((status = 200, body = WebhookOut), NoSuchWebhook, Refused))]
async fn read(
    State(app): State<App>,
    May { scope, .. }: May<ADMIN>,
    Path(HookInPath { webhook }): Path<HookInPath>,
) -> Result<Json<WebhookOut>, ApiError> {
    Ok(Json(WebhookOut::of(&find(&app, &scope, &webhook).await?, app.clock.now())))
}

/// Changes what is sent and keeps the rest; with `rotate_secret` another secret signs from now on.
#[utoipa::path(patch, path = "/sites/{site}/webhooks/{webhook}", operation_id = "change_webhook", params(InWebhook),
    request_body = WebhookIn, responses((status = 200, body = WebhookMade), NoSuchWebhook, InvalidBody, Refused))]
async fn change(
    State(app): State<App>,
    May { scope, caller, .. }: May<ADMIN>,
    Path(HookInPath { webhook }): Path<HookInPath>,
    Definition(sent): Definition<WebhookIn>,
) -> Result<Json<WebhookMade>, ApiError> {
    let (hook, secret) = alter(&app, &caller, &scope, &webhook, sent).await?;
    Ok(Json(WebhookMade { kept: WebhookOut::of(&hook, app.clock.now()), secret }))
}

/// Removes a hook and, in a while, its log; what waits is not sent any more.
#[utoipa::path(delete, path = "/sites/{site}/webhooks/{webhook}", operation_id = "remove_webhook", params(InWebhook),
    responses((status = 204, description = "It is gone."), NoSuchWebhook, Refused))]
async fn remove(
    State(app): State<App>,
    May { scope, caller, .. }: May<ADMIN>,
    Path(HookInPath { webhook }): Path<HookInPath>,
) -> Result<StatusCode, ApiError> {
    remove_hook(&app, &caller, &scope, &webhook).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a `webhook.test` on the way that all news takes; it is tried once.
#[utoipa::path(post, path = "/sites/{site}/webhooks/{webhook}/test", operation_id = "test_webhook", params(InWebhook),
    responses((status = 202, body = Queued), NoSuchWebhook, Conflict, Refused))]
async fn test(
    State(app): State<App>,
    May { scope, caller, .. }: May<ADMIN>,
    Path(HookInPath { webhook }): Path<HookInPath>,
) -> Result<impl IntoResponse, ApiError> {
    let delivery = enqueue_test(&app, &caller, &scope, &webhook).await?;
    Ok((StatusCode::ACCEPTED, Json(Queued { delivery })))
}

/// What went to a hook or is to go there, newest first, with every try; it goes back 30 days.
#[utoipa::path(get, path = "/sites/{site}/webhooks/{webhook}/deliveries", operation_id = "read_deliveries",
    params(InWebhook, DeliveriesQuery),
    responses((status = 200, body = Log), NoSuchWebhook, InvalidQuery, Refused))]
async fn deliveries(
    State(app): State<App>,
    May { scope, .. }: May<ADMIN>,
    Path(HookInPath { webhook }): Path<HookInPath>,
    asked: Asked,
) -> Result<Json<Log>, ApiError> {
    let mut found = Vec::new();
    let limit = limit(&asked, &mut found);
    let state = asked.get("state").map(DeliveryState::parse);
    if state == Some(None) {
        found.push(Violation::new("state", Rule::Unknown("waiting, delivered or failed")));
    }
    refuse_any(found)?;
    let hook = find(&app, &scope, &webhook).await?;
    let log = app.store.deliveries().log(&scope, &hook.id, state.flatten(), limit).await?;
    Ok(Json(Log { deliveries: log.into_iter().map(DeliveryOut::from).collect() }))
}

/// Sends a delivery again, under the same id, as if it were new.
#[utoipa::path(post, path = "/sites/{site}/webhooks/{webhook}/deliveries/{delivery}/replay",
    operation_id = "replay_delivery", params(InDelivery),
    responses((status = 202, body = Queued), NoSuchWebhook, Refused))]
async fn replay(
    State(app): State<App>,
    May { scope, caller, .. }: May<ADMIN>,
    Path(DeliveryInPath { webhook, delivery }): Path<DeliveryInPath>,
) -> Result<impl IntoResponse, ApiError> {
    replay_one(&app, &caller, &scope, &webhook, &delivery).await?;
    Ok((StatusCode::ACCEPTED, Json(Queued { delivery })))
}
