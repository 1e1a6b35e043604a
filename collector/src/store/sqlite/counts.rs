//! Counts out: whole days from the daily counts, parts of days and what is not counted by day from the rows.

use rusqlite::{Connection, named_params};

use super::pool::start_deadline;
use super::sum;
use crate::auth::SiteScope;
use crate::store::{BETWEEN, Count, Dimension, Flags, PAGE_CHARS_TOLD, Span};

/// The latest rows are read before any is left out: their number bounds the work, whatever they are.
const FROM_ROWS: &str = "
    SELECT value, instrument, score, per_mille, count(*) FROM (
      SELECT CASE :key
          WHEN 'day' THEN CAST(day AS TEXT)
          WHEN 'channel' THEN coalesce(channel, '')
          WHEN 'locale' THEN counted_locale
          WHEN 'device' THEN coalesce(device, '')
          WHEN 'touchpoint' THEN counted_touchpoint
          WHEN 'page' THEN substr(coalesce(page, ''), 1, :chars)
          WHEN 'ref' THEN coalesce(ref, '')
          WHEN 'touchpoint_channel' THEN counted_touchpoint || :between || coalesce(channel, '')
          WHEN 'commented' THEN coalesce(channel, '')
          WHEN 'excluded' THEN CASE WHEN test THEN 'test' ELSE 'flagged' END
          ELSE '' END AS value,
        instrument, score, counted_per_mille AS per_mille,
        (test OR (flags & :included = 0 AND flags & :excluding != 0)) = (:key = 'excluded')
          AND (:key != 'commented' OR comment IS NOT NULL OR flags & 16 != 0) AS is_meant
      FROM responses
      WHERE site = :site AND survey = :survey AND received_at_ms >= :from AND received_at_ms < :to
      ORDER BY received_at_ms DESC, seq DESC LIMIT :max)
    WHERE is_meant GROUP BY 1, 2, 3, 4";

pub(super) fn counts(
    connection: &mut Connection,
    scope: &SiteScope,
    survey: &str,
    span: Span,
    dimension: Dimension,
) -> rusqlite::Result<Vec<Count>> {
    start_deadline(connection)?;
    let (from, to, max) = match span {
        Span::Days(from, to) => return sum::whole_days(connection, scope, survey, [from, to], dimension),
        Span::Moments(from, to) => (from, to, i64::MAX),
        Span::Latest(from, to, max) => (from, to, i64::from(max)),
    };
    let key = if dimension == Dimension::Day { "day" } else { dimension.as_str() };
    let mut statement = connection.prepare_cached(FROM_ROWS)?;
    let rows = statement.query_map(
        named_params! {
            ":site": scope.site(), ":survey": survey, ":key": key, ":from": from, ":to": to, ":max": max,
            ":chars": PAGE_CHARS_TOLD, ":between": BETWEEN.to_string(),
            ":included": Flags::INCLUDED.0, ":excluding": Flags::EXCLUDING.0,
        },
        read,
    )?;
    rows.collect()
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Count> {
    Ok(Count {
        key: row.get(0)?,
        instrument: row.get(1)?,
        score: row.get(2)?,
        per_mille: row.get(3)?,
        n: row.get(4)?,
    })
}
