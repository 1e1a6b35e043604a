//! What people may ask for: an answer erased, all of a person's told or erased.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::{StreamExt as _, stream};
use parere_shared::response::ResponseId;
use parere_shared::time::{self, Millis};
use parere_shared::violation::{Rule, Violation};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::query::Asked;
use crate::app::App;
use crate::auth::{ADMIN, Action, EXPORT, May, SiteScope, Who};
use crate::config::ExportFormat;
use crate::erasure::{self, KnownBy, Whose};
use crate::error::ApiError;
use crate::export::{Export, Making, Mark, Set};
use crate::openapi::{
    Conflict, InResponse, InSubject, InvalidQuery, NoSuchResponse, NoSuchSite, Refused, SubjectQuery,
};
use crate::store::{Hash, Invitation, Plan, Segment, ShopOrder, Site, Ticket};

/// `DELETE /sites/{site}/responses/{id}` and `GET, DELETE /sites/{site}/subjects/{ref}`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(erase_response)).routes(routes!(read_subject, erase_subject))
}

/// Most invitations of one person that are told.
const INVITATIONS_TOLD: usize = 1_000;

/// Most plans of one person that are told: many more than anybody has.
const PLANS_TOLD: usize = 1_000;

/// How many answers are gone.
#[derive(Debug, Serialize, ToSchema)]
struct Erased {
    erased: u64,
}

/// Erases one answer for good. Scores are corrected at once, and whatever brings it again is not stored.
#[utoipa::path(delete, path = "/sites/{site}/responses/{id}", operation_id = "erase_response", params(InResponse),
    responses((status = 204, description = "It is gone, or was before."), NoSuchResponse, Refused))]
async fn erase_response(
    State(app): State<App>,
    May { scope, caller, .. }: May<ADMIN>,
    Path((_, id)): Path<(String, String)>,
) -> Result<StatusCode, ApiError> {
    let absent = ApiError::NotFound("The site has no such answer.");
    let id = ResponseId::parse(&id).ok_or(absent.clone())?;
    if erasure::erase_one(&app, &caller.who, &scope, id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(absent)
    }
}

/// All that is stored on a person, as JSON lines: tickets and invitations first, then answers, which the last line counts and seals.
#[utoipa::path(get, path = "/sites/{site}/subjects/{ref}", operation_id = "read_subject",
    params(InSubject, SubjectQuery),
    responses((status = 200, body = String, content_type = "application/x-ndjson"), NoSuchSite, Conflict, InvalidQuery,
    Refused))]
async fn read_subject(
    State(app): State<App>,
    May { scope, site, caller }: May<EXPORT>,
    Path((_, reference)): Path<(String, String)>,
    asked: Asked,
) -> Result<Response, ApiError> {
    let whose = whose(&app, &scope, &site.site, &reference, &asked).await?;
    told(&app, &caller.who, scope, &site.site, whose).await
}

/// Erases all that is stored on a person, and says how many answers it was.
#[utoipa::path(delete, path = "/sites/{site}/subjects/{ref}", operation_id = "erase_subject",
    params(InSubject, SubjectQuery), responses((status = 200, body = Erased), NoSuchSite, Conflict, InvalidQuery, Refused))]
async fn erase_subject(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    Path((_, reference)): Path<(String, String)>,
    asked: Asked,
) -> Result<Json<Erased>, ApiError> {
    let whose = whose(&app, &scope, &site.site, &reference, &asked).await?;
    Ok(Json(Erased { erased: erasure::erase_person(&app, &caller.who, &scope, &whose).await? }))
}

async fn whose(
    app: &App,
    scope: &SiteScope,
    site: &Site,
    reference: &str,
    asked: &Asked,
) -> Result<Whose, ApiError> {
    match asked.get("by").map(KnownBy::parse) {
        Some(Some(by)) => erasure::known(&*app.store, scope, site, reference, by).await,
        Some(None) => {
            let rule = Rule::Unknown("subject, ref, email or either");
            Err(ApiError::Invalid(vec![Violation::new("by", rule)]))
        }
        None => erasure::find(&*app.store, scope, site, reference).await,
    }
}

/// What is known of orders, a line for each: before the answers, and not counted with them.
fn order_lines(orders: &BTreeMap<String, ShopOrder>) -> String {
    let line = |(order, known): (&String, &ShopOrder)| {
        format!("{}\n", json!({"_order": {"order": order, "known": known}}))
    };
    orders.iter().map(line).collect()
}

/// A line for what lists say of the person: `{"segments": …}`.
fn segment_lines(segments: &[Segment]) -> String {
    let line = |segment: &Segment| {
        let told = json!({"attributes": segment.attributes, "at": time::format(segment.at)});
        format!("{}\n", json!({"segments": told}))
    };
    segments.iter().map(line).collect()
}

/// A line for each happening that a rule has looked at: `{"plan": …}`.
fn plan_lines(plans: &[Plan]) -> String {
    let line = |plan: &Plan| {
        let told = json!({
            "rule": plan.rule, "happened": plan.cause.kind, "at": time::format(plan.cause.at), "ref": plan.cause.order,
            "ticket": plan.cause.ticket, "state": plan.state, "why": plan.why,
        });
        format!("{}\n", json!({"plan": told}))
    };
    plans.iter().map(line).collect()
}

/// A line for each invitation, before the answers: `{"invitation": …}`.
fn invitation_lines(invitations: &[Invitation], now: Millis) -> String {
    let line = |invitation: &Invitation| format!("{}\n", json!({"invitation": told_of(invitation, now)}));
    invitations.iter().map(line).collect()
}

fn told_of(invitation: &Invitation, now: Millis) -> Value {
    json!({
        "id": invitation.id.encode(), "survey": invitation.survey, "channel": invitation.channel,
        "key": invitation.key, "ref": invitation.order_ref, "ticket": invitation.ticket,
        "address": invitation.address, "locale": invitation.locale, "state": invitation.standing(now),
        "created_at": time::format(invitation.created_at), "sent_at": invitation.sent_at.map(time::format),
        "answered_at": invitation.answered_at.map(time::format),
    })
}

/// All of a person's orders, segments, tickets, invitations and answers as a file, complete or visibly broken.
pub(super) async fn told(
    app: &App,
    who: &Who,
    scope: SiteScope,
    site: &Site,
    whose: Whose,
) -> Result<Response, ApiError> {
    app.record_if_possible(who, Action::SubjectRead, scope.site(), "").await;
    let disposition = format!("attachment; filename=\"{}-person.ndjson\"", scope.site());
    let first = lines(app, &scope, &whose).await?;
    let filter = whose.answers;
    let (store, format, now) = (app.store.clone(), ExportFormat::Ndjson, app.clock.now());
    let set = Set::fix(&*store, &scope, &filter, now).await?;
    let export = Export { store, site: site.clone(), scope, filter, set, format, raw: false };
    let Making::Streamed(chunks) = export.start(Mark::default()) else {
        return Err(anyhow::anyhow!("lines are streamed").into());
    };
    let chunks = chunks.map(|chunk| {
        chunk.map(|chunk| chunk.bytes).map_err(|error| {
            let error = anyhow::Error::from(error);
            tracing::error!("the answers of a person were broken off: {error:#}");
            error
        })
    });
    let first = stream::iter((!first.is_empty()).then(|| Ok(Bytes::from(first))));
    let mut response = Body::from_stream(first.chain(chunks)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    let disposition = HeaderValue::from_str(&disposition).map_err(anyhow::Error::from)?;
    headers.insert(header::CONTENT_DISPOSITION, disposition);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}

/// What is told before the answers: orders, tickets, invitations and plans, each once, by whatever it was found.
async fn lines(app: &App, scope: &SiteScope, whose: &Whose) -> Result<String, ApiError> {
    let (mut orders, mut tickets) = (BTreeMap::new(), BTreeMap::new());
    let (mut invitations, mut plans) = (BTreeMap::new(), BTreeMap::new());
    let store = &app.store;
    if let Some(held) = &whose.address {
        let found = store.addresses().invitations_to(scope, &held.person).await?;
        invitations.extend(found.into_iter().map(|invitation| (Reverse(invitation.id), invitation)));
    }
    for person in &whose.people {
        orders.extend(store.orders().orders_of(scope, person).await?);
        for ticket in store.tickets().tickets_of(scope, person).await? {
            tickets.insert((ticket.source.clone(), ticket.id.clone()), ticket);
        }
        let found = store.invitations().invitations_of(scope, person, INVITATIONS_TOLD).await?;
        invitations.extend(found.into_iter().map(|invitation| (Reverse(invitation.id), invitation)));
        let found = store.rules().plans_of(scope, person, PLANS_TOLD).await?;
        plans.extend(found.into_iter().map(|plan| (plan.key.clone(), plan)));
    }
    let subjects = orders.values().filter_map(ShopOrder::subject);
    let subjects: BTreeSet<Hash> =
        subjects.chain(whose.people.iter().filter_map(|person| person.subject)).collect();
    let segments = store.segments().segments_of(scope, &subjects.into_iter().collect::<Vec<_>>()).await?;
    let tickets = tickets.values().map(ticket_line).collect::<Result<String, ApiError>>()?;
    let (now, invitations) = (app.clock.now(), invitations.into_values().collect::<Vec<_>>());
    let plans: Vec<_> = plans.into_values().collect();
    let (orders, segments) = (order_lines(&orders), segment_lines(&segments));
    Ok([orders, segments, tickets, invitation_lines(&invitations, now), plan_lines(&plans)].concat())
}

/// All that is kept of a ticket, as a line.
fn ticket_line(ticket: &Ticket) -> Result<String, ApiError> {
    let happened: Vec<_> =
        ticket.happened.iter().map(|(at, event)| json!({"event": event, "at": time::format(*at)})).collect();
    let line = json!({
        "ticket": ticket.id,
        "source": ticket.source,
        "channel": ticket.channel.as_ref().map(|(_, channel)| channel),
        "tags": ticket.tags.as_ref().map(|(_, tags)| tags),
        "ref": ticket.order_ref.as_ref().map(|(_, order)| order),
        "happened": happened,
    });
    Ok(serde_json::to_string(&line).map_err(anyhow::Error::from)? + "\n")
}
