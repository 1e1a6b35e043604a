//! Hooks of a site, for people: the same as the operators' API has.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::connect::{FieldRow, entered_fields, field_rows};
use super::form::Form;
use super::{Choice, Frame, render, terms};
use crate::app::App;
use crate::auth::{ADMIN, Caller, May, SiteScope};
use crate::catalogue::SiteEntry;
use crate::error::ApiError;
use crate::routes::query::Asked;
use crate::routes::webhooks::{WebhookIn, alter, enqueue_test, find, make, remove_hook, replay_one};
use crate::store::{DeliveryState, Occasion, Webhook, WebhookKind, WebhookState};

mod rows;

pub(super) use rows::called;
use rows::{DeliveryRow, HookRow};

/// Latest deliveries among which the last try is looked for.
const TROUBLE_SOUGHT: usize = 5;

/// Deliveries on a page: a few screens.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "dashboard/webhooks.html")]
struct Page {
    frame: Frame,
    site: String,
    site_name: String,
    zone: String,
    hooks: Vec<HookRow>,
    occasions: Vec<Choice>,
    hours: Vec<Choice>,
    /// What was wrong with the last wish; nothing at the first.
    refusals: Vec<String>,
    /// What was entered then.
    name: String,
    url: String,
    is_slack: bool,
    /// A secret that was just made: the name of its hook, and the text that is shown this once.
    made: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "dashboard/webhook.html")]
struct Log {
    frame: Frame,
    site: String,
    site_name: String,
    hook: HookRow,
    deliveries: Vec<DeliveryRow>,
    is_failed_only: bool,
    /// What was wrong with the last wish.
    refusals: Vec<String>,
    /// Of a CRM: the attribute with the address, and what is written where.
    contact: String,
    fields: Vec<FieldRow>,
}

#[derive(Deserialize)]
pub(super) struct HookInPath {
    webhook: String,
}

/// The hooks of a site, and the form for another one.
pub(super) async fn page(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
) -> Result<Response, ApiError> {
    draw(&app, &caller, &scope, &site, WebhookIn::default(), Vec::new(), None).await
}

async fn draw(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    site: &SiteEntry,
    entered: WebhookIn,
    refusals: Vec<String>,
    made: Option<(String, String)>,
) -> Result<Response, ApiError> {
    let events = entered.events.unwrap_or_else(|| {
        [Occasion::Detractor, Occasion::Digest].map(|usual| usual.as_str().to_owned()).into()
    });
    let occasion = |occasion: Occasion| Choice {
        value: occasion.as_str().into(),
        label: called(occasion).into(),
        is_chosen: events.iter().any(|event| event == occasion.as_str()),
    };
    let hour = |hour: u8| Choice {
        value: hour.to_string(),
        label: format!("{hour:02}:00"),
        is_chosen: hour == entered.digest_hour.unwrap_or(8),
    };
    render(&Page {
        frame: Frame::of(app, caller),
        site: site.site.key.clone(),
        site_name: site.site.name.clone(),
        zone: site.site.zone.clone(),
        hooks: hook_rows(app, scope).await?,
        occasions: Occasion::WISHED.map(occasion).into(),
        hours: (0..24).map(hour).collect(),
        refusals,
        name: entered.name.unwrap_or_default(),
        url: entered.url.unwrap_or_default(),
        is_slack: entered.kind.as_deref() == Some(WebhookKind::Slack.as_str()),
        made,
    })
}

/// Hooks with what troubles them.
async fn hook_rows(app: &App, scope: &SiteScope) -> Result<Vec<HookRow>, ApiError> {
    let mut rows = Vec::new();
    for hook in app.store.deliveries().webhooks(scope).await? {
        rows.push(hook_row(app, scope, &hook).await?);
    }
    Ok(rows)
}

/// A hook with what troubles it, by its latest deliveries, whatever became of them.
async fn hook_row(app: &App, scope: &SiteScope, hook: &Webhook) -> Result<HookRow, ApiError> {
    // What a letter says to a receiver is between the two; a CRM that takes no token needs somebody here.
    let is_asked = hook.kind.is_crm() && hook.state == WebhookState::On;
    let log = if is_asked {
        app.store.deliveries().log(scope, &hook.id, None, TROUBLE_SOUGHT).await?
    } else {
        Vec::new()
    };
    Ok(HookRow::of(hook, &log, app.clock.now()))
}

/// Makes a hook and shows its secret, this once.
pub(super) async fn create(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    form: Form,
) -> Result<Response, ApiError> {
    let wish = || WebhookIn {
        name: Some(form.text("name").into()),
        kind: Some(form.text("kind").into()),
        url: Some(form.text("url").into()),
        events: Some(form.all("event").to_vec()),
        // What is no hour is refused as one that there is not.
        digest_hour: Some(form.text("digest_hour").parse().unwrap_or(u8::MAX)),
        ..WebhookIn::default()
    };
    match make(&app, &caller, &scope, &site, wish()).await {
        Ok((hook, secret)) => {
            let made = secret.map(|secret| (hook.name, secret));
            draw(&app, &caller, &scope, &site, WebhookIn::default(), Vec::new(), made).await
        }
        Err(ApiError::Invalid(found)) => {
            let page = draw(&app, &caller, &scope, &site, wish(), terms::told(&found), None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other),
    }
}

/// Tests, switches, replays, removes: the button says which.
pub(super) async fn act(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    form: Form,
) -> Result<Response, ApiError> {
    let id = form.text("webhook");
    let list = format!("/dashboard/{}/webhooks", scope.site());
    let change = |state: &str| WebhookIn { state: Some(state.into()), ..WebhookIn::default() };
    let place = match form.text("act") {
        "test" => {
            enqueue_test(&app, &caller, &scope, id).await?;
            format!("{list}/{id}")
        }
        "replay" => {
            replay_one(&app, &caller, &scope, id, form.text("delivery")).await?;
            format!("{list}/{id}")
        }
        "token" => {
            let sent = WebhookIn { token: Some(form.text("token").into()), ..WebhookIn::default() };
            alter(&app, &caller, &scope, id, sent).await?;
            format!("{list}/{id}")
        }
        "fields" => return change_fields(&app, &caller, &scope, &site, &form).await,
        state @ ("on" | "off") => {
            alter(&app, &caller, &scope, id, change(state)).await?;
            list
        }
        "rotate" => {
            let sent = WebhookIn { rotate_secret: Some(true), ..WebhookIn::default() };
            let (hook, secret) = alter(&app, &caller, &scope, id, sent).await?;
            let made = secret.map(|secret| (hook.name, secret));
            return draw(&app, &caller, &scope, &site, WebhookIn::default(), Vec::new(), made).await;
        }
        "remove" => {
            remove_hook(&app, &caller, &scope, id).await?;
            list
        }
        _ => return Err(ApiError::Invalid(Vec::new())),
    };
    Ok(Redirect::to(&place).into_response())
}

/// What went to a hook, or is to go there.
pub(super) async fn log(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    Path(HookInPath { webhook }): Path<HookInPath>,
    asked: Asked,
) -> Result<Response, ApiError> {
    let hook = find(&app, &scope, &webhook).await?;
    let state = asked.get("state").and_then(DeliveryState::parse);
    draw_log(&app, &caller, &scope, &site, &hook, state, Vec::new()).await
}

async fn draw_log(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    site: &SiteEntry,
    hook: &Webhook,
    state: Option<DeliveryState>,
    refusals: Vec<String>,
) -> Result<Response, ApiError> {
    let deliveries = app.store.deliveries().log(scope, &hook.id, state, SHOWN).await?;
    let crm = hook.crm.as_ref();
    render(&Log {
        frame: Frame::of(app, caller),
        site: site.site.key.clone(),
        site_name: site.site.name.clone(),
        hook: hook_row(app, scope, hook).await?,
        deliveries: deliveries.into_iter().map(DeliveryRow::of).collect(),
        is_failed_only: state == Some(DeliveryState::Failed),
        refusals,
        contact: crm.map(|crm| crm.contact.clone()).unwrap_or_default(),
        fields: crm.map(|crm| field_rows(&crm.fields)).unwrap_or_default(),
    })
}

/// Changes what is written where, or shows what is wrong with it, as it was entered.
async fn change_fields(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    site: &SiteEntry,
    form: &Form,
) -> Result<Response, ApiError> {
    let (contact, fields) = (form.text("contact").to_owned(), entered_fields(form));
    let sent =
        WebhookIn { contact: Some(contact.clone()), fields: Some(fields.clone()), ..WebhookIn::default() };
    let id = form.text("webhook");
    match alter(app, caller, scope, id, sent).await {
        Ok((hook, _)) => {
            Ok(Redirect::to(&format!("/dashboard/{}/webhooks/{}", scope.site(), hook.id)).into_response())
        }
        Err(ApiError::Invalid(found)) => {
            let mut hook = find(app, scope, id).await?;
            if let Some(crm) = &mut hook.crm {
                (crm.contact, crm.fields) = (contact, fields);
            }
            let page = draw_log(app, caller, scope, site, &hook, None, terms::told(&found)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other),
    }
}
