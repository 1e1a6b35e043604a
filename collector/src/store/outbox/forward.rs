//! Forwarding: the oldest answers of each site, a batch at a time, until none waits.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parere_shared::problem::Verdict;
use parere_shared::response::ResponseId;

use super::Line;
use crate::store::{Record, Scrub, Store as _, StoreError};
use crate::writer::{AppendError, append};

/// Answers in one batch: as many as the writer puts in one.
const BATCH_LEN: usize = 512;

/// How long the database may take over a batch: longer than senders wait, since nobody does here.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long after a failure the database is asked again.
const PROBE_EVERY: Duration = Duration::from_secs(1);

/// Answers that the database refused, by site and id, with the revision: they stay in the file for a person to see.
type SetAside = HashMap<(String, ResponseId), u32>;

/// What a round of forwarding did.
#[derive(Debug, Default)]
struct Forwarded {
    stored: u64,
    known: u64,
    contradicting: u64,
}

/// Forwards for as long as the process runs.
pub(super) async fn run(line: Arc<Line>) {
    let mut set_aside = SetAside::new();
    loop {
        if let Err(error) = round(&line, &mut set_aside).await {
            line.lose(&error.to_string());
            tokio::time::sleep(PROBE_EVERY).await;
            continue;
        }
        line.news.notified().await;
    }
}

/// Forwards everything that waits now.
pub(super) async fn all(line: &Line) -> Result<(), StoreError> {
    round(line, &mut SetAside::new()).await
}

async fn round(line: &Line, set_aside: &mut SetAside) -> Result<(), StoreError> {
    let mut forwarded = Forwarded::default();
    loop {
        let next = line.state().waiting.first().cloned();
        match next {
            Some(site) => forward_site(line, &site, set_aside, &mut forwarded).await?,
            None => break,
        }
    }
    let was_away = line.state().is_away;
    if was_away {
        line.database.check().await?;
        line.state().is_away = false;
    }
    let Forwarded { stored, known, contradicting } = forwarded;
    if stored + known + contradicting > 0 {
        // What is in the database is nowhere else; where that fails it is tried again after the next answers.
        line.file.store.scrub(Scrub::Quick).await.ok();
    }
    if was_away || stored + known + contradicting > 0 {
        tracing::info!(stored, known, contradicting, "the database is there; all that waited was forwarded");
    }
    Ok(())
}

async fn forward_site(
    line: &Line,
    site: &str,
    set_aside: &mut SetAside,
    forwarded: &mut Forwarded,
) -> Result<(), StoreError> {
    loop {
        let mut batch = line.file.store.oldest(site, BATCH_LEN + set_aside.len()).await?;
        batch.retain(|record| set_aside.get(&key(record)) != Some(&record.row.revision));
        batch.truncate(BATCH_LEN);
        if batch.is_empty() {
            line.state().waiting.remove(site);
            return Ok(());
        }
        let batch: Arc<[Record]> = batch.into();
        let sent = append(&*line.database, Arc::clone(&batch));
        let silence = |_| StoreError::Unavailable("it does not answer".into());
        let verdicts = tokio::time::timeout(PATIENCE, sent).await.map_err(silence)?;
        let mut settled = Vec::with_capacity(batch.len());
        let mut failure = None;
        for (record, verdict) in batch.iter().zip(verdicts) {
            match verdict {
                Ok(verdict) => {
                    forwarded.count(verdict);
                    settled.push((record.row.id, record.row.revision));
                }
                Err(AppendError::Store(error)) if matches!(*error, StoreError::Refused(_)) => {
                    tracing::error!(
                        site,
                        id = record.row.id.encode(),
                        "the database refuses an answer: {error}"
                    );
                    set_aside.insert(key(record), record.row.revision);
                }
                Err(error) => failure = Some(error),
            }
        }
        line.file.store.forget(site, settled).await?;
        if let Some(error) = failure {
            return Err(StoreError::Unavailable(error.into()));
        }
    }
}

fn key(record: &Record) -> (String, ResponseId) {
    (record.site.clone(), record.row.id)
}

impl Forwarded {
    fn count(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Stored => self.stored += 1,
            Verdict::Duplicate | Verdict::Superseded => self.known += 1,
            Verdict::Conflict => self.contradicting += 1,
        }
    }
}
