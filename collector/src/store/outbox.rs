//! While the database on the server is away: answers are kept in a file of this process, and forwarded when it is back.
//!
//! **The promise stays the same:** an answer is acknowledged when it has been fsynced, here or there.
//! The file is a whole SQLite store, so an answer takes the same way to the disk; what is forwarded is removed from it.
//! Answers of one site stay in their order: while one waits, those that follow it wait too.
//! An answer is forwarded until the database has it; it goes by its id, so twice is as good as once.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use parere_shared::instrument::Instrument;
use parere_shared::problem::Verdict;
use parere_shared::response::ResponseId;
use parere_shared::survey::Survey;
use parere_shared::time::Millis;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use super::{
    BackEnd, Batches, Count, Dimension, Event, EventCount, Filter, Finding, Miscount, Order, Record, Removal,
    Result, Retirement, Review, Scrub, Search, Seq, Site, Slice, Span, Store, StoreError, StoredRow,
    SurveyVersion, SurveyWrite, Version,
};
use crate::auth::SiteScope;

mod file;
mod forward;
mod line;

use file::File;
use line::{Line, State};

/// How long the database may take over a batch before it counts as away: senders still wait,
/// and the queue has room for as long at two thousand answers a second to one site.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long the end of the process is put off to forward what waits; the rest is forwarded by the next start.
const LAST_FORWARD_MAX: Duration = Duration::from_secs(5);

/// Where answers wait, and how many.
#[derive(Debug, Clone)]
pub struct OutboxOptions {
    /// Folder for the files of this collector and of others that share it.
    pub folder: PathBuf,
    /// Most that the file may hold, in mebibytes.
    pub size_mib: u32,
}

/// A store on a server with an outbox before it.
pub struct Outbox {
    line: Arc<Line>,
    forwarding: JoinHandle<()>,
}

impl Outbox {
    /// Opens the file, which may hold answers of an earlier process, and begins to forward them to `database`.
    pub async fn open(database: Arc<dyn Store>, options: &OutboxOptions) -> anyhow::Result<Self> {
        let file = File::open(options).await?;
        let waiting: BTreeSet<_> = file.store.waiting_sites().await?.into_iter().collect();
        let state = Mutex::new(State { is_away: false, waiting });
        let line = Arc::new(Line { database, file, state, news: Notify::new() });
        let forwarding = tokio::spawn(forward::run(Arc::clone(&line)));
        Ok(Self { line, forwarding })
    }
}

#[async_trait]
impl Store for Outbox {
    fn batches(&self) -> Batches {
        self.line.database.batches()
    }

    /// Batches of one site must come one after the other, as the writer sends them.
    async fn append(&self, batch: Arc<[Record]>) -> Result<Vec<Verdict>> {
        if self.line.is_open_for(&batch) {
            let sent = self.line.database.append(Arc::clone(&batch));
            match tokio::time::timeout(PATIENCE, sent).await {
                Ok(Err(StoreError::Unavailable(cause))) => self.line.lose(&cause.to_string()),
                // It may be there all the same; then forwarding finds it.
                Err(_) => self.line.lose("it does not answer"),
                Ok(settled) => return settled,
            }
        }
        self.line.keep(batch).await
    }

    async fn check(&self) -> Result<()> {
        let is_away = self.line.state().is_away;
        if is_away { self.line.file.check().await } else { self.line.database.check().await }
    }

    async fn close(&self) -> Result<()> {
        self.forwarding.abort();
        let is_away = self.line.state().is_away;
        if !is_away {
            // What is left is kept, and forwarded by whoever opens the file next.
            tokio::time::timeout(LAST_FORWARD_MAX, forward::all(&self.line)).await.ok();
        }
        self.line.file.store.close().await?;
        self.line.database.close().await
    }

    fn back_end(&self) -> BackEnd<'_> {
        self.line.database.back_end()
    }

    async fn sites(&self) -> Result<Vec<Site>> {
        self.line.database.sites().await
    }

    async fn add_site(&self, site: Site) -> Result<bool> {
        self.line.database.add_site(site).await
    }

    async fn change_site(&self, scope: &SiteScope, site: Site) -> Result<bool> {
        self.line.database.change_site(scope, site).await
    }

    async fn surveys(&self) -> Result<Vec<(String, Survey)>> {
        self.line.database.surveys().await
    }

    async fn instruments(&self) -> Result<Vec<(String, String, String, Instrument)>> {
        self.line.database.instruments().await
    }

    async fn versions(&self) -> Result<Vec<(String, String, Version)>> {
        self.line.database.versions().await
    }

    async fn catalogue_version(&self) -> Result<i64> {
        self.line.database.catalogue_version().await
    }

    async fn add_survey(&self, scope: &SiteScope, write: SurveyWrite) -> Result<bool> {
        self.line.database.add_survey(scope, write).await
    }

    async fn replace_survey(&self, scope: &SiteScope, write: SurveyWrite) -> Result<bool> {
        self.line.database.replace_survey(scope, write).await
    }

    async fn survey_versions(
        &self,
        scope: &SiteScope,
        survey: &str,
        limit: usize,
    ) -> Result<Vec<SurveyVersion>> {
        self.line.database.survey_versions(scope, survey, limit).await
    }

    async fn remove_survey(&self, scope: &SiteScope, survey: &str) -> Result<Removal> {
        self.line.database.remove_survey(scope, survey).await
    }

    async fn page(
        &self,
        scope: &SiteScope,
        filter: &Filter,
        order: Order,
        after: Option<Seq>,
        limit: usize,
    ) -> Result<Vec<StoredRow>> {
        self.line.database.page(scope, filter, order, after, limit).await
    }

    async fn search(
        &self,
        scope: &SiteScope,
        filter: &Filter,
        order: Order,
        after: Option<Seq>,
        limit: usize,
        among: u32,
    ) -> Result<Search> {
        self.line.database.search(scope, filter, order, after, limit, among).await
    }

    async fn review_slice(
        &self,
        scope: &SiteScope,
        filter: &Filter,
        review: Review,
        after: Seq,
    ) -> Result<Slice> {
        self.line.database.review_slice(scope, filter, review, after).await
    }

    async fn erase_slice(
        &self,
        scope: &SiteScope,
        filter: &Filter,
        after: Seq,
        now: Millis,
    ) -> Result<Slice> {
        self.line.database.erase_slice(scope, filter, after, now).await
    }

    async fn retire_slice(&self, scope: &SiteScope, part: &Retirement) -> Result<(u64, Option<Millis>)> {
        self.line.database.retire_slice(scope, part).await
    }

    async fn remove_site(&self, scope: &SiteScope, now: Millis) -> Result<bool> {
        self.line.database.remove_site(scope, now).await
    }

    async fn sites_left(&self) -> Result<Vec<String>> {
        self.line.database.sites_left().await
    }

    async fn clear_site(&self, scope: &SiteScope) -> Result<bool> {
        self.line.database.clear_site(scope).await
    }

    async fn take_turn(&self, holder: &str) -> Result<bool> {
        self.line.database.take_turn(holder).await
    }

    async fn erased(&self, scope: &SiteScope, ids: &[ResponseId]) -> Result<Vec<ResponseId>> {
        self.line.database.erased(scope, ids).await
    }

    async fn scrub(&self, how: Scrub) -> Result<bool> {
        Ok(self.line.database.scrub(how).await? && self.line.file.store.scrub(how).await?)
    }

    async fn how_many(&self, scope: &SiteScope, filter: &Filter) -> Result<u64> {
        self.line.database.how_many(scope, filter).await
    }

    async fn last_seq(&self, scope: &SiteScope) -> Result<Seq> {
        self.line.database.last_seq(scope).await
    }

    async fn counts(
        &self,
        scope: &SiteScope,
        survey: &str,
        span: Span,
        dimension: Dimension,
    ) -> Result<Vec<Count>> {
        self.line.database.counts(scope, survey, span, dimension).await
    }

    async fn count_events(&self, counts: Arc<[(Event, u64)]>) -> Result<()> {
        self.line.database.count_events(counts).await
    }

    async fn note_followed(&self, scope: &SiteScope, id: ResponseId) -> Result<bool> {
        self.line.database.note_followed(scope, id).await
    }

    async fn events(
        &self,
        scope: &SiteScope,
        survey: &str,
        days: Range<i32>,
        dimension: Dimension,
    ) -> Result<Vec<EventCount>> {
        self.line.database.events(scope, survey, days, dimension).await
    }

    async fn recount(&self, scope: &SiteScope, survey: &str) -> Result<Vec<Miscount>> {
        self.line.database.recount(scope, survey).await
    }

    async fn examine(&self) -> Result<Vec<Finding>> {
        self.line.database.examine().await
    }
}
