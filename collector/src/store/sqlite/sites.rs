//! Sites.

use rusqlite::{Connection, params};

use super::surveys::{json_column, to_json};
use crate::auth::SiteScope;
use crate::store::Site;

pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Site>> {
    let mut statement = connection.prepare_cached(
        "SELECT site, name, zone, origins, consent_needed, secret, created_at_ms FROM sites ORDER BY site",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(Site {
            key: row.get(0)?,
            name: row.get(1)?,
            zone: row.get(2)?,
            origins: json_column(row, 3)?,
            consent_needed: row.get(4)?,
            secret: row.get(5)?,
            created_at: row.get(6)?,
        })
    })?;
    rows.collect()
}

pub(super) fn add(connection: &Connection, site: &Site) -> rusqlite::Result<bool> {
    let added = connection.execute(
        "INSERT INTO sites (site, name, zone, origins, consent_needed, secret, created_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
        params![
            site.key,
            site.name,
            site.zone,
            to_json(&site.origins)?,
            site.consent_needed,
            site.secret,
            site.created_at
        ],
    )?;
    Ok(added == 1)
}

pub(super) fn change(connection: &Connection, scope: &SiteScope, site: &Site) -> rusqlite::Result<bool> {
    let changed = connection.execute(
        "UPDATE sites SET name = ?2, zone = ?3, origins = ?4, consent_needed = ?5 WHERE site = ?1",
        params![scope.site(), site.name, site.zone, to_json(&site.origins)?, site.consent_needed],
    )?;
    Ok(changed == 1)
}
