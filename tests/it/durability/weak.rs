//! Is the weak disk of the cuts really `synchronous=NORMAL`? SQLite itself is asked.

use std::path::PathBuf;
use std::process::Command;

use rusqlite::Connection;

use super::journal::{Entry, entries, weakened};
use super::shim::{DATABASE, Shim};

const COMMITS: i64 = 60;

/// What SQLite does to its files, but for the bytes: the salts in them are random.
fn sketch<'a>(entries: impl Iterator<Item = Entry<'a>>) -> Vec<String> {
    let sketch = entries.map(|entry| match entry {
        Entry::Write { at, bytes, .. } => format!("write {} at {at}", bytes.len()),
        Entry::Truncate { len, .. } => format!("truncate to {len}"),
        Entry::Open { name, .. } => format!("open {name}"),
        Entry::Close { .. } => "close".into(),
        Entry::Sync { .. } => "sync".into(),
        other => format!("{other:?}"),
    });
    sketch.collect()
}

#[test]
fn the_weak_disk_is_synchronous_normal() {
    let [full, normal] = ["FULL", "NORMAL"].map(|mode| {
        let shim = Shim::new();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "durability::weak::commits_and_checkpoints_in_either_mode"])
            .env("PARERE_SYNCHRONOUS", mode)
            .env("PARERE_FOLDER", &shim.folder);
        let output = shim.before(&mut command).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        shim.take_journal()
    });
    let expected = sketch(entries(&normal));
    assert_eq!(sketch(weakened(entries(&full))), expected);
    let syncs = |journal: &[u8]| entries(journal).filter(|entry| matches!(entry, Entry::Sync { .. })).count();
    assert!(syncs(&normal) > 4, "checkpoints are part of it");
    assert!(syncs(&full) >= syncs(&normal) + usize::try_from(COMMITS).unwrap(), "one more for each commit");
}

/// The work that is looked at above, in a process of its own; alone it shows that it is work.
#[test]
fn commits_and_checkpoints_in_either_mode() {
    let given = |name: &str| {
        #[expect(clippy::disallowed_methods, reason = "how a test speaks to itself in another process")]
        std::env::var(name).ok()
    };
    let own = tempfile::tempdir().unwrap();
    let folder = given("PARERE_FOLDER").map_or_else(|| own.path().to_owned(), PathBuf::from);
    let connection = Connection::open(folder.join(DATABASE)).unwrap();
    connection.pragma_update(None, "journal_mode", "WAL").unwrap();
    connection
        .pragma_update(None, "synchronous", given("PARERE_SYNCHRONOUS").as_deref().unwrap_or("FULL"))
        .unwrap();
    connection.pragma_update(None, "wal_autocheckpoint", 25).unwrap();
    connection.execute_batch("CREATE TABLE work (n INTEGER PRIMARY KEY, text TEXT) STRICT").unwrap();
    for n in 0..COMMITS {
        connection.execute("INSERT INTO work VALUES (?1, ?2)", (n, "x".repeat(3000))).unwrap();
    }
    let rows: i64 = connection.query_row("SELECT count(*) FROM work", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, COMMITS);
}
