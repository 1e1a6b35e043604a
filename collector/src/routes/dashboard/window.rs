//! Which stretch of time a page shows, and how finely.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use parere_shared::time::Millis;
use parere_shared::violation::Violation;

use crate::catalogue::{SiteEntry, date_of, day_of};
use crate::period::Period;
use crate::routes::query::Asked;
use crate::scoreboard::By;

/// Choices of a period: name in the address, days, words.
const CHOICES: [(&str, i32, &str); 4] =
    [("7d", 7, "7 days"), ("30d", 30, "30 days"), ("90d", 90, "90 days"), ("365d", 365, "365 days")];

/// The choice of whoever does not choose: long enough for a score, short enough for news.
const USUAL: &str = "30d";

/// Everything there is.
const ALL: &str = "all";

/// A stretch of whole local days.
pub(super) struct Window {
    pub(super) period: Period,
    /// `the last 30 days`.
    pub(super) words: String,
    /// Name of the choice; empty for one's own dates.
    choice: &'static str,
    /// Local days: first, and first after; `i32::MIN` without a beginning.
    days: (i32, i32),
}

/// One of the choices, as a page offers it.
pub(super) struct Choice {
    pub(super) name: &'static str,
    pub(super) words: &'static str,
    pub(super) is_chosen: bool,
}

impl Window {
    /// What a request asks for: `from` and `to`, or `period`, or the usual.
    pub(super) fn of(asked: &Asked, site: &SiteEntry, now: Millis, found: &mut Vec<Violation>) -> Self {
        let today = day_of(now, &site.zone);
        if asked.get("from").or(asked.get("to")).is_some() {
            let period = asked.period(site, found);
            return Self::of_period(period, today, &site.zone);
        }
        let wanted = asked.get("period").unwrap_or(USUAL);
        if wanted == ALL {
            let days = (i32::MIN, today + 1);
            return Self { period: Period::default(), words: "all time".into(), choice: ALL, days };
        }
        let usual = CHOICES.iter().find(|(name, ..)| *name == wanted).unwrap_or(&CHOICES[1]);
        let (choice, length, words) = *usual;
        let first = today + 1 - length;
        Self {
            // Open at the end: what comes in while the page is read belongs to it.
            period: Period { to: None, ..Period::days(first, today + 1, &site.zone) },
            words: format!("the last {words}"),
            choice,
            days: (first, today + 1),
        }
    }

    fn of_period(period: Period, today: i32, zone: &TimeZone) -> Self {
        let first = period.from.map_or(i32::MIN, |from| day_of(from, zone));
        let after = period.to.map_or(today + 1, |to| day_of(to - 1, zone) + 1);
        let from = if first == i32::MIN { "the beginning".into() } else { written(first) };
        let words = format!("{from} to {}", written(after - 1));
        Self { period, words, choice: "", days: (first, after) }
    }

    /// As many whole days just before; none where there is no beginning.
    pub(super) fn earlier(&self, zone: &TimeZone) -> Option<Period> {
        let (first, after) = self.days;
        let length = after.checked_sub(first)?;
        Some(Period::days(first - length, first, zone))
    }

    /// The choices, and which one is chosen.
    pub(super) fn choices(&self) -> Vec<Choice> {
        let offered = CHOICES.iter().map(|&(name, _, words)| (name, words)).chain([(ALL, "all time")]);
        offered.map(|(name, words)| Choice { name, words, is_chosen: name == self.choice }).collect()
    }

    /// The same stretch in an address: `period=30d`, or both dates.
    pub(super) fn query(&self) -> String {
        if !self.choice.is_empty() {
            return format!("period={}", self.choice);
        }
        let [from, to] = self.dates();
        format!("from={from}&to={to}")
    }

    /// First day, and first day after, as a form has them; empty without a beginning.
    pub(super) fn dates(&self) -> [String; 2] {
        let (first, after) = self.days;
        let from = if first == i32::MIN { String::new() } else { date_of(first).to_string() };
        [from, date_of(after).to_string()]
    }

    /// How finely a trend may be told, finest first.
    pub(super) fn grains(&self) -> &'static [By] {
        let (first, after) = self.days;
        match after.checked_sub(first) {
            Some(..=31) => &[By::Day, By::Week],
            Some(..=190) => &[By::Week, By::Month],
            _ => &[By::Month],
        }
    }

    /// Every day, week or month from the first with answers, or of the window, to the last: key and label, in order.
    pub(super) fn keys(&self, by: By, first_used: Option<i32>) -> Vec<(String, String)> {
        let (first, after) = self.days;
        let first = if first == i32::MIN { first_used.unwrap_or(after - 1) } else { first };
        let mut keys = BTreeMap::new();
        for day in first..after {
            if let Some(key) = by.key_of_day(day) {
                keys.entry(key).or_insert_with(|| label(by, day));
            }
        }
        keys.into_iter().collect()
    }
}

/// What stands under a mark: of a week its first day.
fn label(by: By, day: i32) -> String {
    let format = if by == By::Month { "%b %Y" } else { "%-d %b" };
    date_of(day).strftime(format).to_string()
}

fn written(day: i32) -> String {
    date_of(day).strftime("%-d %b %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(days: (i32, i32)) -> Window {
        Window { period: Period::default(), words: String::new(), choice: "", days }
    }

    #[test]
    fn every_day_week_or_month_has_its_place_even_without_answers() {
        // 21 November 2026 is a Saturday.
        let today = 20_778;
        assert_eq!(date_of(today).to_string(), "2026-11-21");
        let days = window((today - 2, today + 1)).keys(By::Day, None);
        let labels: Vec<_> = days.iter().map(|(key, label)| (key.as_str(), label.as_str())).collect();
        assert_eq!(labels, [("2026-11-19", "19 Nov"), ("2026-11-20", "20 Nov"), ("2026-11-21", "21 Nov")]);
        let weeks = window((today - 9, today + 1)).keys(By::Week, None);
        let labels: Vec<_> = weeks.iter().map(|(key, label)| (key.as_str(), label.as_str())).collect();
        assert_eq!(labels, [("2026-W46", "12 Nov"), ("2026-W47", "16 Nov")]);
        let months = window((i32::MIN, today + 1)).keys(By::Month, Some(today - 60));
        let labels: Vec<_> = months.iter().map(|(key, label)| (key.as_str(), label.as_str())).collect();
        assert_eq!(labels, [("2026-09", "Sep 2026"), ("2026-10", "Oct 2026"), ("2026-11", "Nov 2026")]);
    }

    #[test]
    fn a_trend_is_told_as_finely_as_its_length_allows() {
        for (days, first) in [(7, By::Day), (31, By::Day), (32, By::Week), (190, By::Week), (191, By::Month)]
        {
            assert_eq!(window((0, days)).grains()[0], first, "{days} days");
        }
        assert_eq!(window((i32::MIN, 0)).grains(), [By::Month]);
    }

    #[test]
    fn ones_own_dates_are_whole_days() {
        let period = Period::days(100, 110, &TimeZone::UTC);
        let window = Window::of_period(period, 200, &TimeZone::UTC);
        assert_eq!(window.words, "11 Apr 1970 to 20 Apr 1970");
        assert_eq!(window.query(), "from=1970-04-11&to=1970-04-21");
        assert_eq!(window.earlier(&TimeZone::UTC), Some(Period::days(90, 100, &TimeZone::UTC)));
        let open = Window::of_period(Period { from: None, ..period }, 200, &TimeZone::UTC);
        assert_eq!(open.earlier(&TimeZone::UTC), None);
        assert_eq!(open.words, "the beginning to 20 Apr 1970");
        assert_eq!(open.dates(), [String::new(), "1970-04-21".into()]);
    }
}
