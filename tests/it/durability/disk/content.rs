//! One file of the modelled disk: what is sure, what is seen, and what lies between.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Left, noise};
use crate::answer::Dice;

/// A change to one file.
#[derive(Debug)]
pub(super) enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Truncate { len: usize },
}

/// A file, whatever it is called.
#[derive(Debug, Default)]
pub(super) struct Content {
    /// On the disk for sure.
    sure: Vec<u8>,
    /// As the running system sees it.
    pub(super) seen: Vec<u8>,
    /// What leads from one to the other.
    unsure: Vec<Change>,
}

impl Content {
    /// A file that lay on the disk before anything began.
    pub(super) fn sure(bytes: Vec<u8>) -> Self {
        Self { sure: bytes.clone(), seen: bytes, unsure: Vec::new() }
    }

    pub(super) fn change(&mut self, change: Change) {
        change.apply(&mut self.seen);
        self.unsure.push(change);
    }

    pub(super) fn sync(&mut self) {
        for change in self.unsure.drain(..) {
            change.apply(&mut self.sure);
        }
    }

    /// What is not yet on the disk will never be.
    pub(super) fn forget(&mut self) {
        self.unsure.clear();
    }

    /// Its bytes when the power is back.
    pub(super) fn after_cut(&self, left: Left, dice: &mut Dice) -> Vec<u8> {
        let all = self.unsure.len();
        let sector = *dice.pick(&[512, 4096]);
        let whole = match left {
            Left::Nothing => 0,
            Left::All => all,
            Left::Torn | Left::Scattered => usize::try_from(dice.below(all as u64 + 1)).unwrap(),
        };
        // Its length, too, is that of some moment.
        let mut bytes = self.sure.clone();
        self.unsure[..whole].iter().for_each(|change| change.apply(&mut bytes));
        if left == Left::Nothing || left == Left::All {
            return bytes;
        }
        if left == Left::Scattered && bytes.len() > self.sure.len() && dice.below(2) == 0 {
            // Where the file grew and nothing was written yet, old garbage may lie.
            let grown = bytes.len() - self.sure.len();
            bytes[self.sure.len()..].copy_from_slice(&noise(grown, dice));
        }
        for (place, changes) in self.by_sector(sector, bytes.len()) {
            let n = if left == Left::Scattered {
                usize::try_from(dice.below(changes.len() as u64 + 1)).unwrap()
            } else {
                // Of the change that was under way some sectors are written, some are not.
                let before = changes.iter().filter(|index| **index < whole).count();
                before + usize::from(changes.contains(&whole) && dice.below(2) == 0)
            };
            let range = place * sector..((place + 1) * sector).min(bytes.len());
            // Beyond what is sure, a sector that was not written may hold the garbage of above.
            if n > 0 || range.start < self.sure.len() {
                let now = &mut bytes[range.clone()];
                now.fill(0);
                let sure = &self.sure[range.start.min(self.sure.len())..range.end.min(self.sure.len())];
                now[..sure.len()].copy_from_slice(sure);
                changes[..n].iter().for_each(|index| self.unsure[*index].apply_in(&range, now));
            }
        }
        bytes
    }

    fn longest(&self) -> usize {
        let ends = self.unsure.iter().map(|change| match change {
            Change::Write { at, bytes } => at + bytes.len(),
            Change::Truncate { len } => *len,
        });
        ends.max().unwrap_or(0).max(self.sure.len())
    }

    /// Which changes touch which sector of the first `len` bytes.
    fn by_sector(&self, sector: usize, len: usize) -> BTreeMap<usize, Vec<usize>> {
        let mut touched: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let longest = self.longest();
        for (index, change) in self.unsure.iter().enumerate() {
            let range = match change {
                Change::Write { at, bytes } => *at..at + bytes.len(),
                Change::Truncate { len } => *len..longest,
            };
            let range = range.start..range.end.min(len);
            if !range.is_empty() {
                for place in range.start / sector..=(range.end - 1) / sector {
                    touched.entry(place).or_default().push(index);
                }
            }
        }
        touched
    }
}

impl Change {
    fn apply(&self, file: &mut Vec<u8>) {
        match self {
            Self::Write { at, bytes } => {
                let end = at + bytes.len();
                file.resize(file.len().max(end), 0);
                file[*at..end].copy_from_slice(bytes);
            }
            Self::Truncate { len } => file.resize(*len, 0),
        }
    }

    /// What it does to one sector: the bytes of `range`.
    fn apply_in(&self, range: &Range<usize>, sector: &mut [u8]) {
        match self {
            Self::Write { at, bytes } => {
                let (from, to) = (range.start.max(*at), range.end.min(at + bytes.len()));
                if from < to {
                    sector[from - range.start..to - range.start].copy_from_slice(&bytes[from - at..to - at]);
                }
            }
            Self::Truncate { len } => {
                let from = range.start.max(*len).min(range.end);
                sector[from - range.start..].fill(0);
            }
        }
    }
}
