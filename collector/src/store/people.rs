//! Who works with a collector: accounts and their roles, sessions, tokens, invitations, and what was done by whom.

use parere_shared::time::Millis;

use crate::auth::{Action, Rights, Role};

/// SHA-256 of a secret that its holder shows: of a session's cookie, a token, the key in a link.
pub type Hash = [u8; 32];

/// A person who signs in with an e-mail address and a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Lower case; it is what an account goes by.
    pub email: String,
    /// Argon2id as a PHC string; `None` until the person has chosen a password.
    pub password: Option<String>,
    /// May it not sign in?
    pub is_disabled: bool,
    /// When it was made.
    pub created_at: Millis,
    /// What it may do, by site.
    pub memberships: Vec<Membership>,
}

/// A role at one site or at all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// Key of the site; `None` for every site, and for the collector as a whole.
    pub site: Option<String>,
    /// The role.
    pub role: Role,
}

/// What can change about an account. A new password and the end of an account end its sessions and links, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountChange {
    /// A new password, as a PHC string.
    Password(String),
    /// It signs in no more.
    Disable,
    /// It may sign in again.
    Enable,
}

/// Somebody signed in on the dashboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Of the cookie.
    pub hash: Hash,
    /// The account's e-mail address, or the administrator's name.
    pub account: String,
    /// The browser, as a person would name it.
    pub browser: String,
    /// When it began.
    pub created_at: Millis,
    /// When it was last seen, give or take a few minutes.
    pub used_at: Millis,
    /// When it ends by itself.
    pub expires_at: Millis,
}

/// Sessions that one account can have: a person's browsers, many times over. The oldest ends for the next.
pub const SESSIONS_MAX: i64 = 50;

/// A program's key to the operators' API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Of the token itself, which is shown once and kept nowhere.
    pub hash: Hash,
    /// What it is called by in lists and in the audit log.
    pub id: String,
    /// What its maker calls it.
    pub name: String,
    /// What it may do.
    pub rights: Rights,
    /// Where it may; everywhere if it is empty.
    pub sites: Vec<String>,
    /// Who made it.
    pub made_by: String,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last shown, give or take a few minutes.
    pub used_at: Option<Millis>,
    /// When it ends by itself.
    pub expires_at: Option<Millis>,
}

/// Something that was done: who, when, what; never any content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When, and a random number that tells what was done in the same millisecond apart.
    pub key: EntryKey,
    /// What kind of caller it was.
    pub kind: ActorKind,
    /// E-mail address, or name and id of a token.
    pub actor: String,
    /// What was done.
    pub action: Action,
    /// Key of the site, where it was done to one.
    pub site: Option<String>,
    /// To what: a slug, an address, the id of a token.
    pub target: String,
}

/// Where an entry stands in the log; later ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryKey {
    /// The moment.
    pub at: Millis,
    /// Apart from others of the same moment.
    pub number: i64,
}

/// Kinds of callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// A person with an account.
    Account,
    /// A program with a token.
    Token,
    /// Whoever holds `PARERE_ADMIN_TOKEN`.
    Administrator,
    /// Somebody at the machine, by the command line.
    Machine,
    /// A shop that is connected.
    Source,
}

impl ActorKind {
    const NAMED: [(Self, &'static str); 5] = [
        (Self::Account, "account"),
        (Self::Token, "token"),
        (Self::Administrator, "administrator"),
        (Self::Machine, "machine"),
        (Self::Source, "source"),
    ];

    /// Its name, as it is kept and shown.
    pub fn name(self) -> &'static str {
        Self::NAMED.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }
}

/// How a site stands in a row: `*` for every one.
pub(super) fn site_in_row(site: Option<&str>) -> &str {
    site.unwrap_or("*")
}

/// The site of a row.
pub(super) fn site_of_row(site: String) -> Option<String> {
    (site != "*").then_some(site)
}

/// How long the log goes back: two years, which answers what an auditor asks and no more.
pub const AUDIT_KEPT_MS: Millis = 730 * parere_shared::time::DAY_MS;

/// Entries that are forgotten with each new one; so the log shrinks and no sign-in waits for it.
pub(super) const FORGOTTEN_MAX: i64 = 100;
