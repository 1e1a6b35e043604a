//! Answers in: a batch in one transaction, with the daily counts that follow from it.

use std::collections::HashMap;

use parere_shared::problem::Verdict;
use parere_shared::response::{Channel, Device};
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use super::erase::{has_any, is_erased};
use super::{cases, deliveries, segments, webhooks};
use crate::store::case::case_step;
use crate::store::due::{Listener, due};
use crate::store::settle::{Counted, Counts, Standing};
use crate::store::tombstone::TombstoneKey;
use crate::store::{Flags, Record};

/// Parameters go by their place: 27 names would be looked up for each answer.
const INSERT: &str = "
    INSERT INTO responses (
      site, id, digest, survey, metric, instrument, revision, score, band, comment, choices, locale, channel,
      touchpoint, device, page, ref, subject, attributes, test, flags, inclusion, occurred_at_ms,
      received_at_ms, day, counted_locale, counted_touchpoint, counted_per_mille)
    VALUES (
      ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
      ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
      ?23, ?24, ?25, ?26, ?27, ?28)
    ON CONFLICT (site, id) DO NOTHING";

const REVISE: &str = "
    UPDATE responses SET
      digest = ?3, survey = ?4, metric = ?5, instrument = ?6, revision = ?7,
      score = ?8, band = ?9, comment = ?10, choices = ?11, locale = ?12,
      channel = ?13, touchpoint = ?14, device = ?15, page = ?16, ref = ?17,
      subject = ?18, attributes = ?19, test = ?20, flags = ?21, inclusion = ?22,
      occurred_at_ms = ?23, counted_locale = ?26,
      counted_touchpoint = ?27, counted_per_mille = ?28
    WHERE site = ?1 AND id = ?2 AND ?24 IS NOT NULL AND ?25 IS NOT NULL";

pub(super) const STANDING: &str = "
    SELECT revision, digest, survey, instrument, score, channel, device, test, flags, day,
      counted_locale, counted_touchpoint, counted_per_mille, comment IS NOT NULL OR flags & 16 != 0 /* forgotten, see flags.rs */, band,
      subject
    FROM responses WHERE site = ?1 AND id = ?2";

const COUNT: &str = "
    INSERT INTO daily_counts (site, survey, dimension, day, value, instrument, score, per_mille, n)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    ON CONFLICT DO UPDATE SET n = n + excluded.n";

/// What follows from the answers of a batch.
#[derive(Default)]
struct Following {
    counts: Counts,
    /// Hooks of the sites of the batch, looked up once.
    listeners: HashMap<String, Vec<Listener>>,
    /// Is something known of people that answers do not say?
    has_segments: bool,
}

/// Stores `batch`, its counts, its cases and what is due to hooks; on disk when this returns.
pub(super) fn append(
    connection: &mut Connection,
    key: &TombstoneKey,
    batch: &[Record],
) -> rusqlite::Result<Vec<Verdict>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut following = Following { has_segments: segments::has_any(&transaction)?, ..Following::default() };
    let has_tombstones = has_any(&transaction)?;
    let mut verdicts = Vec::with_capacity(batch.len());
    for record in batch {
        let is_gone = has_tombstones && is_erased(&transaction, key, &record.site, record.row.id)?;
        let verdict =
            if is_gone { Standing::ERASED } else { append_one(&transaction, record, &mut following)? };
        verdicts.push(verdict);
    }
    write_counts(&transaction, following.counts)?;
    transaction.commit()?;
    Ok(verdicts)
}

fn append_one(
    transaction: &Transaction<'_>,
    record: &Record,
    following: &mut Following,
) -> rusqlite::Result<Verdict> {
    let standing = Standing::of(record);
    let added = if following.has_segments { segments::attributes_of(transaction, record)? } else { None };
    let attributes = added.as_deref().unwrap_or(&record.row.attributes);
    if write(transaction, INSERT, record, &standing, attributes)? == 1 {
        following.counts.add(&record.site, &standing);
        follow(transaction, record, None, &standing, following)?;
        return Ok(Verdict::Stored);
    }
    let site_and_id = params![record.site, record.row.id.as_bytes()];
    let standing = transaction.prepare_cached(STANDING)?.query_row(site_and_id, read_standing).optional()?;
    let Some(standing) = standing else { return Err(rusqlite::Error::QueryReturnedNoRows) };
    let verdict = standing.verdict_on(record);
    if verdict == Verdict::Stored {
        let after = standing.replaced_by(record);
        write(transaction, REVISE, record, &after, attributes)?;
        following.counts.remove(&record.site, &standing.counted);
        following.counts.add(&record.site, &after);
        follow(transaction, record, Some(&standing), &after, following)?;
    }
    Ok(verdict)
}

/// Puts what hooks want to hear of a change into their queue, and does what it means for the answer's case.
fn follow(
    transaction: &Transaction<'_>,
    record: &Record,
    before: Option<&Standing>,
    after: &Standing,
    following: &mut Following,
) -> rusqlite::Result<()> {
    if !following.listeners.contains_key(&record.site) {
        let found = webhooks::listeners(transaction, &record.site)?;
        following.listeners.insert(record.site.clone(), found);
    }
    let listeners = following.listeners.get(&record.site).map_or(&[][..], Vec::as_slice);
    for delivery in due(listeners, before, after, record) {
        deliveries::enqueue(transaction, &record.site, &delivery)?;
    }
    cases::follow(transaction, case_step(before, after), record)
}

fn write(
    transaction: &Transaction<'_>,
    statement: &str,
    record: &Record,
    standing: &Standing,
    attributes: &str,
) -> rusqlite::Result<usize> {
    let row = &record.row;
    transaction.prepare_cached(statement)?.execute(params![
        record.site,
        row.id.as_bytes(),
        record.digest,
        row.survey,
        row.metric.as_str(),
        row.instrument,
        row.revision,
        row.score,
        row.band,
        row.comment,
        row.choices,
        row.locale,
        row.channel.map(Channel::as_str),
        row.touchpoint,
        row.device.map(Device::as_str),
        row.page,
        row.order_ref,
        standing.subject,
        attributes,
        row.test,
        standing.counted.flags.0,
        row.inclusion,
        row.occurred_at,
        row.received_at,
        record.day,
        record.counted_locale,
        record.counted_touchpoint,
        record.counted_per_mille,
    ])
}

pub(super) fn read_standing(row: &rusqlite::Row<'_>) -> rusqlite::Result<Standing> {
    Ok(Standing {
        revision: row.get(0)?,
        digest: row.get(1)?,
        counted: read_counted(row, 2)?,
        band: row.get(14)?,
        subject: row.get(15)?,
    })
}

/// Reads what is counted of an answer from the columns that begin at `at`.
pub(super) fn read_counted(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Counted> {
    let text = |index| row.get::<_, Option<String>>(index).map(Option::unwrap_or_default);
    Ok(Counted {
        survey: row.get(at)?,
        instrument: row.get(at + 1)?,
        score: row.get(at + 2)?,
        channel: text(at + 3)?,
        device: text(at + 4)?,
        test: row.get(at + 5)?,
        flags: Flags(row.get(at + 6)?),
        day: row.get(at + 7)?,
        locale: text(at + 8)?,
        touchpoint: text(at + 9)?,
        per_mille: row.get(at + 10)?,
        is_commented: row.get(at + 11)?,
    })
}

pub(super) fn write_counts(transaction: &Transaction<'_>, counts: Counts) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached(COUNT)?;
    for (key, n) in counts.changes() {
        statement.execute(params![
            key.site,
            key.survey,
            key.dimension,
            key.day,
            key.value,
            key.instrument,
            key.score,
            key.per_mille,
            n
        ])?;
    }
    Ok(())
}
