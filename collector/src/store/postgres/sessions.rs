//! Signed-in sessions.

use parere_shared::time::Millis;
use tokio_postgres::Row;

use super::failure::Failure;
use super::reach::{Reader, Transaction};
use super::sites::bytes_column;
use crate::store::{Hash, SESSIONS_MAX, Session};

const FORGET_ENDED: &str = "DELETE FROM sessions WHERE expires_at_ms <= $1";

const FORGET_OLDEST: &str = "
    DELETE FROM sessions WHERE account = $1 AND session NOT IN (
      SELECT session FROM sessions WHERE account = $1 ORDER BY created_at_ms DESC, session LIMIT $2)";

const ADD: &str = "
    INSERT INTO sessions (session, account, browser, created_at_ms, used_at_ms, expires_at_ms)
    VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT DO NOTHING";

const ONE: &str = "
    SELECT session, account, browser, created_at_ms, used_at_ms, expires_at_ms FROM sessions
    WHERE session = $1 AND expires_at_ms > $2";

const ALL: &str = "
    SELECT session, account, browser, created_at_ms, used_at_ms, expires_at_ms FROM sessions
    WHERE account = $1 AND expires_at_ms > $2 ORDER BY created_at_ms DESC, session";

const REMOVE: &str = "DELETE FROM sessions WHERE account = $1 AND session = $2";

const REMOVE_ALL: &str = "DELETE FROM sessions WHERE account = $1 AND session IS DISTINCT FROM $2";

const SESSION_USED: &str = "UPDATE sessions SET used_at_ms = $2 WHERE session = $1";

const TOKEN_USED: &str = "UPDATE tokens SET used_at_ms = $2 WHERE token = $1";

pub(super) async fn add(transaction: &Transaction<'_>, session: &Session) -> Result<(), Failure> {
    let Session { hash, account, browser, created_at, used_at, expires_at } = session;
    transaction.execute(FORGET_ENDED, &[created_at]).await?;
    transaction.execute(FORGET_OLDEST, &[account, &(SESSIONS_MAX - 1)]).await?;
    transaction.execute(ADD, &[&hash.as_slice(), account, browser, created_at, used_at, expires_at]).await?;
    Ok(())
}

pub(super) async fn one(reader: Reader<'_>, hash: &Hash, now: Millis) -> Result<Option<Session>, Failure> {
    reader.query(ONE, &[&hash.as_slice(), &now]).await?.first().map(read).transpose()
}

pub(super) async fn all(reader: Reader<'_>, account: &str, now: Millis) -> Result<Vec<Session>, Failure> {
    reader.query(ALL, &[&account, &now]).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Session, Failure> {
    Ok(Session {
        hash: bytes_column(row, 0)?,
        account: row.try_get(1)?,
        browser: row.try_get(2)?,
        created_at: row.try_get(3)?,
        used_at: row.try_get(4)?,
        expires_at: row.try_get(5)?,
    })
}

pub(super) async fn remove(transaction: &Transaction<'_>, account: &str, hash: &Hash) -> Result<(), Failure> {
    transaction.execute(REMOVE, &[&account, &hash.as_slice()]).await?;
    Ok(())
}

pub(super) async fn remove_all(
    transaction: &Transaction<'_>,
    account: &str,
    except: Option<&Hash>,
) -> Result<(), Failure> {
    transaction.execute(REMOVE_ALL, &[&account, &except.map(<[u8; 32]>::as_slice)]).await?;
    Ok(())
}

/// For sessions and tokens alike: a secret is one or the other.
pub(super) async fn note_use(
    transaction: &Transaction<'_>,
    secret: &Hash,
    now: Millis,
) -> Result<(), Failure> {
    transaction.execute(SESSION_USED, &[&secret.as_slice(), &now]).await?;
    transaction.execute(TOKEN_USED, &[&secret.as_slice(), &now]).await?;
    Ok(())
}
