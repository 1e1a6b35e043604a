//! What a change of an answer means for a site's hooks; each back end looks hooks up and writes what is due.

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use sha2::{Digest as _, Sha256};

use super::Record;
use super::settle::Standing;
use super::webhook::{About, Delivery, DeliveryState, Occasion};
use crate::random::hex;

/// A hook as ingest sees it.
#[derive(Debug, Clone)]
pub(super) struct Listener {
    /// What it is called by.
    pub(super) hook: String,
    /// What it is told of.
    pub(super) occasions: Vec<Occasion>,
}

/// Names of the bands that an answer to a detractor has, whatever is measured.
const LOWEST: [&str; 2] = ["detractor", "negative"];

/// The deliveries that follow when `record` was stored in the place of `before`.
///
/// Their ids follow from what they tell, so that who stores the same answer twice puts nothing in the queue twice.
pub(super) fn due(
    listeners: &[Listener],
    before: Option<&Standing>,
    after: &Standing,
    record: &Record,
) -> Vec<Delivery> {
    if listeners.is_empty() || !record.is_news {
        return Vec::new();
    }
    let happened = happened(before, after);
    let of = |listener: &Listener| {
        let wished = happened.iter().filter(|occasion| listener.occasions.contains(occasion));
        wished.map(|occasion| delivery(&listener.hook, *occasion, record)).collect::<Vec<_>>()
    };
    listeners.iter().flat_map(of).collect()
}

/// What there is to tell when an answer stands as `after` and stood as `before`.
fn happened(before: Option<&Standing>, after: &Standing) -> Vec<Occasion> {
    let change = if before.is_none() { Occasion::Created } else { Occasion::Updated };
    let is_news = before.is_none_or(|before| {
        !is_detractor(before) || (after.counted.is_commented && !before.counted.is_commented)
    });
    let detractor = (is_detractor(after) && is_news).then_some(Occasion::Detractor);
    [change].into_iter().chain(detractor).collect()
}

/// Is it in the lowest band, and does it count?
pub(super) fn is_detractor(standing: &Standing) -> bool {
    LOWEST.contains(&&*standing.band) && !standing.counted.test && !standing.counted.flags.excludes()
}

fn delivery(hook: &str, occasion: Occasion, record: &Record) -> Delivery {
    let (id, revision) = (record.row.id, record.row.revision);
    let told = format!("{}\n{hook}\n{}\n{}\n{revision}", record.site, occasion.as_str(), id.encode());
    new_delivery(hook, occasion, About::Response(id, revision), &told, record.row.received_at)
}

/// The digest of a local day for a hook.
pub fn digest(site: &str, hook: &str, day: i32, now: Millis) -> Delivery {
    let told = format!("{site}\n{hook}\n{}\n{day}", Occasion::Digest.as_str());
    new_delivery(hook, Occasion::Digest, About::Day(day), &told, now)
}

/// An invitation that a hook is to bring to its customer.
pub fn hand_off(site: &str, hook: &str, id: ResponseId, now: Millis) -> Delivery {
    let told = format!("{site}\n{hook}\n{}\n{}", Occasion::Invitation.as_str(), id.encode());
    new_delivery(hook, Occasion::Invitation, About::Invitation(id), &told, now)
}

/// A delivery that is due at once; what it tells, `told`, makes its id.
pub fn new_delivery(hook: &str, occasion: Occasion, about: About, told: &str, now: Millis) -> Delivery {
    let digest = Sha256::digest(told.as_bytes());
    Delivery {
        id: format!("msg_{}", hex(digest.get(..16).unwrap_or_default())),
        hook: hook.into(),
        occasion,
        about,
        state: DeliveryState::Waiting,
        tries: 0,
        due_at: now,
        created_at: now,
        attempts: Vec::new(),
    }
}
