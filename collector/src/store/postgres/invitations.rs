//! Customers who are asked by a link of their own.

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
use crate::auth::SiteScope;
use crate::store::invitation::{Invitation, InvitationChannel, InvitationCount, InvitationState};
use crate::store::invitations::FORGOTTEN_MAX;
use crate::store::{Hash, Person, Result};

/// Every column of an invitation, with what decides which.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT key, id, survey, channel, rule, order_ref, ticket, subject, person, address, locale, state, reason,
               tries, due_at_ms, expires_at_ms, created_at_ms, sent_at_ms, answered_at_ms
             FROM survey_invitations WHERE site = $1 ",
            $rest
        )
    };
}

const ONE: &str = select!("AND id = $2");

const FOR: &str = select!("AND key = $2");

pub(super) const OF_KEYS: &str = select!("AND key = ANY ($2::text[])");

const LATEST: &str = select!(
    "AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4"
);

pub(super) const DUE: &str =
    select!("AND state = 'waiting' AND due_at_ms <= $2 ORDER BY due_at_ms, id LIMIT $3");

const OF_PERSON: &str = select!("AND (subject = $2 OR order_ref = $3) ORDER BY id DESC LIMIT $4");

pub(super) const TO_PERSON: &str = select!("AND person = $2 ORDER BY id DESC");

const COUNT: &str = "
    SELECT survey,
      CASE WHEN state IN ('waiting', 'sent') AND expires_at_ms <= $2 THEN 'expired' ELSE state END AS standing,
      sent_at_ms IS NOT NULL, count(*)
    FROM survey_invitations WHERE site = $1 GROUP BY 1, 2, 3";

const CANCEL: &str = "
    UPDATE survey_invitations SET state = 'cancelled', reason = $4, address = NULL
    WHERE site = $1 AND id = $2 AND state = ANY ($3::text[])";

const OLD: &str = "SELECT key FROM survey_invitations WHERE site = $1 AND id < $2 ORDER BY id LIMIT $3";

const FORGET: &str = "DELETE FROM survey_invitations WHERE site = $1 AND key = ANY ($2::text[])";

const ERASE: &str = "DELETE FROM survey_invitations WHERE site = $1 AND (subject = $2 OR order_ref = $3)";

/// What a piece of work comes to.
pub(super) type Done<T> = std::result::Result<T, Failure>;

impl PostgresStore {
    pub(in crate::store) async fn invited(
        &self,
        scope: &SiteScope,
        id: ResponseId,
    ) -> Result<Option<Invitation>> {
        let (site, id) = (scope.site(), uuid(id));
        let found = read!(self.readers, Reach::of(scope), |reader| rows(reader, ONE, &[&site, &id]))?;
        Ok(found.into_iter().next())
    }

    pub(in crate::store) async fn invited_for(
        &self,
        scope: &SiteScope,
        key: &str,
    ) -> Result<Option<Invitation>> {
        let site = scope.site();
        let found = read!(self.readers, Reach::of(scope), |reader| rows(reader, FOR, &[&site, &key]))?;
        Ok(found.into_iter().next())
    }

    pub(in crate::store) async fn latest_invitations(
        &self,
        scope: &SiteScope,
        state: Option<InvitationState>,
        before: Option<ResponseId>,
        limit: usize,
    ) -> Result<Vec<Invitation>> {
        let (site, limit) = (scope.site(), sql_limit(limit));
        let (state, before) = (state.map(InvitationState::as_str), before.map(uuid));
        read!(self.readers, Reach::of(scope), |reader| rows(
            reader,
            LATEST,
            &[&site, &state, &before, &limit]
        ))
    }

    pub(in crate::store) async fn count_invitations(
        &self,
        scope: &SiteScope,
        now: Millis,
    ) -> Result<Vec<InvitationCount>> {
        let site = scope.site();
        read!(self.readers, Reach::of(scope), |reader| count(reader, &[&site, &now]))
    }

    pub(in crate::store) async fn cancel_invitation(
        &self,
        scope: &SiteScope,
        id: ResponseId,
        reason: &str,
    ) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, attempt| cancel(
            transaction,
            scope.site(),
            id,
            reason,
            attempt
        ))
    }

    pub(in crate::store) async fn forget_invitations(
        &self,
        scope: &SiteScope,
        before: Millis,
    ) -> Result<u64> {
        transact!(self.writers, Reach::of(scope), |transaction, _| forget(transaction, scope.site(), before))
    }

    pub(in crate::store) async fn invitations_of(
        &self,
        scope: &SiteScope,
        person: &Person,
        limit: usize,
    ) -> Result<Vec<Invitation>> {
        let (site, limit) = (scope.site(), sql_limit(limit));
        let subject = person.subject.as_ref().map(Hash::as_slice);
        read!(self.readers, Reach::of(scope), |reader| rows(
            reader,
            OF_PERSON,
            &[&site, &subject, &person.order_ref, &limit]
        ))
    }

    pub(in crate::store) async fn erase_invitations(
        &self,
        scope: &SiteScope,
        person: &Person,
    ) -> Result<u64> {
        let (site, subject) = (scope.site(), person.subject.as_ref().map(Hash::as_slice));
        transact!(self.writers, Reach::of(scope), |transaction, _| change(
            transaction,
            ERASE,
            &[&site, &subject, &person.order_ref]
        ))
    }
}

pub(super) fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// Changes whatever a statement matches; says how many rows.
pub(super) async fn change(
    transaction: &Transaction<'_>,
    text: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Done<u64> {
    Ok(transaction.execute(text, parameters).await?)
}

async fn cancel(
    transaction: &Transaction<'_>,
    site: &str,
    id: ResponseId,
    reason: &str,
    attempt: Attempt,
) -> Done<bool> {
    let from = InvitationState::Cancelled.reached_from_names();
    let cancelled = transaction.execute(CANCEL, &[&site, &uuid(id), &from, &reason]).await?;
    Ok(cancelled == 1 || attempt == Attempt::Again)
}

async fn forget(transaction: &Transaction<'_>, site: &str, before: Millis) -> Done<u64> {
    let first = uuid(ResponseId::new(u64::try_from(before).unwrap_or_default(), &[0; 10]));
    let old = transaction.query(OLD, &[&site, &first, &FORGOTTEN_MAX]).await?;
    let old = old.iter().map(|row| Ok(row.try_get(0)?)).collect::<Done<Vec<String>>>()?;
    Ok(transaction.execute(FORGET, &[&site, &old]).await?)
}

pub(super) async fn rows(
    reader: Reader<'_>,
    text: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Done<Vec<Invitation>> {
    reader.query(text, parameters).await?.iter().map(read_one).collect()
}

async fn count(reader: Reader<'_>, parameters: &[&(dyn ToSql + Sync)]) -> Done<Vec<InvitationCount>> {
    let mut counts = Vec::new();
    for row in reader.query(COUNT, parameters).await? {
        let (state, n): (&str, i64) = (row.try_get(1)?, row.try_get(3)?);
        counts.push(InvitationCount {
            survey: row.try_get(0)?,
            state: InvitationState::parse(state).ok_or_else(|| unknown("the state"))?,
            is_sent: row.try_get(2)?,
            n: n.unsigned_abs(),
        });
    }
    // Databases sort text each in their own way.
    counts.sort_by(|a, b| {
        (&a.survey, a.state.as_str(), a.is_sent).cmp(&(&b.survey, b.state.as_str(), b.is_sent))
    });
    Ok(counts)
}

fn unknown(what: &str) -> Failure {
    Failure::Unreadable(format!("{what} of an invitation"))
}

/// The id in a column.
pub(super) fn id_column(row: &Row, column: usize) -> Done<ResponseId> {
    let id: Uuid = row.try_get(column)?;
    ResponseId::from_bytes(id.into_bytes()).ok_or_else(|| unknown("the id"))
}

/// The keyed hash in a column that may have none.
fn hash_column(row: &Row, column: usize) -> Done<Option<Hash>> {
    let bytes: Option<&[u8]> = row.try_get(column)?;
    bytes.map(|bytes| bytes.try_into().map_err(|_| unknown("a hash"))).transpose()
}

pub(super) fn read_one(row: &Row) -> Done<Invitation> {
    let (channel, state, tries): (&str, &str, i32) = (row.try_get(3)?, row.try_get(11)?, row.try_get(13)?);
    Ok(Invitation {
        key: row.try_get(0)?,
        id: id_column(row, 1)?,
        survey: row.try_get(2)?,
        channel: InvitationChannel::parse(channel).ok_or_else(|| unknown("the way"))?,
        rule: row.try_get(4)?,
        order_ref: row.try_get(5)?,
        ticket: row.try_get(6)?,
        subject: hash_column(row, 7)?,
        person: hash_column(row, 8)?,
        address: row.try_get(9)?,
        locale: row.try_get(10)?,
        state: InvitationState::parse(state).ok_or_else(|| unknown("the state"))?,
        reason: row.try_get(12)?,
        tries: u32::try_from(tries).map_err(|_| unknown("the number of tries"))?,
        due_at: row.try_get(14)?,
        expires_at: row.try_get(15)?,
        created_at: row.try_get(16)?,
        sent_at: row.try_get(17)?,
        answered_at: row.try_get(18)?,
    })
}
