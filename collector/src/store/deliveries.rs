//! The queue of what goes to hooks: one more set of verbs, the same for every back end.
//!
//! A delivery is put in the queue by the transaction that stores what it tells ([`Store::append`](super::Store::append)).
//! Whoever sends it first claims it: its moment is put off by as long as a try can take. Who dies meanwhile leaves it
//! to whoever comes by after that moment, so it is sent at least once, and always under the same id.

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;

use super::back_end::{BackEnd, verbs};
use super::webhook::{Delivery, DeliveryState, Settled, Webhook};
use crate::auth::SiteScope;

/// The verbs on hooks and their queue; comes from `deliveries` of a store.
#[derive(Debug, Clone, Copy)]
pub struct Deliveries<'a>(pub(super) BackEnd<'a>);

verbs! { Deliveries:
    /// Every hook of every site, the removed ones too, with the site's key.
    all_webhooks() -> Vec<(String, Webhook)>;
    /// Hooks of a site, the oldest first.
    webhooks(scope: &SiteScope) -> Vec<Webhook>;
    /// Adds a hook.
    add_webhook(scope: &SiteScope, hook: &Webhook) -> ();
    /// Writes name, kind, address, occasions, hour, secret and state of a hook; `false` if there is none.
    change_webhook(scope: &SiteScope, hook: &Webhook) -> bool;
    /// Nothing goes to a hook any more, and nobody sees it; `false` if there is none.
    remove_webhook(scope: &SiteScope, hook: &str) -> bool;
    /// Puts a delivery in the queue, unless it is or was there.
    enqueue(scope: &SiteScope, delivery: &Delivery) -> ();
    /// Puts the digest of a day in the queue, unless the hook has had it or a later one.
    enqueue_digest(scope: &SiteScope, day: i32, delivery: &Delivery) -> ();
    /// What waits for a hook and is due, the earliest first.
    due(scope: &SiteScope, hook: &str, now: Millis, limit: usize) -> Vec<Delivery>;
    /// Takes those that are still due at `now` until `until`; gives back their ids. Nobody else gets them until then.
    claim(scope: &SiteScope, deliveries: &[String], now: Millis, until: Millis) -> Vec<String>;
    /// Writes what became of a claimed delivery; where the receiver is gone, the hook is switched off.
    settle(scope: &SiteScope, settled: &Settled) -> bool;
    /// The latest deliveries of a hook, newest first, of one state or of all.
    log(scope: &SiteScope, hook: &str, state: Option<DeliveryState>, limit: usize) -> Vec<Delivery>;
    /// Answers of which a hook was or is to be told by what was put in the queue at `since` or later: of the
    /// latest `limit` deliveries, the latest first; an answer that is told several times is there several times.
    told_since(scope: &SiteScope, hook: &str, since: Millis, limit: usize) -> Vec<ResponseId>;
    /// Puts a delivery back into the queue, due at once and with its whole schedule; one that waits keeps its moment.
    /// `false` if there is none.
    replay(scope: &SiteScope, hook: &str, delivery: &str, now: Millis) -> bool;
    /// Forgets a slice of the deliveries that were put in the queue before `before`, and a removed hook when none is
    /// left; says how many are forgotten.
    forget_deliveries(scope: &SiteScope, hook: &str, before: Millis) -> u64;
}

/// Most deliveries that are forgotten in one transaction: a few milliseconds.
pub(super) const FORGOTTEN_MAX: i64 = 500;
