//! Tickets of help desks.

use parere_shared::response::ResponseId;
use parere_shared::time::Millis;
use rusqlite::{
    Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, named_params, params,
};

use super::SqliteStore;
use super::erase::bury;
use super::surveys::{json_column, to_json, unreadable};
use crate::auth::SiteScope;
use crate::store::ticket::{Rated, Ticket, ticket_of};
use crate::store::tickets::FORGOTTEN_MAX;
use crate::store::tombstone::TombstoneKey;
use crate::store::{Flags, Person, Result};

const KNOWN: &str =
    "SELECT source, ticket, record FROM tickets WHERE site = ?1 AND source = ?2 AND ticket = ?3";

const IS_BURIED: &str = "SELECT EXISTS (SELECT 1 FROM tombstones WHERE site = ?1 AND tombstone = ?2)";

const WRITE: &str = "
    INSERT INTO tickets (site, source, ticket, began_at_ms, subject, order_ref, record)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT (site, source, ticket) DO UPDATE SET
      began_at_ms = excluded.began_at_ms, subject = excluded.subject, order_ref = excluded.order_ref,
      record = excluded.record";

const BEGUN: &str = "
    SELECT source, ticket, record FROM tickets WHERE site = ?1 AND began_at_ms >= ?2 AND began_at_ms < ?3
    ORDER BY began_at_ms DESC, source, ticket LIMIT ?4";

/// The latest rows are read before any is left out: their number bounds the work, whatever they are.
const RATED: &str = "
    SELECT id, instrument, score, counted_per_mille, received_at_ms, subject, attributes FROM (
      SELECT id, instrument, score, counted_per_mille, received_at_ms, subject, attributes, seq,
        test OR (flags & :included = 0 AND flags & :excluding != 0) AS is_excluded
      FROM responses WHERE site = :site AND survey = :survey AND received_at_ms >= :from AND received_at_ms < :to
      ORDER BY received_at_ms DESC, seq DESC LIMIT :among)
    WHERE NOT is_excluded ORDER BY received_at_ms DESC, seq DESC";

const OF_PERSON: &str = "
    SELECT source, ticket, record FROM tickets WHERE site = ?1 AND (subject = ?2 OR order_ref = ?3)
    ORDER BY began_at_ms, source, ticket";

const ERASE: &str = "DELETE FROM tickets WHERE site = ?1 AND source = ?2 AND ticket = ?3";

const FORGET: &str = "
    DELETE FROM tickets WHERE site = ?1 AND (source, ticket) IN (
      SELECT source, ticket FROM tickets WHERE site = ?1 AND began_at_ms < ?2 LIMIT ?3)";

const HOURS: &str = "SELECT hours FROM desks WHERE site = ?1";

const SET_HOURS: &str = "
    INSERT INTO desks (site, hours) VALUES (?1, ?2) ON CONFLICT (site) DO UPDATE SET hours = excluded.hours";

impl SqliteStore {
    pub(in crate::store) async fn join_tickets(
        &self,
        scope: &SiteScope,
        heard: &[Ticket],
    ) -> Result<Vec<Ticket>> {
        self.refuse_nearly_full()?;
        let (site, key, heard) = (scope.site().to_owned(), self.tombstones.clone(), heard.to_vec());
        self.writer.run(move |connection| join(connection, &key, &site, heard.clone())).await
    }

    pub(in crate::store) async fn tickets_begun(
        &self,
        scope: &SiteScope,
        from: Millis,
        to: Millis,
        limit: usize,
    ) -> Result<Vec<Ticket>> {
        let (site, limit) = (scope.site().to_owned(), i64::try_from(limit).unwrap_or(i64::MAX));
        let rows = move |connection: &mut Connection| {
            connection.prepare_cached(BEGUN)?.query_map(params![site, from, to, limit], read)?.collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn rated(
        &self,
        scope: &SiteScope,
        survey: &str,
        from: Millis,
        to: Millis,
        among: usize,
    ) -> Result<Vec<Rated>> {
        let (site, survey) = (scope.site().to_owned(), survey.to_owned());
        let among = i64::try_from(among).unwrap_or(i64::MAX);
        let rows = move |connection: &mut Connection| {
            let mut statement = connection.prepare_cached(RATED)?;
            let wanted = named_params! {
                ":site": site, ":survey": survey, ":from": from, ":to": to, ":among": among,
                ":included": Flags::INCLUDED.0, ":excluding": Flags::EXCLUDING.0,
            };
            let rows = statement.query_map(wanted, read_rated)?;
            let is_tied = |rated: &Rated| rated.ticket.is_some() || rated.subject.is_some();
            rows.filter(|row| row.as_ref().map_or(true, is_tied)).collect()
        };
        self.readers.run(rows).await
    }

    pub(in crate::store) async fn tickets_of(
        &self,
        scope: &SiteScope,
        person: &Person,
    ) -> Result<Vec<Ticket>> {
        let (site, person) = (scope.site().to_owned(), person.clone());
        self.readers.run(move |connection| of_person(connection, &site, &person)).await
    }

    pub(in crate::store) async fn erase_tickets_of(
        &self,
        scope: &SiteScope,
        person: &Person,
        now: Millis,
    ) -> Result<u64> {
        let (site, key, person) = (scope.site().to_owned(), self.tombstones.clone(), person.clone());
        self.writer.run(move |connection| erase(connection, &key, &site, &person, now)).await
    }

    pub(in crate::store) async fn forget_tickets(&self, scope: &SiteScope, before: Millis) -> Result<u64> {
        let site = scope.site().to_owned();
        self.writer
            .run(move |connection| {
                Ok(connection.execute(FORGET, params![site, before, FORGOTTEN_MAX])? as u64)
            })
            .await
    }

    pub(in crate::store) async fn desk_hours(&self, scope: &SiteScope) -> Result<Option<String>> {
        let site = scope.site().to_owned();
        self.readers
            .run(move |connection| connection.query_row(HOURS, [&site], |row| row.get(0)).optional())
            .await
    }

    pub(in crate::store) async fn set_desk_hours(&self, scope: &SiteScope, hours: &str) -> Result<()> {
        let (site, hours) = (scope.site().to_owned(), hours.to_owned());
        self.writer.run(move |connection| connection.execute(SET_HOURS, [&site, &hours]).map(|_| ())).await
    }
}

fn join(
    connection: &mut Connection,
    key: &TombstoneKey,
    site: &str,
    heard: Vec<Ticket>,
) -> rusqlite::Result<Vec<Ticket>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut joined: Vec<Ticket> = Vec::new();
    for news in heard {
        let known = joined.iter_mut().find(|known| known.source == news.source && known.id == news.id);
        match known {
            Some(known) => known.join(news),
            None => match known_before(&transaction, key, site, &news)? {
                Known::Erased => {}
                Known::Not => joined.push(news),
                Known::As(mut ticket) => {
                    ticket.join(news);
                    joined.push(ticket);
                }
            },
        }
    }
    for ticket in &joined {
        transaction.prepare_cached(WRITE)?.execute(params![
            site,
            ticket.source,
            ticket.id,
            ticket.began_at(),
            ticket.subject.map(|(_, subject)| subject),
            ticket.order_ref.as_ref().map(|(_, order)| order),
            to_json(ticket)?
        ])?;
    }
    transaction.commit()?;
    Ok(joined)
}

#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
enum Known {
    Erased,
    Not,
    As(Ticket),
}

fn known_before(
    transaction: &Transaction<'_>,
    key: &TombstoneKey,
    site: &str,
    news: &Ticket,
) -> rusqlite::Result<Known> {
    let wanted = params![site, news.source, news.id];
    if let Some(ticket) = transaction.prepare_cached(KNOWN)?.query_row(wanted, read).optional()? {
        return Ok(Known::As(ticket));
    }
    let tombstone = key.of_ticket(site, &news.source, &news.id);
    let is_erased: bool =
        transaction.prepare_cached(IS_BURIED)?.query_row(params![site, tombstone], |row| row.get(0))?;
    Ok(if is_erased { Known::Erased } else { Known::Not })
}

fn of_person(connection: &Connection, site: &str, person: &Person) -> rusqlite::Result<Vec<Ticket>> {
    let wanted = params![site, person.subject, person.order_ref];
    connection.prepare_cached(OF_PERSON)?.query_map(wanted, read)?.collect()
}

fn erase(
    connection: &mut Connection,
    key: &TombstoneKey,
    site: &str,
    person: &Person,
    now: Millis,
) -> rusqlite::Result<u64> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = of_person(&transaction, site, person)?;
    for ticket in &found {
        transaction.prepare_cached(ERASE)?.execute(params![site, ticket.source, ticket.id])?;
        bury(&transaction, site, &key.of_ticket(site, &ticket.source, &ticket.id), now)?;
    }
    transaction.commit()?;
    Ok(found.len() as u64)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Ticket> {
    let ticket: Ticket = json_column(row, 2)?;
    Ok(Ticket { source: row.get(0)?, id: row.get(1)?, ..ticket })
}

fn read_rated(row: &Row<'_>) -> rusqlite::Result<Rated> {
    let attributes: String = row.get(6)?;
    Ok(Rated {
        id: ResponseId::from_bytes(row.get(0)?).ok_or_else(|| unreadable(0, "no id of an answer"))?,
        instrument: row.get(1)?,
        score: row.get(2)?,
        per_mille: row.get(3)?,
        received_at: row.get(4)?,
        subject: row.get(5)?,
        ticket: ticket_of(&attributes),
    })
}
