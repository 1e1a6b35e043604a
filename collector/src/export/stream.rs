//! CSV and NDJSON on their way: pages are read and encoded ahead of the receiver, a few chunks at most.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use parere_shared::response::ResponseId;
use sha2::{Digest as _, Sha256};
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::csv::Texts;
use super::manifest::Manifest;
use super::pages::{self, Page};
use super::{Export, ExportError, csv, ndjson};
use crate::behind;
use crate::random::hex;
use crate::store::{Seq, StoredRow};

/// Chunks that wait for a slow receiver; with the pages being read and encoded, all that is held.
const CHUNKS_WAITING_MAX: usize = 2;

/// How long a receiver may take nothing before it is given up: longer than a phone in a tunnel.
const STALL_MAX: Duration = Duration::from_mins(2);

/// Room made for a row before it is encoded: what an answer with a short comment takes.
const ROW_BYTES_TYPICAL: usize = 512;

/// A piece of the file.
pub struct Chunk {
    /// The next bytes.
    pub bytes: Bytes,
    /// Where everything up to the end of this chunk stands.
    pub mark: Mark,
    /// What the file holds, in the very last chunk.
    pub end: Option<Box<Manifest>>,
}

/// Where a file stands, at the end of a row.
#[derive(Debug, Clone, Default)]
pub struct Mark {
    /// Is what stands before the first row there?
    pub has_head: bool,
    /// Place and id of the last answer in it; none before the first.
    pub last: Option<(Seq, ResponseId)>,
    /// Answers in it.
    pub rows: u64,
    /// Over its bytes.
    pub seal: Sha256,
}

/// The pieces of a file. It ends well only after its very last piece; anything else is an error.
#[must_use = "nothing is exported until the pieces are taken"]
pub struct Chunks {
    receiver: Receiver<Result<Chunk, ExportError>>,
    is_over: bool,
}

/// The formats that are lines.
#[derive(Clone, Copy)]
pub(super) enum Lines {
    Csv(Texts),
    Ndjson,
}

impl Export {
    /// Begins to read and to encode, behind `mark` where a part is there already; dropping the [`Chunks`] ends it.
    pub(super) fn lines(self, lines: Lines, mark: Mark) -> Chunks {
        let (sender, receiver) = mpsc::channel(CHUNKS_WAITING_MAX);
        behind::spawn(async move {
            if let Err(error) = self.send_all(lines, mark, &sender).await {
                // The receiver may be gone; then nobody is left to tell.
                sender.send_timeout(Err(error), STALL_MAX).await.ok();
            }
        });
        Chunks { receiver, is_over: false }
    }

    /// Pages are read while earlier ones are encoded and sent.
    async fn send_all(
        &self,
        lines: Lines,
        mark: Mark,
        sender: &Sender<Result<Chunk, ExportError>>,
    ) -> Result<(), ExportError> {
        let (to_here, pages) = mpsc::channel(pages::WAITING_MAX);
        let reading = self.read(mark.last.map(|(seq, _)| seq), to_here);
        let (read, sent) = tokio::join!(reading, self.encode_all(lines, mark, pages, sender));
        // Whatever was wrong with reading is why there was too little to encode.
        read.and(sent)
    }

    async fn encode_all(
        &self,
        lines: Lines,
        mut mark: Mark,
        mut pages: Receiver<Page>,
        sender: &Sender<Result<Chunk, ExportError>>,
    ) -> Result<(), ExportError> {
        if !mark.has_head {
            mark.has_head = true;
            let mut head = Vec::new();
            lines.head(&mut head).map_err(ExportError::Encode)?;
            mark.seal.update(&head);
            send(sender, Chunk { bytes: head.into(), mark: mark.clone(), end: None }).await?;
        }
        while let Some(Page { rows, is_last }) = pages.recv().await {
            let encoded = behind::run(move || mark.add(lines, &rows)).await;
            let mut out;
            (mark, out) = encoded.map_err(anyhow::Error::from).flatten().map_err(ExportError::Encode)?;
            if !is_last {
                send(sender, Chunk { bytes: out.into(), mark: mark.clone(), end: None }).await?;
                continue;
            }
            let mut manifest = self.manifest(mark.rows);
            manifest.sha256 = Some(hex(&mark.seal.clone().finalize()));
            lines.end(&manifest, &mut out).map_err(ExportError::Encode)?;
            let end = Some(Box::new(manifest));
            return send(sender, Chunk { bytes: out.into(), mark, end }).await;
        }
        Err(ExportError::CutShort)
    }
}

impl Mark {
    /// The bytes of `rows`, and where the file stands behind them.
    fn add(mut self, lines: Lines, rows: &[StoredRow]) -> anyhow::Result<(Self, Vec<u8>)> {
        let mut out = Vec::with_capacity(rows.len() * ROW_BYTES_TYPICAL);
        lines.rows(rows, &mut out)?;
        self.seal.update(&out);
        self.rows += rows.len() as u64;
        self.last = rows.last().map(|stored| (stored.seq, stored.row.id)).or(self.last);
        Ok((self, out))
    }
}

impl Lines {
    fn head(self, out: &mut Vec<u8>) -> anyhow::Result<()> {
        match self {
            Self::Csv(texts) => csv::head(texts, out),
            Self::Ndjson => Ok(()),
        }
    }

    fn rows(self, rows: &[StoredRow], out: &mut Vec<u8>) -> anyhow::Result<()> {
        let rows = rows.iter().map(|stored| &stored.row);
        match self {
            Self::Csv(texts) => csv::rows(texts, rows, out),
            Self::Ndjson => ndjson::rows(rows, out),
        }
    }

    fn end(self, manifest: &Manifest, out: &mut Vec<u8>) -> anyhow::Result<()> {
        match self {
            Self::Csv(_) => Ok(()),
            Self::Ndjson => ndjson::end(manifest, out),
        }
    }
}

async fn send(sender: &Sender<Result<Chunk, ExportError>>, chunk: Chunk) -> Result<(), ExportError> {
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
        self.is_over = next.as_ref().map_or(true, |chunk| chunk.end.is_some());
        Poll::Ready(Some(next))
    }
}

#[cfg(test)]
mod tests {
    use futures_util::StreamExt as _;

    use super::super::manifest::example;
    use super::*;

    #[tokio::test]
    async fn what_is_cut_short_never_looks_complete() {
        for (last_arrives, ends_well) in [(true, true), (false, false)] {
            let (sender, receiver) = mpsc::channel(CHUNKS_WAITING_MAX);
            let chunk = |end| Chunk { bytes: Bytes::from_static(b"piece"), mark: Mark::default(), end };
            send(&sender, chunk(None)).await.unwrap();
            if last_arrives {
                send(&sender, chunk(Some(Box::new(example())))).await.unwrap();
            }
            drop(sender);
            let chunks: Vec<_> = Chunks { receiver, is_over: false }.collect().await;
            assert_eq!(chunks.len(), 2);
            assert_eq!(chunks.last().unwrap().is_ok(), ends_well);
        }
    }
}
