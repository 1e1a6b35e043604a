//! What help desks tell of tickets, joined with what is known of them.

use parere_shared::time::Millis;
use serde::Deserialize as _;
use serde_json::Value;

use super::{Message, helpscout, zendesk};
use crate::app::App;
use crate::error::ApiError;
use crate::ingest::record::subject_hash;
use crate::routes;
use crate::store::{Since, Site, SourceName, Ticket, TicketEvent};

/// What a message tells of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heard {
    /// The ticket, without its customer.
    pub(super) ticket: Ticket,
    /// The customer's e-mail address, and since when; kept as a keyed hash.
    pub(super) customer: Since<String>,
}

/// Joins what a message of a help desk tells; one of another source tells nothing here. On disk when it is done.
///
/// A help desk's message that says nothing we know is taken all the same: it would come again and again.
pub async fn hear(app: &App, message: &Message) -> Result<(), ApiError> {
    let site = &message.site.site;
    let told = match message.source {
        SourceName::Tickets => routes::tickets::read(&understood(&message.body), site, message.at)?,
        SourceName::HelpScout | SourceName::Zendesk => {
            let body = serde_json::from_slice(&message.body).unwrap_or(Value::Null);
            read(message, &body, message.at)
                .map(|heard| known(site, heard))
                .transpose()?
                .into_iter()
                .collect()
        }
        SourceName::Shopify | SourceName::WooCommerce | SourceName::Orders | SourceName::Bounces => {
            return Ok(());
        }
    };
    if !told.is_empty() {
        app.store.tickets().join_tickets(&message.scope, &told).await?;
        app.live.tell(message.scope.site());
    }
    Ok(())
}

fn read(message: &Message, body: &Value, now: Millis) -> Option<Heard> {
    match message.source {
        SourceName::HelpScout => helpscout::read(message.header("x-helpscout-event"), body, now),
        _ => zendesk::read(body),
    }
}

/// Of a message in our own words the part that is understood: known fields of known events. What is wrong with those is
/// said, and what somebody adds one day breaks nothing.
fn understood(body: &[u8]) -> Vec<u8> {
    const FIELDS: [&str; 7] = ["ticket", "event", "at", "subject", "channel", "tags", "ref"];
    let items = match serde_json::from_slice(body) {
        Ok(Value::Array(items)) => items,
        Ok(one) => vec![one],
        Err(_) => Vec::new(),
    };
    let is_known =
        |item: &Value| item.get("event").is_some_and(|event| TicketEvent::deserialize(event).is_ok());
    let known = items.into_iter().filter(is_known).map(|mut item| {
        if let Some(fields) = item.as_object_mut() {
            fields.retain(|name, _| FIELDS.contains(&name.as_str()));
        }
        item
    });
    Value::Array(known.collect()).to_string().into_bytes()
}

/// The ticket with its customer's hash: that of the address in small letters, as a shop's pages would send it.
fn known(site: &Site, heard: Heard) -> Result<Ticket, ApiError> {
    let hash = |(at, customer): (Millis, String)| {
        Ok::<_, ApiError>((at, subject_hash(site, &customer.trim().to_lowercase())?))
    };
    Ok(Ticket { subject: heard.customer.map(hash).transpose()?, ..heard.ticket })
}
