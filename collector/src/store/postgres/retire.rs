//! What was kept long enough: comments and whole answers, a slice at a time. Daily counts stay as they are.

use parere_shared::time::Millis;

use super::append::hold_places;
use super::cases;
use super::failure::Failure;
use super::reach::Transaction;
use crate::auth::SiteScope;
use crate::store::{Flags, Part, Retirement, Slice};

/// Said before the first answer goes: whoever recounts knows from then on that days before this one are not whole.
const MARK: &str = "UPDATE sites SET retired_to_day = $2 WHERE site = $1 AND retired_to_day < $2";

const FIND: &str = "
    SELECT seq, received_at_ms FROM responses
    WHERE site = $1 AND survey = $2 AND received_at_ms >= $3 AND received_at_ms < $4
    ORDER BY received_at_ms, seq LIMIT $5";

const FIND_COMMENTS: &str = "
    SELECT seq, received_at_ms FROM responses
    WHERE site = $1 AND survey = $2 AND received_at_ms >= $3 AND received_at_ms < $4 AND comment IS NOT NULL
    ORDER BY received_at_ms, seq LIMIT $5";

const RETIRE: &str = "DELETE FROM responses WHERE site = $1 AND seq = ANY ($2::bigint[])";

const RETIRE_COMMENTS: &str = "
    UPDATE responses SET comment = NULL, flags = flags | $3 WHERE site = $1 AND seq = ANY ($2::bigint[])";

/// Retires the first ones of `part`, and says how many and where the next slice begins.
pub(super) async fn slice(
    transaction: &Transaction<'_>,
    scope: &SiteScope,
    part: &Retirement,
) -> Result<(u64, Option<Millis>), Failure> {
    let site = scope.site();
    // Nobody revises an answer between the look and the end.
    hold_places(transaction, site, 0).await?;
    let find = match part.what {
        Part::Responses => FIND,
        Part::Comments => FIND_COMMENTS,
    };
    let limit = i64::try_from(Slice::LEN).unwrap_or(i64::MAX);
    let find = transaction.prepare_cached(find).await?;
    let found = transaction.query(&find, &[&site, &part.survey, &part.from, &part.before, &limit]).await?;
    let seqs = found.iter().map(|row| row.try_get(0)).collect::<Result<Vec<i64>, _>>()?;
    match part.what {
        Part::Responses => {
            transaction.execute(MARK, &[&site, &part.before_day]).await?;
            cases::remove_by_seq(transaction, site, &seqs).await?;
            let retire = transaction.prepare_cached(RETIRE).await?;
            transaction.execute(&retire, &[&site, &seqs]).await?;
        }
        Part::Comments => {
            cases::forget_notes(transaction, site, &seqs).await?;
            let retire = transaction.prepare_cached(RETIRE_COMMENTS).await?;
            transaction.execute(&retire, &[&site, &seqs, &i64::from(Flags::FORGOTTEN.0)]).await?;
        }
    }
    let last = found.last().map(|row| row.try_get(1)).transpose()?;
    Ok((u64::try_from(seqs.len()).unwrap_or(u64::MAX), last.filter(|_| seqs.len() == Slice::LEN)))
}

/// The lease is free, over, or ours already. The server's clock is the only one that counts.
const LEASE: &str = "
    INSERT INTO leases (name, holder, ends_at) VALUES ('retention', $1, now() + interval '60 seconds')
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends_at = excluded.ends_at
    WHERE leases.ends_at < now() OR leases.holder = excluded.holder";

/// Takes the turn, or holds it for another minute.
pub(super) async fn take_turn(transaction: &Transaction<'_>, holder: &str) -> Result<bool, Failure> {
    Ok(transaction.execute(LEASE, &[&holder]).await? == 1)
}
