//! Who is not asked.

use std::collections::HashMap;

use tokio_postgres::Row;

use super::PostgresStore;
use super::failure::Failure;
use super::invitations::{Done, change, sql_limit};
use super::pool::{read, transact};
use super::reach::{Reach, Reader, Transaction};
use super::retry::Attempt;
use super::sites::bytes_column;
use crate::auth::SiteScope;
use crate::store::invitation::{Suppression, SuppressionReason};
use crate::store::{Hash, Result};

const ADD: &str = "
    INSERT INTO suppressions (site, person, reason, at_ms) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

const END: &str = "
    UPDATE survey_invitations SET state = 'suppressed', reason = $3, address = NULL
    WHERE site = $1 AND person = $2 AND state = 'waiting'";

const REMOVE: &str = "DELETE FROM suppressions WHERE site = $1 AND person = $2";

const ONE: &str = "SELECT person, reason, at_ms FROM suppressions WHERE site = $1 AND person = $2";

const OF: &str = "
    SELECT person, reason, at_ms FROM suppressions WHERE site = $1 AND person = ANY ($2::bytea[])";

const ALL: &str = "
    SELECT person, reason, at_ms FROM suppressions WHERE site = $1 ORDER BY at_ms DESC, person LIMIT $2";

impl PostgresStore {
    pub(in crate::store) async fn suppress(
        &self,
        scope: &SiteScope,
        suppression: &Suppression,
    ) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, attempt| add(
            transaction,
            scope.site(),
            suppression,
            attempt
        ))
    }

    pub(in crate::store) async fn unsuppress(&self, scope: &SiteScope, person: &Hash) -> Result<bool> {
        let (site, person) = (scope.site(), person.as_slice());
        transact!(self.writers, Reach::of(scope), |transaction, attempt| remove(
            transaction,
            &[&site, &person],
            attempt
        ))
    }

    pub(in crate::store) async fn suppressed(
        &self,
        scope: &SiteScope,
        person: &Hash,
    ) -> Result<Option<Suppression>> {
        let (site, person) = (scope.site(), person.as_slice());
        let rows = read!(self.readers, Reach::of(scope), |reader| found(reader, ONE, &[&site, &person]))?;
        Ok(rows.into_iter().next())
    }

    pub(in crate::store) async fn suppressions(
        &self,
        scope: &SiteScope,
        limit: usize,
    ) -> Result<Vec<Suppression>> {
        let (site, limit) = (scope.site(), sql_limit(limit));
        read!(self.readers, Reach::of(scope), |reader| found(reader, ALL, &[&site, &limit]))
    }
}

async fn add(
    transaction: &Transaction<'_>,
    site: &str,
    suppression: &Suppression,
    attempt: Attempt,
) -> Done<bool> {
    let (person, reason) = (suppression.person.as_slice(), suppression.reason.as_str());
    let added = change(transaction, ADD, &[&site, &person, &reason, &suppression.at]).await?;
    change(transaction, END, &[&site, &person, &reason]).await?;
    Ok(added == 1 || attempt == Attempt::Again)
}

async fn remove(
    transaction: &Transaction<'_>,
    parameters: &[&(dyn tokio_postgres::types::ToSql + Sync)],
    attempt: Attempt,
) -> Done<bool> {
    Ok(change(transaction, REMOVE, parameters).await? == 1 || attempt == Attempt::Again)
}

/// Who of these is not asked, and why.
pub(super) async fn suppressed_of(
    transaction: &Transaction<'_>,
    site: &str,
    people: &[&[u8]],
) -> Done<HashMap<Hash, SuppressionReason>> {
    let rows = transaction.query(OF, &[&site, &people]).await?;
    let reasons = rows.iter().map(|row| Ok((bytes_column(row, 0)?, read_one(row)?.reason)));
    reasons.collect()
}

async fn found(
    reader: Reader<'_>,
    text: &str,
    parameters: &[&(dyn tokio_postgres::types::ToSql + Sync)],
) -> Done<Vec<Suppression>> {
    reader.query(text, parameters).await?.iter().map(read_one).collect()
}

fn read_one(row: &Row) -> Done<Suppression> {
    let reason: &str = row.try_get(1)?;
    Ok(Suppression {
        person: bytes_column(row, 0)?,
        reason: SuppressionReason::parse(reason)
            .ok_or_else(|| Failure::Unreadable("the reason of a suppression".into()))?,
        at: row.try_get(2)?,
    })
}
