//! Accounts, sessions, tokens and the log of what was done.

use parere_shared::time::Millis;

use super::PostgresStore;
use super::pool::{read, transact};
use super::reach::Reach;
use super::{accounts, audit, sessions, tokens};
use crate::auth::{Role, SitesScope};
use crate::store::{Account, AccountChange, Entry, EntryKey, Hash, Result, Session, Token};

impl PostgresStore {
    pub(in crate::store) async fn accounts(&self) -> Result<Vec<Account>> {
        read!(self.readers, Reach::NoSite, |reader| accounts::all(reader))
    }

    pub(in crate::store) async fn account(&self, email: &str) -> Result<Option<Account>> {
        read!(self.readers, Reach::NoSite, |reader| accounts::one(reader, email))
    }

    pub(in crate::store) async fn add_account(&self, account: Account) -> Result<bool> {
        transact!(self.writers, Reach::NoSite, |transaction, attempt| accounts::add(
            transaction,
            &account,
            attempt
        ))
    }

    pub(in crate::store) async fn found(&self, account: Account) -> Result<bool> {
        transact!(self.writers, Reach::NoSite, |transaction, attempt| accounts::found(
            transaction,
            &account,
            attempt
        ))
    }

    pub(in crate::store) async fn change_account(&self, email: &str, change: AccountChange) -> Result<bool> {
        transact!(self.writers, Reach::NoSite, |transaction, _| accounts::change(transaction, email, &change))
    }

    pub(in crate::store) async fn set_role(
        &self,
        email: &str,
        site: Option<&str>,
        role: Option<Role>,
    ) -> Result<bool> {
        transact!(self.writers, Reach::NoSite, |transaction, _| accounts::set_role(
            transaction,
            email,
            site,
            role
        ))
    }

    pub(in crate::store) async fn add_invitation(
        &self,
        invitation: Hash,
        email: &str,
        expires: Millis,
    ) -> Result<()> {
        transact!(self.writers, Reach::NoSite, |transaction, _| accounts::invite(
            transaction,
            &invitation,
            email,
            expires
        ))
    }

    pub(in crate::store) async fn invitation(&self, invitation: Hash, now: Millis) -> Result<Option<String>> {
        read!(self.readers, Reach::NoSite, |reader| accounts::invited(reader, &invitation, now))
    }

    pub(in crate::store) async fn take_invitation(
        &self,
        invitation: Hash,
        now: Millis,
        password: &str,
    ) -> Result<Option<String>> {
        transact!(self.writers, Reach::NoSite, |transaction, attempt| {
            accounts::accept(transaction, &invitation, now, password, attempt)
        })
    }

    pub(in crate::store) async fn add_session(&self, session: Session) -> Result<()> {
        transact!(self.writers, Reach::NoSite, |transaction, _| sessions::add(transaction, &session))
    }

    pub(in crate::store) async fn session(&self, session: Hash, now: Millis) -> Result<Option<Session>> {
        read!(self.readers, Reach::NoSite, |reader| sessions::one(reader, &session, now))
    }

    pub(in crate::store) async fn sessions(&self, account: &str, now: Millis) -> Result<Vec<Session>> {
        read!(self.readers, Reach::NoSite, |reader| sessions::all(reader, account, now))
    }

    pub(in crate::store) async fn remove_session(&self, account: &str, session: Hash) -> Result<()> {
        transact!(self.writers, Reach::NoSite, |transaction, _| sessions::remove(
            transaction,
            account,
            &session
        ))
    }

    pub(in crate::store) async fn remove_sessions(&self, account: &str, except: Option<Hash>) -> Result<()> {
        transact!(self.writers, Reach::NoSite, |transaction, _| sessions::remove_all(
            transaction,
            account,
            except.as_ref()
        ))
    }

    pub(in crate::store) async fn add_token(&self, token: Token) -> Result<()> {
        transact!(self.writers, Reach::NoSite, |transaction, _| tokens::add(transaction, &token))
    }

    pub(in crate::store) async fn token(&self, token: Hash) -> Result<Option<Token>> {
        read!(self.readers, Reach::NoSite, |reader| tokens::one(reader, &token))
    }

    pub(in crate::store) async fn tokens(&self) -> Result<Vec<Token>> {
        read!(self.readers, Reach::NoSite, |reader| tokens::all(reader))
    }

    pub(in crate::store) async fn revoke_token(&self, id: &str) -> Result<bool> {
        transact!(self.writers, Reach::NoSite, |transaction, attempt| tokens::revoke(
            transaction,
            id,
            attempt
        ))
    }

    pub(in crate::store) async fn note_use(&self, secret: Hash, now: Millis) -> Result<()> {
        transact!(self.writers, Reach::NoSite, |transaction, _| sessions::note_use(transaction, &secret, now))
    }

    pub(in crate::store) async fn record(&self, entry: Entry) -> Result<()> {
        transact!(self.writers, Reach::NoSite, |transaction, _| audit::add(transaction, &entry))
    }

    pub(in crate::store) async fn audit(
        &self,
        reach: &SitesScope,
        before: Option<EntryKey>,
        limit: usize,
    ) -> Result<Vec<Entry>> {
        read!(self.readers, Reach::NoSite, |reader| audit::page(reader, reach, before, limit))
    }
}
