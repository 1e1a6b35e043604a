//! The way of an invitation out: claimed, handed over, settled; and what becomes of those that nobody settles.

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use rusqlite::{Connection, TransactionBehavior, params};

use super::SqliteStore;
use super::invitations::{DUE, read, sql_limit};
use super::surveys::to_json;
use crate::auth::SiteScope;
use crate::store::Result;
use crate::store::invitation::{Invitation, InvitationState, SettledInvitation};

const CLAIM: &str = "
    UPDATE survey_invitations SET due_at_ms = ?4, tries = tries + 1
    WHERE site = ?1 AND id = ?2 AND state = 'waiting' AND due_at_ms <= ?3";

const BEGIN: &str = "
    UPDATE survey_invitations SET state = 'sending'
    WHERE site = ?1 AND id = ?2 AND state = 'waiting' AND due_at_ms = ?3";

const SETTLE: &str = "
    UPDATE survey_invitations
    SET state = ?5, reason = ?6, tries = ?9, due_at_ms = ?7, sent_at_ms = coalesce(?8, sent_at_ms),
      address = iif(?5 IN ('waiting', 'sending'), address, NULL)
    WHERE site = ?1 AND id = ?2 AND due_at_ms = ?3 AND state IN (SELECT value FROM json_each(?4))";

const EXPIRE: &str = "
    UPDATE survey_invitations SET state = 'expired', address = NULL
    WHERE site = ?1 AND state = 'waiting' AND expires_at_ms <= ?2";

const GIVE_UP: &str = "
    UPDATE survey_invitations SET state = 'failed', reason = 'unclear', address = NULL
    WHERE site = ?1 AND state = 'sending' AND due_at_ms <= ?2";

const ANSWERED: &str = "
    UPDATE survey_invitations SET state = 'answered', reason = '', address = NULL, answered_at_ms = ?4
    WHERE site = ?1 AND id = ?2 AND state IN (SELECT value FROM json_each(?3))";

impl SqliteStore {
    pub(in crate::store) async fn due_invitations(
        &self,
        scope: &SiteScope,
        now: Millis,
        limit: usize,
    ) -> Result<Vec<Invitation>> {
        let (site, limit) = (scope.site().to_owned(), sql_limit(limit));
        let rows = move |connection: &mut Connection| {
            connection.prepare_cached(DUE)?.query_map(params![site, now, limit], read)?.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn claim_invitations(
        &self,
        scope: &SiteScope,
        ids: &[ResponseId],
        now: Millis,
        until: Millis,
    ) -> Result<Vec<ResponseId>> {
        let (site, ids) = (scope.site().to_owned(), ids.to_vec());
        self.writer.run(move |connection| claim(connection, &site, ids, now, until)).await
    }

    pub(in crate::store) async fn begin_sending(
        &self,
        scope: &SiteScope,
        id: ResponseId,
        claimed_until: Millis,
    ) -> Result<bool> {
        let (site, id) = (scope.site().to_owned(), *id.as_bytes());
        let begin = move |connection: &mut Connection| {
            Ok(connection.execute(BEGIN, params![site, id, claimed_until])? == 1)
        };
        self.writer.run(begin).await
    }

    pub(in crate::store) async fn settle_invitation(
        &self,
        scope: &SiteScope,
        settled: &SettledInvitation,
    ) -> Result<bool> {
        let (site, settled) = (scope.site().to_owned(), settled.clone());
        self.writer.run(move |connection| settle(connection, &site, &settled)).await
    }

    pub(in crate::store) async fn note_answered(
        &self,
        scope: &SiteScope,
        id: ResponseId,
        now: Millis,
    ) -> Result<bool> {
        let (site, id) = (scope.site().to_owned(), *id.as_bytes());
        let note = move |connection: &mut Connection| {
            let from = to_json(&InvitationState::Answered.reached_from_names())?;
            Ok(connection.execute(ANSWERED, params![site, id, from, now])? == 1)
        };
        self.writer.run(note).await
    }

    pub(in crate::store) async fn lapse(&self, scope: &SiteScope, now: Millis) -> Result<u64> {
        let site = scope.site().to_owned();
        let lapse = move |connection: &mut Connection| {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let over = transaction.execute(EXPIRE, params![site, now])?;
            let unclear = transaction.execute(GIVE_UP, params![site, now])?;
            transaction.commit()?;
            Ok((over + unclear) as u64)
        };
        self.writer.run(lapse).await
    }
}

fn claim(
    connection: &mut Connection,
    site: &str,
    ids: Vec<ResponseId>,
    now: Millis,
    until: Millis,
) -> rusqlite::Result<Vec<ResponseId>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut claimed = Vec::with_capacity(ids.len());
    for id in ids {
        if transaction.prepare_cached(CLAIM)?.execute(params![site, *id.as_bytes(), now, until])? == 1 {
            claimed.push(id);
        }
    }
    transaction.commit()?;
    Ok(claimed)
}

fn settle(connection: &Connection, site: &str, settled: &SettledInvitation) -> rusqlite::Result<bool> {
    let from = to_json(&settled.state.reached_from_names())?;
    let values = params![
        site,
        *settled.id.as_bytes(),
        settled.claimed_until,
        from,
        settled.state.as_str(),
        settled.reason,
        settled.due_at,
        settled.sent_at,
        settled.tries
    ];
    Ok(connection.execute(SETTLE, values)? == 1)
}
