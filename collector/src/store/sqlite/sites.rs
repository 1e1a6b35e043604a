//! Sites.

use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::erase::is_site_erased;
use super::surveys::{json_column, to_json};
use crate::auth::SiteScope;
use crate::store::tombstone::TombstoneKey;
use crate::store::{Retention, Site};

pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Site>> {
    let mut statement = connection.prepare_cached(
        "SELECT site, name, zone, origins, consent_needed, comments_days, responses_days, case_hours,
           secret, created_at_ms FROM sites
         WHERE removed_at_ms IS NULL ORDER BY site",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Site {
            key: row.get(0)?,
            name: row.get(1)?,
            zone: row.get(2)?,
            origins: json_column(row, 3)?,
            consent_needed: row.get(4)?,
            retention: Retention { comments_days: row.get(5)?, responses_days: row.get(6)? },
            case_hours: row.get(7)?,
            secret: row.get(8)?,
            created_at: row.get(9)?,
        })
    })?;
    rows.collect()
}

pub(super) fn add(connection: &mut Connection, key: &TombstoneKey, site: &Site) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if is_site_erased(&transaction, key, &site.key)? {
        return Ok(false);
    }
    let added = transaction.execute(
        "INSERT INTO sites (site, name, zone, origins, consent_needed, comments_days, responses_days, case_hours, secret, created_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
        params![
            site.key,
            site.name,
            site.zone,
            to_json(&site.origins)?,
            site.consent_needed,
            site.retention.comments_days,
            site.retention.responses_days,
            site.case_hours,
            site.secret,
            site.created_at
        ],
    )?;
    changed(&transaction)?;
    transaction.commit()?;
    Ok(added == 1)
}

pub(super) fn change(connection: &mut Connection, scope: &SiteScope, site: &Site) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let changed_rows = transaction.execute(
        "UPDATE sites SET name = ?2, zone = ?3, origins = ?4, consent_needed = ?5, comments_days = ?6, responses_days = ?7,
           case_hours = ?8
         WHERE site = ?1 AND removed_at_ms IS NULL",
        params![
            scope.site(),
            site.name,
            site.zone,
            to_json(&site.origins)?,
            site.consent_needed,
            site.retention.comments_days,
            site.retention.responses_days,
            site.case_hours
        ],
    )?;
    changed(&transaction)?;
    transaction.commit()?;
    Ok(changed_rows == 1)
}

/// The number that grows with every change.
pub(super) fn catalogue_version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.prepare_cached("SELECT version FROM catalogue")?.query_row([], |row| row.get(0))
}

/// Tells every process, with the commit, that sites or surveys are not what they were.
pub(super) fn changed(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.prepare_cached("UPDATE catalogue SET version = version + 1")?.execute([])?;
    Ok(())
}
