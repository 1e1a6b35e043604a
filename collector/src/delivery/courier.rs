//! The one task that sends: round by round it looks what is due, claims it, and hands each letter to a task of its own.
//!
//! A receiver that is slow or away costs the others nothing: each hook has a few places, one that failed last has one,
//! and whoever stores an answer never waits for any of this.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::{Duration, Instant};

use parere_shared::time::Millis;
use tokio::task::JoinSet;

use super::attempt::deliver;
use super::parcel::{CONTACTS_MAX, is_gathered, parcels};
use super::post::POST_MAX;
use super::schedule::Outcome;
use super::{KEPT_MS, digest};
use crate::app::App;
use crate::auth::SiteScope;
use crate::store::{self, Webhook, WebhookKind, WebhookState};

/// How often every hook is looked at, for tries that came due and for what others left behind.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// Shortest time between two rounds: what comes in between goes out together.
const ROUND_GAP: Duration = Duration::from_millis(20);

/// How often what is old is forgotten.
const FORGET_EVERY: Duration = Duration::from_mins(10);

/// Letters on their way at the same time; `listen.rs` spares a descriptor for each.
pub(crate) const IN_FLIGHT_MAX: usize = 32;

/// Of them, to one hook.
const OF_HOOK_MAX: usize = 4;

/// How long a claim lasts, in milliseconds: four times what a letter takes at most, for clocks that do not agree.
const CLAIM_MS: Millis = 4 * POST_MAX.as_secs().cast_signed() * 1_000;

/// Key of a site and id of a hook.
type Place = (String, String);

/// What is remembered between rounds.
#[derive(Default)]
struct State {
    letters: JoinSet<(Place, Outcome)>,
    busy: HashMap<Place, usize>,
    /// Hooks whose last try failed.
    failing: HashSet<Place>,
    swept: Option<Instant>,
    tidied: Option<Instant>,
}

/// Sends what is due until it is dropped. What was on its way then is sent again, under the same id.
pub async fn run(app: App) {
    let mut state = State::default();
    let mut is_reading = true;
    loop {
        let mut sites = app.desk.take();
        while let Some(done) = state.letters.try_join_next() {
            sites.extend(done.ok().map(|(place, outcome)| state.put_down(place, outcome)));
        }
        let is_sweep = state.swept.is_none_or(|at| at.elapsed() >= SWEEP_EVERY);
        let result = round(&app, &mut state, is_sweep, &sites).await;
        // Said once, not at every round; what is due stays in the queue.
        if let Err(error) = &result
            && is_reading
        {
            tracing::warn!("what is due to hooks could not be read: {error:#}");
        }
        is_reading = result.is_ok();
        tokio::time::sleep(ROUND_GAP).await;
        state.wait(&app).await;
    }
}

impl State {
    /// A letter has come to its end; the site at which there is a place again.
    fn put_down(&mut self, place: Place, outcome: Outcome) -> String {
        if let Some(n) = self.busy.get_mut(&place) {
            *n -= 1;
        }
        self.busy.retain(|_, n| *n > 0);
        let site = place.0.clone();
        if outcome == Outcome::NotTaken {
            self.failing.insert(place);
        } else {
            self.failing.remove(&place);
        }
        site
    }

    /// Waits for a ring, the end of a letter, or the next sweep.
    async fn wait(&mut self, app: &App) {
        let until_sweep = self.swept.map_or(SWEEP_EVERY, |at| SWEEP_EVERY.saturating_sub(at.elapsed()));
        let ended = tokio::select! {
            () = app.desk.rung() => None,
            Some(done) = self.letters.join_next(), if !self.letters.is_empty() => done.ok(),
            () = tokio::time::sleep(until_sweep) => None,
        };
        if let Some((place, outcome)) = ended {
            let site = self.put_down(place, outcome);
            app.desk.ring(&site);
        }
    }

    /// How many letters may go to a hook now.
    fn room(&self, place: &Place, kind: WebhookKind) -> usize {
        let most = if self.failing.contains(place) || is_gathered(kind) { 1 } else { OF_HOOK_MAX };
        let busy = self.busy.get(place).copied().unwrap_or_default();
        most.saturating_sub(busy).min(IN_FLIGHT_MAX.saturating_sub(self.letters.len()))
    }
}

/// Looks at every hook, or at those of `sites`.
async fn round(app: &App, state: &mut State, is_sweep: bool, sites: &BTreeSet<String>) -> anyhow::Result<()> {
    if !is_sweep && sites.is_empty() {
        return Ok(());
    }
    let hooks = app.store.deliveries().all_webhooks().await?;
    if is_sweep {
        state.swept = Some(Instant::now());
        state.failing.retain(|place| hooks.iter().any(|(site, hook)| *site == place.0 && hook.id == place.1));
        tidy(app, state, &hooks).await?;
    }
    for (site, hook) in hooks {
        let is_meant = is_sweep || sites.contains(&site);
        if is_meant && hook.state == WebhookState::On {
            if is_sweep && hook.occasions.contains(&store::Occasion::Digest) {
                remember_day(app, &site, &hook).await?;
            }
            hand_out(app, state, &site, &hook).await?;
        }
    }
    Ok(())
}

/// Forgets what is old, and what belonged to hooks that were removed.
async fn tidy(app: &App, state: &mut State, hooks: &[(String, Webhook)]) -> store::Result<()> {
    if state.tidied.is_some_and(|at| at.elapsed() < FORGET_EVERY) {
        return Ok(());
    }
    state.tidied = Some(Instant::now());
    for (site, hook) in hooks {
        let scope = SiteScope::at_the_machine(site);
        let is_removed = hook.state == WebhookState::Removed;
        let before = if is_removed { Millis::MAX } else { app.clock.now() - KEPT_MS };
        while app.store.deliveries().forget_deliveries(&scope, &hook.id, before).await? > 0 {}
    }
    Ok(())
}

/// Puts yesterday's digest in the queue when it is time.
async fn remember_day(app: &App, site: &str, hook: &Webhook) -> store::Result<()> {
    let Some(entry) = app.catalogue.site(site) else { return Ok(()) };
    let now = app.clock.now();
    let day = digest::due_day(now, &entry.zone, hook.digest_hour);
    if hook.digest_day >= day {
        return Ok(());
    }
    let delivery = store::digest(site, &hook.id, day, now);
    app.store.deliveries().enqueue_digest(&SiteScope::at_the_machine(site), day, &delivery).await
}

/// Claims what is due to a hook, as far as there is room, and sends it.
async fn hand_out(app: &App, state: &mut State, site: &str, hook: &Webhook) -> store::Result<()> {
    let place = (site.to_owned(), hook.id.clone());
    let room = state.room(&place, hook.kind);
    let (scope, now) = (SiteScope::at_the_machine(site), app.clock.now());
    if room == 0 || hook.rests_until > now {
        return Ok(());
    }
    let limit = if is_gathered(hook.kind) { CONTACTS_MAX } else { room };
    let due = app.store.deliveries().due(&scope, &hook.id, now, limit).await?;
    let parcels = parcels(hook.kind, due);
    let ids: Vec<String> = parcels.iter().flatten().map(|delivery| delivery.id.clone()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let until = now + CLAIM_MS;
    let claimed = app.store.deliveries().claim(&scope, &ids, now, until).await?;
    for mut parcel in parcels {
        parcel.retain(|delivery| claimed.contains(&delivery.id));
        if parcel.is_empty() {
            continue;
        }
        *state.busy.entry(place.clone()).or_default() += 1;
        let (app, hook, place) = (app.clone(), hook.clone(), place.clone());
        state.letters.spawn(async move {
            let outcome = deliver(&app, &place.0, &hook, parcel, until).await;
            (place, outcome)
        });
    }
    Ok(())
}
