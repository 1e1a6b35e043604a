//! A file is opened: found fit, recovered, brought up to date.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use anyhow::{Context as _, ensure};
use rusqlite::Connection;

use super::place::Place;
use super::pool::{self, Pool};
use super::{SqliteStore, erase, failure, migrate};
use crate::store::{Purpose, Result, StoreError};

/// Reading connections: enough for two cores and a long export.
const READERS: usize = 4;

/// Oldest SQLite that keeps its promise: earlier ones can lose committed pages when two connections
/// write and checkpoint at the same instant (the WAL-reset bug, fixed in 3.51.3).
const VERSION_MIN: i32 = 3_051_003;

impl SqliteStore {
    /// Opens or creates the file at `path` and brings its schema up to date; an error says in a sentence what to do.
    pub async fn open(path: &str, purpose: Purpose) -> anyhow::Result<Self> {
        let version = rusqlite::version_number();
        ensure!(
            version >= VERSION_MIN,
            "SQLite {} can lose committed data; 3.51.3 is needed",
            rusqlite::version()
        );
        ensure!(!path.is_empty(), "the database URL names no file; write for example sqlite:parere.db");
        let path = Path::new(path).to_owned();
        tokio::task::spawn_blocking(move || {
            let could_not = || format!("could not open the database {}", path.display());
            Self::open_at(&path, purpose).map_err(failure::advised).with_context(could_not)
        })
        .await?
    }

    fn open_at(path: &Path, purpose: Purpose) -> anyhow::Result<Self> {
        let place = Place::of(path)?;
        let claim = if purpose == Purpose::Serve { Some(place.claim()?) } else { None };
        let path = place.path.clone();
        let connection = Connection::open(&path)?;
        migrate::refuse_foreign(&connection)?;
        let mut writer = pool::make_writer(connection)?;
        if claim.is_some() {
            // A process that was killed may have written what it never fsynced. It is read as committed,
            // and a sender who asks again would be told "duplicate": so it has to be on disk before anybody asks.
            // A reader of another process can be in the way of later commits only, and those were fsynced.
            pool::checkpoint(&mut writer)?;
        }
        migrate::up(&mut writer)?;
        let tombstones = erase::key(&writer)?;
        let readers: rusqlite::Result<Vec<_>> = (0..READERS).map(|_| pool::open_reader(&path)).collect();
        let again = path.clone();
        Ok(Self {
            writer: Pool::new(vec![writer], move || pool::reopen_writer(&path)),
            readers: Pool::new(readers?, move || pool::open_reader(&again)),
            place,
            tombstones,
            is_failing: AtomicBool::new(false),
            _claim: claim,
        })
    }

    /// Says no while there is still room, so that what is stored stays readable and can be cleaned up.
    pub(super) fn refuse_nearly_full(&self) -> Result<()> {
        match self.place.is_nearly_full() {
            Ok(false) => Ok(()),
            Ok(true) => Err(StoreError::Unavailable("the disk is nearly full".into())),
            Err(error) => Err(StoreError::Unavailable(error.into())),
        }
    }
}
