//! Letting go: what a site has kept long enough, what is left of sites that are no more, and what erasures left behind.
//!
//! In slices of a few milliseconds, so that answers keep coming in; one collector at a time; and again from where it
//! was if the process ends on the way.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use parere_shared::time::Millis;

use crate::app::App;
use crate::auth::{Action, SiteScope, Who};
use crate::catalogue::SiteEntry;
use crate::erasure;
use crate::period::start_of;
use crate::random;
use crate::store::{CONTACT_KEPT_MS, HAPPENING_KEPT_MS, Part, Retention, Retirement};

/// How often it is looked whether there is anything to let go; only then is the store asked for more than a list.
pub const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Fewest days: an answer can wait in a browser for a week, and one that was let go must not come again.
pub const DAYS_MIN: u32 = 8;

/// Most days: a hundred years.
pub const DAYS_MAX: u32 = 36_500;

/// Who lets go, and what of each site was done.
pub struct Keeper {
    /// Told from other collectors by it.
    name: String,
    done: HashMap<String, Done>,
}

/// Up to which day a site was gone through, and under which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Done {
    today: i32,
    retention: Retention,
}

/// What was let go of one site.
#[derive(Debug, Default)]
struct Gone {
    responses: u64,
    comments: u64,
}

impl Keeper {
    /// Nothing is done yet.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self { name: random::token::<8>()?, done: HashMap::new() })
    }

    /// Does all that is due.
    pub async fn look(&mut self, app: &App) -> anyhow::Result<()> {
        app.shelf.clear_old(app.clock.now());
        if app.is_scrub_due.load(Ordering::Relaxed) {
            erasure::scrub(app).await?;
        }
        for site in app.store.sites_left().await? {
            self.clear(app, &site).await?;
        }
        for (key, site) in app.catalogue.all().iter() {
            let doing = Done { today: site.day_of(app.clock.now()), retention: site.site.retention };
            if self.done.get(key) == Some(&doing) {
                continue;
            }
            let parts = due(site, doing, self.done.get(key));
            let is_ours = self.let_go_of_customers(app, key).await?
                && (parts.is_empty()
                    || (self.retire(app, key, parts).await? && self.forget(app, key, site, doing).await?));
            if !is_ours {
                // Another collector is at it; whoever comes later finds less to do, or nothing.
                continue;
            }
            self.done.insert(key.clone(), doing);
        }
        Ok(())
    }

    /// Clears away what is left of a site, unless it is another collector's turn.
    async fn clear(&self, app: &App, site: &str) -> anyhow::Result<()> {
        let scope = SiteScope::at_the_machine(site);
        while app.store.take_turn(&self.name).await? {
            if app.store.clear_site(&scope).await? {
                app.is_scrub_due.store(true, Ordering::Relaxed);
                break;
            }
        }
        Ok(())
    }

    /// Lets go who ordered what, what lists say of people, what happened, and what was planned of it, when it can be needed
    /// no more; `false` if it is another collector's turn.
    async fn let_go_of_customers(&self, app: &App, site: &str) -> anyhow::Result<bool> {
        let (scope, now) = (SiteScope::at_the_machine(site), app.clock.now());
        let before = now - HAPPENING_KEPT_MS;
        loop {
            if !app.store.take_turn(&self.name).await? {
                return Ok(false);
            }
            let orders = app.store.orders().let_go_of_orders(&scope, now, before).await?;
            let happenings = app.store.happenings().forget_happenings(&scope, before).await?;
            let plans = app.store.rules().forget_plans(&scope, before).await?;
            let segments = app.store.segments().let_go_of_segments(&scope, now - CONTACT_KEPT_MS).await?;
            if orders + happenings + plans + segments == 0 {
                return Ok(true);
            }
            app.is_scrub_due.store(true, Ordering::Relaxed);
        }
    }

    /// Lets `parts` go; `false` if it is another collector's turn.
    async fn retire(&self, app: &App, site: &str, parts: Vec<Retirement>) -> anyhow::Result<bool> {
        let scope = SiteScope::at_the_machine(site);
        let mut gone = Gone::default();
        let result = self.retire_all(app, &scope, parts, &mut gone).await;
        // Whatever came in between: the first ones are gone.
        if gone.responses + gone.comments > 0 {
            app.is_scrub_due.store(true, Ordering::Relaxed);
            app.live.tell(site);
            let what = format!("{} answers, {} comments", gone.responses, gone.comments);
            app.record_if_possible(&Who::Retention, Action::ResponsesRetire, site, &what).await;
        }
        result
    }

    /// Lets tickets go that began before answers of their day were let go; `false` if it is another collector's turn.
    async fn forget(&self, app: &App, key: &str, site: &SiteEntry, doing: Done) -> anyhow::Result<bool> {
        let Some(days) = doing.retention.responses_days else { return Ok(true) };
        let scope = SiteScope::at_the_machine(key);
        let before = start_of(doing.today - i32::try_from(days).unwrap_or(i32::MAX), &site.zone);
        loop {
            if !app.store.take_turn(&self.name).await? {
                return Ok(false);
            }
            if app.store.tickets().forget_tickets(&scope, before).await? == 0 {
                return Ok(true);
            }
            app.is_scrub_due.store(true, Ordering::Relaxed);
        }
    }

    async fn retire_all(
        &self,
        app: &App,
        scope: &SiteScope,
        parts: Vec<Retirement>,
        gone: &mut Gone,
    ) -> anyhow::Result<bool> {
        for mut part in parts {
            loop {
                if !app.store.take_turn(&self.name).await? {
                    return Ok(false);
                }
                let (n, next) = app.store.retire_slice(scope, &part).await?;
                match part.what {
                    Part::Comments => gone.comments += n,
                    Part::Responses => gone.responses += n,
                }
                let Some(next) = next else { break };
                part.from = next;
            }
        }
        Ok(true)
    }
}

/// What of a site has been kept long enough: whole answers first, then comments of those that stay.
///
/// Comments that an earlier look has seen are not looked at again, as long as the rule is the same.
fn due(site: &SiteEntry, doing: Done, done: Option<&Done>) -> Vec<Retirement> {
    let Retention { comments_days, responses_days } = doing.retention;
    let day = |days: u32, today: i32| today - i32::try_from(days).unwrap_or(i32::MAX);
    let seen = |days: u32| {
        let same = done.filter(|done| done.retention == doing.retention);
        same.map_or(Millis::MIN, |done| start_of(day(days, done.today), &site.zone))
    };
    let responses = responses_days.map(|days| (Part::Responses, days, Millis::MIN));
    let comments = comments_days.map(|days| (Part::Comments, days, seen(days)));
    let wanted = responses.into_iter().chain(comments);
    wanted
        .flat_map(|(what, days, from)| {
            let before_day = day(days, doing.today);
            let before = start_of(before_day, &site.zone);
            site.surveys.iter().map(move |entry| Retirement {
                survey: entry.survey.slug.clone(),
                what,
                from,
                before,
                before_day,
            })
        })
        .collect()
}
