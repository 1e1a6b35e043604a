//! What must happen on a page before its question appears.

use super::condition::{Condition, Known};
use super::sample::mix;
use crate::text::{concat, push_number};

/// Kinds of happenings, by the numbers in which the browser tells them (`widget/src/browser.js`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum On {
    /// The page is there.
    #[default]
    Start = 0,
    /// It has been in view for a number of seconds.
    Seconds = 1,
    /// It is scrolled down by a number of percent.
    Scroll = 2,
    /// The shopper is about to leave.
    Exit = 3,
    /// Something that fits a selector was clicked.
    Click = 4,
    /// Something that fits a selector came into view.
    InView = 5,
    /// The page told of an event.
    Event = 6,
    /// The page names an order that was not asked about.
    Purchase = 7,
}

impl On {
    /// The kind behind a number; the start for any other.
    pub fn of(number: i64) -> Self {
        match number {
            1 => Self::Seconds,
            2 => Self::Scroll,
            3 => Self::Exit,
            4 => Self::Click,
            5 => Self::InView,
            6 => Self::Event,
            7 => Self::Purchase,
            _ => Self::Start,
        }
    }
}

/// What is waited for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Awaited<T = String> {
    /// Kind of happening.
    pub on: On,
    /// Seconds or percent that must be reached.
    pub amount: i32,
    /// Selector or name of the event.
    pub name: T,
    /// What must hold for the properties of the event.
    pub properties: Vec<Condition<T>>,
}

impl<T: AsRef<str>> Awaited<T> {
    /// Is this what is waited for? `properties` are names and values by turns, each ended by NUL.
    pub fn is_met(&self, on: On, amount: i32, name: &str, properties: &str) -> bool {
        let known = Known { attributes: properties, ..Known::default() };
        self.on == on
            && amount >= self.amount
            && name == self.name.as_ref()
            && self.properties.iter().all(|property| property.holds(&known))
    }
}

/// Under this name the browser remembers that it was asked about an order; the reference itself is not kept.
pub fn order_slug(slug: &str, order_ref: &str) -> String {
    let mut name = concat(&[slug, "@"]);
    push_number(&mut name, mix(slug, order_ref).into());
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::{Fact, Op};

    #[test]
    fn only_what_is_waited_for_counts() {
        let at_least_50 = Condition {
            fact: Fact::Attribute,
            name: "total".to_owned(),
            op: Op::Greater,
            values: vec!["50".to_owned()],
            not: false,
        };
        let event =
            Awaited { on: On::Event, amount: 0, name: "paid".to_owned(), properties: vec![at_least_50] };
        let scroll = Awaited { on: On::Scroll, amount: 50, ..Awaited::<String>::default() };
        for (awaited, on, amount, name, properties, expected) in [
            (&scroll, On::Scroll, 49, "", "", false),
            (&scroll, On::Scroll, 50, "", "", true),
            (&scroll, On::Seconds, 90, "", "", false),
            (&event, On::Event, 0, "paid", "total\x0050.5\0", true),
            (&event, On::Event, 0, "paid", "total\x0050\0", false),
            (&event, On::Event, 0, "paid", "", false),
            (&event, On::Event, 0, "seen", "total\x0051\0", false),
        ] {
            assert_eq!(awaited.is_met(on, amount, name, properties), expected, "{on:?} {amount} {name}");
        }
        assert_eq!((On::of(7), On::of(99), On::of(0)), (On::Purchase, On::Start, On::Start));
    }
}
