//! Going on with an export that broke off: only where it is certain that the file becomes what it would have been.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use parere_shared::response::ResponseId;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::part::{PartFile, beside};
use crate::export::{Export, Manifest, Mark, PIECE_LEN, Set};
use crate::random::hex;
use crate::store::{Filter, Order, Seq};

/// What stands beside a part: how far it is, and what it is a part of.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct State {
    /// What was asked for. Rows and hash are those of a beginning.
    asked: Manifest,
    set: Set,
    /// Place and id of the last answer in it.
    last: Option<(Seq, String)>,
    rows: u64,
    bytes: u64,
    sha256: String,
}

impl State {
    /// Of an export that has written nothing.
    pub(super) fn of(export: &Export) -> Self {
        let sha256 = hex(&Sha256::new().finalize());
        Self { asked: export.manifest(0), set: export.set.clone(), last: None, rows: 0, bytes: 0, sha256 }
    }

    /// Remembers where the file stands.
    pub(super) fn note(&mut self, mark: &Mark, bytes: u64) {
        self.last = mark.last.map(|(seq, id)| (seq, id.encode()));
        (self.rows, self.bytes) = (mark.rows, bytes);
        self.sha256 = hex(&mark.seal.clone().finalize());
    }

    /// In place of what was written before, or not at all.
    pub(super) fn write(&self, path: &Path) -> anyhow::Result<()> {
        let new = beside(path, ".new");
        fs::write(&new, serde_json::to_vec(self)?)?;
        Ok(fs::rename(&new, path)?)
    }
}

/// Takes up what an earlier export left: its set of answers, its bytes up to the last row that is known to be whole.
pub(super) async fn go_on(export: &mut Export, file: &mut PartFile) -> anyhow::Result<Mark> {
    ensure!(file.can_go_on(), "a compressed file cannot be continued; leave out --resume");
    let state = match fs::read(file.state_path()) {
        Ok(text) => {
            serde_json::from_slice::<State>(&text).context("could not read what was noted beside it")?
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            bail!("there is nothing to go on with beside {}; leave out --resume", file.path().display())
        }
        Err(error) => return Err(error).context("could not read what was noted beside it"),
    };
    export.set = state.set.clone();
    let anew = "leave out --resume to begin anew";
    ensure!(
        state.asked == export.manifest(0),
        "the part that is there is of an export of something else; {anew}"
    );
    let seal = prefix(file.found(), state.bytes)
        .with_context(|| format!("the part is shorter than what was noted of it; {anew}"))?;
    ensure!(hex(&seal.clone().finalize()) == state.sha256, "the part is not what was written; {anew}");
    let last = match &state.last {
        None => None,
        Some((seq, id)) => Some((*seq, ResponseId::parse(id).context("a noted id is none")?)),
    };
    if let Some((seq, id)) = last {
        ensure!(
            holds(export, seq, id).await?,
            "the last answer of the part is not in this database any more, so it is not certain where to go on; {anew}"
        );
    }
    file.start_behind(state.bytes)?;
    // Something is noted once the head is written, not before.
    Ok(Mark { has_head: true, last, rows: state.rows, seal })
}

/// Is this the answer at this place? Another database, or an older copy of this one, has another one there.
async fn holds(export: &Export, seq: Seq, id: ResponseId) -> anyhow::Result<bool> {
    let only = Filter { ids: Some(vec![id]), ..Filter::default() };
    let found = export.store.page(&export.scope, &only, Order::OldestFirst, None, 1).await?;
    Ok(found.first().is_some_and(|found| found.seq == seq)
        && export.store.last_seq(&export.scope).await? >= export.set.last_seq)
}

/// SHA-256 of the first `len` bytes.
fn prefix(file: &File, len: u64) -> io::Result<Sha256> {
    let (mut seal, mut at, mut piece) = (Sha256::new(), 0, vec![0; PIECE_LEN]);
    while at < len {
        let n = usize::try_from(len - at).unwrap_or(usize::MAX).min(piece.len());
        let wanted = piece.get_mut(..n).unwrap_or_default();
        file.read_exact_at(wanted, at)?;
        seal.update(&*wanted);
        at += n as u64;
    }
    Ok(seal)
}
