//! Signed-in sessions.

use parere_shared::time::Millis;
use rusqlite::{Connection, params};

pub(super) fn add(
    connection: &Connection,
    session: &[u8; 32],
    now: Millis,
    expires: Millis,
) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM sessions WHERE expires_at_ms <= ?1", [now])?;
    connection.execute(
        "INSERT INTO sessions (session, created_at_ms, expires_at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        params![session, now, expires],
    )?;
    Ok(())
}

pub(super) fn has(connection: &Connection, session: &[u8; 32], now: Millis) -> rusqlite::Result<bool> {
    let mut statement = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM sessions WHERE session = ?1 AND expires_at_ms > ?2)")?;
    statement.query_row(params![session, now], |row| row.get(0))
}

pub(super) fn remove(connection: &Connection, session: &[u8; 32]) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM sessions WHERE session = ?1", [session])?;
    Ok(())
}
