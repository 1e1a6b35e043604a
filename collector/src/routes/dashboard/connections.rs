//! Where a site hears from, for people: the same as the operators' API has.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::form::Form;
use super::words::Moment;
use super::{Frame, render};
use crate::app::App;
use crate::auth::{ADMIN, Caller, May, SiteScope};
use crate::catalogue::SiteEntry;
use crate::error::ApiError;
use crate::hooks::TRIGGER_BODY;
use crate::routes::sources::{address, connect, disconnect};
use crate::store::{Source, SourceName};

#[derive(Template)]
#[template(path = "dashboard/connections.html")]
struct Page {
    frame: Frame,
    site: String,
    site_name: String,
    connected: Vec<Row>,
    others: Vec<Row>,
    /// What was wrong with the last wish; nothing at the first.
    refusals: Vec<String>,
    /// A secret that was just made: of what, and the text that is shown this once.
    made: Option<(&'static str, String)>,
}

struct Row {
    name: &'static str,
    called: &'static str,
    /// What is done on the other side.
    there: &'static str,
    /// What is written there, word by word; empty where nothing is.
    body: &'static str,
    address: String,
    heard: Option<Moment>,
    /// When a message was last refused, and why.
    refused: Option<(Moment, String)>,
    /// Is the secret made on the other side?
    is_given: bool,
}

impl Row {
    fn of(app: &App, site: &str, name: SourceName, source: Option<&Source>) -> Self {
        let refused = source.and_then(|source| source.refused.as_ref());
        Self {
            name: name.as_str(),
            called: called(name),
            there: there(name),
            body: if name == SourceName::Zendesk { TRIGGER_BODY } else { "" },
            address: address(app, name, site),
            heard: source.and_then(|source| source.heard_at).map(Moment::new),
            refused: refused.map(|(at, why)| (Moment::new(*at), why.clone())),
            is_given: name.makes_its_secret(),
        }
    }
}

/// What people call it.
fn called(name: SourceName) -> &'static str {
    match name {
        SourceName::Shopify => "Shopify",
        SourceName::WooCommerce => "WooCommerce",
        SourceName::Orders => "Orders from a program of yours",
        SourceName::HelpScout => "Help Scout",
        SourceName::Zendesk => "Zendesk",
        SourceName::Tickets => "Tickets from a program of yours",
        SourceName::Bounces => "Mail that came back",
    }
}

fn there(name: SourceName) -> &'static str {
    match name {
        SourceName::Shopify => {
            "In Shopify, under Settings, Notifications, Webhooks: one webhook for each event, as JSON, to this \
             address. The secret stands below the list there."
        }
        SourceName::WooCommerce => {
            "In WordPress, under WooCommerce, Settings, Advanced, Webhooks: one each for order created, updated and \
             deleted, active, with this address and the secret."
        }
        SourceName::Orders => {
            "Your program sends each event of an order to this address, signed with the secret."
        }
        SourceName::HelpScout => {
            "In Help Scout, under Manage, Apps, Webhooks: this address, the secret, and the events of conversations."
        }
        SourceName::Zendesk => {
            "In the Admin Center, under Apps and integrations, Webhooks: a webhook for ticket events, to this address. \
             Its page shows the signing secret. Another webhook, connected to a trigger that runs when a ticket is \
             created, says whose it is: to this address, too, with the JSON below. Enter both secrets, a comma between."
        }
        SourceName::Tickets => {
            "Your program sends each event of a ticket to this address, signed with the secret."
        }
        SourceName::Bounces => {
            "Whoever sends your mail tells this address which letters came back, signed with the secret."
        }
    }
}

/// The connections of a site, and those that there could be.
pub(super) async fn page(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
) -> Result<Response, ApiError> {
    draw(&app, &caller, &scope, &site, Vec::new(), None).await
}

async fn draw(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    site: &SiteEntry,
    refusals: Vec<String>,
    made: Option<(&'static str, String)>,
) -> Result<Response, ApiError> {
    let kept = app.store.sources().sources(scope).await?;
    let (mut connected, mut others) = (Vec::new(), Vec::new());
    for name in SourceName::ALL {
        let source = kept.iter().find(|source| source.name == name);
        let rows = if source.is_some() { &mut connected } else { &mut others };
        rows.push(Row::of(app, scope.site(), name, source));
    }
    render(&Page {
        frame: Frame::of(app, caller),
        site: site.site.key.clone(),
        site_name: site.site.name.clone(),
        connected,
        others,
        refusals,
        made,
    })
}

/// Connects, makes another secret, or ends a connection: the button says which.
pub(super) async fn act(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    form: Form,
) -> Result<Response, ApiError> {
    let name = SourceName::parse(form.text("source")).ok_or(ApiError::Invalid(Vec::new()))?;
    let list = format!("/dashboard/{}/connections", scope.site());
    match form.text("act") {
        "connect" => match connect(&app, &caller, &scope, name, Some(form.text("secret"))).await {
            Ok((_, Some(secret))) => {
                draw(&app, &caller, &scope, &site, Vec::new(), Some((called(name), secret))).await
            }
            Ok((_, None)) => Ok(Redirect::to(&list).into_response()),
            Err(ApiError::Invalid(found)) => {
                let told = found.iter().map(|violation| format!("{}: {}.", called(name), violation.rule));
                let page = draw(&app, &caller, &scope, &site, told.collect(), None).await?;
                Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
            }
            Err(other) => Err(other),
        },
        "disconnect" => {
            disconnect(&app, &caller, &scope, name).await?;
            Ok(Redirect::to(&list).into_response())
        }
        _ => Err(ApiError::Invalid(Vec::new())),
    }
}
