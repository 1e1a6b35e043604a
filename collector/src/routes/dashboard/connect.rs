//! The form that connects a CRM: its token, who is who, and what is written where.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::form::Form;
use super::webhooks::called;
use super::{Choice, Frame, render, terms};
use crate::app::App;
use crate::auth::{ADMIN, Caller, May};
use crate::catalogue::SiteEntry;
use crate::delivery::{CRM_FIELDS, crm_home, usual_fields};
use crate::error::ApiError;
use crate::routes::webhooks::{WebhookIn, make};
use crate::store::{Occasion, TicketPlace, WebhookKind};

#[derive(Template)]
#[template(path = "dashboard/connect.html")]
struct Page {
    frame: Frame,
    site: String,
    site_name: String,
    /// `hubspot` or `klaviyo`.
    kind: &'static str,
    crm: &'static str,
    is_hubspot: bool,
    /// What was wrong with the last wish; nothing at the first.
    refusals: Vec<String>,
    // What was entered then, but for the token.
    name: String,
    url: String,
    contact: String,
    occasions: Vec<Choice>,
    pipeline: String,
    stage: String,
    event: String,
    /// What we know, and how the property is called.
    fields: Vec<FieldRow>,
}

/// What we know of an answer, and how the CRM's property is called.
pub(super) struct FieldRow {
    pub(super) id: &'static str,
    pub(super) label: String,
    pub(super) name: String,
}

/// A row for each thing that we know, with what `names` calls it; one that they leave out is written nowhere.
pub(super) fn field_rows(names: &BTreeMap<String, String>) -> Vec<FieldRow> {
    let row = |id: &'static str| FieldRow {
        id,
        label: label(id),
        name: names.get(id).cloned().unwrap_or_default(),
    };
    CRM_FIELDS.map(row).into()
}

/// The names that were entered.
pub(super) fn entered_fields(form: &Form) -> BTreeMap<String, String> {
    CRM_FIELDS.iter().map(|id| ((*id).to_owned(), form.text(id).to_owned())).collect()
}

#[derive(Deserialize)]
pub(super) struct CrmInPath {
    crm: String,
}

/// What is entered when nobody has entered anything.
fn usual(kind: WebhookKind) -> WebhookIn {
    let events = [Occasion::Created, Occasion::Updated].map(|usual| usual.as_str().to_owned());
    WebhookIn {
        name: Some(crm_name(kind).into()),
        kind: Some(kind.as_str().into()),
        url: crm_home(kind).map(Into::into),
        events: Some(events.into()),
        contact: Some("email".into()),
        // Those of the pipeline that every account begins with.
        ticket: Some(TicketPlace { pipeline: "0".into(), stage: "1".into() }),
        ..WebhookIn::default()
    }
}

/// What a CRM is called.
pub(super) fn crm_name(kind: WebhookKind) -> &'static str {
    if kind == WebhookKind::Klaviyo { "Klaviyo" } else { "HubSpot" }
}

fn kind_of(name: &str) -> Result<WebhookKind, ApiError> {
    let kind = WebhookKind::parse(name).filter(|kind| kind.is_crm());
    kind.ok_or(ApiError::NotFound("There is no such CRM here."))
}

/// The empty form.
pub(super) async fn page(
    State(app): State<App>,
    May { site, caller, .. }: May<ADMIN>,
    Path(CrmInPath { crm }): Path<CrmInPath>,
) -> Result<Response, ApiError> {
    let kind = kind_of(&crm)?;
    draw(&app, &caller, &site, kind, usual(kind), Vec::new())
}

/// Connects it, and goes to its page, where it can be tried out.
pub(super) async fn create(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    Path(CrmInPath { crm }): Path<CrmInPath>,
    form: Form,
) -> Result<Response, ApiError> {
    let kind = kind_of(&crm)?;
    match make(&app, &caller, &scope, &site, wish(&form, kind)).await {
        Ok((hook, _)) => {
            Ok(Redirect::to(&format!("/dashboard/{}/webhooks/{}", scope.site(), hook.id)).into_response())
        }
        Err(ApiError::Invalid(found)) => {
            let page = draw(&app, &caller, &site, kind, wish(&form, kind), terms::told(&found))?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other),
    }
}

fn wish(form: &Form, kind: WebhookKind) -> WebhookIn {
    let text = |name: &str| Some(form.text(name).to_owned());
    let is_hubspot = kind == WebhookKind::HubSpot;
    let events = form.all("event").to_vec();
    let makes_tickets = is_hubspot && events.iter().any(|event| event == Occasion::Detractor.as_str());
    WebhookIn {
        name: text("name"),
        kind: Some(kind.as_str().into()),
        url: text("url"),
        events: Some(events),
        token: text("token"),
        contact: text("contact"),
        fields: Some(entered_fields(form)),
        ticket: makes_tickets.then(|| TicketPlace {
            pipeline: form.text("pipeline").trim().into(),
            stage: form.text("stage").trim().into(),
        }),
        event: is_hubspot.then(|| form.text("custom_event").into()),
        ..WebhookIn::default()
    }
}

fn draw(
    app: &App,
    caller: &Caller,
    site: &SiteEntry,
    kind: WebhookKind,
    entered: WebhookIn,
    refusals: Vec<String>,
) -> Result<Response, ApiError> {
    let is_hubspot = kind == WebhookKind::HubSpot;
    let events = entered.events.unwrap_or_default();
    let occasion = |occasion: Occasion| Choice {
        value: occasion.as_str().into(),
        label: match occasion {
            Occasion::Detractor if is_hubspot => "a ticket for each unhappy answer".into(),
            other => called(other).into(),
        },
        is_chosen: events.iter().any(|event| event == occasion.as_str()),
    };
    let names = entered.fields.unwrap_or_else(usual_fields);
    let ticket = entered.ticket.or(usual(kind).ticket);
    let (pipeline, stage) = ticket.map(|ticket| (ticket.pipeline, ticket.stage)).unwrap_or_default();
    render(&Page {
        frame: Frame::of(app, caller),
        site: site.site.key.clone(),
        site_name: site.site.name.clone(),
        kind: kind.as_str(),
        crm: crm_name(kind),
        is_hubspot,
        refusals,
        name: entered.name.unwrap_or_default(),
        url: entered.url.unwrap_or_default(),
        contact: entered.contact.unwrap_or_default(),
        occasions: [Occasion::Created, Occasion::Updated, Occasion::Detractor].map(occasion).into(),
        pipeline,
        stage,
        event: entered.event.unwrap_or_default(),
        fields: field_rows(&names),
    })
}

/// `nps_score` in words: "NPS score".
fn label(id: &str) -> String {
    let (metric, what) = id.split_once('_').unwrap_or((id, ""));
    format!("{} {what}", metric.to_uppercase())
}
