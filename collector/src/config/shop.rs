//! Sites and surveys as files.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::StoreOptions;

/// What can be done about sites.
#[derive(Debug, Subcommand)]
pub enum SiteCommand {
    /// List every site: its key, its name, its time zone, and how many surveys it has.
    List {
        /// Database.
        #[command(flatten)]
        store: StoreOptions,
    },
    /// Write a site with all its surveys as JSON. There is nothing secret in it, and no answer.
    Export {
        /// Which site.
        #[command(flatten)]
        shop: ShopOptions,
        /// File to write. Default: standard output.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Make a site and its surveys as a file says, or change what is otherwise; what is not in the file stays.
    Import {
        /// Database; it is made if there is none.
        #[command(flatten)]
        store: StoreOptions,
        /// File that parere site export wrote, or alike.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Say what would be changed, without doing it.
        #[arg(long)]
        dry_run: bool,
    },
}

/// What can be done about surveys.
#[derive(Debug, Subcommand)]
pub enum SurveyCommand {
    /// List the surveys of a site: slug, state, metric and languages.
    List(ShopOptions),
    /// Write surveys as JSON.
    Export {
        /// Of which site.
        #[command(flatten)]
        shop: ShopOptions,
        /// Which survey. Default: all of them.
        #[arg(value_name = "SURVEY")]
        survey: Option<String>,
        /// File to write. Default: standard output.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Make surveys as a file says, or change what is otherwise; what is not in the file stays.
    Import {
        /// Of which site.
        #[command(flatten)]
        shop: ShopOptions,
        /// File that parere survey export or parere site export wrote, or alike.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Say what would be changed, without doing it.
        #[arg(long)]
        dry_run: bool,
    },
}

/// Which site.
#[derive(Debug, Clone, Args)]
pub struct ShopOptions {
    /// Database.
    #[command(flatten)]
    pub store: StoreOptions,
    /// Key of the site.
    #[arg(long, value_name = "SITE")]
    pub site: String,
}
