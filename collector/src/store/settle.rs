//! What an answer means for what is stored: whether it is new, said again, or replaces; and how the daily counts
//! follow. Each back end only looks up and writes.

use std::collections::HashMap;

use parere_shared::problem::Verdict;

use super::{Dimension, Flags, Record};

/// What is stored under an id that comes again.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    /// Of the stored row.
    pub(super) revision: u32,
    /// Of the stored row.
    pub(super) digest: [u8; 16],
    /// As what it counts.
    pub(super) counted: Counted,
}

impl Standing {
    /// The standing of a record that has just been stored.
    pub(super) fn of(record: &Record) -> Self {
        Self { revision: record.row.revision, digest: record.digest, counted: Counted::of(record) }
    }

    /// What becomes of `record`, which has the same id; `Stored` means that it replaces this one.
    pub(super) fn verdict_on(&self, record: &Record) -> Verdict {
        match self.revision.cmp(&record.row.revision) {
            std::cmp::Ordering::Greater => Verdict::Superseded,
            std::cmp::Ordering::Less => Verdict::Stored,
            std::cmp::Ordering::Equal if self.digest == record.digest => Verdict::Duplicate,
            std::cmp::Ordering::Equal => Verdict::Conflict,
        }
    }

    /// The flags of `record` in this one's place: what was doubted of this one, or decided about it, stays.
    pub(super) fn flags_of(&self, record: &Record) -> Flags {
        self.counted.flags.revised(record.row.flags)
    }

    /// The standing of `record` in this one's place.
    /// The day stays that of the first receipt: a comment added later does not move the answer.
    pub(super) fn replaced_by(&self, record: &Record) -> Self {
        let flags = self.flags_of(record);
        let counted = Counted { day: self.counted.day, flags, ..Counted::of(record) };
        Self { counted, ..Self::of(record) }
    }
}

/// Everything about an answer that daily counts depend on.
#[derive(Debug, Clone)]
pub(super) struct Counted {
    pub(super) survey: String,
    pub(super) instrument: String,
    pub(super) score: i32,
    pub(super) channel: String,
    pub(super) device: String,
    pub(super) locale: String,
    pub(super) touchpoint: String,
    pub(super) test: bool,
    pub(super) flags: Flags,
    pub(super) day: i32,
}

impl Counted {
    fn of(record: &Record) -> Self {
        let row = &record.row;
        Self {
            survey: row.survey.clone(),
            instrument: row.instrument.clone(),
            score: row.score,
            channel: row.channel.map_or_else(String::new, |channel| channel.as_str().into()),
            device: row.device.map_or_else(String::new, |device| device.as_str().into()),
            locale: record.counted_locale.clone(),
            touchpoint: record.counted_touchpoint.clone(),
            test: row.test,
            flags: row.flags,
            day: record.day,
        }
    }
}

/// Changes to daily counts, summed over a batch so that each key is written once.
#[derive(Debug, Default)]
pub(super) struct Counts(HashMap<Key, i64>);

/// The key of a daily count.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    pub(super) site: String,
    pub(super) survey: String,
    pub(super) dimension: &'static str,
    pub(super) day: i32,
    pub(super) value: String,
    pub(super) instrument: String,
    pub(super) score: i32,
}

impl Counts {
    /// An answer came that was not there before.
    pub(super) fn add(&mut self, site: &str, standing: &Standing) {
        self.count(site, &standing.counted, 1);
    }

    /// An answer is there no more, or another stands in its place.
    pub(super) fn remove(&mut self, site: &str, standing: &Standing) {
        self.count(site, &standing.counted, -1);
    }

    /// An answer counts as something else now.
    pub(super) fn move_over(&mut self, site: &str, before: &Counted, after: &Counted) {
        self.count(site, before, -1);
        self.count(site, after, 1);
    }

    /// What has to be added to the stored counts, in the order of the keys: whoever writes the same ones at the
    /// same time takes them in the same order, and nobody waits in a circle.
    pub(super) fn changes(self) -> Vec<(Key, i64)> {
        let mut changes: Vec<_> = self.0.into_iter().filter(|(_, n)| *n != 0).collect();
        changes.sort();
        changes
    }

    fn count(&mut self, site: &str, counted: &Counted, n: i64) {
        let excluded =
            if counted.test { Some("test") } else { counted.flags.excludes().then_some("flagged") };
        if let Some(reason) = excluded {
            return self.count_key(site, counted, Dimension::Excluded, reason, n);
        }
        self.count_key(site, counted, Dimension::All, "", n);
        self.count_key(site, counted, Dimension::Channel, &counted.channel, n);
        self.count_key(site, counted, Dimension::Locale, &counted.locale, n);
        self.count_key(site, counted, Dimension::Device, &counted.device, n);
        self.count_key(site, counted, Dimension::Touchpoint, &counted.touchpoint, n);
    }

    fn count_key(&mut self, site: &str, counted: &Counted, dimension: Dimension, value: &str, n: i64) {
        let key = Key {
            site: site.into(),
            survey: counted.survey.clone(),
            dimension: dimension.as_str(),
            day: counted.day,
            value: value.into(),
            instrument: counted.instrument.clone(),
            score: counted.score,
        };
        *self.0.entry(key).or_default() += n;
    }
}
