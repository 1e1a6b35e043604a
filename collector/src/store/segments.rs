//! What lists say of people: one more set of verbs, the same for every back end.
//!
//! It is added to the attributes of answers by the transaction that stores them ([`Store::append`](super::Store::append)).

use parere_shared::time::Millis;

use super::back_end::{BackEnd, verbs};
use super::people::Hash;
use super::segment::{Listed, Segment};
use crate::auth::SiteScope;

/// The verbs on what lists say; comes from `segments` of a store.
#[derive(Debug, Clone, Copy)]
pub struct Segments<'a>(pub(super) BackEnd<'a>);

verbs! { Segments:
    /// Joins what a list says with what is known, all of it or nothing; of several lines on a person each is joined.
    list_people(scope: &SiteScope, listed: &[Listed], now: Millis) -> ();
    /// What is known of people, in the order of their hashes; who is not known is left out.
    segments_of(scope: &SiteScope, subjects: &[Hash]) -> Vec<Segment>;
    /// Forgets what is known of people.
    forget_segments(scope: &SiteScope, subjects: &[Hash]) -> ();
    /// Forgets a slice of the people whom no list has named since `before`; says how many.
    let_go_of_segments(scope: &SiteScope, before: Millis) -> u64;
}

/// Most people who are forgotten in one transaction: a few milliseconds.
pub(super) const SLICE_LEN: i64 = 500;
