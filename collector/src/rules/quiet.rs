//! Moments by the clock of where the customer is: a wait in days and hours, and the night.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};
use parere_shared::time::{self, Millis};

/// Hours of the day in which nothing is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// First minute of the day, 0–1,439.
    from_min: i32,
    /// First minute after; less than the first: past midnight; the same: never quiet.
    until_min: i32,
}

impl Quiet {
    /// From `HH:MM` to `HH:MM`; `None` if one of them is no time of day.
    pub fn parse(hours: &[String; 2]) -> Option<Self> {
        let [from, until] = hours;
        Some(Self { from_min: time::parse_minutes(from)?, until_min: time::parse_minutes(until)? })
    }

    fn contains(self, minute: i32) -> bool {
        if self.from_min <= self.until_min {
            (self.from_min..self.until_min).contains(&minute)
        } else {
            minute >= self.from_min || minute < self.until_min
        }
    }

    /// The first moment from `at` on that is not quiet in `zone`.
    ///
    /// A time of day that the clocks leave out is the moment after the gap.
    pub fn awake(self, at: Millis, zone: &TimeZone) -> Millis {
        let local = zoned(at, zone);
        let minute = minute_of(&local);
        if !self.contains(minute) {
            return at;
        }
        let is_tomorrow = minute >= self.until_min;
        let date = if is_tomorrow { local.date().saturating_add(Span::new().days(1)) } else { local.date() };
        let (hour, minute) = (self.until_min / 60, self.until_min % 60);
        let morning = date.at(i8::try_from(hour).unwrap_or(0), i8::try_from(minute).unwrap_or(0), 0, 0);
        let awake = morning.to_zoned(zone.clone()).map_or(at, |zoned| zoned.timestamp().as_millisecond());
        // Where clocks go back in the morning, the time of day comes twice, and the first one may be over.
        awake.max(at)
    }
}

fn minute_of(local: &Zoned) -> i32 {
    i32::from(local.hour()) * 60 + i32::from(local.minute())
}

/// `at` plus days by the calendar of `zone` plus hours by the clock.
pub(super) fn later(at: Millis, days: u16, hours: u16, zone: &TimeZone) -> Millis {
    let span = Span::new().days(i32::from(days));
    let day = zoned(at, zone).checked_add(span).map_or(at, |zoned| zoned.timestamp().as_millisecond());
    day + Millis::from(hours) * 3_600_000
}

fn zoned(at: Millis, zone: &TimeZone) -> Zoned {
    Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(zone.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        time::parse(text).unwrap()
    }

    fn quiet(from: &str, until: &str) -> Quiet {
        Quiet::parse(&[from.into(), until.into()]).unwrap()
    }

    #[test]
    fn nothing_is_sent_at_night() {
        for (name, from, until, zone, moment, expected) in [
            ("by day", "21:00", "09:00", "UTC", "2026-11-21T12:00:00Z", "2026-11-21T12:00:00Z"),
            ("first minute", "21:00", "09:00", "UTC", "2026-11-21T21:00:00Z", "2026-11-22T09:00:00Z"),
            ("the minute before", "21:00", "09:00", "UTC", "2026-11-21T20:59:59Z", "2026-11-21T20:59:59Z"),
            ("past midnight", "21:00", "09:00", "UTC", "2026-11-22T00:30:00Z", "2026-11-22T09:00:00Z"),
            ("last moment", "21:00", "09:00", "UTC", "2026-11-22T08:59:59Z", "2026-11-22T09:00:00Z"),
            ("over", "21:00", "09:00", "UTC", "2026-11-22T09:00:00Z", "2026-11-22T09:00:00Z"),
            ("a siesta", "13:00", "15:30", "UTC", "2026-11-22T14:00:00Z", "2026-11-22T15:30:00Z"),
            ("never quiet", "09:00", "09:00", "UTC", "2026-11-22T03:00:00Z", "2026-11-22T03:00:00Z"),
            ("in Rome", "21:00", "09:00", "Europe/Rome", "2026-11-21T20:00:00Z", "2026-11-22T08:00:00Z"),
            ("in Tokyo", "21:00", "09:00", "Asia/Tokyo", "2026-11-21T20:00:00Z", "2026-11-22T00:00:00Z"),
            // Clocks go forward on 29 March 2026 at 2:00 and back on 25 October at 3:00.
            (
                "a short night",
                "21:00",
                "09:00",
                "Europe/Rome",
                "2026-03-28T22:00:00Z",
                "2026-03-29T07:00:00Z",
            ),
            ("a long night", "21:00", "09:00", "Europe/Rome", "2026-10-24T22:00:00Z", "2026-10-25T08:00:00Z"),
            ("into the gap", "21:00", "02:30", "Europe/Rome", "2026-03-28T22:00:00Z", "2026-03-29T01:30:00Z"),
            (
                "2:30, the second",
                "21:00",
                "02:45",
                "Europe/Rome",
                "2026-10-25T01:30:00Z",
                "2026-10-25T01:30:00Z",
            ),
        ] {
            let zone = TimeZone::get(zone).unwrap();
            let awake = quiet(from, until).awake(at(moment), &zone);
            assert_eq!(time::format(awake), time::format(at(expected)), "{name}");
        }
    }

    #[test]
    fn days_are_by_the_calendar_and_hours_by_the_clock() {
        for (name, moment, days, hours, expected) in [
            ("three days", "2026-11-21T10:00:00Z", 3, 0, "2026-11-24T10:00:00Z"),
            ("across the change of clocks", "2026-03-27T10:00:00Z", 3, 0, "2026-03-30T09:00:00Z"),
            ("and back", "2026-10-23T10:00:00Z", 3, 0, "2026-10-26T11:00:00Z"),
            ("as many hours", "2026-03-27T10:00:00Z", 0, 72, "2026-03-30T10:00:00Z"),
            ("both", "2026-11-21T10:00:00Z", 1, 2, "2026-11-22T12:00:00Z"),
        ] {
            let zone = TimeZone::get("Europe/Rome").unwrap();
            assert_eq!(
                time::format(later(at(moment), days, hours, &zone)),
                time::format(at(expected)),
                "{name}"
            );
        }
    }
}
