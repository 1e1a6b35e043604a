//! What is known of one order, folded from what is told of it, in whatever order that comes.
//!
//! [`ShopOrder::join`] gives the same order for the same news, however often and in whatever order they are joined: of each
//! moment the first one holds that was told, and of each fact the one that is from the latest moment.

use std::collections::{BTreeMap, BTreeSet};

use parere_shared::time::{DAY_MS, Millis};
use serde::{Deserialize, Serialize};

use super::happening::{Happening, kind};

/// How long contact data is kept after the last that was told of an order, in milliseconds.
pub const CONTACT_KEPT_MS: Millis = 120 * DAY_MS;

/// Most parts of an order that are told apart for each kind of happening.
const PARTS_MAX: usize = 50;

/// Most articles that are kept of one order.
pub const SKUS_MAX: usize = 50;

/// A fact, and the moment that it is from. Of two from the same moment the greater one holds, so that it is one of them
/// whatever came first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Known<T> {
    /// When that was so.
    pub as_of: Millis,
    /// What was so.
    pub value: T,
}

/// Who the customer is and how to reach them; in the clear, and only as long as it can be needed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// Keyed hash of the merchant's reference for the customer, as hexadecimal text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Known<String>>,
    /// The same of the e-mail address in small letters, as help desks know everybody: the reference for a customer whom the
    /// shop gives none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guest: Option<Known<String>>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Known<String>>,
    /// Telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Known<String>>,
    /// First name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<Known<String>>,
}

/// What is known of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShopOrder {
    /// Number that people call it by, where that is another than its reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<Known<String>>,
    /// When what happened to it, by [`kind`], and within that by the part that it happened to: a parcel, a refund. The one
    /// part of what happens once has no name.
    pub moments: BTreeMap<String, BTreeMap<String, Millis>>,
    /// Who ordered.
    pub contact: Contact,
    /// Contact data from before this moment is kept no more, nor taken again.
    pub contact_from: Millis,
    /// Language and country of the customer: `it`, `pt-BR`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locale: Option<Known<String>>,
    /// IANA time zone of the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<Known<String>>,
    /// Who carries it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Known<String>>,
    /// Country, and province where it is known: `IT`, `US-CA`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Known<String>>,
    /// Articles, at most [`SKUS_MAX`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skus: Option<Known<BTreeSet<String>>>,
    /// When something was last told of it.
    pub told_at: Millis,
}

impl Default for ShopOrder {
    fn default() -> Self {
        Self {
            number: None,
            moments: BTreeMap::new(),
            contact: Contact::default(),
            contact_from: Millis::MIN,
            locale: None,
            zone: None,
            carrier: None,
            region: None,
            skus: None,
            told_at: Millis::MIN,
        }
    }
}

/// How far the way of a parcel has come, the furthest last.
const CARRIAGE: [&str; 5] =
    [kind::FULFILLED, kind::IN_TRANSIT, kind::OUT_FOR_DELIVERY, kind::DELAYED, kind::DELIVERY_FAILED];

/// What an order is called that has none of the others' moments.
const OPEN: &str = "open";

impl ShopOrder {
    /// What is known from both; the same the other way round, and once more changes nothing.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        for (what, parts) in other.moments {
            let known = self.moments.entry(what).or_default();
            for (part, at) in parts {
                let first = known.entry(part).or_insert(at);
                *first = at.min(*first);
            }
            // The same ones whatever came first: those whose names come first.
            while known.len() > PARTS_MAX {
                known.pop_last();
            }
        }
        self.contact.subject = self.contact.subject.max(other.contact.subject);
        self.contact.guest = self.contact.guest.max(other.contact.guest);
        self.contact.email = self.contact.email.max(other.contact.email);
        self.contact.phone = self.contact.phone.max(other.contact.phone);
        self.contact.first_name = self.contact.first_name.max(other.contact.first_name);
        self.number = self.number.max(other.number);
        self.locale = self.locale.max(other.locale);
        self.zone = self.zone.max(other.zone);
        self.carrier = self.carrier.max(other.carrier);
        self.region = self.region.max(other.region);
        self.skus = self.skus.max(other.skus);
        self.told_at = self.told_at.max(other.told_at);
        let from = self.contact_from.max(other.contact_from);
        self.without_contact_before(from)
    }

    /// The same, and what is known of the customer from before `from` is forgotten, also when it is told again.
    #[must_use]
    pub fn without_contact_before(mut self, from: Millis) -> Self {
        self.contact_from = self.contact_from.max(from);
        let from = self.contact_from;
        let Contact { subject, guest, email, phone, first_name } = &mut self.contact;
        for fact in [subject, guest, email, phone, first_name] {
            fact.take_if(|known| known.as_of < from);
        }
        self
    }

    /// What happened to the order, of the customer that it has: of nobody once that one is forgotten, whoever is named in
    /// the news.
    pub(super) fn own(&self, happenings: &[Happening]) -> Vec<Happening> {
        let subject = self.subject();
        happenings.iter().map(|happening| Happening { subject, ..happening.clone() }).collect()
    }

    /// The keyed hash of the reference for the customer, in bytes; of a guest, that of the e-mail address.
    pub fn subject(&self) -> Option<[u8; 32]> {
        self.contact.subject.as_ref().and_then(bytes).or(self.guest())
    }

    /// The keyed hash of the customer's e-mail address in small letters, in bytes.
    pub fn guest(&self) -> Option<[u8; 32]> {
        self.contact.guest.as_ref().and_then(bytes)
    }

    /// The same without who ordered it, for good; that is told at `now`, and kept as long as the rest.
    #[must_use]
    pub fn without_customer(self, now: Millis) -> Self {
        let told_at = self.told_at.max(now);
        Self { told_at, ..self }.without_contact_before(Millis::MAX)
    }

    /// An order of which one thing is known: what happened, to which part, and when.
    pub fn happened(kind: &str, part: &str, at: Millis) -> Self {
        let moments = BTreeMap::from([(kind.into(), BTreeMap::from([(part.into(), at)]))]);
        Self { moments, told_at: at, ..Self::default() }
    }

    /// When `kind` happened; of several parts, to the last one.
    pub fn at(&self, kind: &str) -> Option<Millis> {
        self.moments.get(kind)?.values().copied().max()
    }

    /// Until when contact data is kept; `None` where there is none.
    pub fn contact_until(&self) -> Option<Millis> {
        (self.contact != Contact::default()).then(|| self.told_at.saturating_add(CONTACT_KEPT_MS))
    }

    /// How it stands: the end if there is one, or else how far it has come.
    pub fn status(&self) -> &str {
        let ends = [
            (kind::RETURN_FINISHED, "returned"),
            (kind::ORDER_CANCELLED, "cancelled"),
            (kind::REFUNDED, "refunded"),
            (kind::RETURN_OPENED, kind::RETURN_OPENED),
            (kind::DELIVERED, kind::DELIVERED),
        ];
        let is_called_off = self.at(kind::RETURN_CANCELLED) >= self.at(kind::RETURN_OPENED);
        let is_so =
            |what: &str| self.moments.contains_key(what) && !(what == kind::RETURN_OPENED && is_called_off);
        if let Some((_, status)) = ends.into_iter().find(|(what, _)| is_so(what)) {
            return status;
        }
        let steps = CARRIAGE.into_iter().filter_map(|what| Some((self.at(what)?, what)));
        let begun = [(kind::ORDER_PAID, "paid"), (kind::ORDER_PLACED, "placed")];
        // Of two from the same moment the further one: the list is in that order.
        let otherwise = || {
            let found = begun.into_iter().find(|(what, _)| self.moments.contains_key(*what));
            found.map_or(OPEN, |(_, status)| status)
        };
        steps.max_by_key(|(at, _)| *at).map_or_else(otherwise, |(_, what)| what)
    }

    /// How its delivery went: `late` where a delay or a failed attempt was told, whatever came of it.
    pub fn delivery(&self) -> &'static str {
        let has = |what: &str| self.moments.contains_key(what);
        if has(kind::DELAYED) || has(kind::DELIVERY_FAILED) {
            "late"
        } else if has(kind::DELIVERED) {
            "delivered"
        } else if CARRIAGE.into_iter().any(has) {
            "in_transit"
        } else {
            "not_sent"
        }
    }
}

/// A hash that is kept as hexadecimal text.
fn bytes(hash: &Known<String>) -> Option<[u8; 32]> {
    let byte = |i: usize| u8::from_str_radix(hash.value.get(2 * i..2 * i + 2)?, 16).ok();
    let bytes: Option<Vec<u8>> = (0..32).map(byte).collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn news(at: Millis, what: &str) -> ShopOrder {
        ShopOrder::happened(what, "", at)
    }

    fn written(at: Millis, email: &str) -> ShopOrder {
        let known = |value: &str| Some(Known { as_of: at, value: value.into() });
        ShopOrder {
            contact: Contact { email: known(email), ..Contact::default() },
            carrier: known(email),
            told_at: at,
            ..ShopOrder::default()
        }
    }

    /// Every order in which `news` can come.
    fn permutations(news: &[ShopOrder]) -> Vec<Vec<ShopOrder>> {
        let Some((first, rest)) = news.split_first() else { return vec![vec![]] };
        let put = |others: Vec<ShopOrder>| {
            (0..=others.len()).map(move |at| {
                let mut all = others.clone();
                all.insert(at, first.clone());
                all
            })
        };
        permutations(rest).into_iter().flat_map(put).collect()
    }

    #[test]
    fn in_whatever_order_it_is_told_it_is_the_same_order() {
        let story = [
            news(1, kind::ORDER_PLACED),
            news(3, kind::ORDER_PLACED),
            written(2, "old@x"),
            written(5, "new@x"),
            ShopOrder::happened(kind::DELIVERED, "parcel 1", 6),
            ShopOrder::happened(kind::DELIVERED, "parcel 2", 9),
        ];
        let all = permutations(&story);
        assert_eq!(all.len(), 720);
        let ends: Vec<ShopOrder> = all
            .into_iter()
            .map(|news| news.into_iter().fold(ShopOrder::default(), ShopOrder::join))
            .collect();
        assert!(ends.iter().all(|end| *end == ends[0]));
        let end = &ends[0];
        assert_eq!(
            (end.at(kind::ORDER_PLACED), end.at(kind::DELIVERED)),
            (Some(1), Some(9)),
            "of each part the first, of them the last"
        );
        assert_eq!(end.contact.email.as_ref().unwrap().value, "new@x");
        assert_eq!(end.clone().join(end.clone()), *end, "once more changes nothing");
    }

    #[test]
    fn what_was_forgotten_is_not_learned_again() {
        let told = written(5, "a@x").join(news(1, kind::ORDER_PLACED));
        let forgotten = told.clone().without_contact_before(6);
        assert_eq!((&forgotten.contact, forgotten.contact_until()), (&Contact::default(), None));
        assert_eq!(forgotten.carrier.as_ref().unwrap().value, "a@x", "the rest stays");
        assert_eq!(forgotten.clone().join(told.clone()).contact, Contact::default(), "told again");
        assert_eq!(told.join(forgotten.clone()).contact, Contact::default());
        let newer = forgotten.clone().join(written(6, "b@x"));
        assert_eq!(newer.contact.email.unwrap().value, "b@x", "but what is from later");
        let for_good = forgotten.without_contact_before(Millis::MAX);
        assert_eq!(for_good.join(written(Millis::MAX - 1, "b@x")).contact, Contact::default());
    }

    #[test]
    fn an_order_stands_where_its_moments_say() {
        use kind::*;
        for (moments, status, delivery) in [
            (vec![], "open", "not_sent"),
            (vec![(ORDER_PLACED, 1)], "placed", "not_sent"),
            (vec![(ORDER_PLACED, 1), (ORDER_PAID, 2)], "paid", "not_sent"),
            (vec![(ORDER_PAID, 2), (FULFILLED, 3)], "fulfilled", "in_transit"),
            (vec![(FULFILLED, 3), (IN_TRANSIT, 3)], "in_transit", "in_transit"),
            (vec![(DELAYED, 4), (IN_TRANSIT, 5)], "in_transit", "late"),
            (vec![(IN_TRANSIT, 5), (DELAYED, 6)], "delayed", "late"),
            (vec![(DELIVERY_FAILED, 7), (OUT_FOR_DELIVERY, 6)], "delivery_failed", "late"),
            (vec![(OUT_FOR_DELIVERY, 9), (DELIVERED, 8)], "delivered", "delivered"),
            (vec![(DELAYED, 6), (DELIVERED, 8)], "delivered", "late"),
            (vec![(DELIVERED, 8), (RETURN_OPENED, 9)], "return_opened", "delivered"),
            (vec![(DELIVERED, 8), (RETURN_OPENED, 9), (RETURN_CANCELLED, 9)], "delivered", "delivered"),
            (vec![(RETURN_CANCELLED, 8), (RETURN_OPENED, 9)], "return_opened", "not_sent"),
            (vec![(RETURN_OPENED, 9), (REFUNDED, 10)], "refunded", "not_sent"),
            (vec![(RETURN_FINISHED, 9), (REFUNDED, 10)], "returned", "not_sent"),
            (vec![(ORDER_PAID, 1), (ORDER_CANCELLED, 2)], "cancelled", "not_sent"),
        ] {
            let order =
                moments.iter().fold(ShopOrder::default(), |order, (what, at)| order.join(news(*at, what)));
            assert_eq!((order.status(), order.delivery()), (status, delivery), "{moments:?}");
        }
    }

    #[test]
    fn a_guest_is_known_by_the_address_until_the_shop_names_them() {
        let hash = |at: Millis, byte: &str| Some(Known { as_of: at, value: byte.repeat(32) });
        let of = |contact: Contact| ShopOrder { contact, told_at: 5, ..ShopOrder::default() };
        let guest = of(Contact { guest: hash(5, "0a"), ..Contact::default() });
        let named = of(Contact { subject: hash(1, "0b"), guest: hash(1, "0c"), ..Contact::default() });
        assert_eq!((guest.subject(), guest.guest()), (Some([10; 32]), Some([10; 32])));
        for both in [guest.clone().join(named.clone()), named.join(guest)] {
            assert_eq!((both.subject(), both.guest()), (Some([11; 32]), Some([10; 32])));
            let forgotten = both.without_contact_before(6);
            assert_eq!((forgotten.subject(), forgotten.guest()), (None, None));
        }
        let broken = of(Contact { subject: hash(1, "0g"), ..Contact::default() });
        assert_eq!(broken.subject(), None);
    }

    #[test]
    fn contact_is_kept_for_120_days_after_the_last_news() {
        let order = written(DAY_MS, "a@x").join(news(2 * DAY_MS, kind::DELIVERED));
        assert_eq!(order.contact_until(), Some(122 * DAY_MS));
    }

    proptest! {
        #[test]
        fn joining_goes_in_any_order(
            told in prop::collection::vec((0_i64..9, 0_usize..12, "[a-c]", 0_i64..5), 1..8),
            seed in any::<u64>(),
        ) {
            let one = |(at, what, email, from): &(i64, usize, String, i64)| {
                let order = news(*at, kind::OF_ORDERS[*what]).join(written(*at, email));
                if *from == 4 { order.without_contact_before(*at) } else { order }
            };
            let news: Vec<ShopOrder> = told.iter().map(one).collect();
            let mut shuffled = news.clone();
            let len = shuffled.len();
            for i in 0..len {
                shuffled.swap(i, (usize::try_from(seed % 97).unwrap() + i * 7) % len);
            }
            let fold = |all: Vec<ShopOrder>| all.into_iter().fold(ShopOrder::default(), ShopOrder::join);
            prop_assert_eq!(fold(news), fold(shuffled));
        }
    }
}
