//! What was done by whom.

use tokio_postgres::Row;

use super::failure::Failure;
use super::reach::{Reader, Transaction};
use crate::auth::{Action, SitesScope};
use crate::store::people::FORGOTTEN_MAX;
use crate::store::{AUDIT_KEPT_MS, ActorKind, Entry, EntryKey};

const ADD: &str = "
    INSERT INTO audit (at_ms, number, kind, actor, action, site, target) VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT DO NOTHING";

const FORGET: &str = "
    DELETE FROM audit WHERE (at_ms, number) IN (
      SELECT at_ms, number FROM audit WHERE at_ms < $1 ORDER BY at_ms, number LIMIT $2)";

const PAGE: &str = "
    SELECT at_ms, number, kind, actor, action, site, target FROM audit
    WHERE (at_ms, number) < ($1, $2) AND ($3::text[] IS NULL OR site = ANY($3))
    ORDER BY at_ms DESC, number DESC LIMIT $4";

pub(super) async fn add(transaction: &Transaction<'_>, entry: &Entry) -> Result<(), Failure> {
    let Entry { key, kind, actor, action, site, target } = entry;
    let (kind, action) = (kind.name(), action.name());
    transaction.execute(ADD, &[&key.at, &key.number, &kind, actor, &action, site, target]).await?;
    transaction.execute(FORGET, &[&(key.at - AUDIT_KEPT_MS), &FORGOTTEN_MAX]).await?;
    Ok(())
}

pub(super) async fn page(
    reader: Reader<'_>,
    reach: &SitesScope,
    before: Option<EntryKey>,
    limit: usize,
) -> Result<Vec<Entry>, Failure> {
    let before = before.unwrap_or(EntryKey { at: i64::MAX, number: i64::MAX });
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = reader.query(PAGE, &[&before.at, &before.number, &reach.sites(), &limit]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Entry, Failure> {
    let unreadable = |what: &str| Failure::Unreadable(what.into());
    Ok(Entry {
        key: EntryKey { at: row.try_get(0)?, number: row.try_get(1)? },
        kind: ActorKind::parse(row.try_get(2)?).ok_or_else(|| unreadable("no kind of caller"))?,
        actor: row.try_get(3)?,
        action: Action::parse(row.try_get(4)?).ok_or_else(|| unreadable("no action"))?,
        site: row.try_get(5)?,
        target: row.try_get(6)?,
    })
}
