//! People and tokens, from the command line: for the first ones, for the forgotten ones, and for scripts.

use clap::{Args, Subcommand};

use super::StoreOptions;
use crate::auth::Role;

/// What can be done about people.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Make an account; its password is asked for, or read from standard input.
    Create {
        /// Whose it is, and with which role.
        #[command(flatten)]
        place: RoleOptions,
        /// What it may do.
        #[arg(long, value_name = "ROLE", default_value = "owner")]
        role: Role,
    },
    /// List every account with its roles.
    List {
        /// Database.
        #[command(flatten)]
        store: StoreOptions,
    },
    /// Set another password, asked for or read from standard input, and end every session.
    Password(AccountOptions),
    /// Close an account and end every session.
    Disable(AccountOptions),
    /// Open an account again.
    Enable(AccountOptions),
    /// Give a role, or take it away.
    Role {
        /// Whose, and where.
        #[command(flatten)]
        place: RoleOptions,
        /// viewer, editor, owner or none.
        #[arg(value_name = "ROLE", value_parser = role_or_none)]
        role: RoleOrNone,
    },
}

/// A role, or that there shall be none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoleOrNone(pub Option<Role>);

fn role_or_none(text: &str) -> Result<RoleOrNone, &'static str> {
    match text {
        "none" => Ok(RoleOrNone(None)),
        _ => Role::parse(text)
            .map(|role| RoleOrNone(Some(role)))
            .ok_or("must be viewer, editor, owner or none"),
    }
}

/// Which account.
#[derive(Debug, Clone, Args)]
pub struct AccountOptions {
    /// Database.
    #[command(flatten)]
    pub store: StoreOptions,
    /// E-mail address of the account.
    #[arg(value_name = "EMAIL")]
    pub email: String,
}

/// Which account, and where it has a role.
#[derive(Debug, Clone, Args)]
pub struct RoleOptions {
    /// Which account.
    #[command(flatten)]
    pub account: AccountOptions,
    /// Key of the site where the role holds. Default: at every site, and over the collector itself.
    #[arg(long, value_name = "SITE")]
    pub site: Option<String>,
}

/// What can be done about tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token and print it, this once.
    Create {
        /// Database.
        #[command(flatten)]
        store: StoreOptions,
        /// What it is for.
        #[arg(value_name = "NAME")]
        name: String,
        /// What it may: read, export, write, admin. Several with commas.
        #[arg(long, value_name = "SCOPES", required = true, value_delimiter = ',')]
        scopes: Vec<String>,
        /// Keys of the sites that it is bound to, with commas. Default: every site.
        #[arg(long, value_name = "SITES", value_delimiter = ',')]
        sites: Vec<String>,
        /// Days after which it ends by itself. Default: never.
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3_650))]
        days: Option<u32>,
    },
    /// List every token: what it is called by, and what it may.
    List {
        /// Database.
        #[command(flatten)]
        store: StoreOptions,
    },
    /// End a token at once.
    Revoke {
        /// Database.
        #[command(flatten)]
        store: StoreOptions,
        /// What it is called by in the list.
        #[arg(value_name = "ID")]
        id: String,
    },
}
