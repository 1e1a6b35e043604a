//! Who is not asked.

use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};

use super::SqliteStore;
use super::invitations::sql_limit;
use super::surveys::unreadable;
use crate::auth::SiteScope;
use crate::store::invitation::{Suppression, SuppressionReason};
use crate::store::{Hash, Result};

const ADD: &str = "
    INSERT INTO suppressions (site, person, reason, at_ms) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";

const END: &str = "
    UPDATE survey_invitations SET state = 'suppressed', reason = ?3, address = NULL
    WHERE site = ?1 AND person = ?2 AND state = 'waiting'";

const REMOVE: &str = "DELETE FROM suppressions WHERE site = ?1 AND person = ?2";

const ONE: &str = "SELECT person, reason, at_ms FROM suppressions WHERE site = ?1 AND person = ?2";

const ALL: &str =
    "SELECT person, reason, at_ms FROM suppressions WHERE site = ?1 ORDER BY at_ms DESC, person LIMIT ?2";

impl SqliteStore {
    pub(in crate::store) async fn suppress(
        &self,
        scope: &SiteScope,
        suppression: &Suppression,
    ) -> Result<bool> {
        let (site, Suppression { person, reason, at }) = (scope.site().to_owned(), suppression.clone());
        let suppress = move |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let added = transaction.execute(ADD, params![site, person, reason.as_str(), at])?;
            transaction.execute(END, params![site, person, reason.as_str()])?;
            transaction.commit()?;
            Ok(added == 1)
        };
        self.writer.run(suppress).await
    }

    pub(in crate::store) async fn unsuppress(&self, scope: &SiteScope, person: &Hash) -> Result<bool> {
        let (site, person) = (scope.site().to_owned(), *person);
        self.writer.run(move |connection| Ok(connection.execute(REMOVE, params![site, person])? == 1)).await
    }

    pub(in crate::store) async fn suppressed(
        &self,
        scope: &SiteScope,
        person: &Hash,
    ) -> Result<Option<Suppression>> {
        let (site, person) = (scope.site().to_owned(), *person);
        let one = move |connection: &mut Connection| {
            connection.prepare_cached(ONE)?.query_row(params![site, person], read).optional()
        };
        self.readers.run(one).await
    }

    pub(in crate::store) async fn suppressions(
        &self,
        scope: &SiteScope,
        limit: usize,
    ) -> Result<Vec<Suppression>> {
        let (site, limit) = (scope.site().to_owned(), sql_limit(limit));
        let rows = move |connection: &mut Connection| {
            connection.prepare_cached(ALL)?.query_map(params![site, limit], read)?.collect()
        };
        self.readers.run(rows).await
    }
}

/// Why somebody is not asked, if so.
pub(super) fn is_suppressed(
    connection: &Connection,
    site: &str,
    person: &Hash,
) -> rusqlite::Result<Option<SuppressionReason>> {
    let found = connection.prepare_cached(ONE)?.query_row(params![site, person], read).optional()?;
    Ok(found.map(|suppression| suppression.reason))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Suppression> {
    let reason: String = row.get(1)?;
    Ok(Suppression {
        person: row.get(0)?,
        reason: SuppressionReason::parse(&reason)
            .ok_or_else(|| unreadable(1, "no reason of a suppression"))?,
        at: row.get(2)?,
    })
}
