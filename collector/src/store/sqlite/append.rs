//! Answers in: a batch in one transaction, with the daily counts that follow from it.

use std::collections::HashMap;

use parere_shared::problem::Verdict;
use parere_shared::response::{Channel, Device};
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, named_params, params};

use crate::store::{Dimension, Flags, Record};

const INSERT: &str = "
    INSERT INTO responses (
      site, id, digest, survey, metric, instrument, revision, score, band, comment, choices, locale, channel,
      touchpoint, device, page, ref, subject, attributes, test, flags, inclusion, occurred_at_ms,
      received_at_ms, day, counted_locale, counted_touchpoint)
    VALUES (
      :site, :id, :digest, :survey, :metric, :instrument, :revision, :score, :band, :comment, :choices, :locale,
      :channel, :touchpoint, :device, :page, :ref, :subject, :attributes, :test, :flags, :inclusion,
      :occurred_at_ms, :received_at_ms, :day, :counted_locale, :counted_touchpoint)
    ON CONFLICT (site, id) DO NOTHING";

const REVISE: &str = "
    UPDATE responses SET
      digest = :digest, survey = :survey, metric = :metric, instrument = :instrument, revision = :revision,
      score = :score, band = :band, comment = :comment, choices = :choices, locale = :locale,
      channel = :channel, touchpoint = :touchpoint, device = :device, page = :page, ref = :ref,
      subject = :subject, attributes = :attributes, test = :test, flags = :flags, inclusion = :inclusion,
      occurred_at_ms = :occurred_at_ms, counted_locale = :counted_locale,
      counted_touchpoint = :counted_touchpoint
    WHERE site = :site AND id = :id AND :received_at_ms IS NOT NULL AND :day IS NOT NULL";

const STORED: &str = "
    SELECT revision, digest, survey, instrument, score, channel, device, test, flags, day,
      counted_locale, counted_touchpoint
    FROM responses WHERE site = ?1 AND id = ?2";

const COUNT: &str = "
    INSERT INTO daily_counts (site, survey, dimension, day, value, instrument, score, n)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
    ON CONFLICT DO UPDATE SET n = n + excluded.n";

/// Stores `batch` and its counts; on disk when this returns.
pub(super) fn append(connection: &mut Connection, batch: &[Record]) -> rusqlite::Result<Vec<Verdict>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut counts = Counts::default();
    let verdicts: rusqlite::Result<Vec<_>> =
        batch.iter().map(|record| append_one(&transaction, record, &mut counts)).collect();
    let verdicts = verdicts?;
    counts.write(&transaction)?;
    transaction.commit()?;
    Ok(verdicts)
}

fn append_one(
    transaction: &Transaction<'_>,
    record: &Record,
    counts: &mut Counts,
) -> rusqlite::Result<Verdict> {
    if write(transaction, INSERT, record)? == 1 {
        counts.add(&Counted::of(record), 1);
        return Ok(Verdict::Stored);
    }
    let site_and_id = params![record.site, record.row.id.as_bytes()];
    let stored = transaction.prepare_cached(STORED)?.query_row(site_and_id, Stored::read).optional()?;
    let Some(stored) = stored else { return Err(rusqlite::Error::QueryReturnedNoRows) };
    if stored.revision > record.row.revision {
        return Ok(Verdict::Superseded);
    }
    if stored.revision == record.row.revision {
        return Ok(if stored.digest == record.digest { Verdict::Duplicate } else { Verdict::Conflict });
    }
    write(transaction, REVISE, record)?;
    // The day stays that of the first receipt: a comment added later does not move the answer.
    let day = stored.counted.day;
    counts.add(&stored.counted.at(&record.site), -1);
    counts.add(&Counted { day, ..Counted::of(record) }, 1);
    Ok(Verdict::Stored)
}

fn write(transaction: &Transaction<'_>, statement: &str, record: &Record) -> rusqlite::Result<usize> {
    let row = &record.row;
    transaction.prepare_cached(statement)?.execute(named_params! {
        ":site": record.site,
        ":id": row.id.as_bytes(),
        ":digest": record.digest,
        ":survey": row.survey,
        ":metric": row.metric.as_str(),
        ":instrument": row.instrument,
        ":revision": row.revision,
        ":score": row.score,
        ":band": row.band,
        ":comment": row.comment,
        ":choices": row.choices,
        ":locale": row.locale,
        ":channel": row.channel.map(Channel::as_str),
        ":touchpoint": row.touchpoint,
        ":device": row.device.map(Device::as_str),
        ":page": row.page,
        ":ref": row.order_ref,
        ":subject": record.subject,
        ":attributes": row.attributes,
        ":test": row.test,
        ":flags": row.flags.0,
        ":inclusion": row.inclusion,
        ":occurred_at_ms": row.occurred_at,
        ":received_at_ms": row.received_at,
        ":day": record.day,
        ":counted_locale": record.counted_locale,
        ":counted_touchpoint": record.counted_touchpoint,
    })
}

/// What is in the table under an id that comes again.
struct Stored {
    revision: u32,
    digest: [u8; 16],
    counted: Counted,
}

impl Stored {
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let text = |index| row.get::<_, Option<String>>(index).map(Option::unwrap_or_default);
        Ok(Self {
            revision: row.get(0)?,
            digest: row.get(1)?,
            counted: Counted {
                site: String::new(),
                survey: row.get(2)?,
                instrument: row.get(3)?,
                score: row.get(4)?,
                channel: text(5)?,
                device: text(6)?,
                test: row.get(7)?,
                flags: Flags(row.get(8)?),
                day: row.get(9)?,
                locale: text(10)?,
                touchpoint: text(11)?,
            },
        })
    }
}

/// Everything about an answer that daily counts depend on.
struct Counted {
    site: String,
    survey: String,
    instrument: String,
    score: i32,
    channel: String,
    device: String,
    locale: String,
    touchpoint: String,
    test: bool,
    flags: Flags,
    day: i32,
}

impl Counted {
    fn of(record: &Record) -> Self {
        let row = &record.row;
        Self {
            site: record.site.clone(),
            survey: row.survey.clone(),
            instrument: row.instrument.clone(),
            score: row.score,
            channel: row.channel.map_or_else(String::new, |channel| channel.as_str().into()),
            device: row.device.map_or_else(String::new, |device| device.as_str().into()),
            locale: record.counted_locale.clone(),
            touchpoint: record.counted_touchpoint.clone(),
            test: row.test,
            flags: row.flags,
            day: record.day,
        }
    }

    fn at(self, site: &str) -> Self {
        Self { site: site.into(), ..self }
    }
}

/// Changes to daily counts, summed over a batch so that each key is written once.
#[derive(Default)]
struct Counts(HashMap<Key, i64>);

#[derive(PartialEq, Eq, Hash)]
struct Key {
    site: String,
    survey: String,
    dimension: &'static str,
    day: i32,
    value: String,
    instrument: String,
    score: i32,
}

impl Counts {
    fn add(&mut self, counted: &Counted, n: i64) {
        let excluded =
            if counted.test { Some("test") } else { counted.flags.excludes().then_some("flagged") };
        if let Some(reason) = excluded {
            return self.add_key(counted, Dimension::Excluded, reason, n);
        }
        self.add_key(counted, Dimension::All, "", n);
        self.add_key(counted, Dimension::Channel, &counted.channel, n);
        self.add_key(counted, Dimension::Locale, &counted.locale, n);
        self.add_key(counted, Dimension::Device, &counted.device, n);
        self.add_key(counted, Dimension::Touchpoint, &counted.touchpoint, n);
    }

    fn add_key(&mut self, counted: &Counted, dimension: Dimension, value: &str, n: i64) {
        let key = Key {
            site: counted.site.clone(),
            survey: counted.survey.clone(),
            dimension: dimension.as_str(),
            day: counted.day,
            value: value.into(),
            instrument: counted.instrument.clone(),
            score: counted.score,
        };
        *self.0.entry(key).or_default() += n;
    }

    fn write(self, transaction: &Transaction<'_>) -> rusqlite::Result<()> {
        let mut statement = transaction.prepare_cached(COUNT)?;
        for (key, n) in self.0.into_iter().filter(|(_, n)| *n != 0) {
            statement.execute(params![
                key.site,
                key.survey,
                key.dimension,
                key.day,
                key.value,
                key.instrument,
                key.score,
                n
            ])?;
        }
        Ok(())
    }
}
