//! What must be true of all that was sent, said without the code that decided it.

use std::collections::{BTreeMap, HashSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use parere_collector::rules::Why;
use parere_collector::store::{InvitationCount, PlanCount, PlanState};
use parere_shared::response::ResponseId;
use parere_shared::time::{DAY_MS, Millis};

use super::world::World;

/// A question that was sent.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) id: ResponseId,
    pub(super) key: String,
    pub(super) survey: String,
    pub(super) rule: String,
    pub(super) order: usize,
    pub(super) decided_at: Millis,
    pub(super) at: Millis,
    pub(super) answered_at: Option<Millis>,
}

/// What is stored of the invitations, and how often a sender was killed.
pub(super) struct Letters {
    pub(super) invitations: Vec<InvitationCount>,
    pub(super) killed_sending: u64,
}

pub(super) fn look_at(world: &World, sent: &[Sent], plans: &[PlanCount], letters: &Letters) {
    let mut keys = HashSet::new();
    let mut of_person: BTreeMap<u32, Vec<&Sent>> = BTreeMap::new();
    for one in sent {
        assert!(keys.insert(&one.key), "sent twice: {one:?}");
        of_person.entry(world.orders[one.order].person).or_default().push(one);
        not_in_vain(world, one);
    }
    for (person, sent) in &of_person {
        let on_page = world.on_page.get(person).cloned().unwrap_or_default();
        not_too_often(sent, &on_page);
    }
    complete(world, sent, plans);
    accounted_for(sent, plans, letters);
}

/// Nobody is asked at night, after a refund or a cancellation, or while something is open.
fn not_in_vain(world: &World, one: &Sent) {
    let order = &world.orders[one.order];
    let at = one.decided_at;
    let zone = TimeZone::get(order.zone).unwrap();
    let hour = Timestamp::from_millisecond(at).unwrap().to_zoned(zone).hour();
    assert!((9..21).contains(&hour), "at {hour} h: {one:?}");
    let was = |moment: Option<Millis>| moment.is_some_and(|moment| moment <= at);
    let is_open = |(opened, closed): &(Millis, Millis)| *opened <= at && at < *closed;
    assert!(!order.tickets.iter().any(is_open), "a ticket was open: {one:?}");
    let happened = if one.rule == "nps" {
        assert!(!was(order.refunded_at) && !was(order.cancelled_at), "money went back: {one:?} {order:?}");
        assert!(!order.returned.as_ref().is_some_and(is_open), "a return was open: {one:?}");
        order.delivered_at + 3 * DAY_MS
    } else {
        order.returned.unwrap().1 + DAY_MS
    };
    // The days are counted by the calendar: a change of clocks makes one an hour shorter.
    assert!(happened - 3_600_000 <= at, "too early: {one:?} {order:?}");
    assert!(at < happened + 15 * DAY_MS + 3_600_000, "too late: {one:?} {order:?}");
}

/// A week between any two questions, a quarter after an answer to the same one, on the page or by invitation.
fn not_too_often(sent: &[&Sent], on_page: &[Millis]) {
    for one in sent {
        let before =
            |moment: Millis, days: i64| moment <= one.decided_at && one.decided_at - moment < days * DAY_MS;
        for other in sent.iter().filter(|other| other.key != one.key) {
            assert!(other.at > one.at || !before(other.at, 7), "within a week: {one:?} {other:?}");
            let answered = other.answered_at.filter(|_| other.survey == one.survey);
            assert!(!answered.is_some_and(|at| before(at, 90)), "answered already: {one:?} {other:?}");
        }
        let days = if one.survey == "nps" { 90 } else { 7 };
        assert!(!on_page.iter().any(|at| before(*at, days)), "answered on the page: {one:?}");
    }
}

/// Every invitation was sent once; one during which its sender was killed, at most once.
fn accounted_for(sent: &[Sent], plans: &[PlanCount], letters: &Letters) {
    let asked: u64 = plans.iter().filter(|count| count.state == PlanState::Asked).map(|count| count.n).sum();
    let n = |is: fn(&InvitationCount) -> bool| -> u64 {
        letters.invitations.iter().filter(|count| is(count)).map(|count| count.n).sum()
    };
    let settled = n(|count| count.is_sent);
    let unclear = n(|count| !count.is_sent);
    let sent = sent.len() as u64;
    assert_eq!(settled + unclear, asked, "{:?} {plans:?}", letters.invitations);
    assert!((settled..=asked).contains(&sent), "{settled} were sent, {unclear} are unclear: {sent}");
    assert!(unclear <= letters.killed_sending, "{unclear} are unclear");
}

/// Every happening came to an end, one way or the other; and each way was gone by some.
fn complete(world: &World, sent: &[Sent], plans: &[PlanCount]) {
    let returned = world.orders.iter().filter(|order| order.returned.is_some()).count();
    // Of what was refunded or cancelled before it was read there is no plan.
    let gone = |order: &&super::world::Order| {
        [order.refunded_at, order.cancelled_at].iter().flatten().any(|at| *at <= order.delivered_at)
    };
    let least = world.orders.len() - world.orders.iter().filter(gone).count();
    let n = |state: PlanState| -> u64 {
        plans.iter().filter(|count| count.state == state).map(|count| count.n).sum()
    };
    let all = usize::try_from(n(PlanState::Asked) + n(PlanState::Dropped)).unwrap();
    assert_eq!(n(PlanState::Waiting), 0, "{plans:?}");
    assert!(all <= world.orders.len() + returned, "{plans:?}");
    // What happened less than a look before the reading can be known or not.
    assert!(all + world.orders.len() / 50 >= least + returned, "{all} of {least} and {returned}: {plans:?}");
    assert!(sent.len() > world.orders.len() / 4, "{} of {}", sent.len(), world.orders.len());
    for why in [Why::Refunded, Why::Cancelled, Why::Other, Why::Answered] {
        assert!(plans.iter().any(|count| count.why == Some(why)), "nobody for {why:?}: {plans:?}");
    }
    assert!(sent.iter().any(|one| one.answered_at.is_some()));
}
