//! Accounts, sessions, tokens and the log of what was done.

use parere_shared::time::Millis;

use super::SqliteStore;
use super::{accounts, audit, sessions, tokens};
use crate::auth::{Role, SitesScope};
use crate::store::{Account, AccountChange, Entry, EntryKey, Hash, Result, Session, Token};

impl SqliteStore {
    pub(in crate::store) async fn accounts(&self) -> Result<Vec<Account>> {
        self.readers.run(|connection| accounts::all(connection, None)).await
    }

    pub(in crate::store) async fn account(&self, email: &str) -> Result<Option<Account>> {
        let email = email.to_owned();
        let found = self.readers.run(move |connection| accounts::all(connection, Some(&email))).await?;
        Ok(found.into_iter().next())
    }

    pub(in crate::store) async fn add_account(&self, account: Account) -> Result<bool> {
        self.writer.run(move |connection| accounts::add(connection, &account)).await
    }

    pub(in crate::store) async fn found(&self, account: Account) -> Result<bool> {
        self.writer.run(move |connection| accounts::found(connection, &account)).await
    }

    pub(in crate::store) async fn change_account(&self, email: &str, change: AccountChange) -> Result<bool> {
        let email = email.to_owned();
        self.writer.run(move |connection| accounts::change(connection, &email, &change)).await
    }

    pub(in crate::store) async fn set_role(
        &self,
        email: &str,
        site: Option<&str>,
        role: Option<Role>,
    ) -> Result<bool> {
        let (email, site) = (email.to_owned(), site.map(str::to_owned));
        self.writer.run(move |connection| accounts::set_role(connection, &email, site.as_deref(), role)).await
    }

    pub(in crate::store) async fn add_invitation(
        &self,
        invitation: Hash,
        email: &str,
        expires: Millis,
    ) -> Result<()> {
        let email = email.to_owned();
        self.writer.run(move |connection| accounts::invite(connection, &invitation, &email, expires)).await
    }

    pub(in crate::store) async fn invitation(&self, invitation: Hash, now: Millis) -> Result<Option<String>> {
        self.readers.run(move |connection| accounts::invited(connection, &invitation, now)).await
    }

    pub(in crate::store) async fn take_invitation(
        &self,
        invitation: Hash,
        now: Millis,
        password: &str,
    ) -> Result<Option<String>> {
        let password = password.to_owned();
        self.writer.run(move |connection| accounts::accept(connection, &invitation, now, &password)).await
    }

    pub(in crate::store) async fn add_session(&self, session: Session) -> Result<()> {
        self.writer.run(move |connection| sessions::add(connection, &session)).await
    }

    pub(in crate::store) async fn session(&self, session: Hash, now: Millis) -> Result<Option<Session>> {
        self.readers.run(move |connection| sessions::one(connection, &session, now)).await
    }

    pub(in crate::store) async fn sessions(&self, account: &str, now: Millis) -> Result<Vec<Session>> {
        let account = account.to_owned();
        self.readers.run(move |connection| sessions::all(connection, &account, now)).await
    }

    pub(in crate::store) async fn remove_session(&self, account: &str, session: Hash) -> Result<()> {
        let account = account.to_owned();
        self.writer.run(move |connection| sessions::remove(connection, &account, &session)).await
    }

    pub(in crate::store) async fn remove_sessions(&self, account: &str, except: Option<Hash>) -> Result<()> {
        let account = account.to_owned();
        self.writer.run(move |connection| sessions::remove_all(connection, &account, except.as_ref())).await
    }

    pub(in crate::store) async fn add_token(&self, token: Token) -> Result<()> {
        self.writer.run(move |connection| tokens::add(connection, &token)).await
    }

    pub(in crate::store) async fn token(&self, token: Hash) -> Result<Option<Token>> {
        self.readers.run(move |connection| tokens::one(connection, &token)).await
    }

    pub(in crate::store) async fn tokens(&self) -> Result<Vec<Token>> {
        self.readers.run(|connection| tokens::all(connection)).await
    }

    pub(in crate::store) async fn revoke_token(&self, id: &str) -> Result<bool> {
        let id = id.to_owned();
        self.writer.run(move |connection| tokens::revoke(connection, &id)).await
    }

    pub(in crate::store) async fn note_use(&self, secret: Hash, now: Millis) -> Result<()> {
        self.writer.run(move |connection| sessions::note_use(connection, &secret, now)).await
    }

    pub(in crate::store) async fn record(&self, entry: Entry) -> Result<()> {
        self.writer.run(move |connection| audit::add(connection, &entry)).await
    }

    pub(in crate::store) async fn audit(
        &self,
        reach: &SitesScope,
        before: Option<EntryKey>,
        limit: usize,
    ) -> Result<Vec<Entry>> {
        let reach = reach.clone();
        self.readers.run(move |connection| audit::page(connection, &reach, before, limit)).await
    }
}
