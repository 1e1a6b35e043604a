//! What every handler can reach.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

use crate::assets::Assets;
use crate::auth::{self, Action, Attempts, Credentials, Passwords, Who};
use crate::catalogue::Catalogue;
use crate::client::ClientRule;
use crate::clock::Clock;
use crate::delivery::{Desk, Poster};
use crate::error::ApiError;
use crate::export::{Shelf, Turns};
use crate::ledger::Ledger;
use crate::limit::RateLimiter;
use crate::live::Live;
use crate::mail::Mailer;
use crate::metrics::Metrics;
use crate::store::Store;
use crate::visitors::Visitors;
use crate::writer::Writer;

/// The parts of a running collector; cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// What an [`App`] is made of.
pub struct Parts {
    /// Where answers are kept.
    pub store: Arc<dyn Store>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Sites and surveys.
    pub catalogue: Catalogue,
    /// The way of an answer to the disk.
    pub writer: Writer,
    /// What callers can prove beside what is stored.
    pub credentials: Credentials,
    /// Passwords, hashed in turns.
    pub passwords: Passwords,
    /// How often somebody may try to sign in.
    pub attempts: Attempts,
    /// Who sent a request.
    pub client: ClientRule,
    /// How much one sender may send.
    pub limiter: RateLimiter,
    /// The same for events, counted apart: they never cost an answer its place.
    pub event_limiter: RateLimiter,
    /// What became of questions, until it is written.
    pub ledger: Ledger,
    /// Who has answered lately; nobody is watched where limits are off.
    pub visitors: Option<Visitors>,
    /// What browsers download.
    pub assets: Assets,
    /// Address at which shops reach us.
    pub public_url: String,
    /// How long the body of a request may take to arrive.
    pub body_timeout: Duration,
    /// What is counted.
    pub metrics: Metrics,
    /// Who looks at which site.
    pub live: Live,
    /// Where the courier of hooks hears that something is due.
    pub desk: Desk,
    /// The way to their receivers.
    pub poster: Poster,
    /// The way of mail to customers, if there is one.
    pub mailer: Option<Mailer>,
    /// Where the sender of invitations hears that one is due.
    pub invited: Notify,
    /// Exports that are being made.
    pub exports: Turns,
    /// Exports that were built, for those who come back for the rest.
    pub shelf: Shelf,
    /// Where they are built.
    pub temp_dir: PathBuf,
    /// Set when the process has been asked to end: still serving, but send traffic elsewhere.
    pub leaving: AtomicBool,
    /// Set when it takes no new requests.
    pub draining: AtomicBool,
    /// Set when something was erased whose bytes are in the database's log still.
    pub is_scrub_due: AtomicBool,
}

impl App {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Has the process been asked to end?
    pub fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Relaxed)
    }

    /// Writes down who did what to which `target`.
    pub async fn record(
        &self,
        who: &Who,
        action: Action,
        site: Option<&str>,
        target: &str,
    ) -> Result<(), ApiError> {
        Ok(self.store.access().record(auth::entry(&*self.clock, who, action, site, target)?).await?)
    }

    /// The same for what must go on where the disk is full or broken: then it stands in the program's log alone.
    pub async fn record_if_possible(&self, who: &Who, action: Action, site: &str, target: &str) {
        if let Err(error) = self.record(who, action, Some(site), target).await {
            let (actor, action) = (who.name(), action.name());
            tracing::error!(
                actor,
                action,
                site,
                target,
                "not in the audit log, but done: {}",
                error.reason()
            );
        }
    }

    /// Does it take no new requests any more?
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}

impl std::ops::Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
