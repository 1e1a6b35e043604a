//! What rules have made of happenings.

use parere_shared::time::Millis;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::invitation::Invitation;
use super::webhook::named;
use crate::rules::{Cause, Why};

/// What became of a happening under a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum PlanState {
    /// It is decided when it is due.
    Waiting,
    /// There is an invitation.
    Asked,
    /// It is not asked.
    Dropped,
}

named!(PlanState { Waiting: "waiting", Asked: "asked", Dropped: "dropped" });

/// One happening under one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What it is for, and the key of its invitation: a site has one of each.
    pub key: String,
    /// The rule.
    pub rule: String,
    /// The happening.
    pub cause: Cause,
    /// What became of it.
    pub state: PlanState,
    /// Why it waits, or is not asked.
    pub why: Option<Why>,
    /// When it is decided next.
    pub due_at: Millis,
    /// When the happening was read.
    pub made_at: Millis,
}

/// A collector's turn at a site: what it writes is written while nobody else has taken the turn, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Told from other collectors by it.
    pub holder: String,
    /// When others may take it; each write puts that off.
    pub until: Millis,
}

/// What was decided of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledPlan {
    /// Which one.
    pub key: String,
    /// What became of it.
    pub state: PlanState,
    /// Why.
    pub why: Option<Why>,
    /// When it is decided next.
    pub due_at: Millis,
    /// What the customer gets, where they are asked.
    pub invitation: Option<Invitation>,
}

/// How many plans there are of a kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlanCount {
    /// The rule.
    pub rule: String,
    /// What became of them.
    pub state: PlanState,
    /// Why.
    pub why: Option<Why>,
    /// So many.
    pub n: u64,
}
