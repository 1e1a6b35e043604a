//! What `parere export` takes.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::StoreOptions;

/// What to export, and where to.
#[derive(Debug, Clone, Args)]
pub struct ExportOptions {
    /// Database.
    #[command(flatten)]
    pub store: StoreOptions,

    /// Key of the site.
    #[arg(long, value_name = "SITE")]
    pub site: String,

    /// Format to write; default: by the file's name, else csv.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<ExportFormat>,

    /// Answers to this survey only.
    #[arg(long, value_name = "SURVEY")]
    pub survey: Option<String>,

    /// Answers received at this moment or later: RFC 3339, or a date (midnight in the site's time zone).
    #[arg(long, value_name = "MOMENT")]
    pub from: Option<String>,

    /// Answers received before this moment.
    #[arg(long, value_name = "MOMENT")]
    pub to: Option<String>,

    /// Answers in this band only, such as detractor.
    #[arg(long, value_name = "BAND")]
    pub band: Option<String>,

    /// Answers that came in this way only, such as inline or email.
    #[arg(long, value_name = "CHANNEL")]
    pub channel: Option<String>,

    /// Answers to the question in this language only, such as it.
    #[arg(long, value_name = "LANGUAGE")]
    pub locale: Option<String>,

    /// Answers with this flag only; `any` for every flag that keeps an answer out of scores.
    #[arg(long, value_name = "FLAG")]
    pub flag: Option<String>,

    /// Answers with this text in the comment only.
    #[arg(short, long = "q", value_name = "TEXT")]
    pub q: Option<String>,

    /// File to write; it appears under its name only when it is complete. Default: standard output.
    ///
    /// A name that ends in `.gz` or `.zst` is compressed on the way (CSV and NDJSON).
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Also write FILE.manifest.json: number of answers, SHA-256 of the file, what was asked for and when.
    #[arg(long, requires = "output")]
    pub manifest: bool,

    /// Go on with FILE.part, which an export left that broke off (CSV and NDJSON).
    #[arg(long, requires = "output")]
    pub resume: bool,

    /// Write a folder with a Parquet file for each day, a view for `DuckDB` and a list of the columns.
    #[arg(long, requires = "output", conflicts_with = "resume", value_name = "BY")]
    pub partition: Option<Partition>,

    /// Leave text that a spreadsheet would run as a formula as it is (CSV only): for programs, not for Excel.
    #[arg(long)]
    pub raw: bool,
}

/// File formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Comma-separated, RFC 4180.
    Csv,
    /// One JSON object a line; the last line holds the row count and the checksum.
    Ndjson,
    /// Typed columns for analysis, compressed.
    Parquet,
    /// A workbook for spreadsheets.
    Xlsx,
}

/// What answers are put apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Partition {
    /// The day on which they were received, in the site's time zone.
    Day,
}
