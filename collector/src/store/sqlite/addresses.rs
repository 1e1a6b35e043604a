//! What is held of an e-mail address.

use parere_shared::response::ResponseId;
use rusqlite::{Connection, params};

use super::SqliteStore;
use super::invitations::{self, TO_PERSON};
use super::orders;
use super::surveys::unreadable;
use crate::auth::SiteScope;
use crate::store::addresses::{is_named_by, is_reached_at, telling};
use crate::store::{Hash, Invitation, Result, Seq, ShopOrder};

const ORDERS: &str = "
    SELECT order_ref, known FROM orders
    WHERE site = ?1 AND contact_until_ms IS NOT NULL AND instr(lower(known), ?2) > 0 ORDER BY order_ref";

const ANSWERS: &str = "
    SELECT id, attributes FROM responses
    WHERE site = ?1 AND seq > ?3 AND seq <= ?4 AND instr(lower(attributes), ?2) > 0 ORDER BY seq";

const ERASE: &str = "DELETE FROM survey_invitations WHERE site = ?1 AND person = ?2";

impl SqliteStore {
    pub(in crate::store) async fn orders_to(
        &self,
        scope: &SiteScope,
        address: &str,
    ) -> Result<Vec<(String, ShopOrder)>> {
        let (site, address) = (scope.site().to_owned(), address.to_owned());
        let rows = move |connection: &mut Connection| {
            let mut statement = connection.prepare_cached(ORDERS)?;
            let rows = statement.query_map(params![site, telling(&address)], orders::read)?;
            let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(rows.into_iter().filter(|(_, order)| is_reached_at(order, &address)).collect())
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn answers_naming(
        &self,
        scope: &SiteScope,
        address: &str,
        after: Seq,
        to: Seq,
    ) -> Result<Vec<ResponseId>> {
        let (site, address) = (scope.site().to_owned(), address.to_owned());
        let rows = move |connection: &mut Connection| {
            let mut statement = connection.prepare_cached(ANSWERS)?;
            let mut rows = statement.query(params![site, telling(&address), after, to])?;
            let mut found = Vec::new();
            while let Some(row) = rows.next()? {
                if is_named_by(&row.get::<_, String>(1)?, &address) {
                    let id = ResponseId::from_bytes(row.get(0)?);
                    found.push(id.ok_or_else(|| unreadable(0, "no id of an answer"))?);
                }
            }
            Ok(found)
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn invitations_to(
        &self,
        scope: &SiteScope,
        person: &Hash,
    ) -> Result<Vec<Invitation>> {
        let (site, person) = (scope.site().to_owned(), *person);
        let rows = move |connection: &mut Connection| {
            connection
                .prepare_cached(TO_PERSON)?
                .query_map(params![site, person], invitations::read)?
                .collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn erase_invitations_to(
        &self,
        scope: &SiteScope,
        person: &Hash,
    ) -> Result<u64> {
        let (site, person) = (scope.site().to_owned(), *person);
        let erase =
            move |connection: &mut Connection| Ok(connection.execute(ERASE, params![site, person])? as u64);
        self.writer.run(erase).await
    }
}
