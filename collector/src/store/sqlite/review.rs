//! A person's decision on answers: flags and daily counts together, a slice at a time.

use parere_shared::time::Millis;
use rusqlite::{Connection, TransactionBehavior, named_params};

use super::append::write_counts;
use super::rows::containing;
use crate::auth::SiteScope;
use crate::store::settle::{Counted, Counts};
use crate::store::{Filter, Flags, Review, Seq, Slice};

/// Answers in one transaction: a few milliseconds, in which no answer comes in.
const SLICE_LEN: usize = 500;

const MATCHING: &str = "
    SELECT seq, survey, instrument, score, coalesce(channel, ''), coalesce(device, ''), test, flags, day,
      counted_locale, counted_touchpoint
    FROM responses
    WHERE site = :site AND seq > :after AND seq <= :seq_max
      AND (:survey IS NULL OR survey = :survey)
      AND (:from_ms IS NULL OR received_at_ms >= :from_ms)
      AND (:to_ms IS NULL OR received_at_ms < :to_ms)
      AND (:flags IS NULL OR flags & :flags != 0)
      AND (:text IS NULL OR comment LIKE :text ESCAPE '\\')
    ORDER BY seq LIMIT :limit";

const DECIDE: &str = "UPDATE responses SET flags = :flags WHERE site = :site AND seq = :seq";

/// Decides on the first answers that match beyond `after`.
pub(super) fn slice(
    connection: &mut Connection,
    scope: &SiteScope,
    filter: &Filter,
    review: Review,
    after: Seq,
) -> rusqlite::Result<Slice> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut counts = Counts::default();
    let mut slice = Slice { changed: 0, next: None };
    {
        let mut select = transaction.prepare_cached(MATCHING)?;
        let mut decide = transaction.prepare_cached(DECIDE)?;
        let (from_ms, to_ms): (Option<Millis>, Option<Millis>) = (filter.from, filter.to);
        let found = select.query_map(
            named_params! {
                ":site": scope.site(), ":after": after, ":seq_max": filter.seq_max.unwrap_or(Seq::MAX),
                ":survey": filter.survey, ":from_ms": from_ms, ":to_ms": to_ms,
                ":flags": filter.flags.map(|flags| flags.0),
                ":text": filter.text.as_deref().map(containing),
                ":limit": i64::try_from(SLICE_LEN).unwrap_or(i64::MAX),
            },
            read,
        )?;
        // All of them are read before one is changed.
        let found: Vec<(Seq, Counted)> = found.collect::<rusqlite::Result<_>>()?;
        slice.next = found.last().map(|(seq, _)| *seq).filter(|_| found.len() == SLICE_LEN);
        for (seq, before) in found {
            let after = Counted { flags: before.flags.reviewed(review), ..before.clone() };
            if after.flags == before.flags {
                continue;
            }
            decide.execute(named_params! {":flags": after.flags.0, ":site": scope.site(), ":seq": seq})?;
            counts.move_over(scope.site(), &before, &after);
            slice.changed += 1;
        }
    }
    write_counts(&transaction, counts)?;
    transaction.commit()?;
    Ok(slice)
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<(Seq, Counted)> {
    let counted = Counted {
        survey: row.get(1)?,
        instrument: row.get(2)?,
        score: row.get(3)?,
        channel: row.get(4)?,
        device: row.get(5)?,
        test: row.get(6)?,
        flags: Flags(row.get(7)?),
        day: row.get(8)?,
        locale: row.get(9)?,
        touchpoint: row.get(10)?,
    };
    Ok((row.get(0)?, counted))
}
