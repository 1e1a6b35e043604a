//! Who may come in, by which secrets, and what they did: a set of verbs, the same for every back end.

use parere_shared::time::Millis;

use super::back_end::{BackEnd, verbs};
use super::{Account, AccountChange, Entry, EntryKey, Hash, Session, Token};
use crate::auth::{Role, SitesScope};

/// The verbs on accounts, sessions, tokens and the log of what was done; comes from `access` of a store.
#[derive(Debug, Clone, Copy)]
pub struct Access<'a>(pub(super) BackEnd<'a>);

verbs! { Access:
    /// Every account, by e-mail address.
    accounts() -> Vec<Account>;
    /// The account of this e-mail address.
    account(email: &str) -> Option<Account>;
    /// Adds an account with its roles; `false` if the address is taken.
    add_account(account: Account) -> bool;
    /// Adds the first account; `false` if there is or was another one, whoever made it at the same time.
    found(account: Account) -> bool;
    /// Changes an account; `false` if there is none.
    change_account(email: &str, change: AccountChange) -> bool;
    /// Gives an account a role at a site, or takes it away; `false` if there is no account.
    set_role(email: &str, site: Option<&str>, role: Option<Role>) -> bool;
    /// Remembers a link by which a person chooses a password, in place of an earlier one.
    add_invitation(invitation: Hash, email: &str, expires: Millis) -> ();
    /// Whose link this is, if it can still be used.
    invitation(invitation: Hash, now: Millis) -> Option<String>;
    /// Uses a link: its account has this password from now on, and every other link and session of it ends.
    take_invitation(invitation: Hash, now: Millis, password: &str) -> Option<String>;
    /// Remembers a signed-in session; forgets those that are over, and the account's oldest beyond [`SESSIONS_MAX`](super::SESSIONS_MAX).
    add_session(session: Session) -> ();
    /// The session of this cookie, if it is not over.
    session(session: Hash, now: Millis) -> Option<Session>;
    /// Every session of an account that is not over, newest first.
    sessions(account: &str, now: Millis) -> Vec<Session>;
    /// Forgets one session of an account.
    remove_session(account: &str, session: Hash) -> ();
    /// Forgets every session of an account but one.
    remove_sessions(account: &str, except: Option<Hash>) -> ();
    /// Adds a token.
    add_token(token: Token) -> ();
    /// The token of this hash, whether it is over or not.
    token(token: Hash) -> Option<Token>;
    /// Every token, oldest first.
    tokens() -> Vec<Token>;
    /// Removes a token; `false` if there is none.
    revoke_token(id: &str) -> bool;
    /// Remembers that a session or token was shown.
    note_use(secret: Hash, now: Millis) -> ();
    /// Writes down what was done, and forgets what is older than [`AUDIT_KEPT_MS`](super::AUDIT_KEPT_MS).
    record(entry: Entry) -> ();
    /// What was done within `reach`, newest first, before `before`.
    audit(reach: &SitesScope, before: Option<EntryKey>, limit: usize) -> Vec<Entry>;
}
