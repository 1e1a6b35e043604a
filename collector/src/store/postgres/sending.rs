//! The way of an invitation out: claimed, handed over, settled; and what becomes of those that nobody settles.

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::PostgresStore;
use super::append::uuid;
use super::invitations::{DUE, Done, id_column, rows, sql_limit};
use super::pool::{read, transact};
use super::reach::{Reach, Transaction};
use super::retry::Attempt;
use crate::auth::SiteScope;
use crate::store::Result;
use crate::store::invitation::{Invitation, InvitationState, SettledInvitation};

const CLAIM: &str = "
    UPDATE survey_invitations SET due_at_ms = $4, tries = tries + 1
    WHERE site = $1 AND id = ANY ($2::uuid[]) AND state = 'waiting' AND due_at_ms <= $3
    RETURNING id";

const BEGIN: &str = "
    UPDATE survey_invitations SET state = 'sending'
    WHERE site = $1 AND id = $2 AND state = 'waiting' AND due_at_ms = $3";

const SETTLE: &str = "
    UPDATE survey_invitations
    SET state = $5, reason = $6, tries = $9, due_at_ms = $7, sent_at_ms = coalesce($8, sent_at_ms),
      address = CASE WHEN $5 IN ('waiting', 'sending') THEN address END
    WHERE site = $1 AND id = $2 AND due_at_ms = $3 AND state = ANY ($4::text[])";

const EXPIRE: &str = "
    UPDATE survey_invitations SET state = 'expired', address = NULL
    WHERE site = $1 AND state = 'waiting' AND expires_at_ms <= $2";

const GIVE_UP: &str = "
    UPDATE survey_invitations SET state = 'failed', reason = 'unclear', address = NULL
    WHERE site = $1 AND state = 'sending' AND due_at_ms <= $2";

const ANSWERED: &str = "
    UPDATE survey_invitations SET state = 'answered', reason = '', address = NULL, answered_at_ms = $4
    WHERE site = $1 AND id = $2 AND state = ANY ($3::text[])";

impl PostgresStore {
    pub(in crate::store) async fn due_invitations(
        &self,
        scope: &SiteScope,
        now: Millis,
        limit: usize,
    ) -> Result<Vec<Invitation>> {
        let (site, limit) = (scope.site(), sql_limit(limit));
        read!(self.readers, Reach::of(scope), |reader| rows(reader, DUE, &[&site, &now, &limit]))
    }

    pub(in crate::store) async fn claim_invitations(
        &self,
        scope: &SiteScope,
        ids: &[ResponseId],
        now: Millis,
        until: Millis,
    ) -> Result<Vec<ResponseId>> {
        transact!(self.writers, Reach::of(scope), |transaction, _| claim(
            transaction,
            scope.site(),
            ids,
            now,
            until
        ))
    }

    pub(in crate::store) async fn begin_sending(
        &self,
        scope: &SiteScope,
        id: ResponseId,
        claimed_until: Millis,
    ) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, attempt| begin(
            transaction,
            scope.site(),
            id,
            claimed_until,
            attempt
        ))
    }

    pub(in crate::store) async fn settle_invitation(
        &self,
        scope: &SiteScope,
        settled: &SettledInvitation,
    ) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, attempt| settle(
            transaction,
            scope.site(),
            settled,
            attempt
        ))
    }

    pub(in crate::store) async fn note_answered(
        &self,
        scope: &SiteScope,
        id: ResponseId,
        now: Millis,
    ) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, attempt| answered(
            transaction,
            scope.site(),
            id,
            now,
            attempt
        ))
    }

    pub(in crate::store) async fn lapse(&self, scope: &SiteScope, now: Millis) -> Result<u64> {
        transact!(self.writers, Reach::of(scope), |transaction, _| lapse(transaction, scope.site(), now))
    }
}

/// A second run after a commit whose reply was lost takes nothing: what the first one took is free again at `until`.
async fn claim(
    transaction: &Transaction<'_>,
    site: &str,
    ids: &[ResponseId],
    now: Millis,
    until: Millis,
) -> Done<Vec<ResponseId>> {
    let ids: Vec<Uuid> = ids.iter().copied().map(uuid).collect();
    let statement = transaction.prepare_cached(CLAIM).await?;
    let rows = transaction.query(&statement, &[&site, &ids, &now, &until]).await?;
    rows.iter().map(|row| id_column(row, 0)).collect()
}

/// Nobody else begins what we have claimed, so a second run that finds it begun finds our own work.
async fn begin(
    transaction: &Transaction<'_>,
    site: &str,
    id: ResponseId,
    claimed_until: Millis,
    attempt: Attempt,
) -> Done<bool> {
    const IS_OURS: &str = "
        SELECT EXISTS (SELECT 1 FROM survey_invitations
          WHERE site = $1 AND id = $2 AND state = 'sending' AND due_at_ms = $3)";
    let values: [&(dyn ToSql + Sync); 3] = [&site, &uuid(id), &claimed_until];
    if transaction.execute(BEGIN, &values).await? == 1 {
        return Ok(true);
    }
    Ok(attempt == Attempt::Again && transaction.query_one(IS_OURS, &values).await?.try_get(0)?)
}

async fn settle(
    transaction: &Transaction<'_>,
    site: &str,
    settled: &SettledInvitation,
    attempt: Attempt,
) -> Done<bool> {
    let (id, from) = (uuid(settled.id), settled.state.reached_from_names());
    let (state, tries) = (settled.state.as_str(), i32::try_from(settled.tries).unwrap_or(i32::MAX));
    let values: [&(dyn ToSql + Sync); 9] = [
        &site,
        &id,
        &settled.claimed_until,
        &from,
        &state,
        &settled.reason,
        &settled.due_at,
        &settled.sent_at,
        &tries,
    ];
    Ok(transaction.execute(SETTLE, &values).await? == 1 || attempt == Attempt::Again)
}

async fn answered(
    transaction: &Transaction<'_>,
    site: &str,
    id: ResponseId,
    now: Millis,
    attempt: Attempt,
) -> Done<bool> {
    let from = InvitationState::Answered.reached_from_names();
    let noted = transaction.execute(ANSWERED, &[&site, &uuid(id), &from, &now]).await?;
    Ok(noted == 1 || attempt == Attempt::Again)
}

async fn lapse(transaction: &Transaction<'_>, site: &str, now: Millis) -> Done<u64> {
    let over = transaction.execute(EXPIRE, &[&site, &now]).await?;
    Ok(over + transaction.execute(GIVE_UP, &[&site, &now]).await?)
}
