//! A dry run over what is stored.

use std::collections::{BTreeSet, HashMap};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use parere_shared::time::{DAY_MS, Millis};

use super::known::{customer, heard};
use super::{Cause, Customer, Heard, Outcome, Rule, RuleChannel, Trial, dry_run, key};
use crate::app::App;
use crate::auth::SiteScope;
use crate::catalogue::SiteEntry;

/// How far a dry run looks back, in days.
pub const DAYS: u16 = 30;

/// Most happenings that it looks at, the latest: a second or two of work.
pub const TRIALS_MAX: usize = 2_000;

/// Customers who are looked up at the same time; the store has other guests.
const AT_ONCE: usize = 4;

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
    let heard: Vec<Heard> = found.into_iter().skip(usize::from(is_cut)).map(heard).collect();
    let known = customers(app, scope, site, &heard, rule.channel).await?;
    let trials: Vec<Trial> = heard.into_iter().filter_map(|one| trial(one, &known)).collect();
    // A draft is tried out as if it were live.
    let recontact = site.survey(&rule.survey).map(|entry| entry.survey.targeting.recontact);
    let outcome = dry_run(rule, recontact, &site.zone, &trials, now);
    Ok(LookedBack { from, outcome, is_cut })
}

/// What a customer is looked up by: the order and the subject of a happening.
type Who = (Option<String>, Option<[u8; 32]>);

/// What is known of the customers of `heard`, each looked up once.
async fn customers(
    app: &App,
    scope: &SiteScope,
    site: &SiteEntry,
    heard: &[Heard],
    channel: RuleChannel,
) -> anyhow::Result<HashMap<Who, Customer>> {
    let mut seen = BTreeSet::new();
    let causes = heard.iter().map(|one| &one.cause).filter(|cause| seen.insert(who(cause)));
    let causes: Vec<Cause> = causes.cloned().collect();
    let known = stream::iter(causes).map(|cause| async move {
        anyhow::Ok((who(&cause), customer(app, scope, &site.site, &cause, channel).await?))
    });
    known.buffer_unordered(AT_ONCE).try_collect().await
}

fn who(cause: &Cause) -> Who {
    (cause.order.clone(), cause.subject)
}

fn trial(heard: Heard, known: &HashMap<Who, Customer>) -> Option<Trial> {
    let known = known.get(&who(&heard.cause))?.clone();
    Some(Trial {
        // Of the rule itself nothing is known but what it says.
        key: key("", &heard.cause, &heard.id),
        // Who has no name counts by what they are reached at, and else as somebody of their own.
        person: known.subject.or(known.person),
        cause: heard.cause,
        order: known.order,
        tickets: known.tickets,
        asked: known.asked,
        has_address: known.address.is_some(),
    })
}

impl Outcome {
    /// How many were not asked, by reason, the most frequent first.
    pub fn reasons(&self) -> Vec<(super::Why, u64)> {
        let mut reasons: Vec<_> = self.not_asked.iter().map(|(why, n)| (*why, *n)).collect();
        reasons.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        reasons
    }
}
