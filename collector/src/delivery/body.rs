//! What is sent, read from the store at the moment of sending: what was erased meanwhile is not told.

use bytes::Bytes;
use parere_shared::time::{self, Millis};
use serde_json::json;

use super::hand_off::{on_its_way, told};
use super::{digest, slack};
use crate::app::App;
use crate::auth::SiteScope;
use crate::catalogue::{SiteEntry, date_of};
use crate::export::write_object;
use crate::store::{About, Delivery, Filter, Occasion, Order, Row, Webhook, WebhookKind};

/// A body, and what of it is a shopper's own words.
pub(super) struct Body {
    pub(super) bytes: Bytes,
    pub(super) comment: Option<String>,
}

impl Body {
    fn of(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into(), comment: None }
    }
}

/// The body of a delivery; `None` if what it tells of is not there any more, or is told otherwise (`crm.rs`).
pub(super) async fn read(
    app: &App,
    site: &SiteEntry,
    hook: &Webhook,
    delivery: &Delivery,
) -> anyhow::Result<Option<Body>> {
    let page = format!("{}/dashboard/{}", app.public_url, site.site.key);
    match delivery.about {
        About::Response(id, _) => {
            let scope = SiteScope::at_the_machine(&site.site.key);
            let filter = Filter { ids: Some(vec![id]), ..Filter::default() };
            let found = app.store.page(&scope, &filter, Order::NewestFirst, None, 1).await?.pop();
            let Some(row) = found.map(|stored| stored.row) else { return Ok(None) };
            let bytes = match hook.kind {
                WebhookKind::Standard => response(&row, &site.site.key, delivery)?,
                WebhookKind::Slack => {
                    let shown =
                        site.survey(&row.survey).and_then(|entry| entry.instruments.get(&row.instrument));
                    let is_revised = delivery.occasion == Occasion::Updated;
                    let link = format!("{page}/responses/{}", id.encode());
                    message(&slack::response(&row, shown.map(|shown| &shown.scale), is_revised, &link))
                }
                WebhookKind::HubSpot | WebhookKind::Klaviyo => return Ok(None),
            };
            Ok(Some(Body { bytes: bytes.into(), comment: row.comment }))
        }
        About::Day(day) => {
            let told = digest::read(&*app.store, site, day).await?;
            Ok(Some(Body::of(match hook.kind {
                WebhookKind::Standard => envelope(delivery, &serde_json::to_vec(&told)?),
                WebhookKind::Slack => message(&slack::digest(&told, &site.site.name, &page_of_day(app, day))),
                WebhookKind::HubSpot | WebhookKind::Klaviyo => return Ok(None),
            })))
        }
        About::Invitation(id) => {
            let scope = SiteScope::at_the_machine(&site.site.key);
            let Some(invitation) = on_its_way(app, &scope, id).await? else { return Ok(None) };
            let told = told(app, site, &invitation);
            Ok(told.map(|told| Body::of(envelope(delivery, told.to_string().as_bytes()))))
        }
        About::Nothing => {
            let text = format!("A test from parere: {} is connected.", hook.name);
            Ok(Some(Body::of(match hook.kind {
                WebhookKind::Standard => {
                    envelope(delivery, json!({"site": site.site.key, "text": text}).to_string().as_bytes())
                }
                WebhookKind::Slack => message(&slack::escaped(&text)),
                WebhookKind::HubSpot | WebhookKind::Klaviyo => return Ok(None),
            })))
        }
    }
}

/// The dashboard as it looks back on a day.
fn page_of_day(app: &App, day: i32) -> String {
    format!("{}/dashboard?from={}&to={}", app.public_url, date_of(day), date_of(day + 1))
}

/// `{"type", "timestamp", "data": {"site", "response": …}}`; an answer looks the same as in an export.
fn response(row: &Row, site: &str, delivery: &Delivery) -> serde_json::Result<Vec<u8>> {
    let mut data = b"{\"site\":".to_vec();
    serde_json::to_writer(&mut data, site)?;
    data.extend_from_slice(b",\"response\":");
    write_object(row, &mut data)?;
    data.push(b'}');
    Ok(envelope(delivery, &data))
}

fn envelope(delivery: &Delivery, data: &[u8]) -> Vec<u8> {
    let at: Millis = delivery.created_at;
    let mut body =
        format!(r#"{{"type":"{}","timestamp":"{}","data":"#, delivery.occasion.as_str(), time::format(at))
            .into_bytes();
    body.extend_from_slice(data);
    body.push(b'}');
    body
}

fn message(text: &str) -> Vec<u8> {
    json!({ "text": text }).to_string().into_bytes()
}
