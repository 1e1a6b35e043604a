//! A made-up shop: orders and what happens to them in half a year, the same for the same number.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use parere_collector::rules::{Asked, Cause, Customer, Heard, OrderMoments, TicketSpan};
use parere_shared::time::{DAY_MS, Millis};

use crate::answer::NOON;

const HOUR_MS: Millis = 3_600_000;

/// When the first order is placed.
pub(super) const BEGINNING: Millis = NOON;

/// When the last one is.
pub(super) const END: Millis = NOON + 182 * DAY_MS;

/// Numbers without a pattern that matters here (Knuth's MMIX constants).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, n: i64) -> i64 {
        i64::try_from(self.roll()).unwrap() % n
    }

    fn chance(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }

    /// Some time between as many days, in milliseconds.
    fn days(&mut self, from: i64, to: i64) -> Millis {
        (from * 24 + self.below((to - from) * 24)) * HOUR_MS + self.below(HOUR_MS)
    }
}

/// All that happens to one order, whenever that is.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) person: u32,
    pub(super) zone: &'static str,
    pub(super) delivered_at: Millis,
    pub(super) cancelled_at: Option<Millis>,
    pub(super) refunded_at: Option<Millis>,
    pub(super) returned: Option<(Millis, Millis)>,
    pub(super) tickets: Vec<(Millis, Millis)>,
}

pub(super) struct World {
    pub(super) orders: Vec<Order>,
    /// In the order of receipt.
    pub(super) heard: Vec<Heard>,
    /// Answers to `nps` on the page, by person.
    pub(super) on_page: BTreeMap<u32, Vec<Millis>>,
}

/// The keyed hash by which a person is known.
pub(super) fn hash(person: u32) -> [u8; 32] {
    let mut hash = [7; 32];
    hash[..4].copy_from_slice(&person.to_be_bytes());
    hash
}

impl World {
    pub(super) fn new(orders: u32) -> Self {
        let mut dice = Dice(2026);
        let people = i64::from(orders / 3).max(1);
        let orders: Vec<Order> = (0..orders).map(|_| order(&mut dice, people)).collect();
        let mut heard: Vec<Heard> = Vec::new();
        for (number, order) in orders.iter().enumerate() {
            let mut tell = |kind: &str, at: Millis| {
                let cause = Cause {
                    kind: kind.into(),
                    at,
                    order: Some(number.to_string()),
                    ticket: None,
                    // Shops tell of a parcel without saying whose it is.
                    subject: (kind != "delivered").then(|| hash(order.person)),
                    properties: vec![("number".into(), number.to_string())],
                };
                heard.push(Heard { seq: 0, id: format!("{kind}-{number}"), cause: cause.clone() });
                // Shops tell some things twice.
                if number % 7 == 0 {
                    heard.push(Heard { seq: 0, id: format!("{kind}-{number}-again"), cause });
                }
            };
            tell("delivered", order.delivered_at);
            if let Some((_, finished)) = order.returned {
                tell("return_finished", finished);
            }
            if let Some(at) = order.refunded_at {
                tell("refunded", at);
            }
        }
        heard.sort_by_key(|one| one.cause.at);
        for (place, one) in heard.iter_mut().enumerate() {
            one.seq = i64::try_from(place).unwrap() + 1;
        }
        let mut on_page: BTreeMap<u32, Vec<Millis>> = BTreeMap::new();
        for person in (0..people).filter(|person| person % 5 == 0) {
            let at = BEGINNING + dice.days(0, 182);
            on_page.entry(u32::try_from(person).unwrap()).or_default().push(at);
        }
        Self { orders, heard, on_page }
    }

    /// What was heard until `now`, beyond `after`, at most `limit`.
    pub(super) fn after(&self, after: i64, now: Millis, limit: usize) -> Vec<Heard> {
        let first = usize::try_from(after).unwrap();
        self.heard[first..].iter().take_while(|one| one.cause.at <= now).take(limit).cloned().collect()
    }

    /// What is known at `now` of the customer of a happening, but for what they were asked by invitation.
    pub(super) fn customer(&self, cause: &Cause, now: Millis) -> Customer {
        let order = &self.orders[cause.order.as_ref().unwrap().parse::<usize>().unwrap()];
        let known = |at: Millis| (at <= now).then_some(at);
        let tickets = order.tickets.iter().filter(|(opened, _)| *opened <= now);
        let span = |(opened, closed): &(Millis, Millis)| TicketSpan {
            ticket: opened.to_string(),
            opened_at: *opened,
            closed_at: known(*closed),
        };
        let answered = self.on_page.get(&order.person).into_iter().flatten().filter(|at| **at <= now);
        let on_page = |at: &Millis| Asked { survey: "nps".into(), at: *at, answered_at: Some(*at) };
        Customer {
            subject: Some(hash(order.person)),
            order: Some(OrderMoments {
                cancelled_at: order.cancelled_at.and_then(known),
                refunded_at: order.refunded_at.and_then(known),
                return_opened_at: order.returned.and_then(|(opened, _)| known(opened)),
                return_finished_at: order.returned.and_then(|(_, finished)| known(finished)),
                language: "it".into(),
                zone: Some(TimeZone::get(order.zone).unwrap()),
                facts: Vec::new(),
            }),
            tickets: tickets.map(span).collect(),
            asked: answered.map(on_page).collect(),
            address: Some(format!("{}@shop.example", order.person)),
            person: Some(hash(order.person)),
            is_suppressed: false,
        }
    }
}

fn order(dice: &mut Dice, people: i64) -> Order {
    let placed = BEGINNING + dice.days(0, 182);
    let delivered_at = placed + dice.days(1, 6);
    let mut some = |percent: i64, from: i64, to: i64| {
        let after = dice.days(from, to);
        dice.chance(percent).then_some(delivered_at + after)
    };
    let cancelled_at = some(3, -1, 4);
    let refunded_at = some(8, 0, 20);
    let returned = some(12, 1, 12).map(|opened| (opened, opened + 9 * DAY_MS));
    let first = some(15, -3, 5).map(|opened| (opened, opened + 2 * DAY_MS));
    let second =
        first.filter(|_| delivered_at % 3 == 0).map(|(_, closed)| (closed + DAY_MS, closed + 4 * DAY_MS));
    let zone = ["Europe/Rome", "America/Los_Angeles", "Asia/Tokyo"][usize::try_from(dice.below(3)).unwrap()];
    let person = u32::try_from(dice.below(people)).unwrap();
    Order {
        person,
        zone,
        delivered_at,
        cancelled_at,
        refunded_at,
        returned,
        tickets: first.into_iter().chain(second).collect(),
    }
}
