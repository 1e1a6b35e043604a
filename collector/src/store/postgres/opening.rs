//! A database is opened: reached, brought up to date, and asked for its settings.

use deadpool_postgres::Object;

use super::pool::{self, Pool, READERS, WRITERS, read};
use super::reach::Reach;
use super::target::Target;
use super::{PostgresStore, erase, migrate};

impl PostgresStore {
    /// Connects to the database that `url` names and brings its schema up to date.
    ///
    /// Fails with a sentence that says what to do when the database cannot be reached or does not let us in.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        let target = Target::parse(url)?;
        let writers = Pool::new(&target, WRITERS, pool::WRITING)?;
        let readers = Pool::new(&target, READERS, pool::READING)?;
        let mut connection = writers.connect().await.map_err(|failure| target.unreachable(&failure))?;
        let client = connection.object_mut()?;
        migrate::up(client).await.map_err(|failure| failure.into_sentence(&target))?;
        warn_of_unsafe_settings(client).await;
        drop(connection);
        let tombstones = read!(readers, Reach::NoSite, |reader| erase::key(reader))?;
        Ok(Self { writers, readers, tombstones })
    }
}

const UNSAFE_SETTINGS: &str =
    "SELECT name FROM pg_settings WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'";

/// An acknowledgement is worth what the server's disk is; we can only say so.
async fn warn_of_unsafe_settings(client: &Object) {
    for row in client.query(UNSAFE_SETTINGS, &[]).await.unwrap_or_default() {
        let name: String = row.get(0);
        tracing::warn!(
            "the PostgreSQL server runs with {name} = off: a power cut can lose acknowledged answers"
        );
    }
}
