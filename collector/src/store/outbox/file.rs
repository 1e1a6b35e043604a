//! The file of one process: found or made in a folder that others may share, and locked for as long as it runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use parere_shared::problem::Verdict;

use super::OutboxOptions;
use crate::store::sqlite::SqliteStore;
use crate::store::{Purpose, Record, Result, Store as _};

/// Most files in one folder: a machine runs fewer collectors.
const FILES_MAX: u32 = 64;

/// Answers that are taken over from another file in one transaction.
const BATCH_LEN: usize = 512;

/// Our file.
#[derive(Debug)]
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) store: SqliteStore,
    size_mib: u32,
    /// The lock goes with it.
    _lock: fs::File,
}

impl File {
    /// Takes the first file that no other process holds, and takes over what processes that are gone have left.
    pub(super) async fn open(options: &OutboxOptions) -> anyhow::Result<Self> {
        let folder = &options.folder;
        let could_not = || {
            format!(
                "could not open the outbox in {}; name a folder that can be written with --outbox-dir, \
                 or go without one with --outbox-size-mib 0",
                folder.display()
            )
        };
        fs::create_dir_all(folder).with_context(could_not)?;
        let mut ours: Option<Self> = None;
        for number in 1..=FILES_MAX {
            let path = folder.join(format!("{number}.db"));
            if ours.is_some() && !path.exists() {
                continue;
            }
            let Some(lock) = lock(&path).with_context(could_not)? else { continue };
            let store = open(&path).await.with_context(could_not)?;
            match &ours {
                None => ours = Some(Self { path, store, size_mib: options.size_mib, _lock: lock }),
                Some(ours) => {
                    take_over(&store, &ours.store).await.with_context(could_not)?;
                    store.close().await.with_context(could_not)?;
                    drop(store);
                    fs::remove_file(&path).with_context(could_not)?;
                }
            }
        }
        match ours {
            Some(ours) => Ok(ours),
            None => {
                bail!("{FILES_MAX} collectors use the outbox in {}; name another folder", folder.display())
            }
        }
    }
}

impl File {
    /// Keeps a batch as long as there is room; on disk when this returns.
    pub(super) async fn append(&self, batch: Arc<[Record]>) -> Result<Vec<Verdict>> {
        // The bound goes with a connection, and the store makes a new one after a disk error.
        self.store.limit_size(self.size_mib).await?;
        self.store.append(batch).await
    }

    /// Can answers be kept?
    pub(super) async fn check(&self) -> Result<()> {
        self.store.check().await?;
        self.store.limit_size(self.size_mib).await?;
        self.store.has_room().await
    }
}

async fn open(path: &Path) -> anyhow::Result<SqliteStore> {
    SqliteStore::open(path.to_str().context("the path is not text")?, Purpose::Serve).await
}

/// The lock of a file, unless another process holds it; given back by whatever way the process ends.
fn lock(path: &Path) -> anyhow::Result<Option<fs::File>> {
    let lock =
        fs::File::options().create(true).truncate(false).write(true).open(path.with_extension("lock"))?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Moves every answer; on disk at its new place before it is removed from the old one.
async fn take_over(from: &SqliteStore, to: &SqliteStore) -> anyhow::Result<()> {
    for site in from.waiting_sites().await? {
        loop {
            let batch = from.oldest(&site, BATCH_LEN).await?;
            if batch.is_empty() {
                break;
            }
            let moved = batch.iter().map(|record| (record.row.id, record.row.revision)).collect();
            to.append(batch.into()).await?;
            from.forget(&site, moved).await?;
        }
    }
    Ok(())
}
