//! What was done by whom.

use rusqlite::{Connection, Row, TransactionBehavior, params};

use super::surveys::{to_json, unreadable};
use crate::auth::{Action, SitesScope};
use crate::store::people::FORGOTTEN_MAX;
use crate::store::{AUDIT_KEPT_MS, ActorKind, Entry, EntryKey};

const ADD: &str = "
    INSERT INTO audit (at_ms, number, kind, actor, action, site, target) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT DO NOTHING";

const FORGET: &str = "
    DELETE FROM audit WHERE (at_ms, number) IN (
      SELECT at_ms, number FROM audit WHERE at_ms < ?1 ORDER BY at_ms, number LIMIT ?2)";

const PAGE: &str = "
    SELECT at_ms, number, kind, actor, action, site, target FROM audit
    WHERE (at_ms, number) < (?1, ?2) AND (?3 IS NULL OR site IN (SELECT value FROM json_each(?3)))
    ORDER BY at_ms DESC, number DESC LIMIT ?4";

pub(super) fn add(connection: &mut Connection, entry: &Entry) -> rusqlite::Result<()> {
    let Entry { key, kind, actor, action, site, target } = entry;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute(ADD, params![key.at, key.number, kind.name(), actor, action.name(), site, target])?;
    transaction.execute(FORGET, [key.at - AUDIT_KEPT_MS, FORGOTTEN_MAX])?;
    transaction.commit()
}

pub(super) fn page(
    connection: &Connection,
    reach: &SitesScope,
    before: Option<EntryKey>,
    limit: usize,
) -> rusqlite::Result<Vec<Entry>> {
    let before = before.unwrap_or(EntryKey { at: i64::MAX, number: i64::MAX });
    let sites = reach.sites().map(|sites| to_json(&sites)).transpose()?;
    let mut statement = connection.prepare_cached(PAGE)?;
    statement.query_map(params![before.at, before.number, sites, limit], read)?.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let (kind, action): (String, String) = (row.get(2)?, row.get(4)?);
    Ok(Entry {
        key: EntryKey { at: row.get(0)?, number: row.get(1)? },
        kind: ActorKind::parse(&kind).ok_or_else(|| unreadable(2, "no kind of caller"))?,
        actor: row.get(3)?,
        action: Action::parse(&action).ok_or_else(|| unreadable(4, "no action"))?,
        site: row.get(5)?,
        target: row.get(6)?,
    })
}
