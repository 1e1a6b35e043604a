//! The way of an answer to the disk: queue → one transaction for all that wait → an answer to each sender.
//!
//! Nothing is acknowledged before its transaction has been fsynced.
//! There is no timer: while one commit runs the next batch gathers, so a lone answer is committed at once
//! and a crowd shares its commits.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use parere_shared::problem::Verdict;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

mod seats;

use seats::{Seat, Seats};

use crate::clock::Stopwatch;
use crate::metrics::Metrics;
use crate::store::{Batches, Record, Store, StoreError};

/// Most answers in one transaction: long enough to share the fsync, short enough to stay under 50 ms.
const BATCH_LEN_MAX: usize = 512;

/// Why an answer was not stored.
#[derive(Debug, Clone, thiserror::Error)]
pub enum AppendError {
    /// The queue is full, or the process is about to end: keep the answer and come back.
    #[error("the queue is full")]
    Full,
    /// The store could not do it.
    #[error("{0}")]
    Store(Arc<StoreError>),
}

struct Job {
    record: Record,
    reply: oneshot::Sender<Result<Verdict, AppendError>>,
    /// Given back when a batch takes the job.
    _seat: Seat,
}

/// The queue's end that handlers see; cloning it costs nothing.
#[derive(Debug, Clone)]
pub struct Writer {
    queue: mpsc::Sender<Job>,
    seats: Arc<Seats>,
}

impl Writer {
    /// Starts the one task that writes; it ends, with everything written, when every `Writer` is gone.
    pub fn start(store: Arc<dyn Store>, queue_len: usize, metrics: &Metrics) -> (Self, JoinHandle<()>) {
        let (queue, jobs) = mpsc::channel(queue_len);
        let seats = Arc::new(Seats::new(queue_len, metrics.waiting.clone()));
        (Self { queue, seats }, tokio::spawn(write(store, jobs, metrics.clone())))
    }

    /// Puts an answer in the queue; `Err` at once if it is full, or half full of answers to one site.
    /// The future ends when the answer is on disk.
    pub fn append(&self, record: Record) -> Result<Pending, AppendError> {
        let seat = Seats::take(&self.seats, &record.site).ok_or(AppendError::Full)?;
        let (reply, verdict) = oneshot::channel();
        self.queue.try_send(Job { record, reply, _seat: seat }).map_err(|_| AppendError::Full)?;
        Ok(Pending(verdict))
    }
}

/// An answer on its way to the disk.
#[derive(Debug)]
#[must_use = "an answer is only stored when this says so"]
pub struct Pending(oneshot::Receiver<Result<Verdict, AppendError>>);

impl Pending {
    /// Waits for the commit.
    pub async fn verdict(self) -> Result<Verdict, AppendError> {
        self.0.await.unwrap_or(Err(AppendError::Full))
    }
}

async fn write(store: Arc<dyn Store>, mut jobs: mpsc::Receiver<Job>, metrics: Metrics) {
    let mut waiting = Vec::with_capacity(BATCH_LEN_MAX);
    while jobs.recv_many(&mut waiting, BATCH_LEN_MAX).await > 0 {
        let waiting = waiting.drain(..);
        match store.batches() {
            Batches::Together => commit(&*store, waiting.collect(), &metrics).await,
            Batches::BySite { at_once } => {
                stream::iter(by_site(waiting))
                    .for_each_concurrent(at_once, |batch| commit(&*store, batch, &metrics))
                    .await;
            }
        }
    }
}

/// A batch for each site, each in the order of its coming.
fn by_site(jobs: impl Iterator<Item = Job>) -> impl Iterator<Item = Vec<Job>> {
    let mut of_site: BTreeMap<String, Vec<Job>> = BTreeMap::new();
    for job in jobs {
        of_site.entry(job.record.site.clone()).or_default().push(job);
    }
    of_site.into_values()
}

async fn commit(store: &dyn Store, batch: Vec<Job>, metrics: &Metrics) {
    let (records, replies): (Vec<_>, Vec<_>) = batch.into_iter().map(|job| (job.record, job.reply)).unzip();
    let clock = Stopwatch::start();
    let verdicts = append(store, records.into()).await;
    metrics.commit_s.observe(clock.seconds());
    metrics.commit_rows.observe(f64::from(u32::try_from(verdicts.len()).unwrap_or(u32::MAX)));
    for (reply, verdict) in replies.into_iter().zip(verdicts) {
        // A sender that went away sends the same answer again and is told it is a duplicate.
        reply.send(verdict).ok();
    }
}

/// One verdict for each record; a record that the store refuses costs no other its place.
pub(crate) async fn append(store: &dyn Store, records: Arc<[Record]>) -> Vec<Result<Verdict, AppendError>> {
    match store.append(Arc::clone(&records)).await {
        Ok(verdicts) => verdicts.into_iter().map(Ok).collect(),
        Err(StoreError::Refused(_)) if records.len() > 1 => {
            let mut verdicts = Vec::with_capacity(records.len());
            for record in records.iter() {
                verdicts.push(append_alone(store, record.clone()).await);
            }
            verdicts
        }
        Err(error) => {
            let error = Arc::new(error);
            records.iter().map(|_| Err(AppendError::Store(Arc::clone(&error)))).collect()
        }
    }
}

async fn append_alone(store: &dyn Store, record: Record) -> Result<Verdict, AppendError> {
    let verdicts =
        store.append([record].into()).await.map_err(|error| AppendError::Store(Arc::new(error)))?;
    verdicts.first().copied().ok_or(AppendError::Full)
}
