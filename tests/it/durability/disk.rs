//! What a disk may hold after a power cut: the model behind the cuts.
//!
//! Only what was fsynced is sure: bytes by an fsync of their file, names by an fsync of their folder.
//! Of everything later any part may have got there, sector by sector; a draw decides.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use super::journal::{Entry, entries, weakened};
use crate::answer::Dice;

mod content;

use content::{Change, Content};

/// Which fsyncs count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Promise {
    /// All of them.
    Kept,
    /// Not those of the log that end a commit: what `synchronous=NORMAL` leaves out, and nothing else
    /// (`the_weak_disk_is_synchronous_normal` holds the two together).
    Weak,
}

/// How much of what was not fsynced is on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    Nothing,
    All,
    /// The first changes, and some sectors of the next one.
    Torn,
    /// Each sector as it was at a moment of its own.
    Scattered,
}

/// A change to the folder; files by their place in [`Disk::contents`].
#[derive(Debug, Clone)]
enum Naming {
    Create(String, usize),
    Unlink(String),
    Rename(String, String),
}

type Names = BTreeMap<String, usize>;

/// One folder on one disk.
#[derive(Debug)]
pub(crate) struct Disk {
    promise: Promise,
    contents: Vec<Content>,
    sure: Names,
    seen: Names,
    unsure: Vec<Naming>,
    /// What each open descriptor leads to.
    files: HashMap<i32, usize>,
}

impl Disk {
    /// An empty folder.
    pub(crate) fn new(promise: Promise) -> Self {
        Self {
            promise,
            contents: Vec::new(),
            sure: Names::new(),
            seen: Names::new(),
            unsure: Vec::new(),
            files: HashMap::new(),
        }
    }

    /// Does again what the journal says was done.
    pub(crate) fn replay(&mut self, journal: &[u8]) {
        match self.promise {
            Promise::Kept => entries(journal).for_each(|entry| self.apply(&entry)),
            Promise::Weak => weakened(entries(journal)).for_each(|entry| self.apply(&entry)),
        }
    }

    fn apply(&mut self, entry: &Entry<'_>) {
        match *entry {
            Entry::Start => self.files.clear(),
            Entry::Open { fd, is_new, name } => self.opened(fd, is_new, name),
            Entry::Close { fd } => drop(self.files.remove(&fd)),
            Entry::Write { fd, at, bytes } => {
                let at = usize::try_from(at).unwrap();
                self.contents[self.files[&fd]].change(Change::Write { at, bytes: bytes.to_vec() });
            }
            Entry::Truncate { fd, len } => {
                let len = usize::try_from(len).unwrap();
                self.contents[self.files[&fd]].change(Change::Truncate { len });
            }
            Entry::Sync { fd } => self.contents[self.files[&fd]].sync(),
            // What the system failed to write counts as clean from now on, and is never written.
            Entry::Forget { fd } => self.contents[self.files[&fd]].forget(),
            Entry::SyncFolder => {
                self.sure = self.seen.clone();
                self.unsure.clear();
            }
            Entry::Unlink { name } => self.name(Naming::Unlink(name.to_owned())),
            Entry::Rename { from, to } => self.name(Naming::Rename(from.to_owned(), to.to_owned())),
        }
    }

    fn opened(&mut self, fd: i32, is_new: bool, name: &str) {
        if is_new {
            self.contents.push(Content::default());
            self.name(Naming::Create(name.to_owned(), self.contents.len() - 1));
        }
        self.files.insert(fd, self.seen[name]);
    }

    fn name(&mut self, naming: Naming) {
        naming.apply(&mut self.seen);
        self.unsure.push(naming);
    }

    /// The model saw every change: its files are those of `folder`, byte for byte.
    pub(crate) fn assert_is(&self, folder: &Path) {
        let there: BTreeSet<String> = fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| !name.ends_with("-shm"))
            .collect();
        assert_eq!(there, self.seen.keys().cloned().collect());
        for (name, file) in &self.seen {
            let real = fs::read(folder.join(name)).unwrap();
            assert!(real == self.contents[*file].seen, "{name} changed behind the model's back");
        }
    }

    /// Cuts the power, and makes `folder` what is found when it is back.
    pub(crate) fn cut(&mut self, folder: &Path, dice: &mut Dice) -> Left {
        let left = *dice.pick(&[Left::Nothing, Left::All, Left::Torn, Left::Scattered, Left::Scattered]);
        self.cut_to(left, folder, dice);
        left
    }

    /// As [`Disk::cut`], with no draw about how much is left.
    pub(crate) fn cut_to(&mut self, left: Left, folder: &Path, dice: &mut Dice) {
        let mut names = self.sure.clone();
        for naming in drawn(&self.unsure, left, dice) {
            naming.apply(&mut names);
        }
        let files: BTreeMap<String, Vec<u8>> =
            names.into_iter().map(|(name, file)| (name, self.contents[file].after_cut(left, dice))).collect();
        fs::remove_dir_all(folder).unwrap();
        fs::create_dir(folder).unwrap();
        *self = Self::new(self.promise);
        for (name, bytes) in files {
            fs::write(folder.join(&name), &bytes).unwrap();
            self.sure.insert(name, self.contents.len());
            self.contents.push(Content::sure(bytes));
        }
        self.seen = self.sure.clone();
        // Shared memory is a file too, and what is in it after a cut is anybody's guess.
        if dice.below(2) == 0 {
            let name = format!("{}-shm", super::shim::DATABASE);
            fs::write(folder.join(name), noise(32 * 1024, dice)).unwrap();
        }
    }
}

impl Naming {
    fn apply(&self, names: &mut Names) {
        match self {
            Self::Create(name, file) => {
                names.insert(name.clone(), *file);
            }
            Self::Unlink(name) => {
                names.remove(name);
            }
            Self::Rename(from, to) => {
                if let Some(file) = names.remove(from) {
                    names.insert(to.clone(), file);
                }
            }
        }
    }
}

/// The changes of names that got to the disk.
fn drawn<'a>(unsure: &'a [Naming], left: Left, dice: &mut Dice) -> Vec<&'a Naming> {
    let first = match left {
        Left::Nothing => 0,
        Left::All | Left::Scattered => unsure.len(),
        Left::Torn => usize::try_from(dice.below(unsure.len() as u64 + 1)).unwrap(),
    };
    unsure[..first].iter().filter(|_| left != Left::Scattered || dice.below(2) == 0).collect()
}

fn noise(len: usize, dice: &mut Dice) -> Vec<u8> {
    (0..len).map(|_| u8::try_from(dice.below(256)).unwrap()).collect()
}

#[cfg(test)]
mod tests;
