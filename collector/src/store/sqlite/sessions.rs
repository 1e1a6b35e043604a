//! Signed-in sessions.

use parere_shared::time::Millis;
use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};

use crate::store::{Hash, SESSIONS_MAX, Session};

const ONE: &str = "
    SELECT session, account, browser, created_at_ms, used_at_ms, expires_at_ms FROM sessions
    WHERE session = ?1 AND expires_at_ms > ?2";

const ALL: &str = "
    SELECT session, account, browser, created_at_ms, used_at_ms, expires_at_ms FROM sessions
    WHERE account = ?1 AND expires_at_ms > ?2 ORDER BY created_at_ms DESC, session";

const FORGET_OLDEST: &str = "
    DELETE FROM sessions WHERE account = ?1 AND session NOT IN (
      SELECT session FROM sessions WHERE account = ?1 ORDER BY created_at_ms DESC, session LIMIT ?2)";

pub(super) fn add(connection: &mut Connection, session: &Session) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("DELETE FROM sessions WHERE expires_at_ms <= ?1", [session.created_at])?;
    transaction.execute(FORGET_OLDEST, params![session.account, SESSIONS_MAX - 1])?;
    transaction.execute(
        "INSERT INTO sessions (session, account, browser, created_at_ms, used_at_ms, expires_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
        params![
            session.hash,
            session.account,
            session.browser,
            session.created_at,
            session.used_at,
            session.expires_at
        ],
    )?;
    transaction.commit()
}

pub(super) fn one(connection: &Connection, hash: &Hash, now: Millis) -> rusqlite::Result<Option<Session>> {
    connection.prepare_cached(ONE)?.query_row(params![hash, now], read).optional()
}

pub(super) fn all(connection: &Connection, account: &str, now: Millis) -> rusqlite::Result<Vec<Session>> {
    connection.prepare_cached(ALL)?.query_map(params![account, now], read)?.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Session> {
    Ok(Session {
        hash: row.get(0)?,
        account: row.get(1)?,
        browser: row.get(2)?,
        created_at: row.get(3)?,
        used_at: row.get(4)?,
        expires_at: row.get(5)?,
    })
}

pub(super) fn remove(connection: &Connection, account: &str, hash: &Hash) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM sessions WHERE account = ?1 AND session = ?2", params![account, hash])?;
    Ok(())
}

pub(super) fn remove_all(
    connection: &Connection,
    account: &str,
    except: Option<&Hash>,
) -> rusqlite::Result<()> {
    connection.execute(
        "DELETE FROM sessions WHERE account = ?1 AND session IS NOT ?2",
        params![account, except.map(<[u8; 32]>::as_slice)],
    )?;
    Ok(())
}

/// For sessions and tokens alike: a secret is one or the other.
pub(super) fn note_use(connection: &mut Connection, secret: &Hash, now: Millis) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("UPDATE sessions SET used_at_ms = ?2 WHERE session = ?1", params![secret, now])?;
    transaction.execute("UPDATE tokens SET used_at_ms = ?2 WHERE token = ?1", params![secret, now])?;
    transaction.commit()
}
