//! A dry run over what is stored.

use parere_shared::time::{DAY_MS, Millis};

use super::known::{customer, heard};
use super::{Outcome, Rule, Trial, dry_run, key};
use crate::app::App;
use crate::auth::SiteScope;
use crate::catalogue::SiteEntry;

/// How far a dry run looks back, in days.
pub const DAYS: u16 = 30;

/// Most happenings that it looks at, the latest: a second or two of work.
pub const TRIALS_MAX: usize = 2_000;

/// What a rule would have done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedBack {
    /// From when on.
    pub from: Millis,
    /// What would have become of the happenings.
    pub outcome: Outcome,
    /// Were there more than are looked at?
    pub is_cut: bool,
}

/// What `rule` would have done with what happened in the last [`DAYS`] days, had it been on for as long.
pub async fn look_back(
    app: &App,
    scope: &SiteScope,
    site: &SiteEntry,
    rule: &Rule,
) -> anyhow::Result<LookedBack> {
    let now = app.clock.now();
    let from = now - Millis::from(DAYS) * DAY_MS;
    let happenings = app.store.happenings();
    let found = happenings.happenings_between(scope, &[&*rule.when], from, now + 1, TRIALS_MAX + 1).await?;
    let is_cut = found.len() > TRIALS_MAX;
    let mut trials = Vec::with_capacity(found.len());
    for placed in found.into_iter().skip(usize::from(is_cut)) {
        let one = heard(placed);
        let known = customer(app, scope, &site.site, &one.cause, rule.channel).await?;
        trials.push(Trial {
            // Of the rule itself nothing is known but what it says.
            key: key("", &one.cause, &one.id),
            // Who has no name counts by what they are reached at, and else as somebody of their own.
            person: known.subject.or(known.person),
            cause: one.cause,
            order: known.order,
            tickets: known.tickets,
            asked: known.asked,
            has_address: known.address.is_some(),
        });
    }
    // A draft is tried out as if it were live.
    let recontact = site.survey(&rule.survey).map(|entry| entry.survey.targeting.recontact);
    let outcome = dry_run(rule, recontact, &site.zone, &trials, now);
    Ok(LookedBack { from, outcome, is_cut })
}

impl Outcome {
    /// How many were not asked, by reason, the most frequent first.
    pub fn reasons(&self) -> Vec<(super::Why, u64)> {
        let mut reasons: Vec<_> = self.not_asked.iter().map(|(why, n)| (*why, *n)).collect();
        reasons.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        reasons
    }
}
