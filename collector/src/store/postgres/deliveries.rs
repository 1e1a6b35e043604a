//! The queue of what goes to hooks.
//!
//! A row is claimed by comparing and setting its moment: of two who try, the second one finds it put off.

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::PostgresStore;
use super::append::uuid;
use super::failure::Failure;
use super::pool::{read, transact};
use super::reach::{Reach, Reader, Transaction};
use super::retry::Attempt;
use super::sites::{json_column, to_json};
use crate::auth::SiteScope;
use crate::store::Result;
use crate::store::deliveries::FORGOTTEN_MAX;
use crate::store::webhook::{About, Delivery, DeliveryState, Occasion, Settled};

const ENQUEUE: &str = "
    INSERT INTO deliveries (
      site, delivery, hook, occasion, response, revision, day, due_at_ms, created_at_ms, state, tries, attempts)
    SELECT $1::text, *, 'waiting', 0, '[]' FROM unnest(
      $2::text[], $3::text[], $4::text[], $5::uuid[], $6::bigint[], $7::int[], $8::bigint[], $9::bigint[])
    ON CONFLICT DO NOTHING";

const TAKE_DAY: &str = "
    UPDATE webhooks SET digest_day = $3 WHERE site = $1 AND hook = $2 AND digest_day < $3 AND state = 'on'";

const DUE: &str = "
    SELECT delivery, hook, occasion, response, revision, day, state, tries, due_at_ms, created_at_ms, attempts
    FROM deliveries WHERE site = $1 AND hook = $2 AND state = 'waiting' AND due_at_ms <= $3
    ORDER BY due_at_ms LIMIT $4";

const CLAIM: &str = "
    UPDATE deliveries SET due_at_ms = $4
    WHERE site = $1 AND delivery = ANY ($2::text[]) AND state = 'waiting' AND due_at_ms <= $3
    RETURNING delivery";

const SETTLE: &str = "
    UPDATE deliveries SET state = $4, tries = $5, due_at_ms = $6, attempts = $7
    WHERE site = $1 AND delivery = $2 AND state = 'waiting' AND due_at_ms = $3";

const IS_GONE: &str = "UPDATE webhooks SET state = 'gone' WHERE site = $1 AND hook = $2 AND state = 'on'";

const RESTS: &str = "UPDATE webhooks SET rests_until_ms = $3 WHERE site = $1 AND hook = $2";

const LOG: &str = "
    SELECT delivery, hook, occasion, response, revision, day, state, tries, due_at_ms, created_at_ms, attempts
    FROM deliveries WHERE site = $1 AND hook = $2 AND ($3::text IS NULL OR state = $3)
    ORDER BY created_at_ms DESC LIMIT $4";

const TOLD_SINCE: &str = "
    SELECT response FROM deliveries
    WHERE site = $1 AND hook = $2 AND created_at_ms >= $3 AND response IS NOT NULL AND revision IS NOT NULL
    ORDER BY created_at_ms DESC LIMIT $4";

const REPLAY: &str = "
    UPDATE deliveries
    SET due_at_ms = CASE state WHEN 'waiting' THEN due_at_ms ELSE $4 END, state = 'waiting', tries = 0
    WHERE site = $1 AND hook = $2 AND delivery = $3";

const OLD: &str =
    "SELECT delivery FROM deliveries WHERE site = $1 AND hook = $2 AND created_at_ms < $3 LIMIT $4";

const FORGET: &str = "DELETE FROM deliveries WHERE site = $1 AND delivery = ANY ($2::text[])";

const IS_LEFT: &str = "SELECT EXISTS (SELECT 1 FROM deliveries WHERE site = $1 AND hook = $2)";

const FORGET_HOOK: &str = "DELETE FROM webhooks WHERE site = $1 AND hook = $2 AND state = 'removed'";

impl PostgresStore {
    pub(in crate::store) async fn enqueue(&self, scope: &SiteScope, delivery: &Delivery) -> Result<()> {
        let one = std::slice::from_ref(delivery);
        transact!(self.writers, Reach::of(scope), |transaction, _| enqueue_all(
            transaction,
            scope.site(),
            one
        ))
    }

    pub(in crate::store) async fn enqueue_digest(
        &self,
        scope: &SiteScope,
        day: i32,
        delivery: &Delivery,
    ) -> Result<()> {
        transact!(self.writers, Reach::of(scope), |transaction, _| enqueue_digest(
            transaction,
            scope.site(),
            day,
            delivery
        ))
    }

    pub(in crate::store) async fn due(
        &self,
        scope: &SiteScope,
        hook: &str,
        now: Millis,
        limit: usize,
    ) -> Result<Vec<Delivery>> {
        let (site, limit) = (scope.site(), sql_limit(limit));
        read!(self.readers, Reach::of(scope), |reader| rows(reader, DUE, &[&site, &hook, &now, &limit]))
    }

    pub(in crate::store) async fn claim(
        &self,
        scope: &SiteScope,
        deliveries: &[String],
        now: Millis,
        until: Millis,
    ) -> Result<Vec<String>> {
        transact!(self.writers, Reach::of(scope), |transaction, _| claim(
            transaction,
            scope.site(),
            deliveries,
            now,
            until
        ))
    }

    pub(in crate::store) async fn settle(&self, scope: &SiteScope, settled: &Settled) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, attempt| settle(
            transaction,
            scope.site(),
            settled,
            attempt
        ))
    }

    pub(in crate::store) async fn log(
        &self,
        scope: &SiteScope,
        hook: &str,
        state: Option<DeliveryState>,
        limit: usize,
    ) -> Result<Vec<Delivery>> {
        let (site, state, limit) = (scope.site(), state.map(DeliveryState::as_str), sql_limit(limit));
        read!(self.readers, Reach::of(scope), |reader| rows(reader, LOG, &[&site, &hook, &state, &limit]))
    }

    pub(in crate::store) async fn told_since(
        &self,
        scope: &SiteScope,
        hook: &str,
        since: Millis,
        limit: usize,
    ) -> Result<Vec<ResponseId>> {
        let (site, limit) = (scope.site(), sql_limit(limit));
        read!(self.readers, Reach::of(scope), |reader| told_since(reader, &[&site, &hook, &since, &limit]))
    }

    pub(in crate::store) async fn replay(
        &self,
        scope: &SiteScope,
        hook: &str,
        delivery: &str,
        now: Millis,
    ) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, _| replay(
            transaction,
            scope.site(),
            hook,
            delivery,
            now
        ))
    }

    pub(in crate::store) async fn forget_deliveries(
        &self,
        scope: &SiteScope,
        hook: &str,
        before: Millis,
    ) -> Result<u64> {
        transact!(self.writers, Reach::of(scope), |transaction, _| forget(
            transaction,
            scope.site(),
            hook,
            before
        ))
    }
}

type Done<T> = std::result::Result<T, Failure>;

fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// Puts new deliveries in the queue, unless they are or were there.
pub(super) async fn enqueue_all(
    transaction: &Transaction<'_>,
    site: &str,
    deliveries: &[Delivery],
) -> Done<()> {
    if deliveries.is_empty() {
        return Ok(());
    }
    let texts =
        |of: for<'d> fn(&'d Delivery) -> &'d str| -> Vec<&str> { deliveries.iter().map(of).collect() };
    let (ids, hooks) = (texts(|delivery| &delivery.id), texts(|delivery| &delivery.hook));
    let occasions = texts(|delivery| delivery.occasion.as_str());
    let (mut responses, mut revisions, mut days) = (Vec::new(), Vec::new(), Vec::new());
    for delivery in deliveries {
        let (response, revision, day) = match delivery.about {
            About::Response(id, revision) => (Some(uuid(id)), Some(i64::from(revision)), None),
            About::Invitation(id) => (Some(uuid(id)), None, None),
            About::Day(day) => (None, None, Some(day)),
            About::Nothing => (None, None, None),
        };
        responses.push(response);
        revisions.push(revision);
        days.push(day);
    }
    let due: Vec<Millis> = deliveries.iter().map(|delivery| delivery.due_at).collect();
    let created: Vec<Millis> = deliveries.iter().map(|delivery| delivery.created_at).collect();
    let statement = transaction.prepare_cached(ENQUEUE).await?;
    let columns: [&(dyn ToSql + Sync); 9] =
        [&site, &ids, &hooks, &occasions, &responses, &revisions, &days, &due, &created];
    transaction.execute(&statement, &columns).await?;
    Ok(())
}

async fn enqueue_digest(
    transaction: &Transaction<'_>,
    site: &str,
    day: i32,
    delivery: &Delivery,
) -> Done<()> {
    // The second run of a transaction that was committed finds the day taken, and the delivery there.
    if transaction.execute(TAKE_DAY, &[&site, &delivery.hook, &day]).await? == 1 {
        enqueue_all(transaction, site, std::slice::from_ref(delivery)).await?;
    }
    Ok(())
}

/// A second run after a commit whose reply was lost takes nothing: what the first one took is free again at `until`.
async fn claim(
    transaction: &Transaction<'_>,
    site: &str,
    deliveries: &[String],
    now: Millis,
    until: Millis,
) -> Done<Vec<String>> {
    let statement = transaction.prepare_cached(CLAIM).await?;
    let rows = transaction.query(&statement, &[&site, &deliveries, &now, &until]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

async fn settle(
    transaction: &Transaction<'_>,
    site: &str,
    settled: &Settled,
    attempt: Attempt,
) -> Done<bool> {
    let (state, tries) = (settled.state.as_str(), i32::try_from(settled.tries).unwrap_or(i32::MAX));
    let attempts = to_json(&settled.attempts)?;
    let values: [&(dyn ToSql + Sync); 7] =
        [&site, &settled.delivery, &settled.claimed_until, &state, &tries, &settled.due_at, &attempts];
    let statement = transaction.prepare_cached(SETTLE).await?;
    let written = transaction.execute(&statement, &values).await?;
    if settled.is_gone {
        transaction.execute(IS_GONE, &[&site, &settled.hook]).await?;
    }
    if let Some(until) = settled.rests_until {
        transaction.execute(RESTS, &[&site, &settled.hook, &until]).await?;
    }
    Ok(written == 1 || attempt == Attempt::Again)
}

async fn replay(
    transaction: &Transaction<'_>,
    site: &str,
    hook: &str,
    delivery: &str,
    now: Millis,
) -> Done<bool> {
    Ok(transaction.execute(REPLAY, &[&site, &hook, &delivery, &now]).await? == 1)
}

async fn forget(transaction: &Transaction<'_>, site: &str, hook: &str, before: Millis) -> Done<u64> {
    let old = transaction.query(OLD, &[&site, &hook, &before, &FORGOTTEN_MAX]).await?;
    let old = old.iter().map(|row| Ok(row.try_get(0)?)).collect::<Done<Vec<String>>>()?;
    let forgotten = transaction.execute(FORGET, &[&site, &old]).await?;
    let is_left: bool = transaction.query_one(IS_LEFT, &[&site, &hook]).await?.try_get(0)?;
    if !is_left {
        transaction.execute(FORGET_HOOK, &[&site, &hook]).await?;
    }
    Ok(forgotten)
}

async fn told_since(reader: Reader<'_>, parameters: &[&(dyn ToSql + Sync)]) -> Done<Vec<ResponseId>> {
    reader.query(TOLD_SINCE, parameters).await?.iter().map(|row| answer_id(row.try_get(0)?)).collect()
}

fn answer_id(id: Uuid) -> Done<ResponseId> {
    let unknown = || Failure::Unreadable("the answer of a delivery".into());
    ResponseId::from_bytes(id.into_bytes()).ok_or_else(unknown)
}

async fn rows(reader: Reader<'_>, text: &str, parameters: &[&(dyn ToSql + Sync)]) -> Done<Vec<Delivery>> {
    reader.query(text, parameters).await?.iter().map(read_one).collect()
}

fn read_one(row: &Row) -> Done<Delivery> {
    let unknown = |what: &str| Failure::Unreadable(format!("{what} of a delivery"));
    let (occasion, state, tries): (&str, &str, i32) = (row.try_get(2)?, row.try_get(6)?, row.try_get(7)?);
    let response: Option<Uuid> = row.try_get(3)?;
    let about = match (response, row.try_get::<_, Option<i32>>(5)?) {
        (Some(id), _) => {
            let id = answer_id(id)?;
            match row.try_get::<_, Option<i64>>(4)? {
                Some(revision) => {
                    About::Response(id, u32::try_from(revision).map_err(|_| unknown("the revision"))?)
                }
                None => About::Invitation(id),
            }
        }
        (None, Some(day)) => About::Day(day),
        (None, None) => About::Nothing,
    };
    Ok(Delivery {
        id: row.try_get(0)?,
        hook: row.try_get(1)?,
        occasion: Occasion::parse(occasion).ok_or_else(|| unknown("the occasion"))?,
        about,
        state: DeliveryState::parse(state).ok_or_else(|| unknown("the state"))?,
        tries: u32::try_from(tries).map_err(|_| unknown("the number of tries"))?,
        due_at: row.try_get(8)?,
        created_at: row.try_get(9)?,
        attempts: json_column(row, 10)?,
    })
}
