//! Answers out for good: rows, daily counts and tombstones together, a slice at a time.

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use rusqlite::types::Type;
use rusqlite::{Connection, Transaction, TransactionBehavior, named_params, params};

use super::append::{read_counted, write_counts};
use super::cases;
use super::rows::{Wanted, listed};
use crate::auth::SiteScope;
use crate::store::settle::{Counted, Counts};
use crate::store::tombstone::{Tombstone, TombstoneKey};
use crate::store::{Filter, Seq, Slice};

const COLUMNS: &str = "
    seq, id, survey, instrument, score, channel, device, test, flags, day, counted_locale, counted_touchpoint,
    counted_per_mille, comment IS NOT NULL OR flags & 16 != 0";

const ERASE: &str = "DELETE FROM responses WHERE site = :site AND seq = :seq";

/// What hooks were or will be told of them: an id each, and what a receiver replied.
const UNTELL: &str = "
    DELETE FROM deliveries WHERE site = ?1 AND response IN (SELECT unhex(value) FROM json_each(?2))";

const BURY: &str = "
    INSERT INTO tombstones (site, tombstone, erased_at_ms) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";

const IS_BURIED: &str = "
    SELECT EXISTS (SELECT 1 FROM tombstones WHERE site = ?1 AND tombstone IN (?2, ?3))";

/// The key that this file was given when it was made.
pub(super) fn key(connection: &Connection) -> anyhow::Result<TombstoneKey> {
    let key: Vec<u8> = connection.query_row("SELECT key FROM tombstone_key", [], |row| row.get(0))?;
    TombstoneKey::new(&key)
}

/// Was anything ever erased? Where nothing was, answers cost no more than before.
pub(super) fn has_any(transaction: &Transaction<'_>) -> rusqlite::Result<bool> {
    transaction.prepare_cached("SELECT EXISTS (SELECT 1 FROM tombstones)")?.query_row([], |row| row.get(0))
}

/// Was this answer erased, or the whole site?
pub(super) fn is_erased(
    connection: &Connection,
    key: &TombstoneKey,
    site: &str,
    id: ResponseId,
) -> rusqlite::Result<bool> {
    let wanted = params![site, key.of_answer(site, id), key.of_site(site)];
    connection.prepare_cached(IS_BURIED)?.query_row(wanted, |row| row.get(0))
}

/// Which of these were?
pub(super) fn erased(
    connection: &Connection,
    key: &TombstoneKey,
    site: &str,
    ids: &[ResponseId],
) -> rusqlite::Result<Vec<ResponseId>> {
    let mut erased = Vec::new();
    for id in ids {
        if is_erased(connection, key, site, *id)? {
            erased.push(*id);
        }
    }
    Ok(erased)
}

/// Was the whole site?
pub(super) fn is_site_erased(
    connection: &Connection,
    key: &TombstoneKey,
    site: &str,
) -> rusqlite::Result<bool> {
    let wanted = params![site, key.of_site(site), key.of_site(site)];
    connection.prepare_cached(IS_BURIED)?.query_row(wanted, |row| row.get(0))
}

/// Keeps what is needed to know it again.
pub(super) fn bury(
    transaction: &Transaction<'_>,
    site: &str,
    tombstone: &Tombstone,
    now: Millis,
) -> rusqlite::Result<()> {
    transaction.prepare_cached(BURY)?.execute(params![site, tombstone, now])?;
    Ok(())
}

/// Erases the first answers that match beyond `after`.
pub(super) fn slice(
    connection: &mut Connection,
    key: &TombstoneKey,
    scope: &SiteScope,
    filter: &Filter,
    after: Seq,
    now: Millis,
) -> rusqlite::Result<Slice> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut counts = Counts::default();
    let found = matching(&transaction, scope, filter, after)?;
    let mut slice = Slice { changed: 0, next: None };
    let erased: Vec<_> = found.iter().map(|(_, id, _)| *id).collect();
    slice.next = found.last().map(|(seq, ..)| *seq).filter(|_| found.len() == Slice::LEN);
    for (seq, id, counted) in found {
        transaction.prepare_cached(ERASE)?.execute(named_params! {":site": scope.site(), ":seq": seq})?;
        cases::remove(&transaction, scope.site(), id.as_bytes())?;
        bury(&transaction, scope.site(), &key.of_answer(scope.site(), id), now)?;
        counts.remove(scope.site(), &counted);
        slice.changed += 1;
    }
    if slice.changed > 0 {
        transaction.prepare_cached(UNTELL)?.execute(params![scope.site(), listed(&erased)])?;
    }
    write_counts(&transaction, counts)?;
    transaction.commit()?;
    Ok(slice)
}

/// All of them are read before one is changed.
fn matching(
    transaction: &Transaction<'_>,
    scope: &SiteScope,
    filter: &Filter,
    after: Seq,
) -> rusqlite::Result<Vec<(Seq, ResponseId, Counted)>> {
    let wanted = Wanted::of(scope, filter, after, Slice::LEN);
    let statement = wanted.statement(COLUMNS, "AND seq > :after ORDER BY seq");
    let unknown = || rusqlite::Error::InvalidColumnType(1, "id".into(), Type::Blob);
    transaction
        .prepare_cached(&statement)?
        .query_map(&wanted.parameters(), |row| {
            let id = ResponseId::from_bytes(row.get(1)?).ok_or_else(unknown)?;
            Ok((row.get(0)?, id, read_counted(row, 2)?))
        })?
        .collect()
}
