//! One try: what is to be told is read and sent, and what came of it is written down.

use anyhow::Context as _;
use parere_shared::response::ResponseId;
use parere_shared::text;
use parere_shared::time::Millis;

use super::body;
use super::post::Letter;
use super::schedule::{self, Outcome};
use super::signature::sign;
use crate::app::App;
use crate::auth::SiteScope;
use crate::clock::Stopwatch;
use crate::random;
use crate::store::{
    self, ATTEMPTS_KEPT, About, Attempt, Delivery, DeliveryState, InvitationState, Settled,
    SettledInvitation, Webhook,
};

/// Tries a delivery once and writes down what came of it; where that cannot be written, it is tried again.
pub(super) async fn deliver(
    app: &App,
    site: &str,
    hook: &Webhook,
    mut delivery: Delivery,
    claimed_until: Millis,
) -> Outcome {
    let (outcome, attempt) = match attempt(app, site, hook, &delivery).await {
        Ok(tried) => tried,
        Err(error) => {
            tracing::warn!(site, hook = hook.id, "a delivery could not be read: {error:#}");
            return Outcome::NotTaken;
        }
    };
    let share = random::bytes::<1>().map_or(0, |[byte]| byte);
    let tries = delivery.tries + 1;
    let is_gone = attempt.status == Some(410);
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
    };
    let settled = app.store.deliveries().settle(&SiteScope::at_the_machine(site), &settled).await;
    if let Err(error) = settled {
        tracing::warn!(site, hook = hook.id, "what came of a delivery could not be written: {error}");
    }
    outcome
}

/// An invitation is on its way to its customer, or nobody takes it there.
async fn brought(
    app: &App,
    site: &str,
    id: ResponseId,
    delivery: DeliveryState,
    now: Millis,
) -> store::Result<()> {
    let scope = SiteScope::at_the_machine(site);
    let Some(found) = app.store.invitations().invited(&scope, id).await? else { return Ok(()) };
    let is_brought = delivery == DeliveryState::Delivered;
    let settled = SettledInvitation {
        id,
        claimed_until: found.due_at,
        state: if is_brought { InvitationState::Sent } else { InvitationState::Failed },
        reason: if is_brought { String::new() } else { "given_up".into() },
        tries: found.tries,
        due_at: now,
        sent_at: is_brought.then_some(now),
    };
    app.store.invitations().settle_invitation(&scope, &settled).await?;
    Ok(())
}

async fn attempt(
    app: &App,
    site: &str,
    hook: &Webhook,
    delivery: &Delivery,
) -> anyhow::Result<(Outcome, Attempt)> {
    let at = app.clock.now();
    let entry = app.catalogue.site(site).context("the site is not known here yet")?;
    let Some(body) = body::read(app, &entry, hook, delivery).await? else {
        let said = "What it tells of is not there any more.".into();
        return Ok((Outcome::Never, Attempt { at, status: None, latency_ms: 0, said }));
    };
    let timestamp_s = at.div_euclid(1_000);
    let letter = Letter {
        headers: [
            ("webhook-id", delivery.id.clone()),
            ("webhook-timestamp", timestamp_s.to_string()),
            ("webhook-signature", sign(&hook.secret, &delivery.id, timestamp_s, &body.bytes)),
        ],
        body: body.bytes,
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
            let said = match outcome {
                Outcome::Taken => String::new(),
                _ => excerpt(&reply.beginning, body.comment.as_deref()),
            };
            (outcome, Attempt { at, status: Some(reply.status), latency_ms, said })
        }
        Err(said) => (Outcome::NotTaken, Attempt { at, status: None, latency_ms, said }),
    })
}

/// Shortest stretch of a comment by which a reply is known to repeat it, in characters.
const ECHO_CHARS: usize = 12;

/// How a reply begins, for the log; none of what a shopper wrote, which a receiver may have sent back.
fn excerpt(reply: &[u8], comment: Option<&str>) -> String {
    let said = text::clean(&String::from_utf8_lossy(reply), reply.len());
    let repeats = comment.is_some_and(|comment| {
        let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<Vec<_>>();
        let (said, comment) = (letters(&said), letters(comment));
        let stretch = ECHO_CHARS.min(comment.len()).max(1);
        let mut stretches = comment.windows(stretch);
        stretches.any(|stretch| said.windows(stretch.len()).any(|there| there == stretch))
    });
    if repeats { "(The reply repeats the answer; it is not kept.)".into() } else { said }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_answer_comes_into_the_log_by_way_of_a_reply() {
        let kept = "(The reply repeats the answer; it is not kept.)";
        for (reply, comment, expected) in [
            ("no such hook", None, "no such hook"),
            ("no such hook", Some("Ottime scarpe, davvero"), "no such hook"),
            ("bad: Ottime scarpe, davvero", Some("Ottime scarpe, davvero"), kept),
            (r#"bad: "Ottime scarpe,\ndavvero""#, Some("Ottime scarpe,\nsul serio"), kept),
            ("I got: ottime", Some("Ottime"), "I got: ottime"),
            ("I got: Ottime", Some("Ottime"), kept),
            ("too long", Some(""), "too long"),
            ("too long", Some("!?"), "too long"),
            ("", None, ""),
        ] {
            assert_eq!(excerpt(reply.as_bytes(), comment), expected, "{reply} {comment:?}");
        }
        assert_eq!(excerpt(b"\xff\x00x", None), "\u{fffd}x");
    }
}
