//! What happened to customers.

use parere_shared::time::Millis;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::PostgresStore;
use super::append::hold_places;
use super::failure::Failure;
use super::pool::{read, transact};
use super::reach::{Reach, Reader, Transaction};
use super::sites::{json_column, to_json};
use crate::auth::SiteScope;
use crate::store::Result;
use crate::store::happening::{Happening, Placed};
use crate::store::happenings::FORGOTTEN_MAX;
use crate::store::row::{Person, Seq};
use crate::store::source::SourceName;

const ADD: &str = "
    INSERT INTO happenings (
      site, source, id, seq, kind, at_ms, received_at_ms, order_ref, ticket, subject, properties)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (site, source, id) DO UPDATE SET at_ms = excluded.at_ms WHERE excluded.at_ms < happenings.at_ms";

const AFTER: &str = "
    SELECT seq, source, id, kind, at_ms, received_at_ms, order_ref, ticket, subject, properties
    FROM happenings WHERE site = $1 AND seq > $2 ORDER BY seq LIMIT $3";

const BETWEEN: &str = "
    SELECT seq, source, id, kind, at_ms, received_at_ms, order_ref, ticket, subject, properties
    FROM happenings WHERE site = $1 AND kind = ANY ($2::text[]) AND at_ms >= $3 AND at_ms < $4
    ORDER BY at_ms DESC, seq DESC LIMIT $5";

const OF_PERSON: &str = "
    SELECT seq, source, id, kind, at_ms, received_at_ms, order_ref, ticket, subject, properties
    FROM happenings WHERE site = $1 AND (order_ref = $2 OR subject = $3) ORDER BY seq LIMIT $4";

const FORGET_WHOSE: &str = "
    UPDATE happenings SET subject = NULL, properties = '{}'
    WHERE site = $1 AND (order_ref = $2 OR subject = $3)";

const OLD: &str = "
    SELECT seq FROM (SELECT seq, received_at_ms FROM happenings WHERE site = $1 ORDER BY seq LIMIT $3) AS first
    WHERE received_at_ms < $2";

const FORGET: &str = "DELETE FROM happenings WHERE site = $1 AND seq = ANY ($2::bigint[])";

impl PostgresStore {
    pub(in crate::store) async fn add(&self, scope: &SiteScope, happenings: &[Happening]) -> Result<u64> {
        transact!(self.writers, Reach::of(scope), |transaction, _| add_all(
            transaction,
            scope.site(),
            happenings
        ))
    }

    pub(in crate::store) async fn happenings_after(
        &self,
        scope: &SiteScope,
        after: Seq,
        limit: usize,
    ) -> Result<Vec<Placed>> {
        let (site, limit) = (scope.site(), i64::try_from(limit).unwrap_or(i64::MAX));
        read!(self.readers, Reach::of(scope), |reader| rows(reader, AFTER, &[&site, &after, &limit]))
    }

    pub(in crate::store) async fn happenings_between(
        &self,
        scope: &SiteScope,
        kinds: &[&str],
        from: Millis,
        to: Millis,
        limit: usize,
    ) -> Result<Vec<Placed>> {
        let (site, limit) = (scope.site(), i64::try_from(limit).unwrap_or(i64::MAX));
        let values: [&(dyn ToSql + Sync); 5] = [&site, &kinds, &from, &to, &limit];
        let mut found = read!(self.readers, Reach::of(scope), |reader| rows(reader, BETWEEN, &values))?;
        found.reverse();
        Ok(found)
    }

    pub(in crate::store) async fn happenings_of(
        &self,
        scope: &SiteScope,
        person: &Person,
        limit: usize,
    ) -> Result<Vec<Placed>> {
        let (site, limit) = (scope.site(), i64::try_from(limit).unwrap_or(i64::MAX));
        let subject = person.subject.as_ref().map(<[u8; 32]>::as_slice);
        let values: [&(dyn ToSql + Sync); 4] = [&site, &person.order_ref, &subject, &limit];
        read!(self.readers, Reach::of(scope), |reader| rows(reader, OF_PERSON, &values))
    }

    pub(in crate::store) async fn forget_whose(&self, scope: &SiteScope, person: &Person) -> Result<()> {
        transact!(self.writers, Reach::of(scope), |transaction, _| forget_whose(
            transaction,
            scope.site(),
            person
        ))
    }

    pub(in crate::store) async fn forget_happenings(&self, scope: &SiteScope, before: Millis) -> Result<u64> {
        transact!(self.writers, Reach::of(scope), |transaction, _| forget(transaction, scope.site(), before))
    }
}

type Done<T> = std::result::Result<T, Failure>;

/// Keeps those that are new; says how many were. Holds the site until the commit, so that places follow each other.
pub(super) async fn add_all(
    transaction: &Transaction<'_>,
    site: &str,
    happenings: &[Happening],
) -> Done<u64> {
    let n = i64::try_from(happenings.len()).unwrap_or(i64::MAX);
    let first = hold_places(transaction, site, n).await? - n + 1;
    let statement = transaction.prepare_cached(ADD).await?;
    let mut added = 0;
    for (seq, happening) in (first..).zip(happenings) {
        let (source, properties) = (happening.source.as_str(), to_json(&happening.properties)?);
        let subject = happening.subject.as_ref().map(<[u8; 32]>::as_slice);
        let values: [&(dyn ToSql + Sync); 11] = [
            &site,
            &source,
            &happening.id,
            &seq,
            &happening.kind,
            &happening.at,
            &happening.received_at,
            &happening.order,
            &happening.ticket,
            &subject,
            &properties,
        ];
        added += transaction.execute(&statement, &values).await?;
    }
    Ok(added)
}

async fn forget_whose(transaction: &Transaction<'_>, site: &str, person: &Person) -> Done<()> {
    let subject = person.subject.as_ref().map(<[u8; 32]>::as_slice);
    transaction.execute(FORGET_WHOSE, &[&site, &person.order_ref, &subject]).await?;
    Ok(())
}

async fn forget(transaction: &Transaction<'_>, site: &str, before: Millis) -> Done<u64> {
    let old = transaction.query(OLD, &[&site, &before, &FORGOTTEN_MAX]).await?;
    let old = old.iter().map(|row| Ok(row.try_get(0)?)).collect::<Done<Vec<Seq>>>()?;
    Ok(transaction.execute(FORGET, &[&site, &old]).await?)
}

async fn rows(reader: Reader<'_>, text: &str, values: &[&(dyn ToSql + Sync)]) -> Done<Vec<Placed>> {
    reader.query(text, values).await?.iter().map(read_one).collect()
}

fn read_one(row: &Row) -> Done<Placed> {
    let unknown = |what: &str| Failure::Unreadable(format!("{what} of a happening"));
    let (source, subject): (&str, Option<&[u8]>) = (row.try_get(1)?, row.try_get(8)?);
    let subject = subject.map(<[u8; 32]>::try_from).transpose().map_err(|_| unknown("the subject"))?;
    let happening = Happening {
        source: SourceName::parse(source).ok_or_else(|| unknown("the source"))?,
        id: row.try_get(2)?,
        kind: row.try_get(3)?,
        at: row.try_get(4)?,
        received_at: row.try_get(5)?,
        order: row.try_get(6)?,
        ticket: row.try_get(7)?,
        subject,
        properties: json_column(row, 9)?,
    };
    Ok(Placed { seq: row.try_get(0)?, happening })
}
