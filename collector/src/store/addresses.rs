//! What is held of an e-mail address, or was made for it: one more set of verbs, the same for every back end.
//!
//! Orders and answers hold an address as it was told, in whatever case. A database compares the part of it that it can
//! ([`telling`]); whether it is the address is said here ([`is_same`]).

use parere_shared::response::ResponseId;

use super::back_end::{BackEnd, verbs};
use super::invitation::Invitation;
use super::order::ShopOrder;
use super::people::Hash;
use super::row::Seq;
use crate::auth::SiteScope;

/// The verbs on addresses; comes from `addresses` of a store.
#[derive(Debug, Clone, Copy)]
pub struct Addresses<'a>(pub(super) BackEnd<'a>);

verbs! { Addresses:
    /// Orders whose customer is reached at this address, each with its reference.
    orders_to(scope: &SiteScope, address: &str) -> Vec<(String, ShopOrder)>;
    /// Answers of which an attribute is this address, beyond the place `after` and up to `to`; it reads them all.
    answers_naming(scope: &SiteScope, address: &str, after: Seq, to: Seq) -> Vec<ResponseId>;
    /// Invitations that were made for whoever has this hash, whatever became of them; the latest first.
    invitations_to(scope: &SiteScope, person: &Hash) -> Vec<Invitation>;
    /// Forgets them, what waits among them; says how many.
    erase_invitations_to(scope: &SiteScope, person: &Hash) -> u64;
}

/// The longest end of an address in which only ASCII letters have two cases, and which JSON writes as it is; in small
/// letters. Every text that holds the address has it.
pub(super) fn telling(address: &str) -> String {
    let is_other = |c: char| !c.is_ascii() || c.is_ascii_control() || matches!(c, '"' | '\\');
    form(address).rsplit(is_other).next().unwrap_or_default().to_owned()
}

/// Are both the same address, however they are written?
pub(super) fn is_same(one: &str, other: &str) -> bool {
    form(one) == form(other)
}

fn form(address: &str) -> String {
    address.trim().to_lowercase()
}

/// Is this how the customer of an order is reached?
pub(super) fn is_reached_at(order: &ShopOrder, address: &str) -> bool {
    order.contact.email.as_ref().is_some_and(|email| is_same(&email.value, address))
}

/// Is one of the attributes, as stored, this address?
pub(super) fn is_named_by(attributes: &str, address: &str) -> bool {
    let attributes: std::collections::BTreeMap<String, String> =
        serde_json::from_str(attributes).unwrap_or_default();
    attributes.values().any(|value| is_same(value, address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_an_address_has_its_telling_part() {
        for (address, expected) in [
            ("Ada@Example.org", "ada@example.org"),
            (" ada@example.org ", "ada@example.org"),
            ("ÅDA@Shop.example", "da@shop.example"),
            ("ada@müller.example", "ller.example"),
            ("\"ada\"@example.org", "@example.org"),
            ("ada@é", ""),
        ] {
            let part = telling(address);
            assert_eq!(part, expected, "{address}");
            let held = serde_json::to_string(address).unwrap();
            assert!(held.to_ascii_lowercase().contains(&part), "{held}");
        }
    }

    #[test]
    fn an_attribute_is_the_address_or_is_not() {
        for (attributes, expected) in [
            (r#"{"email":"ADA@example.org"}"#, true),
            (r#"{"contact":"ada@example.org","plan":"gold"}"#, true),
            (r#"{"email":"grada@example.org"}"#, false),
            (r#"{"note":"ask ada@example.org"}"#, false),
            (r#"{"ada@example.org":"1"}"#, false),
            ("{}", false),
        ] {
            assert_eq!(is_named_by(attributes, "ada@example.org"), expected, "{attributes}");
        }
    }
}
