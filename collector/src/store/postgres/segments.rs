//! What lists say of people. Who changes it holds the site until the commit, so that nobody joins a list into an older
//! state.

use std::collections::{BTreeMap, HashMap};

use parere_shared::time::Millis;
use tokio_postgres::Row;

use super::PostgresStore;
use super::append::hold_places;
use super::failure::Failure;
use super::pool::{read, transact};
use super::reach::{Reach, Reader, Transaction};
use super::sites::{bytes_column, json_column, to_json};
use crate::auth::SiteScope;
use crate::store::people::Hash;
use crate::store::segment::{Listed, Segment, listed_over, with_segment};
use crate::store::segments::SLICE_LEN;
use crate::store::{Record, Result};

pub(super) const KNOWN: &str =
    "SELECT subject, attributes, at_ms FROM segments WHERE site = $1 AND subject = ANY ($2::bytea[])";

const PUT: &str = "
    INSERT INTO segments (site, subject, attributes, at_ms)
    SELECT $1::text, *, $4::bigint FROM unnest($2::bytea[], $3::text[])
    ON CONFLICT (site, subject) DO UPDATE SET attributes = excluded.attributes, at_ms = excluded.at_ms";

const FORGET: &str = "DELETE FROM segments WHERE site = $1 AND subject = ANY ($2::bytea[])";

const OLD: &str = "SELECT subject FROM segments WHERE site = $1 AND at_ms < $2 LIMIT $3";

impl PostgresStore {
    pub(in crate::store) async fn list_people(
        &self,
        scope: &SiteScope,
        listed: &[Listed],
        now: Millis,
    ) -> Result<()> {
        transact!(self.writers, Reach::of(scope), |transaction, _| list(
            transaction,
            scope.site(),
            listed,
            now
        ))
    }

    pub(in crate::store) async fn segments_of(
        &self,
        scope: &SiteScope,
        subjects: &[Hash],
    ) -> Result<Vec<Segment>> {
        let (site, subjects) = (scope.site(), bytes_of(subjects));
        read!(self.readers, Reach::of(scope), |reader| all(reader, site, &subjects))
    }

    pub(in crate::store) async fn forget_segments(&self, scope: &SiteScope, subjects: &[Hash]) -> Result<()> {
        let (site, subjects) = (scope.site(), bytes_of(subjects));
        transact!(self.writers, Reach::of(scope), |transaction, _| forget(transaction, site, &subjects))
    }

    pub(in crate::store) async fn let_go_of_segments(
        &self,
        scope: &SiteScope,
        before: Millis,
    ) -> Result<u64> {
        transact!(self.writers, Reach::of(scope), |transaction, _| let_go(transaction, scope.site(), before))
    }
}

type Done<T> = std::result::Result<T, Failure>;

fn bytes_of(subjects: &[Hash]) -> Vec<Vec<u8>> {
    subjects.iter().map(|subject| subject.to_vec()).collect()
}

async fn list(transaction: &Transaction<'_>, site: &str, listed: &[Listed], now: Millis) -> Done<()> {
    hold_places(transaction, site, 0).await?;
    let subjects: Vec<Hash> = listed.iter().map(|listed| listed.subject).collect();
    let rows = transaction.query(KNOWN, &[&site, &bytes_of(&subjects)]).await?;
    let mut known = read_all(&rows)?;
    for listed in listed {
        let before = known.remove(&listed.subject).unwrap_or_default();
        known.insert(listed.subject, listed_over(before, listed));
    }
    let (kept, gone): (Vec<_>, Vec<_>) =
        known.into_iter().partition(|(_, attributes)| !attributes.is_empty());
    let gone: Vec<Vec<u8>> = gone.into_iter().map(|(subject, _)| subject.to_vec()).collect();
    let texts = kept.iter().map(|(_, attributes)| to_json(attributes)).collect::<Done<Vec<String>>>()?;
    let kept: Vec<Vec<u8>> = kept.into_iter().map(|(subject, _)| subject.to_vec()).collect();
    transaction.execute(FORGET, &[&site, &gone]).await?;
    transaction.execute(PUT, &[&site, &kept, &texts, &now]).await?;
    Ok(())
}

async fn all(reader: Reader<'_>, site: &str, subjects: &[Vec<u8>]) -> Done<Vec<Segment>> {
    let rows = reader.query(KNOWN, &[&site, &subjects]).await?;
    let read = |row: &Row| {
        let (subject, attributes) = read_one(row)?;
        Ok(Segment { subject, attributes, at: row.try_get(2)? })
    };
    let mut found = rows.iter().map(read).collect::<Done<Vec<Segment>>>()?;
    found.sort_by_key(|segment| segment.subject);
    Ok(found)
}

async fn forget(transaction: &Transaction<'_>, site: &str, subjects: &[Vec<u8>]) -> Done<()> {
    hold_places(transaction, site, 0).await?;
    transaction.execute(FORGET, &[&site, &subjects]).await?;
    Ok(())
}

async fn let_go(transaction: &Transaction<'_>, site: &str, before: Millis) -> Done<u64> {
    hold_places(transaction, site, 0).await?;
    let old = transaction.query(OLD, &[&site, &before, &SLICE_LEN]).await?;
    let old = old.iter().map(|row| Ok(row.try_get(0)?)).collect::<Done<Vec<Vec<u8>>>>()?;
    Ok(transaction.execute(FORGET, &[&site, &old]).await?)
}

fn read_one(row: &Row) -> Done<(Hash, BTreeMap<String, String>)> {
    Ok((bytes_column(row, 0)?, json_column(row, 1)?))
}

/// What is known of each person.
pub(super) fn read_all(rows: &[Row]) -> Done<HashMap<Hash, BTreeMap<String, String>>> {
    rows.iter().map(read_one).collect()
}

/// Whose segments the answers of a batch ask for.
pub(super) fn wanted(records: &[&Record]) -> Vec<Vec<u8>> {
    let news = records.iter().filter(|record| record.is_news);
    news.filter_map(|record| Some(record.subject?.to_vec())).collect()
}

/// The attributes of an answer with what is known of who gave it; `None` where that adds nothing.
pub(super) fn attributes_of(
    record: &Record,
    known: &HashMap<Hash, BTreeMap<String, String>>,
) -> Option<String> {
    let subject = record.subject.filter(|_| record.is_news)?;
    with_segment(&record.row.attributes, known.get(&subject)?)
}
