//! The schema, step by step; released steps are never edited.

use anyhow::{Context as _, ensure};
use rusqlite::{Connection, TransactionBehavior};

/// Marks a file as ours ("pare").
const APPLICATION_ID: i32 = 0x7061_7265;

/// Every step, oldest first; `user_version` counts those taken.
const STEPS: [&str; 19] = [
    include_str!("../../../migrations/sqlite/0001_init.sql"),
    include_str!("../../../migrations/sqlite/0002_consent.sql"),
    include_str!("../../../migrations/sqlite/0003_catalogue.sql"),
    include_str!("../../../migrations/sqlite/0004_people.sql"),
    include_str!("../../../migrations/sqlite/0005_inclusion.sql"),
    include_str!("../../../migrations/sqlite/0006_events.sql"),
    include_str!("../../../migrations/sqlite/0007_survey_versions.sql"),
    include_str!("../../../migrations/sqlite/0008_commented.sql"),
    include_str!("../../../migrations/sqlite/0009_rights.sql"),
    include_str!("../../../migrations/sqlite/0010_webhooks.sql"),
    include_str!("../../../migrations/sqlite/0011_sources.sql"),
    include_str!("../../../migrations/sqlite/0012_orders.sql"),
    include_str!("../../../migrations/sqlite/0013_tickets.sql"),
    include_str!("../../../migrations/sqlite/0014_invitations.sql"),
    include_str!("../../../migrations/sqlite/0015_rules.sql"),
    include_str!("../../../migrations/sqlite/0016_cases.sql"),
    include_str!("../../../migrations/sqlite/0017_crm.sql"),
    include_str!("../../../migrations/sqlite/0018_segments.sql"),
    include_str!("../../../migrations/sqlite/0019_statistics.sql"),
];

/// Refuses a file that is not ours, or not of our time, before anything in it is changed.
pub(super) fn refuse_foreign(connection: &Connection) -> anyhow::Result<()> {
    let version = version(connection)?;
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    ensure!(
        application == APPLICATION_ID || (application == 0 && tables == 0),
        "the file belongs to another program; choose another one with --database-url"
    );
    ensure!(
        version <= STEPS.len(),
        "the file was written by a newer parere (schema {version}); start that version, or restore a backup"
    );
    Ok(())
}

/// Brings the schema up to date; each step is one transaction.
pub(super) fn up(connection: &mut Connection) -> anyhow::Result<()> {
    let version = version(connection)?;
    for (index, step) in STEPS.iter().enumerate().skip(version) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction
            .execute_batch(step)
            .with_context(|| format!("could not take schema step {}", index + 1))?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", index + 1)?;
        transaction.commit()?;
    }
    Ok(())
}

/// How many steps the file has taken.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<usize> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
