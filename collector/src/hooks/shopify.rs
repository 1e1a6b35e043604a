//! What Shopify tells: orders, refunds, parcels, their way, returns, and who is to be forgotten.
//!
//! Fields after <https://shopify.dev/docs/api/webhooks> and the REST resources Order, Refund, Fulfillment and
//! `FulfillmentEvent`; those of returns were not seen in a recorded message, so whatever is there of them is taken.

use parere_shared::time::Millis;
use serde_json::Value;

use super::news::{Heard, News, first_text, list, moment, region, text};
use crate::store::{SKUS_MAX, kind};

/// What a message of `topic` means, that was caused at `triggered_at`.
pub(super) fn read(topic: &str, message: &Value, triggered_at: Millis) -> Vec<Heard> {
    let news = match topic {
        "orders/create" | "orders/updated" | "orders/paid" | "orders/fulfilled" | "orders/cancelled" => {
            order(topic, message, triggered_at)
        }
        "refunds/create" => part_of_order(message, triggered_at, |news, part, at| {
            news.happened(kind::REFUNDED, part, at);
        }),
        "fulfillments/create" | "fulfillments/update" => fulfillment(message, triggered_at),
        "fulfillment_events/create" => event(message, triggered_at),
        "customers/data_request" => return asked(message).into_iter().collect(),
        "customers/redact" => return vec![redact(message)],
        "shop/redact" => return vec![Heard::RedactAll],
        _ => topic.strip_prefix("returns/").and_then(|what| returned(what, message, triggered_at)),
    };
    news.map(|news| Heard::News(Box::new(news))).into_iter().collect()
}

fn order(topic: &str, message: &Value, triggered_at: Millis) -> Option<News> {
    let as_of = moment(message, "/updated_at").unwrap_or(triggered_at);
    let mut news = News::of(text(message, "/id")?, as_of);
    news.subject = text(message, "/customer/id");
    let contact = &mut news.known.contact;
    let email = first_text(message, &["/email", "/contact_email", "/customer/email"]);
    let phone = first_text(message, &["/phone", "/customer/phone", "/shipping_address/phone"]);
    let name = first_text(message, &["/customer/first_name", "/shipping_address/first_name"]);
    let known = |value: Option<String>| value.map(|value| crate::store::Known { as_of, value });
    (contact.email, contact.phone, contact.first_name) = (known(email), known(phone), known(name));
    news.known.number = known(first_text(message, &["/order_number", "/name"]));
    news.known.locale = known(text(message, "/customer_locale"));
    let province = text(message, "/shipping_address/province_code");
    news.known.region = known(region(text(message, "/shipping_address/country_code"), province));
    news.known.skus = news.fact(skus(list(message, "/line_items")));
    news.happened(kind::ORDER_PLACED, "", moment(message, "/created_at"));
    if topic == "orders/paid" {
        // The order does not say when it was paid; the message comes when it was.
        news.happened(kind::ORDER_PAID, "", Some(triggered_at));
    }
    news.happened(kind::ORDER_CANCELLED, "", moment(message, "/cancelled_at"));
    for parcel in list(message, "/fulfillments") {
        send(&mut news, parcel);
    }
    for refund in list(message, "/refunds") {
        if let Some(part) = text(refund, "/id") {
            news.happened(kind::REFUNDED, &part, moment(refund, "/created_at"));
        }
    }
    Some(news)
}

/// What is said of something that names its order, and itself.
fn part_of_order(
    message: &Value,
    triggered_at: Millis,
    tell: impl FnOnce(&mut News, &str, Option<Millis>),
) -> Option<News> {
    let mut news = News::of(text(message, "/order_id")?, triggered_at);
    let part = text(message, "/id")?;
    tell(&mut news, &part, Some(moment(message, "/created_at").unwrap_or(triggered_at)));
    Some(news)
}

fn fulfillment(message: &Value, triggered_at: Millis) -> Option<News> {
    let as_of = moment(message, "/updated_at").unwrap_or(triggered_at);
    let mut news = News::of(text(message, "/order_id")?, as_of);
    send(&mut news, message);
    Some(news)
}

/// A parcel: when it left, who carries it, and how far it has come.
fn send(news: &mut News, parcel: &Value) {
    let Some(part) = text(parcel, "/id") else { return };
    if matches!(text(parcel, "/status").as_deref(), Some("cancelled" | "error" | "failure")) {
        return;
    }
    news.happened(kind::FULFILLED, &part, moment(parcel, "/created_at"));
    let carrier = news.fact(text(parcel, "/tracking_company"));
    news.known.carrier = news.known.carrier.take().max(carrier);
    if let Some(what) = text(parcel, "/shipment_status").as_deref().and_then(step) {
        news.happened(what, &part, moment(parcel, "/updated_at"));
    }
}

fn event(message: &Value, triggered_at: Millis) -> Option<News> {
    let at = moment(message, "/happened_at").or(moment(message, "/created_at")).unwrap_or(triggered_at);
    let mut news = News::of(text(message, "/order_id")?, at);
    let what = text(message, "/status").as_deref().and_then(step)?;
    news.happened(what, &text(message, "/fulfillment_id")?, Some(at));
    Some(news)
}

/// How far a parcel has come, where that means something to the customer.
fn step(status: &str) -> Option<&'static str> {
    match status.to_ascii_lowercase().as_str() {
        "in_transit" | "carrier_picked_up" => Some(kind::IN_TRANSIT),
        "out_for_delivery" => Some(kind::OUT_FOR_DELIVERY),
        "delayed" => Some(kind::DELAYED),
        "delivered" => Some(kind::DELIVERED),
        "attempted_delivery" | "failure" => Some(kind::DELIVERY_FAILED),
        _ => None,
    }
}

fn returned(what: &str, message: &Value, triggered_at: Millis) -> Option<News> {
    let kind = match what {
        "request" | "approve" | "reopen" => kind::RETURN_OPENED,
        "close" => kind::RETURN_FINISHED,
        "cancel" | "decline" => kind::RETURN_CANCELLED,
        _ => return None,
    };
    let order = first_text(message, &["/order_id", "/order/id", "/order/admin_graphql_api_id"])?;
    let part = first_text(message, &["/id", "/admin_graphql_api_id"])?;
    let mut news = News::of(number(&order).to_owned(), triggered_at);
    news.happened(kind, number(&part), Some(triggered_at));
    Some(news)
}

/// The number in a name like `gid://shopify/Order/820982911946154508`.
fn number(id: &str) -> &str {
    id.rsplit('/').next().and_then(|end| end.split('?').next()).unwrap_or(id)
}

fn asked(message: &Value) -> Option<Heard> {
    text(message, "/data_request/id").map(Heard::Asked)
}

fn redact(message: &Value) -> Heard {
    let orders = list(message, "/orders_to_redact").iter().filter_map(|order| text(order, ""));
    Heard::Redact { orders: orders.collect(), subject: text(message, "/customer/id") }
}

/// The articles of an order; none where none has a number.
pub(super) fn skus(lines: &[Value]) -> Option<std::collections::BTreeSet<String>> {
    let skus: std::collections::BTreeSet<String> =
        lines.iter().filter_map(|line| text(line, "/sku")).take(SKUS_MAX).collect();
    (!skus.is_empty()).then_some(skus)
}
