//! Answers told to a CRM, where the merchant's people look: who gave which score is written beside their address.
//!
//! Who answered is known by the e-mail address that the page gave with the answer, or the shop with its order. Without
//! one nothing is sent, and no address comes into a log. What is told is read at the moment of sending, as for every other hook.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;

use super::attempt::{NOT_THERE, Tried};
use super::post::POST_MAX;
use super::schedule::Outcome;
use crate::app::App;
use crate::auth::SiteScope;
use crate::catalogue::{SiteEntry, date_of};
use crate::clock::Stopwatch;
use crate::store::{
    About, Attempt, Crm, Delivery, Filter, Occasion, Order, Row, ShopOrder, Webhook, WebhookKind,
};

mod check;
mod contacts;
mod fields;
mod klaviyo;
mod line;
mod overtaken;
mod ticket;
mod wait;

pub use fields::{CRM_FIELDS, usual_fields};
use line::{End, Line};

/// How long one parcel may take, whatever is asked for it: half of a claim.
const PARCEL_MAX: Duration = Duration::from_secs(2 * POST_MAX.as_secs());

/// What is said of an answer without an address.
const NO_ADDRESS: &str = "No e-mail address is known of who answered; nothing was sent.";

/// Where a CRM is reached, if nobody says otherwise; none for what is no CRM.
pub fn crm_home(kind: WebhookKind) -> Option<&'static str> {
    match kind {
        WebhookKind::HubSpot => Some("https://api.hubapi.com"),
        WebhookKind::Klaviyo => Some("https://a.klaviyo.com"),
        WebhookKind::Standard | WebhookKind::Slack => None,
    }
}

/// An answer of which a CRM is told, and by whom it was given.
struct Told<'a> {
    delivery: &'a Delivery,
    row: &'a Row,
    email: String,
    /// The local day on which it was given: `2026-11-21`.
    day: String,
    /// The ends of the scale.
    ends: Option<(i64, i64)>,
    /// The way to it on the dashboard.
    link: String,
    /// Did the same person answer the same measure later? Then what is known of the contact is not changed.
    is_overtaken: bool,
}

/// Tells a CRM what belongs together; says of each delivery, in their order, what came of it.
pub(super) async fn tell(
    app: &App,
    site: &SiteEntry,
    hook: &Webhook,
    deliveries: &[Delivery],
) -> anyhow::Result<Vec<Tried>> {
    let (at, clock) = (app.clock.now(), Stopwatch::start());
    let crm = hook.crm.as_ref().context("it leads into a CRM and has no token")?;
    let telling = tokio::time::timeout(PARCEL_MAX, ask(app, site, hook, crm, deliveries)).await;
    let late = |_| {
        let said = format!("Not done within {} seconds.", PARCEL_MAX.as_secs());
        Ok(vec![End { outcome: Outcome::NotTaken, status: None, said }; deliveries.len()])
    };
    let ends = telling.unwrap_or_else(late)?;
    let latency_ms = clock.milliseconds();
    let tried = |end: End| {
        let attempt = Attempt { at, status: end.status, latency_ms, said: end.said };
        Tried { outcome: end.outcome, attempt }
    };
    Ok(ends.into_iter().map(tried).collect())
}

async fn ask(
    app: &App,
    site: &SiteEntry,
    hook: &Webhook,
    crm: &Crm,
    deliveries: &[Delivery],
) -> anyhow::Result<Vec<End>> {
    let mut line = Line { app, hook, crm, words: Vec::new() };
    let Some(first) = deliveries.first() else { return Ok(Vec::new()) };
    if first.occasion == Occasion::Test {
        return Ok(vec![check::check(&line, site).await]);
    }
    let rows = read(app, site, deliveries).await?;
    let buyers = buyers(app, site, &rows).await?;
    let mut ends = BTreeMap::new();
    let mut told = Vec::new();
    for (place, delivery) in deliveries.iter().enumerate() {
        let row = rows.iter().find(|row| matches!(delivery.about, About::Response(id, _) if id == row.id));
        match row.map(|row| (row, reason_to_be_silent(row, &crm.contact, &buyers))) {
            None => {
                ends.insert(place, End { outcome: Outcome::Never, status: None, said: NOT_THERE.into() });
            }
            Some((_, Err(said))) => {
                ends.insert(place, End { outcome: Outcome::Taken, status: None, said: said.into() });
            }
            Some((row, Ok(email))) => told.push((place, told_of(app, site, delivery, row, email))),
        }
    }
    let latest = overtaken::latest(app, site, hook, crm, &told).await?;
    for (_, told) in &mut told {
        told.is_overtaken = latest.overtakes(&told.email, told.row);
    }
    for (place, _) in told.extract_if(.., |(_, told)| is_idle(hook, crm, told)) {
        ends.insert(place, End { outcome: Outcome::Taken, status: None, said: overtaken::SAID.into() });
    }
    let (places, told): (Vec<usize>, Vec<Told<'_>>) = told.into_iter().unzip();
    line.words =
        told.iter().flat_map(|told| [Some(&*told.email), told.row.comment.as_deref()]).flatten().collect();
    let came = match (hook.kind, first.occasion) {
        _ if told.is_empty() => Vec::new(),
        (WebhookKind::HubSpot, Occasion::Detractor) => ticket::write(&line, &told).await,
        (WebhookKind::HubSpot, _) => contacts::write(&line, &told).await,
        _ => klaviyo::write(&line, &told).await,
    };
    ends.extend(places.into_iter().zip(came));
    Ok(ends.into_values().collect())
}

/// Is there nothing to send? A contact learns nothing of what was overtaken; events and tickets tell of each answer.
fn is_idle(hook: &Webhook, crm: &Crm, told: &Told<'_>) -> bool {
    let is_event = hook.kind == WebhookKind::Klaviyo || crm.event.is_some();
    told.is_overtaken && !is_event && told.delivery.occasion != Occasion::Detractor
}

/// The answers of which deliveries tell, as they are now.
async fn read(app: &App, site: &SiteEntry, deliveries: &[Delivery]) -> anyhow::Result<Vec<Row>> {
    let id = |delivery: &Delivery| match delivery.about {
        About::Response(id, _) => Some(id),
        About::Day(_) | About::Invitation(_) | About::Nothing => None,
    };
    let filter = Filter { ids: Some(deliveries.iter().filter_map(id).collect()), ..Filter::default() };
    let scope = SiteScope::at_the_machine(&site.site.key);
    let found = app.store.page(&scope, &filter, Order::NewestFirst, None, deliveries.len()).await?;
    Ok(found.into_iter().map(|stored| stored.row).collect())
}

/// What the shop said of who ordered: addresses by the orders that answers name.
async fn buyers(app: &App, site: &SiteEntry, rows: &[Row]) -> anyhow::Result<BTreeMap<String, String>> {
    let named: Vec<String> = rows.iter().filter_map(|row| row.order_ref.clone()).collect();
    if named.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = app.store.orders().orders_named(&SiteScope::at_the_machine(&site.site.key), &named).await?;
    let address_of = |(name, order): (String, ShopOrder)| Some((name, order.contact.email?.value));
    Ok(found.into_iter().filter_map(address_of).collect())
}

/// The address of who gave an answer, or why nobody is told of it.
fn reason_to_be_silent(
    row: &Row,
    attribute: &str,
    buyers: &BTreeMap<String, String>,
) -> Result<String, &'static str> {
    if row.test || row.flags.excludes() {
        return Err("It is a test or in doubt; nothing was sent.");
    }
    contact_of(row, attribute, buyers).ok_or(NO_ADDRESS)
}

/// The e-mail address of who gave an answer, in small letters, as the page gave it, or else the shop; `None` if none is
/// known.
fn contact_of(row: &Row, attribute: &str, buyers: &BTreeMap<String, String>) -> Option<String> {
    let attributes: BTreeMap<String, String> = serde_json::from_str(&row.attributes).unwrap_or_default();
    let given = attributes.get(attribute).and_then(|given| address(given));
    given.or_else(|| address(buyers.get(row.order_ref.as_ref()?)?))
}

/// Most characters of an e-mail address. Source: RFC 5321, 4.5.3.1, less its brackets.
const ADDRESS_CHARS_MAX: usize = 254;

/// An address as it can be written to a contact; whether it exists is for the CRM to say.
fn address(text: &str) -> Option<String> {
    let address = text.trim();
    let (name, domain) = address.rsplit_once('@')?;
    let is_one = !name.is_empty()
        && domain.contains('.')
        && address.chars().count() <= ADDRESS_CHARS_MAX
        && !address
            .chars()
            .any(|c| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>'));
    is_one.then(|| address.to_lowercase())
}

fn told_of<'a>(app: &App, site: &SiteEntry, delivery: &'a Delivery, row: &'a Row, email: String) -> Told<'a> {
    let shown = site.survey(&row.survey).and_then(|entry| entry.instruments.get(&row.instrument));
    Told {
        delivery,
        row,
        email,
        day: date_of(site.day_of(row.occurred_at)).to_string(),
        ends: shown.map(|shown| (shown.scale.min.into(), shown.scale.max.into())),
        link: format!("{}/dashboard/{}/responses/{}", app.public_url, site.site.key, row.id.encode()),
        is_overtaken: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_or_nothing_is_sent() {
        for (text, expected) in [
            ("luca@shop.example", Some("luca@shop.example")),
            (" Luca.Rossi+x@Shop.Example ", Some("luca.rossi+x@shop.example")),
            ("\"a@b\"@shop.example", Some("\"a@b\"@shop.example")),
            ("luca", None),
            ("@shop.example", None),
            ("luca@localhost", None),
            ("luca@shop.example, anna@shop.example", None),
            ("Luca <luca@shop.example>", None),
            ("luca@shop\n.example", None),
            ("", None),
        ] {
            assert_eq!(address(text).as_deref(), expected, "{text}");
        }
        assert_eq!(address(&format!("{}@shop.example", "a".repeat(250))), None);
    }
}
