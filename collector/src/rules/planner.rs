//! The one task that plans and decides: it looks from time to time whether something has happened, or is due.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use parere_shared::gate::Recontact;
use parere_shared::survey::SurveyState;
use parere_shared::time::Millis;

use super::known::{customer, heard};
use super::{Cause, KeptRule, Round, RuleChannel, RuleState};
use crate::app::App;
use crate::auth::SiteScope;
use crate::catalogue::SiteEntry;
use crate::random;
use crate::store::Turn;

/// How often it is looked; nothing is asked of the store but a list of rules where there are none.
pub const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long a turn lasts from its last write, in milliseconds: longer than a round takes, for clocks that do not agree.
const TURN_MS: Millis = 60_000;

/// Most happenings that are read at once.
const READ_MAX: usize = 200;

/// Most rounds of one kind at a site in one look, so that other sites have theirs.
const ROUNDS_MAX: usize = 20;

/// Who plans.
pub struct Planner {
    /// Told from other collectors by it.
    name: String,
}

impl Planner {
    /// Nothing is done yet.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self { name: random::token::<8>()? })
    }

    /// Plans what has happened and decides what is due, at every site that has rules.
    pub async fn look(&self, app: &App) -> anyhow::Result<()> {
        let mut rules: BTreeMap<String, Vec<KeptRule>> = BTreeMap::new();
        for (site, kept) in app.store.rules().all_rules().await? {
            rules.entry(site).or_default().push(kept);
        }
        let mut failed = Ok(());
        for (key, rules) in &rules {
            // A site that was added a moment ago is in the picture a moment later.
            let Some(site) = app.catalogue.site(key) else { continue };
            let scope = SiteScope::at_the_machine(key);
            // What is wrong at one site is no reason to ask nobody at the others.
            let looked = self.look_at(app, &scope, &site, rules).await;
            failed = failed.and(looked.with_context(|| format!("the site {key}")));
        }
        failed
    }

    async fn look_at(
        &self,
        app: &App,
        scope: &SiteScope,
        site: &SiteEntry,
        rules: &[KeptRule],
    ) -> anyhow::Result<()> {
        let (store, now) = (&app.store, app.clock.now());
        let is_any_on = rules.iter().any(|kept| kept.rule.state == RuleState::On);
        let read = store.rules().happenings_read(scope).await?;
        let is_news = is_any_on && !store.happenings().happenings_after(scope, read, 1).await?.is_empty();
        if !is_news && store.rules().due_plans(scope, now, 1).await?.is_empty() {
            return Ok(());
        }
        let turn = Turn { holder: self.name.clone(), until: now + TURN_MS };
        let Some(mut read) = store.rules().take_rules_turn(scope, &turn, now).await? else { return Ok(()) };
        let surveys = live(site);
        let round =
            Round { store: &**store, scope, zone: &site.zone, rules, surveys: &surveys, turn: &turn, now };
        let know = |cause: Cause, channel: RuleChannel| async move {
            customer(app, scope, &site.site, &cause, channel).await
        };
        for _ in 0..ROUNDS_MAX {
            let news = if is_any_on {
                store.happenings().happenings_after(scope, read, READ_MAX).await?
            } else {
                Vec::new()
            };
            let Some(last) = news.last().map(|placed| placed.seq) else { break };
            let news: Vec<_> = news.into_iter().map(heard).collect();
            if !round.plan(&news, know).await? {
                return Ok(());
            }
            read = last;
        }
        for _ in 0..ROUNDS_MAX {
            if round.decide_due(know).await?.is_none_or(|n| n == 0) {
                break;
            }
        }
        Ok(())
    }
}

/// Surveys that can be asked now, and how often.
fn live(site: &SiteEntry) -> BTreeMap<String, Recontact> {
    let live = site.surveys.iter().filter(|entry| entry.survey.state == SurveyState::Live);
    let live = live.filter(|entry| !entry.is_quota_met);
    live.map(|entry| (entry.survey.slug.clone(), entry.survey.targeting.recontact)).collect()
}
