//! The queue of what goes to hooks.

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use rusqlite::{Connection, Row, TransactionBehavior, params};

use super::SqliteStore;
use super::surveys::{json_column, to_json, unreadable};
use crate::auth::SiteScope;
use crate::store::Result;
use crate::store::deliveries::FORGOTTEN_MAX;
use crate::store::webhook::{About, Delivery, DeliveryState, Occasion, Settled};

const ENQUEUE: &str = "
    INSERT INTO deliveries (
      site, delivery, hook, occasion, response, revision, day, state, tries, due_at_ms, created_at_ms, attempts)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
    ON CONFLICT DO NOTHING";

const TAKE_DAY: &str =
    "UPDATE webhooks SET digest_day = ?3 WHERE site = ?1 AND hook = ?2 AND digest_day < ?3 AND state = 'on'";

const DUE: &str = "
    SELECT delivery, hook, occasion, response, revision, day, state, tries, due_at_ms, created_at_ms, attempts
    FROM deliveries WHERE site = ?1 AND hook = ?2 AND state = 'waiting' AND due_at_ms <= ?3
    ORDER BY due_at_ms, delivery LIMIT ?4";

const CLAIM: &str = "
    UPDATE deliveries SET due_at_ms = ?4
    WHERE site = ?1 AND delivery = ?2 AND state = 'waiting' AND due_at_ms <= ?3";

const SETTLE: &str = "
    UPDATE deliveries SET state = ?4, tries = ?5, due_at_ms = ?6, attempts = ?7
    WHERE site = ?1 AND delivery = ?2 AND state = 'waiting' AND due_at_ms = ?3";

const IS_GONE: &str = "UPDATE webhooks SET state = 'gone' WHERE site = ?1 AND hook = ?2 AND state = 'on'";

const RESTS: &str = "UPDATE webhooks SET rests_until_ms = ?3 WHERE site = ?1 AND hook = ?2";

const LOG: &str = "
    SELECT delivery, hook, occasion, response, revision, day, state, tries, due_at_ms, created_at_ms, attempts
    FROM deliveries WHERE site = ?1 AND hook = ?2 AND (?3 IS NULL OR state = ?3)
    ORDER BY created_at_ms DESC, delivery LIMIT ?4";

const TOLD_SINCE: &str = "
    SELECT response FROM deliveries
    WHERE site = ?1 AND hook = ?2 AND created_at_ms >= ?3 AND response IS NOT NULL AND revision IS NOT NULL
    ORDER BY created_at_ms DESC LIMIT ?4";

const REPLAY: &str = "
    UPDATE deliveries SET due_at_ms = iif(state = 'waiting', due_at_ms, ?4), state = 'waiting', tries = 0
    WHERE site = ?1 AND hook = ?2 AND delivery = ?3";

const FORGET: &str = "
    DELETE FROM deliveries WHERE site = ?1 AND delivery IN (
      SELECT delivery FROM deliveries WHERE site = ?1 AND hook = ?2 AND created_at_ms < ?3 LIMIT ?4)";

const FORGET_HOOK: &str = "
    DELETE FROM webhooks WHERE site = ?1 AND hook = ?2 AND state = 'removed'
      AND NOT EXISTS (SELECT 1 FROM deliveries WHERE site = ?1 AND hook = ?2)";

impl SqliteStore {
    pub(in crate::store) async fn enqueue(&self, scope: &SiteScope, delivery: &Delivery) -> Result<()> {
        let (site, delivery) = (scope.site().to_owned(), delivery.clone());
        self.writer.run(move |connection| enqueue(connection, &site, &delivery)).await
    }

    pub(in crate::store) async fn enqueue_digest(
        &self,
        scope: &SiteScope,
        day: i32,
        delivery: &Delivery,
    ) -> Result<()> {
        let (site, delivery) = (scope.site().to_owned(), delivery.clone());
        self.writer.run(move |connection| enqueue_digest(connection, &site, day, &delivery)).await
    }

    pub(in crate::store) async fn due(
        &self,
        scope: &SiteScope,
        hook: &str,
        now: Millis,
        limit: usize,
    ) -> Result<Vec<Delivery>> {
        let (site, hook, limit) = (scope.site().to_owned(), hook.to_owned(), sql_limit(limit));
        let rows = move |connection: &mut Connection| {
            connection.prepare_cached(DUE)?.query_map(params![site, hook, now, limit], read)?.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn claim(
        &self,
        scope: &SiteScope,
        deliveries: &[String],
        now: Millis,
        until: Millis,
    ) -> Result<Vec<String>> {
        let (site, wanted) = (scope.site().to_owned(), deliveries.to_vec());
        self.writer.run(move |connection| claim(connection, &site, wanted, now, until)).await
    }

    pub(in crate::store) async fn settle(&self, scope: &SiteScope, settled: &Settled) -> Result<bool> {
        let (site, settled) = (scope.site().to_owned(), settled.clone());
        self.writer.run(move |connection| settle(connection, &site, &settled)).await
    }

    pub(in crate::store) async fn log(
        &self,
        scope: &SiteScope,
        hook: &str,
        state: Option<DeliveryState>,
        limit: usize,
    ) -> Result<Vec<Delivery>> {
        let (site, hook, limit) = (scope.site().to_owned(), hook.to_owned(), sql_limit(limit));
        let state = state.map(DeliveryState::as_str);
        let rows = move |connection: &mut Connection| {
            connection.prepare_cached(LOG)?.query_map(params![site, hook, state, limit], read)?.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn told_since(
        &self,
        scope: &SiteScope,
        hook: &str,
        since: Millis,
        limit: usize,
    ) -> Result<Vec<ResponseId>> {
        let (site, hook, limit) = (scope.site().to_owned(), hook.to_owned(), sql_limit(limit));
        let ids = move |connection: &mut Connection| {
            let mut statement = connection.prepare_cached(TOLD_SINCE)?;
            let id = |row: &Row<'_>| ResponseId::from_bytes(row.get(0)?).ok_or_else(|| unreadable(0, NO_ID));
            statement.query_map(params![site, hook, since, limit], id)?.collect()
        };
        self.readers.run(ids).await
    }

    pub(in crate::store) async fn replay(
        &self,
        scope: &SiteScope,
        hook: &str,
        delivery: &str,
        now: Millis,
    ) -> Result<bool> {
        let (site, hook, delivery) = (scope.site().to_owned(), hook.to_owned(), delivery.to_owned());
        self.writer
            .run(move |connection| Ok(connection.execute(REPLAY, params![site, hook, delivery, now])? == 1))
            .await
    }

    pub(in crate::store) async fn forget_deliveries(
        &self,
        scope: &SiteScope,
        hook: &str,
        before: Millis,
    ) -> Result<u64> {
        let (site, hook) = (scope.site().to_owned(), hook.to_owned());
        let forget = move |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let forgotten = transaction.execute(FORGET, params![site, hook, before, FORGOTTEN_MAX])?;
            transaction.execute(FORGET_HOOK, [&site, &hook])?;
            transaction.commit()?;
            Ok(forgotten as u64)
        };
        self.writer.run(forget).await
    }
}

const NO_ID: &str = "no id of an answer";

fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// Puts a delivery in the queue, unless it is or was there.
pub(super) fn enqueue(connection: &Connection, site: &str, delivery: &Delivery) -> rusqlite::Result<()> {
    let (response, revision, day) = match delivery.about {
        About::Response(id, revision) => (Some(*id.as_bytes()), Some(revision), None),
        About::Invitation(id) => (Some(*id.as_bytes()), None, None),
        About::Day(day) => (None, None, Some(day)),
        About::Nothing => (None, None, None),
    };
    connection.prepare_cached(ENQUEUE)?.execute(params![
        site,
        delivery.id,
        delivery.hook,
        delivery.occasion.as_str(),
        response,
        revision,
        day,
        delivery.state.as_str(),
        delivery.tries,
        delivery.due_at,
        delivery.created_at,
        to_json(&delivery.attempts)?
    ])?;
    Ok(())
}

fn enqueue_digest(
    connection: &mut Connection,
    site: &str,
    day: i32,
    delivery: &Delivery,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if transaction.execute(TAKE_DAY, params![site, delivery.hook, day])? == 1 {
        enqueue(&transaction, site, delivery)?;
    }
    transaction.commit()
}

fn claim(
    connection: &mut Connection,
    site: &str,
    wanted: Vec<String>,
    now: Millis,
    until: Millis,
) -> rusqlite::Result<Vec<String>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut claimed = Vec::with_capacity(wanted.len());
    for delivery in wanted {
        let rows = transaction.prepare_cached(CLAIM)?.execute(params![site, delivery, now, until])?;
        if rows == 1 {
            claimed.push(delivery);
        }
    }
    transaction.commit()?;
    Ok(claimed)
}

fn settle(connection: &mut Connection, site: &str, settled: &Settled) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let written = transaction.execute(
        SETTLE,
        params![
            site,
            settled.delivery,
            settled.claimed_until,
            settled.state.as_str(),
            settled.tries,
            settled.due_at,
            to_json(&settled.attempts)?
        ],
    )?;
    if settled.is_gone {
        transaction.execute(IS_GONE, [site, &settled.hook])?;
    }
    if let Some(until) = settled.rests_until {
        transaction.execute(RESTS, params![site, settled.hook, until])?;
    }
    transaction.commit()?;
    Ok(written == 1)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Delivery> {
    let (occasion, state): (String, String) = (row.get(2)?, row.get(6)?);
    let response: Option<[u8; 16]> = row.get(3)?;
    let about = match (response, row.get::<_, Option<i32>>(5)?) {
        (Some(bytes), _) => {
            let id = ResponseId::from_bytes(bytes).ok_or_else(|| unreadable(3, NO_ID))?;
            row.get::<_, Option<u32>>(4)?
                .map_or(About::Invitation(id), |revision| About::Response(id, revision))
        }
        (None, Some(day)) => About::Day(day),
        (None, None) => About::Nothing,
    };
    Ok(Delivery {
        id: row.get(0)?,
        hook: row.get(1)?,
        occasion: Occasion::parse(&occasion).ok_or_else(|| unreadable(2, "no occasion"))?,
        about,
        state: DeliveryState::parse(&state).ok_or_else(|| unreadable(6, "no state of a delivery"))?,
        tries: row.get(7)?,
        due_at: row.get(8)?,
        created_at: row.get(9)?,
        attempts: json_column(row, 10)?,
    })
}
