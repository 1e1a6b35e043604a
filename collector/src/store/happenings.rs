//! What happened to customers: one more set of verbs, the same for every back end.

use parere_shared::time::Millis;

use super::back_end::{BackEnd, verbs};
use super::happening::{Happening, Placed};
use super::row::{Person, Seq};
use crate::auth::SiteScope;

/// The verbs on happenings; comes from `happenings` of a store.
#[derive(Debug, Clone, Copy)]
pub struct Happenings<'a>(pub(super) BackEnd<'a>);

verbs! { Happenings:
    /// Keeps those that are new, in one transaction, and of one that is told again the earlier moment; says how many were
    /// new or changed.
    add(scope: &SiteScope, happenings: &[Happening]) -> u64;
    /// The next `limit` beyond the place `after`, in the order in which they were told.
    happenings_after(scope: &SiteScope, after: Seq, limit: usize) -> Vec<Placed>;
    /// The latest `limit` of these kinds that happened from `from` until before `to`, the earliest of them first.
    happenings_between(
        scope: &SiteScope, kinds: &[&str], from: Millis, to: Millis, limit: usize,
    ) -> Vec<Placed>;
    /// Those that are about this person or order, in the order in which they were told, at most `limit`.
    happenings_of(scope: &SiteScope, person: &Person, limit: usize) -> Vec<Placed>;
    /// Forgets whose they are, of those that are about this person or order.
    forget_whose(scope: &SiteScope, person: &Person) -> ();
    /// Forgets a slice of those that were told before `before`; says how many.
    forget_happenings(scope: &SiteScope, before: Millis) -> u64;
}

/// Most happenings that are forgotten in one transaction: a few milliseconds.
pub(super) const FORGOTTEN_MAX: i64 = 500;
