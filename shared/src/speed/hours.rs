//! Business hours: how much of a wait fell into the time in which somebody was there to end it.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use crate::time::Millis;
use crate::violation::{Rule, Violation};

/// Most stretches of a day: a morning, an afternoon, and more than anybody has.
pub const STRETCHES_MAX: usize = 6;

/// Most holidays that are kept: some thirty years of them.
pub const HOLIDAYS_MAX: usize = 400;

/// Most days for which hours are laid out: twenty years.
const DAYS_MAX: usize = 7_305;

/// Minutes of a day.
const DAY_MIN: u16 = 1_440;

/// When somebody is there, in local time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Of each day from Monday on, its stretches: first minute, and first after; in order, none touching the next.
    week: [Vec<(u16, u16)>; 7],
    /// Days on which nobody is there.
    holidays: BTreeSet<Date>,
}

impl Default for Schedule {
    /// Monday to Friday, nine to five.
    fn default() -> Self {
        let day = || vec![(9 * 60, 17 * 60)];
        let week = [day(), day(), day(), day(), day(), Vec::new(), Vec::new()];
        Self { week, holidays: BTreeSet::new() }
    }
}

impl Schedule {
    /// The names of the days, as they are written.
    pub const DAYS: [&'static str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// Reads stretches such as `09:00-12:30`, day by day from Monday on, and dates; lists everything wrong with them.
    pub fn parse(week: &[Vec<String>; 7], holidays: &[String]) -> Result<Self, Vec<Violation>> {
        let mut found = Vec::new();
        let mut read = Self { week: Default::default(), holidays: BTreeSet::new() };
        for ((name, texts), stretches) in Self::DAYS.iter().zip(week).zip(&mut read.week) {
            if texts.len() > STRETCHES_MAX {
                found.push(Violation::new(format!("week.{name}"), Rule::TooMany { max: STRETCHES_MAX }));
            }
            for (n, text) in texts.iter().enumerate() {
                match stretch(text) {
                    Some(stretch) => stretches.push(stretch),
                    None => found.push(Violation::new(format!("week.{name}[{n}]"), STRETCH)),
                }
            }
            stretches.sort_unstable();
            if stretches.windows(2).any(|pair| matches!(pair, [one, next] if one.1 >= next.0)) {
                found
                    .push(Violation::new(format!("week.{name}"), Rule::Contradiction("has hours that meet")));
            }
        }
        if holidays.len() > HOLIDAYS_MAX {
            found.push(Violation::new("holidays", Rule::TooMany { max: HOLIDAYS_MAX }));
        }
        for (n, text) in holidays.iter().enumerate() {
            match text.parse::<Date>().ok().filter(|_| text.len() == "2026-12-25".len()) {
                Some(date) => drop(read.holidays.insert(date)),
                None => {
                    found.push(Violation::new(
                        format!("holidays[{n}]"),
                        Rule::Format("a date such as 2026-12-25"),
                    ));
                }
            }
        }
        if found.is_empty() && read.week.iter().all(Vec::is_empty) {
            found.push(Violation::new("week", Rule::Empty));
        }
        if found.is_empty() { Ok(read) } else { Err(found) }
    }

    /// As [`Schedule::parse`] reads it: the stretches of a day, from Monday on.
    pub fn week(&self) -> [Vec<String>; 7] {
        let written = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        let day = |stretches: &Vec<(u16, u16)>| {
            stretches.iter().map(|(from, to)| format!("{}-{}", written(*from), written(*to))).collect()
        };
        self.week.each_ref().map(day)
    }

    /// Days on which nobody is there, in order.
    pub fn holidays(&self) -> Vec<String> {
        self.holidays.iter().map(Date::to_string).collect()
    }

    /// Lays the hours out from the day of `from` to that of `to` in `zone`.
    ///
    /// A stretch is as long as a clock on the wall of that day says: where clocks go back, an hour longer.
    pub fn between(&self, from: Millis, to: Millis, zone: &TimeZone) -> Opening {
        let day =
            |moment| Timestamp::from_millisecond(moment).unwrap_or_default().to_zoned(zone.clone()).date();
        let (mut opening, last) = (Opening::default(), day(to));
        for date in day(from).series(1.day()).take(DAYS_MAX).take_while(|date| *date <= last) {
            if self.holidays.contains(&date) {
                continue;
            }
            let place = usize::try_from(date.weekday().since(Weekday::Monday)).unwrap_or(0);
            for (from, to) in self.week.get(place).into_iter().flatten() {
                if let (Some(from), Some(to)) = (moment(date, *from, zone), moment(date, *to, zone)) {
                    opening.add(from, to);
                }
            }
        }
        opening
    }
}

const STRETCH: Rule = Rule::Format("hours such as 09:00-17:30");

fn stretch(text: &str) -> Option<(u16, u16)> {
    let minute = |text: &str| match text {
        "24:00" => Some(DAY_MIN),
        text => crate::time::parse_minutes(text).and_then(|minute| u16::try_from(minute).ok()),
    };
    let (from, to) = text.split_once('-')?;
    Some((minute(from)?, minute(to)?)).filter(|(from, to)| from < to)
}

/// The moment at which a clock on the wall shows `minute`: what comes next where it never does, the first where it does
/// twice.
fn moment(date: Date, minute: u16, zone: &TimeZone) -> Option<Millis> {
    let (date, minute) = if minute == DAY_MIN { (date.tomorrow().ok()?, 0) } else { (date, minute) };
    let (hour, minute) = (i8::try_from(minute / 60).ok()?, i8::try_from(minute % 60).ok()?);
    let zoned = date.at(hour, minute, 0, 0).to_zoned(zone.clone()).ok()?;
    Some(zoned.timestamp().as_millisecond())
}

/// Hours as moments: laid out once, then asked of many waits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Opening {
    /// First moment, first after, and open time before: in order.
    stretches: Vec<(Millis, Millis, Millis)>,
}

impl Opening {
    fn add(&mut self, from: Millis, to: Millis) {
        let before = self.stretches.last().map_or(0, |(from, to, before)| before + to - from);
        if from < to {
            self.stretches.push((from, to, before));
        }
    }

    /// Open time from `from` to `to`, in milliseconds; 0 where `to` is not later.
    pub fn ms(&self, from: Millis, to: Millis) -> Millis {
        (self.until(to) - self.until(from)).max(0)
    }

    /// Open time before a moment.
    fn until(&self, moment: Millis) -> Millis {
        let begun = self.stretches.partition_point(|(from, ..)| *from <= moment);
        let last = begun.checked_sub(1).and_then(|place| self.stretches.get(place));
        last.map_or(0, |(from, to, before)| before + moment.min(*to) - from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speed::HOUR_MS;
    use crate::time::parse;

    /// Rome's rules, without a database of zones.
    fn rome() -> TimeZone {
        TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
    }

    fn at(text: &str) -> Millis {
        parse(text).unwrap()
    }

    fn week(texts: [&[&str]; 7]) -> [Vec<String>; 7] {
        texts.map(|texts| texts.iter().map(|text| (*text).to_owned()).collect())
    }

    fn schedule(texts: [&[&str]; 7], holidays: &[&str]) -> Schedule {
        let holidays: Vec<_> = holidays.iter().map(|text| (*text).to_owned()).collect();
        Schedule::parse(&week(texts), &holidays).unwrap()
    }

    #[test]
    fn waits_count_while_somebody_is_there() {
        let shop = schedule(
            [
                &["14:00-18:00", "09:00-13:00"],
                &["09:00-17:00"],
                &["09:00-17:00"],
                &["09:00-17:00"],
                &["09:00-17:00"],
                &[],
                &[],
            ],
            &["2026-12-08", "2026-12-25"],
        );
        // 20 November 2026 is a Friday; Rome is an hour ahead of UTC then.
        for (name, from, to, minutes) in [
            ("within a day", "2026-11-20T09:00:00Z", "2026-11-20T10:30:00Z", 90),
            ("before the door opens", "2026-11-20T05:00:00Z", "2026-11-20T08:30:00Z", 30),
            ("over the weekend", "2026-11-20T15:30:00Z", "2026-11-23T08:15:00Z", 45),
            ("the whole weekend", "2026-11-20T17:00:00Z", "2026-11-23T07:00:00Z", 0),
            ("over lunch", "2026-11-23T11:30:00Z", "2026-11-23T13:30:00Z", 60),
            ("a week", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", 5 * 8 * 60),
            ("over a holiday", "2026-12-07T16:30:00Z", "2026-12-09T08:10:00Z", 40),
            ("backwards", "2026-11-20T10:00:00Z", "2026-11-20T09:00:00Z", 0),
        ] {
            let opening = shop.between(at("2026-11-10T00:00:00Z"), at("2026-12-20T00:00:00Z"), &rome());
            assert_eq!(opening.ms(at(from), at(to)), minutes * 60_000, "{name}");
            // However much was laid out around it.
            let narrow = shop.between(at(from), at(to).max(at(from)), &rome());
            assert_eq!(narrow.ms(at(from), at(to)), minutes * 60_000, "{name}");
        }
    }

    #[test]
    fn days_on_which_clocks_change_are_as_long_as_they_are() {
        let always = schedule([&["00:00-24:00"]; 7], &[]);
        let nights = schedule([&["01:00-04:00"]; 7], &[]);
        // Forward on 29 March, back on 25 October 2026.
        for (name, schedule, from, to, hours) in [
            ("a day of 23 hours", &always, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 23),
            ("a day of 25 hours", &always, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 25),
            ("a short night", &nights, "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 2),
            ("a long night", &nights, "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 4),
            ("a usual night", &nights, "2026-11-01T23:00:00Z", "2026-11-02T23:00:00Z", 3),
        ] {
            let opening = schedule.between(at(from), at(to), &rome());
            assert_eq!(opening.ms(at(from), at(to)), hours * HOUR_MS, "{name}");
        }
    }

    #[test]
    fn a_schedule_is_written_as_it_is_read() {
        let usual = Schedule::default();
        assert_eq!(usual.week()[0], ["09:00-17:00"]);
        assert_eq!(Schedule::parse(&usual.week(), &usual.holidays()), Ok(usual));
        let own = schedule(
            [&["00:00-24:00"], &[], &[], &[], &[], &[], &["10:00-12:00", "08:30-09:45"]],
            &["2026-12-25"],
        );
        assert_eq!(own.week()[6], ["08:30-09:45", "10:00-12:00"]);
        assert_eq!(Schedule::parse(&own.week(), &own.holidays()), Ok(own));
    }

    #[test]
    fn nonsense_is_named_by_its_place() {
        for (text, holiday, expected) in [
            (&["9-17"][..], "2026-12-25", "week.mon[0]"),
            (&["17:00-09:00"], "2026-12-25", "week.mon[0]"),
            (&["09:00-25:00"], "2026-12-25", "week.mon[0]"),
            (&["09:00-13:00", "13:00-17:00"], "2026-12-25", "week.mon"),
            (&["09:00-17:00"], "Christmas", "holidays[0]"),
            (&["09:00-17:00"], "2026-12-25T00:00", "holidays[0]"),
            (&[], "2026-12-25", "week"),
        ] {
            let found = Schedule::parse(&week([text, &[], &[], &[], &[], &[], &[]]), &[holiday.to_owned()]);
            let fields: Vec<_> = found.unwrap_err().into_iter().map(|violation| violation.field).collect();
            assert_eq!(fields, [expected], "{text:?} {holiday}");
        }
    }
}
