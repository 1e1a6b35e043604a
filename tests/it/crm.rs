//! Answers in the merchant's CRM, by way of the same queue as every other hook.

use serde_json::{Value, json};

use crate::answer::{valid, with};
use crate::client::Client;
use crate::webhooks::Hook;
use house::{House, TOKEN};

mod house;
mod hubspot;
mod klaviyo;
mod overtaken;
mod refused;
mod several;

/// A hook into the house, of this kind and told of `events`; `other` is what else is wished.
async fn connect(client: &Client, house: &House, kind: &str, events: &[&str], other: Value) -> Hook {
    let wish = json!({"name": kind, "kind": kind, "url": house.base, "token": TOKEN, "events": events});
    Hook::made(client, &with(wish, other)).await
}

/// An answer of `email`.
fn of(email: &str, score: i32) -> Value {
    with(valid(score), json!({"attributes": {"email": email}}))
}

/// What was said of the last try of each delivery.
fn said(log: &[Value]) -> Vec<&str> {
    let last =
        |delivery: &'_ Value| -> Option<usize> { delivery["attempts"].as_array()?.len().checked_sub(1) };
    log.iter().filter_map(|delivery| delivery["attempts"][last(delivery)?]["said"].as_str()).collect()
}

/// Has every delivery been tried, with this status?
fn all_tried(log: &[Value], status: u16) -> bool {
    let has = |delivery: &Value| {
        let last = delivery["attempts"].as_array().and_then(|attempts| attempts.last());
        last.is_some_and(|last| last["status"] == status)
    };
    log.iter().all(has)
}
