//! `parere backup` and `parere restore`: copies of a SQLite database that are verified before they are called done.

use std::io::{self, Write as _};
use std::path::Path;

use anyhow::{Context as _, bail};
use parere_shared::time;

use crate::clock::Clock;
use crate::config::{BackupOptions, DatabaseUrl, RestoreOptions};
use crate::store;
use crate::store::sqlite::backup::{self, Verified};

/// Bytes in a mebibyte.
const MIB: u64 = 1024 * 1024;

/// Writes a copy of the database, beside whoever uses it, and prints what was verified.
pub async fn back_up(options: BackupOptions) -> anyhow::Result<()> {
    let url = options.store.url()?;
    let database = file_of(&url)?.to_owned();
    let file = options.file.clone();
    let verified =
        tokio::task::spawn_blocking(move || backup::back_up(Path::new(&database), &file)).await??;
    tell("is complete and verified", &options.file, &verified)
}

/// Puts a copy in the place of the database, and prints what was verified.
pub async fn restore(options: RestoreOptions, clock: &dyn Clock) -> anyhow::Result<()> {
    let url = options.store.url()?;
    let database = file_of(&url)?.to_owned();
    let stamp = format!("replaced-{}", compact(&time::format(clock.now())));
    let RestoreOptions { file, replace, .. } = options;
    let from = file.clone();
    let restored = tokio::task::spawn_blocking(move || {
        backup::restore(&from, Path::new(&database), replace.then_some(&*stamp))
    });
    let restored = restored.await??;
    tell("is restored and verified", Path::new(file_of(&url)?), &restored.verified)?;
    match restored.kept {
        Some(kept) => {
            writeln!(io::stdout(), "the database that was there is kept as {}", kept.display())?;
            Ok(())
        }
        None => Ok(()),
    }
}

/// The file of a SQLite database.
fn file_of(url: &DatabaseUrl) -> anyhow::Result<&str> {
    if store::is_postgres(url.expose()) {
        bail!(
            "PostgreSQL has its own programs for this: pg_dump --format=custom --file=FILE DATABASE, and pg_restore \
             --clean --if-exists --dbname=DATABASE FILE; to move to another kind of database, use parere export and \
             parere import"
        );
    }
    url.expose().strip_prefix("sqlite:").context("the database URL must begin with sqlite:")
}

fn tell(what: &str, file: &Path, verified: &Verified) -> anyhow::Result<()> {
    let Verified { schema, answers, bytes } = verified;
    let all: u64 = answers.iter().map(|(_, n)| n).sum();
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "{} {what}: every page is sound, schema {schema}, {} sites, {all} answers, {} MiB",
        file.display(),
        answers.len(),
        bytes.div_ceil(MIB),
    )?;
    for (site, n) in answers {
        writeln!(out, "{site}\t{n} answers")?;
    }
    Ok(())
}

/// `2026-11-21T10:00:00.250Z` as it may stand in a file's name: `20261121T100000250Z`.
fn compact(moment: &str) -> String {
    moment.chars().filter(char::is_ascii_alphanumeric).collect()
}
