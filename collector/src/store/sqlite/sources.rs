//! Connections of sites.

use parere_shared::time::Millis;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::SqliteStore;
use super::surveys::unreadable;
use crate::auth::SiteScope;
use crate::store::Result;
use crate::store::source::{Source, SourceName};

const ALL: &str = "
    SELECT source, secret, created_at_ms, heard_at_ms, refused_at_ms, refusal
    FROM sources WHERE site = ?1 ORDER BY source";

const ONE: &str = "
    SELECT source, secret, created_at_ms, heard_at_ms, refused_at_ms, refusal
    FROM sources WHERE site = ?1 AND source = ?2";

const PUT: &str = "
    INSERT INTO sources (site, source, secret, created_at_ms) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT DO UPDATE SET secret = excluded.secret, created_at_ms = excluded.created_at_ms,
      heard_at_ms = NULL, refused_at_ms = NULL, refusal = NULL";

const REMOVE: &str = "DELETE FROM sources WHERE site = ?1 AND source = ?2";

const HEARD: &str = "UPDATE sources SET heard_at_ms = ?3 WHERE site = ?1 AND source = ?2";

const REFUSED: &str = "UPDATE sources SET refused_at_ms = ?3, refusal = ?4 WHERE site = ?1 AND source = ?2";

impl SqliteStore {
    pub(in crate::store) async fn sources(&self, scope: &SiteScope) -> Result<Vec<Source>> {
        let site = scope.site().to_owned();
        let all = move |connection: &mut Connection| {
            connection.prepare_cached(ALL)?.query_map([site], read)?.collect()
        };
        self.readers.run(all).await
    }

    pub(in crate::store) async fn source(
        &self,
        scope: &SiteScope,
        name: SourceName,
    ) -> Result<Option<Source>> {
        let site = scope.site().to_owned();
        let one = move |connection: &mut Connection| {
            connection.prepare_cached(ONE)?.query_row(params![site, name.as_str()], read).optional()
        };
        self.readers.run(one).await
    }

    pub(in crate::store) async fn put_source(&self, scope: &SiteScope, source: &Source) -> Result<()> {
        let (site, source) = (scope.site().to_owned(), source.clone());
        let put = move |connection: &mut Connection| {
            let values = params![site, source.name.as_str(), source.secret, source.created_at];
            connection.execute(PUT, values).map(|_| ())
        };
        self.writer.run(put).await
    }

    pub(in crate::store) async fn remove_source(&self, scope: &SiteScope, name: SourceName) -> Result<bool> {
        let site = scope.site().to_owned();
        self.writer.run(move |connection| Ok(connection.execute(REMOVE, [&*site, name.as_str()])? == 1)).await
    }

    pub(in crate::store) async fn note_heard(
        &self,
        scope: &SiteScope,
        name: SourceName,
        at: Millis,
    ) -> Result<()> {
        let site = scope.site().to_owned();
        let note = move |connection: &mut Connection| {
            connection.execute(HEARD, params![site, name.as_str(), at]).map(|_| ())
        };
        self.writer.run(note).await
    }

    pub(in crate::store) async fn note_refused(
        &self,
        scope: &SiteScope,
        name: SourceName,
        at: Millis,
        why: &str,
    ) -> Result<()> {
        let (site, why) = (scope.site().to_owned(), why.to_owned());
        let note = move |connection: &mut Connection| {
            connection.execute(REFUSED, params![site, name.as_str(), at, why]).map(|_| ())
        };
        self.writer.run(note).await
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Source> {
    let name: String = row.get(0)?;
    let (at, why): (Option<Millis>, Option<String>) = (row.get(4)?, row.get(5)?);
    Ok(Source {
        name: SourceName::parse(&name).ok_or_else(|| unreadable(0, "no source"))?,
        secret: row.get(1)?,
        created_at: row.get(2)?,
        heard_at: row.get(3)?,
        refused: at.zip(why),
    })
}
