//! SQLite: one file, one writing connection, a few reading ones.
//!
//! `synchronous=FULL` in WAL mode: when a commit returns, its bytes have been fsynced.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, ensure};
use async_trait::async_trait;
use parere_shared::instrument::Instrument;
use parere_shared::problem::Verdict;
use parere_shared::response::ResponseId;
use parere_shared::survey::Survey;
use parere_shared::time::Millis;
use rusqlite::Connection;

use super::{
    Account, AccountChange, Count, Dimension, Entry, EntryKey, Event, EventCount, Filter, Finding, Hash,
    Miscount, Order, Purpose, Record, Removal, Result, Review, Search, Seq, Session, Site, Slice, Span,
    Store, StoreError, StoredRow, SurveyVersion, SurveyWrite, Token, Version,
};
use crate::auth::{Role, SiteScope, SitesScope};

mod accounts;
mod append;
mod audit;
mod counts;
mod events;
mod examination;
mod failure;
mod migrate;
mod outgoing;
mod place;
mod pool;
mod review;
mod rows;
mod sessions;
mod sites;
mod sum;
mod surveys;
mod tokens;
mod versions;

use place::{Claim, Place};
use pool::Pool;

/// Reading connections: enough for two cores and a long export.
const READERS: usize = 4;

/// Oldest SQLite that keeps its promise: earlier ones can lose committed pages when two connections
/// write and checkpoint at the same instant (the WAL-reset bug, fixed in 3.51.3).
const VERSION_MIN: i32 = 3_051_003;

/// A store in one SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    writer: Pool,
    readers: Pool,
    place: Place,
    /// Did the last batch fail? Readiness then asks the disk itself.
    is_failing: AtomicBool,
    /// The last field: it is dropped after the connections.
    _claim: Option<Claim>,
}

impl SqliteStore {
    /// Opens or creates the file at `path` and brings its schema up to date; an error says in a sentence what to do.
    pub async fn open(path: &str, purpose: Purpose) -> anyhow::Result<Self> {
        let version = rusqlite::version_number();
        ensure!(
            version >= VERSION_MIN,
            "SQLite {} can lose committed data; 3.51.3 is needed",
            rusqlite::version()
        );
        ensure!(!path.is_empty(), "the database URL names no file; write for example sqlite:parere.db");
        let path = Path::new(path).to_owned();
        tokio::task::spawn_blocking(move || {
            let could_not = || format!("could not open the database {}", path.display());
            Self::open_at(&path, purpose).map_err(failure::advised).with_context(could_not)
        })
        .await?
    }

    fn open_at(path: &Path, purpose: Purpose) -> anyhow::Result<Self> {
        let place = Place::of(path)?;
        let claim = if purpose == Purpose::Serve { Some(place.claim()?) } else { None };
        let path = place.path.clone();
        let connection = Connection::open(&path)?;
        migrate::refuse_foreign(&connection)?;
        let mut writer = pool::make_writer(connection)?;
        if claim.is_some() {
            // A process that was killed may have written what it never fsynced. It is read as committed,
            // and a sender who asks again would be told "duplicate": so it has to be on disk before anybody asks.
            // A reader of another process can be in the way of later commits only, and those were fsynced.
            pool::checkpoint(&mut writer)?;
        }
        migrate::up(&mut writer)?;
        let readers: rusqlite::Result<Vec<_>> = (0..READERS).map(|_| pool::open_reader(&path)).collect();
        let again = path.clone();
        Ok(Self {
            writer: Pool::new(vec![writer], move || pool::reopen_writer(&path)),
            readers: Pool::new(readers?, move || pool::open_reader(&again)),
            place,
            is_failing: AtomicBool::new(false),
            _claim: claim,
        })
    }

    /// Says no while there is still room, so that what is stored stays readable and can be cleaned up.
    fn refuse_nearly_full(&self) -> Result<()> {
        match self.place.is_nearly_full() {
            Ok(false) => Ok(()),
            Ok(true) => Err(StoreError::Unavailable("the disk is nearly full".into())),
            Err(error) => Err(StoreError::Unavailable(error.into())),
        }
    }
}

/// What an outbox needs beside the verbs of a store.
impl SqliteStore {
    /// From now on the file grows to `mib` mebibytes and no further; what does not fit is `Unavailable`.
    pub(super) async fn limit_size(&self, mib: u32) -> Result<()> {
        self.writer.run(move |connection| outgoing::limit_size(connection, mib)).await
    }

    /// Is there room for a batch?
    pub(super) async fn has_room(&self) -> Result<()> {
        self.writer.run(|connection| Ok(outgoing::has_room(connection))).await?
    }

    /// Sites of which there is an answer.
    pub(super) async fn waiting_sites(&self) -> Result<Vec<String>> {
        self.readers.run(|connection| outgoing::sites(connection)).await
    }

    /// The oldest answers of `site`, at most `limit`, as they came.
    pub(super) async fn oldest(&self, site: &str, limit: usize) -> Result<Vec<Record>> {
        let site = site.to_owned();
        self.readers.run(move |connection| outgoing::oldest(connection, &site, limit)).await
    }

    /// Forgets answers by id and revision; one with a higher revision stays.
    pub(super) async fn forget(&self, site: &str, settled: Vec<(ResponseId, u32)>) -> Result<()> {
        let site = site.to_owned();
        self.writer.run(move |connection| outgoing::forget(connection, &site, &settled)).await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn append(&self, batch: Arc<[Record]>) -> Result<Vec<Verdict>> {
        self.refuse_nearly_full()?;
        let result = self.writer.run(move |connection| append::append(connection, &batch)).await;
        self.is_failing.store(matches!(result, Err(StoreError::Unavailable(_))), Ordering::Relaxed);
        result
    }

    async fn sites(&self) -> Result<Vec<Site>> {
        self.readers.run(|connection| sites::all(connection)).await
    }

    async fn add_site(&self, site: Site) -> Result<bool> {
        self.writer.run(move |connection| sites::add(connection, &site)).await
    }

    async fn change_site(&self, scope: &SiteScope, site: Site) -> Result<bool> {
        let scope = scope.clone();
        self.writer.run(move |connection| sites::change(connection, &scope, &site)).await
    }

    async fn surveys(&self) -> Result<Vec<(String, Survey)>> {
        self.readers.run(|connection| surveys::all(connection)).await
    }

    async fn instruments(&self) -> Result<Vec<(String, String, String, Instrument)>> {
        self.readers.run(|connection| surveys::instruments(connection)).await
    }

    async fn versions(&self) -> Result<Vec<(String, String, Version)>> {
        self.readers.run(|connection| surveys::versions(connection)).await
    }

    async fn catalogue_version(&self) -> Result<i64> {
        self.readers.run(|connection| sites::catalogue_version(connection)).await
    }

    async fn add_survey(&self, scope: &SiteScope, write: SurveyWrite) -> Result<bool> {
        let scope = scope.clone();
        self.writer.run(move |connection| surveys::add(connection, &scope, &write)).await
    }

    async fn replace_survey(&self, scope: &SiteScope, write: SurveyWrite) -> Result<bool> {
        let scope = scope.clone();
        self.writer.run(move |connection| surveys::replace(connection, &scope, &write)).await
    }

    async fn survey_versions(
        &self,
        scope: &SiteScope,
        survey: &str,
        limit: usize,
    ) -> Result<Vec<SurveyVersion>> {
        let (scope, survey) = (scope.clone(), survey.to_owned());
        self.readers.run(move |connection| versions::latest(connection, &scope, &survey, limit)).await
    }

    async fn remove_survey(&self, scope: &SiteScope, survey: &str) -> Result<Removal> {
        let (scope, survey) = (scope.clone(), survey.to_owned());
        self.writer.run(move |connection| surveys::remove(connection, &scope, &survey)).await
    }

    async fn page(
        &self,
        scope: &SiteScope,
        filter: &Filter,
        order: Order,
        after: Option<Seq>,
        limit: usize,
    ) -> Result<Vec<StoredRow>> {
        let (scope, filter) = (scope.clone(), filter.clone());
        self.readers.run(move |connection| rows::page(connection, &scope, &filter, order, after, limit)).await
    }

    async fn search(
        &self,
        scope: &SiteScope,
        filter: &Filter,
        before: Option<Seq>,
        limit: usize,
        among: u32,
    ) -> Result<Search> {
        let (scope, filter) = (scope.clone(), filter.clone());
        self.readers
            .run(move |connection| rows::search(connection, &scope, &filter, before, limit, among))
            .await
    }

    async fn review_slice(
        &self,
        scope: &SiteScope,
        filter: &Filter,
        review: Review,
        after: Seq,
    ) -> Result<Slice> {
        let (scope, filter) = (scope.clone(), filter.clone());
        self.writer.run(move |connection| review::slice(connection, &scope, &filter, review, after)).await
    }

    async fn last_seq(&self, _scope: &SiteScope) -> Result<Seq> {
        self.readers.run(|connection| rows::last_seq(connection)).await
    }

    async fn counts(
        &self,
        scope: &SiteScope,
        survey: &str,
        span: Span,
        dimension: Dimension,
    ) -> Result<Vec<Count>> {
        let (scope, survey) = (scope.clone(), survey.to_owned());
        self.readers.run(move |connection| counts::counts(connection, &scope, &survey, span, dimension)).await
    }

    async fn count_events(&self, counts: Arc<[(Event, u64)]>) -> Result<()> {
        self.refuse_nearly_full()?;
        self.writer.run(move |connection| events::count(connection, &counts)).await
    }

    async fn events(
        &self,
        scope: &SiteScope,
        survey: &str,
        days: Range<i32>,
        dimension: Dimension,
    ) -> Result<Vec<EventCount>> {
        let (scope, survey) = (scope.clone(), survey.to_owned());
        self.readers.run(move |connection| events::read(connection, &scope, &survey, &days, dimension)).await
    }

    async fn recount(&self, scope: &SiteScope, survey: &str) -> Result<Vec<Miscount>> {
        let (scope, survey) = (scope.clone(), survey.to_owned());
        self.readers.run(move |connection| examination::recount(connection, &scope, &survey)).await
    }

    async fn examine(&self) -> Result<Vec<Finding>> {
        let mut findings = self.readers.run(|connection| examination::examine(connection)).await?;
        let surroundings = examination::surroundings(&self.place);
        findings.extend(surroundings.map_err(|error| StoreError::Unavailable(error.into()))?);
        Ok(findings)
    }

    async fn accounts(&self) -> Result<Vec<Account>> {
        self.readers.run(|connection| accounts::all(connection, None)).await
    }

    async fn account(&self, email: &str) -> Result<Option<Account>> {
        let email = email.to_owned();
        let found = self.readers.run(move |connection| accounts::all(connection, Some(&email))).await?;
        Ok(found.into_iter().next())
    }

    async fn add_account(&self, account: Account) -> Result<bool> {
        self.writer.run(move |connection| accounts::add(connection, &account)).await
    }

    async fn found(&self, account: Account) -> Result<bool> {
        self.writer.run(move |connection| accounts::found(connection, &account)).await
    }

    async fn change_account(&self, email: &str, change: AccountChange) -> Result<bool> {
        let email = email.to_owned();
        self.writer.run(move |connection| accounts::change(connection, &email, &change)).await
    }

    async fn set_role(&self, email: &str, site: Option<&str>, role: Option<Role>) -> Result<bool> {
        let (email, site) = (email.to_owned(), site.map(str::to_owned));
        self.writer.run(move |connection| accounts::set_role(connection, &email, site.as_deref(), role)).await
    }

    async fn add_invitation(&self, invitation: Hash, email: &str, expires: Millis) -> Result<()> {
        let email = email.to_owned();
        self.writer.run(move |connection| accounts::invite(connection, &invitation, &email, expires)).await
    }

    async fn invitation(&self, invitation: Hash, now: Millis) -> Result<Option<String>> {
        self.readers.run(move |connection| accounts::invited(connection, &invitation, now)).await
    }

    async fn take_invitation(&self, invitation: Hash, now: Millis, password: &str) -> Result<Option<String>> {
        let password = password.to_owned();
        self.writer.run(move |connection| accounts::accept(connection, &invitation, now, &password)).await
    }

    async fn add_session(&self, session: Session) -> Result<()> {
        self.writer.run(move |connection| sessions::add(connection, &session)).await
    }

    async fn session(&self, session: Hash, now: Millis) -> Result<Option<Session>> {
        self.readers.run(move |connection| sessions::one(connection, &session, now)).await
    }

    async fn sessions(&self, account: &str, now: Millis) -> Result<Vec<Session>> {
        let account = account.to_owned();
        self.readers.run(move |connection| sessions::all(connection, &account, now)).await
    }

    async fn remove_session(&self, account: &str, session: Hash) -> Result<()> {
        let account = account.to_owned();
        self.writer.run(move |connection| sessions::remove(connection, &account, &session)).await
    }

    async fn remove_sessions(&self, account: &str, except: Option<Hash>) -> Result<()> {
        let account = account.to_owned();
        self.writer.run(move |connection| sessions::remove_all(connection, &account, except.as_ref())).await
    }

    async fn add_token(&self, token: Token) -> Result<()> {
        self.writer.run(move |connection| tokens::add(connection, &token)).await
    }

    async fn token(&self, token: Hash) -> Result<Option<Token>> {
        self.readers.run(move |connection| tokens::one(connection, &token)).await
    }

    async fn tokens(&self) -> Result<Vec<Token>> {
        self.readers.run(|connection| tokens::all(connection)).await
    }

    async fn revoke_token(&self, id: &str) -> Result<bool> {
        let id = id.to_owned();
        self.writer.run(move |connection| tokens::revoke(connection, &id)).await
    }

    async fn note_use(&self, secret: Hash, now: Millis) -> Result<()> {
        self.writer.run(move |connection| sessions::note_use(connection, &secret, now)).await
    }

    async fn record(&self, entry: Entry) -> Result<()> {
        self.writer.run(move |connection| audit::add(connection, &entry)).await
    }

    async fn audit(&self, reach: &SitesScope, before: Option<EntryKey>, limit: usize) -> Result<Vec<Entry>> {
        let reach = reach.clone();
        self.readers.run(move |connection| audit::page(connection, &reach, before, limit)).await
    }

    async fn check(&self) -> Result<()> {
        self.refuse_nearly_full()?;
        if self.is_failing.load(Ordering::Relaxed) {
            // Nobody sends to a collector that is not ready: the way back has to be found here.
            self.writer.run(pool::probe).await?;
            self.is_failing.store(false, Ordering::Relaxed);
        }
        self.readers.run(|connection| connection.query_row("SELECT 1", [], |_| Ok(()))).await
    }

    async fn close(&self) -> Result<()> {
        self.writer.run(|connection| pool::checkpoint(connection).map(|_| ())).await
    }
}
