//! Reading answers, a page at a time: newest first, or oldest first for who keeps up to date.

use parere_shared::time::Millis;

use crate::auth::SiteScope;
use crate::store::{Filter, Order, Seq, Store, StoredRow};

/// Answers with a comment that one search looks at, some 0.1 s on a small machine. Who wants to go further back says so.
const SEARCHED_MAX: u32 = 100_000;

/// The place before the first answer.
const BEGINNING: Seq = 0;

/// A page of answers.
pub(crate) struct Reading {
    pub(crate) rows: Vec<StoredRow>,
    /// Beyond which answer the next page is; none after the last.
    pub(crate) next: Option<Seq>,
    /// When the last answer was received that the search looked at, if there are more that it did not look at.
    pub(crate) looked_back_to: Option<Millis>,
}

impl Reading {
    /// Answers that match, beyond `after`, at most `limit`. A search by text may end earlier; then there is a next page.
    pub(crate) async fn open(
        store: &dyn Store,
        scope: &SiteScope,
        filter: &Filter,
        after: Option<Seq>,
        limit: usize,
    ) -> crate::store::Result<Self> {
        // One more than asked for tells whether anything follows.
        let (mut rows, reached) = if filter.text.is_some() {
            let order = Order::NewestFirst;
            let search = store.search(scope, filter, order, after, limit + 1, SEARCHED_MAX).await?;
            (search.rows, search.reached)
        } else {
            (store.page(scope, filter, Order::NewestFirst, after, limit + 1).await?, None)
        };
        let is_full = rows.len() > limit;
        rows.truncate(limit);
        let reached = reached.filter(|_| !is_full);
        let next = if is_full { rows.last().map(|row| row.seq) } else { reached.map(|(seq, _)| seq) };
        Ok(Self { rows, next, looked_back_to: reached.map(|(_, received_at)| received_at) })
    }

    /// Answers that match, oldest first, beyond `after`, at most `limit`, that were received until `settled`. The next
    /// page is where to ask again for what comes later, and so there always is one.
    ///
    /// It never begins behind an answer that came after `settled`: so none is passed over.
    pub(crate) async fn onward(
        store: &dyn Store,
        scope: &SiteScope,
        filter: &Filter,
        after: Option<Seq>,
        limit: usize,
        settled: Millis,
    ) -> crate::store::Result<Self> {
        let order = Order::OldestFirst;
        let (mut rows, reached) = if filter.text.is_some() {
            let search = store.search(scope, filter, order, after, limit, SEARCHED_MAX).await?;
            (search.rows, search.reached)
        } else {
            (store.page(scope, filter, order, after, limit).await?, None)
        };
        let is_full = rows.len() == limit;
        let reached = reached.filter(|(_, received_at)| !is_full && *received_at <= settled);
        let young = rows.iter().position(|stored| stored.row.received_at > settled);
        rows.truncate(young.unwrap_or(rows.len()));
        let last = reached.map(|(seq, _)| seq).or(rows.last().map(|row| row.seq));
        Ok(Self { rows, next: Some(last.or(after).unwrap_or(BEGINNING)), looked_back_to: None })
    }
}
