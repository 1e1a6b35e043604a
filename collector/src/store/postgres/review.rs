//! A person's decision on answers: flags and daily counts together, a slice at a time.

use super::append::{hold_places, read_counted, write_counts};
use super::cases;
use super::failure::Failure;
use super::reach::Transaction;
use super::rows::{Wanted, matching};
use crate::auth::SiteScope;
use crate::store::settle::{Counted, Counts};
use crate::store::{Filter, Review, Seq, Slice};

const MATCHING: &str = matching!(
    "SELECT seq, survey, instrument, score, coalesce(channel, ''), coalesce(device, ''), test, flags, day,
      counted_locale, counted_touchpoint, counted_per_mille,
      comment IS NOT NULL OR (flags & 16) <> 0 ",
    "seq > $15 ORDER BY seq LIMIT $16"
);

const DECIDE: &str = "
    UPDATE responses SET flags = decided.flags
    FROM unnest($2::bigint[], $3::bigint[]) AS decided (seq, flags)
    WHERE site = $1 AND responses.seq = decided.seq";

/// Decides on the first answers that match beyond `after`.
pub(super) async fn slice(
    transaction: &Transaction<'_>,
    scope: &SiteScope,
    filter: &Filter,
    review: Review,
    after: Seq,
) -> Result<Slice, Failure> {
    let site = scope.site();
    // Nobody revises an answer between the look and the decision.
    hold_places(transaction, site, 0).await?;
    let statement = transaction.prepare_cached(MATCHING).await?;
    let found =
        transaction.query(&statement, &Wanted::of(filter, after, Slice::LEN).parameters(&site)).await?;
    let mut counts = Counts::default();
    let (mut seqs, mut flags) = (Vec::<Seq>::new(), Vec::<i64>::new());
    let mut left_out = Vec::new();
    for row in &found {
        let before = read_counted(row, 1)?;
        let after = Counted { flags: before.flags.reviewed(review), ..before.clone() };
        if after.flags != before.flags {
            seqs.push(row.try_get(0)?);
            flags.push(after.flags.0.into());
            left_out.extend(after.flags.excludes().then_some(row.try_get::<_, Seq>(0)?));
            counts.move_over(site, &before, &after);
        }
    }
    if !seqs.is_empty() {
        let statement = transaction.prepare_cached(DECIDE).await?;
        transaction.execute(&statement, &[&site, &seqs, &flags]).await?;
        write_counts(transaction, site, counts).await?;
    }
    if !left_out.is_empty() {
        cases::drop_untouched(transaction, site, &left_out).await?;
    }
    let last = found.last().map(|row| row.try_get(0)).transpose()?;
    Ok(Slice {
        changed: u64::try_from(seqs.len()).unwrap_or(u64::MAX),
        next: last.filter(|_| found.len() == Slice::LEN),
    })
}
