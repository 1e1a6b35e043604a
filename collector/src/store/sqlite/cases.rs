//! Cases: what is done about low scores.

use parere_shared::response::ResponseId;
use parere_shared::speed::Wait;
use parere_shared::time::Millis;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};

use super::SqliteStore;
use super::surveys::unreadable;
use crate::auth::SiteScope;
use crate::store::case::{
    CASE_WAITS_MAX, Case, CaseFilter, CaseOutcome, CasePlace, CaseRow, CaseStatus, CaseStep, CaseTally,
};
use crate::store::{Person, Record, Result};

/// As many hours as the site gives it; nothing where the site has cases off.
const OPEN: &str = "
    INSERT INTO cases (site, response, survey, opened_at_ms, due_at_ms, status, revision)
    SELECT ?1, ?2, ?3, ?4, ?4 + case_hours * 3600000, 'open', 0
    FROM sites WHERE site = ?1 AND case_hours IS NOT NULL
    ON CONFLICT (site, response) DO UPDATE SET
      opened_at_ms = excluded.opened_at_ms, due_at_ms = excluded.due_at_ms, status = 'open', outcome = NULL,
      closed_at_ms = NULL
    WHERE outcome = 'changed_mind'";

const CHANGE_MIND: &str = "
    UPDATE cases SET status = 'done', outcome = 'changed_mind', closed_at_ms = ?3
    WHERE site = ?1 AND response = ?2 AND status = 'open' AND revision = 0";

const DROP: &str = "DELETE FROM cases WHERE site = ?1 AND response = ?2 AND status = 'open' AND revision = 0";

/// Of an answer by its place, that somebody left out of scores.
const DROP_BY_SEQ: &str = "
    DELETE FROM cases
    WHERE site = ?1 AND response = (SELECT id FROM responses WHERE site = ?1 AND seq = ?2)
      AND status = 'open' AND revision = 0";

const REMOVE: &str = "DELETE FROM cases WHERE site = ?1 AND response = ?2";

const REMOVE_BY_SEQ: &str = "
    DELETE FROM cases
    WHERE site = ?1 AND response = (SELECT id FROM responses WHERE site = ?1 AND seq = ?2)";

/// What was written about a comment goes with the comment.
const FORGET_NOTE: &str = "
    UPDATE cases SET note = NULL
    WHERE site = ?1 AND response = (SELECT id FROM responses WHERE site = ?1 AND seq = ?2)";

/// The columns of a case with its answer; both have a site, and it is the same. Cases come first (`CROSS`), and each
/// answer is found by its id.
macro_rules! selected {
    ($rest:literal) => {
        concat!(
            "SELECT response, cases.survey, opened_at_ms, due_at_ms, owner, status, outcome, followed_up_at_ms,
               closed_at_ms, note, cases.revision, score, band, comment, locale, ref
             FROM cases CROSS JOIN responses USING (site)
             WHERE site = ?1 AND responses.id = cases.response ",
            $rest
        )
    };
}

const ONE: &str = selected!("AND response = ?2");

const WAITING: &str = selected!(
    "AND status IN (?2, ?3) AND (NOT ?4 OR owner IS ?5) AND (?6 IS NULL OR (due_at_ms, response) > (?6, ?7))
     ORDER BY due_at_ms, response LIMIT ?8"
);

const DONE: &str = selected!(
    "AND status = 'done' AND (NOT ?2 OR owner IS ?3) AND (?4 IS NULL OR (closed_at_ms, response) < (?4, ?5))
     ORDER BY closed_at_ms DESC, response DESC LIMIT ?6"
);

const OPENED: &str = selected!(
    "AND opened_at_ms >= ?2 AND opened_at_ms < ?3 AND (?4 IS NULL OR (opened_at_ms, response) > (?4, ?5))
     ORDER BY opened_at_ms, response LIMIT ?6"
);

const OF_PERSON: &str = selected!(
    "AND response IN (
       SELECT id FROM responses WHERE seq IN (
         SELECT seq FROM responses WHERE site = ?1 AND subject = ?2
         UNION SELECT seq FROM responses WHERE site = ?1 AND ref = ?3))
     ORDER BY opened_at_ms, response LIMIT ?4"
);

const CHANGE: &str = "
    UPDATE cases SET owner = ?4, status = ?5, outcome = ?6, followed_up_at_ms = ?7, closed_at_ms = ?8, note = ?9,
      revision = ?10
    WHERE site = ?1 AND response = ?2 AND revision = ?3 AND status = ?11";

const TALLY: &str = "
    SELECT status, outcome, count(*), sum(status <> 'done' AND due_at_ms < ?4)
    FROM cases WHERE site = ?1 AND opened_at_ms >= ?2 AND opened_at_ms < ?3
    GROUP BY status, outcome ORDER BY status, outcome";

const WAITS: &str = "
    SELECT max(0, coalesce(followed_up_at_ms, closed_at_ms, ?4) - opened_at_ms), followed_up_at_ms IS NOT NULL
    FROM cases WHERE site = ?1 AND opened_at_ms >= ?2 AND opened_at_ms < ?3
    ORDER BY opened_at_ms DESC LIMIT ?5";

impl SqliteStore {
    pub(in crate::store) async fn cases(
        &self,
        scope: &SiteScope,
        filter: &CaseFilter,
        after: Option<CasePlace>,
        limit: usize,
    ) -> Result<Vec<CaseRow>> {
        let (site, filter) = (scope.site().to_owned(), filter.clone());
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        self.readers.run(move |connection| page(connection, &site, &filter, after, limit)).await
    }

    pub(in crate::store) async fn case(
        &self,
        scope: &SiteScope,
        response: ResponseId,
    ) -> Result<Option<CaseRow>> {
        let site = scope.site().to_owned();
        let one = move |connection: &mut Connection| {
            connection.prepare_cached(ONE)?.query_row(params![site, response.as_bytes()], read).optional()
        };
        self.readers.run(one).await
    }

    pub(in crate::store) async fn cases_opened(
        &self,
        scope: &SiteScope,
        from: Millis,
        to: Millis,
        after: Option<CasePlace>,
        limit: usize,
    ) -> Result<Vec<CaseRow>> {
        let (site, limit) = (scope.site().to_owned(), i64::try_from(limit).unwrap_or(i64::MAX));
        let (at, response) = after.map(|place| (place.at, *place.response.as_bytes())).unzip();
        let rows = move |connection: &mut Connection| {
            let wanted = params![site, from, to, at, response, limit];
            connection.prepare_cached(OPENED)?.query_map(wanted, read)?.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn cases_of(
        &self,
        scope: &SiteScope,
        person: &Person,
        limit: usize,
    ) -> Result<Vec<CaseRow>> {
        let (site, limit) = (scope.site().to_owned(), i64::try_from(limit).unwrap_or(i64::MAX));
        let person = person.clone();
        let rows = move |connection: &mut Connection| {
            let wanted = params![site, person.subject, person.order_ref, limit];
            connection.prepare_cached(OF_PERSON)?.query_map(wanted, read)?.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn change_case(
        &self,
        scope: &SiteScope,
        before: &Case,
        after: &Case,
    ) -> Result<bool> {
        let (site, before, after) = (scope.site().to_owned(), before.clone(), after.clone());
        let change = move |connection: &mut Connection| {
            let changed = connection.execute(
                CHANGE,
                params![
                    site,
                    before.response.as_bytes(),
                    before.revision,
                    after.owner,
                    after.status.as_str(),
                    after.outcome.map(CaseOutcome::as_str),
                    after.followed_up_at,
                    after.closed_at,
                    after.note,
                    after.revision,
                    before.status.as_str(),
                ],
            )?;
            Ok(changed == 1)
        };
        self.writer.run(change).await
    }

    pub(in crate::store) async fn tally_cases(
        &self,
        scope: &SiteScope,
        from: Millis,
        to: Millis,
        now: Millis,
    ) -> Result<CaseTally> {
        let site = scope.site().to_owned();
        self.readers.run(move |connection| tally(connection, &site, from, to, now)).await
    }
}

/// Does to the case of `record` what its storing means.
pub(super) fn follow(
    transaction: &Transaction<'_>,
    step: Option<CaseStep>,
    record: &Record,
) -> rusqlite::Result<()> {
    let (site, id, now) = (&record.site, record.row.id.as_bytes(), record.row.received_at);
    match step {
        Some(CaseStep::Open) if record.is_news => {
            transaction.prepare_cached(OPEN)?.execute(params![site, id, record.row.survey, now])?;
        }
        Some(CaseStep::ChangeMind) => {
            transaction.prepare_cached(CHANGE_MIND)?.execute(params![site, id, now])?;
        }
        Some(CaseStep::Drop) => {
            transaction.prepare_cached(DROP)?.execute(params![site, id])?;
        }
        Some(CaseStep::Open) | None => {}
    }
    Ok(())
}

/// The answer at `seq` does not count any more: a case that nobody touched is gone.
pub(super) fn drop_untouched(transaction: &Transaction<'_>, site: &str, seq: i64) -> rusqlite::Result<()> {
    transaction.prepare_cached(DROP_BY_SEQ)?.execute(params![site, seq])?;
    Ok(())
}

/// The answer goes: so does its case.
pub(super) fn remove(transaction: &Transaction<'_>, site: &str, response: &[u8]) -> rusqlite::Result<()> {
    transaction.prepare_cached(REMOVE)?.execute(params![site, response])?;
    Ok(())
}

/// The same for the answer at `seq`, which is there still.
pub(super) fn remove_by_seq(transaction: &Transaction<'_>, site: &str, seq: i64) -> rusqlite::Result<()> {
    transaction.prepare_cached(REMOVE_BY_SEQ)?.execute(params![site, seq])?;
    Ok(())
}

/// The comment of the answer at `seq` goes: so does the note.
pub(super) fn forget_note(transaction: &Transaction<'_>, site: &str, seq: i64) -> rusqlite::Result<()> {
    transaction.prepare_cached(FORGET_NOTE)?.execute(params![site, seq])?;
    Ok(())
}

fn page(
    connection: &Connection,
    site: &str,
    filter: &CaseFilter,
    after: Option<CasePlace>,
    limit: i64,
) -> rusqlite::Result<Vec<CaseRow>> {
    let (at, response) = after.map(|place| (place.at, *place.response.as_bytes())).unzip();
    let (is_owned, owner) = (filter.owner.is_some(), filter.owner.clone().flatten());
    if filter.status == Some(CaseStatus::Done) {
        let wanted = params![site, is_owned, owner, at, response, limit];
        return connection.prepare_cached(DONE)?.query_map(wanted, read)?.collect();
    }
    let [first, second] = filter.status.map_or([CaseStatus::Open, CaseStatus::Doing], |status| [status; 2]);
    let wanted = params![site, first.as_str(), second.as_str(), is_owned, owner, at, response, limit];
    connection.prepare_cached(WAITING)?.query_map(wanted, read)?.collect()
}

fn tally(
    connection: &Connection,
    site: &str,
    from: Millis,
    to: Millis,
    now: Millis,
) -> rusqlite::Result<CaseTally> {
    let mut tally = CaseTally::default();
    let mut statement = connection.prepare_cached(TALLY)?;
    let mut rows = statement.query(params![site, from, to, now])?;
    while let Some(row) = rows.next()? {
        tally.by.push((status(row, 0)?, outcome(row, 1)?, row.get(2)?));
        tally.overdue += row.get::<_, u64>(3)?;
    }
    let mut statement = connection.prepare_cached(WAITS)?;
    let waits = statement.query_map(params![site, from, to, now, CASE_WAITS_MAX], |row| {
        Ok(Wait { ms: row.get(0)?, is_over: row.get(1)? })
    })?;
    tally.waits = waits.collect::<rusqlite::Result<_>>()?;
    Ok(tally)
}

fn status(row: &Row<'_>, column: usize) -> rusqlite::Result<CaseStatus> {
    let status: String = row.get(column)?;
    CaseStatus::parse(&status).ok_or_else(|| unreadable(column, "no status of a case"))
}

fn outcome(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<CaseOutcome>> {
    let outcome: Option<String> = row.get(column)?;
    let unknown = || unreadable(column, "no outcome of a case");
    outcome.map(|outcome| CaseOutcome::parse(&outcome).ok_or_else(unknown)).transpose()
}

fn read(row: &Row<'_>) -> rusqlite::Result<CaseRow> {
    let case = Case {
        response: ResponseId::from_bytes(row.get(0)?).ok_or_else(|| unreadable(0, "no id of an answer"))?,
        survey: row.get(1)?,
        opened_at: row.get(2)?,
        due_at: row.get(3)?,
        owner: row.get(4)?,
        status: status(row, 5)?,
        outcome: outcome(row, 6)?,
        followed_up_at: row.get(7)?,
        closed_at: row.get(8)?,
        note: row.get(9)?,
        revision: row.get(10)?,
    };
    Ok(CaseRow {
        case,
        score: row.get(11)?,
        band: row.get(12)?,
        comment: row.get(13)?,
        locale: row.get(14)?,
        order_ref: row.get(15)?,
    })
}
