//! Rules and what they plan: one more set of verbs, the same for every back end.
//!
//! One collector at a time reads and decides at a site. Its turn is a row that every write of it touches first, in the
//! same transaction: who was thought dead and comes back writes nothing. So of two questions to one person the second
//! is decided when the first one is known.

use parere_shared::time::Millis;

use super::back_end::{BackEnd, verbs};
use super::people::Hash;
use super::plan::{Plan, PlanCount, SettledPlan, Turn};
use super::row::{Person, Seq};
use crate::auth::SiteScope;
use crate::rules::{Asked, KeptRule};

/// The verbs on rules and their plans; comes from `rules` of a store.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a>(pub(super) BackEnd<'a>);

verbs! { Rules:
    /// Every rule of every site, with the site's key.
    all_rules() -> Vec<(String, KeptRule)>;
    /// Rules of a site, by id.
    kept_rules(scope: &SiteScope) -> Vec<KeptRule>;
    /// Adds a rule of version 1, or puts one of a higher version in the place of the one before it; `false` if that is
    /// not what is there.
    keep_rule(scope: &SiteScope, rule: &KeptRule) -> bool;
    /// Removes a rule and drops what waits under it; `false` if there is none.
    remove_rule(scope: &SiteScope, rule: &str) -> bool;
    /// Takes the turn at a site, or holds it, unless it is another's at `now`: then there is none. Says how far
    /// happenings were read.
    take_rules_turn(scope: &SiteScope, turn: &Turn, now: Millis) -> Option<Seq>;
    /// How far happenings were read.
    happenings_read(scope: &SiteScope) -> Seq;
    /// Adds plans, but for those whose key was there, and says that happenings were read as far as `reached`: both or
    /// neither. `false` if the turn is another's.
    plan(scope: &SiteScope, turn: &Turn, reached: Seq, plans: &[Plan]) -> bool;
    /// What waits and is due, the earliest first.
    due_plans(scope: &SiteScope, now: Millis, limit: usize) -> Vec<Plan>;
    /// Writes what was decided of plans, and their invitations: all of it or nothing. What does not wait any more stays
    /// as it is. `false` if the turn is another's.
    settle_plans(scope: &SiteScope, turn: &Turn, settled: &[SettledPlan]) -> bool;
    /// What a person was asked by invitation, the latest `limit`; known by their address, their subject or an order.
    asked_before(scope: &SiteScope, address: Option<&Hash>, person: &Person, limit: usize) -> Vec<Asked>;
    /// How many plans there are, by rule, state and reason.
    count_plans(scope: &SiteScope) -> Vec<PlanCount>;
    /// Plans of a person, by what their answers are known by; the latest first.
    plans_of(scope: &SiteScope, person: &Person, limit: usize) -> Vec<Plan>;
    /// Forgets the plans of a person, what waits among them; says how many.
    erase_plans(scope: &SiteScope, person: &Person) -> u64;
    /// Forgets a slice of the plans that were made before `before`; says how many.
    forget_plans(scope: &SiteScope, before: Millis) -> u64;
}

/// Most plans that are forgotten in one transaction.
pub(super) const FORGOTTEN_MAX: i64 = 500;
