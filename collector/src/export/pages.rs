//! The set of answers of an export, fixed when it begins and read a page at a time.

use parere_shared::time::Millis;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::Sender;

use super::{Export, ExportError};
use crate::auth::SiteScope;
use crate::store::{Filter, Order, Seq, Store, StoreError, StoredRow};

/// Rows read at once: some hundred kilobytes, a few milliseconds of one reading connection.
const PAGE_LEN: usize = 1_000;

/// Pages that wait to be encoded; another one is being read meanwhile.
pub(super) const WAITING_MAX: usize = 1;

/// Which answers an export has, whatever is stored while it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Set {
    /// When it was fixed.
    pub as_of: Millis,
    /// The last place in it.
    pub last_seq: Seq,
    /// How many there are; none where counting took too long.
    pub rows: Option<u64>,
}

/// Some answers in the order of storing.
pub(super) struct Page {
    pub(super) rows: Vec<StoredRow>,
    /// Nothing follows.
    pub(super) is_last: bool,
}

impl Set {
    /// The answers of `scope` that match `filter` now.
    pub async fn fix(
        store: &dyn Store,
        scope: &SiteScope,
        filter: &Filter,
        now: Millis,
    ) -> Result<Self, StoreError> {
        let last_seq = store.last_seq(scope).await?;
        let filter = Filter { seq_max: Some(last_seq), ..filter.clone() };
        // Without the number an export is no worse, only less talkative; a store that is gone says so at the first page.
        let rows = store.how_many(scope, &filter).await;
        let rows = rows.inspect_err(|error| tracing::warn!("answers could not be counted: {error}")).ok();
        Ok(Self { as_of: now, last_seq, rows })
    }
}

impl Export {
    /// Reads the whole set beyond `after`; ends early when nobody takes the pages any more.
    pub(super) async fn read(&self, after: Option<Seq>, to: Sender<Page>) -> Result<(), ExportError> {
        let filter = Filter { seq_max: Some(self.set.last_seq), ..self.filter.clone() };
        let mut after = after;
        loop {
            let rows = self.store.page(&self.scope, &filter, Order::OldestFirst, after, PAGE_LEN).await?;
            after = rows.last().map(|row| row.seq);
            let is_last = rows.len() < PAGE_LEN;
            to.send(Page { rows, is_last }).await.map_err(|_| ExportError::CutShort)?;
            if is_last {
                return Ok(());
            }
        }
    }
}
