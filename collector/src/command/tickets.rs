//! `parere tickets import`: a help desk's past, out of the CSV file that it exports.

use std::collections::HashMap;
use std::io::{self, Write as _};

use anyhow::{Context as _, ensure};
use csv::StringRecord;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use parere_shared::limit::FIELD_CHARS_MAX;
use parere_shared::time::{self, Millis};

use super::open;
use crate::auth::SiteScope;
use crate::catalogue;
use crate::config::{TicketsCommand, TicketsImportOptions};
use crate::ingest::record::subject_hash;
use crate::store::{Site, Ticket, TicketEvent};

/// As it is kept: the same as what comes over the API, so that a desk can send what follows.
const SOURCE: &str = "tickets";

/// Most tickets in one transaction.
const BATCH_LEN: usize = 500;

/// Most lines that are named where several cannot be read.
const NAMED_MAX: usize = 10;

/// What a column can hold.
const FIELDS: [&str; 9] =
    ["ticket", "created", "first_reply", "replies", "solved", "subject", "channel", "tags", "ref"];

/// Does what the command says.
pub async fn run(command: &TicketsCommand) -> anyhow::Result<()> {
    let TicketsCommand::Import(options) = command;
    let store = open(options.store.url()?.expose()).await?;
    let site = store.sites().await?.into_iter().find(|site| site.key == options.site);
    let site = site.with_context(|| format!("there is no site {}", options.site))?;
    let file = std::fs::File::open(&options.file)
        .with_context(|| format!("could not open {}", options.file.display()))?;
    let tickets = read(file, options, &site)?;
    let scope = SiteScope::at_the_machine(&site.key);
    let mut stored = 0;
    for batch in tickets.chunks(BATCH_LEN) {
        stored += store.tickets().join_tickets(&scope, batch).await?.len();
    }
    store.close().await?;
    writeln!(io::stdout(), "{stored} tickets are in {}", site.key)?;
    Ok(())
}

/// Reads all of a file; fails with the first lines that cannot be read.
fn read(file: impl io::Read, options: &TicketsImportOptions, site: &Site) -> anyhow::Result<Vec<Ticket>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(file);
    let columns = columns(reader.headers()?, &options.map)?;
    let zone = catalogue::zone(&site.zone);
    let (mut tickets, mut broken) = (Vec::new(), Vec::new());
    for (n, row) in reader.records().enumerate() {
        let row = row.context("the file is no CSV")?;
        match ticket(&Line { row: &row, columns: &columns, zone: &zone }, site) {
            Ok(ticket) => tickets.push(ticket),
            // The first line has the names.
            Err(why) => broken.push(format!("line {}: {why}", n + 2)),
        }
    }
    let more = broken.len().saturating_sub(NAMED_MAX);
    broken.truncate(NAMED_MAX);
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
        ensure!(header.iter().any(|name| name == column), "the file has no column {column}");
    }
    let mut columns = HashMap::new();
    for field in FIELDS {
        let column = map.iter().find(|(mapped, _)| mapped == field).map_or(field, |(_, column)| column);
        if let Some(place) = header.iter().position(|name| name == column) {
            columns.insert(field, place);
        }
    }
    for needed in ["ticket", "created"] {
        ensure!(columns.contains_key(needed), "the file has no column {needed}; say --map {needed}=COLUMN");
    }
    Ok(columns)
}

struct Line<'a> {
    row: &'a StringRecord,
    columns: &'a HashMap<&'static str, usize>,
    zone: &'a TimeZone,
}

impl Line<'_> {
    /// What stands in a field; none where it is empty.
    fn text(&self, field: &str) -> anyhow::Result<Option<&str>> {
        let text =
            self.columns.get(field).and_then(|place| self.row.get(*place)).filter(|text| !text.is_empty());
        let is_short = text.is_none_or(|text| text.chars().count() <= FIELD_CHARS_MAX);
        ensure!(is_short, "{field} has more than {FIELD_CHARS_MAX} characters");
        Ok(text)
    }

    fn moment(&self, field: &str) -> anyhow::Result<Option<Millis>> {
        let Some(text) = self.text(field)? else { return Ok(None) };
        let moment = time::parse(text).or_else(|| local(text, self.zone));
        Ok(Some(moment.with_context(|| format!("{field} is no moment: {text}"))?))
    }
}

/// A moment by the clock of a zone.
fn local(text: &str, zone: &TimeZone) -> Option<Millis> {
    let civil: DateTime = text.parse().ok()?;
    Some(civil.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

fn ticket(line: &Line<'_>, site: &Site) -> anyhow::Result<Ticket> {
    let id = line.text("ticket")?.context("ticket is empty")?;
    let created = line.moment("created")?.context("created is empty")?;
    let mut ticket = Ticket::heard(SOURCE, id, TicketEvent::Created, created);
    if let Some(replied) = line.moment("first_reply")? {
        ticket.happened.insert((replied, TicketEvent::AgentReplied));
        let replies =
            line.text("replies")?.map_or(Ok(1), str::parse::<u32>).context("replies is no number")?;
        if replies > 1 {
            // When is not told; that there was another one is what counts.
            ticket.happened.insert((replied + 1, TicketEvent::AgentReplied));
        }
    }
    if let Some(solved) = line.moment("solved")? {
        ticket.happened.insert((solved, TicketEvent::Solved));
    }
    let since = |text: &str| (created, text.to_owned());
    ticket.channel = line.text("channel")?.map(since);
    ticket.order_ref = line.text("ref")?.map(since);
    let tags = line.text("tags")?.unwrap_or_default().split(',').map(str::trim).filter(|tag| !tag.is_empty());
    let tags: Vec<String> = tags.map(Into::into).collect();
    ticket.tags = (!tags.is_empty()).then_some((created, tags));
    if let Some(subject) = line.text("subject")? {
        let hash = subject_hash(site, subject).map_err(|error| anyhow::anyhow!("{error:?}"))?;
        ticket.subject = Some((created, hash));
    }
    Ok(ticket)
}
