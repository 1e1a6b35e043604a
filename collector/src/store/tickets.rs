//! Tickets of help desks: one more set of verbs, the same for every back end.
//!
//! What is heard of a ticket is joined with what is known of it in one transaction, so that it may come twice, late
//! and in any order. What was erased is never stored again, as with answers.

use parere_shared::time::Millis;

use super::back_end::{BackEnd, verbs};
use super::row::Person;
use super::ticket::{Rated, Ticket};
use crate::auth::SiteScope;

/// The verbs on tickets; comes from `tickets` of a store.
#[derive(Debug, Clone, Copy)]
pub struct Tickets<'a>(pub(super) BackEnd<'a>);

verbs! { Tickets:
    /// Joins what was heard with what is known, all of it or nothing; gives back what is known now, without those that
    /// were erased.
    join_tickets(scope: &SiteScope, heard: &[Ticket]) -> Vec<Ticket>;
    /// Tickets that began at `from` or later and before `to`, the latest first, at most `limit`.
    tickets_begun(scope: &SiteScope, from: Millis, to: Millis, limit: usize) -> Vec<Ticket>;
    /// Answers to a survey that count, were received at `from` or later and before `to`, and name a ticket or a person:
    /// out of the latest `among`, the latest first.
    rated(scope: &SiteScope, survey: &str, from: Millis, to: Millis, among: usize) -> Vec<Rated>;
    /// Tickets of a person, the oldest first.
    tickets_of(scope: &SiteScope, person: &Person) -> Vec<Ticket>;
    /// Erases the tickets of a person for good; says how many.
    erase_tickets_of(scope: &SiteScope, person: &Person, now: Millis) -> u64;
    /// Forgets a slice of the tickets that began before `before`; says how many.
    forget_tickets(scope: &SiteScope, before: Millis) -> u64;
    /// When somebody is at the desk, as JSON; none where nobody has said so.
    desk_hours(scope: &SiteScope) -> Option<String>;
    /// Says when somebody is at the desk.
    set_desk_hours(scope: &SiteScope, hours: &str) -> ();
}

/// Most tickets that are forgotten in one transaction: a few milliseconds.
pub(super) const FORGOTTEN_MAX: i64 = 500;
