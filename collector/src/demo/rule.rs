//! Rules of the demo shop: off, to be tried on what happened there.

use parere_shared::time::Millis;

use crate::rules::{KeptRule, Rule};
use crate::store::kind;

/// What each is called by in paths, its name, the survey, after what, and the days and hours to wait.
const RULES: [(&str, &str, &str, &str, u16, u16); 2] = [
    ("after-delivery", "After the parcel has come", "csat", kind::DELIVERED, 3, 0),
    ("after-support", "After the help desk has helped", "ces", kind::TICKET_CLOSED, 0, 4),
];

/// Those that are kept at `now`. Nobody is asked by them: they are off, and who switches one on means what happens then.
pub fn rules(now: Millis) -> impl Iterator<Item = KeptRule> {
    RULES.into_iter().map(move |(id, name, survey, when, after_days, after_hours)| KeptRule {
        id: id.into(),
        rule: Rule { after_days, after_hours, ..Rule::new(name, survey, when) },
        version: 1,
        on_since: None,
        changed_by: "parere demo".into(),
        changed_at: now,
    })
}
