//! `parere tickets import`: a help desk's past, out of the CSV file that it exports.

use std::collections::HashMap;
use std::io::{self, Write as _};

use anyhow::{Context as _, ensure};
use csv::StringRecord;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use parere_shared::time::{self, Millis};
use parere_shared::violation::{Rule, Violation};

use super::import::named;
use super::user::record as note;
use super::{open, site_of};
use crate::auth::{Action, SiteScope};
use crate::catalogue;
use crate::clock::Clock;
use crate::config::{TicketsCommand, TicketsImportOptions};
use crate::import::{Table, sentence};
use crate::store::{Site, Ticket, TicketEvent};
use crate::tickets::{self, TICKETS_LEN_MAX, Told};

/// Most lines that are named where several cannot be read.
const NAMED_MAX: usize = 10;

/// What a column can hold.
const FIELDS: [&str; 9] =
    ["ticket", "created", "first_reply", "replies", "solved", "subject", "channel", "tags", "ref"];

/// Does what the command says.
pub async fn run(command: &TicketsCommand, clock: &dyn Clock) -> anyhow::Result<()> {
    let TicketsCommand::Import(options) = command;
    let store = open(options.store.url()?.expose()).await?;
    let site = site_of(&*store, &options.site).await?;
    let tickets = read(Table::open(&options.file)?, options, &site, clock.now())?;
    let scope = SiteScope::at_the_machine(&site.key);
    let (mut stored, mut stopped) = (0, None);
    for batch in tickets.chunks(TICKETS_LEN_MAX) {
        match store.tickets().join_tickets(&scope, batch).await {
            Ok(joined) => stored += joined.len(),
            Err(error) => {
                stopped = Some(error);
                break;
            }
        }
    }
    if stored > 0 {
        let what = format!("{}: {stored} tickets", named(&options.file));
        note(&*store, clock, Action::TicketsImport, Some(&site.key), &what).await?;
    }
    if let Some(error) = stopped {
        return Err(
            anyhow::Error::from(error).context("the import stopped before its end; the same command goes on")
        );
    }
    store.close().await?;
    writeln!(io::stdout(), "{stored} tickets are in {}", site.key)?;
    Ok(())
}

/// Reads all of a file; fails with the first lines that cannot be read.
fn read(
    table: Table,
    options: &TicketsImportOptions,
    site: &Site,
    now: Millis,
) -> anyhow::Result<Vec<Ticket>> {
    let columns = columns(&table.header, &options.map)?;
    let zone = catalogue::zone(&site.zone);
    let (mut tickets, mut broken, mut more) = (Vec::new(), Vec::new(), 0_u64);
    for row in table {
        let (number, cells) = row.context("the file could not be read any further")?;
        let read = match &cells {
            Ok(cells) => Line { cells, columns: &columns, zone: &zone }.ticket(site, now),
            Err(why) => Err(why.clone()),
        };
        match read {
            Ok(ticket) => tickets.push(ticket),
            Err(why) if broken.len() < NAMED_MAX => broken.push(format!("line {number}: {why}")),
            Err(_) => more += 1,
        }
    }
    if more > 0 {
        broken.push(format!("and {more} more"));
    }
    ensure!(broken.is_empty(), "nothing was taken:\n{}", broken.join("\n"));
    Ok(tickets)
}

/// The place of each field that the file has.
fn columns(header: &StringRecord, map: &[(String, String)]) -> anyhow::Result<HashMap<&'static str, usize>> {
    for (field, column) in map {
        ensure!(FIELDS.contains(&field.as_str()), "--map names {field}; fields are {}", FIELDS.join(", "));
        ensure!(header.iter().any(|name| name.trim() == column), "the file has no column {column}");
    }
    let mut columns = HashMap::new();
    for field in FIELDS {
        let column = map.iter().find(|(mapped, _)| mapped == field).map_or(field, |(_, column)| column);
        if let Some(place) = header.iter().position(|name| name.trim() == column) {
            columns.insert(field, place);
        }
    }
    for needed in ["ticket", "created"] {
        ensure!(columns.contains_key(needed), "the file has no column {needed}; say --map {needed}=COLUMN");
    }
    Ok(columns)
}

struct Line<'a> {
    cells: &'a StringRecord,
    columns: &'a HashMap<&'static str, usize>,
    zone: &'a TimeZone,
}

impl Line<'_> {
    /// What stands in a field; none where it is empty.
    fn text(&self, field: &str) -> Option<&str> {
        let cell = self.columns.get(field).and_then(|place| self.cells.get(*place));
        cell.map(str::trim).filter(|text| !text.is_empty())
    }

    fn moment(&self, field: &str, found: &mut Vec<Violation>) -> Option<Millis> {
        let text = self.text(field)?;
        let moment = time::parse(text).or_else(|| local(text, self.zone));
        if moment.is_none() {
            found.push(Violation::new(field, Rule::Format("a moment such as 2026-11-21 10:00")));
        }
        moment
    }

    /// The ticket of the line, or why there is none.
    fn ticket(&self, site: &Site, now: Millis) -> Result<Ticket, String> {
        let mut found = Vec::new();
        if self.text("created").is_none() {
            found.push(Violation::new("created", Rule::Missing));
        }
        let mut told = Told {
            ticket: self.text("ticket").unwrap_or_default().into(),
            subject: self.text("subject").map(Into::into),
            channel: self.text("channel").map(Into::into),
            order_ref: self.text("ref").map(Into::into),
            ..Told::default()
        };
        let tags = self.text("tags").unwrap_or_default().split(',').map(str::trim);
        told.tags = tags.filter(|tag| !tag.is_empty()).map(Into::into).collect();
        for (field, event) in [
            ("created", TicketEvent::Created),
            ("first_reply", TicketEvent::AgentReplied),
            ("solved", TicketEvent::Solved),
        ] {
            told.happened.extend(self.moment(field, &mut found).map(|at| (field, at, event)));
        }
        let first = told.happened.iter().find(|(field, ..)| *field == "first_reply").map(|(_, at, _)| *at);
        let replies = self.text("replies").map_or(Ok(1), str::parse::<u32>);
        if replies.is_err() {
            found.push(Violation::new("replies", Rule::Format("a number")));
        }
        if let Some(first) = first.filter(|_| replies.is_ok_and(|n| n > 1)) {
            // When is not told; that there was another one is what counts.
            told.happened.push(("first_reply", first + 1, TicketEvent::AgentReplied));
        }
        let ticket = tickets::ticket(told, site, now, &mut found);
        if found.is_empty() { Ok(ticket) } else { Err(sentence(&found)) }
    }
}

/// A moment by the clock of a zone.
fn local(text: &str, zone: &TimeZone) -> Option<Millis> {
    let civil: DateTime = text.parse().ok()?;
    Some(civil.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}
