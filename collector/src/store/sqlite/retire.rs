//! What was kept long enough: comments and whole answers, a slice at a time. Daily counts stay as they are.

use parere_shared::time::Millis;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::cases;
use crate::auth::SiteScope;
use crate::store::{Flags, Part, Retirement, Slice};

/// Said before the first answer goes: whoever recounts knows from then on that days before this one are not whole.
const MARK: &str = "UPDATE sites SET retired_to_day = ?2 WHERE site = ?1 AND retired_to_day < ?2";

const FIND: &str = "
    SELECT seq, received_at_ms FROM responses
    WHERE site = ?1 AND survey = ?2 AND received_at_ms >= ?3 AND received_at_ms < ?4
    ORDER BY received_at_ms LIMIT ?5";

const FIND_COMMENTS: &str = "
    SELECT seq, received_at_ms FROM responses
    WHERE site = ?1 AND survey = ?2 AND received_at_ms >= ?3 AND received_at_ms < ?4 AND comment IS NOT NULL
    ORDER BY received_at_ms LIMIT ?5";

const RETIRE: &str = "DELETE FROM responses WHERE site = ?1 AND seq = ?2";

const RETIRE_COMMENT: &str = "
    UPDATE responses SET comment = NULL, flags = flags | ?3 WHERE site = ?1 AND seq = ?2";

/// Retires the first ones of `part`, and says how many and where the next slice begins.
pub(super) fn slice(
    connection: &mut Connection,
    scope: &SiteScope,
    part: &Retirement,
) -> rusqlite::Result<(u64, Option<Millis>)> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let site = scope.site();
    let found = find(&transaction, site, part)?;
    match part.what {
        Part::Responses => {
            transaction.prepare_cached(MARK)?.execute(params![site, part.before_day])?;
            for (seq, _) in &found {
                cases::remove_by_seq(&transaction, site, *seq)?;
                transaction.prepare_cached(RETIRE)?.execute(params![site, seq])?;
            }
        }
        Part::Comments => {
            for (seq, _) in &found {
                cases::forget_note(&transaction, site, *seq)?;
                transaction.prepare_cached(RETIRE_COMMENT)?.execute(params![
                    site,
                    seq,
                    Flags::FORGOTTEN.0
                ])?;
            }
        }
    }
    transaction.commit()?;
    let next = found.last().map(|(_, received_at)| *received_at).filter(|_| found.len() == Slice::LEN);
    Ok((u64::try_from(found.len()).unwrap_or(u64::MAX), next))
}

fn find(
    transaction: &Transaction<'_>,
    site: &str,
    part: &Retirement,
) -> rusqlite::Result<Vec<(i64, Millis)>> {
    let statement = match part.what {
        Part::Responses => FIND,
        Part::Comments => FIND_COMMENTS,
    };
    let wanted = params![site, part.survey, part.from, part.before, Slice::LEN];
    transaction.prepare_cached(statement)?.query_map(wanted, |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}
