//! What lists say of people.

use std::collections::BTreeMap;

use parere_shared::time::Millis;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};

use super::SqliteStore;
use super::surveys::{json_column, to_json};
use crate::auth::SiteScope;
use crate::store::people::Hash;
use crate::store::segment::{Listed, Segment, listed_over, with_segment};
use crate::store::segments::SLICE_LEN;
use crate::store::{Record, Result};

const ONE: &str = "SELECT subject, attributes, at_ms FROM segments WHERE site = ?1 AND subject = ?2";

const PUT: &str = "
    INSERT INTO segments (site, subject, attributes, at_ms) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT DO UPDATE SET attributes = excluded.attributes, at_ms = excluded.at_ms";

const FORGET: &str = "DELETE FROM segments WHERE site = ?1 AND subject = ?2";

const LET_GO: &str = "
    DELETE FROM segments WHERE site = ?1 AND subject IN (
      SELECT subject FROM segments WHERE site = ?1 AND at_ms < ?2 LIMIT ?3)";

impl SqliteStore {
    pub(in crate::store) async fn list_people(
        &self,
        scope: &SiteScope,
        listed: &[Listed],
        now: Millis,
    ) -> Result<()> {
        self.refuse_nearly_full()?;
        let (site, listed) = (scope.site().to_owned(), listed.to_vec());
        self.writer.run(move |connection| list(connection, &site, &listed, now)).await
    }

    pub(in crate::store) async fn segments_of(
        &self,
        scope: &SiteScope,
        subjects: &[Hash],
    ) -> Result<Vec<Segment>> {
        let (site, mut subjects) = (scope.site().to_owned(), subjects.to_vec());
        subjects.sort_unstable();
        subjects.dedup();
        let all = move |connection: &mut Connection| {
            let found = subjects.iter().map(|subject| one(connection, &site, subject));
            found.filter_map(rusqlite::Result::transpose).collect()
        };
        self.readers.run(all).await
    }

    pub(in crate::store) async fn forget_segments(&self, scope: &SiteScope, subjects: &[Hash]) -> Result<()> {
        let (site, subjects) = (scope.site().to_owned(), subjects.to_vec());
        let forget = move |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for subject in &subjects {
                transaction.prepare_cached(FORGET)?.execute(params![site, subject])?;
            }
            transaction.commit()
        };
        self.writer.run(forget).await
    }

    pub(in crate::store) async fn let_go_of_segments(
        &self,
        scope: &SiteScope,
        before: Millis,
    ) -> Result<u64> {
        let site = scope.site().to_owned();
        let let_go = move |connection: &mut Connection| {
            Ok(connection.execute(LET_GO, params![site, before, SLICE_LEN])? as u64)
        };
        self.writer.run(let_go).await
    }
}

fn list(connection: &mut Connection, site: &str, listed: &[Listed], now: Millis) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for listed in listed {
        let known = one(&transaction, site, &listed.subject)?.map(|known| known.attributes);
        let attributes = listed_over(known.unwrap_or_default(), listed);
        if attributes.is_empty() {
            transaction.prepare_cached(FORGET)?.execute(params![site, listed.subject])?;
        } else {
            let values = params![site, listed.subject, to_json(&attributes)?, now];
            transaction.prepare_cached(PUT)?.execute(values)?;
        }
    }
    transaction.commit()
}

fn one(connection: &Connection, site: &str, subject: &Hash) -> rusqlite::Result<Option<Segment>> {
    connection.prepare_cached(ONE)?.query_row(params![site, subject], read).optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Segment> {
    Ok(Segment { subject: row.get(0)?, attributes: json_column(row, 1)?, at: row.get(2)? })
}

/// Is anything known of anybody? Where nothing is, answers cost no more than before.
pub(super) fn has_any(transaction: &Transaction<'_>) -> rusqlite::Result<bool> {
    transaction.prepare_cached("SELECT EXISTS (SELECT 1 FROM segments)")?.query_row([], |row| row.get(0))
}

/// The attributes of an answer with what is known of who gave it; `None` where that adds nothing.
pub(super) fn attributes_of(
    transaction: &Transaction<'_>,
    record: &Record,
) -> rusqlite::Result<Option<String>> {
    let Some(subject) = record.subject.filter(|_| record.is_news) else { return Ok(None) };
    let known: Option<BTreeMap<String, String>> =
        one(transaction, &record.site, &subject)?.map(|known| known.attributes);
    Ok(known.and_then(|known| with_segment(&record.row.attributes, &known)))
}
