//! Answers out for good: rows, daily counts and tombstones together, a slice at a time.

use std::collections::HashSet;

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use uuid::Uuid;

use super::append::{hold_places, read_counted, write_counts};
use super::cases;
use super::failure::Failure;
use super::reach::{Reader, Transaction};
use super::rows::{Wanted, matching};
use crate::auth::SiteScope;
use crate::store::settle::Counts;
use crate::store::tombstone::TombstoneKey;
use crate::store::{Filter, Seq, Slice};

const KEY: &str = "SELECT key FROM tombstone_key WHERE one";

const MATCHING: &str = matching!(
    "SELECT seq, id, survey, instrument, score, coalesce(channel, ''), coalesce(device, ''), test, flags, day,
      counted_locale, counted_touchpoint, counted_per_mille,
      comment IS NOT NULL OR (flags & 16) <> 0 ",
    "seq > $15 ORDER BY seq LIMIT $16"
);

const ERASE: &str = "DELETE FROM responses WHERE site = $1 AND id = ANY ($2::uuid[])";

/// What hooks were or will be told of them: an id each, and what a receiver replied.
const UNTELL: &str = "DELETE FROM deliveries WHERE site = $1 AND response = ANY ($2::uuid[])";

const BURY: &str = "
    INSERT INTO tombstones (site, tombstone, erased_at_ms)
    SELECT $1::text, * FROM unnest($2::bytea[], $3::bigint[])
    ON CONFLICT DO NOTHING";

const BURIED: &str = "SELECT tombstone FROM tombstones WHERE site = $1 AND tombstone = ANY ($2::bytea[])";

/// The key that this database was given when it was made.
pub(super) async fn key(reader: Reader<'_>) -> Result<TombstoneKey, Failure> {
    let row = reader.query_one(KEY, &[]).await?;
    let key: &[u8] = row.try_get(0)?;
    TombstoneKey::new(key).map_err(|error| Failure::Unreadable(error.to_string()))
}

/// Which of these answers were erased, alone or with the whole site?
pub(super) async fn erased(
    reader: Reader<'_>,
    key: &TombstoneKey,
    scope: &SiteScope,
    ids: &[ResponseId],
) -> Result<Vec<ResponseId>, Failure> {
    let site = scope.site();
    let own = |id: &ResponseId| key.of_answer(site, *id).to_vec();
    let of_site = key.of_site(site).to_vec();
    let wanted: Vec<_> = ids.iter().map(own).chain([of_site.clone()]).collect();
    let found = reader.query(BURIED, &[&site, &wanted]).await?;
    let buried: HashSet<Vec<u8>> = found.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    let is_buried = |id: &&ResponseId| buried.contains(&of_site) || buried.contains(&own(id));
    Ok(ids.iter().filter(is_buried).copied().collect())
}

/// Keeps what is needed to know them again.
pub(super) async fn bury(
    transaction: &Transaction<'_>,
    site: &str,
    tombstones: &[Vec<u8>],
    now: Millis,
) -> Result<(), Failure> {
    let moments = vec![now; tombstones.len()];
    let statement = transaction.prepare_cached(BURY).await?;
    transaction.execute(&statement, &[&site, &tombstones, &moments]).await?;
    Ok(())
}

/// Erases the first answers that match beyond `after`.
pub(super) async fn slice(
    transaction: &Transaction<'_>,
    key: &TombstoneKey,
    scope: &SiteScope,
    filter: &Filter,
    after: Seq,
    now: Millis,
) -> Result<Slice, Failure> {
    let site = scope.site();
    // Nobody revises an answer, or says it again, between the look and the end.
    hold_places(transaction, site, 0).await?;
    let statement = transaction.prepare_cached(MATCHING).await?;
    let found =
        transaction.query(&statement, &Wanted::of(filter, after, Slice::LEN).parameters(&site)).await?;
    let mut counts = Counts::default();
    let (mut ids, mut tombstones) = (Vec::<Uuid>::new(), Vec::new());
    for row in &found {
        let id: Uuid = row.try_get(1)?;
        let unknown = || Failure::Unreadable(format!("unknown value {id}"));
        let answer = ResponseId::from_bytes(id.into_bytes()).ok_or_else(unknown)?;
        ids.push(id);
        tombstones.push(key.of_answer(site, answer).to_vec());
        counts.remove(site, &read_counted(row, 2)?);
    }
    if !ids.is_empty() {
        let statement = transaction.prepare_cached(ERASE).await?;
        transaction.execute(&statement, &[&site, &ids]).await?;
        let statement = transaction.prepare_cached(UNTELL).await?;
        transaction.execute(&statement, &[&site, &ids]).await?;
        cases::remove(transaction, site, &ids).await?;
        bury(transaction, site, &tombstones, now).await?;
        write_counts(transaction, site, counts).await?;
    }
    let last = found.last().map(|row| row.try_get(0)).transpose()?;
    Ok(Slice {
        changed: u64::try_from(ids.len()).unwrap_or(u64::MAX),
        next: last.filter(|_| found.len() == Slice::LEN),
    })
}
