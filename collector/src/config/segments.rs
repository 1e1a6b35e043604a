//! Lists of people from a CRM.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::StoreOptions;
use super::import::{Mapping, listed_mapping};

/// What can be done about segments.
#[derive(Debug, Subcommand)]
pub enum SegmentsCommand {
    /// Take what a list says of people out of a CSV file, as a CRM exports it: it is added to the attributes of their
    /// later answers.
    Import(SegmentsImportOptions),
}

/// Which file, whose people, and what its columns mean.
#[derive(Debug, Clone, Args)]
pub struct SegmentsImportOptions {
    /// Database.
    #[command(flatten)]
    pub store: StoreOptions,

    /// Key of the site.
    #[arg(long, value_name = "SITE")]
    pub site: String,

    /// The file, with the names of its columns in the first line.
    #[arg(long, value_name = "FILE")]
    pub file: PathBuf,

    /// What the columns mean: `subject=Customer ID,attribute.plan=Plan`.
    ///
    /// Fields are subject, the shop's reference for the person as answers have it; or email, an address with which the
    /// person has ordered from a connected shop; and `attribute.NAME`. An empty cell takes the attribute away, and
    /// attributes that the file does not have stay as they were.
    #[arg(long, value_name = "FIELD=COLUMN,…", value_parser = listed_mapping, required = true)]
    pub map: Vec<Mapping>,

    /// Read all of it and say what would be done, without doing it.
    #[arg(long)]
    pub dry_run: bool,

    /// File for what is refused, each with the reason; it is overwritten.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
}
