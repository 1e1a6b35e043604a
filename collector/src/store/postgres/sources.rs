//! Connections of sites.

use parere_shared::time::Millis;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::PostgresStore;
use super::failure::Failure;
use super::pool::{read, transact};
use super::reach::{Reach, Reader, Transaction};
use super::retry::Attempt;
use crate::auth::SiteScope;
use crate::store::Result;
use crate::store::source::{Source, SourceName};

const ALL: &str = "
    SELECT source, secret, created_at_ms, heard_at_ms, refused_at_ms, refusal FROM sources WHERE site = $1";

const ONE: &str = "
    SELECT source, secret, created_at_ms, heard_at_ms, refused_at_ms, refusal
    FROM sources WHERE site = $1 AND source = $2";

const PUT: &str = "
    INSERT INTO sources (site, source, secret, created_at_ms) VALUES ($1, $2, $3, $4)
    ON CONFLICT (site, source) DO UPDATE SET secret = excluded.secret, created_at_ms = excluded.created_at_ms,
      heard_at_ms = NULL, refused_at_ms = NULL, refusal = NULL";

const REMOVE: &str = "DELETE FROM sources WHERE site = $1 AND source = $2";

const HEARD: &str = "UPDATE sources SET heard_at_ms = $3 WHERE site = $1 AND source = $2";

const REFUSED: &str = "UPDATE sources SET refused_at_ms = $3, refusal = $4 WHERE site = $1 AND source = $2";

impl PostgresStore {
    pub(in crate::store) async fn sources(&self, scope: &SiteScope) -> Result<Vec<Source>> {
        let site = scope.site();
        let mut all = read!(self.readers, Reach::of(scope), |reader| query(reader, ALL, &[&site]))?;
        // Databases sort text each in their own way.
        all.sort_by_key(|source| source.name.as_str());
        Ok(all)
    }

    pub(in crate::store) async fn source(
        &self,
        scope: &SiteScope,
        name: SourceName,
    ) -> Result<Option<Source>> {
        let (site, name) = (scope.site(), name.as_str());
        let found = read!(self.readers, Reach::of(scope), |reader| query(reader, ONE, &[&site, &name]))?;
        Ok(found.into_iter().next())
    }

    pub(in crate::store) async fn put_source(&self, scope: &SiteScope, source: &Source) -> Result<()> {
        let (site, name) = (scope.site(), source.name.as_str());
        let values: [&(dyn ToSql + Sync); 4] = [&site, &name, &source.secret, &source.created_at];
        transact!(self.writers, Reach::of(scope), |transaction, _| write(transaction, PUT, &values))
            .map(|_| ())
    }

    pub(in crate::store) async fn remove_source(&self, scope: &SiteScope, name: SourceName) -> Result<bool> {
        let (site, name) = (scope.site(), name.as_str());
        let values: [&(dyn ToSql + Sync); 2] = [&site, &name];
        transact!(self.writers, Reach::of(scope), |transaction, attempt| remove(
            transaction,
            &values,
            attempt
        ))
    }

    pub(in crate::store) async fn note_heard(
        &self,
        scope: &SiteScope,
        name: SourceName,
        at: Millis,
    ) -> Result<()> {
        let (site, name) = (scope.site(), name.as_str());
        let values: [&(dyn ToSql + Sync); 3] = [&site, &name, &at];
        transact!(self.writers, Reach::of(scope), |transaction, _| write(transaction, HEARD, &values))
            .map(|_| ())
    }

    pub(in crate::store) async fn note_refused(
        &self,
        scope: &SiteScope,
        name: SourceName,
        at: Millis,
        why: &str,
    ) -> Result<()> {
        let (site, name) = (scope.site(), name.as_str());
        let values: [&(dyn ToSql + Sync); 4] = [&site, &name, &at, &why];
        transact!(self.writers, Reach::of(scope), |transaction, _| write(transaction, REFUSED, &values))
            .map(|_| ())
    }
}

type Done<T> = std::result::Result<T, Failure>;

async fn write(transaction: &Transaction<'_>, text: &str, values: &[&(dyn ToSql + Sync)]) -> Done<u64> {
    Ok(transaction.execute(text, values).await?)
}

async fn remove(
    transaction: &Transaction<'_>,
    values: &[&(dyn ToSql + Sync)],
    attempt: Attempt,
) -> Done<bool> {
    Ok(write(transaction, REMOVE, values).await? == 1 || attempt == Attempt::Again)
}

async fn query(reader: Reader<'_>, text: &str, values: &[&(dyn ToSql + Sync)]) -> Done<Vec<Source>> {
    reader.query(text, values).await?.iter().map(read_one).collect()
}

fn read_one(row: &Row) -> Done<Source> {
    let name: &str = row.try_get(0)?;
    let (at, why): (Option<Millis>, Option<String>) = (row.try_get(4)?, row.try_get(5)?);
    Ok(Source {
        name: SourceName::parse(name).ok_or_else(|| Failure::Unreadable("the name of a source".into()))?,
        secret: row.try_get(1)?,
        created_at: row.try_get(2)?,
        heard_at: row.try_get(3)?,
        refused: at.zip(why),
    })
}
