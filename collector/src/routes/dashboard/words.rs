//! How people, moments and places are called on the pages.

use parere_shared::time::{self, Millis};

use super::Choice;
use crate::auth::{ADMIN, Caller};
use crate::catalogue::Catalogue;

/// A moment for people and for programs.
pub(super) struct Moment {
    /// `21 November 2026, 10:00 UTC`
    pub(super) text: String,
    /// RFC 3339.
    pub(super) machine: String,
}

impl Moment {
    pub(super) fn new(moment: Millis) -> Self {
        let timestamp = jiff::Timestamp::from_millisecond(moment).unwrap_or_default();
        let text = timestamp.to_zoned(jiff::tz::TimeZone::UTC).strftime("%-d %B %Y, %H:%M UTC").to_string();
        Self { text, machine: time::format(moment) }
    }
}

/// The value of a choice that means every site.
pub(super) const EVERY_SITE: &str = "*";

/// A place of a role or token: a site's key, or all of them.
pub(super) fn place(site: Option<&str>) -> String {
    site.map_or_else(|| "every site".into(), Into::into)
}

/// The sites that `caller` administers, as choices; all of them together last, for who may: nobody slips into it.
pub(super) fn administered(catalogue: &Catalogue, caller: &Caller) -> Vec<Choice> {
    let all = catalogue.all();
    let every = caller.may_everywhere(ADMIN).then(|| Choice {
        value: EVERY_SITE.into(),
        label: "Every site, and the collector itself".into(),
        is_chosen: false,
    });
    let sites = all.values().filter(|entry| caller.rights_at(&entry.site.key).has(ADMIN));
    let sites = sites.map(|entry| Choice {
        value: entry.site.key.clone(),
        label: format!("{} ({})", entry.site.name, entry.site.key),
        is_chosen: false,
    });
    sites.chain(every).collect()
}
