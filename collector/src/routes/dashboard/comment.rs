//! A stored answer as people read it.

use jiff::tz::TimeZone;
use parere_shared::time::{self, Millis};

use crate::catalogue::SiteEntry;
use crate::store::Row;

/// What somebody said, and what is known of it.
pub(super) struct Comment {
    pub(super) id: String,
    pub(super) survey: String,
    pub(super) score: i32,
    pub(super) band: String,
    pub(super) text: String,
    pub(super) locale: String,
    pub(super) page: String,
    /// Doubts, decisions and what else is noted, a word each.
    pub(super) flags: String,
    pub(super) is_test: bool,
    /// RFC 3339.
    pub(super) moment: String,
    /// `21 November 2026`, by the shop's clock.
    pub(super) date: String,
}

impl Comment {
    pub(super) fn of(row: Row, site: &SiteEntry) -> Self {
        Self {
            id: row.id.encode(),
            survey: row.survey,
            score: row.score,
            band: row.band,
            text: row.comment.unwrap_or_default(),
            locale: row.locale.unwrap_or_default(),
            page: row.page.unwrap_or_default(),
            flags: row.flags.names(),
            is_test: row.test,
            moment: time::format(row.received_at),
            date: date(row.received_at, &site.zone),
        }
    }
}

/// `21 November 2026`, by the shop's clock.
pub(super) fn date(moment: Millis, zone: &TimeZone) -> String {
    let timestamp = jiff::Timestamp::from_millisecond(moment).unwrap_or_default();
    timestamp.to_zoned(zone.clone()).strftime("%-d %B %Y").to_string()
}
