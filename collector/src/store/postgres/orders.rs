//! Orders of shops. Who changes one holds its site until the commit, so that nobody joins news into an older state.

use parere_shared::time::Millis;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::PostgresStore;
use super::append::hold_places;
use super::failure::Failure;
use super::happenings::add_all;
use super::pool::{read, transact};
use super::reach::{Reach, Reader, Transaction};
use super::sites::{bytes_column, json_column, to_json};
use crate::auth::SiteScope;
use crate::store::Result;
use crate::store::happening::Happening;
use crate::store::order::ShopOrder;
use crate::store::orders::SLICE_LEN;
use crate::store::people::Hash;
use crate::store::row::Person;

const ONE: &str = "SELECT known FROM orders WHERE site = $1 AND order_ref = $2";

const PUT: &str = "
    INSERT INTO orders (site, order_ref, number, subject, known, told_at_ms, contact_until_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (site, order_ref) DO UPDATE SET number = excluded.number, subject = excluded.subject,
      known = excluded.known, told_at_ms = excluded.told_at_ms, contact_until_ms = excluded.contact_until_ms";

const NAMED: &str = "
    SELECT order_ref, known, number FROM orders
    WHERE site = $1 AND (order_ref = ANY ($2::text[]) OR number = ANY ($2::text[]))";

const OF_PERSON: &str = "
    SELECT order_ref, known FROM orders WHERE site = $1 AND (subject = $2 OR order_ref = $3 OR number = $3)";

const AT_ADDRESS: &str = "
    SELECT DISTINCT lower(known::jsonb #>> '{contact,email,value}'), subject FROM orders
    WHERE site = $1 AND contact_until_ms IS NOT NULL AND subject IS NOT NULL
      AND lower(known::jsonb #>> '{contact,email,value}') = ANY ($2::text[])";

const OVER: &str = "
    SELECT order_ref, known FROM orders WHERE site = $1 AND contact_until_ms <= $2
    ORDER BY contact_until_ms LIMIT $3";

const OLD: &str = "SELECT order_ref FROM orders WHERE site = $1 AND told_at_ms < $2 LIMIT $3";

const FORGET: &str = "DELETE FROM orders WHERE site = $1 AND order_ref = ANY ($2::text[])";

impl PostgresStore {
    pub(in crate::store) async fn tell(
        &self,
        scope: &SiteScope,
        order: &str,
        news: &ShopOrder,
        happenings: &[Happening],
    ) -> Result<u64> {
        transact!(self.writers, Reach::of(scope), |transaction, _| tell(
            transaction,
            scope.site(),
            order,
            news,
            happenings
        ))
    }

    pub(in crate::store) async fn order(&self, scope: &SiteScope, order: &str) -> Result<Option<ShopOrder>> {
        let site = scope.site();
        read!(self.readers, Reach::of(scope), |reader| one(reader, &[&site, &order]))
    }

    pub(in crate::store) async fn orders_named(
        &self,
        scope: &SiteScope,
        names: &[String],
    ) -> Result<Vec<(String, ShopOrder)>> {
        let site = scope.site();
        read!(self.readers, Reach::of(scope), |reader| named(reader, site, names))
    }

    pub(in crate::store) async fn orders_of(
        &self,
        scope: &SiteScope,
        person: &Person,
    ) -> Result<Vec<(String, ShopOrder)>> {
        let (site, subject) = (scope.site(), person.subject.as_ref().map(<[u8; 32]>::as_slice));
        let values: [&(dyn ToSql + Sync); 3] = [&site, &subject, &person.order_ref];
        let mut found = read!(self.readers, Reach::of(scope), |reader| rows(reader, OF_PERSON, &values))?;
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(found)
    }

    pub(in crate::store) async fn customers_at(
        &self,
        scope: &SiteScope,
        emails: &[String],
    ) -> Result<Vec<(String, Hash)>> {
        let site = scope.site();
        read!(self.readers, Reach::of(scope), |reader| customers_at(reader, site, emails))
    }

    pub(in crate::store) async fn forget_customer(
        &self,
        scope: &SiteScope,
        orders: &[String],
        now: Millis,
    ) -> Result<()> {
        transact!(self.writers, Reach::of(scope), |transaction, _| forget_customer(
            transaction,
            scope.site(),
            orders,
            now
        ))
    }

    pub(in crate::store) async fn let_go_of_orders(
        &self,
        scope: &SiteScope,
        now: Millis,
        before: Millis,
    ) -> Result<u64> {
        transact!(self.writers, Reach::of(scope), |transaction, _| let_go(
            transaction,
            scope.site(),
            now,
            before
        ))
    }
}

type Done<T> = std::result::Result<T, Failure>;

async fn tell(
    transaction: &Transaction<'_>,
    site: &str,
    order: &str,
    news: &ShopOrder,
    happenings: &[Happening],
) -> Done<u64> {
    hold_places(transaction, site, 0).await?;
    let known = held(transaction, site, order).await?.join(news.clone());
    put(transaction, site, order, &known).await?;
    add_all(transaction, site, &known.own(happenings)).await
}

/// An order of a site that is held.
async fn held(transaction: &Transaction<'_>, site: &str, order: &str) -> Done<ShopOrder> {
    let row = transaction.query_opt(ONE, &[&site, &order]).await?;
    row.map_or_else(|| Ok(ShopOrder::default()), |row| json_column(&row, 0))
}

async fn put(transaction: &Transaction<'_>, site: &str, order: &str, known: &ShopOrder) -> Done<()> {
    let (number, text) = (known.number.as_ref().map(|number| &number.value), to_json(known)?);
    let (subject, until) = (known.subject(), known.contact_until());
    let subject = subject.as_ref().map(<[u8; 32]>::as_slice);
    let values: [&(dyn ToSql + Sync); 7] = [&site, &order, &number, &subject, &text, &known.told_at, &until];
    transaction.execute(PUT, &values).await?;
    Ok(())
}

async fn forget_customer(
    transaction: &Transaction<'_>,
    site: &str,
    orders: &[String],
    now: Millis,
) -> Done<()> {
    hold_places(transaction, site, 0).await?;
    for order in orders {
        let known = held(transaction, site, order).await?;
        put(transaction, site, order, &known.without_customer(now)).await?;
    }
    Ok(())
}

async fn let_go(transaction: &Transaction<'_>, site: &str, now: Millis, before: Millis) -> Done<u64> {
    hold_places(transaction, site, 0).await?;
    let old = transaction.query(OLD, &[&site, &before, &SLICE_LEN]).await?;
    let old = old.iter().map(|row| Ok(row.try_get(0)?)).collect::<Done<Vec<String>>>()?;
    transaction.execute(FORGET, &[&site, &old]).await?;
    let over = transaction.query(OVER, &[&site, &now, &SLICE_LEN]).await?;
    let over = over.iter().map(read_one).collect::<Done<Vec<_>>>()?;
    for (order, known) in &over {
        // What is told again of that time is not kept again.
        let from = known.told_at.saturating_add(1);
        put(transaction, site, order, &known.clone().without_contact_before(from)).await?;
    }
    Ok((old.len() + over.len()) as u64)
}

async fn one(reader: Reader<'_>, values: &[&(dyn ToSql + Sync)]) -> Done<Option<ShopOrder>> {
    reader.query(ONE, values).await?.first().map(|row| json_column(row, 0)).transpose()
}

/// Each name with its order; one may be found by its reference and by its number.
async fn named(reader: Reader<'_>, site: &str, names: &[String]) -> Done<Vec<(String, ShopOrder)>> {
    let mut found = Vec::new();
    for row in reader.query(NAMED, &[&site, &names]).await? {
        let (order, known) = read_one(&row)?;
        let number: Option<String> = row.try_get(2)?;
        let fitting = names.iter().filter(|name| **name == order || Some(*name) == number.as_ref());
        found.extend(fitting.map(|name| (name.clone(), known.clone())));
    }
    Ok(found)
}

async fn customers_at(reader: Reader<'_>, site: &str, emails: &[String]) -> Done<Vec<(String, Hash)>> {
    let rows = reader.query(AT_ADDRESS, &[&site, &emails]).await?;
    let read = |row: &Row| Ok((row.try_get(0)?, bytes_column(row, 1)?));
    let mut found = rows.iter().map(read).collect::<Done<Vec<(String, Hash)>>>()?;
    found.sort();
    Ok(found)
}

pub(super) async fn rows(
    reader: Reader<'_>,
    text: &str,
    values: &[&(dyn ToSql + Sync)],
) -> Done<Vec<(String, ShopOrder)>> {
    reader.query(text, values).await?.iter().map(read_one).collect()
}

fn read_one(row: &Row) -> Done<(String, ShopOrder)> {
    Ok((row.try_get(0)?, json_column(row, 1)?))
}
