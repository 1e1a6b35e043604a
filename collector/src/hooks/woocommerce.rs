//! What `WooCommerce` tells: an order as its REST API has it, version 3, whenever it changes.
//!
//! Fields after <https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties>.

use parere_shared::time::Millis;
use serde_json::Value;

use super::news::{Heard, News, first_text, list, region, text};
use super::shopify::skus;
use crate::store::{Known, kind};

/// What a message of `topic` means, that came at `received_at`.
pub(super) fn read(topic: &str, message: &Value, received_at: Millis) -> Vec<Heard> {
    match topic {
        "order.created" | "order.updated" | "order.restored" => {
            let news = order(message, received_at).map(|news| Heard::News(Box::new(news)));
            news.into_iter().collect()
        }
        // Whoever deletes an order wants nobody to know who ordered.
        "order.deleted" => {
            let orders: Vec<String> = text(message, "/id").into_iter().collect();
            if orders.is_empty() { Vec::new() } else { vec![Heard::Redact { orders, subject: None }] }
        }
        _ => Vec::new(),
    }
}

fn order(message: &Value, received_at: Millis) -> Option<News> {
    let as_of = utc(message, "/date_modified_gmt").unwrap_or(received_at);
    let mut news = News::of(text(message, "/id")?, as_of);
    // A guest is customer 0.
    news.subject = text(message, "/customer_id").filter(|id| id != "0");
    let known = |value: Option<String>| value.map(|value| Known { as_of, value });
    let contact = &mut news.known.contact;
    contact.email = known(text(message, "/billing/email"));
    contact.phone = known(first_text(message, &["/billing/phone", "/shipping/phone"]));
    contact.first_name = known(first_text(message, &["/billing/first_name", "/shipping/first_name"]));
    news.known.number = known(text(message, "/number"));
    let place = if text(message, "/shipping/country").is_some() { "/shipping" } else { "/billing" };
    let part = |name: &str| text(message, &format!("{place}/{name}"));
    news.known.region = known(region(part("country"), part("state")));
    news.known.skus = news.fact(skus(list(message, "/line_items")));
    let status = text(message, "/status").unwrap_or_default();
    // An order that was never paid for is no purchase: it is one when somebody pays.
    if !matches!(&*status, "pending" | "failed" | "checkout-draft" | "trash" | "auto-draft") {
        news.happened(kind::ORDER_PLACED, "", utc(message, "/date_created_gmt"));
    }
    news.happened(kind::ORDER_PAID, "", utc(message, "/date_paid_gmt"));
    news.happened(kind::FULFILLED, "", utc(message, "/date_completed_gmt"));
    match &*status {
        "cancelled" => news.happened(kind::ORDER_CANCELLED, "", Some(as_of)),
        "refunded" => news.happened(kind::REFUNDED, "", Some(as_of)),
        _ => {}
    }
    for refund in list(message, "/refunds") {
        if let Some(part) = text(refund, "/id") {
            news.happened(kind::REFUNDED, &part, Some(as_of));
        }
    }
    Some(news)
}

/// A moment that `WooCommerce` writes without its zone, which is UTC.
fn utc(message: &Value, path: &str) -> Option<Millis> {
    let text = message.pointer(path)?.as_str()?;
    parere_shared::time::parse(&if text.ends_with('Z') { text.to_owned() } else { format!("{text}Z") })
}
