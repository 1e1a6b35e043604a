//! Signed-in sessions.

use parere_shared::time::Millis;

use super::failure::Failure;
use super::reach::{Reader, Transaction};

const FORGET_ENDED: &str = "DELETE FROM sessions WHERE expires_at_ms <= $1";

const ADD: &str = "
    INSERT INTO sessions (session, created_at_ms, expires_at_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

const HAS: &str = "SELECT EXISTS (SELECT 1 FROM sessions WHERE session = $1 AND expires_at_ms > $2)";

const REMOVE: &str = "DELETE FROM sessions WHERE session = $1";

pub(super) async fn add(
    transaction: &Transaction<'_>,
    session: &[u8; 32],
    now: Millis,
    expires: Millis,
) -> Result<(), Failure> {
    transaction.execute(FORGET_ENDED, &[&now]).await?;
    transaction.execute(ADD, &[&session.as_slice(), &now, &expires]).await?;
    Ok(())
}

pub(super) async fn has(reader: Reader<'_>, session: &[u8; 32], now: Millis) -> Result<bool, Failure> {
    Ok(reader.query_one(HAS, &[&session.as_slice(), &now]).await?.try_get(0)?)
}

pub(super) async fn remove(transaction: &Transaction<'_>, session: &[u8; 32]) -> Result<(), Failure> {
    transaction.execute(REMOVE, &[&session.as_slice()]).await?;
    Ok(())
}
