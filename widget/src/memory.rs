//! What this browser keeps for us between pages. The only place that touches storage.
//!
//! Where storage is blocked or full, nothing is kept and nothing fails: the page's own copy goes on working.

use parere_shared::memory::{Memory, Moment};
use parere_shared::text::concat;
use parere_shared::time::Millis;
use web_sys::Storage;

use crate::dom;
use crate::outbox::Entry;

/// The storage of one site, and the memory in it.
pub(crate) struct Keep {
    storage: Option<Storage>,
    /// `parere.{site}`: the memory line's key, and the start of every other.
    key: String,
    /// What is remembered; in RAM alone where storage is blocked.
    pub(crate) memory: Memory,
}

impl Keep {
    /// Opens what is kept for `site`; a page may forbid it, by an exception or by `null`.
    pub(crate) fn open(site: &str) -> Self {
        let storage = dom::window().local_storage().ok().flatten();
        let key = concat(&["parere.", site]);
        let line = storage.as_ref().and_then(|storage| storage.get_item(&key).ok().flatten());
        Self { memory: Memory::parse(&line.unwrap_or_default()), storage, key }
    }

    /// Remembers that something happened to a survey.
    ///
    /// The line is read again first: another tab may have written it since.
    pub(crate) fn note(&mut self, slug: &str, moment: Moment, now: Millis) {
        if let Some(storage) = &self.storage {
            if let Ok(Some(line)) = storage.get_item(&self.key) {
                self.memory = Memory::parse(&line);
            }
            self.memory.note(slug, moment, now);
            storage.set_item(&self.key, &self.memory.encode()).ok();
        } else {
            self.memory.note(slug, moment, now);
        }
    }

    /// Everything unsent that any page of this site left.
    pub(crate) fn unsent(&self) -> Vec<Entry> {
        let Some(storage) = &self.storage else { return Vec::new() };
        let prefix = self.out_key("");
        let mut entries = Vec::new();
        for index in 0..storage.length().unwrap_or(0) {
            let Ok(Some(key)) = storage.key(index) else { continue };
            let Some(name) = key.strip_prefix(prefix.as_str()) else { continue };
            if let Ok(Some(line)) = storage.get_item(&key) {
                entries.extend(Entry::parse(name, &line));
            }
        }
        entries
    }

    /// Keeps an entry, over whatever stood there under its name.
    pub(crate) fn put(&self, entry: &Entry) {
        if let Some(storage) = &self.storage {
            storage.set_item(&self.out_key(&entry.name()), &entry.encode()).ok();
        }
    }

    /// Forgets an entry.
    pub(crate) fn forget(&self, name: &str) {
        if let Some(storage) = &self.storage {
            storage.remove_item(&self.out_key(name)).ok();
        }
    }

    fn out_key(&self, name: &str) -> String {
        concat(&[&self.key, ".out.", name])
    }
}
