//! Customers are invited: one, or a whole table of them at once.

use std::collections::HashMap;

use parere_shared::time::Millis;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::PostgresStore;
use super::append::uuid;
use super::invitations::{Done, OF_KEYS, read_one};
use super::pool::transact;
use super::reach::{Reach, Transaction};
use super::suppressions::suppressed_of;
use crate::auth::SiteScope;
use crate::store::invitation::Invitation;
use crate::store::{Hash, Result};

/// Most rows of one statement.
const SLICE_LEN: usize = 500;

const ADD: &str = "
    INSERT INTO survey_invitations (
      site, key, id, survey, channel, rule, order_ref, ticket, subject, person, address, locale, state, reason, tries,
      due_at_ms, expires_at_ms, created_at_ms, sent_at_ms, answered_at_ms)
    SELECT $1::text, * FROM unnest(
      $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[], $10::bytea[],
      $11::text[], $12::text[], $13::text[], $14::text[], $15::int[], $16::bigint[], $17::bigint[], $18::bigint[],
      $19::bigint[], $20::bigint[])
    ON CONFLICT DO NOTHING";

impl PostgresStore {
    pub(in crate::store) async fn invite_all(
        &self,
        scope: &SiteScope,
        invitations: &[Invitation],
    ) -> Result<Vec<Invitation>> {
        transact!(self.writers, Reach::of(scope), |transaction, _| add_all(
            transaction,
            scope.site(),
            invitations
        ))
    }
}

async fn add_all(
    transaction: &Transaction<'_>,
    site: &str,
    invitations: &[Invitation],
) -> Done<Vec<Invitation>> {
    put_all(transaction, site, &invitations.iter().collect::<Vec<_>>()).await?;
    let mut kept: HashMap<String, Invitation> = HashMap::with_capacity(invitations.len());
    for slice in invitations.chunks(SLICE_LEN) {
        let keys: Vec<&str> = slice.iter().map(|invitation| &*invitation.key).collect();
        for row in transaction.query(OF_KEYS, &[&site, &keys]).await? {
            let invitation = read_one(&row)?;
            kept.insert(invitation.key.clone(), invitation);
        }
    }
    // What somebody else takes away in between was made, and is told as it was wished for.
    let of = |wished: &Invitation| kept.get(&wished.key).unwrap_or(wished).clone();
    Ok(invitations.iter().map(of).collect())
}

/// Adds those whose key the site does not have.
pub(super) async fn put_all(
    transaction: &Transaction<'_>,
    site: &str,
    invitations: &[&Invitation],
) -> Done<()> {
    let mut invitations = invitations.to_vec();
    // Two who invite the same people wait for each other in one order; of one key, the first stays the first.
    invitations.sort_by(|a, b| a.key.cmp(&b.key));
    for slice in invitations.chunks(SLICE_LEN) {
        put(transaction, site, slice).await?;
    }
    Ok(())
}

async fn put(transaction: &Transaction<'_>, site: &str, invitations: &[&Invitation]) -> Done<()> {
    let people: Vec<&[u8]> =
        invitations.iter().filter_map(|one| Some(one.person.as_ref()?.as_slice())).collect();
    let suppressed = suppressed_of(transaction, site, &people).await?;
    let as_kept = |one: &&Invitation| {
        let reason = one.person.and_then(|person| suppressed.get(&person)).copied();
        (*one).clone().unless_suppressed(reason)
    };
    let all: Vec<Invitation> = invitations.iter().map(as_kept).collect();
    let texts = |of: fn(&Invitation) -> &str| -> Vec<&str> { all.iter().map(of).collect() };
    let some = |of: fn(&Invitation) -> Option<&str>| -> Vec<Option<&str>> { all.iter().map(of).collect() };
    let hashes = |of: fn(&Invitation) -> Option<&Hash>| -> Vec<Option<&[u8]>> {
        all.iter().map(|one| of(one).map(Hash::as_slice)).collect()
    };
    let moments = |of: fn(&Invitation) -> Millis| -> Vec<Millis> { all.iter().map(of).collect() };
    let ends =
        |of: fn(&Invitation) -> Option<Millis>| -> Vec<Option<Millis>> { all.iter().map(of).collect() };
    let ids: Vec<Uuid> = all.iter().map(|one| uuid(one.id)).collect();
    let tries: Vec<i32> = all.iter().map(|one| i32::try_from(one.tries).unwrap_or(i32::MAX)).collect();
    let columns: [&(dyn ToSql + Sync); 20] = [
        &site,
        &texts(|one| &one.key),
        &ids,
        &texts(|one| &one.survey),
        &texts(|one| one.channel.as_str()),
        &some(|one| one.rule.as_deref()),
        &some(|one| one.order_ref.as_deref()),
        &some(|one| one.ticket.as_deref()),
        &hashes(|one| one.subject.as_ref()),
        &hashes(|one| one.person.as_ref()),
        &some(|one| one.address.as_deref()),
        &some(|one| one.locale.as_deref()),
        &texts(|one| one.state.as_str()),
        &texts(|one| &one.reason),
        &tries,
        &moments(|one| one.due_at),
        &moments(|one| one.expires_at),
        &moments(|one| one.created_at),
        &ends(|one| one.sent_at),
        &ends(|one| one.answered_at),
    ];
    let statement = transaction.prepare_cached(ADD).await?;
    transaction.execute(&statement, &columns).await?;
    Ok(())
}
