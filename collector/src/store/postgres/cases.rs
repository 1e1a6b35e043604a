//! Cases: what is done about low scores.

use parere_shared::response::ResponseId;
use parere_shared::speed::Wait;
use parere_shared::time::Millis;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::PostgresStore;
use super::append::{narrowed, uuid};
use super::failure::Failure;
use super::pool::{read, transact};
use super::reach::{Reach, Reader, Transaction};
use super::retry::Attempt;
use crate::auth::SiteScope;
use crate::store::case::{
    CASE_WAITS_MAX, Case, CaseFilter, CaseOutcome, CasePlace, CaseRow, CaseStatus, CaseStep, CaseTally,
};
use crate::store::{Person, Record, Result};

/// As many hours as the site gives them; nothing where the site has cases off.
const OPEN: &str = "
    INSERT INTO cases (site, response, survey, opened_at_ms, due_at_ms, status, revision)
    SELECT $1::text, low.response, low.survey, low.at_ms, low.at_ms + hours.case_hours * 3600000, 'open', 0
    FROM unnest($2::uuid[], $3::text[], $4::bigint[]) AS low (response, survey, at_ms),
      (SELECT case_hours FROM sites WHERE site = $1 AND case_hours IS NOT NULL) AS hours
    ON CONFLICT (site, response) DO UPDATE SET
      opened_at_ms = excluded.opened_at_ms, due_at_ms = excluded.due_at_ms, status = 'open', outcome = NULL,
      closed_at_ms = NULL
    WHERE cases.outcome = 'changed_mind'";

const CHANGE_MIND: &str = "
    UPDATE cases SET status = 'done', outcome = 'changed_mind', closed_at_ms = raised.at_ms
    FROM unnest($2::uuid[], $3::bigint[]) AS raised (response, at_ms)
    WHERE site = $1 AND cases.response = raised.response AND status = 'open' AND revision = 0";

const DROP: &str = "
    DELETE FROM cases WHERE site = $1 AND response = ANY ($2::uuid[]) AND status = 'open' AND revision = 0";

const IDS: &str = "SELECT id FROM responses WHERE site = $1 AND seq = ANY ($2::bigint[])";

const REMOVE: &str = "DELETE FROM cases WHERE site = $1 AND response = ANY ($2::uuid[])";

/// What was written about a comment goes with the comment.
const FORGET_NOTES: &str =
    "UPDATE cases SET note = NULL WHERE site = $1 AND response = ANY ($2::uuid[]) AND note IS NOT NULL";

/// The columns of a case with its answer; both have a site, and it is the same.
macro_rules! selected {
    ($rest:literal) => {
        concat!(
            "SELECT response, cases.survey, opened_at_ms, due_at_ms, owner, status, outcome, followed_up_at_ms,
               closed_at_ms, note, cases.revision, score, band, comment, locale, ref
             FROM cases JOIN responses USING (site)
             WHERE site = $1 AND responses.id = cases.response ",
            $rest
        )
    };
}

const ONE: &str = selected!("AND response = $2");

const WAITING: &str = selected!(
    "AND status IN ($2, $3) AND (NOT $4::boolean OR owner IS NOT DISTINCT FROM $5::text)
       AND ($6::bigint IS NULL OR (due_at_ms, response) > ($6, $7::uuid))
     ORDER BY due_at_ms, response LIMIT $8"
);

const DONE: &str = selected!(
    "AND status = 'done' AND (NOT $2::boolean OR owner IS NOT DISTINCT FROM $3::text)
       AND ($4::bigint IS NULL OR (closed_at_ms, response) < ($4, $5::uuid))
     ORDER BY closed_at_ms DESC, response DESC LIMIT $6"
);

const OPENED: &str = selected!(
    "AND opened_at_ms >= $2 AND opened_at_ms < $3
       AND ($4::bigint IS NULL OR (opened_at_ms, response) > ($4, $5::uuid))
     ORDER BY opened_at_ms, response LIMIT $6"
);

const OF_PERSON: &str = selected!("AND (subject = $2 OR ref = $3) ORDER BY opened_at_ms, response LIMIT $4");

const CHANGE: &str = "
    UPDATE cases SET owner = $4, status = $5, outcome = $6, followed_up_at_ms = $7, closed_at_ms = $8, note = $9,
      revision = $10
    WHERE site = $1 AND response = $2 AND revision = $3 AND status = $11";

const TALLY: &str = "
    SELECT status, outcome, count(*), count(*) FILTER (WHERE status <> 'done' AND due_at_ms < $4)
    FROM cases WHERE site = $1 AND opened_at_ms >= $2 AND opened_at_ms < $3
    GROUP BY status, outcome ORDER BY status, outcome NULLS FIRST";

const WAITS: &str = "
    SELECT greatest(0, coalesce(followed_up_at_ms, closed_at_ms, $4) - opened_at_ms), followed_up_at_ms IS NOT NULL
    FROM cases WHERE site = $1 AND opened_at_ms >= $2 AND opened_at_ms < $3
    ORDER BY opened_at_ms DESC LIMIT $5";

type Done<T> = std::result::Result<T, Failure>;

impl PostgresStore {
    pub(in crate::store) async fn cases(
        &self,
        scope: &SiteScope,
        filter: &CaseFilter,
        after: Option<CasePlace>,
        limit: usize,
    ) -> Result<Vec<CaseRow>> {
        let (site, limit) = (scope.site(), i64::try_from(limit).unwrap_or(i64::MAX));
        let (at, response) = after.map(|place| (place.at, uuid(place.response))).unzip();
        let (is_owned, owner) = (filter.owner.is_some(), filter.owner.clone().flatten());
        let [first, second] = filter
            .status
            .map_or([CaseStatus::Open, CaseStatus::Doing], |status| [status; 2])
            .map(CaseStatus::as_str);
        let done: [&(dyn ToSql + Sync); 6] = [&site, &is_owned, &owner, &at, &response, &limit];
        let waiting: [&(dyn ToSql + Sync); 8] =
            [&site, &first, &second, &is_owned, &owner, &at, &response, &limit];
        let (text, parameters) = match filter.status {
            Some(CaseStatus::Done) => (DONE, &done[..]),
            _ => (WAITING, &waiting[..]),
        };
        read!(self.readers, Reach::of(scope), |reader| rows(reader, text, parameters))
    }

    pub(in crate::store) async fn case(
        &self,
        scope: &SiteScope,
        response: ResponseId,
    ) -> Result<Option<CaseRow>> {
        let (site, id) = (scope.site(), uuid(response));
        let found = read!(self.readers, Reach::of(scope), |reader| rows(reader, ONE, &[&site, &id]))?;
        Ok(found.into_iter().next())
    }

    pub(in crate::store) async fn cases_opened(
        &self,
        scope: &SiteScope,
        from: Millis,
        to: Millis,
        after: Option<CasePlace>,
        limit: usize,
    ) -> Result<Vec<CaseRow>> {
        let (site, limit) = (scope.site(), i64::try_from(limit).unwrap_or(i64::MAX));
        let (at, response) = after.map(|place| (place.at, uuid(place.response))).unzip();
        let values: [&(dyn ToSql + Sync); 6] = [&site, &from, &to, &at, &response, &limit];
        read!(self.readers, Reach::of(scope), |reader| rows(reader, OPENED, &values))
    }

    pub(in crate::store) async fn cases_of(
        &self,
        scope: &SiteScope,
        person: &Person,
        limit: usize,
    ) -> Result<Vec<CaseRow>> {
        let (site, limit) = (scope.site(), i64::try_from(limit).unwrap_or(i64::MAX));
        let subject = person.subject.as_ref().map(<[u8; 32]>::as_slice);
        let values: [&(dyn ToSql + Sync); 4] = [&site, &subject, &person.order_ref, &limit];
        read!(self.readers, Reach::of(scope), |reader| rows(reader, OF_PERSON, &values))
    }

    pub(in crate::store) async fn change_case(
        &self,
        scope: &SiteScope,
        before: &Case,
        after: &Case,
    ) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, attempt| change(
            transaction,
            scope.site(),
            before,
            after,
            attempt
        ))
    }

    pub(in crate::store) async fn tally_cases(
        &self,
        scope: &SiteScope,
        from: Millis,
        to: Millis,
        now: Millis,
    ) -> Result<CaseTally> {
        let site = scope.site();
        read!(self.readers, Reach::of(scope), |reader| tally(reader, site, from, to, now))
    }
}

/// Does to the cases of a site what the storing of `records` means, in their order.
pub(super) async fn follow(
    transaction: &Transaction<'_>,
    site: &str,
    steps: &[(CaseStep, &Record)],
) -> Done<()> {
    // Most batches have one kind of step, so one statement.
    for alike in steps.chunk_by(|(one, _), (other, _)| one == other) {
        let Some((step, _)) = alike.first() else { continue };
        let ids: Vec<Uuid> = alike.iter().map(|(_, record)| uuid(record.row.id)).collect();
        let moments: Vec<Millis> = alike.iter().map(|(_, record)| record.row.received_at).collect();
        match step {
            CaseStep::Open => {
                let surveys: Vec<&str> = alike.iter().map(|(_, record)| &*record.row.survey).collect();
                let open = transaction.prepare_cached(OPEN).await?;
                transaction.execute(&open, &[&site, &ids, &surveys, &moments]).await?;
            }
            CaseStep::ChangeMind => {
                let change = transaction.prepare_cached(CHANGE_MIND).await?;
                transaction.execute(&change, &[&site, &ids, &moments]).await?;
            }
            CaseStep::Drop => {
                let drop = transaction.prepare_cached(DROP).await?;
                transaction.execute(&drop, &[&site, &ids]).await?;
            }
        }
    }
    Ok(())
}

/// The answers at `seqs` do not count any more: cases that nobody touched are gone.
pub(super) async fn drop_untouched(transaction: &Transaction<'_>, site: &str, seqs: &[i64]) -> Done<()> {
    let ids = ids(transaction, site, seqs).await?;
    transaction.execute(DROP, &[&site, &ids]).await?;
    Ok(())
}

/// The answers go: so do their cases.
pub(super) async fn remove(transaction: &Transaction<'_>, site: &str, ids: &[Uuid]) -> Done<()> {
    let statement = transaction.prepare_cached(REMOVE).await?;
    transaction.execute(&statement, &[&site, &ids]).await?;
    Ok(())
}

/// The same for the answers at `seqs`, which are there still.
pub(super) async fn remove_by_seq(transaction: &Transaction<'_>, site: &str, seqs: &[i64]) -> Done<()> {
    let ids = ids(transaction, site, seqs).await?;
    remove(transaction, site, &ids).await
}

/// The comments of the answers at `seqs` go: so do the notes.
pub(super) async fn forget_notes(transaction: &Transaction<'_>, site: &str, seqs: &[i64]) -> Done<()> {
    let ids = ids(transaction, site, seqs).await?;
    transaction.execute(FORGET_NOTES, &[&site, &ids]).await?;
    Ok(())
}

async fn ids(transaction: &Transaction<'_>, site: &str, seqs: &[i64]) -> Done<Vec<Uuid>> {
    let rows = transaction.query(IDS, &[&site, &seqs]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// The second run of a transaction that was committed finds the case as it shall be.
async fn change(
    transaction: &Transaction<'_>,
    site: &str,
    before: &Case,
    after: &Case,
    attempt: Attempt,
) -> Done<bool> {
    let (id, old, new) = (uuid(before.response), i64::from(before.revision), i64::from(after.revision));
    let (status, outcome) = (after.status.as_str(), after.outcome.map(CaseOutcome::as_str));
    let values: [&(dyn ToSql + Sync); 11] = [
        &site,
        &id,
        &old,
        &after.owner,
        &status,
        &outcome,
        &after.followed_up_at,
        &after.closed_at,
        &after.note,
        &new,
        &before.status.as_str(),
    ];
    if transaction.execute(CHANGE, &values).await? == 1 {
        return Ok(true);
    }
    if attempt != Attempt::Again {
        return Ok(false);
    }
    let rows = transaction.query(ONE, &[&site, &id]).await?;
    Ok(rows.first().map(read_one).transpose()?.is_some_and(|found| found.case == *after))
}

async fn tally(reader: Reader<'_>, site: &str, from: Millis, to: Millis, now: Millis) -> Done<CaseTally> {
    let mut tally = CaseTally::default();
    for row in reader.query(TALLY, &[&site, &from, &to, &now]).await? {
        let (n, overdue): (i64, i64) = (row.try_get(2)?, row.try_get(3)?);
        tally.by.push((status(&row, 0)?, outcome(&row, 1)?, n.unsigned_abs()));
        tally.overdue += overdue.unsigned_abs();
    }
    let waits = reader.query(WAITS, &[&site, &from, &to, &now, &CASE_WAITS_MAX]).await?;
    let wait = |row: &Row| Ok(Wait { ms: row.try_get(0)?, is_over: row.try_get(1)? });
    tally.waits = waits.iter().map(wait).collect::<Done<_>>()?;
    Ok(tally)
}

async fn rows(reader: Reader<'_>, text: &str, parameters: &[&(dyn ToSql + Sync)]) -> Done<Vec<CaseRow>> {
    reader.query(text, parameters).await?.iter().map(read_one).collect()
}

fn status(row: &Row, column: usize) -> Done<CaseStatus> {
    let status: &str = row.try_get(column)?;
    CaseStatus::parse(status).ok_or_else(|| Failure::Unreadable("the status of a case".into()))
}

fn outcome(row: &Row, column: usize) -> Done<Option<CaseOutcome>> {
    let outcome: Option<&str> = row.try_get(column)?;
    let unknown = || Failure::Unreadable("the outcome of a case".into());
    outcome.map(|outcome| CaseOutcome::parse(outcome).ok_or_else(unknown)).transpose()
}

fn read_one(row: &Row) -> Done<CaseRow> {
    let id: Uuid = row.try_get(0)?;
    let unknown = || Failure::Unreadable("the answer of a case".into());
    let case = Case {
        response: ResponseId::from_bytes(id.into_bytes()).ok_or_else(unknown)?,
        survey: row.try_get(1)?,
        opened_at: row.try_get(2)?,
        due_at: row.try_get(3)?,
        owner: row.try_get(4)?,
        status: status(row, 5)?,
        outcome: outcome(row, 6)?,
        followed_up_at: row.try_get(7)?,
        closed_at: row.try_get(8)?,
        note: row.try_get(9)?,
        revision: narrowed(row, 10)?,
    };
    Ok(CaseRow {
        case,
        score: row.try_get(11)?,
        band: row.try_get(12)?,
        comment: row.try_get(13)?,
        locale: row.try_get(14)?,
        order_ref: row.try_get(15)?,
    })
}
