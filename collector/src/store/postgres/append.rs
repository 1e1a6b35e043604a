//! Answers in: the batch of one site in a few statements, with the daily counts that follow from it.

use std::borrow::Cow;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use parere_shared::problem::Verdict;
use parere_shared::response::ResponseId;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::failure::Failure;
use super::reach::Transaction;
use super::sites::bytes_column;
use super::{cases, deliveries, segments, webhooks};
use crate::store::case::{CaseStep, case_step};
use crate::store::due::{Listener, due};
use crate::store::settle::{Counted, Counts, Standing};
use crate::store::tombstone::TombstoneKey;
use crate::store::{Flags, Record, Seq};

mod columns;

use columns::{Columns, CountColumns};

/// Gives out `$2` places and holds the site until the commit: nobody else appends to it meanwhile.
const HOLD_PLACES: &str = "
    INSERT INTO places (site, seq) VALUES ($1, $2)
    ON CONFLICT (site) DO UPDATE SET seq = places.seq + excluded.seq
    RETURNING seq";

const STANDINGS: &str = "
    SELECT id, revision, digest, survey, instrument, score, coalesce(channel, ''), coalesce(device, ''), test, flags,
      day, counted_locale, counted_touchpoint, counted_per_mille,
      comment IS NOT NULL OR (flags & 16) <> 0, band, subject
    FROM responses WHERE site = $1 AND id = ANY ($2::uuid[])";

const TOMBSTONES: &str = "SELECT tombstone FROM tombstones WHERE site = $1 AND tombstone = ANY ($2::bytea[])";

/// What may be written has been settled before; the place and the moment of first receipt are never replaced.
const WRITE: &str = "
    INSERT INTO responses (
      site, id, seq, digest, survey, metric, instrument, revision, score, band, comment, choices, locale, channel,
      touchpoint, device, page, ref, subject, attributes, test, flags, inclusion, occurred_at_ms,
      received_at_ms, day, counted_locale, counted_touchpoint, counted_per_mille)
    SELECT $1::text, * FROM unnest(
      $2::uuid[], $3::bigint[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::int[],
      $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[],
      $18::text[], $19::bytea[], $20::text[], $21::boolean[], $22::bigint[], $23::float8[], $24::bigint[],
      $25::bigint[], $26::int[], $27::text[], $28::text[], $29::int[])
    ON CONFLICT (site, id) DO UPDATE SET
      digest = excluded.digest, survey = excluded.survey, metric = excluded.metric,
      instrument = excluded.instrument, revision = excluded.revision, score = excluded.score,
      band = excluded.band, comment = excluded.comment, choices = excluded.choices, locale = excluded.locale,
      channel = excluded.channel, touchpoint = excluded.touchpoint, device = excluded.device,
      page = excluded.page, ref = excluded.ref, subject = excluded.subject, attributes = excluded.attributes,
      test = excluded.test, flags = excluded.flags, inclusion = excluded.inclusion,
      occurred_at_ms = excluded.occurred_at_ms, counted_locale = excluded.counted_locale,
      counted_touchpoint = excluded.counted_touchpoint, counted_per_mille = excluded.counted_per_mille";

const COUNT: &str = "
    INSERT INTO daily_counts (site, survey, dimension, day, value, instrument, score, per_mille, n)
    SELECT $1::text, * FROM unnest(
      $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::int[], $8::int[], $9::bigint[])
    ON CONFLICT (site, survey, dimension, day, value, instrument, score, per_mille)
    DO UPDATE SET n = daily_counts.n + excluded.n";

/// Stores `batch` and its counts; on disk when `transaction` is committed.
pub(super) async fn append(
    transaction: &Transaction<'_>,
    key: &TombstoneKey,
    batch: &[Record],
) -> Result<Vec<Verdict>, Failure> {
    let mut of_site: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, record) in batch.iter().enumerate() {
        of_site.entry(&record.site).or_default().push(index);
    }
    // In the order of the sites: whoever holds several holds them in this order.
    let mut sites: Vec<_> = of_site.into_iter().collect();
    sites.sort();
    let mut verdicts = vec![Verdict::Stored; batch.len()];
    for (n, (site, indexes)) in sites.into_iter().enumerate() {
        if n > 0 || batch.first().is_none_or(|first| first.site != site) {
            transaction.go_on_to(site).await?;
        }
        let records: Vec<&Record> = indexes.iter().filter_map(|index| batch.get(*index)).collect();
        let of_site = append_to_site(transaction, key, site, &records).await?;
        for (index, verdict) in indexes.into_iter().zip(of_site) {
            if let Some(place) = verdicts.get_mut(index) {
                *place = verdict;
            }
        }
    }
    Ok(verdicts)
}

/// Gives out `n` places of `site`, the last of which is returned, and holds the site until the commit.
pub(super) async fn hold_places(transaction: &Transaction<'_>, site: &str, n: i64) -> Result<Seq, Failure> {
    let statement = transaction.prepare_cached(HOLD_PLACES).await?;
    Ok(transaction.query_one(&statement, &[&site, &n]).await?.try_get(0)?)
}

/// What will be in the table: the first record of an id says when it was received, the last one all the rest.
struct Written<'a> {
    first: &'a Record,
    last: &'a Record,
    /// Whose it is then.
    subject: Option<[u8; 32]>,
    /// Those of the last record, with what lists say of who gave it.
    attributes: Cow<'a, str>,
    /// Those of the last record, and what was doubted or decided before.
    flags: Flags,
    seq: Seq,
}

/// A site that is held until the commit, and what is known of the answers that are about to come.
struct Held {
    /// The place before the first that was given out.
    free: Seq,
    known: HashMap<Uuid, Standing>,
    tombstones: HashSet<[u8; 16]>,
    listeners: Vec<Listener>,
    /// What lists say of people who answered.
    segments: HashMap<[u8; 32], BTreeMap<String, String>>,
}

async fn hold(
    transaction: &Transaction<'_>,
    key: &TombstoneKey,
    site: &str,
    records: &[&Record],
    ids: &[Uuid],
) -> Result<Held, Failure> {
    // The number of places is a bound: what turns out to be known already leaves a gap, which is no harm.
    let n = i64::try_from(records.len()).unwrap_or(i64::MAX);
    let mut graves: Vec<_> =
        records.iter().map(|record| key.of_answer(site, record.row.id).to_vec()).collect();
    graves.push(key.of_site(site).to_vec());
    let people = segments::wanted(records);
    let (give_out, standings, tombstones, listening, listed) = tokio::try_join!(
        transaction.prepare_cached(HOLD_PLACES),
        transaction.prepare_cached(STANDINGS),
        transaction.prepare_cached(TOMBSTONES),
        transaction.prepare_cached(webhooks::LISTENERS),
        transaction.prepare_cached(segments::KNOWN),
    )?;
    let places: [&(dyn ToSql + Sync); 2] = [&site, &n];
    let wanted: [&(dyn ToSql + Sync); 2] = [&site, &ids];
    let (dug, known): ([&(dyn ToSql + Sync); 2], [&(dyn ToSql + Sync); 2]) =
        ([&site, &graves], [&site, &people]);
    let here: [&(dyn ToSql + Sync); 1] = [&site];
    // Sent one behind the other: the others are looked at when the first one holds the site.
    let (held, standings, tombstones, listeners, segments) = tokio::join!(
        biased;
        transaction.query_one(&give_out, &places),
        transaction.query(&standings, &wanted),
        transaction.query(&tombstones, &dug),
        transaction.query(&listening, &here),
        transaction.query(&listed, &known),
    );
    let free = held?.try_get::<_, Seq>(0)? - n;
    let listeners = webhooks::read_listeners(&listeners?)?;
    let mut known = HashMap::with_capacity(records.len());
    for row in standings? {
        known.insert(row.try_get(0)?, read_standing(&row)?);
    }
    let tombstones = tombstones?.iter().map(|row| bytes_column(row, 0)).collect::<Result<_, _>>()?;
    let segments = segments::read_all(&segments?)?;
    Ok(Held { free, known, tombstones, listeners, segments })
}

async fn append_to_site(
    transaction: &Transaction<'_>,
    key: &TombstoneKey,
    site: &str,
    records: &[&Record],
) -> Result<Vec<Verdict>, Failure> {
    let ids: Vec<Uuid> = records.iter().map(|record| uuid(record.row.id)).collect();
    let Held { mut free, mut known, tombstones, listeners, segments } =
        hold(transaction, key, site, records, &ids).await?;
    let is_gone = |record: &Record| {
        let is_buried = |tombstone: [u8; 16]| tombstones.contains(&tombstone);
        !tombstones.is_empty()
            && (is_buried(key.of_site(site)) || is_buried(key.of_answer(site, record.row.id)))
    };
    let mut counts = Counts::default();
    let mut news = Vec::new();
    let mut steps: Vec<(CaseStep, &Record)> = Vec::new();
    let mut written: Vec<Written<'_>> = Vec::new();
    let mut place_of: HashMap<Uuid, usize> = HashMap::new();
    let mut verdicts = Vec::with_capacity(records.len());
    for (record, id) in records.iter().copied().zip(ids) {
        if is_gone(record) {
            verdicts.push(Standing::ERASED);
            continue;
        }
        let standing = match known.entry(id) {
            Entry::Vacant(vacant) => {
                let standing = vacant.insert(Standing::of(record));
                news.extend(due(&listeners, None, standing, record));
                steps.extend(case_step(None, standing).map(|step| (step, record)));
                standing
            }
            Entry::Occupied(occupied) => {
                let standing = occupied.into_mut();
                let verdict = standing.verdict_on(record);
                if verdict != Verdict::Stored {
                    verdicts.push(verdict);
                    continue;
                }
                let before = std::mem::replace(standing, standing.replaced_by(record));
                counts.remove(site, &before.counted);
                news.extend(due(&listeners, Some(&before), standing, record));
                steps.extend(case_step(Some(&before), standing).map(|step| (step, record)));
                standing
            }
        };
        counts.add(site, standing);
        verdicts.push(Verdict::Stored);
        let (flags, subject) = (standing.counted.flags, standing.subject);
        let attributes = segments::attributes_of(record, &segments)
            .map_or(Cow::Borrowed(&*record.row.attributes), Cow::Owned);
        if let Some(earlier) = place_of.get(&id).and_then(|place| written.get_mut(*place)) {
            (earlier.last, earlier.subject, earlier.flags) = (record, subject, flags);
            earlier.attributes = attributes;
        } else {
            free += 1;
            place_of.insert(id, written.len());
            written.push(Written { first: record, last: record, subject, attributes, flags, seq: free });
        }
    }
    write(transaction, site, &written, counts).await?;
    deliveries::enqueue_all(transaction, site, &news).await?;
    steps.retain(|(step, record)| *step != CaseStep::Open || record.is_news);
    cases::follow(transaction, site, &steps).await?;
    Ok(verdicts)
}

async fn write(
    transaction: &Transaction<'_>,
    site: &str,
    written: &[Written<'_>],
    counts: Counts,
) -> Result<(), Failure> {
    if written.is_empty() {
        return Ok(());
    }
    let (rows, count) =
        tokio::try_join!(transaction.prepare_cached(WRITE), transaction.prepare_cached(COUNT))?;
    let (columns, changes) = (Columns::of(written), CountColumns::of(counts));
    let (columns, changes) = (columns.parameters(&site), changes.parameters(&site));
    // Sent one behind the other without waiting in between; the second one can only fail because the first one did.
    let (rows, counts) =
        tokio::join!(transaction.execute(&rows, &columns), transaction.execute(&count, &changes));
    rows?;
    counts?;
    Ok(())
}

/// Adds to the daily counts what has changed.
pub(super) async fn write_counts(
    transaction: &Transaction<'_>,
    site: &str,
    counts: Counts,
) -> Result<(), Failure> {
    let count = transaction.prepare_cached(COUNT).await?;
    transaction.execute(&count, &CountColumns::of(counts).parameters(&site)).await?;
    Ok(())
}

pub(super) fn uuid(id: ResponseId) -> Uuid {
    Uuid::from_bytes(*id.as_bytes())
}

fn read_standing(row: &Row) -> Result<Standing, Failure> {
    Ok(Standing {
        revision: narrowed(row, 1)?,
        digest: bytes_column(row, 2)?,
        counted: read_counted(row, 3)?,
        band: row.try_get(15)?,
        subject: row.try_get::<_, Option<&[u8]>>(16)?.map(|_| bytes_column(row, 16)).transpose()?,
    })
}

/// Reads what an answer counts as from the twelve columns that begin at `at`.
pub(super) fn read_counted(row: &Row, at: usize) -> Result<Counted, Failure> {
    Ok(Counted {
        survey: row.try_get(at)?,
        instrument: row.try_get(at + 1)?,
        score: row.try_get(at + 2)?,
        channel: row.try_get(at + 3)?,
        device: row.try_get(at + 4)?,
        test: row.try_get(at + 5)?,
        flags: Flags(narrowed(row, at + 6)?),
        day: row.try_get(at + 7)?,
        locale: row.try_get(at + 8)?,
        touchpoint: row.try_get(at + 9)?,
        per_mille: per_mille(row.try_get(at + 10)?)?,
        is_commented: row.try_get(at + 11)?,
    })
}

/// Reads a column that is wider than what is ever written to it: PostgreSQL has no unsigned numbers.
pub(super) fn narrowed(row: &Row, column: usize) -> Result<u32, Failure> {
    let number: i64 = row.try_get(column)?;
    u32::try_from(number).map_err(|_| Failure::Unreadable(format!("{number} is out of range")))
}

/// A chance of having been asked as it is kept: PostgreSQL has no unsigned numbers.
pub(super) fn per_mille(number: i32) -> Result<u16, Failure> {
    u16::try_from(number).map_err(|_| Failure::Unreadable(format!("{number} thousandths")))
}
