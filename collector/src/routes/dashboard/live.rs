//! Streams that say when the figures of a site, or of all, are worth another look.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::Event;
use futures_util::stream::{Stream, unfold};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::app::App;
use crate::auth::{Anywhere, May, READ, SiteScope};
use crate::error::ApiError;
use crate::store::{self, Seq};

/// Between two pieces of news: many answers in a second are one change to look at.
const REST: Duration = Duration::from_secs(1);

/// Between two looks at whether the process is about to end.
const LOOK: Duration = Duration::from_secs(1);

/// Looks between two questions to the database, where other collectors may have stored something.
const LOOKS_PER_QUESTION: u32 = 10;

/// Looks until the stream ends; the browser comes back, and is asked again who it is.
const LOOKS_MAX: u32 = 600;

/// Somebody who looks at sites.
struct Viewer {
    app: App,
    scopes: Vec<SiteScope>,
    changes: watch::Receiver<()>,
    last_seqs: Vec<Seq>,
    looks: u32,
}

/// Says `changed` when an answer came in at the site, was revised or decided about.
pub(super) async fn of_site(
    State(app): State<App>,
    May { scope, .. }: May<READ>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    stream(app, vec![scope]).await
}

/// The same for every site that the caller may read, those that are there now.
pub(super) async fn of_all(
    State(app): State<App>,
    Anywhere(caller): Anywhere<READ>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let sites = app.catalogue.all();
    stream(app, sites.keys().filter_map(|site| caller.scope(site)).collect()).await
}

async fn stream(
    app: App,
    scopes: Vec<SiteScope>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let changes = app.live.watch(scopes.iter().map(SiteScope::site));
    let last_seqs = last_seqs(&app, &scopes).await?;
    let viewer = Viewer { app, scopes, changes, last_seqs, looks: 0 };
    Ok(Sse::new(unfold(viewer, async |mut viewer| {
        let event = viewer.next().await?;
        Some((Ok(event), viewer))
    })))
}

async fn last_seqs(app: &App, scopes: &[SiteScope]) -> store::Result<Vec<Seq>> {
    let mut last_seqs = Vec::with_capacity(scopes.len());
    for scope in scopes {
        last_seqs.push(app.store.last_seq(scope).await?);
    }
    Ok(last_seqs)
}

impl Viewer {
    /// The next news, or a sign of life; `None` when it is time to end.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if self.looks >= LOOKS_MAX || self.app.is_leaving() {
                return None;
            }
            if let Ok(changed) = timeout(LOOK, self.changes.changed()).await {
                changed.ok()?;
                sleep(REST).await;
                self.changes.mark_unchanged();
                return Some(changed_event());
            }
            self.looks += 1;
            if self.looks.is_multiple_of(LOOKS_PER_QUESTION) {
                // A database that is away for a moment is no news.
                let found = last_seqs(&self.app, &self.scopes).await.ok();
                let is_new = found.as_ref().is_some_and(|found| *found != self.last_seqs);
                self.last_seqs = found.unwrap_or_else(|| std::mem::take(&mut self.last_seqs));
                return Some(if is_new { changed_event() } else { Event::default().comment("") });
            }
        }
    }
}

fn changed_event() -> Event {
    Event::default().event("changed").data("1")
}
