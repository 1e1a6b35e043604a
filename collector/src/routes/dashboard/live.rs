//! A stream that says when a site's figures are worth another look.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::Sse;
use axum::response::sse::Event;
use futures_util::stream::{Stream, unfold};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::app::App;
use crate::auth::{May, READ, SiteScope};
use crate::error::ApiError;
use crate::store::Seq;

/// Between two pieces of news: many answers in a second are one change to look at.
const REST: Duration = Duration::from_secs(1);

/// Between two looks at whether the process is about to end.
const LOOK: Duration = Duration::from_secs(1);

/// Looks between two questions to the database, where other collectors may have stored something.
const LOOKS_PER_QUESTION: u32 = 10;

/// Looks until the stream ends; the browser comes back, and is asked again who it is.
const LOOKS_MAX: u32 = 600;

/// Somebody who looks at a site.
struct Viewer {
    app: App,
    scope: SiteScope,
    changes: watch::Receiver<()>,
    last_seq: Seq,
    looks: u32,
}

/// Says `changed` when an answer came in, was revised or decided about.
pub(super) async fn stream(
    State(app): State<App>,
    May { scope, .. }: May<READ>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ApiError> {
    let changes = app.live.watch(scope.site());
    let last_seq = app.store.last_seq(&scope).await?;
    let viewer = Viewer { app, scope, changes, last_seq, looks: 0 };
    Ok(Sse::new(unfold(viewer, async |mut viewer| {
        let event = viewer.next().await?;
        Some((Ok(event), viewer))
    })))
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
                let last_seq = self.app.store.last_seq(&self.scope).await.unwrap_or(self.last_seq);
                let is_new = std::mem::replace(&mut self.last_seq, last_seq) != last_seq;
                return Some(if is_new { changed_event() } else { Event::default().comment("") });
            }
        }
    }
}

fn changed_event() -> Event {
    Event::default().event("changed").data("1")
}
