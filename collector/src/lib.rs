//! The collector: takes answers, keeps them, and says what they mean.
//!
//! **The promise: a 200 for an answer means it is on disk**, fsynced, not in a buffer of ours.
//!
//! # The way of an answer
//!
//! `router` → `routes::responses` reads the body within its bounds → `ingest` turns JSON into a record, by the same
//! rules as the widget (`parere_shared`) → `writer` gathers what waits into one transaction → `store` writes answers
//! and daily counts together and fsyncs → every sender gets the verdict on its own answer.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use tokio::task::JoinHandle;

use crate::app::{App, Parts};
use crate::assets::Assets;
use crate::auth::{Attempts, Credentials, Passwords};
use crate::catalogue::Catalogue;
use crate::client::ClientRule;
use crate::clock::Clock;
use crate::config::{LimitOptions, ServeOptions};
use crate::delivery::{Desk, Poster};
use crate::export::{Shelf, Turns};
use crate::ledger::Ledger;
use crate::limit::RateLimiter;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::retention::Keeper;
use crate::rules::Planner;
use crate::store::outbox::{Outbox, OutboxOptions};
use crate::store::{Purpose, Store};
use crate::visitors::Visitors;
use crate::writer::Writer;

pub mod app;
pub mod assets;
pub mod auth;
mod behind;
pub mod cases;
pub mod catalogue;
pub mod client;
pub mod clock;
pub mod command;
pub mod config;
pub mod delivery;
pub mod demo;
pub mod door;
pub mod erasure;
pub mod error;
pub mod export;
pub mod funnel;
pub mod hooks;
pub mod import;
pub mod ingest;
pub mod invitation;
pub mod language;
pub mod ledger;
pub mod limit;
pub mod listen;
pub mod live;
pub mod mail;
pub mod metrics;
pub mod openapi;
pub mod origin;
pub mod period;
pub mod quota;
pub mod random;
pub mod retention;
pub mod router;
pub mod routes;
pub mod rules;
pub mod scoreboard;
pub mod segments;
pub mod shop_file;
pub mod speed;
pub mod store;
pub mod tag;
mod tally;
pub mod tickets;
pub mod visitors;
pub mod welcome;
pub mod writer;

/// How often browsers are told anew how far zones are from UTC; each telling holds until the change after the next.
const RENEWAL: Duration = Duration::from_hours(6);

/// A collector that is ready to serve.
pub struct Collector {
    app: App,
    limits: LimitOptions,
    store: Arc<dyn Store>,
    writing: JoinHandle<()>,
    welcome: welcome::Welcome,
}

impl Collector {
    /// Opens the store, creates the demo shop on the first start, and puts everything together.
    ///
    /// `address` is where it will listen: it is told to people and stands in tags unless a public URL is given.
    pub async fn open(
        options: &ServeOptions,
        address: SocketAddr,
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let store = open_store(options).await?;
        let is_first_start = demo::create(&*store, clock.now()).await?;
        let assets = Assets::new(options.assets_dir.clone());
        let catalogue = Catalogue::load(Arc::clone(&store), assets.clone(), Arc::clone(&clock)).await?;
        let mailer = options.mail.mailer()?;
        let limits = options.limits.clone();
        let queue_len =
            usize::try_from(limits.queue_len).context("the queue is too long for this machine")?;
        let metrics = Metrics::default();
        let (writer, writing) = Writer::start(Arc::clone(&store), queue_len, &metrics);
        let set_up_key = random::token::<16>()?;
        let is_set_up = !store.access().accounts().await?.is_empty();
        let public_url = match &options.public_url {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => format!("http://{address}"),
        };
        let key_told = (!is_set_up).then_some(&*set_up_key);
        let welcome = welcome::Welcome::new(&public_url, key_told, is_first_start);
        let app = App::new(Parts {
            store: Arc::clone(&store),
            clock,
            catalogue,
            writer,
            credentials: Credentials::new(options.admin_token()?.as_ref(), &set_up_key),
            passwords: Passwords::default(),
            attempts: Attempts::new(limits.is_strict()),
            client: ClientRule::new(options.trusted_proxies.clone()),
            limiter: RateLimiter::new(&limits),
            event_limiter: RateLimiter::new(&limits),
            ledger: Ledger::default(),
            visitors: limits.is_strict().then(Visitors::default),
            body_timeout: limits.body_timeout(),
            metrics,
            live: Live::default(),
            desk: Desk::default(),
            poster: Poster::new(options.webhook_private),
            mailer,
            invited: tokio::sync::Notify::new(),
            exports: Turns::default(),
            shelf: Shelf::default(),
            temp_dir: options.temp_dir(),
            assets,
            public_url,
            leaving: AtomicBool::new(false),
            draining: AtomicBool::new(false),
            is_scrub_due: AtomicBool::new(false),
        });
        Ok(Self { app, limits, store, writing, welcome })
    }

    /// What to tell the person who started it.
    pub fn welcome(&self) -> &welcome::Welcome {
        &self.welcome
    }

    /// The application without a listener, for whoever brings requests by another way.
    pub fn router(&self) -> anyhow::Result<axum::Router> {
        router::router(self.app.clone())
    }

    /// Serves until `shutdown`, then drains: readiness off, requests ended, last commit, checkpoint.
    pub async fn serve(
        self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> anyhow::Result<()> {
        let Self { app, limits, store, writing, .. } = self;
        let renewing = tokio::spawn(renew(app.clone()));
        let counting = tokio::spawn(count(app.clone()));
        let noting = tokio::spawn(note(app.clone()));
        let keeping = tokio::spawn(keep(app.clone(), Keeper::new()?));
        let delivering = tokio::spawn(delivery::run(app.clone()));
        let planning = tokio::spawn(plan(app.clone(), Planner::new()?));
        let inviting = tokio::spawn(mail::run(app.clone()));
        listen::serve(app.clone(), listener, &limits, shutdown).await?;
        // The last events, while there is a store: nobody waits for them, so nothing depends on them.
        if let Err(error) = app.ledger.write(&*store).await {
            tracing::warn!("the last events could not be counted: {error}");
        }
        drop(app);
        for task in [renewing, counting, noting, keeping, delivering, planning, inviting] {
            task.abort();
            // An aborted task says so; it holds the queue open until it is gone.
            task.await.ok();
        }
        // The router is gone and with it every handle to the queue: the writer ends when all is written.
        writing.await.context("the writer did not end well")?;
        store.close().await?;
        Ok(())
    }
}

/// The store, with an outbox before it where it can go away by itself.
async fn open_store(options: &ServeOptions) -> anyhow::Result<Arc<dyn Store>> {
    let url = options.store.url()?;
    let store = store::open(url.expose(), Purpose::Serve).await?;
    if options.outbox_size_mib == 0 || !store::is_postgres(url.expose()) {
        return Ok(store);
    }
    let outbox = OutboxOptions { folder: options.outbox_dir.clone(), size_mib: options.outbox_size_mib };
    Ok(Arc::new(Outbox::open(store, &outbox).await?))
}

/// Opens a collector and serves it: the door for tests and for other programs.
pub async fn serve(
    listener: TcpListener,
    options: &ServeOptions,
    clock: Arc<dyn Clock>,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let collector = Collector::open(options, listener.local_addr()?, clock).await?;
    collector.serve(listener, shutdown).await
}

/// Follows what other processes change, and renews the rest from time to time.
async fn renew(app: App) {
    let mut renewed = Instant::now();
    let mut is_followed = true;
    loop {
        tokio::time::sleep(catalogue::LOOK_EVERY).await;
        let is_due = renewed.elapsed() >= RENEWAL;
        let result = if is_due { app.catalogue.reload().await } else { app.catalogue.follow().await };
        // Said once, not every second.
        match &result {
            Err(error) if is_followed => {
                tracing::warn!(
                    "sites and surveys stay as they were until the database can be read: {error:#}"
                );
            }
            Ok(()) if is_due => renewed = Instant::now(),
            _ => {}
        }
        is_followed = result.is_ok();
    }
}

/// Writes what became of questions from time to time; that it could not is said once, not at every try.
async fn note(app: App) {
    let mut is_noted = true;
    loop {
        tokio::time::sleep(ledger::WRITE_EVERY).await;
        let result = app.ledger.write(&*app.store).await;
        if let Err(error) = &result
            && is_noted
        {
            tracing::warn!("events could not be counted: {error}");
        }
        is_noted = result.is_ok();
    }
}

/// Looks at quotas from time to time; that it could not is said once, not at every look.
async fn count(app: App) {
    let mut is_counted = true;
    loop {
        tokio::time::sleep(quota::LOOK).await;
        let result = app.catalogue.look_at_quotas().await;
        if let Err(error) = &result
            && is_counted
        {
            tracing::warn!("quotas could not be looked at: {error:#}");
        }
        is_counted = result.is_ok();
    }
}

/// Lets go from time to time what was kept long enough; that it could not is said once, not at every look.
async fn keep(app: App, mut keeper: Keeper) {
    let mut is_kept = true;
    loop {
        tokio::time::sleep(retention::LOOK_EVERY).await;
        let result = keeper.look(&app).await;
        if let Err(error) = &result
            && is_kept
        {
            tracing::warn!("what was kept long enough, or erased, could not be let go: {error:#}");
        }
        is_kept = result.is_ok();
    }
}

/// Plans what has happened and decides what is due; that it could not is said once, not at every look.
async fn plan(app: App, planner: Planner) {
    let mut is_planned = true;
    loop {
        tokio::time::sleep(rules::LOOK_EVERY).await;
        let result = planner.look(&app).await;
        if let Err(error) = &result
            && is_planned
        {
            tracing::warn!("what has happened waits for its rules: {error:#}");
        }
        is_planned = result.is_ok();
    }
}
