//! One try: what is to be told is read and sent, and what came of it is written down.

use anyhow::Context as _;
use axum::http::Method;
use parere_shared::time::Millis;

use super::body;
use super::crm;
use super::echo::excerpt;
use super::hand_off::brought;
use super::post::Letter;
use super::schedule::{self, Outcome};
use super::signature::sign;
use crate::app::App;
use crate::auth::SiteScope;
use crate::catalogue::SiteEntry;
use crate::clock::Stopwatch;
use crate::random;
use crate::store::{ATTEMPTS_KEPT, About, Attempt, Delivery, DeliveryState, Settled, Webhook};

/// Most bytes of a receiver's reply that are looked at.
const REPLY_BYTES_MAX: usize = 1_000;

/// What is said of a delivery whose answer was erased.
pub(super) const NOT_THERE: &str = "What it tells of is not there any more.";

/// What came of one try of one delivery.
pub(super) struct Tried {
    pub(super) outcome: Outcome,
    pub(super) attempt: Attempt,
}

/// Tries what goes together once and writes down what came of each; where that cannot be written, it is tried again.
pub(super) async fn deliver(
    app: &App,
    site: &str,
    hook: &Webhook,
    deliveries: Vec<Delivery>,
    claimed_until: Millis,
) -> Outcome {
    let tried = match attempt(app, site, hook, &deliveries).await {
        Ok(tried) => tried,
        Err(error) => {
            tracing::warn!(site, hook = hook.id, "a delivery could not be read: {error:#}");
            return Outcome::NotTaken;
        }
    };
    let outcomes: Vec<Outcome> = tried.iter().map(|tried| tried.outcome).collect();
    for (delivery, tried) in deliveries.into_iter().zip(tried) {
        settle(app, site, hook, delivery, tried, claimed_until).await;
    }
    // Who took one of them is not away.
    let taken = outcomes.iter().find(|outcome| **outcome == Outcome::Taken);
    taken.or(outcomes.first()).copied().unwrap_or(Outcome::Taken)
}

async fn settle(
    app: &App,
    site: &str,
    hook: &Webhook,
    mut delivery: Delivery,
    came: Tried,
    claimed_until: Millis,
) {
    let Tried { outcome, attempt } = came;
    let share = random::bytes::<1>().map_or(0, |[byte]| byte);
    // A receiver that has no time is not one that does not take it.
    let rests_until = if let Outcome::Rests(until) = outcome { Some(until) } else { None };
    let tries = delivery.tries + u32::from(rests_until.is_none());
    let is_gone = attempt.status == Some(410) && !hook.kind.is_crm();
    let now = app.clock.now();
    let (next, due_at) = schedule::next(delivery.occasion, tries, outcome, now, share);
    app.metrics.count_delivery(next);
    if next == DeliveryState::Failed {
        tracing::warn!(site, hook = hook.id, delivery = delivery.id, "a delivery was given up");
    }
    delivery.attempts.push(attempt);
    let surplus = delivery.attempts.len().saturating_sub(ATTEMPTS_KEPT);
    delivery.attempts.drain(..surplus);
    if let About::Invitation(id) = delivery.about
        && next != DeliveryState::Waiting
        && let Err(error) = brought(app, site, id, next, now).await
    {
        tracing::warn!(site, hook = hook.id, "what came of an invitation could not be written: {error}");
    }
    let settled = Settled {
        delivery: delivery.id,
        hook: delivery.hook,
        claimed_until,
        state: next,
        tries,
        due_at,
        attempts: delivery.attempts,
        is_gone,
        rests_until,
    };
    let settled = app.store.deliveries().settle(&SiteScope::at_the_machine(site), &settled).await;
    if let Err(error) = settled {
        tracing::warn!(site, hook = hook.id, "what came of a delivery could not be written: {error}");
    }
}

async fn attempt(
    app: &App,
    site: &str,
    hook: &Webhook,
    deliveries: &[Delivery],
) -> anyhow::Result<Vec<Tried>> {
    let entry = app.catalogue.site(site).context("the site is not known here yet")?;
    if hook.kind.is_crm() {
        return crm::tell(app, &entry, hook, deliveries).await;
    }
    let mut tried = Vec::with_capacity(deliveries.len());
    for delivery in deliveries {
        tried.push(post(app, &entry, hook, delivery).await?);
    }
    Ok(tried)
}

/// Tells a receiver of one thing.
async fn post(app: &App, site: &SiteEntry, hook: &Webhook, delivery: &Delivery) -> anyhow::Result<Tried> {
    let at = app.clock.now();
    let Some(body) = body::read(app, site, hook, delivery).await? else {
        let attempt = Attempt { at, status: None, latency_ms: 0, said: NOT_THERE.into() };
        return Ok(Tried { outcome: Outcome::Never, attempt });
    };
    let timestamp_s = at.div_euclid(1_000);
    let letter = Letter {
        method: Method::POST,
        headers: vec![
            ("content-type", "application/json".into()),
            ("webhook-id", delivery.id.clone()),
            ("webhook-timestamp", timestamp_s.to_string()),
            ("webhook-signature", sign(&hook.secret, &delivery.id, timestamp_s, &body.bytes)),
        ],
        body: body.bytes,
        reply_bytes_max: REPLY_BYTES_MAX,
    };
    let clock = Stopwatch::start();
    let reply = app.poster.post(&hook.url, letter).await;
    let latency_ms = clock.milliseconds();
    Ok(match reply {
        Ok(reply) => {
            let outcome = match reply.status {
                200..=299 => Outcome::Taken,
                410 => Outcome::Never,
                _ => Outcome::NotTaken,
            };
            let words: Vec<&str> = body.comment.as_deref().into_iter().collect();
            let said =
                if outcome == Outcome::Taken { String::new() } else { excerpt(&reply.beginning, &words) };
            Tried { outcome, attempt: Attempt { at, status: Some(reply.status), latency_ms, said } }
        }
        Err(said) => {
            Tried { outcome: Outcome::NotTaken, attempt: Attempt { at, status: None, latency_ms, said } }
        }
    })
}
