//! A person's decision on answers: flags and daily counts together, a slice at a time.

use rusqlite::{Connection, TransactionBehavior, named_params};

use super::append::{read_counted, write_counts};
use super::cases;
use super::rows::Wanted;
use crate::auth::SiteScope;
use crate::store::settle::{Counted, Counts};
use crate::store::{Filter, Review, Seq, Slice};

const COLUMNS: &str = "
    seq, survey, instrument, score, channel, device, test, flags, day, counted_locale, counted_touchpoint,
    counted_per_mille, comment IS NOT NULL OR flags & 16 != 0";

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
        let wanted = Wanted::of(scope, filter, after, Slice::LEN);
        let statement = wanted.statement(COLUMNS, "AND seq > :after ORDER BY seq");
        let mut select = transaction.prepare_cached(&statement)?;
        let mut decide = transaction.prepare_cached(DECIDE)?;
        let found = select.query_map(&wanted.parameters(), |row| Ok((row.get(0)?, read_counted(row, 1)?)))?;
        // All of them are read before one is changed.
        let found: Vec<(Seq, Counted)> = found.collect::<rusqlite::Result<_>>()?;
        slice.next = found.last().map(|(seq, _)| *seq).filter(|_| found.len() == Slice::LEN);
        for (seq, before) in found {
            let after = Counted { flags: before.flags.reviewed(review), ..before.clone() };
            if after.flags == before.flags {
                continue;
            }
            decide.execute(named_params! {":flags": after.flags.0, ":site": scope.site(), ":seq": seq})?;
            if after.flags.excludes() {
                cases::drop_untouched(&transaction, scope.site(), seq)?;
            }
            counts.move_over(scope.site(), &before, &after);
            slice.changed += 1;
        }
    }
    write_counts(&transaction, counts)?;
    transaction.commit()?;
    Ok(slice)
}
