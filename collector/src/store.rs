//! What storage can do, in the words of the trade; how it is done is each back end's own business.
//!
//! No SQL leaves this folder and no HTTP enters it.
//! Every verb on a site's data takes a [`SiteScope`] or a `SitesScope`, which only `auth` can make.

use std::ops::Range;
use std::sync::Arc;

use async_trait::async_trait;
use parere_shared::instrument::Instrument;
use parere_shared::problem::Verdict;
use parere_shared::response::ResponseId;
use parere_shared::survey::Survey;
use parere_shared::time::Millis;

use crate::auth::SiteScope;

mod access;
mod addresses;
mod back_end;
mod case;
mod cases;
mod count;
mod crm;
mod deliveries;
mod due;
mod error;
mod event;
mod examination;
mod flags;
mod happening;
mod happenings;
mod invitation;
mod invitations;
mod mark;
mod marks;
mod order;
mod orders;
pub mod outbox;
mod people;
mod plan;
pub mod postgres;
mod retention;
mod row;
mod rules;
mod segment;
mod segments;
mod settle;
mod source;
mod sources;
pub mod sqlite;
mod ticket;
mod tickets;
mod tombstone;
mod version;
mod webhook;

pub use access::Access;
pub use addresses::Addresses;
pub use back_end::BackEnd;
pub use case::{
    CASE_HOURS, CASE_HOURS_MAX, CASE_NOTE_CHARS_MAX, Case, CaseChange, CaseFilter, CaseOutcome, CasePlace,
    CaseRow, CaseStatus, CaseTally,
};
pub use cases::Cases;
pub use count::{BETWEEN, Count, Dimension, PAGE_CHARS_TOLD, Span};
pub use crm::{Crm, TicketPlace};
pub use deliveries::Deliveries;
pub use due::{digest, hand_off, new_delivery};
pub use error::StoreError;
pub use event::{Event, EventCount};
pub use examination::{Finding, Miscount};
pub use flags::{Flags, Review};
pub use happening::{HAPPENING_KEPT_MS, Happening, Placed, is_kind, kind};
pub use happenings::Happenings;
pub use invitation::{
    Invitation, InvitationChannel, InvitationCount, InvitationState, SettledInvitation, Suppression,
    SuppressionReason,
};
pub use invitations::Invitations;
pub use mark::{MARK_CHARS_MAX, MARKS_MAX, Mark};
pub use marks::Marks;
pub use order::{CONTACT_KEPT_MS, Contact, Known, SKUS_MAX, ShopOrder};
pub use orders::Orders;
pub use people::{
    AUDIT_KEPT_MS, Account, AccountChange, ActorKind, Entry, EntryKey, Hash, Membership, SESSIONS_MAX,
    Session, Token,
};
pub use plan::{Plan, PlanCount, PlanState, SettledPlan, Turn};
pub use retention::{Part, Retention, Retirement, Scrub, Slice};
pub use row::{Filter, Order, Person, Record, Row, Search, Seq, Site, StoredRow};
pub use rules::Rules;
pub use segment::{Listed, Segment};
pub use segments::Segments;
pub use source::{NOTED_EVERY_MS, Source, SourceName};
pub use sources::Sources;
pub use ticket::{Rated, Since, Ticket, TicketEvent};
pub use tickets::Tickets;
pub use version::{Removal, SurveyVersion, SurveyWrite, Version};
pub use webhook::{
    ATTEMPTS_KEPT, About, Attempt, Delivery, DeliveryState, Occasion, Settled, Webhook, WebhookKind,
    WebhookState,
};

/// The answer of a store.
pub type Result<T> = std::result::Result<T, StoreError>;

/// How many records a store takes best at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Batches {
    /// All that wait, of whatever sites, in one batch: one file, one fsync.
    Together,
    /// A batch for each site, so many of them at the same time: each site is one machine's work.
    BySite {
        /// Batches that are appended at the same time; one site has one at most.
        at_once: usize,
    },
}

/// Everything a collector keeps.
///
/// One contract suite (`tests/it/store.rs`) holds every back end to the same promises.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// How batches are best cut.
    fn batches(&self) -> Batches {
        Batches::Together
    }

    /// Stores a batch in one transaction that is on disk when this returns; one verdict for each record, in order.
    ///
    /// What was erased is not stored again, and is `Superseded`.
    /// Fails as a whole or not at all. After [`StoreError::Refused`] nothing of the batch is stored;
    /// after [`StoreError::Unavailable`] all or nothing may be, and the same batch again is safe.
    async fn append(&self, batch: Arc<[Record]>) -> Result<Vec<Verdict>>;

    /// Every site, by key.
    async fn sites(&self) -> Result<Vec<Site>>;

    /// Adds a site; `false` if the key is or was taken.
    async fn add_site(&self, site: Site) -> Result<bool>;

    /// Changes all of a site but its key and its secret; `false` if there is none.
    async fn change_site(&self, scope: &SiteScope, site: Site) -> Result<bool>;

    /// Every survey of every site, by site and slug.
    async fn surveys(&self) -> Result<Vec<(String, Survey)>>;

    /// Every instrument ever asked: site, survey, id and definition.
    async fn instruments(&self) -> Result<Vec<(String, String, String, Instrument)>>;

    /// What every survey asked from when on: site, survey and version, the oldest of each first.
    async fn versions(&self) -> Result<Vec<(String, String, Version)>>;

    /// A number that grows with every change of a site or survey, whoever makes it.
    async fn catalogue_version(&self) -> Result<i64>;

    /// Adds a survey with its instruments; `false` if the slug is taken.
    async fn add_survey(&self, scope: &SiteScope, write: SurveyWrite) -> Result<bool>;

    /// Replaces a survey, keeping every instrument it ever had; `false` if there is none.
    async fn replace_survey(&self, scope: &SiteScope, write: SurveyWrite) -> Result<bool>;

    /// What the survey said before and says now, latest first, at most `limit`; a save that changed nothing is none.
    async fn survey_versions(
        &self,
        scope: &SiteScope,
        survey: &str,
        limit: usize,
    ) -> Result<Vec<SurveyVersion>>;

    /// Removes a survey that has no answers, with its versions.
    async fn remove_survey(&self, scope: &SiteScope, survey: &str) -> Result<Removal>;

    /// A page of stored answers, at most `limit`, beyond `after` in the given order.
    async fn page(
        &self,
        scope: &SiteScope,
        filter: &Filter,
        order: Order,
        after: Option<Seq>,
        limit: usize,
    ) -> Result<Vec<StoredRow>>;

    /// Answers that match, beyond `after` in the given order, at most `limit`, out of the next `among` that have a
    /// comment.
    async fn search(
        &self,
        scope: &SiteScope,
        filter: &Filter,
        order: Order,
        after: Option<Seq>,
        limit: usize,
        among: u32,
    ) -> Result<Search>;

    /// How many stored answers match.
    async fn how_many(&self, scope: &SiteScope, filter: &Filter) -> Result<u64>;

    /// Writes a person's decision on every answer that matches, and corrects the counts; says how many changed.
    ///
    /// In small transactions, so that answers keep coming in: after an error the first ones are decided.
    async fn review(&self, scope: &SiteScope, filter: &Filter, review: Review) -> Result<u64> {
        let last = self.last_seq(scope).await?;
        let filter =
            Filter { seq_max: Some(filter.seq_max.map_or(last, |max| max.min(last))), ..filter.clone() };
        let (mut changed, mut next) = (0, Some(Seq::MIN));
        while let Some(after) = next {
            let slice = self.review_slice(scope, &filter, review, after).await?;
            changed += slice.changed;
            next = slice.next;
        }
        Ok(changed)
    }

    /// Decides on the first answers that match beyond `after`, in one transaction.
    async fn review_slice(
        &self,
        scope: &SiteScope,
        filter: &Filter,
        review: Review,
        after: Seq,
    ) -> Result<Slice>;

    /// Erases every answer that matches and corrects the counts; says how many there were.
    ///
    /// A tombstone is kept of each, so that [`append`](Store::append) never takes it again. In small transactions:
    /// after an error the first ones are erased, and the same call again goes on.
    async fn erase(&self, scope: &SiteScope, filter: &Filter, now: Millis) -> Result<u64> {
        let last = self.last_seq(scope).await?;
        let filter =
            Filter { seq_max: Some(filter.seq_max.map_or(last, |max| max.min(last))), ..filter.clone() };
        let (mut erased, mut next) = (0, Some(Seq::MIN));
        while let Some(after) = next {
            let slice = self.erase_slice(scope, &filter, after, now).await?;
            erased += slice.changed;
            next = slice.next;
        }
        Ok(erased)
    }

    /// Erases the first answers that match beyond `after`, in one transaction.
    async fn erase_slice(&self, scope: &SiteScope, filter: &Filter, after: Seq, now: Millis)
    -> Result<Slice>;

    /// Which of these answers were there, and erased?
    async fn erased(&self, scope: &SiteScope, ids: &[ResponseId]) -> Result<Vec<ResponseId>>;

    /// Lets go the first ones of what was kept long enough, in one transaction.
    ///
    /// Says how many they were, and from which moment of receipt on the next slice goes; `None` after the last.
    async fn retire_slice(&self, scope: &SiteScope, part: &Retirement) -> Result<(u64, Option<Millis>)>;

    /// Overwrites what erased answers leave in logs and unused parts of the database; `false` if a reader is in the way.
    ///
    /// On a server that is the server's business.
    async fn scrub(&self, _how: Scrub) -> Result<bool> {
        Ok(true)
    }

    /// Ends a site with all that is known of it, for everybody and at once; `false` if there is none.
    ///
    /// Its key is never given out again: pages may carry its tag, and tokens name it.
    async fn remove_site(&self, scope: &SiteScope, now: Millis) -> Result<bool>;

    /// Sites that were removed, and of which something is left.
    async fn sites_left(&self) -> Result<Vec<String>>;

    /// Clears away a slice of what is left of a removed site, in one transaction; `true` when nothing is.
    async fn clear_site(&self, scope: &SiteScope) -> Result<bool>;

    /// Is it `holder`'s turn to do what only one collector may do? A turn lasts a minute from the last asking.
    async fn take_turn(&self, _holder: &str) -> Result<bool> {
        Ok(true)
    }

    /// The highest sequence number in use: an export that stops there is a consistent set.
    async fn last_seq(&self, scope: &SiteScope) -> Result<Seq>;

    /// Answers per key, instrument and score in a span of time; whole days cost days, not answers, and know no pages.
    async fn counts(
        &self,
        scope: &SiteScope,
        survey: &str,
        span: Span,
        dimension: Dimension,
    ) -> Result<Vec<Count>>;

    /// Adds what became of questions to the numbers of their days, in one transaction.
    ///
    /// After [`StoreError::Unavailable`] it may have been done: whoever tries again may count something twice.
    async fn count_events(&self, counts: Arc<[(Event, u64)]>) -> Result<()>;

    /// What became of a survey's questions on local days since 1970-01-01, by kind and key; dimensions that answers
    /// alone have are one key, empty.
    async fn events(
        &self,
        scope: &SiteScope,
        survey: &str,
        days: Range<i32>,
        dimension: Dimension,
    ) -> Result<Vec<EventCount>>;

    /// Notes of an answer that the link under its thanks was followed; `true` for the first time.
    async fn note_followed(&self, scope: &SiteScope, id: ResponseId) -> Result<bool>;

    /// Daily counts of a survey that are not what its answers say; reads all of them.
    async fn recount(&self, scope: &SiteScope, survey: &str) -> Result<Vec<Miscount>>;

    /// Looks at everything that a person would want to know of the store; may read all of it.
    async fn examine(&self) -> Result<Vec<Finding>>;

    /// The database itself, which has the sets of verbs below.
    fn back_end(&self) -> BackEnd<'_>;

    /// Can answers be read and written?
    async fn check(&self) -> Result<()>;

    /// Brings everything into its final place before the process ends.
    async fn close(&self) -> Result<()>;
}

/// What a store is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To take answers: a file has one collector that does.
    Serve,
    /// For a command, perhaps beside a collector that serves.
    Beside,
}

/// Opens the store that `url` names, bringing its schema up to date.
pub async fn open(url: &str, purpose: Purpose) -> anyhow::Result<Arc<dyn Store>> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        return Ok(Arc::new(sqlite::SqliteStore::open(path, purpose).await?));
    }
    if is_postgres(url) {
        return Ok(Arc::new(postgres::PostgresStore::open(url).await?));
    }
    anyhow::bail!(
        "the database URL must begin with sqlite: or postgres:// (for example sqlite:parere.db, \
         or postgres://user:password@host/database)"
    )
}

/// Does `url` name a database on a server?
pub fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}
