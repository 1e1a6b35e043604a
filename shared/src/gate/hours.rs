//! Days and times of the week, in the zone of the site.

use crate::time::{DAY_MS, Millis};

const MINUTE_MS: Millis = 60_000;

/// Days and times at which a survey may be asked.
///
/// A browser need not know the zone: the collector says how far its clock is from UTC, now and after the next change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hours {
    /// Bit 0 is Monday; 0 is every day.
    pub days: i32,
    /// First minute of the day, 0–1,439.
    pub from_min: i32,
    /// First minute after; less than the first means past midnight, the same means all day.
    pub until_min: i32,
    /// Minutes that the zone is ahead of UTC.
    pub zone: Zone,
}

/// How far a zone is from UTC around now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Zone {
    /// Minutes ahead of UTC, now.
    pub offset_min: i32,
    /// When that changes; 0 for never.
    pub change_ms: Millis,
    /// Minutes ahead of UTC after the change.
    pub then_min: i32,
}

impl Zone {
    /// What clocks show there: a moment that reads in UTC as `now` does there.
    pub fn local(self, now: Millis) -> Millis {
        let changed = self.change_ms != 0 && now >= self.change_ms;
        now + Millis::from(if changed { self.then_min } else { self.offset_min }) * MINUTE_MS
    }
}

impl Hours {
    /// Is `now` one of these times? After midnight it is still the day on which the hours began.
    pub fn contain(&self, now: Millis) -> bool {
        let local = self.zone.local(now);
        let (day, minute) = (local.div_euclid(DAY_MS), local.rem_euclid(DAY_MS) / MINUTE_MS);
        let (from, until) = (self.from_min.into(), self.until_min.into());
        if from < until {
            self.has(day) && (from..until).contains(&minute)
        } else {
            // All day, or past midnight.
            (minute >= from && self.has(day)) || (minute < until && self.has(day - 1))
        }
    }

    /// 1 January 1970 was a Thursday.
    fn has(&self, day: i64) -> bool {
        self.days == 0 || self.days >> (day + 3).rem_euclid(7) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Saturday, 21 November 2026, 00:00 UTC.
    const SATURDAY: Millis = 1_795_219_200_000;
    const HOUR: Millis = 60 * MINUTE_MS;

    #[test]
    fn days_and_times() {
        let weekend = 0b110_0000;
        for (name, days, from_min, until_min, now, expected) in [
            ("always", 0, 0, 0, SATURDAY, true),
            ("a weekend day", weekend, 0, 0, SATURDAY, true),
            ("its last minute", weekend, 0, 0, SATURDAY + 2 * DAY_MS - 1, true),
            ("Monday", weekend, 0, 0, SATURDAY + 2 * DAY_MS, false),
            ("before the hours", 0, 540, 1080, SATURDAY + 9 * HOUR - 1, false),
            ("first minute", 0, 540, 1080, SATURDAY + 9 * HOUR, true),
            ("last moment", 0, 540, 1080, SATURDAY + 18 * HOUR - 1, true),
            ("after the hours", 0, 540, 1080, SATURDAY + 18 * HOUR, false),
            ("a night that began on Friday", 0b001_0000, 1320, 120, SATURDAY + HOUR, true),
            ("the next night", 0b001_0000, 1320, 120, SATURDAY + 23 * HOUR, false),
            ("the night itself", 0, 1320, 120, SATURDAY + 23 * HOUR, true),
            ("noon is no night", 0, 1320, 120, SATURDAY + 12 * HOUR, false),
            ("before 1970", 0b000_0100, 0, 0, -DAY_MS, true),
        ] {
            let hours = Hours { days, from_min, until_min, zone: Zone::default() };
            assert_eq!(hours.contain(now), expected, "{name}");
        }
    }

    #[test]
    fn the_zone_changes_its_clock() {
        let change_ms = SATURDAY + 12 * HOUR;
        let zone = Zone { offset_min: 120, change_ms, then_min: 60 };
        let hours = Hours { days: 0, from_min: 780, until_min: 840, zone };
        for (now, expected) in [
            (SATURDAY + 11 * HOUR, true),
            (SATURDAY + 12 * HOUR - 1, true),
            (change_ms, true),
            (SATURDAY + 13 * HOUR, false),
        ] {
            assert_eq!(hours.contain(now), expected, "{now}");
        }
    }
}
