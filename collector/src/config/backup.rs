//! Where a copy of the database goes, and where it comes back from.

use std::path::PathBuf;

use clap::Args;

use super::StoreOptions;

/// Where the copy goes.
#[derive(Debug, Clone, Args)]
pub struct BackupOptions {
    /// Database.
    #[command(flatten)]
    pub store: StoreOptions,

    /// File to write. It appears under its name when it is complete, verified and on disk; nothing is overwritten.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// Where the copy comes from.
#[derive(Debug, Clone, Args)]
pub struct RestoreOptions {
    /// Database: the place where the copy goes.
    #[command(flatten)]
    pub store: StoreOptions,

    /// File that parere backup wrote.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Take the place of a database that is there; that one is kept beside, under a name that says when.
    #[arg(long)]
    pub replace: bool,
}
