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
    /// Name of its band.
    pub(super) band: String,
    /// Whose it is, as the record says it.
    pub(super) subject: Option<[u8; 32]>,
}

impl Standing {
    /// The standing of a record that has just been stored.
    pub(super) fn of(record: &Record) -> Self {
        Self {
            revision: record.row.revision,
            digest: record.digest,
            counted: Counted::of(record),
            band: record.row.band.clone(),
            subject: record.subject,
        }
    }

    /// What becomes of an answer that was erased. Nothing of it is stored, and its sender is told what ends every
    /// retry: what was decided later stands in its place. A refusal would be kept and shown as a failure.
    pub(super) const ERASED: Verdict = Verdict::Superseded;

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
    fn flags_of(&self, record: &Record) -> Flags {
        self.counted.flags.revised(record.row.flags)
    }

    /// The standing of `record` in this one's place.
    /// The day stays that of the first receipt: a comment added later does not move the answer.
    pub(super) fn replaced_by(&self, record: &Record) -> Self {
        let flags = self.flags_of(record);
        let counted = Counted { day: self.counted.day, flags, ..Counted::of(record) };
        // Files of ours do not say whose an answer is; who does not say it in a browser does not want it known.
        let known = if record.is_news { None } else { self.subject };
        Self { counted, subject: record.subject.or(known), ..Self::of(record) }
    }
}

/// Everything about an answer that daily counts depend on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Counted {
    pub(super) survey: String,
    pub(super) instrument: String,
    pub(super) score: i32,
    pub(super) channel: String,
    pub(super) device: String,
    pub(super) locale: String,
    pub(super) touchpoint: String,
    pub(super) per_mille: u16,
    pub(super) is_commented: bool,
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
            per_mille: record.counted_per_mille,
            is_commented: row.comment.is_some() || row.flags.meets(Flags::FORGOTTEN),
            test: row.test,
            flags: row.flags,
            day: record.day,
        }
    }
}

impl Counted {
    /// The keys under which an answer to `site` counts.
    fn keys(&self, site: &str) -> Vec<Key> {
        let key = |(dimension, value): (Dimension, &str)| Key {
            site: site.into(),
            survey: self.survey.clone(),
            dimension: dimension.as_str(),
            day: self.day,
            value: value.into(),
            instrument: self.instrument.clone(),
            score: self.score,
            per_mille: self.per_mille,
        };
        let excluded = if self.test { Some("test") } else { self.flags.excludes().then_some("flagged") };
        if let Some(reason) = excluded {
            return vec![key((Dimension::Excluded, reason))];
        }
        let included = [
            (Dimension::All, ""),
            (Dimension::Channel, &*self.channel),
            (Dimension::Locale, &*self.locale),
            (Dimension::Device, &*self.device),
            (Dimension::Touchpoint, &*self.touchpoint),
        ];
        let commented = self.is_commented.then_some((Dimension::Commented, &*self.channel));
        included.into_iter().chain(commented).map(key).collect()
    }
}

/// Changes to daily counts, summed over a batch so that each key is written once.
///
/// By site, then by all that an answer counts as: most answers of a batch are alike in that, and each counts under
/// five keys or six, so keys are made when everything has been summed.
#[derive(Debug, Default)]
pub(super) struct Counts(HashMap<String, HashMap<Counted, i64>>);

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
    pub(super) per_mille: u16,
}

impl Counts {
    /// An answer came that was not there before.
    pub(super) fn add(&mut self, site: &str, standing: &Standing) {
        self.count(site, &standing.counted, 1);
    }

    /// An answer is there no more, or another stands in its place.
    pub(super) fn remove(&mut self, site: &str, counted: &Counted) {
        self.count(site, counted, -1);
    }

    /// An answer counts as something else now.
    pub(super) fn move_over(&mut self, site: &str, before: &Counted, after: &Counted) {
        self.count(site, before, -1);
        self.count(site, after, 1);
    }

    /// What has to be added to the stored counts, in the order of the keys: whoever writes the same ones at the
    /// same time takes them in the same order, and nobody waits in a circle.
    pub(super) fn changes(self) -> Vec<(Key, i64)> {
        let mut by_key: HashMap<Key, i64> = HashMap::new();
        for (site, of_site) in &self.0 {
            for (counted, n) in of_site {
                for key in counted.keys(site) {
                    *by_key.entry(key).or_default() += n;
                }
            }
        }
        let mut changes: Vec<_> = by_key.into_iter().filter(|(_, n)| *n != 0).collect();
        changes.sort();
        changes
    }

    fn count(&mut self, site: &str, counted: &Counted, n: i64) {
        if !self.0.contains_key(site) {
            self.0.insert(site.into(), HashMap::new());
        }
        let Some(of_site) = self.0.get_mut(site) else { return };
        match of_site.get_mut(counted) {
            Some(sum) => *sum += n,
            None => {
                of_site.insert(counted.clone(), n);
            }
        }
    }
}
