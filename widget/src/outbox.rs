//! The outbox: revisions that the collector has not acknowledged yet.
//!
//! Pure: time and chance are values, and what must be stored or forgotten is returned, not done.
//! [`crate::mail`] does it.

use parere_shared::text::{concat, cut, parse_number, push_number};
use parere_shared::time::{DAY_MS, Millis};

#[cfg(test)]
mod tests;

/// Most entries kept: a shopper with no network all week; each is at most a few kilobytes.
pub(crate) const ENTRIES_MAX: usize = 20;

/// Longest time an entry is kept; the collector believes no older answer.
pub(crate) const AGE_MS_MAX: Millis = 7 * DAY_MS;

/// First wait after a failure; doubled at each further one.
const BACKOFF_MS: Millis = 2_000;

/// Longest wait between two tries of one page.
const BACKOFF_MS_MAX: Millis = 5 * 60_000;

/// How long other tabs leave an entry alone that one tab is sending.
pub(crate) const LEASE_MS: Millis = 30_000;

/// One revision of one answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// `id.revision`: whose answer it is; its name in the storage.
    pub(crate) name: String,
    /// JSON without `sent_at`.
    pub(crate) body: String,
    /// How often it was sent.
    pub(crate) attempts: u32,
    /// Not to be sent before.
    pub(crate) due: Millis,
    /// When it was written.
    pub(crate) saved: Millis,
    /// Is it on its way, from this page?
    pub(crate) in_flight: bool,
}

impl Entry {
    /// A revision just made, due at once.
    pub(crate) fn new(id: &str, revision: u32, body: String, now: Millis) -> Self {
        let mut name = concat(&[id, "."]);
        push_number(&mut name, revision.into());
        Self { name, body, attempts: 0, due: now, saved: now, in_flight: false }
    }

    /// Does this revision come before `later`, of the same answer?
    fn is_before(&self, later: &Self) -> bool {
        let (mut ours, mut theirs) = (self.name.as_str(), later.name.as_str());
        cut(&mut ours, b'.') == cut(&mut theirs, b'.') && parse_number(ours) < parse_number(theirs)
    }

    /// `attempts due saved body`: its value in the storage.
    pub(crate) fn encode(&self) -> String {
        let mut line = String::new();
        for number in [self.attempts.into(), self.due, self.saved] {
            push_number(&mut line, number);
            line.push(' ');
        }
        line.push_str(&self.body);
        line
    }

    /// Reads what [`Entry::encode`] wrote; `None` for anything else.
    pub(crate) fn parse(name: &str, line: &str) -> Option<Self> {
        let mut body = line;
        let mut number = || parse_number(cut(&mut body, b' '));
        let (attempts, due, saved) = (number()?, number()?, number()?);
        Some(Self {
            name: name.into(),
            body: Some(body).filter(|body| body.ends_with('}'))?.into(),
            attempts: u32::try_from(attempts).ok()?,
            due,
            saved,
            in_flight: false,
        })
    }

    /// The body as it is sent, with the moment of sending.
    pub(crate) fn body_sent_at(&self, moment: &str) -> String {
        concat(&[self.body.strip_suffix('}').unwrap_or_default(), ",\"sent_at\":\"", moment, "\"}"])
    }
}

/// What the collector's reply means for an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Stored: forget it.
    Forget,
    /// Never to be stored: forget it, and tell the shopper.
    Refuse,
    /// As [`Verdict::Refuse`], and the survey is gone: ask no more on this page.
    Stop,
    /// Keep it and try again.
    Keep,
}

impl Verdict {
    /// By status code; 0 stands for no reply at all.
    pub(crate) fn of(status: u16) -> Self {
        match status {
            404 | 410 => Self::Stop,
            200..=299 | 409 => Self::Forget,
            400 | 403 | 413 | 415 | 422 => Self::Refuse,
            _ => Self::Keep,
        }
    }
}

/// All entries of one site that this page knows.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    entries: Vec<Entry>,
    /// Entries given up for age or number.
    pub(crate) dropped: u32,
}

impl Outbox {
    /// Takes in an entry; returns the names of those that are not kept any more.
    ///
    /// It replaces earlier revisions of its response that are not on their way:
    /// the later one says all that they said.
    #[must_use = "what is returned must be forgotten"]
    pub(crate) fn add(&mut self, entry: Entry, now: Millis) -> Vec<String> {
        let mut gone = Vec::new();
        self.take_out(&mut gone, &|old| !old.in_flight && old.is_before(&entry));
        let replaced = gone.len();
        self.entries.push(entry);
        self.take_out(&mut gone, &|old| now - old.saved > AGE_MS_MAX);
        if self.entries.len() > ENTRIES_MAX {
            // One came in, so one is too many; of several equally old ones all go.
            let oldest = self.entries.iter().map(|old| old.saved).min().unwrap_or(now);
            self.take_out(&mut gone, &|old| old.saved == oldest);
        }
        self.dropped = self.dropped.saturating_add(u32::try_from(gone.len() - replaced).unwrap_or(0));
        gone
    }

    /// Puts the next due entry on its way, to be left alone until `lease_ms` have passed; the caller stores and sends it.
    pub(crate) fn take_due(&mut self, now: Millis, lease_ms: Millis) -> Option<&Entry> {
        let entry = self.entries.iter_mut().find(|entry| !entry.in_flight && entry.due <= now)?;
        entry.in_flight = true;
        entry.attempts = entry.attempts.saturating_add(1);
        entry.due = now + lease_ms;
        Some(entry)
    }

    /// How long until something is due; `None` when nothing waits.
    pub(crate) fn wait(&self, now: Millis) -> Option<Millis> {
        let waiting = self.entries.iter().filter(|entry| !entry.in_flight);
        waiting.map(|entry| (entry.due - now).max(0)).min()
    }

    /// The reply is here: forgets the entry and returns `None`, or returns it for storing.
    ///
    /// `retry_after_s` is the collector's wish, `jitter` a random number below 1000.
    pub(crate) fn settle(
        &mut self,
        name: &str,
        verdict: Verdict,
        retry_after_s: u32,
        now: Millis,
        jitter: u16,
    ) -> Option<&Entry> {
        if verdict != Verdict::Keep {
            self.take_out(&mut Vec::new(), &|entry| entry.name == name);
            return None;
        }
        let entry = self.entries.iter_mut().find(|entry| entry.name == name)?;
        entry.in_flight = false;
        entry.due = now + backoff_ms(entry.attempts, jitter).max(Millis::from(retry_after_s) * 1000);
        Some(entry)
    }

    /// The network is back: everything is due.
    pub(crate) fn hurry(&mut self, now: Millis) {
        for entry in &mut self.entries {
            entry.due = now;
        }
    }

    /// Nothing waits and nothing is on its way.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes out what is unwanted and appends its names. (By `dyn`: one copy of the code for all callers.)
    fn take_out(&mut self, gone: &mut Vec<String>, is_unwanted: &dyn Fn(&Entry) -> bool) {
        let mut index = 0;
        while let Some(entry) = self.entries.get(index) {
            if is_unwanted(entry) {
                gone.push(self.entries.remove(index).name);
            } else {
                index += 1;
            }
        }
    }
}

/// Between half and all of the doubled wait, so that browsers that failed together do not return together.
fn backoff_ms(attempts: u32, jitter: u16) -> Millis {
    let doubled = BACKOFF_MS << attempts.saturating_sub(1).min(10);
    let longest = doubled.min(BACKOFF_MS_MAX);
    longest / 2 + longest / 2 * Millis::from(jitter) / 1000
}
