//! A period of time as people ask for it, and the spans that counts are read in.

use std::ops::Range;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use parere_shared::time::{self, Millis};
use parere_shared::violation::{Rule, Violation};

use crate::catalogue::{date_of, day_of, days_since_1970};
use crate::store::Span;

/// A stretch of time, open where an end is absent; `from` is in it, `to` is not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Period {
    /// First moment in it.
    pub from: Option<Millis>,
    /// First moment after it.
    pub to: Option<Millis>,
}

impl Period {
    /// Reads both ends: RFC 3339 moments, or dates, which mean midnight in `zone`; lists everything wrong with them.
    pub fn parse(from: Option<&str>, to: Option<&str>, zone: &TimeZone) -> Result<Self, Vec<Violation>> {
        Self::parse_named([("from", from), ("to", to)], zone)
    }

    /// The same from parameters of other names, the first end before the second.
    pub fn parse_named(ends: [(&str, Option<&str>); 2], zone: &TimeZone) -> Result<Self, Vec<Violation>> {
        let mut found = Vec::new();
        let [_, (last, _)] = ends;
        let [from, to] = ends.map(|(field, text)| {
            let moment = text.map(|text| moment(text, zone));
            if moment == Some(None) {
                let rule = Rule::Format("a date such as 2026-11-21 or an RFC 3339 moment with an offset");
                found.push(Violation::new(field, rule));
            }
            moment.flatten()
        });
        if from.zip(to).is_some_and(|(from, to)| from >= to) {
            found.push(Violation::new(last, Rule::Contradiction("must lie after from")));
        }
        if found.is_empty() { Ok(Self { from, to }) } else { Err(found) }
    }

    /// From the beginning of one local day to the beginning of another, which is not in it.
    pub fn days(first: i32, after: i32, zone: &TimeZone) -> Self {
        Self { from: Some(start_of(first, zone)), to: Some(start_of(after, zone)) }
    }

    /// The stretch of the same length that ends where this one begins: as many local days where both ends are midnights,
    /// else as much time. One without an end goes on to `now`; none for one without a beginning, or that has not begun.
    pub fn previous(&self, now: Millis, zone: &TimeZone) -> Option<Self> {
        let (from, to) = (self.from?, self.to.unwrap_or(now));
        let [first, end] = [from, to].map(|moment| day_of(moment, zone));
        let is_days = from == start_of(first, zone) && to == start_of(end, zone);
        let before = if is_days { start_of(first - (end - first), zone) } else { from - (to - from) };
        (before < from).then_some(Self { from: Some(before), to: Some(from) })
    }

    /// For people: `1 to 31 October 2026`, by the clock of `zone`; with times of day where it is not whole days.
    pub fn in_words(&self, zone: &TimeZone) -> String {
        let day = |moment: Millis| date_of(day_of(moment, zone));
        let is_midnight = |moment: Millis| moment == start_of(day_of(moment, zone), zone);
        let time = |moment: Millis| {
            let zoned = jiff::Timestamp::from_millisecond(moment).unwrap_or_default().to_zoned(zone.clone());
            let format = if is_midnight(moment) { "%-d %B %Y" } else { "%-d %B %Y, %H:%M" };
            zoned.strftime(format).to_string()
        };
        match (self.from, self.to) {
            (None, None) => "all the time".into(),
            (Some(from), None) => format!("the time from {} on", time(from)),
            (None, Some(to)) => format!("the time before {}", time(to)),
            (Some(from), Some(to)) if is_midnight(from) && is_midnight(to) => {
                let (first, last) = (day(from), date_of(day_of(to, zone) - 1));
                let end = last.strftime("%-d %B %Y");
                let begin = match () {
                    () if first == last => return end.to_string(),
                    () if (first.year(), first.month()) == (last.year(), last.month()) => "%-d",
                    () if first.year() == last.year() => "%-d %B",
                    () => "%-d %B %Y",
                };
                format!("{} to {end}", first.strftime(begin))
            }
            (Some(from), Some(to)) => format!("{} to {}", time(from), time(to)),
        }
    }

    /// The local days that it touches, since 1970-01-01.
    pub fn local_days(&self, zone: &TimeZone) -> Range<i32> {
        let from = self.from.map_or(i32::MIN, |moment| day_of(moment, zone));
        let to = self.to.map_or(i32::MAX, |moment| day_of(moment - 1, zone) + 1);
        from..to
    }

    /// The same stretch as whole local days, and moments for what is left at its ends.
    pub fn spans(&self, zone: &TimeZone) -> Vec<Span> {
        let from = self.from.map(|moment| (moment, day_of(moment, zone)));
        let to = self.to.map(|moment| (moment, day_of(moment, zone)));
        let starts_late = from.filter(|&(moment, day)| moment > start_of(day, zone));
        let ends_late = to.filter(|&(moment, day)| moment > start_of(day, zone));
        if let (Some((from, first)), Some((to, last))) = (starts_late, to)
            && first == last
        {
            return vec![Span::Moments(from, to)];
        }
        let first_whole = from.map_or(i32::MIN, |(_, day)| if starts_late.is_some() { day + 1 } else { day });
        let after_whole = to.map_or(i32::MAX, |(_, day)| day);
        let mut spans = Vec::with_capacity(3);
        if let Some((from, day)) = starts_late {
            spans.push(Span::Moments(from, start_of(day + 1, zone)));
        }
        if first_whole < after_whole {
            spans.push(Span::Days(first_whole, after_whole));
        }
        if let Some((to, day)) = ends_late {
            spans.push(Span::Moments(start_of(day, zone), to));
        }
        spans
    }
}

fn moment(text: &str, zone: &TimeZone) -> Option<Millis> {
    if let Ok(date) = text.parse::<Date>()
        && text.len() == "2026-11-21".len()
    {
        return Some(start_of(days_since_1970(date), zone));
    }
    // An unescaped plus in a query is a space by the time it gets here.
    time::parse(text).or_else(|| time::parse(&text.replace(' ', "+")))
}

/// The first moment of a local day: midnight, or what comes next where a clock change skips midnight.
pub(crate) fn start_of(day: i32, zone: &TimeZone) -> Millis {
    let midnight = date_of(day).to_zoned(zone.clone());
    // Only the last day that the calendar knows has no midnight after it.
    midnight.map_or(jiff::Timestamp::MAX, |zoned| zoned.timestamp()).as_millisecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn at(text: &str) -> Millis {
        time::parse(text).unwrap()
    }

    fn day(text: &str) -> i32 {
        days_since_1970(text.parse().unwrap())
    }

    #[test]
    fn ends_are_dates_in_the_zone_or_moments() {
        for (zone_name, text, moment) in [
            ("UTC", "2026-11-21", "2026-11-21T00:00:00Z"),
            ("Europe/Rome", "2026-11-21", "2026-11-20T23:00:00Z"),
            ("Europe/Rome", "2026-07-01", "2026-06-30T22:00:00Z"),
            ("America/New_York", "2026-11-21", "2026-11-21T05:00:00Z"),
            // Beirut's clocks go from 00:00 to 01:00 on this day.
            ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z"),
            ("Europe/Rome", "2026-11-21T10:00:00Z", "2026-11-21T10:00:00Z"),
            ("UTC", "2026-11-21T11:00:00+01:00", "2026-11-21T10:00:00Z"),
            ("UTC", "2026-11-21T11:00:00 01:00", "2026-11-21T10:00:00Z"),
        ] {
            let period = Period::parse(Some(text), None, &zone(zone_name)).unwrap();
            assert_eq!(period, Period { from: Some(at(moment)), to: None }, "{text} in {zone_name}");
        }
    }

    #[test]
    fn nonsense_is_named_by_field() {
        for (from, to, fields) in [
            (Some("yesterday"), None, vec!["from"]),
            (Some("2026-02-30"), Some("2026-11-21T10:00:00"), vec!["from", "to"]),
            (None, Some("20261121"), vec!["to"]),
            (Some("2026-11-21"), Some("2026-11-21"), vec!["to"]),
            (Some("2026-11-22"), Some("2026-11-21"), vec!["to"]),
        ] {
            let found = Period::parse(from, to, &TimeZone::UTC).unwrap_err();
            let named: Vec<_> = found.iter().map(|violation| violation.field.as_str()).collect();
            assert_eq!(named, fields, "{from:?} {to:?}");
        }
    }

    #[test]
    fn the_previous_period_is_as_long() {
        for (zone_name, from, to, previous) in [
            (
                "UTC",
                Some("2026-11-01"),
                Some("2026-12-01"),
                Some(["2026-10-02T00:00:00Z", "2026-11-01T00:00:00Z"]),
            ),
            // Rome's day of 25 hours is one day.
            (
                "Europe/Rome",
                Some("2026-10-26"),
                Some("2026-10-27"),
                Some(["2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"]),
            ),
            (
                "UTC",
                Some("2026-11-20T06:00:00Z"),
                Some("2026-11-20T09:00:00Z"),
                Some(["2026-11-20T03:00:00Z", "2026-11-20T06:00:00Z"]),
            ),
            // To now, which is noon.
            ("UTC", Some("2026-11-20"), None, Some(["2026-11-18T12:00:00Z", "2026-11-20T00:00:00Z"])),
            ("UTC", Some("2026-11-22"), None, None),
            ("UTC", None, Some("2026-11-20"), None),
        ] {
            let zone = zone(zone_name);
            let period = Period::parse(from, to, &zone).unwrap();
            let expected = previous.map(|[from, to]| Period { from: Some(at(from)), to: Some(at(to)) });
            assert_eq!(period.previous(at("2026-11-21T12:00:00Z"), &zone), expected, "{from:?} to {to:?}");
        }
    }

    #[test]
    fn people_read_periods_as_dates() {
        for (from, to, words) in [
            (Some("2026-10-01"), Some("2026-11-01"), "1 to 31 October 2026"),
            (Some("2026-09-20"), Some("2026-10-20"), "20 September to 19 October 2026"),
            (Some("2025-12-31"), Some("2026-01-02"), "31 December 2025 to 1 January 2026"),
            (Some("2026-11-21"), Some("2026-11-22"), "21 November 2026"),
            (Some("2026-11-20T06:00:00Z"), Some("2026-11-21"), "20 November 2026, 07:00 to 21 November 2026"),
            (None, Some("2026-11-01"), "the time before 1 November 2026"),
            (Some("2026-11-01"), None, "the time from 1 November 2026 on"),
        ] {
            let rome = zone("Europe/Rome");
            assert_eq!(Period::parse(from, to, &rome).unwrap().in_words(&rome), words);
        }
    }

    type Case<'a> = (&'a str, Option<&'a str>, Option<&'a str>, Vec<Span>);

    fn check(cases: Vec<Case<'_>>) {
        for (zone_name, from, to, spans) in cases {
            let zone = zone(zone_name);
            let period = Period::parse(from, to, &zone).unwrap();
            assert_eq!(period.spans(&zone), spans, "{from:?} to {to:?} in {zone_name}");
        }
    }

    fn days(from: &str, to: &str) -> Span {
        Span::Days(day(from), day(to))
    }

    fn moments(from: &str, to: &str) -> Span {
        Span::Moments(at(from), at(to))
    }

    #[test]
    fn periods_are_whole_days_with_edges() {
        check(vec![
            ("UTC", None, None, vec![Span::Days(i32::MIN, i32::MAX)]),
            ("UTC", Some("2026-11-20"), None, vec![Span::Days(day("2026-11-20"), i32::MAX)]),
            ("UTC", None, Some("2026-11-20"), vec![Span::Days(i32::MIN, day("2026-11-20"))]),
            ("UTC", Some("2026-11-20"), Some("2026-11-22"), vec![days("2026-11-20", "2026-11-22")]),
            (
                "UTC",
                Some("2026-11-20T06:00:00Z"),
                Some("2026-11-22T01:00:00Z"),
                vec![
                    moments("2026-11-20T06:00:00Z", "2026-11-21T00:00:00Z"),
                    days("2026-11-21", "2026-11-22"),
                    moments("2026-11-22T00:00:00Z", "2026-11-22T01:00:00Z"),
                ],
            ),
        ]);
    }

    #[test]
    fn periods_without_a_whole_day_are_moments() {
        check(vec![
            (
                "UTC",
                Some("2026-11-20T06:00:00Z"),
                Some("2026-11-20T07:00:00Z"),
                vec![moments("2026-11-20T06:00:00Z", "2026-11-20T07:00:00Z")],
            ),
            (
                "UTC",
                Some("2026-11-20T22:00:00Z"),
                Some("2026-11-21T02:00:00Z"),
                vec![
                    moments("2026-11-20T22:00:00Z", "2026-11-21T00:00:00Z"),
                    moments("2026-11-21T00:00:00Z", "2026-11-21T02:00:00Z"),
                ],
            ),
            (
                "UTC",
                Some("2026-11-20"),
                Some("2026-11-20T07:00:00Z"),
                vec![moments("2026-11-20T00:00:00Z", "2026-11-20T07:00:00Z")],
            ),
        ]);
    }

    #[test]
    fn days_with_a_clock_change_are_days() {
        check(vec![
            // 25 hours in Rome.
            ("Europe/Rome", Some("2026-10-25"), Some("2026-10-26"), vec![days("2026-10-25", "2026-10-26")]),
            (
                "Europe/Rome",
                Some("2026-10-24T22:00:00Z"),
                Some("2026-10-25T23:00:00Z"),
                vec![days("2026-10-25", "2026-10-26")],
            ),
            (
                "Europe/Rome",
                Some("2026-10-24T23:30:00Z"),
                Some("2026-10-25T22:59:00Z"),
                vec![moments("2026-10-24T23:30:00Z", "2026-10-25T22:59:00Z")],
            ),
            // 23 hours.
            (
                "Europe/Rome",
                Some("2026-03-28T23:00:00Z"),
                Some("2026-03-29T22:30:00Z"),
                vec![
                    days("2026-03-29", "2026-03-30"),
                    moments("2026-03-29T22:00:00Z", "2026-03-29T22:30:00Z"),
                ],
            ),
        ]);
    }
}
