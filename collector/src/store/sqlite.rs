//! SQLite: one file, one writing connection, a few reading ones.
//!
//! `synchronous=FULL` in WAL mode: when a commit returns, its bytes have been fsynced.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use parere_shared::instrument::Instrument;
use parere_shared::problem::Verdict;
use parere_shared::response::ResponseId;
use parere_shared::survey::Survey;
use parere_shared::time::Millis;

use super::tombstone::TombstoneKey;
use super::{
    BackEnd, Count, Dimension, Event, EventCount, Filter, Finding, Miscount, Order, Record, Removal, Result,
    Retirement, Review, Scrub, Search, Seq, Site, Slice, Span, Store, StoreError, StoredRow, SurveyVersion,
    SurveyWrite, Version,
};
use crate::auth::SiteScope;

mod access;
mod accounts;
mod addresses;
mod append;
mod audit;
pub mod backup;
mod cases;
mod counts;
mod deliveries;
mod erase;
mod events;
mod examination;
mod failure;
mod happenings;
mod invitations;
mod inviting;
mod marks;
mod migrate;
mod opening;
mod orders;
mod outgoing;
mod part;
mod place;
mod pool;
mod removal;
mod retire;
mod review;
mod rows;
mod rules;
mod scrub;
mod segments;
mod sending;
mod sessions;
mod sites;
mod sources;
mod sum;
mod suppressions;
mod surveys;
mod tickets;
mod tokens;
mod versions;
mod webhooks;

use place::{Claim, Place};
use pool::Pool;

/// A store in one SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    writer: Pool,
    readers: Pool,
    place: Place,
    tombstones: TombstoneKey,
    /// Did the last batch fail? Readiness then asks the disk itself.
    is_failing: AtomicBool,
    /// The last field: it is dropped after the connections.
    _claim: Option<Claim>,
}

#[async_trait]
impl Store for SqliteStore {
    async fn append(&self, batch: Arc<[Record]>) -> Result<Vec<Verdict>> {
        self.refuse_nearly_full()?;
        let key = self.tombstones.clone();
        let result = self.writer.run(move |connection| append::append(connection, &key, &batch)).await;
        self.is_failing.store(matches!(result, Err(StoreError::Unavailable(_))), Ordering::Relaxed);
        result
    }

    async fn sites(&self) -> Result<Vec<Site>> {
        self.readers.run(|connection| sites::all(connection)).await
    }

    async fn add_site(&self, site: Site) -> Result<bool> {
        let key = self.tombstones.clone();
        self.writer.run(move |connection| sites::add(connection, &key, &site)).await
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
        order: Order,
        after: Option<Seq>,
        limit: usize,
        among: u32,
    ) -> Result<Search> {
        let (scope, filter) = (scope.clone(), filter.clone());
        self.readers
            .run(move |connection| rows::search(connection, &scope, &filter, order, after, limit, among))
            .await
    }

    async fn how_many(&self, scope: &SiteScope, filter: &Filter) -> Result<u64> {
        let (scope, filter) = (scope.clone(), filter.clone());
        self.readers.run(move |connection| rows::how_many(connection, &scope, &filter)).await
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

    async fn erase_slice(
        &self,
        scope: &SiteScope,
        filter: &Filter,
        after: Seq,
        now: Millis,
    ) -> Result<Slice> {
        let (key, scope, filter) = (self.tombstones.clone(), scope.clone(), filter.clone());
        self.writer.run(move |connection| erase::slice(connection, &key, &scope, &filter, after, now)).await
    }

    async fn retire_slice(&self, scope: &SiteScope, part: &Retirement) -> Result<(u64, Option<Millis>)> {
        let (scope, part) = (scope.clone(), part.clone());
        self.writer.run(move |connection| retire::slice(connection, &scope, &part)).await
    }

    async fn remove_site(&self, scope: &SiteScope, now: Millis) -> Result<bool> {
        let (key, scope) = (self.tombstones.clone(), scope.clone());
        self.writer.run(move |connection| removal::remove(connection, &key, &scope, now)).await
    }

    async fn sites_left(&self) -> Result<Vec<String>> {
        self.readers.run(|connection| removal::left(connection)).await
    }

    async fn clear_site(&self, scope: &SiteScope) -> Result<bool> {
        let (key, scope) = (self.tombstones.clone(), scope.clone());
        self.writer.run(move |connection| removal::clear(connection, &key, &scope)).await
    }

    async fn erased(&self, scope: &SiteScope, ids: &[ResponseId]) -> Result<Vec<ResponseId>> {
        let (key, scope, ids) = (self.tombstones.clone(), scope.clone(), ids.to_vec());
        self.readers.run(move |connection| erase::erased(connection, &key, scope.site(), &ids)).await
    }

    async fn scrub(&self, how: Scrub) -> Result<bool> {
        self.writer.run(move |connection| scrub::scrub(connection, how)).await
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

    async fn note_followed(&self, scope: &SiteScope, id: ResponseId) -> Result<bool> {
        self.refuse_nearly_full()?;
        let scope = scope.clone();
        self.writer.run(move |connection| events::note_followed(connection, &scope, id)).await
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

    fn back_end(&self) -> BackEnd<'_> {
        BackEnd::Sqlite(self)
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
