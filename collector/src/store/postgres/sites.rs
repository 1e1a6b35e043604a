//! Sites, and the number that grows when one of them or of their surveys changes.

use serde::{Serialize, de::DeserializeOwned};
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::failure::Failure;
use super::reach::{Reader, Transaction};
use super::retry::Attempt;
use crate::auth::SiteScope;
use crate::store::tombstone::TombstoneKey;
use crate::store::{Retention, Site};

const ALL: &str = "
    SELECT site, name, zone, origins, consent_needed, comments_days, responses_days, case_hours, secret,
      created_at_ms
    FROM sites
    WHERE removed_at_ms IS NULL";

const ADD: &str = "
    INSERT INTO sites (site, name, zone, origins, consent_needed, comments_days, responses_days, case_hours,
      secret, created_at_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    ON CONFLICT DO NOTHING";

const ADD_PLACES: &str = "INSERT INTO places (site, seq) VALUES ($1, 0) ON CONFLICT DO NOTHING";

/// The secret is as good as a signature: nobody else makes the same.
const IS_OURS: &str = "SELECT EXISTS (SELECT 1 FROM sites WHERE site = $1 AND secret = $2)";

const CHANGE: &str = "
    UPDATE sites
    SET name = $2, zone = $3, origins = $4, consent_needed = $5, comments_days = $6, responses_days = $7,
      case_hours = $8
    WHERE site = $1 AND removed_at_ms IS NULL";

const IS_BURIED: &str = "SELECT EXISTS (SELECT 1 FROM tombstones WHERE site = $1 AND tombstone = $2)";

const VERSION: &str = "SELECT version FROM catalogue WHERE one";

const CHANGED: &str = "UPDATE catalogue SET version = version + 1 WHERE one";

pub(super) async fn all(reader: Reader<'_>) -> Result<Vec<Site>, Failure> {
    let rows = reader.query(ALL, &[]).await?;
    let mut sites = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    // Databases sort text each in their own way.
    sites.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(sites)
}

fn read(row: &Row) -> Result<Site, Failure> {
    Ok(Site {
        key: row.try_get(0)?,
        name: row.try_get(1)?,
        zone: row.try_get(2)?,
        origins: json_column(row, 3)?,
        consent_needed: row.try_get(4)?,
        retention: Retention { comments_days: days(row, 5)?, responses_days: days(row, 6)? },
        case_hours: days(row, 7)?,
        secret: bytes_column(row, 8)?,
        created_at: row.try_get(9)?,
    })
}

/// A number of days or hours, which PostgreSQL has with a sign.
fn days(row: &Row, column: usize) -> Result<Option<u32>, Failure> {
    let days: Option<i64> = row.try_get(column)?;
    let unreadable = |_| Failure::Unreadable(format!("{days:?} days or hours"));
    days.map(u32::try_from).transpose().map_err(unreadable)
}

pub(super) async fn add(
    transaction: &Transaction<'_>,
    key: &TombstoneKey,
    site: &Site,
    attempt: Attempt,
) -> Result<bool, Failure> {
    let origins = to_json(&site.origins)?;
    let secret = site.secret.as_slice();
    let tombstone = key.of_site(&site.key);
    if transaction.query_one(IS_BURIED, &[&site.key, &tombstone.as_slice()]).await?.try_get(0)? {
        return Ok(false);
    }
    let [comments_days, responses_days, case_hours] = kept(site);
    let values: [&(dyn ToSql + Sync); 10] = [
        &site.key,
        &site.name,
        &site.zone,
        &origins,
        &site.consent_needed,
        &comments_days,
        &responses_days,
        &case_hours,
        &secret,
        &site.created_at,
    ];
    let added = transaction.execute(ADD, &values).await?;
    if added == 0 {
        let is_ours = attempt == Attempt::Again
            && transaction.query_one(IS_OURS, &[&site.key, &secret]).await?.try_get(0)?;
        return Ok(is_ours);
    }
    transaction.execute(ADD_PLACES, &[&site.key]).await?;
    changed(transaction).await?;
    Ok(true)
}

/// Days that comments and answers are kept, and hours until a case is due.
fn kept(site: &Site) -> [Option<i64>; 3] {
    [site.retention.comments_days, site.retention.responses_days, site.case_hours].map(|n| n.map(i64::from))
}

pub(super) async fn change(
    transaction: &Transaction<'_>,
    scope: &SiteScope,
    site: &Site,
) -> Result<bool, Failure> {
    let origins = to_json(&site.origins)?;
    let [comments_days, responses_days, case_hours] = kept(site);
    let values: [&(dyn ToSql + Sync); 8] = [
        &scope.site(),
        &site.name,
        &site.zone,
        &origins,
        &site.consent_needed,
        &comments_days,
        &responses_days,
        &case_hours,
    ];
    let changed_rows = transaction.execute(CHANGE, &values).await?;
    changed(transaction).await?;
    Ok(changed_rows == 1)
}

pub(super) async fn catalogue_version(reader: Reader<'_>) -> Result<i64, Failure> {
    Ok(reader.query_one(VERSION, &[]).await?.try_get(0)?)
}

/// Tells every collector, with the commit, that sites or surveys are not what they were.
pub(super) async fn changed(transaction: &Transaction<'_>) -> Result<(), Failure> {
    transaction.execute(CHANGED, &[]).await?;
    Ok(())
}

/// Reads a column that holds JSON.
pub(super) fn json_column<T: DeserializeOwned>(row: &Row, column: usize) -> Result<T, Failure> {
    let text: &str = row.try_get(column)?;
    serde_json::from_str(text).map_err(|error| Failure::Unreadable(error.to_string()))
}

/// Reads a column of exactly `N` bytes.
pub(super) fn bytes_column<const N: usize>(row: &Row, column: usize) -> Result<[u8; N], Failure> {
    let bytes: &[u8] = row.try_get(column)?;
    bytes.try_into().map_err(|_| Failure::Unreadable(format!("{} bytes, not {N}", bytes.len())))
}

/// Writes a value as JSON.
pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::Unreadable(error.to_string()))
}
