//! Orders of shops: one more set of verbs, the same for every back end.

use parere_shared::time::Millis;

use super::back_end::{BackEnd, verbs};
use super::happening::Happening;
use super::order::ShopOrder;
use super::people::Hash;
use super::row::Person;
use crate::auth::SiteScope;

/// The verbs on orders; comes from `orders` of a store.
#[derive(Debug, Clone, Copy)]
pub struct Orders<'a>(pub(super) BackEnd<'a>);

verbs! { Orders:
    /// Joins `news` into what is known of the order, and keeps what happened as its customer's, in one transaction; says
    /// how much of that was new.
    tell(scope: &SiteScope, order: &str, news: &ShopOrder, happenings: &[Happening]) -> u64;
    /// What is known of an order, by its reference.
    order(scope: &SiteScope, order: &str) -> Option<ShopOrder>;
    /// What is known of orders, by reference or number; each with what it was found by.
    orders_named(scope: &SiteScope, names: &[String]) -> Vec<(String, ShopOrder)>;
    /// Orders of a person, each with its reference.
    orders_of(scope: &SiteScope, person: &Person) -> Vec<(String, ShopOrder)>;
    /// Customers who are known by these e-mail addresses, which are in small letters, from orders whose contact data is
    /// still kept; each with the address, once, and several of one address where orders say so.
    customers_at(scope: &SiteScope, emails: &[String]) -> Vec<(String, Hash)>;
    /// Forgets who ordered these, for good, whatever is told of them again; also of one that was never told of.
    forget_customer(scope: &SiteScope, orders: &[String], now: Millis) -> ();
    /// Forgets the contact data of a slice of orders that have kept it until `now`, and a slice of orders of which nothing
    /// was told since `before`; says how many.
    let_go_of_orders(scope: &SiteScope, now: Millis, before: Millis) -> u64;
}

/// Most orders that are changed in one transaction: a few milliseconds.
pub(super) const SLICE_LEN: i64 = 500;
