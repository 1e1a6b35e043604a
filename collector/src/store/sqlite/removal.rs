//! A site out for good: at once for everybody who asks, by and by in the file.

use parere_shared::time::Millis;
use rusqlite::{Connection, TransactionBehavior, params};

use super::erase::bury;
use super::sites::changed;
use crate::auth::SiteScope;
use crate::store::Slice;
use crate::store::tombstone::TombstoneKey;

/// What a shop's name and pages were is nobody's business any more.
const MARK: &str = "
    UPDATE sites SET removed_at_ms = ?2, name = '', origins = '[]' WHERE site = ?1 AND removed_at_ms IS NULL";

/// What goes with the site itself, in the order in which one belongs to another.
const AT_ONCE: [&str; 11] = [
    "DELETE FROM marks WHERE site = ?1",
    "DELETE FROM versions WHERE site = ?1",
    "DELETE FROM survey_versions WHERE site = ?1",
    "DELETE FROM instruments WHERE site = ?1",
    "DELETE FROM surveys WHERE site = ?1",
    "DELETE FROM memberships WHERE site = ?1",
    "DELETE FROM webhooks WHERE site = ?1",
    "DELETE FROM sources WHERE site = ?1",
    "DELETE FROM tickets WHERE site = ?1",
    "DELETE FROM desks WHERE site = ?1",
    "DELETE FROM rules WHERE site = ?1",
];

const CLEAR: &str = "
    DELETE FROM responses WHERE seq IN (SELECT seq FROM responses WHERE site = ?1 ORDER BY seq LIMIT ?2)";

/// What is left when the answers are gone; the tombstone of the site stays, and its key is nobody else's.
const AT_LAST: [&str; 14] = [
    "DELETE FROM cases WHERE site = ?1",
    "DELETE FROM daily_counts WHERE site = ?1",
    "DELETE FROM daily_events WHERE site = ?1",
    "DELETE FROM deliveries WHERE site = ?1",
    "DELETE FROM tickets WHERE site = ?1",
    "DELETE FROM desks WHERE site = ?1",
    "DELETE FROM happenings WHERE site = ?1",
    "DELETE FROM orders WHERE site = ?1",
    "DELETE FROM survey_invitations WHERE site = ?1",
    "DELETE FROM suppressions WHERE site = ?1",
    "DELETE FROM rule_plans WHERE site = ?1",
    "DELETE FROM rule_turns WHERE site = ?1",
    "DELETE FROM segments WHERE site = ?1",
    "DELETE FROM sites WHERE site = ?1 AND removed_at_ms IS NOT NULL",
];

const FORGET_TOMBSTONES: &str = "DELETE FROM tombstones WHERE site = ?1 AND tombstone != ?2";

pub(super) fn remove(
    connection: &mut Connection,
    key: &TombstoneKey,
    scope: &SiteScope,
    now: Millis,
) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let site = scope.site();
    let removed = transaction.execute(MARK, params![site, now])?;
    if removed == 1 {
        bury(&transaction, site, &key.of_site(site), now)?;
        for statement in AT_ONCE {
            transaction.execute(statement, [site])?;
        }
        changed(&transaction)?;
    }
    transaction.commit()?;
    Ok(removed == 1)
}

/// Sites that are no more, and of which something is left.
pub(super) fn left(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement =
        connection.prepare_cached("SELECT site FROM sites WHERE removed_at_ms IS NOT NULL ORDER BY site")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// Clears away a slice of what is left of a removed site; `true` when nothing is.
pub(super) fn clear(
    connection: &mut Connection,
    key: &TombstoneKey,
    scope: &SiteScope,
) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let site = scope.site();
    let cleared = transaction.prepare_cached(CLEAR)?.execute(params![site, Slice::LEN])?;
    let is_over = cleared < Slice::LEN;
    if is_over {
        transaction.execute(FORGET_TOMBSTONES, params![site, key.of_site(site)])?;
        for statement in AT_LAST {
            transaction.execute(statement, [site])?;
        }
    }
    transaction.commit()?;
    Ok(is_over)
}
