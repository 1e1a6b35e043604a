//! What is held of an e-mail address.

use parere_shared::response::ResponseId;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::PostgresStore;
use super::failure::Failure;
use super::invitations::{self, Done, TO_PERSON, change};
use super::orders;
use super::pool::{read, transact};
use super::reach::{Reach, Reader};
use crate::auth::SiteScope;
use crate::store::addresses::{is_named_by, is_reached_at, telling};
use crate::store::{Hash, Invitation, Result, Seq, ShopOrder};

/// ASCII letters are folded and no others, whatever the database takes for a letter.
const ORDERS: &str = "
    SELECT order_ref, known FROM orders
    WHERE site = $1 AND contact_until_ms IS NOT NULL
      AND strpos(translate(known, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'), $2) > 0";

const ANSWERS: &str = "
    SELECT id, attributes FROM responses
    WHERE site = $1 AND seq > $3 AND seq <= $4
      AND strpos(translate(attributes, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'), $2) > 0
    ORDER BY seq";

const ERASE: &str = "DELETE FROM survey_invitations WHERE site = $1 AND person = $2";

impl PostgresStore {
    pub(in crate::store) async fn orders_to(
        &self,
        scope: &SiteScope,
        address: &str,
    ) -> Result<Vec<(String, ShopOrder)>> {
        let (site, part) = (scope.site(), telling(address));
        let values: [&(dyn ToSql + Sync); 2] = [&site, &part];
        let mut found =
            read!(self.readers, Reach::of(scope), |reader| orders::rows(reader, ORDERS, &values))?;
        found.retain(|(_, order)| is_reached_at(order, address));
        found.sort_by(|(a, _), (b, _)| a.cmp(b));
        Ok(found)
    }

    pub(in crate::store) async fn answers_naming(
        &self,
        scope: &SiteScope,
        address: &str,
        after: Seq,
        to: Seq,
    ) -> Result<Vec<ResponseId>> {
        let (site, part) = (scope.site(), telling(address));
        let values: [&(dyn ToSql + Sync); 4] = [&site, &part, &after, &to];
        read!(self.readers, Reach::of(scope), |reader| naming(reader, address, &values))
    }

    pub(in crate::store) async fn invitations_to(
        &self,
        scope: &SiteScope,
        person: &Hash,
    ) -> Result<Vec<Invitation>> {
        let (site, person) = (scope.site(), person.as_slice());
        read!(self.readers, Reach::of(scope), |reader| invitations::rows(
            reader,
            TO_PERSON,
            &[&site, &person]
        ))
    }

    pub(in crate::store) async fn erase_invitations_to(
        &self,
        scope: &SiteScope,
        person: &Hash,
    ) -> Result<u64> {
        let (site, person) = (scope.site(), person.as_slice());
        transact!(self.writers, Reach::of(scope), |transaction, _| change(
            transaction,
            ERASE,
            &[&site, &person]
        ))
    }
}

async fn naming(reader: Reader<'_>, address: &str, values: &[&(dyn ToSql + Sync)]) -> Done<Vec<ResponseId>> {
    let mut found = Vec::new();
    for row in reader.query(ANSWERS, values).await? {
        if is_named_by(row.try_get(1)?, address) {
            let id: Uuid = row.try_get(0)?;
            let id = ResponseId::from_bytes(id.into_bytes());
            found.push(id.ok_or_else(|| Failure::Unreadable("unknown value id".into()))?);
        }
    }
    Ok(found)
}
