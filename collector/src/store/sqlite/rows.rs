//! Answers out, a page at a time.

use parere_shared::response::{Channel, Device, ResponseId};
use parere_shared::score::Band;
use parere_shared::survey::Metric;
use rusqlite::types::{ToSql, Type};
use rusqlite::{Connection, OptionalExtension as _, params};

use super::pool::start_deadline;
use crate::auth::SiteScope;
use crate::store::{Filter, Flags, Order, Row, Search, Seq, StoredRow};

pub(super) const COLUMNS: &str = "
    seq, id, survey, metric, instrument, revision, score, band, comment, choices, locale, channel, touchpoint,
    device, page, ref, attributes, test, flags, inclusion, occurred_at_ms, received_at_ms";

/// `FROM` and `WHERE` of every statement on the answers that a [`Wanted`] asks for.
const MATCHING: &str = "
    FROM responses
    WHERE site = :site
      AND (:survey IS NULL OR survey = :survey)
      AND (:from_ms IS NULL OR received_at_ms >= :from_ms)
      AND (:to_ms IS NULL OR received_at_ms < :to_ms)
      AND seq <= :seq_max
      AND (:flags IS NULL OR flags & :flags != 0)
      AND (:text IS NULL OR comment LIKE :text ESCAPE '\\')
      AND (:band IS NULL OR band = :band)
      AND (:locale IS NULL OR locale = :locale)
      AND (:channel IS NULL OR channel = :channel)
      AND (:page IS NULL OR substr(page, 1, length(:page)) = :page)";

/// Found by the index of ids, one after the other: asked for those whose id is among them, SQLite goes through the site.
const AMONG: &str = "
      AND seq IN (
        SELECT meant.seq FROM json_each(:ids)
        CROSS JOIN responses AS meant ON meant.site = :site AND meant.id = unhex(value))";

/// Where a search ends that looks at so many answers with a comment, newest first.
const LAST_BACK: &str = "
    SELECT seq, received_at_ms FROM responses
    WHERE site = ?1 AND comment IS NOT NULL AND seq < ?2 ORDER BY seq DESC LIMIT 1 OFFSET ?3";

/// The same, oldest first.
const LAST_ON: &str = "
    SELECT seq, received_at_ms FROM responses
    WHERE site = ?1 AND comment IS NOT NULL AND seq > ?2 ORDER BY seq ASC LIMIT 1 OFFSET ?3";

/// All of a person, found by the indexes of subjects and references.
const PERSON: &str = "
    AND seq IN (
      SELECT seq FROM responses WHERE site = :site AND subject = :subject
      UNION SELECT seq FROM responses WHERE site = :site AND ref = :ref)";

/// What a page or a slice asks for, in the database's own terms.
pub(super) struct Wanted<'a> {
    site: &'a str,
    filter: &'a Filter,
    seq_max: Seq,
    flags: Option<u32>,
    text: Option<String>,
    band: Option<&'static str>,
    channel: Option<&'static str>,
    /// A JSON array of hexadecimal texts.
    ids: Option<String>,
    subject: Option<[u8; 32]>,
    order_ref: Option<&'a str>,
    after: Seq,
    limit: i64,
}

impl<'a> Wanted<'a> {
    /// At most `limit` answers of the site that pass `filter`, beyond `after`.
    pub(super) fn of(scope: &'a SiteScope, filter: &'a Filter, after: Seq, limit: usize) -> Self {
        Self {
            site: scope.site(),
            filter,
            seq_max: filter.seq_max.unwrap_or(Seq::MAX),
            flags: filter.flags.map(|flags| flags.0),
            text: filter.text.as_deref().map(containing),
            band: filter.band.map(Band::as_str),
            channel: filter.channel.map(Channel::as_str),
            ids: filter.ids.as_deref().map(listed),
            subject: filter.person.as_ref().and_then(|person| person.subject),
            order_ref: filter.person.as_ref().and_then(|person| person.order_ref.as_deref()),
            after,
            limit: i64::try_from(limit).unwrap_or(i64::MAX),
        }
    }

    /// The parameters of [`MATCHING`] and of the bounds that follow it.
    pub(super) fn parameters(&self) -> [(&'static str, &dyn ToSql); 16] {
        [
            (":site", &self.site),
            (":survey", &self.filter.survey),
            (":from_ms", &self.filter.from),
            (":to_ms", &self.filter.to),
            (":seq_max", &self.seq_max),
            (":flags", &self.flags),
            (":text", &self.text),
            (":band", &self.band),
            (":locale", &self.filter.locale),
            (":channel", &self.channel),
            (":page", &self.filter.page),
            (":ids", &self.ids),
            (":subject", &self.subject),
            (":ref", &self.order_ref),
            (":after", &self.after),
            (":limit", &self.limit),
        ]
    }

    /// A statement that reads `columns` of the answers that match; `beyond` says where they begin, in which order.
    pub(super) fn statement(&self, columns: &str, beyond: &str) -> String {
        let among = if self.ids.is_some() { AMONG } else { "AND :ids IS NULL" };
        let person =
            if self.filter.person.is_some() { PERSON } else { "AND :subject IS NULL AND :ref IS NULL" };
        format!("SELECT {columns} {MATCHING} {among} {person} {beyond} LIMIT :limit")
    }
}

/// A page beyond `after`; short reads, so that no snapshot is held while a slow client reads.
pub(super) fn page(
    connection: &mut Connection,
    scope: &SiteScope,
    filter: &Filter,
    order: Order,
    after: Option<Seq>,
    limit: usize,
) -> rusqlite::Result<Vec<StoredRow>> {
    start_deadline(connection)?;
    // Bounds are always there, never "or null": only so does a page begin where the last one ended
    // and not at the very first row.
    let (beyond, from_the_end) = match order {
        Order::OldestFirst => ("AND seq > :after ORDER BY seq ASC", Seq::MIN),
        Order::NewestFirst => ("AND seq < :after ORDER BY seq DESC", Seq::MAX),
    };
    let wanted = Wanted::of(scope, filter, after.unwrap_or(from_the_end), limit);
    let mut statement = connection.prepare_cached(&wanted.statement(COLUMNS, beyond))?;
    let rows = statement.query_map(&wanted.parameters(), read)?;
    rows.collect()
}

/// Answers with a comment; see [`crate::store::Store::search`].
pub(super) fn search(
    connection: &mut Connection,
    scope: &SiteScope,
    filter: &Filter,
    order: Order,
    after: Option<Seq>,
    limit: usize,
    among: u32,
) -> rusqlite::Result<Search> {
    start_deadline(connection)?;
    let (last, from_the_end, to_the_end) = match order {
        Order::OldestFirst => (LAST_ON, Seq::MIN, Seq::MAX),
        Order::NewestFirst => (LAST_BACK, Seq::MAX, Seq::MIN),
    };
    let after = after.unwrap_or(from_the_end);
    let reached = connection
        .prepare_cached(last)?
        .query_row(params![scope.site(), after, among.max(1) - 1], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    // A number of ours, and another one for each search: not worth keeping the statement.
    let end = reached.map_or(to_the_end, |(seq, _)| seq);
    let beyond = match order {
        Order::OldestFirst => format!("AND seq > :after AND seq <= {end} ORDER BY seq ASC"),
        Order::NewestFirst => format!("AND seq < :after AND seq >= {end} ORDER BY seq DESC"),
    };
    let beyond = format!("AND comment IS NOT NULL {beyond}");
    let wanted = Wanted::of(scope, filter, after, limit);
    let mut statement = connection.prepare(&wanted.statement(COLUMNS, &beyond))?;
    let rows = statement.query_map(&wanted.parameters(), read)?.collect::<rusqlite::Result<_>>()?;
    Ok(Search { rows, reached })
}

/// How many answers match.
pub(super) fn how_many(
    connection: &mut Connection,
    scope: &SiteScope,
    filter: &Filter,
) -> rusqlite::Result<u64> {
    start_deadline(connection)?;
    let wanted = Wanted::of(scope, filter, Seq::MIN, usize::MAX);
    let mut statement = connection.prepare_cached(&wanted.statement("count(*)", "AND seq > :after"))?;
    statement.query_row(&wanted.parameters(), |row| row.get(0))
}

/// The highest place in use, 0 when there are no answers; one site's highest is never above it.
pub(super) fn last_seq(connection: &Connection) -> rusqlite::Result<Seq> {
    connection.query_row("SELECT coalesce(max(seq), 0) FROM responses", [], |row| row.get(0))
}

/// `["0192…","0193…"]`, as SQLite's `unhex` reads them.
pub(super) fn listed(ids: &[ResponseId]) -> String {
    let texts: Vec<_> = ids.iter().map(|id| format!("\"{}\"", id.encode().replace('-', ""))).collect();
    format!("[{}]", texts.join(","))
}

/// A LIKE pattern that finds `text` anywhere, its own wildcards taken literally.
fn containing(text: &str) -> String {
    let literal = text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{literal}%")
}

pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<StoredRow> {
    let known = |column: usize, name: &str| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, format!("unknown value {name}").into())
    };
    let metric: String = row.get(3)?;
    let channel: Option<String> = row.get(11)?;
    let device: Option<String> = row.get(13)?;
    Ok(StoredRow {
        seq: row.get(0)?,
        row: Row {
            id: ResponseId::from_bytes(row.get(1)?).ok_or_else(|| known(1, "id"))?,
            survey: row.get(2)?,
            metric: Metric::parse(&metric).ok_or_else(|| known(3, &metric))?,
            instrument: row.get(4)?,
            revision: row.get(5)?,
            score: row.get(6)?,
            band: row.get(7)?,
            comment: row.get(8)?,
            choices: row.get(9)?,
            locale: row.get(10)?,
            channel: channel.map(|name| Channel::parse(&name).ok_or_else(|| known(11, &name))).transpose()?,
            touchpoint: row.get(12)?,
            device: device.map(|name| Device::parse(&name).ok_or_else(|| known(13, &name))).transpose()?,
            page: row.get(14)?,
            order_ref: row.get(15)?,
            attributes: row.get(16)?,
            test: row.get(17)?,
            flags: Flags(row.get(18)?),
            inclusion: row.get(19)?,
            occurred_at: row.get(20)?,
            received_at: row.get(21)?,
        },
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::super::migrate;
    use super::*;
    use crate::store::Person;

    #[test]
    fn answers_are_found_by_their_indexes_and_not_one_after_the_other() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate::up(&mut connection).unwrap();
        let scope = SiteScope::at_the_machine("pk_a");
        let person = Person { subject: Some([1; 32]), order_ref: Some("1001".into()) };
        for (filter, expected) in [
            (
                Filter { ids: Some(Vec::new()), ..Filter::default() },
                &["meant USING COVERING INDEX sqlite_autoindex_responses_1 (site=? AND id=?)"][..],
            ),
            (
                Filter { person: Some(person), ..Filter::default() },
                &["responses_by_subject (site=? AND subject=?)", "responses_by_ref (site=? AND ref=?)"],
            ),
        ] {
            for beyond in [
                "AND seq > :after ORDER BY seq ASC",
                "AND seq < :after ORDER BY seq DESC",
                "AND seq > :after",
            ] {
                let wanted = Wanted::of(&scope, &filter, 0, 10);
                let statement = format!("EXPLAIN QUERY PLAN {}", wanted.statement(COLUMNS, beyond));
                let mut statement = connection.prepare(&statement).unwrap();
                let steps = statement.query_map(&wanted.parameters(), |row| row.get::<_, String>(3)).unwrap();
                let plan: Vec<String> = steps.map(Result::unwrap).collect();
                assert!(plan[0].ends_with("rowid=?)"), "{beyond}: {plan:?}");
                for index in expected {
                    assert!(plan.iter().any(|step| step.contains(index)), "{beyond}: {plan:?}");
                }
            }
        }
    }
}
