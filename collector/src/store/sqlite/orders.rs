//! Orders of shops.

use parere_shared::time::Millis;
use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};

use super::SqliteStore;
use super::happenings::add_all;
use super::surveys::{json_column, to_json};
use crate::auth::SiteScope;
use crate::store::Result;
use crate::store::happening::Happening;
use crate::store::order::ShopOrder;
use crate::store::orders::SLICE_LEN;
use crate::store::people::Hash;
use crate::store::row::Person;

const ONE: &str = "SELECT known FROM orders WHERE site = ?1 AND order_ref = ?2";

const PUT: &str = "
    INSERT INTO orders (site, order_ref, number, subject, known, told_at_ms, contact_until_ms)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT DO UPDATE SET number = excluded.number, subject = excluded.subject, known = excluded.known,
      told_at_ms = excluded.told_at_ms, contact_until_ms = excluded.contact_until_ms";

const NAMED: &str = "
    SELECT name.value, known FROM json_each(?2) AS name
    JOIN orders ON site = ?1 AND (order_ref = name.value OR number = name.value)";

const OF_PERSON: &str = "
    SELECT order_ref, known FROM orders WHERE site = ?1 AND (subject = ?2 OR order_ref = ?3 OR number = ?3)
    ORDER BY order_ref";

const AT_ADDRESS: &str = "
    SELECT DISTINCT lower(json_extract(known, '$.contact.email.value')) AS email, subject FROM orders
    WHERE site = ?1 AND contact_until_ms IS NOT NULL AND subject IS NOT NULL
      AND email IN (SELECT value FROM json_each(?2))
    ORDER BY email, subject";

const OVER: &str = "
    SELECT order_ref, known FROM orders WHERE site = ?1 AND contact_until_ms <= ?2
    ORDER BY contact_until_ms LIMIT ?3";

const FORGET: &str = "
    DELETE FROM orders WHERE site = ?1 AND order_ref IN (
      SELECT order_ref FROM orders WHERE site = ?1 AND told_at_ms < ?2 LIMIT ?3)";

impl SqliteStore {
    pub(in crate::store) async fn tell(
        &self,
        scope: &SiteScope,
        order: &str,
        news: &ShopOrder,
        happenings: &[Happening],
    ) -> Result<u64> {
        let (site, order) = (scope.site().to_owned(), order.to_owned());
        let (news, happenings) = (news.clone(), happenings.to_vec());
        let tell = move |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let known = one(&transaction, &site, &order)?.unwrap_or_default().join(news);
            put(&transaction, &site, &order, &known)?;
            let added = add_all(&transaction, &site, &known.own(&happenings))?;
            transaction.commit()?;
            Ok(added)
        };
        self.writer.run(tell).await
    }

    pub(in crate::store) async fn order(&self, scope: &SiteScope, order: &str) -> Result<Option<ShopOrder>> {
        let (site, order) = (scope.site().to_owned(), order.to_owned());
        self.readers.run(move |connection| one(connection, &site, &order)).await
    }

    pub(in crate::store) async fn orders_named(
        &self,
        scope: &SiteScope,
        names: &[String],
    ) -> Result<Vec<(String, ShopOrder)>> {
        let (site, names) = (scope.site().to_owned(), names.to_vec());
        let rows = move |connection: &mut Connection| {
            connection.prepare_cached(NAMED)?.query_map(params![site, to_json(&names)?], read)?.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn orders_of(
        &self,
        scope: &SiteScope,
        person: &Person,
    ) -> Result<Vec<(String, ShopOrder)>> {
        let (site, person) = (scope.site().to_owned(), person.clone());
        let rows = move |connection: &mut Connection| {
            let values = params![site, person.subject, person.order_ref];
            connection.prepare_cached(OF_PERSON)?.query_map(values, read)?.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn customers_at(
        &self,
        scope: &SiteScope,
        emails: &[String],
    ) -> Result<Vec<(String, Hash)>> {
        let (site, emails) = (scope.site().to_owned(), emails.to_vec());
        let rows = move |connection: &mut Connection| {
            let mut statement = connection.prepare_cached(AT_ADDRESS)?;
            let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            statement.query_map(params![site, to_json(&emails)?], read)?.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn forget_customer(
        &self,
        scope: &SiteScope,
        orders: &[String],
        now: Millis,
    ) -> Result<()> {
        let (site, orders) = (scope.site().to_owned(), orders.to_vec());
        let forget = move |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for order in orders {
                let known = one(&transaction, &site, &order)?.unwrap_or_default();
                put(&transaction, &site, &order, &known.without_customer(now))?;
            }
            transaction.commit()
        };
        self.writer.run(forget).await
    }

    pub(in crate::store) async fn let_go_of_orders(
        &self,
        scope: &SiteScope,
        now: Millis,
        before: Millis,
    ) -> Result<u64> {
        let site = scope.site().to_owned();
        self.writer.run(move |connection| let_go(connection, &site, now, before)).await
    }
}

fn one(connection: &Connection, site: &str, order: &str) -> rusqlite::Result<Option<ShopOrder>> {
    connection.prepare_cached(ONE)?.query_row([site, order], |row| json_column(row, 0)).optional()
}

fn put(connection: &Connection, site: &str, order: &str, known: &ShopOrder) -> rusqlite::Result<()> {
    connection.prepare_cached(PUT)?.execute(params![
        site,
        order,
        known.number.as_ref().map(|number| &number.value),
        known.subject(),
        to_json(known)?,
        known.told_at,
        known.contact_until()
    ])?;
    Ok(())
}

fn let_go(connection: &mut Connection, site: &str, now: Millis, before: Millis) -> rusqlite::Result<u64> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let forgotten = transaction.execute(FORGET, params![site, before, SLICE_LEN])?;
    let over: Vec<(String, ShopOrder)> = transaction
        .prepare_cached(OVER)?
        .query_map(params![site, now, SLICE_LEN], read)?
        .collect::<rusqlite::Result<_>>()?;
    let wiped = over.len();
    for (order, known) in over {
        // What is told again of that time is not kept again.
        let from = known.told_at.saturating_add(1);
        put(&transaction, site, &order, &known.without_contact_before(from))?;
    }
    transaction.commit()?;
    Ok((forgotten + wiped) as u64)
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<(String, ShopOrder)> {
    Ok((row.get(0)?, json_column(row, 1)?))
}
