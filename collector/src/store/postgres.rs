//! PostgreSQL, and engines that speak its protocol: any number of collectors on one database.
//!
//! Answers of one site are appended by one transaction at a time, which holds the site's row in `places` until its
//! commit; so the order of places is the order of commits, at every isolation level, and a cursor never skips.
//! Every transaction may run twice: a conflict (40001, 40P01) or a lost connection, even one lost during the commit,
//! is answered by doing it again, and the second run finds what the first one left.

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use parere_shared::instrument::Instrument;
use parere_shared::problem::Verdict;
use parere_shared::response::ResponseId;
use parere_shared::survey::Survey;
use parere_shared::time::Millis;

use super::tombstone::TombstoneKey;
use super::{
    BackEnd, Batches, Count, Dimension, Event, EventCount, Filter, Finding, Miscount, Order, Record, Removal,
    Result, Retirement, Review, Search, Seq, Site, Slice, Span, Store, StoredRow, SurveyVersion, SurveyWrite,
    Version,
};
use crate::auth::SiteScope;

mod access;
mod accounts;
mod addresses;
mod append;
mod audit;
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
mod pool;
mod reach;
mod removal;
mod retire;
mod retry;
mod review;
mod rows;
mod rules;
mod segments;
mod sending;
mod sessions;
mod sites;
mod sources;
mod suppressions;
mod surveys;
mod target;
mod tickets;
mod tls;
mod tokens;
mod versions;
mod webhooks;

use pool::{Pool, WRITERS, read, transact};
use reach::Reach;

/// A store in a PostgreSQL database.
#[derive(Debug)]
pub struct PostgresStore {
    writers: Pool,
    readers: Pool,
    tombstones: TombstoneKey,
}

#[async_trait]
impl Store for PostgresStore {
    fn batches(&self) -> Batches {
        Batches::BySite { at_once: WRITERS }
    }

    async fn append(&self, batch: Arc<[Record]>) -> Result<Vec<Verdict>> {
        // A batch is of one site, as `batches` asks for; one of several goes on from this one.
        let reach = batch.first().map_or(Reach::NoSite, |record| Reach::Site(&record.site));
        transact!(self.writers, reach, |transaction, _| append::append(transaction, &self.tombstones, &batch))
    }

    async fn sites(&self) -> Result<Vec<Site>> {
        read!(self.readers, Reach::Catalogue, |reader| sites::all(reader))
    }

    async fn add_site(&self, site: Site) -> Result<bool> {
        let (reach, key) = (Reach::Site(&site.key), &self.tombstones);
        transact!(self.writers, reach, |transaction, attempt| sites::add(transaction, key, &site, attempt))
    }

    async fn change_site(&self, scope: &SiteScope, site: Site) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, _| sites::change(transaction, scope, &site))
    }

    async fn surveys(&self) -> Result<Vec<(String, Survey)>> {
        read!(self.readers, Reach::Catalogue, |reader| surveys::all(reader))
    }

    async fn instruments(&self) -> Result<Vec<(String, String, String, Instrument)>> {
        read!(self.readers, Reach::Catalogue, |reader| surveys::instruments(reader))
    }

    async fn versions(&self) -> Result<Vec<(String, String, Version)>> {
        read!(self.readers, Reach::Catalogue, |reader| surveys::versions(reader))
    }

    async fn catalogue_version(&self) -> Result<i64> {
        read!(self.readers, Reach::NoSite, |reader| sites::catalogue_version(reader))
    }

    async fn add_survey(&self, scope: &SiteScope, write: SurveyWrite) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, attempt| surveys::add(
            transaction,
            scope,
            &write,
            attempt
        ))
    }

    async fn replace_survey(&self, scope: &SiteScope, write: SurveyWrite) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, _| surveys::replace(
            transaction,
            scope,
            &write
        ))
    }

    async fn survey_versions(
        &self,
        scope: &SiteScope,
        survey: &str,
        limit: usize,
    ) -> Result<Vec<SurveyVersion>> {
        read!(self.readers, Reach::of(scope), |reader| versions::latest(reader, scope, survey, limit))
    }

    async fn remove_survey(&self, scope: &SiteScope, survey: &str) -> Result<Removal> {
        transact!(self.writers, Reach::of(scope), |transaction, attempt| surveys::remove(
            transaction,
            scope,
            survey,
            attempt
        ))
    }

    async fn page(
        &self,
        scope: &SiteScope,
        filter: &Filter,
        order: Order,
        after: Option<Seq>,
        limit: usize,
    ) -> Result<Vec<StoredRow>> {
        read!(self.readers, Reach::of(scope), |reader| rows::page(reader, scope, filter, order, after, limit))
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
        read!(self.readers, Reach::of(scope), |reader| rows::search(
            reader, scope, filter, order, after, limit, among
        ))
    }

    async fn review_slice(
        &self,
        scope: &SiteScope,
        filter: &Filter,
        review: Review,
        after: Seq,
    ) -> Result<Slice> {
        transact!(self.writers, Reach::of(scope), |transaction, _| review::slice(
            transaction,
            scope,
            filter,
            review,
            after
        ))
    }

    async fn erase_slice(
        &self,
        scope: &SiteScope,
        filter: &Filter,
        after: Seq,
        now: Millis,
    ) -> Result<Slice> {
        transact!(self.writers, Reach::of(scope), |transaction, _| erase::slice(
            transaction,
            &self.tombstones,
            scope,
            filter,
            after,
            now
        ))
    }

    async fn retire_slice(&self, scope: &SiteScope, part: &Retirement) -> Result<(u64, Option<Millis>)> {
        transact!(self.writers, Reach::of(scope), |transaction, _| retire::slice(transaction, scope, part))
    }

    async fn remove_site(&self, scope: &SiteScope, now: Millis) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, attempt| removal::remove(
            transaction,
            &self.tombstones,
            scope,
            now,
            attempt
        ))
    }

    async fn sites_left(&self) -> Result<Vec<String>> {
        read!(self.readers, Reach::Catalogue, |reader| removal::left(reader))
    }

    async fn clear_site(&self, scope: &SiteScope) -> Result<bool> {
        let key = &self.tombstones;
        transact!(self.writers, Reach::of(scope), |transaction, _| removal::clear(transaction, key, scope))
    }

    async fn take_turn(&self, holder: &str) -> Result<bool> {
        transact!(self.writers, Reach::NoSite, |transaction, _| retire::take_turn(transaction, holder))
    }

    async fn erased(&self, scope: &SiteScope, ids: &[ResponseId]) -> Result<Vec<ResponseId>> {
        read!(self.readers, Reach::of(scope), |reader| erase::erased(reader, &self.tombstones, scope, ids))
    }

    async fn how_many(&self, scope: &SiteScope, filter: &Filter) -> Result<u64> {
        read!(self.readers, Reach::of(scope), |reader| rows::how_many(reader, scope, filter))
    }

    async fn last_seq(&self, scope: &SiteScope) -> Result<Seq> {
        read!(self.readers, Reach::of(scope), |reader| rows::last_seq(reader, scope))
    }

    async fn counts(
        &self,
        scope: &SiteScope,
        survey: &str,
        span: Span,
        dimension: Dimension,
    ) -> Result<Vec<Count>> {
        read!(self.readers, Reach::of(scope), |reader| counts::counts(reader, scope, survey, span, dimension))
    }

    async fn count_events(&self, counts: Arc<[(Event, u64)]>) -> Result<()> {
        transact!(self.writers, Reach::NoSite, |transaction, _| events::count(transaction, &counts))
    }

    async fn note_followed(&self, scope: &SiteScope, id: ResponseId) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, _| events::note_followed(
            transaction,
            scope.site(),
            id
        ))
    }

    async fn events(
        &self,
        scope: &SiteScope,
        survey: &str,
        days: Range<i32>,
        dimension: Dimension,
    ) -> Result<Vec<EventCount>> {
        read!(self.readers, Reach::of(scope), |reader| events::read(reader, scope, survey, &days, dimension))
    }

    async fn recount(&self, scope: &SiteScope, survey: &str) -> Result<Vec<Miscount>> {
        read!(self.readers, Reach::of(scope), |reader| examination::recount(reader, scope, survey))
    }

    async fn examine(&self) -> Result<Vec<Finding>> {
        read!(self.readers, Reach::NoSite, |reader| examination::examine(reader))
    }

    fn back_end(&self) -> BackEnd<'_> {
        BackEnd::Postgres(self)
    }

    async fn check(&self) -> Result<()> {
        self.writers.check().await
    }

    async fn close(&self) -> Result<()> {
        self.writers.close();
        self.readers.close();
        Ok(())
    }
}
