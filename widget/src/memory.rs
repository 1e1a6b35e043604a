//! What this browser keeps for us between pages. The only place that touches storage.
//!
//! Where storage is blocked or full, nothing is kept and nothing fails: the page's own copy goes on working.

use parere_shared::memory::{Memory, Moment};
use parere_shared::text::{concat, cut};
use parere_shared::time::Millis;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::outbox::Entry;

#[wasm_bindgen]
extern "C" {
    fn storage_get(key: &str) -> Option<String>;
    fn storage_set(key: &str, value: &str);
    fn storage_remove(key: &str);
    /// The ends of all keys that begin with `prefix`, one a line.
    fn storage_names(prefix: &str) -> Option<String>;
}

/// The memory of one site, stored under `parere.{site}`.
pub(crate) struct Keep {
    key: String,
    /// What is remembered; in RAM alone where storage is blocked.
    pub(crate) memory: Memory,
}

impl Keep {
    /// What is remembered of `site`.
    pub(crate) fn open(site: &str) -> Self {
        let mut keep = Self { key: concat(&["parere.", site]), memory: Memory::default() };
        keep.read();
        keep
    }

    /// Remembers that something happened to a survey.
    ///
    /// The line is read again first: another tab may have written it since.
    pub(crate) fn note(&mut self, slug: &str, moment: Moment, now: Millis) {
        self.read();
        self.memory.note(slug, moment, now);
        storage_set(&self.key, &self.memory.encode());
    }

    /// Remembers that this shopper wants no question any more.
    pub(crate) fn forswear(&mut self) {
        self.read();
        self.memory.never = true;
        storage_set(&self.key, &self.memory.encode());
    }

    #[inline(never)]
    fn read(&mut self) {
        if let Some(line) = storage_get(&self.key) {
            self.memory = Memory::parse(&line);
        }
    }
}

/// The unsent answers of one site, each under a key of its own: tabs do not overwrite each other.
pub(crate) struct Unsent {
    /// `parere.{site}.out.`: how their keys begin.
    prefix: String,
}

impl Unsent {
    /// Those of `site`.
    pub(crate) fn of(site: &str) -> Self {
        Self { prefix: concat(&["parere.", site, ".out."]) }
    }

    /// Calls `take` with everything that any page left.
    pub(crate) fn each(&self, mut take: impl FnMut(Entry)) {
        let names = storage_names(&self.prefix).unwrap_or_default();
        let mut names = names.as_str();
        while !names.is_empty() {
            let name = cut(&mut names, b'\n');
            if let Some(entry) = storage_get(&self.key(name)).and_then(|line| Entry::parse(name, &line)) {
                take(entry);
            }
        }
    }

    /// Keeps an entry, over whatever stood there under its name.
    pub(crate) fn put(&self, entry: &Entry) {
        storage_set(&self.key(&entry.name), &entry.encode());
    }

    /// Forgets an entry.
    pub(crate) fn forget(&self, name: &str) {
        storage_remove(&self.key(name));
    }

    fn key(&self, name: &str) -> String {
        concat(&[&self.prefix, name])
    }
}
