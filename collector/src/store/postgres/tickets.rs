//! Tickets of help desks.

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::PostgresStore;
use super::append::{hold_places, per_mille};
use super::erase::bury;
use super::failure::Failure;
use super::pool::{read, transact};
use super::reach::{Reach, Reader, Transaction};
use super::sites::{json_column, to_json};
use crate::auth::SiteScope;
use crate::store::ticket::{Rated, Ticket, ticket_of};
use crate::store::tickets::FORGOTTEN_MAX;
use crate::store::tombstone::TombstoneKey;
use crate::store::{Flags, Person, Result};

const KNOWN: &str =
    "SELECT source, ticket, record FROM tickets WHERE site = $1 AND ticket = ANY ($2::text[])";

const BURIED: &str = "SELECT tombstone FROM tombstones WHERE site = $1 AND tombstone = ANY ($2::bytea[])";

const WRITE: &str = "
    INSERT INTO tickets (site, source, ticket, began_at_ms, subject, order_ref, record)
    SELECT $1::text, * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bytea[], $6::text[], $7::text[])
    ON CONFLICT (site, source, ticket) DO UPDATE SET
      began_at_ms = excluded.began_at_ms, subject = excluded.subject, order_ref = excluded.order_ref,
      record = excluded.record";

const BEGUN: &str = "
    SELECT source, ticket, record FROM tickets WHERE site = $1 AND began_at_ms >= $2 AND began_at_ms < $3
    ORDER BY began_at_ms DESC LIMIT $4";

/// The latest rows are read before any is left out: their number bounds the work, whatever they are.
const RATED: &str = "
    SELECT id, instrument, score, counted_per_mille, received_at_ms, subject, attributes FROM (
      SELECT id, instrument, score, counted_per_mille, received_at_ms, subject, attributes, seq,
        test OR ((flags & $6) = 0 AND (flags & $7) <> 0) AS is_excluded
      FROM responses WHERE site = $1 AND survey = $2 AND received_at_ms >= $3 AND received_at_ms < $4
      ORDER BY received_at_ms DESC, seq DESC LIMIT $5) AS latest
    WHERE NOT is_excluded ORDER BY received_at_ms DESC, seq DESC";

const OF_PERSON: &str = "
    SELECT source, ticket, record FROM tickets WHERE site = $1 AND (subject = $2 OR order_ref = $3)";

const ERASE: &str = "DELETE FROM tickets WHERE site = $1 AND source = $2 AND ticket = $3";

const OLD: &str = "SELECT source, ticket FROM tickets WHERE site = $1 AND began_at_ms < $2 LIMIT $3";

const HOURS: &str = "SELECT hours FROM desks WHERE site = $1";

const SET_HOURS: &str = "
    INSERT INTO desks (site, hours) VALUES ($1, $2) ON CONFLICT (site) DO UPDATE SET hours = excluded.hours";

impl PostgresStore {
    pub(in crate::store) async fn join_tickets(
        &self,
        scope: &SiteScope,
        heard: &[Ticket],
    ) -> Result<Vec<Ticket>> {
        let key = &self.tombstones;
        transact!(self.writers, Reach::of(scope), |transaction, _| join(
            transaction,
            key,
            scope.site(),
            heard
        ))
    }

    pub(in crate::store) async fn tickets_begun(
        &self,
        scope: &SiteScope,
        from: Millis,
        to: Millis,
        limit: usize,
    ) -> Result<Vec<Ticket>> {
        let (site, limit) = (scope.site(), i64::try_from(limit).unwrap_or(i64::MAX));
        let rows: Result<Vec<Ticket>> = read!(self.readers, Reach::of(scope), |reader| tickets(
            reader,
            BEGUN,
            &[&site, &from, &to, &limit]
        ));
        let mut found = rows?;
        found.sort_by_cached_key(|ticket| (-ticket.began_at(), ticket.source.clone(), ticket.id.clone()));
        Ok(found)
    }

    pub(in crate::store) async fn rated(
        &self,
        scope: &SiteScope,
        survey: &str,
        from: Millis,
        to: Millis,
        among: usize,
    ) -> Result<Vec<Rated>> {
        let (site, among) = (scope.site(), i64::try_from(among).unwrap_or(i64::MAX));
        let (included, excluding) = (i64::from(Flags::INCLUDED.0), i64::from(Flags::EXCLUDING.0));
        read!(self.readers, Reach::of(scope), |reader| rated(
            reader,
            &[&site, &survey, &from, &to, &among, &included, &excluding]
        ))
    }

    pub(in crate::store) async fn tickets_of(
        &self,
        scope: &SiteScope,
        person: &Person,
    ) -> Result<Vec<Ticket>> {
        let (site, subject) = (scope.site(), person.subject.as_ref().map(<[u8; 32]>::as_slice));
        let rows: Result<Vec<Ticket>> = read!(self.readers, Reach::of(scope), |reader| tickets(
            reader,
            OF_PERSON,
            &[&site, &subject, &person.order_ref]
        ));
        let mut found = rows?;
        found.sort_by_cached_key(|ticket| (ticket.began_at(), ticket.source.clone(), ticket.id.clone()));
        Ok(found)
    }

    pub(in crate::store) async fn erase_tickets_of(
        &self,
        scope: &SiteScope,
        person: &Person,
        now: Millis,
    ) -> Result<u64> {
        // Looked up before the transaction that may run twice: the second run says as many as the first.
        let found = self.tickets_of(scope, person).await?;
        let key = &self.tombstones;
        let erased: Result<()> = transact!(self.writers, Reach::of(scope), |transaction, _| erase(
            transaction,
            key,
            scope.site(),
            &found,
            now
        ));
        erased.map(|()| found.len() as u64)
    }

    pub(in crate::store) async fn forget_tickets(&self, scope: &SiteScope, before: Millis) -> Result<u64> {
        transact!(self.writers, Reach::of(scope), |transaction, _| forget(transaction, scope.site(), before))
    }

    pub(in crate::store) async fn desk_hours(&self, scope: &SiteScope) -> Result<Option<String>> {
        let site = scope.site();
        read!(self.readers, Reach::of(scope), |reader| hours(reader, site))
    }

    pub(in crate::store) async fn set_desk_hours(&self, scope: &SiteScope, hours: &str) -> Result<()> {
        transact!(self.writers, Reach::of(scope), |transaction, _| set_hours(
            transaction,
            scope.site(),
            hours
        ))
    }
}

type Done<T> = std::result::Result<T, Failure>;

async fn join(
    transaction: &Transaction<'_>,
    key: &TombstoneKey,
    site: &str,
    heard: &[Ticket],
) -> Done<Vec<Ticket>> {
    // One at a time of each site: nobody else joins the same ticket between the look and the end.
    hold_places(transaction, site, 0).await?;
    let ids: Vec<&str> = heard.iter().map(|news| news.id.as_str()).collect();
    let rows = transaction.query(KNOWN, &[&site, &ids]).await?;
    let known = rows.iter().map(read_ticket).collect::<Done<Vec<_>>>()?;
    let tombstone = |ticket: &Ticket| key.of_ticket(site, &ticket.source, &ticket.id).to_vec();
    let tombstones: Vec<Vec<u8>> = heard.iter().map(tombstone).collect();
    let rows = transaction.query(BURIED, &[&site, &tombstones]).await?;
    let buried = rows.iter().map(|row| row.try_get(0)).collect::<std::result::Result<Vec<Vec<u8>>, _>>()?;
    let mut joined: Vec<Ticket> = Vec::new();
    for news in heard.iter().filter(|news| !buried.contains(&tombstone(news))) {
        let is_it = |ticket: &Ticket| ticket.source == news.source && ticket.id == news.id;
        if let Some(ticket) = joined.iter_mut().find(|ticket| is_it(ticket)) {
            ticket.join(news.clone());
            continue;
        }
        let mut ticket = known.iter().find(|ticket| is_it(ticket)).unwrap_or(news).clone();
        ticket.join(news.clone());
        joined.push(ticket);
    }
    write(transaction, site, &joined).await?;
    Ok(joined)
}

async fn write(transaction: &Transaction<'_>, site: &str, tickets: &[Ticket]) -> Done<()> {
    if tickets.is_empty() {
        return Ok(());
    }
    let texts = |of: for<'t> fn(&'t Ticket) -> &'t str| -> Vec<&str> { tickets.iter().map(of).collect() };
    let (sources, ids) = (texts(|ticket| &ticket.source), texts(|ticket| &ticket.id));
    let began: Vec<Millis> = tickets.iter().map(Ticket::began_at).collect();
    let subject = |ticket: &Ticket| ticket.subject.map(|(_, subject)| subject.to_vec());
    let subjects: Vec<Option<Vec<u8>>> = tickets.iter().map(subject).collect();
    let order = |ticket: &Ticket| ticket.order_ref.clone().map(|(_, order)| order);
    let orders: Vec<Option<String>> = tickets.iter().map(order).collect();
    let records = tickets.iter().map(to_json).collect::<Done<Vec<String>>>()?;
    transaction.execute(WRITE, &[&site, &sources, &ids, &began, &subjects, &orders, &records]).await?;
    Ok(())
}

async fn erase(
    transaction: &Transaction<'_>,
    key: &TombstoneKey,
    site: &str,
    found: &[Ticket],
    now: Millis,
) -> Done<()> {
    hold_places(transaction, site, 0).await?;
    let mut tombstones = Vec::with_capacity(found.len());
    for ticket in found {
        transaction.execute(ERASE, &[&site, &ticket.source, &ticket.id]).await?;
        tombstones.push(key.of_ticket(site, &ticket.source, &ticket.id).to_vec());
    }
    bury(transaction, site, &tombstones, now).await
}

async fn forget(transaction: &Transaction<'_>, site: &str, before: Millis) -> Done<u64> {
    let old = transaction.query(OLD, &[&site, &before, &FORGOTTEN_MAX]).await?;
    for row in &old {
        let (source, ticket): (&str, &str) = (row.try_get(0)?, row.try_get(1)?);
        transaction.execute(ERASE, &[&site, &source, &ticket]).await?;
    }
    Ok(old.len() as u64)
}

async fn tickets(reader: Reader<'_>, text: &str, parameters: &[&(dyn ToSql + Sync)]) -> Done<Vec<Ticket>> {
    reader.query(text, parameters).await?.iter().map(read_ticket).collect()
}

async fn rated(reader: Reader<'_>, parameters: &[&(dyn ToSql + Sync)]) -> Done<Vec<Rated>> {
    let rows = reader.query(RATED, parameters).await?.iter().map(read_rated).collect::<Done<Vec<_>>>()?;
    let is_tied = |rated: &Rated| rated.ticket.is_some() || rated.subject.is_some();
    Ok(rows.into_iter().filter(is_tied).collect())
}

async fn hours(reader: Reader<'_>, site: &str) -> Done<Option<String>> {
    let rows = reader.query(HOURS, &[&site]).await?;
    Ok(rows.first().map(|row| row.try_get(0)).transpose()?)
}

async fn set_hours(transaction: &Transaction<'_>, site: &str, hours: &str) -> Done<()> {
    transaction.execute(SET_HOURS, &[&site, &hours]).await?;
    Ok(())
}

fn read_ticket(row: &Row) -> Done<Ticket> {
    let ticket: Ticket = json_column(row, 2)?;
    Ok(Ticket { source: row.try_get(0)?, id: row.try_get(1)?, ..ticket })
}

fn read_rated(row: &Row) -> Done<Rated> {
    let id: Uuid = row.try_get(0)?;
    let unknown = || Failure::Unreadable(format!("unknown value {id}"));
    let subject: Option<&[u8]> = row.try_get(5)?;
    let subject = subject.map(<[u8; 32]>::try_from).transpose().map_err(|_| unknown())?;
    Ok(Rated {
        id: ResponseId::from_bytes(id.into_bytes()).ok_or_else(unknown)?,
        instrument: row.try_get(1)?,
        score: row.try_get(2)?,
        per_mille: per_mille(row.try_get(3)?)?,
        received_at: row.try_get(4)?,
        subject,
        ticket: ticket_of(row.try_get(6)?),
    })
}
