//! What the shop's help desk did for whom: tickets behind the answers about support, and others that nobody was asked about.

use parere_shared::time::Millis;

use super::dice::Dice;
use super::shopper::MadeUp;
use crate::store::{Ticket, TicketEvent};
use crate::tickets::SOURCE;

/// The attribute that names an answer's ticket.
const ATTRIBUTE: &str = "ticket";

/// Tells the dice of tickets from those of answers, which fall as they did before there were any.
const APART: u64 = 0x7469_636b_6574_7321;

const MINUTE_MS: Millis = 60_000;

/// How a customer wrote.
const CHANNELS: [(&str, u16); 3] = [("email", 6), ("chat", 3), ("phone", 1)];

/// What it was about.
const TAGS: [(&str, u16); 4] = [("returns", 4), ("delivery", 4), ("sizes", 3), ("payment", 1)];

/// Ties an answer about support to a ticket, and makes up another one that nobody was asked about.
///
/// `goodness` goes from 0 for the worst score to 1 for the best: who waited long is displeased. What would lie at
/// `until` or later has not happened yet.
pub(super) fn tie(answer: &mut MadeUp, goodness: f64, n: u32, seed: u64, until: Millis) -> Vec<Ticket> {
    let Some((received, first)) = answer.revisions.first() else { return Vec::new() };
    if first.touchpoint.as_deref() != Some("support") {
        return Vec::new();
    }
    let (received, order) = (*received, first.order_ref.clone());
    let mut dice = Dice::of_day(seed ^ APART, i32::try_from(n).unwrap_or(i32::MAX));
    let name = |n: u32| format!("F-{}", 20_000 + n);
    let spoken = Pace::drawn(goodness, &mut dice);
    // The question comes some hours after the solution.
    let created = received - spoken.whole_ms() - lasts(2 * 60, 18 * 60, &mut dice);
    let mut tied = ticket(&name(2 * n), created, &spoken, goodness, &mut dice);
    tied.order_ref = order.map(|order| (created, order));
    for (_, response) in &mut answer.revisions {
        response.attributes.insert(ATTRIBUTE.into(), tied.id.clone());
    }
    let goodness = dice.share();
    let silent = Pace::drawn(goodness, &mut dice);
    let created = received - lasts(0, 12 * 60, &mut dice);
    let mut other = ticket(&name(2 * n + 1), created, &silent, goodness, &mut dice);
    other.happened.retain(|(at, _)| *at < until);
    tied.happened.retain(|(at, _)| *at < until);
    vec![tied, other]
}

/// How fast it went.
struct Pace {
    reply_ms: Millis,
    solution_ms: Millis,
}

impl Pace {
    /// From a quarter of an hour to some days: evenly over magnitudes, as waits are.
    fn drawn(goodness: f64, dice: &mut Dice) -> Self {
        let slowness = 1.0 - goodness;
        let reply = 15.0 * (dice.share() * (2.4 + 3.6 * slowness)).exp();
        let more = reply * dice.share() * (0.5 + 4.0 * slowness);
        Self { reply_ms: minutes(reply), solution_ms: minutes(more) }
    }

    fn whole_ms(&self) -> Millis {
        self.reply_ms + self.solution_ms
    }
}

#[expect(clippy::cast_possible_truncation, reason = "some thousand minutes")]
fn minutes(length: f64) -> Millis {
    length.round() as Millis * MINUTE_MS
}

fn lasts(least: Millis, beyond: u32, dice: &mut Dice) -> Millis {
    (least + Millis::from(dice.below(beyond))) * MINUTE_MS
}

fn ticket(id: &str, created: Millis, pace: &Pace, goodness: f64, dice: &mut Dice) -> Ticket {
    use TicketEvent::{AgentReplied, Created, CustomerReplied, Merged, Reopened, Solved};
    let mut ticket = Ticket::heard(SOURCE, id, Created, created);
    let replied = created + pace.reply_ms;
    let solved = replied + pace.solution_ms;
    ticket.happened.extend([(replied, AgentReplied), (solved, Solved)]);
    let is_well = dice.share() < 0.3 + 0.65 * goodness;
    if !is_well {
        let again = replied + pace.solution_ms / 2;
        ticket.happened.extend([(again, CustomerReplied), (solved, AgentReplied)]);
        if dice.happens(250) {
            let reopened = solved + lasts(60, 3_000, dice);
            ticket.happened.extend([(reopened, Reopened), (reopened + pace.reply_ms, Solved)]);
        }
    }
    if dice.happens(15) {
        ticket.happened.insert((replied, Merged));
    }
    ticket.channel = Some((created, dice.pick(&CHANNELS).into()));
    ticket.tags = Some((created, vec![dice.pick(&TAGS).into()]));
    ticket
}
