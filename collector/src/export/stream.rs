//! An export on its way: pages are read and encoded ahead of the receiver, a few chunks at most.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use parere_shared::time::Millis;
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::Encoder;
use super::csv::CsvEncoder;
use super::ndjson::NdjsonEncoder;
use crate::auth::SiteScope;
use crate::config::ExportFormat;
use crate::store::{Filter, Order, Seq, Store, StoreError, StoredRow};

/// Rows read at once: some hundred kilobytes, a few milliseconds of one reading connection.
const PAGE_LEN: usize = 1_000;

/// Chunks that wait for a slow receiver; with the page being read and the one being encoded, all that is held.
const CHUNKS_WAITING_MAX: usize = 2;

/// How long a receiver may take nothing before it is given up: longer than a phone in a tunnel.
const STALL_MAX: Duration = Duration::from_mins(2);

/// Everything that decides what is in an export.
pub struct Export {
    /// Where the answers are.
    pub store: Arc<dyn Store>,
    /// Whose they are.
    pub scope: SiteScope,
    /// Which of them.
    pub filter: Filter,
    /// What kind of file.
    pub format: ExportFormat,
    /// CSV without the formula guard.
    pub raw: bool,
    /// The moment it begins, for the last line of NDJSON.
    pub now: Millis,
}

/// A piece of the file.
pub struct Chunk {
    /// The next bytes.
    pub bytes: Bytes,
    /// Rows in them.
    pub rows: usize,
    /// Nothing follows.
    is_last: bool,
}

/// Why an export broke off.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store failed.
    #[error("the answers could not be read any further")]
    Store(#[from] StoreError),
    /// A row could not be written in this format.
    #[error("an answer could not be written")]
    Encode(#[source] anyhow::Error),
    /// The end never came: the task that reads was stopped.
    #[error("the export was cut short")]
    CutShort,
}

/// The pieces of a file. It ends well only after its very last piece; anything else is an error.
#[must_use = "nothing is exported until the pieces are taken"]
pub struct Chunks {
    receiver: Receiver<Result<Chunk, ExportError>>,
    is_over: bool,
}

impl Export {
    /// Fixes the set of answers and begins to read it; dropping the [`Chunks`] ends it.
    pub async fn start(mut self) -> Result<Chunks, StoreError> {
        self.filter.seq_max = Some(self.store.last_seq(&self.scope).await?);
        let (sender, receiver) = mpsc::channel(CHUNKS_WAITING_MAX);
        tokio::spawn(async move {
            if let Err(error) = self.send_all(&sender).await {
                // The receiver may be gone; then nobody is left to tell.
                sender.send_timeout(Err(error), STALL_MAX).await.ok();
            }
        });
        Ok(Chunks { receiver, is_over: false })
    }

    /// Reads the next page while the last one is encoded and sent.
    async fn send_all(&self, sender: &Sender<Result<Chunk, ExportError>>) -> Result<(), ExportError> {
        let mut encoder = self.encoder();
        let mut head = Vec::new();
        encoder.start(&mut head).map_err(ExportError::Encode)?;
        send(sender, head, 0, false).await?;
        let mut page = self.page(None).await?;
        while let Some(last) = page.last().filter(|_| page.len() == PAGE_LEN).map(|row| row.seq) {
            let (next, sent) =
                tokio::join!(self.page(Some(last)), send_page(sender, &mut *encoder, &page, false));
            sent?;
            page = next?;
        }
        send_page(sender, &mut *encoder, &page, true).await
    }

    async fn page(&self, after: Option<Seq>) -> Result<Vec<StoredRow>, StoreError> {
        self.store.page(&self.scope, &self.filter, Order::OldestFirst, after, PAGE_LEN).await
    }

    fn encoder(&self) -> Box<dyn Encoder> {
        match self.format {
            ExportFormat::Csv => Box::new(CsvEncoder { raw: self.raw }),
            ExportFormat::Ndjson => Box::new(NdjsonEncoder::new(self.now)),
        }
    }
}

async fn send_page(
    sender: &Sender<Result<Chunk, ExportError>>,
    encoder: &mut dyn Encoder,
    page: &[StoredRow],
    is_last: bool,
) -> Result<(), ExportError> {
    let mut out = Vec::with_capacity(page.len() * ROW_BYTES_TYPICAL);
    encoder.rows(&mut page.iter().map(|stored| &stored.row), &mut out).map_err(ExportError::Encode)?;
    if is_last {
        encoder.end(&mut out).map_err(ExportError::Encode)?;
    }
    send(sender, out, page.len(), is_last).await
}

/// Room made for a row before it is encoded: what an answer with a short comment takes.
const ROW_BYTES_TYPICAL: usize = 512;

async fn send(
    sender: &Sender<Result<Chunk, ExportError>>,
    bytes: Vec<u8>,
    rows: usize,
    is_last: bool,
) -> Result<(), ExportError> {
    let chunk = Chunk { bytes: bytes.into(), rows, is_last };
    sender.send_timeout(Ok(chunk), STALL_MAX).await.map_err(|_| ExportError::CutShort)
}

impl Stream for Chunks {
    type Item = Result<Chunk, ExportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        // A channel that closes before the last piece must not look like the end of the file.
        let next = ready!(self.receiver.poll_recv(context)).unwrap_or(Err(ExportError::CutShort));
        self.is_over = next.as_ref().map_or(true, |chunk| chunk.is_last);
        Poll::Ready(Some(next))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;

    use super::*;

    #[tokio::test]
    async fn what_is_cut_short_never_looks_complete() {
        for (last_arrives, ends_well) in [(true, true), (false, false)] {
            let (sender, receiver) = mpsc::channel(CHUNKS_WAITING_MAX);
            send(&sender, b"head".to_vec(), 0, false).await.unwrap();
            if last_arrives {
                send(&sender, b"tail".to_vec(), 1, true).await.unwrap();
            }
            drop(sender);
            let chunks: Vec<_> = Chunks { receiver, is_over: false }.collect().await;
            assert_eq!(chunks.len(), 2);
            assert_eq!(chunks.last().unwrap().is_ok(), ends_well);
        }
    }
}
