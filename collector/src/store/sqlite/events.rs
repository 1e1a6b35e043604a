//! What became of questions: numbers in, numbers out.

use std::ops::Range;

use parere_shared::event::EventKind;
use parere_shared::response::ResponseId;
use rusqlite::types::Type;
use rusqlite::{Connection, TransactionBehavior, named_params, params};

use super::pool::start_deadline;
use crate::auth::SiteScope;
use crate::store::{Dimension, Event, EventCount, Flags};

const COUNT: &str = "
    INSERT INTO daily_events (site, survey, day, kind, instrument, channel, locale, device, touchpoint, n)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
    ON CONFLICT DO UPDATE SET n = n + excluded.n";

const BY_VALUE: &str = "
    SELECT CASE :key
        WHEN 'day' THEN CAST(day AS TEXT)
        WHEN 'channel' THEN channel
        WHEN 'locale' THEN locale
        WHEN 'device' THEN device
        WHEN 'touchpoint' THEN touchpoint
        ELSE '' END AS value,
      kind, sum(n)
    FROM daily_events
    WHERE site = :site AND survey = :survey AND day >= :from AND day < :to
    GROUP BY 1, 2";

const NOTE_FOLLOWED: &str = "
    UPDATE responses SET flags = flags | ?3 WHERE site = ?1 AND id = ?2 AND flags & ?3 = 0";

/// Adds to what is counted.
pub(super) fn count(connection: &mut Connection, counts: &[(Event, u64)]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    {
        let mut statement = transaction.prepare_cached(COUNT)?;
        for (event, n) in counts {
            let Event { site, survey, day, kind, instrument, channel, locale, device, touchpoint } = event;
            let kind = kind.as_str();
            statement.execute(params![
                site, survey, day, kind, instrument, channel, locale, device, touchpoint, n
            ])?;
        }
    }
    transaction.commit()
}

/// Was it not noted before?
pub(super) fn note_followed(
    connection: &mut Connection,
    scope: &SiteScope,
    id: ResponseId,
) -> rusqlite::Result<bool> {
    let noted = params![scope.site(), id.as_bytes(), Flags::FOLLOWED.0];
    Ok(connection.prepare_cached(NOTE_FOLLOWED)?.execute(noted)? == 1)
}

pub(super) fn read(
    connection: &mut Connection,
    scope: &SiteScope,
    survey: &str,
    days: &Range<i32>,
    dimension: Dimension,
) -> rusqlite::Result<Vec<EventCount>> {
    start_deadline(connection)?;
    let key = if dimension == Dimension::Day { "day" } else { dimension.as_str() };
    let mut statement = connection.prepare_cached(BY_VALUE)?;
    let rows = statement.query_map(
        named_params! {
            ":key": key, ":site": scope.site(), ":survey": survey, ":from": days.start, ":to": days.end,
        },
        |row| {
            let kind: String = row.get(1)?;
            let unknown = || rusqlite::Error::InvalidColumnType(1, kind.clone(), Type::Text);
            Ok(EventCount {
                key: row.get(0)?,
                kind: EventKind::parse(&kind).ok_or_else(unknown)?,
                n: row.get(2)?,
            })
        },
    )?;
    rows.collect()
}
