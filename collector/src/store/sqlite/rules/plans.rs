//! What rules have made of happenings.

use parere_shared::time::Millis;
use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};

use super::super::SqliteStore;
use super::super::inviting::put;
use super::super::surveys::{json_column, to_json, unreadable};
use crate::auth::SiteScope;
use crate::rules::{Asked, Cause, Why};
use crate::store::plan::{Plan, PlanCount, PlanState, SettledPlan, Turn};
use crate::store::rules::FORGOTTEN_MAX;
use crate::store::{Hash, Person, Result, Seq};

const TAKE: &str = "
    INSERT INTO rule_turns (site, holder, until_ms, reached) VALUES (?1, ?2, ?3, 0)
    ON CONFLICT (site) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms
      WHERE rule_turns.until_ms <= ?4 OR rule_turns.holder = excluded.holder
    RETURNING reached";

const READ: &str = "SELECT reached FROM rule_turns WHERE site = ?1";

const HOLD: &str = "UPDATE rule_turns SET until_ms = ?3 WHERE site = ?1 AND holder = ?2";

const REACH: &str = "UPDATE rule_turns SET reached = max(reached, ?2) WHERE site = ?1";

const ADD: &str = "
    INSERT INTO rule_plans (
      site, key, rule, kind, at_ms, order_ref, ticket, subject, properties, state, why, due_at_ms, made_at_ms)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) ON CONFLICT DO NOTHING";

const DUE: &str = "
    SELECT key, rule, kind, at_ms, order_ref, ticket, subject, properties, state, why, due_at_ms, made_at_ms
    FROM rule_plans WHERE site = ?1 AND state = 'waiting' AND due_at_ms <= ?2 ORDER BY due_at_ms, key LIMIT ?3";

const SETTLE: &str = "
    UPDATE rule_plans SET state = ?3, why = ?4, due_at_ms = ?5 WHERE site = ?1 AND key = ?2 AND state = 'waiting'";

/// What may have reached them, or will: of a letter of which nobody knows whether it left, that is assumed.
const ASKED: &str = "
    SELECT survey, coalesce(sent_at_ms, created_at_ms), answered_at_ms FROM survey_invitations
    WHERE site = ?1 AND (person = ?2 OR subject = ?3 OR order_ref = ?4)
      AND (sent_at_ms IS NOT NULL OR state IN ('waiting', 'sending') OR reason = 'unclear'
        OR answered_at_ms IS NOT NULL)
    ORDER BY created_at_ms DESC LIMIT ?5";

const COUNT: &str =
    "SELECT rule, state, why, count(*) FROM rule_plans WHERE site = ?1 GROUP BY rule, state, why";

const OF_PERSON: &str = "
    SELECT key, rule, kind, at_ms, order_ref, ticket, subject, properties, state, why, due_at_ms, made_at_ms
    FROM rule_plans WHERE site = ?1 AND (subject = ?2 OR order_ref = ?3) ORDER BY made_at_ms DESC, key LIMIT ?4";

const ERASE: &str = "DELETE FROM rule_plans WHERE site = ?1 AND (subject = ?2 OR order_ref = ?3)";

const FORGET: &str = "
    DELETE FROM rule_plans WHERE site = ?1 AND key IN (
      SELECT key FROM rule_plans WHERE site = ?1 AND made_at_ms < ?2 LIMIT ?3)";

impl SqliteStore {
    pub(in crate::store) async fn take_rules_turn(
        &self,
        scope: &SiteScope,
        turn: &Turn,
        now: Millis,
    ) -> Result<Option<Seq>> {
        let (site, turn) = (scope.site().to_owned(), turn.clone());
        let take = move |connection: &mut Connection| {
            let values = params![site, turn.holder, turn.until, now];
            connection.prepare_cached(TAKE)?.query_row(values, |row| row.get(0)).optional()
        };
        self.writer.run(take).await
    }

    pub(in crate::store) async fn plan(
        &self,
        scope: &SiteScope,
        turn: &Turn,
        reached: Seq,
        plans: &[Plan],
    ) -> Result<bool> {
        let (site, turn, plans) = (scope.site().to_owned(), turn.clone(), plans.to_vec());
        let add = move |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if !hold(&transaction, &site, &turn)? {
                return Ok(false);
            }
            for plan in &plans {
                add(&transaction, &site, plan)?;
            }
            transaction.prepare_cached(REACH)?.execute(params![site, reached])?;
            transaction.commit()?;
            Ok(true)
        };
        self.writer.run(add).await
    }

    pub(in crate::store) async fn due_plans(
        &self,
        scope: &SiteScope,
        now: Millis,
        limit: usize,
    ) -> Result<Vec<Plan>> {
        let (site, limit) = (scope.site().to_owned(), sql_limit(limit));
        let rows = move |connection: &mut Connection| {
            connection.prepare_cached(DUE)?.query_map(params![site, now, limit], read)?.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn settle_plans(
        &self,
        scope: &SiteScope,
        turn: &Turn,
        settled: &[SettledPlan],
    ) -> Result<bool> {
        let (site, turn, settled) = (scope.site().to_owned(), turn.clone(), settled.to_vec());
        let settle = move |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            if !hold(&transaction, &site, &turn)? {
                return Ok(false);
            }
            for plan in &settled {
                settle(&transaction, &site, plan)?;
            }
            transaction.commit()?;
            Ok(true)
        };
        self.writer.run(settle).await
    }

    pub(in crate::store) async fn happenings_read(&self, scope: &SiteScope) -> Result<Seq> {
        let site = scope.site().to_owned();
        let read = move |connection: &mut Connection| {
            let reached = connection.prepare_cached(READ)?.query_row([site], |row| row.get(0)).optional()?;
            Ok(reached.unwrap_or(0))
        };
        self.readers.run(read).await
    }

    pub(in crate::store) async fn asked_before(
        &self,
        scope: &SiteScope,
        address: Option<&Hash>,
        person: &Person,
        limit: usize,
    ) -> Result<Vec<Asked>> {
        let (site, person, limit) = (scope.site().to_owned(), person.clone(), sql_limit(limit));
        let address = address.copied();
        let rows = move |connection: &mut Connection| {
            let mut statement = connection.prepare_cached(ASKED)?;
            let values = params![site, address, person.subject, person.order_ref, limit];
            let rows = statement.query_map(values, |row| {
                Ok(Asked { survey: row.get(0)?, at: row.get(1)?, answered_at: row.get(2)? })
            })?;
            rows.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn count_plans(&self, scope: &SiteScope) -> Result<Vec<PlanCount>> {
        let site = scope.site().to_owned();
        let count = move |connection: &mut Connection| {
            let mut statement = connection.prepare_cached(COUNT)?;
            let rows = statement.query_map([site], |row| {
                Ok(PlanCount { rule: row.get(0)?, state: state(row, 1)?, why: why(row, 2)?, n: row.get(3)? })
            })?;
            let mut counts = rows.collect::<rusqlite::Result<Vec<_>>>()?;
            counts.sort();
            Ok(counts)
        };
        self.readers.run(count).await
    }

    pub(in crate::store) async fn plans_of(
        &self,
        scope: &SiteScope,
        person: &Person,
        limit: usize,
    ) -> Result<Vec<Plan>> {
        let (site, person, limit) = (scope.site().to_owned(), person.clone(), sql_limit(limit));
        let rows = move |connection: &mut Connection| {
            let values = params![site, person.subject, person.order_ref, limit];
            connection.prepare_cached(OF_PERSON)?.query_map(values, read)?.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn erase_plans(&self, scope: &SiteScope, person: &Person) -> Result<u64> {
        let (site, person) = (scope.site().to_owned(), person.clone());
        let erase = move |connection: &mut Connection| {
            Ok(connection.execute(ERASE, params![site, person.subject, person.order_ref])? as u64)
        };
        self.writer.run(erase).await
    }

    pub(in crate::store) async fn forget_plans(&self, scope: &SiteScope, before: Millis) -> Result<u64> {
        let site = scope.site().to_owned();
        let forget = move |connection: &mut Connection| {
            Ok(connection.execute(FORGET, params![site, before, FORGOTTEN_MAX])? as u64)
        };
        self.writer.run(forget).await
    }
}

fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// Is it still this one's turn? Then it lasts longer, too.
fn hold(connection: &Connection, site: &str, turn: &Turn) -> rusqlite::Result<bool> {
    Ok(connection.prepare_cached(HOLD)?.execute(params![site, turn.holder, turn.until])? == 1)
}

/// Writes what was decided of a plan, and its invitation, if it waits.
fn settle(connection: &Connection, site: &str, settled: &SettledPlan) -> rusqlite::Result<()> {
    let why = settled.why.map(Why::as_str);
    let values = params![site, settled.key, settled.state.as_str(), why, settled.due_at];
    let is_written = connection.prepare_cached(SETTLE)?.execute(values)? == 1;
    if let Some(invitation) = settled.invitation.as_ref().filter(|_| is_written) {
        put(connection, site, invitation)?;
    }
    Ok(())
}

fn add(connection: &Connection, site: &str, plan: &Plan) -> rusqlite::Result<()> {
    connection.prepare_cached(ADD)?.execute(params![
        site,
        plan.key,
        plan.rule,
        plan.cause.kind,
        plan.cause.at,
        plan.cause.order,
        plan.cause.ticket,
        plan.cause.subject,
        to_json(&plan.cause.properties)?,
        plan.state.as_str(),
        plan.why.map(Why::as_str),
        plan.due_at,
        plan.made_at
    ])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Plan> {
    let cause = Cause {
        kind: row.get(2)?,
        at: row.get(3)?,
        order: row.get(4)?,
        ticket: row.get(5)?,
        subject: row.get(6)?,
        properties: json_column(row, 7)?,
    };
    Ok(Plan {
        key: row.get(0)?,
        rule: row.get(1)?,
        cause,
        state: state(row, 8)?,
        why: why(row, 9)?,
        due_at: row.get(10)?,
        made_at: row.get(11)?,
    })
}

fn state(row: &Row<'_>, column: usize) -> rusqlite::Result<PlanState> {
    let state: String = row.get(column)?;
    PlanState::parse(&state).ok_or_else(|| unreadable(column, "no state of a plan"))
}

fn why(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Why>> {
    let why: Option<String> = row.get(column)?;
    why.map(|name| Why::parse(&name).ok_or_else(|| unreadable(column, "no reason"))).transpose()
}
