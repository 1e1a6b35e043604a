//! Whom to ask, when, and after what, as the form says it.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use parere_shared::gate::{Condition, Fact, Op, Recontact, UrlOp, UrlRule};
use parere_shared::survey::{Quota, Schedule, Targeting, Trigger, Weekday};
use parere_shared::text::parse_thousandths;
use parere_shared::time;
use parere_shared::violation::Rule;

use super::Reader;

/// Every day of the week, by its name.
pub(in super::super) const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

impl Reader<'_> {
    pub(super) fn targeting(&self) -> Targeting {
        Targeting {
            urls: self.each("targeting.urls", |at| UrlRule {
                op: self.choice(&format!("{at}.op")).unwrap_or(UrlOp::Prefix),
                value: self.text(&format!("{at}.value")).trim().to_owned(),
                not: self.is_ticked(&format!("{at}.not")),
            }),
            conditions: self.each("targeting.conditions", |at| {
                let fact = self.choice(&format!("{at}.fact")).unwrap_or(Fact::Language);
                self.condition(at, fact)
            }),
            sample_per_mille: self.sample("targeting.sample_per_mille"),
            recontact: Recontact {
                answered_days: self.number("targeting.recontact.answered_days").unwrap_or_default(),
                dismissed_days: self.number("targeting.recontact.dismissed_days").unwrap_or_default(),
                other_days: self.number("targeting.recontact.other_days").unwrap_or_default(),
            },
            quota: Quota {
                total: self.number_if_any("targeting.quota.total"),
                daily: self.number_if_any("targeting.quota.daily"),
            },
        }
    }

    /// The form speaks of percent with one decimal.
    fn sample(&self, name: &str) -> u16 {
        let text = self.text(name).trim().trim_end_matches('%').trim_end().replace(',', ".");
        let thousandths = parse_thousandths(&text).filter(|percent| percent % 100 == 0);
        let per_mille = thousandths.and_then(|percent| u16::try_from(percent / 100).ok());
        per_mille.filter(|per_mille| (1..=1000).contains(per_mille)).unwrap_or_else(|| {
            self.wrong(name, Rule::Format("from 0.1 to 100 percent, with at most one decimal"));
            1000
        })
    }

    /// The values stand one in a line.
    fn condition(&self, at: &str, fact: Fact) -> Condition {
        let values = self.text(&format!("{at}.values")).lines().map(str::trim);
        Condition {
            fact,
            name: self.text(&format!("{at}.name")).trim().to_owned(),
            op: self.choice(&format!("{at}.op")).unwrap_or(Op::Is),
            values: values.filter(|value| !value.is_empty()).map(str::to_owned).collect(),
            not: self.is_ticked(&format!("{at}.not")),
        }
    }

    pub(super) fn schedule(&self, zone: &TimeZone) -> Schedule {
        let days = DAYS.iter().filter(|(name, _)| self.is_ticked(&format!("schedule.days.{name}")));
        let [from, until] = [0, 1].map(|i| self.words(&format!("schedule.hours[{i}]")));
        Schedule {
            from: self.words("schedule.from").map(|text| moment(&text, zone)),
            until: self.words("schedule.until").map(|text| moment(&text, zone)),
            days: days.map(|(_, day)| *day).collect(),
            hours: (from.is_some() || until.is_some())
                .then(|| [from.unwrap_or_default(), until.unwrap_or_default()]),
        }
    }

    /// Fields of triggers that are not chosen are there, and say nothing.
    pub(super) fn trigger(&self) -> Trigger {
        for field in ["seconds", "percent", "selector", "name"] {
            self.text(&format!("trigger.{field}"));
        }
        let text = |field: &str| self.text(&format!("trigger.{field}")).trim().to_owned();
        let properties = self.each("trigger.properties", |at| self.condition(at, Fact::Attribute));
        match self.text("trigger.on") {
            "immediately" => Trigger::Immediately,
            "seconds" => Trigger::Seconds { seconds: self.number("trigger.seconds").unwrap_or(1) },
            "scroll" => Trigger::Scroll { percent: self.number("trigger.percent").unwrap_or(1) },
            "exit" => Trigger::Exit,
            "click" => Trigger::Click { selector: text("selector") },
            "in_view" => Trigger::InView { selector: text("selector") },
            "event" => Trigger::Event { name: text("name"), properties },
            "purchase" => Trigger::Purchase,
            _ => {
                self.wrong("trigger.on", Rule::Format("one of the choices"));
                Trigger::Immediately
            }
        }
    }
}

/// A time of the zone's clocks as RFC 3339; anything else as it stands, for the rules to refuse.
fn moment(text: &str, zone: &TimeZone) -> String {
    // Where the browser has no picker, somebody may write the offset, too.
    if time::parse(text).is_some() {
        return text.to_owned();
    }
    let local = text.trim().parse::<DateTime>().ok();
    let zoned = local.and_then(|local| local.to_zoned(zone.clone()).ok());
    zoned.map_or_else(|| text.to_owned(), |zoned| zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}
