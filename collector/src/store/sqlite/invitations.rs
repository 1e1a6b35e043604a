//! Customers who are asked by a link of their own.

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::SqliteStore;
use super::surveys::{to_json, unreadable};
use crate::auth::SiteScope;
use crate::store::invitation::{Invitation, InvitationChannel, InvitationCount, InvitationState};
use crate::store::invitations::FORGOTTEN_MAX;
use crate::store::{Person, Result};

/// Every column of an invitation, with what decides which.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT key, id, survey, channel, rule, order_ref, ticket, subject, person, address, locale, state, reason,
               tries, due_at_ms, expires_at_ms, created_at_ms, sent_at_ms, answered_at_ms
             FROM survey_invitations WHERE site = ?1 ",
            $rest
        )
    };
}

const ONE: &str = select!("AND id = ?2");

pub(super) const FOR: &str = select!("AND key = ?2");

/// From the newest on; no id is as long as what stands for its end.
const LATEST: &str = select!(
    "AND (?2 IS NULL OR state = ?2) AND id < coalesce(?3, X'FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF')
     ORDER BY id DESC LIMIT ?4"
);

pub(super) const DUE: &str =
    select!("AND state = 'waiting' AND due_at_ms <= ?2 ORDER BY due_at_ms, id LIMIT ?3");

const OF_PERSON: &str = select!("AND (subject = ?2 OR order_ref = ?3) ORDER BY id DESC LIMIT ?4");

pub(super) const TO_PERSON: &str = select!("AND person = ?2 ORDER BY id DESC");

const COUNT: &str = "
    SELECT survey,
      CASE WHEN state IN ('waiting', 'sent') AND expires_at_ms <= ?2 THEN 'expired' ELSE state END AS standing,
      sent_at_ms IS NOT NULL, count(*)
    FROM survey_invitations WHERE site = ?1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";

const CANCEL: &str = "
    UPDATE survey_invitations SET state = 'cancelled', reason = ?4, address = NULL
    WHERE site = ?1 AND id = ?2 AND state IN (SELECT value FROM json_each(?3))";

const FORGET: &str = "
    DELETE FROM survey_invitations WHERE site = ?1 AND key IN (
      SELECT key FROM survey_invitations WHERE site = ?1 AND id < ?2 ORDER BY id LIMIT ?3)";

const ERASE: &str = "DELETE FROM survey_invitations WHERE site = ?1 AND (subject = ?2 OR order_ref = ?3)";

impl SqliteStore {
    pub(in crate::store) async fn invited(
        &self,
        scope: &SiteScope,
        id: ResponseId,
    ) -> Result<Option<Invitation>> {
        let (site, id) = (scope.site().to_owned(), *id.as_bytes());
        let one = move |connection: &mut Connection| {
            connection.prepare_cached(ONE)?.query_row(params![site, id], read).optional()
        };
        self.readers.run(one).await
    }

    pub(in crate::store) async fn invited_for(
        &self,
        scope: &SiteScope,
        key: &str,
    ) -> Result<Option<Invitation>> {
        let (site, key) = (scope.site().to_owned(), key.to_owned());
        let one = move |connection: &mut Connection| {
            connection.prepare_cached(FOR)?.query_row(params![site, key], read).optional()
        };
        self.readers.run(one).await
    }

    pub(in crate::store) async fn latest_invitations(
        &self,
        scope: &SiteScope,
        state: Option<InvitationState>,
        before: Option<ResponseId>,
        limit: usize,
    ) -> Result<Vec<Invitation>> {
        let (site, limit) = (scope.site().to_owned(), sql_limit(limit));
        let (state, before) = (state.map(InvitationState::as_str), before.map(|id| *id.as_bytes()));
        let rows = move |connection: &mut Connection| {
            connection.prepare_cached(LATEST)?.query_map(params![site, state, before, limit], read)?.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn count_invitations(
        &self,
        scope: &SiteScope,
        now: Millis,
    ) -> Result<Vec<InvitationCount>> {
        let site = scope.site().to_owned();
        let rows = move |connection: &mut Connection| {
            connection.prepare_cached(COUNT)?.query_map(params![site, now], read_count)?.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn cancel_invitation(
        &self,
        scope: &SiteScope,
        id: ResponseId,
        reason: &str,
    ) -> Result<bool> {
        let (site, id, reason) = (scope.site().to_owned(), *id.as_bytes(), reason.to_owned());
        let cancel = move |connection: &mut Connection| {
            let from = to_json(&InvitationState::Cancelled.reached_from_names())?;
            Ok(connection.execute(CANCEL, params![site, id, from, reason])? == 1)
        };
        self.writer.run(cancel).await
    }

    pub(in crate::store) async fn forget_invitations(
        &self,
        scope: &SiteScope,
        before: Millis,
    ) -> Result<u64> {
        let site = scope.site().to_owned();
        let first = ResponseId::new(u64::try_from(before).unwrap_or_default(), &[0; 10]);
        let forget = move |connection: &mut Connection| {
            Ok(connection.execute(FORGET, params![site, *first.as_bytes(), FORGOTTEN_MAX])? as u64)
        };
        self.writer.run(forget).await
    }

    pub(in crate::store) async fn invitations_of(
        &self,
        scope: &SiteScope,
        person: &Person,
        limit: usize,
    ) -> Result<Vec<Invitation>> {
        let (site, person, limit) = (scope.site().to_owned(), person.clone(), sql_limit(limit));
        let rows = move |connection: &mut Connection| {
            let mut statement = connection.prepare_cached(OF_PERSON)?;
            statement.query_map(params![site, person.subject, person.order_ref, limit], read)?.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn erase_invitations(
        &self,
        scope: &SiteScope,
        person: &Person,
    ) -> Result<u64> {
        let (site, person) = (scope.site().to_owned(), person.clone());
        let erase = move |connection: &mut Connection| {
            Ok(connection.execute(ERASE, params![site, person.subject, person.order_ref])? as u64)
        };
        self.writer.run(erase).await
    }
}

pub(super) fn sql_limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Invitation> {
    let (channel, state): (String, String) = (row.get(3)?, row.get(11)?);
    Ok(Invitation {
        key: row.get(0)?,
        id: ResponseId::from_bytes(row.get(1)?).ok_or_else(|| unreadable(1, "no id of an answer"))?,
        survey: row.get(2)?,
        channel: InvitationChannel::parse(&channel).ok_or_else(|| unreadable(3, "no way of asking"))?,
        rule: row.get(4)?,
        order_ref: row.get(5)?,
        ticket: row.get(6)?,
        subject: row.get(7)?,
        person: row.get(8)?,
        address: row.get(9)?,
        locale: row.get(10)?,
        state: InvitationState::parse(&state).ok_or_else(|| unreadable(11, "no state of an invitation"))?,
        reason: row.get(12)?,
        tries: row.get(13)?,
        due_at: row.get(14)?,
        expires_at: row.get(15)?,
        created_at: row.get(16)?,
        sent_at: row.get(17)?,
        answered_at: row.get(18)?,
    })
}

fn read_count(row: &Row<'_>) -> rusqlite::Result<InvitationCount> {
    let state: String = row.get(1)?;
    Ok(InvitationCount {
        survey: row.get(0)?,
        state: InvitationState::parse(&state).ok_or_else(|| unreadable(1, "no state of an invitation"))?,
        is_sent: row.get(2)?,
        n: row.get(3)?,
    })
}
