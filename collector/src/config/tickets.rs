//! Tickets from a file, for a past that nobody has sent.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::StoreOptions;

/// What can be done about tickets.
#[derive(Debug, Subcommand)]
pub enum TicketsCommand {
    /// Take tickets out of a CSV file: a line for each, or nothing at all if one of them cannot be read.
    Import(TicketsImportOptions),
}

/// Which file, whose tickets, and what its columns are called.
#[derive(Debug, Clone, Args)]
pub struct TicketsImportOptions {
    /// Database.
    #[command(flatten)]
    pub store: StoreOptions,

    /// The file, with the names of its columns in the first line.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Key of the site.
    #[arg(long, value_name = "KEY")]
    pub site: String,

    /// What a column is called: `created="Created at"`. Fields are ticket, created, `first_reply`, replies,
    /// solved, subject, channel, tags and ref; a field without this is looked for under its own name, and ticket and created
    /// have to be there. Moments are RFC 3339, or `2026-11-21 10:00` by the clock of the site's zone; tags have commas
    /// between them.
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = pair)]
    pub map: Vec<(String, String)>,
}

fn pair(text: &str) -> Result<(String, String), &'static str> {
    let (field, column) = text.split_once('=').ok_or("must be a field, = and a column")?;
    Ok((field.trim().into(), column.trim().into()))
}
