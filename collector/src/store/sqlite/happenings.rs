//! What happened to customers.

use parere_shared::time::Millis;
use rusqlite::{Connection, Row, TransactionBehavior, params};

use super::SqliteStore;
use super::surveys::{json_column, to_json, unreadable};
use crate::auth::SiteScope;
use crate::store::Result;
use crate::store::happening::{Happening, Placed};
use crate::store::happenings::FORGOTTEN_MAX;
use crate::store::row::{Person, Seq};
use crate::store::source::SourceName;

const ADD: &str = "
    INSERT INTO happenings (
      site, source, id, kind, at_ms, received_at_ms, order_ref, ticket, subject, properties)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
    ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms WHERE excluded.at_ms < happenings.at_ms";

const AFTER: &str = "
    SELECT seq, source, id, kind, at_ms, received_at_ms, order_ref, ticket, subject, properties
    FROM happenings WHERE site = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";

const BETWEEN: &str = "
    SELECT seq, source, id, kind, at_ms, received_at_ms, order_ref, ticket, subject, properties
    FROM happenings
    WHERE site = ?1 AND kind IN (SELECT value FROM json_each(?2)) AND at_ms >= ?3 AND at_ms < ?4
    ORDER BY at_ms DESC, seq DESC LIMIT ?5";

const OF_PERSON: &str = "
    SELECT seq, source, id, kind, at_ms, received_at_ms, order_ref, ticket, subject, properties
    FROM happenings WHERE site = ?1 AND (order_ref = ?2 OR subject = ?3) ORDER BY seq LIMIT ?4";

const FORGET_WHOSE: &str = "
    UPDATE happenings SET subject = NULL, properties = '{}'
    WHERE site = ?1 AND (order_ref = ?2 OR subject = ?3)";

const FORGET: &str = "
    DELETE FROM happenings WHERE seq IN (
      SELECT seq FROM (
        SELECT seq, received_at_ms FROM happenings WHERE site = ?1 ORDER BY seq LIMIT ?3)
      WHERE received_at_ms < ?2)";

impl SqliteStore {
    pub(in crate::store) async fn add(&self, scope: &SiteScope, happenings: &[Happening]) -> Result<u64> {
        let (site, happenings) = (scope.site().to_owned(), happenings.to_vec());
        let add = move |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let added = add_all(&transaction, &site, &happenings)?;
            transaction.commit()?;
            Ok(added)
        };
        self.writer.run(add).await
    }

    pub(in crate::store) async fn happenings_after(
        &self,
        scope: &SiteScope,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Placed>> {
        let (site, limit) = (scope.site().to_owned(), i64::try_from(limit).unwrap_or(i64::MAX));
        let rows = move |connection: &mut Connection| {
            connection.prepare_cached(AFTER)?.query_map(params![site, after, limit], read)?.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn happenings_between(
        &self,
        scope: &SiteScope,
        kinds: &[&str],
        from: Millis,
        to: Millis,
        limit: usize,
    ) -> Result<Vec<Placed>> {
        let (site, limit) = (scope.site().to_owned(), i64::try_from(limit).unwrap_or(i64::MAX));
        let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        let rows = move |connection: &mut Connection| {
            let kinds = to_json(&kinds)?;
            let mut statement = connection.prepare_cached(BETWEEN)?;
            let rows = statement.query_map(params![site, kinds, from, to, limit], read)?;
            let mut rows = rows.collect::<rusqlite::Result<Vec<Placed>>>()?;
            rows.reverse();
            Ok(rows)
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn happenings_of(
        &self,
        scope: &SiteScope,
        person: &Person,
        limit: usize,
    ) -> Result<Vec<Placed>> {
        let (site, limit) = (scope.site().to_owned(), i64::try_from(limit).unwrap_or(i64::MAX));
        let person = person.clone();
        let rows = move |connection: &mut Connection| {
            let wanted = params![site, person.order_ref, person.subject, limit];
            connection.prepare_cached(OF_PERSON)?.query_map(wanted, read)?.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn forget_whose(&self, scope: &SiteScope, person: &Person) -> Result<()> {
        let (site, person) = (scope.site().to_owned(), person.clone());
        let forget = move |connection: &mut Connection| {
            connection.execute(FORGET_WHOSE, params![site, person.order_ref, person.subject]).map(|_| ())
        };
        self.writer.run(forget).await
    }

    pub(in crate::store) async fn forget_happenings(&self, scope: &SiteScope, before: Millis) -> Result<u64> {
        let site = scope.site().to_owned();
        let forget = move |connection: &mut Connection| {
            Ok(connection.execute(FORGET, params![site, before, FORGOTTEN_MAX])? as u64)
        };
        self.writer.run(forget).await
    }
}

/// Keeps those that are new; says how many were.
pub(super) fn add_all(
    connection: &Connection,
    site: &str,
    happenings: &[Happening],
) -> rusqlite::Result<u64> {
    let mut statement = connection.prepare_cached(ADD)?;
    let mut added = 0;
    for happening in happenings {
        added += statement.execute(params![
            site,
            happening.source.as_str(),
            happening.id,
            happening.kind,
            happening.at,
            happening.received_at,
            happening.order,
            happening.ticket,
            happening.subject,
            to_json(&happening.properties)?
        ])?;
    }
    Ok(added as u64)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Placed> {
    let source: String = row.get(1)?;
    let happening = Happening {
        source: SourceName::parse(&source).ok_or_else(|| unreadable(1, "no source"))?,
        id: row.get(2)?,
        kind: row.get(3)?,
        at: row.get(4)?,
        received_at: row.get(5)?,
        order: row.get(6)?,
        ticket: row.get(7)?,
        subject: row.get(8)?,
        properties: json_column(row, 9)?,
    };
    Ok(Placed { seq: row.get(0)?, happening })
}
