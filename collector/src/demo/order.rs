//! Orders of the last weeks behind the answers, for the rules of the demo shop to be tried on: what became of the
//! parcels, and who ordered.

use parere_shared::time::{DAY_MS, Millis};

use super::dice::Dice;
use super::history::Wish;
use super::shopper::MadeUp;
use crate::store::{Contact, Known, ShopOrder, kind};

/// How far back orders are made up, in days: as far as a dry run looks, and for what was on its way then.
const DAYS: i32 = 35;

/// About so many orders, however many answers there are: a table to read, stored in a second.
const WANTED: f64 = 300.0;

/// Of the answers, those that name an order.
const SHARE_WITH_ORDER: f64 = 0.55;

/// Tells the dice of orders from those of answers, which fall as they did before there were any.
const APART: u64 = 0x6f72_6465_7273_2121;

const HOUR_MS: Millis = 60 * 60 * 1000;

/// Who carries it.
const CARRIERS: [(&str, u16); 3] = [("BRT", 5), ("DHL", 3), ("GLS", 2)];

/// What the shop knows of an order, without the hash of its customer.
#[derive(Debug, Clone)]
pub struct MadeUpOrder {
    /// Its reference.
    pub reference: String,
    /// What is known of it.
    pub known: ShopOrder,
    /// What happened to it, and when.
    pub happened: Vec<(&'static str, Millis)>,
}

/// Which answers have an order behind them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Orders {
    seed: u64,
    /// Orders are of answers from this moment on.
    from: Millis,
    /// First moment that has not happened yet.
    until: Millis,
    /// So many of a thousand.
    per_mille: u32,
}

impl Orders {
    /// Those of a past that ends at `until`.
    pub(super) fn of(wish: &Wish, until: Millis) -> Self {
        let days = f64::from(wish.days.end - wish.days.start).max(1.0);
        let expected = f64::from(wish.responses) * (f64::from(DAYS) / days).min(1.0) * SHARE_WITH_ORDER;
        let share = (WANTED / expected.max(1.0)).min(1.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 1000")]
        let per_mille = (share * 1000.0).ceil() as u32;
        Self { seed: wish.seed, from: until - Millis::from(DAYS) * DAY_MS, until, per_mille }
    }

    /// The order behind an answer, if it has one that is made up.
    ///
    /// Nothing can be sent to its customers: no name ends in `.invalid` (RFC 2606, section 2).
    pub(super) fn behind(&self, answer: &MadeUp, n: u32) -> Option<MadeUpOrder> {
        let (received, first) = answer.revisions.first()?;
        let reference = first.order_ref.clone().filter(|_| *received >= self.from)?;
        let mut dice = Dice::of_day(self.seed ^ APART, i32::try_from(n).unwrap_or(i32::MAX));
        if !dice.happens(self.per_mille) {
            return None;
        }
        let has_just_ordered = first.touchpoint.as_deref() == Some("checkout");
        let placed = received - if has_just_ordered { 0 } else { 4 * DAY_MS + hours(0, 6 * 24, &mut dice) };
        let mut happened = went(placed, first.touchpoint.as_deref() == Some("returns"), &mut dice);
        happened.retain(|(_, at)| *at < self.until);
        let known = |value: &str| Some(Known { as_of: placed, value: value.to_owned() });
        let customer = first.subject.clone().unwrap_or_else(|| format!("guest-{n}"));
        let mut order = ShopOrder {
            // Now and then somebody orders without an address.
            contact: Contact {
                email: known(&format!("{customer}@fiorini.invalid")).filter(|_| !dice.happens(50)),
                ..Contact::default()
            },
            locale: first.locale.as_deref().and_then(known),
            carrier: known(dice.pick(&CARRIERS)),
            region: known("IT"),
            ..ShopOrder::default()
        };
        for (kind, at) in &happened {
            order = order.join(ShopOrder::happened(kind, "", *at));
        }
        Some(MadeUpOrder { reference, known: order, happened })
    }
}

/// What becomes of an order that is placed at `placed`.
fn went(placed: Millis, is_sent_back: bool, dice: &mut Dice) -> Vec<(&'static str, Millis)> {
    let mut happened = vec![(kind::ORDER_PLACED, placed)];
    if !is_sent_back && dice.happens(40) {
        happened.push((kind::ORDER_CANCELLED, placed + hours(1, 20, dice)));
        return happened;
    }
    let fulfilled = placed + hours(3, 30, dice);
    let delivered = fulfilled + hours(24, 48, dice);
    happened.extend([(kind::FULFILLED, fulfilled), (kind::DELIVERED, delivered)]);
    if is_sent_back || dice.happens(60) {
        let opened = delivered + hours(4, 60, dice);
        let finished = opened + hours(48, 120, dice);
        happened.push((kind::RETURN_OPENED, opened));
        happened.extend([(kind::RETURN_FINISHED, finished), (kind::REFUNDED, finished)]);
    }
    happened
}

/// At least so many hours, and fewer than `beyond` more.
fn hours(least: Millis, beyond: u32, dice: &mut Dice) -> Millis {
    least * HOUR_MS + Millis::from(dice.below(beyond * 60)) * (HOUR_MS / 60)
}
