//! Rows into the store, a batch at a time; or, where nothing is to be written, what would become of them.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use anyhow::Context as _;
use parere_shared::problem::Verdict;
use parere_shared::response::ResponseId;

use super::rejects::Rejects;
use super::summary::Summary;
use crate::auth::SiteScope;
use crate::command::progress::Progress;
use crate::import::{self, Foreign, Line, Lines, Made, Raw, Target};
use crate::store::{Filter, Order, Record, Row, Store, StoreError};

/// Most answers in one transaction: fewer would wait for the disk too often; more would keep a collector that serves
/// beside us from its turn for longer than a tenth of a second.
const BATCH_LEN: usize = 2_048;

/// Why a row is refused whose id has another content already.
const CONFLICT: &str = "another answer is stored under this id and revision; it was left as it is";

/// An import on its way.
pub(super) struct Taking<'a> {
    store: &'a dyn Store,
    scope: SiteScope,
    target: Target<'a>,
    foreign: Foreign,
    rejects: Option<Rejects>,
    /// What would have been stored so far; absent where it is stored.
    imagined: Option<HashMap<ResponseId, Imagined>>,
    summary: Summary,
}

/// What would be stored under an id.
#[derive(Clone, Copy)]
struct Imagined {
    revision: u32,
    digest: [u8; 16],
}

/// A row that can be stored.
struct Ready {
    number: u64,
    raw: Raw,
    record: Record,
}

impl<'a> Taking<'a> {
    pub(super) fn new(
        store: &'a dyn Store,
        target: Target<'a>,
        foreign: Foreign,
        rejects: Option<Rejects>,
        is_dry: bool,
    ) -> Self {
        let scope = SiteScope::at_the_machine(&target.site.site.key);
        let imagined = is_dry.then(HashMap::new);
        Self { store, scope, target, foreign, rejects, imagined, summary: Summary::default() }
    }

    /// Takes every row.
    pub(super) async fn all(&mut self, lines: Lines) -> anyhow::Result<()> {
        let progress = Progress::start();
        let mut batch = Vec::with_capacity(BATCH_LEN);
        let mut last = 0;
        for line in lines {
            let Line { number, raw, said } = line.context("the file could not be read any further")?;
            last = number;
            self.summary.read += 1;
            match said.and_then(|said| import::made(said, &self.target, &mut self.foreign)) {
                Ok(Made::Record(record)) => batch.push(Ready { number, raw, record: *record }),
                Ok(Made::LeftOut) => self.summary.left_out += 1,
                Err(why) => self.refuse(number, raw, &why)?,
            }
            if batch.len() >= BATCH_LEN {
                let len = batch.len();
                self.take(std::mem::take(&mut batch)).await.with_context(|| stopped(last))?;
                progress.add(len);
            }
        }
        let len = batch.len();
        self.take(batch).await.with_context(|| stopped(last))?;
        progress.add(len);
        progress.finish();
        Ok(())
    }

    /// What became of the rows so far; those that were refused are on disk.
    pub(super) fn end(self) -> anyhow::Result<Summary> {
        match self.rejects {
            Some(rejects) => rejects.finish().map(|()| self.summary),
            None => Ok(self.summary),
        }
    }

    fn refuse(&mut self, number: u64, raw: Raw, why: &str) -> anyhow::Result<()> {
        self.summary.refuse(number, why);
        match &mut self.rejects {
            Some(rejects) => rejects.write(import::with_reason(raw, why)),
            None => Ok(()),
        }
    }

    /// Stores what is not there yet.
    async fn take(&mut self, batch: Vec<Ready>) -> anyhow::Result<()> {
        let known = self.known(&batch).await?;
        let mut wanted = Vec::with_capacity(batch.len());
        for ready in batch {
            let record = &ready.record;
            match known
                .get(&record.row.id)
                .map(|row| verdict(row.revision, record, import::is_stored(row, record)))
            {
                None | Some(Verdict::Stored) => wanted.push(ready),
                Some(verdict) => self.count(ready, verdict, true)?,
            }
        }
        if self.imagined.is_some() {
            return self.imagine(wanted, &known).await;
        }
        let records: Arc<[Record]> = wanted.iter().map(|ready| ready.record.clone()).collect();
        match self.store.append(records).await {
            Ok(verdicts) => self.settle(wanted, verdicts, &known),
            // One that the schema does not take keeps all of its batch out.
            Err(StoreError::Refused(_)) => self.take_singly(wanted, &known).await,
            Err(error) => Err(error.into()),
        }
    }

    async fn take_singly(
        &mut self,
        wanted: Vec<Ready>,
        known: &HashMap<ResponseId, Row>,
    ) -> anyhow::Result<()> {
        for ready in wanted {
            match self.store.append(Arc::new([ready.record.clone()])).await {
                Ok(verdicts) => self.settle(vec![ready], verdicts, known)?,
                Err(StoreError::Refused(why)) => {
                    self.refuse(ready.number, ready.raw, &format!("the database refused it: {why}"))?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// What is stored under the ids of a batch.
    async fn known(&self, batch: &[Ready]) -> anyhow::Result<HashMap<ResponseId, Row>> {
        let filter = Filter { ids: Some(ids(batch)), ..Filter::default() };
        let stored = self.store.page(&self.scope, &filter, Order::OldestFirst, None, batch.len()).await?;
        Ok(stored.into_iter().map(|stored| (stored.row.id, stored.row)).collect())
    }

    fn settle(
        &mut self,
        wanted: Vec<Ready>,
        verdicts: Vec<Verdict>,
        known: &HashMap<ResponseId, Row>,
    ) -> anyhow::Result<()> {
        let mut new = HashSet::new();
        for (ready, verdict) in wanted.into_iter().zip(verdicts) {
            let id = ready.record.row.id;
            let was_there = known.contains_key(&id) || !new.insert(id);
            self.count(ready, verdict, was_there)?;
        }
        Ok(())
    }

    /// What the store would say, where nothing is written.
    async fn imagine(&mut self, wanted: Vec<Ready>, known: &HashMap<ResponseId, Row>) -> anyhow::Result<()> {
        let erased: HashSet<_> = self.store.erased(&self.scope, &ids(&wanted)).await?.into_iter().collect();
        for ready in wanted {
            let (id, record) = (ready.record.row.id, &ready.record);
            let before = self.imagined.as_ref().and_then(|imagined| imagined.get(&id).copied());
            let verdict = match before {
                _ if erased.contains(&id) => Verdict::Superseded,
                Some(before) => verdict(before.revision, record, before.digest == record.digest),
                None => Verdict::Stored,
            };
            if let (Verdict::Stored, Some(imagined)) = (verdict, &mut self.imagined) {
                imagined.insert(id, Imagined { revision: record.row.revision, digest: record.digest });
            }
            self.count(ready, verdict, before.is_some() || known.contains_key(&id))?;
        }
        Ok(())
    }

    fn count(&mut self, ready: Ready, verdict: Verdict, was_there: bool) -> anyhow::Result<()> {
        match verdict {
            Verdict::Stored if was_there => self.summary.newer += 1,
            Verdict::Stored => self.summary.new += 1,
            Verdict::Duplicate => self.summary.unchanged += 1,
            Verdict::Superseded => self.summary.older += 1,
            Verdict::Conflict => self.refuse(ready.number, ready.raw, CONFLICT)?,
        }
        Ok(())
    }
}

fn ids(rows: &[Ready]) -> Vec<ResponseId> {
    rows.iter().map(|ready| ready.record.row.id).collect()
}

/// What becomes of `record` where `revision` of it is there, which says the same or does not.
fn verdict(revision: u32, record: &Record, is_same: bool) -> Verdict {
    match revision.cmp(&record.row.revision) {
        _ if is_same => Verdict::Duplicate,
        Ordering::Less => Verdict::Stored,
        Ordering::Equal => Verdict::Conflict,
        Ordering::Greater => Verdict::Superseded,
    }
}

fn stopped(line: u64) -> String {
    format!(
        "the import stopped at line {line}; what came before is stored or told above, and the same command goes on from \
         there"
    )
}
