//! A site out for good: at once for everybody who asks, by and by in the database.

use parere_shared::time::Millis;

use super::append::hold_places;
use super::erase::bury;
use super::failure::Failure;
use super::reach::{Reader, Transaction};
use super::retry::Attempt;
use super::sites::changed;
use crate::auth::SiteScope;
use crate::store::Slice;
use crate::store::tombstone::TombstoneKey;

/// What a shop's name and pages were is nobody's business any more.
const MARK: &str = "
    UPDATE sites SET removed_at_ms = $2, name = '', origins = '[]' WHERE site = $1 AND removed_at_ms IS NULL";

const IS_OURS: &str = "SELECT EXISTS (SELECT 1 FROM sites WHERE site = $1 AND removed_at_ms = $2)";

/// What goes with the site itself, in the order in which one belongs to another.
const AT_ONCE: [&str; 11] = [
    "DELETE FROM marks WHERE site = $1",
    "DELETE FROM versions WHERE site = $1",
    "DELETE FROM survey_versions WHERE site = $1",
    "DELETE FROM instruments WHERE site = $1",
    "DELETE FROM surveys WHERE site = $1",
    "DELETE FROM memberships WHERE site = $1",
    "DELETE FROM webhooks WHERE site = $1",
    "DELETE FROM sources WHERE site = $1",
    "DELETE FROM tickets WHERE site = $1",
    "DELETE FROM desks WHERE site = $1",
    "DELETE FROM rules WHERE site = $1",
];

const LEFT: &str = "SELECT site FROM sites WHERE removed_at_ms IS NOT NULL";

const CLEAR: &str = "
    DELETE FROM responses WHERE site = $1 AND id IN (
      SELECT id FROM responses WHERE site = $1 ORDER BY seq LIMIT $2)";

/// What is left when the answers are gone; the tombstone of the site stays, and its key is nobody else's.
const AT_LAST: [&str; 15] = [
    "DELETE FROM cases WHERE site = $1",
    "DELETE FROM daily_counts WHERE site = $1",
    "DELETE FROM daily_events WHERE site = $1",
    "DELETE FROM deliveries WHERE site = $1",
    "DELETE FROM tickets WHERE site = $1",
    "DELETE FROM desks WHERE site = $1",
    "DELETE FROM happenings WHERE site = $1",
    "DELETE FROM orders WHERE site = $1",
    "DELETE FROM survey_invitations WHERE site = $1",
    "DELETE FROM suppressions WHERE site = $1",
    "DELETE FROM rule_plans WHERE site = $1",
    "DELETE FROM rule_turns WHERE site = $1",
    "DELETE FROM segments WHERE site = $1",
    "DELETE FROM places WHERE site = $1",
    "DELETE FROM sites WHERE site = $1 AND removed_at_ms IS NOT NULL",
];

const FORGET_TOMBSTONES: &str = "DELETE FROM tombstones WHERE site = $1 AND tombstone <> $2";

pub(super) async fn remove(
    transaction: &Transaction<'_>,
    key: &TombstoneKey,
    scope: &SiteScope,
    now: Millis,
    attempt: Attempt,
) -> Result<bool, Failure> {
    let site = scope.site();
    // Whoever appends next finds the tombstone.
    hold_places(transaction, site, 0).await?;
    if transaction.execute(MARK, &[&site, &now]).await? == 0 {
        let is_ours =
            attempt == Attempt::Again && transaction.query_one(IS_OURS, &[&site, &now]).await?.try_get(0)?;
        return Ok(is_ours);
    }
    bury(transaction, site, &[key.of_site(site).to_vec()], now).await?;
    for statement in AT_ONCE {
        transaction.execute(statement, &[&site]).await?;
    }
    changed(transaction).await?;
    Ok(true)
}

/// Sites that are no more, and of which something is left.
pub(super) async fn left(reader: Reader<'_>) -> Result<Vec<String>, Failure> {
    let rows = reader.query(LEFT, &[]).await?;
    let mut sites = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()?;
    sites.sort();
    Ok(sites)
}

/// Clears away a slice of what is left of a removed site; `true` when nothing is.
pub(super) async fn clear(
    transaction: &Transaction<'_>,
    key: &TombstoneKey,
    scope: &SiteScope,
) -> Result<bool, Failure> {
    let site = scope.site();
    hold_places(transaction, site, 0).await?;
    let limit = i64::try_from(Slice::LEN).unwrap_or(i64::MAX);
    let cleared = transaction.execute(CLEAR, &[&site, &limit]).await?;
    let is_over = usize::try_from(cleared).is_ok_and(|cleared| cleared < Slice::LEN);
    if is_over {
        transaction.execute(FORGET_TOMBSTONES, &[&site, &key.of_site(site).as_slice()]).await?;
        for statement in AT_LAST {
            transaction.execute(statement, &[&site]).await?;
        }
    }
    Ok(is_over)
}
