//! What rules have made of happenings.

use parere_shared::time::Millis;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::super::PostgresStore;
use super::super::failure::Failure;
use super::super::inviting::put_all;
use super::super::pool::{read, transact};
use super::super::reach::{Reach, Reader, Transaction};
use super::super::sites::{json_column, to_json};
use crate::auth::SiteScope;
use crate::rules::{Asked, Cause, Why};
use crate::store::plan::{Plan, PlanCount, PlanState, SettledPlan, Turn};
use crate::store::rules::FORGOTTEN_MAX;
use crate::store::{Hash, Person, Result, Seq};

const TAKE: &str = "
    INSERT INTO rule_turns (site, holder, until_ms, reached) VALUES ($1, $2, $3, 0)
    ON CONFLICT (site) DO UPDATE SET holder = excluded.holder, until_ms = excluded.until_ms
      WHERE rule_turns.until_ms <= $4 OR rule_turns.holder = excluded.holder
    RETURNING reached";

const READ: &str = "SELECT reached FROM rule_turns WHERE site = $1";

const HOLD: &str = "UPDATE rule_turns SET until_ms = $3 WHERE site = $1 AND holder = $2";

const REACH: &str = "UPDATE rule_turns SET reached = greatest(reached, $2) WHERE site = $1";

const ADD: &str = "
    INSERT INTO rule_plans (
      site, key, rule, kind, at_ms, order_ref, ticket, subject, properties, state, why, due_at_ms, made_at_ms)
    SELECT $1::text, * FROM unnest(
      $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::bytea[], $9::text[], $10::text[],
      $11::text[], $12::bigint[], $13::bigint[])
    ON CONFLICT DO NOTHING";

const DUE: &str = "
    SELECT key, rule, kind, at_ms, order_ref, ticket, subject, properties, state, why, due_at_ms, made_at_ms
    FROM rule_plans WHERE site = $1 AND state = 'waiting' AND due_at_ms <= $2 ORDER BY due_at_ms LIMIT $3";

const SETTLE: &str = "
    UPDATE rule_plans SET state = $3, why = $4, due_at_ms = $5 WHERE site = $1 AND key = $2 AND state = 'waiting'";

/// What may have reached them, or will: of a letter of which nobody knows whether it left, that is assumed.
const ASKED: &str = "
    SELECT survey, coalesce(sent_at_ms, created_at_ms), answered_at_ms FROM survey_invitations
    WHERE site = $1 AND (person = $2 OR subject = $3 OR order_ref = $4)
      AND (sent_at_ms IS NOT NULL OR state IN ('waiting', 'sending') OR reason = 'unclear'
        OR answered_at_ms IS NOT NULL)
    ORDER BY created_at_ms DESC LIMIT $5";

const COUNT: &str =
    "SELECT rule, state, why, count(*) FROM rule_plans WHERE site = $1 GROUP BY rule, state, why";

const OF_PERSON: &str = "
    SELECT key, rule, kind, at_ms, order_ref, ticket, subject, properties, state, why, due_at_ms, made_at_ms
    FROM rule_plans WHERE site = $1 AND (subject = $2 OR order_ref = $3) ORDER BY made_at_ms DESC LIMIT $4";

const ERASE: &str = "DELETE FROM rule_plans WHERE site = $1 AND (subject = $2 OR order_ref = $3)";

const FORGET: &str = "
    DELETE FROM rule_plans WHERE site = $1 AND key IN (
      SELECT key FROM rule_plans WHERE site = $1 AND made_at_ms < $2 LIMIT $3)";

type Done<T> = std::result::Result<T, Failure>;

impl PostgresStore {
    pub(in crate::store) async fn take_rules_turn(
        &self,
        scope: &SiteScope,
        turn: &Turn,
        now: Millis,
    ) -> Result<Option<Seq>> {
        transact!(self.writers, Reach::of(scope), |transaction, _| take(transaction, scope.site(), turn, now))
    }

    pub(in crate::store) async fn plan(
        &self,
        scope: &SiteScope,
        turn: &Turn,
        reached: Seq,
        plans: &[Plan],
    ) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, _| add(
            transaction,
            scope.site(),
            turn,
            reached,
            plans
        ))
    }

    pub(in crate::store) async fn due_plans(
        &self,
        scope: &SiteScope,
        now: Millis,
        limit: usize,
    ) -> Result<Vec<Plan>> {
        let (site, limit) = (scope.site(), sql_limit(limit));
        read!(self.readers, Reach::of(scope), |reader| rows(reader, DUE, &[&site, &now, &limit]))
    }

    pub(in crate::store) async fn settle_plans(
        &self,
        scope: &SiteScope,
        turn: &Turn,
        settled: &[SettledPlan],
    ) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, _| settle_all(
            transaction,
            scope.site(),
            turn,
            settled
        ))
    }

    pub(in crate::store) async fn happenings_read(&self, scope: &SiteScope) -> Result<Seq> {
        read!(self.readers, Reach::of(scope), |reader| reached(reader, scope.site()))
    }

    pub(in crate::store) async fn asked_before(
        &self,
        scope: &SiteScope,
        address: Option<&Hash>,
        person: &Person,
        limit: usize,
    ) -> Result<Vec<Asked>> {
        read!(self.readers, Reach::of(scope), |reader| asked(reader, scope.site(), address, person, limit))
    }

    pub(in crate::store) async fn count_plans(&self, scope: &SiteScope) -> Result<Vec<PlanCount>> {
        read!(self.readers, Reach::of(scope), |reader| count(reader, scope.site()))
    }

    pub(in crate::store) async fn plans_of(
        &self,
        scope: &SiteScope,
        person: &Person,
        limit: usize,
    ) -> Result<Vec<Plan>> {
        let (site, limit) = (scope.site(), sql_limit(limit));
        let subject = person.subject.as_ref().map(<[u8; 32]>::as_slice);
        read!(self.readers, Reach::of(scope), |reader| rows(
            reader,
            OF_PERSON,
            &[&site, &subject, &person.order_ref, &limit]
        ))
    }

    pub(in crate::store) async fn erase_plans(&self, scope: &SiteScope, person: &Person) -> Result<u64> {
        transact!(self.writers, Reach::of(scope), |transaction, _| erase(transaction, scope.site(), person))
    }

    pub(in crate::store) async fn forget_plans(&self, scope: &SiteScope, before: Millis) -> Result<u64> {
        transact!(self.writers, Reach::of(scope), |transaction, _| forget(transaction, scope.site(), before))
    }
}

fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

async fn take(transaction: &Transaction<'_>, site: &str, turn: &Turn, now: Millis) -> Done<Option<Seq>> {
    let statement = transaction.prepare_cached(TAKE).await?;
    let rows = transaction.query(&statement, &[&site, &turn.holder, &turn.until, &now]).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
}

/// Is it still this one's turn? Then it lasts longer, too, and nobody takes it before the transaction ends.
async fn hold(transaction: &Transaction<'_>, site: &str, turn: &Turn) -> Done<bool> {
    let statement = transaction.prepare_cached(HOLD).await?;
    Ok(transaction.execute(&statement, &[&site, &turn.holder, &turn.until]).await? == 1)
}

async fn add(
    transaction: &Transaction<'_>,
    site: &str,
    turn: &Turn,
    reached: Seq,
    plans: &[Plan],
) -> Done<bool> {
    if !hold(transaction, site, turn).await? {
        return Ok(false);
    }
    let texts = |of: for<'p> fn(&'p Plan) -> &'p str| -> Vec<&str> { plans.iter().map(of).collect() };
    let some =
        |of: for<'p> fn(&'p Plan) -> Option<&'p str>| -> Vec<Option<&str>> { plans.iter().map(of).collect() };
    let moments = |of: fn(&Plan) -> Millis| -> Vec<Millis> { plans.iter().map(of).collect() };
    let (keys, rules, kinds) =
        (texts(|plan| &plan.key), texts(|plan| &plan.rule), texts(|plan| &plan.cause.kind));
    let (at, due, made) =
        (moments(|plan| plan.cause.at), moments(|plan| plan.due_at), moments(|plan| plan.made_at));
    let orders = some(|plan| plan.cause.order.as_deref());
    let tickets = some(|plan| plan.cause.ticket.as_deref());
    let subjects = plans.iter().map(|plan| plan.cause.subject.as_ref().map(<[u8; 32]>::as_slice));
    let subjects: Vec<Option<&[u8]>> = subjects.collect();
    let properties = plans.iter().map(|plan| to_json(&plan.cause.properties)).collect::<Done<Vec<_>>>()?;
    let states = texts(|plan| plan.state.as_str());
    let reasons = some(|plan| plan.why.map(Why::as_str));
    let columns: [&(dyn ToSql + Sync); 13] = [
        &site,
        &keys,
        &rules,
        &kinds,
        &at,
        &orders,
        &tickets,
        &subjects,
        &properties,
        &states,
        &reasons,
        &due,
        &made,
    ];
    let statement = transaction.prepare_cached(ADD).await?;
    transaction.execute(&statement, &columns).await?;
    transaction.execute(REACH, &[&site, &reached]).await?;
    Ok(true)
}

async fn settle_all(
    transaction: &Transaction<'_>,
    site: &str,
    turn: &Turn,
    settled: &[SettledPlan],
) -> Done<bool> {
    if !hold(transaction, site, turn).await? {
        return Ok(false);
    }
    let statement = transaction.prepare_cached(SETTLE).await?;
    let mut invited = Vec::new();
    for plan in settled {
        let (state, why) = (plan.state.as_str(), plan.why.map(Why::as_str));
        let values: [&(dyn ToSql + Sync); 5] = [&site, &plan.key, &state, &why, &plan.due_at];
        let is_written = transaction.execute(&statement, &values).await? == 1;
        invited.extend(plan.invitation.as_ref().filter(|_| is_written));
    }
    put_all(transaction, site, &invited).await?;
    Ok(true)
}

async fn reached(reader: Reader<'_>, site: &str) -> Done<Seq> {
    let rows = reader.query(READ, &[&site]).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?.unwrap_or(0))
}

async fn asked(
    reader: Reader<'_>,
    site: &str,
    address: Option<&Hash>,
    person: &Person,
    limit: usize,
) -> Done<Vec<Asked>> {
    let address = address.map(Hash::as_slice);
    let subject = person.subject.as_ref().map(Hash::as_slice);
    let limit = sql_limit(limit);
    let rows = reader.query(ASKED, &[&site, &address, &subject, &person.order_ref, &limit]).await?;
    let read =
        |row: &Row| Ok(Asked { survey: row.try_get(0)?, at: row.try_get(1)?, answered_at: row.try_get(2)? });
    rows.iter().map(read).collect()
}

async fn count(reader: Reader<'_>, site: &str) -> Done<Vec<PlanCount>> {
    let rows = reader.query(COUNT, &[&site]).await?;
    let read = |row: &Row| {
        let n: i64 = row.try_get(3)?;
        let n = u64::try_from(n).map_err(|_| Failure::Unreadable("a number of plans".into()))?;
        Ok(PlanCount { rule: row.try_get(0)?, state: state(row, 1)?, why: why(row, 2)?, n })
    };
    let mut counts = rows.iter().map(read).collect::<Done<Vec<_>>>()?;
    counts.sort();
    Ok(counts)
}

async fn erase(transaction: &Transaction<'_>, site: &str, person: &Person) -> Done<u64> {
    let subject = person.subject.as_ref().map(<[u8; 32]>::as_slice);
    Ok(transaction.execute(ERASE, &[&site, &subject, &person.order_ref]).await?)
}

async fn forget(transaction: &Transaction<'_>, site: &str, before: Millis) -> Done<u64> {
    Ok(transaction.execute(FORGET, &[&site, &before, &FORGOTTEN_MAX]).await?)
}

async fn rows(reader: Reader<'_>, text: &str, parameters: &[&(dyn ToSql + Sync)]) -> Done<Vec<Plan>> {
    reader.query(text, parameters).await?.iter().map(read_one).collect()
}

fn read_one(row: &Row) -> Done<Plan> {
    let subject: Option<&[u8]> = row.try_get(6)?;
    let subject = subject.map(|bytes| {
        bytes.try_into().map_err(|_| Failure::Unreadable(format!("{} bytes of a subject", bytes.len())))
    });
    let cause = Cause {
        kind: row.try_get(2)?,
        at: row.try_get(3)?,
        order: row.try_get(4)?,
        ticket: row.try_get(5)?,
        subject: subject.transpose()?,
        properties: json_column(row, 7)?,
    };
    Ok(Plan {
        key: row.try_get(0)?,
        rule: row.try_get(1)?,
        cause,
        state: state(row, 8)?,
        why: why(row, 9)?,
        due_at: row.try_get(10)?,
        made_at: row.try_get(11)?,
    })
}

fn state(row: &Row, column: usize) -> Done<PlanState> {
    let unknown = || Failure::Unreadable("the state of a plan".into());
    PlanState::parse(row.try_get(column)?).ok_or_else(unknown)
}

fn why(row: &Row, column: usize) -> Done<Option<Why>> {
    let why: Option<&str> = row.try_get(column)?;
    let unknown = || Failure::Unreadable("why a plan is as it is".into());
    why.map(|name| Why::parse(name).ok_or_else(unknown)).transpose()
}
