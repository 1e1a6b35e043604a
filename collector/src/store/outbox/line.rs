//! Who may go straight to the database, and who waits in the file.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use parere_shared::problem::Verdict;
use tokio::sync::Notify;

use super::file::File;
use crate::store::{Record, Result, Store};

/// What appending and forwarding share.
pub(super) struct Line {
    pub(super) database: Arc<dyn Store>,
    pub(super) file: File,
    pub(super) state: Mutex<State>,
    /// Something waits, or the database went away.
    pub(super) news: Notify,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) is_away: bool,
    /// Sites of which an answer waits, or may wait.
    pub(super) waiting: BTreeSet<String>,
}

impl Line {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// May these go straight to the database, overtaking nobody?
    pub(super) fn is_open_for(&self, batch: &[Record]) -> bool {
        let state = self.state();
        !state.is_away && !batch.iter().any(|record| state.waiting.contains(&record.site))
    }

    fn expect(&self, batch: &[Record]) {
        let mut state = self.state();
        for record in batch {
            if !state.waiting.contains(&record.site) {
                state.waiting.insert(record.site.clone());
            }
        }
    }

    /// From now on the file takes all answers.
    pub(super) fn lose(&self, cause: &str) {
        let was_away = std::mem::replace(&mut self.state().is_away, true);
        if !was_away {
            tracing::warn!(
                "the database is away ({cause}); answers are kept in {}",
                self.file.path.display()
            );
        }
        self.news.notify_one();
    }

    /// Keeps a batch until the database is back; on disk when this returns.
    pub(super) async fn keep(&self, batch: Arc<[Record]>) -> Result<Vec<Verdict>> {
        self.expect(&batch);
        let kept = self.file.append(Arc::clone(&batch)).await;
        // Again: whoever forwards may have found nothing of the site in between.
        self.expect(&batch);
        self.news.notify_one();
        kept
    }
}
