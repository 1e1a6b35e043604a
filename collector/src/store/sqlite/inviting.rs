//! Customers are invited: one, or a whole table of them at once.

use rusqlite::{Connection, TransactionBehavior, params};

use super::SqliteStore;
use super::invitations::{FOR, read};
use super::suppressions::is_suppressed;
use crate::auth::SiteScope;
use crate::store::Result;
use crate::store::invitation::Invitation;

const ADD: &str = "
    INSERT INTO survey_invitations (
      site, key, id, survey, channel, rule, order_ref, ticket, subject, person, address, locale, state, reason, tries,
      due_at_ms, expires_at_ms, created_at_ms, sent_at_ms, answered_at_ms)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
    ON CONFLICT DO NOTHING";

impl SqliteStore {
    pub(in crate::store) async fn invite_all(
        &self,
        scope: &SiteScope,
        invitations: &[Invitation],
    ) -> Result<Vec<Invitation>> {
        let (site, invitations) = (scope.site().to_owned(), invitations.to_vec());
        self.writer.run(move |connection| add_all(connection, &site, &invitations)).await
    }
}

fn add_all(
    connection: &mut Connection,
    site: &str,
    invitations: &[Invitation],
) -> rusqlite::Result<Vec<Invitation>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut kept = Vec::with_capacity(invitations.len());
    for invitation in invitations {
        put(&transaction, site, invitation)?;
        kept.push(transaction.prepare_cached(FOR)?.query_row(params![site, invitation.key], read)?);
    }
    transaction.commit()?;
    Ok(kept)
}

/// Adds an invitation, unless the site has one with its key.
pub(super) fn put(transaction: &Connection, site: &str, invitation: &Invitation) -> rusqlite::Result<()> {
    let suppressed = match &invitation.person {
        Some(person) => is_suppressed(transaction, site, person)?,
        None => None,
    };
    let invitation = invitation.clone().unless_suppressed(suppressed);
    transaction.prepare_cached(ADD)?.execute(params![
        site,
        invitation.key,
        *invitation.id.as_bytes(),
        invitation.survey,
        invitation.channel.as_str(),
        invitation.rule,
        invitation.order_ref,
        invitation.ticket,
        invitation.subject,
        invitation.person,
        invitation.address,
        invitation.locale,
        invitation.state.as_str(),
        invitation.reason,
        invitation.tries,
        invitation.due_at,
        invitation.expires_at,
        invitation.created_at,
        invitation.sent_at,
        invitation.answered_at
    ])?;
    Ok(())
}
