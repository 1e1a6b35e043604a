//! What shall be forgotten.

use clap::Args;

use super::StoreOptions;
use crate::erasure::KnownBy;

/// Whose answers, at which site.
#[derive(Debug, Clone, Args)]
pub struct EraseOptions {
    /// Database.
    #[command(flatten)]
    pub store: StoreOptions,

    /// Key of the site.
    #[arg(long, value_name = "SITE")]
    pub site: String,

    /// What shall be erased.
    #[command(flatten)]
    pub what: ErasedOptions,

    /// By what the person is known: subject, ref (an order), either, or email. Needed only where answers are found both
    /// ways.
    #[arg(long, value_name = "FIELD", value_parser = known_by, requires = "person")]
    pub by: Option<KnownBy>,

    /// Say how many answers it would be, and erase none.
    #[arg(long)]
    pub dry_run: bool,
}

/// One of them.
#[derive(Debug, Clone, Args)]
#[group(required = true, multiple = false)]
pub struct ErasedOptions {
    /// One answer, by its id.
    #[arg(long, value_name = "ID")]
    pub id: Option<String>,

    /// Everything of a person, by your own reference for them.
    #[arg(long, value_name = "REFERENCE")]
    pub person: Option<String>,

    /// Everything of whoever has this e-mail address: in orders, invitations and answers.
    #[arg(long, value_name = "ADDRESS")]
    pub email: Option<String>,
}

fn known_by(text: &str) -> Result<KnownBy, &'static str> {
    KnownBy::parse(text).ok_or("must be subject, ref, either or email")
}
