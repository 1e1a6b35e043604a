//! Conditions on what is known of a visit or an event.

use serde::{Deserialize, Serialize};

use super::url::{contains, glob};
use crate::text::{cut, parse_thousandths};

/// What a condition looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Fact {
    /// Language of the page; `pt` also means `pt-BR`.
    Language,
    /// `phone`, `tablet` or `desktop`.
    Device,
    /// Address of the page before.
    Referrer,
    /// `new` or `returning`: was this browser on the site on an earlier day?
    Visitor,
    /// Pages seen in this visit, this one included.
    Views,
    /// What the page said of the shopper: `parere.identify({attributes})`; for an event its properties.
    Attribute,
}

/// How a condition compares; upper and lower case make no difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// The fact is one of the values.
    Is,
    /// One of the values stands in it.
    Contains,
    /// It begins with one of the values.
    Prefix,
    /// It fits one of the values, in which `*` stands for any run of characters.
    Glob,
    /// It is a number, and less than one of the values.
    Less,
    /// It is a number, and greater than one of the values.
    Greater,
}

/// One thing that must hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Condition<T = String> {
    /// What it looks at.
    pub fact: Fact,
    /// Name of the attribute or property; empty for other facts.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub name: T,
    /// How it compares.
    pub op: Op,
    /// With what: one of them suffices.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<String>))]
    pub values: Vec<T>,
    /// It must *not* hold; what is unknown does not hold.
    #[serde(default)]
    pub not: bool,
}

/// What is known of a visit, as text; what is not known is empty.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'a> {
    /// Language of the page.
    pub language: &'a str,
    /// Class of device.
    pub device: &'a str,
    /// Address of the page before.
    pub referrer: &'a str,
    /// `new` or `returning`.
    pub visitor: &'a str,
    /// Pages seen in this visit.
    pub views: &'a str,
    /// Attributes of the shopper, or properties of an event: name and value by turns, each ended by NUL.
    pub attributes: &'a str,
}

impl<'a> Known<'a> {
    /// What is known of one fact; `None` for nothing.
    pub fn of(&self, fact: Fact, name: &str) -> Option<&'a str> {
        let text = match fact {
            Fact::Language => self.language,
            Fact::Device => self.device,
            Fact::Referrer => self.referrer,
            Fact::Visitor => self.visitor,
            Fact::Views => self.views,
            Fact::Attribute => return attribute(self.attributes, name),
        };
        Some(text).filter(|text| !text.is_empty())
    }
}

/// The value of `name` in a list of names and values, each ended by NUL.
fn attribute<'a>(list: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = list;
    while !rest.is_empty() {
        let (own, value) = (cut(&mut rest, 0), cut(&mut rest, 0));
        if own == name {
            return Some(value);
        }
    }
    None
}

impl<T: AsRef<str>> Condition<T> {
    /// Does it hold?
    pub fn holds(&self, known: &Known<'_>) -> bool {
        let fits = known.of(self.fact, self.name.as_ref()).is_some_and(|fact| {
            let fact = fact.to_ascii_lowercase();
            self.values.iter().any(|value| self.fits(&fact, &value.as_ref().to_ascii_lowercase()))
        });
        fits != self.not
    }

    fn fits(&self, fact: &str, value: &str) -> bool {
        let (bytes, part) = (fact.as_bytes(), value.as_bytes());
        match self.op {
            Op::Is => match bytes.strip_prefix(part) {
                Some([]) => true,
                Some([b'-', ..]) => self.fact == Fact::Language,
                _ => false,
            },
            Op::Contains => contains(bytes, part),
            Op::Prefix => bytes.starts_with(part),
            Op::Glob => glob(part, bytes),
            Op::Less => parse_thousandths(fact).zip(parse_thousandths(value)).is_some_and(|(f, v)| f < v),
            Op::Greater => parse_thousandths(fact).zip(parse_thousandths(value)).is_some_and(|(f, v)| f > v),
        }
    }
}
