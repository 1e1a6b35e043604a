//! What happened to a customer, and may be a reason to ask or not to ask.

use parere_shared::time::{DAY_MS, Millis};
use serde_json::{Map, Value};

use super::row::Seq;
use super::source::SourceName;

/// What happens in every shop and at every help desk; merchants have words of their own beside them.
pub mod kind {
    /// An order was placed.
    pub const ORDER_PLACED: &str = "order_placed";
    /// It was paid.
    pub const ORDER_PAID: &str = "order_paid";
    /// It left the shop, or a part of it.
    pub const FULFILLED: &str = "fulfilled";
    /// The carrier has it.
    pub const IN_TRANSIT: &str = "in_transit";
    /// It comes today.
    pub const OUT_FOR_DELIVERY: &str = "out_for_delivery";
    /// It comes later than was said.
    pub const DELAYED: &str = "delayed";
    /// It is there, or a part of it.
    pub const DELIVERED: &str = "delivered";
    /// Nobody was there, or it came back.
    pub const DELIVERY_FAILED: &str = "delivery_failed";
    /// It was cancelled.
    pub const ORDER_CANCELLED: &str = "order_cancelled";
    /// Money was given back.
    pub const REFUNDED: &str = "refunded";
    /// The customer wants to give something back.
    pub const RETURN_OPENED: &str = "return_opened";
    /// That is done.
    pub const RETURN_FINISHED: &str = "return_finished";
    /// Nothing came of it: it was called off or declined.
    pub const RETURN_CANCELLED: &str = "return_cancelled";
    /// A ticket was opened.
    pub const TICKET_OPENED: &str = "ticket_opened";
    /// It was closed.
    pub const TICKET_CLOSED: &str = "ticket_closed";
    /// It was opened again.
    pub const TICKET_REOPENED: &str = "ticket_reopened";
    /// A chat is over.
    pub const CHAT_ENDED: &str = "chat_ended";
    /// The customer is to be forgotten.
    pub const REDACTED: &str = "redacted";

    /// Those of an order.
    pub const OF_ORDERS: [&str; 13] = [
        ORDER_PLACED,
        ORDER_PAID,
        FULFILLED,
        IN_TRANSIT,
        OUT_FOR_DELIVERY,
        DELAYED,
        DELIVERED,
        DELIVERY_FAILED,
        ORDER_CANCELLED,
        REFUNDED,
        RETURN_OPENED,
        RETURN_FINISHED,
        RETURN_CANCELLED,
    ];
}

/// Most characters of a kind: a word or a few.
const KIND_CHARS_MAX: usize = 40;

/// Is it a word that something can be called by: `[a-z0-9_]{1,40}`?
pub fn is_kind(text: &str) -> bool {
    (1..=KIND_CHARS_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// How long it is kept that something happened, in milliseconds: a year, and what a rule may wait after it.
pub const HAPPENING_KEPT_MS: Millis = 400 * DAY_MS;

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Happening {
    /// Who told it.
    pub source: SourceName,
    /// What it is told from others of the source by: told twice, it happened once.
    pub id: String,
    /// What it was: one of [`kind`], or the merchant's own word.
    pub kind: String,
    /// When it happened.
    pub at: Millis,
    /// When it was told.
    pub received_at: Millis,
    /// Which order it is about.
    pub order: Option<String>,
    /// Which ticket it is about.
    pub ticket: Option<String>,
    /// Keyed hash of the merchant's reference for the customer.
    pub subject: Option<[u8; 32]>,
    /// What else was told of it; nothing that tells who the customer is.
    pub properties: Map<String, Value>,
}

/// A happening in its place: they are told in this order, and none comes before one that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Its place.
    pub seq: Seq,
    /// What happened.
    pub happening: Happening,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_plain_words() {
        assert!(kind::OF_ORDERS.into_iter().all(is_kind));
        for (text, expected) in [
            ("gift_wrapped_2", true),
            ("", false),
            ("Gift", false),
            ("gift-wrapped", false),
            (&*"x".repeat(KIND_CHARS_MAX), true),
            (&*"x".repeat(KIND_CHARS_MAX + 1), false),
        ] {
            assert_eq!(is_kind(text), expected, "{text}");
        }
    }
}
