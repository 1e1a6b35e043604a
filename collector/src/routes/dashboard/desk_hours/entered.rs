//! Hours of a desk as a form and back.

use parere_shared::speed::hours::{HOLIDAYS_MAX, STRETCHES_MAX};
use parere_shared::violation::Violation;

use crate::routes::dashboard::form::Form;
use crate::routes::dashboard::terms::WEEKDAYS;
use crate::speed::desk::{Desk, DeskHours};

/// Stretches that the form has room for on each day, if it needs no more: before lunch and after.
const ROOM: usize = 2;

/// The end of a day, as hours are kept.
const DAY_END: &str = "24:00";

/// The same in a form, where no clock shows 24:00.
const MIDNIGHT: &str = "00:00";

/// What stands in the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entered {
    /// Of each day from Monday on: from and until, with empty ones to fill in.
    pub(super) week: [Vec<[String; 2]>; 7],
    /// A date a line.
    pub(super) holidays: String,
    /// Empty for the site's.
    pub(super) zone: String,
}

impl Entered {
    /// The form of hours.
    pub(super) fn of(desk: &Desk) -> Self {
        let pair = |stretch: &String| {
            let (from, until) = stretch.split_once('-').unwrap_or_default();
            [from, if until == DAY_END { MIDNIGHT } else { until }].map(str::to_owned)
        };
        Self {
            week: desk.schedule.week().map(|day| with_room(day.iter().map(pair).collect())),
            holidays: desk.schedule.holidays().join("\n"),
            zone: desk.zone.clone().unwrap_or_default(),
        }
    }

    /// The form of a desk at which somebody always is.
    pub(super) fn always(zone: Option<String>) -> Self {
        let day = || with_room(vec![[MIDNIGHT; 2].map(str::to_owned)]);
        Self { week: std::array::from_fn(|_| day()), holidays: String::new(), zone: zone.unwrap_or_default() }
    }

    /// What was entered.
    pub(super) fn read(form: &Form) -> Self {
        let day = |(key, _): (&str, &str)| {
            let field = |name: &str, n: usize| form.text(&format!("{key}_{name}_{n}")).trim().to_owned();
            let pairs = (1..=STRETCHES_MAX).map(|n| [field("from", n), field("until", n)]);
            with_room(pairs.filter(|pair| !is_empty(pair)).collect())
        };
        Self {
            week: WEEKDAYS.map(day),
            holidays: form.text("holidays").replace('\r', ""),
            zone: form.text("zone").trim().into(),
        }
    }

    /// The hours that are meant; otherwise a sentence on the first thing that is wrong.
    pub(super) fn desk(&self) -> Result<Desk, String> {
        let mut week: [Vec<String>; 7] = Default::default();
        for ((pairs, (_, day)), stretches) in self.week.iter().zip(WEEKDAYS).zip(&mut week) {
            for [from, until] in pairs.iter().filter(|pair| !is_empty(pair)) {
                if from.is_empty() || until.is_empty() {
                    return Err(format!("{day}: enter from when until when, or neither."));
                }
                stretches.push(format!("{from}-{}", if until == MIDNIGHT { DAY_END } else { until }));
            }
        }
        let holidays = self.dates().map(str::to_owned).collect();
        let zone = Some(self.zone.clone()).filter(|zone| !zone.is_empty());
        let hours = DeskHours { week: week.into(), holidays, zone };
        hours.desk().map_err(|found| found.first().map_or_else(String::new, |first| self.told(first)))
    }

    fn dates(&self) -> impl Iterator<Item = &str> {
        self.holidays.lines().map(str::trim).filter(|line| !line.is_empty())
    }

    /// What is wrong, in the words of the form.
    fn told(&self, violation: &Violation) -> String {
        let field = &*violation.field;
        let day = WEEKDAYS
            .iter()
            .find(|(key, _)| field.strip_prefix("week.").is_some_and(|of| of.starts_with(key)));
        if let Some((_, day)) = day {
            return if field.ends_with(']') {
                format!("{day}: the hours begin before they end, each a time such as 09:00.")
            } else {
                format!("{day}: the hours meet or overlap; enter those as one.")
            };
        }
        let nth =
            field.strip_prefix("holidays[").and_then(|of| of.strip_suffix(']')).and_then(|n| n.parse().ok());
        match field {
            "week" => "Enter hours on one day at least.".into(),
            "zone" => format!("{} is no time zone; choose one such as Europe/Rome.", self.zone),
            "holidays" => format!("Enter {HOLIDAYS_MAX} holidays at most."),
            _ => match nth.and_then(|n| self.dates().nth(n)) {
                Some(text) => format!("{text} is no date such as 2026-12-25."),
                None => violation.rule.to_string(),
            },
        }
    }
}

fn is_empty(pair: &[String; 2]) -> bool {
    pair.iter().all(String::is_empty)
}

fn with_room(mut pairs: Vec<[String; 2]>) -> Vec<[String; 2]> {
    pairs.resize_with(pairs.len().max(ROOM), Default::default);
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(monday: &[[&str; 2]], holidays: &str, zone: &str) -> Entered {
        let mut week: [Vec<[String; 2]>; 7] = Default::default();
        week[0] = monday.iter().map(|pair| pair.map(str::to_owned)).collect();
        Entered { week, holidays: holidays.into(), zone: zone.into() }
    }

    #[test]
    fn hours_become_a_form_and_the_form_the_same_hours() {
        let own = entered(
            &[["09:00", "13:00"], ["14:00", "00:00"], ["", ""]],
            "2026-12-25\n\n 2027-01-01 \n",
            "europe/rome",
        );
        let own = own.desk().unwrap();
        assert_eq!(own.schedule.week()[0], ["09:00-13:00", "14:00-24:00"]);
        assert_eq!((own.schedule.holidays().len(), own.zone.as_deref()), (2, Some("Europe/Rome")));
        let always = Entered::always(None).desk().unwrap();
        assert!(always.schedule.week().iter().all(|day| day == &["00:00-24:00"]), "{always:?}");
        for desk in [own, always, Desk::default()] {
            let form = Entered::of(&desk);
            assert!(form.week.iter().all(|day| day.len() == ROOM), "{form:?}");
            assert_eq!(form.desk(), Ok(desk));
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_one_sentence() {
        let usual = &[["09:00", "17:00"]][..];
        for (monday, holidays, zone, expected) in [
            (
                &[["17:00", "09:00"]][..],
                "",
                "",
                "Monday: the hours begin before they end, each a time such as 09:00.",
            ),
            (
                &[["9am", "17:00"]],
                "",
                "",
                "Monday: the hours begin before they end, each a time such as 09:00.",
            ),
            (&[["09:00", ""]], "", "", "Monday: enter from when until when, or neither."),
            (
                &[["09:00", "13:00"], ["12:00", "17:00"]],
                "",
                "",
                "Monday: the hours meet or overlap; enter those as one.",
            ),
            (&[], "", "", "Enter hours on one day at least."),
            (usual, "2026-12-25\nChristmas", "", "Christmas is no date such as 2026-12-25."),
            (usual, "", "Mars/Base", "Mars/Base is no time zone; choose one such as Europe/Rome."),
        ] {
            assert_eq!(entered(monday, holidays, zone).desk(), Err(expected.to_owned()));
        }
        let days = (1..=28).flat_map(|day| (1..=12).map(move |month| (month, day)));
        let many: Vec<_> = days
            .flat_map(|(month, day)| [2026, 2027].map(|year| format!("{year}-{month:02}-{day:02}")))
            .collect();
        assert_eq!(entered(usual, &many.join("\n"), "").desk(), Err("Enter 400 holidays at most.".into()));
    }
}
