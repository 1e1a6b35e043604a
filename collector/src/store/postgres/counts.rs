//! Counts out: whole days from the daily counts, parts of days and what is not counted by day from the rows.

use tokio_postgres::Row;

use super::append::per_mille;
use super::failure::Failure;
use super::reach::Reader;
use crate::auth::SiteScope;
use crate::store::{BETWEEN, Count, Dimension, Flags, PAGE_CHARS_TOLD, Span};

const BY_VALUE: &str = "
    SELECT value, instrument, score, per_mille, sum(n)::bigint FROM daily_counts
    WHERE site = $1 AND survey = $2 AND dimension = $3 AND day >= $4 AND day < $5
    GROUP BY value, instrument, score, per_mille HAVING sum(n) > 0";

const BY_DAY: &str = "
    SELECT day::text, instrument, score, per_mille, sum(n)::bigint FROM daily_counts
    WHERE site = $1 AND survey = $2 AND dimension = $3 AND day >= $4 AND day < $5
    GROUP BY day, instrument, score, per_mille HAVING sum(n) > 0";

/// The latest rows are read before any is left out: their number bounds the work, whatever they are.
const FROM_ROWS: &str = "
    SELECT value, instrument, score, per_mille, count(*) FROM (
      SELECT CASE $3::text
          WHEN 'day' THEN day::text
          WHEN 'channel' THEN coalesce(channel, '')
          WHEN 'locale' THEN counted_locale
          WHEN 'device' THEN coalesce(device, '')
          WHEN 'touchpoint' THEN counted_touchpoint
          WHEN 'page' THEN substr(coalesce(page, ''), 1, $8)
          WHEN 'ref' THEN coalesce(ref, '')
          WHEN 'touchpoint_channel' THEN counted_touchpoint || $9::text || coalesce(channel, '')
          WHEN 'commented' THEN coalesce(channel, '')
          WHEN 'excluded' THEN CASE WHEN test THEN 'test' ELSE 'flagged' END
          ELSE '' END AS value,
        instrument, score, counted_per_mille AS per_mille,
        (test OR ((flags & $6) = 0 AND (flags & $7) <> 0)) = ($3::text = 'excluded')
          AND ($3::text <> 'commented' OR comment IS NOT NULL OR (flags & 16) <> 0) AS is_meant
      FROM responses
      WHERE site = $1 AND survey = $2 AND received_at_ms >= $4 AND received_at_ms < $5
      ORDER BY received_at_ms DESC, seq DESC LIMIT $10) AS latest
    WHERE is_meant GROUP BY 1, 2, 3, 4";

pub(super) async fn counts(
    reader: Reader<'_>,
    scope: &SiteScope,
    survey: &str,
    span: Span,
    dimension: Dimension,
) -> Result<Vec<Count>, Failure> {
    let site = scope.site();
    let (from, to, max) = match span {
        Span::Days(from, to) => {
            let by = if dimension == Dimension::Day { BY_DAY } else { BY_VALUE };
            let rows = reader.query(by, &[&site, &survey, &dimension.as_str(), &from, &to]).await?;
            return rows.iter().map(read).collect();
        }
        Span::Moments(from, to) => (from, to, i64::MAX),
        Span::Latest(from, to, max) => (from, to, i64::from(max)),
    };
    let key = if dimension == Dimension::Day { "day" } else { dimension.as_str() };
    let (included, excluding) = (i64::from(Flags::INCLUDED.0), i64::from(Flags::EXCLUDING.0));
    let between = BETWEEN.to_string();
    let rows = reader
        .query(
            FROM_ROWS,
            &[&site, &survey, &key, &from, &to, &included, &excluding, &PAGE_CHARS_TOLD, &between, &max],
        )
        .await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Count, Failure> {
    let n: i64 = row.try_get(4)?;
    Ok(Count {
        key: row.try_get(0)?,
        instrument: row.try_get(1)?,
        score: row.try_get(2)?,
        per_mille: per_mille(row.try_get(3)?)?,
        n: u64::try_from(n).map_err(|_| Failure::Unreadable(format!("a count of {n}")))?,
    })
}
