//! The one promise: a 200 means that the answer is on disk. Broken here as hard as a process and a disk can be.
//!
//! In the test run each part is short; `sh tests/durability` runs the long form and reports.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::client::Client;

mod cuts;
mod disk;
mod faults;
mod journal;
mod kills;
mod outbox;
pub(crate) mod shim;
mod start;
mod system;
mod weak;

/// How much of something is done: as the environment says in the long form, else `short`.
#[expect(clippy::disallowed_methods, reason = "how long tests run is no option of the program")]
pub(crate) fn asked(name: &str, short: u64) -> u64 {
    std::env::var(name).map_or(short, |text| text.parse().unwrap())
}

/// The score, which is made of daily counts, agrees with the answers one by one.
async fn assert_counts_are_a_recount(client: &Client, rows: &[Value]) {
    let mut recount = [0_u64; 11];
    for row in rows {
        recount[usize::try_from(row["score"].as_u64().unwrap()).unwrap()] += 1;
    }
    let scores = client.read("/scores?survey=nps").await;
    for (score, n) in recount.iter().enumerate() {
        assert_eq!(scores["distribution"][score], json!({"score": score, "n": n}), "{scores}");
    }
}

/// Every page of the database in `folder` is in its place; looked at in a copy, because looking writes.
fn assert_sound(folder: &Path) {
    let copy = tempfile::tempdir().unwrap();
    for file in ["parere.db", "parere.db-wal"] {
        if folder.join(file).exists() {
            fs::copy(folder.join(file), copy.path().join(file)).unwrap();
        }
    }
    let database = rusqlite::Connection::open(copy.path().join("parere.db")).unwrap();
    let verdict: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
}

/// Milliseconds in the middle of `times`.
fn median_ms(mut times: Vec<Duration>) -> u128 {
    times.sort();
    times[times.len() / 2].as_millis()
}
