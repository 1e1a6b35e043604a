//! Whom to ask, when, and after what: does it make sense?

use super::check_words;
use crate::gate::{Condition, Fact, Op};
use crate::limit;
use crate::survey::{Survey, Trigger};
use crate::violation::{Rule, Violation};
use crate::{text, time};

impl Survey {
    pub(super) fn check_targeting(&self, found: &mut Vec<Violation>) {
        let targeting = &self.targeting;
        if !(1..=1000).contains(&targeting.sample_per_mille) {
            let rule = Rule::OutOfRange { min: 1, max: 1000 };
            found.push(Violation::new("targeting.sample_per_mille", rule));
        }
        if targeting.urls.len() > limit::URL_RULES_MAX {
            found.push(Violation::new("targeting.urls", Rule::TooMany { max: limit::URL_RULES_MAX }));
        }
        for (i, rule) in targeting.urls.iter().enumerate() {
            check_words(&format!("targeting.urls[{i}].value"), &rule.value, found);
        }
        check_conditions("targeting.conditions", &targeting.conditions, found);
        for (name, days) in [
            ("answered_days", targeting.recontact.answered_days),
            ("dismissed_days", targeting.recontact.dismissed_days),
            ("other_days", targeting.recontact.other_days),
        ] {
            if days > limit::RECONTACT_DAYS_MAX {
                let rule = Rule::OutOfRange { min: 0, max: limit::RECONTACT_DAYS_MAX.into() };
                found.push(Violation::new(format!("targeting.recontact.{name}"), rule));
            }
        }
    }

    pub(super) fn check_quota(&self, found: &mut Vec<Violation>) {
        let quota = self.targeting.quota;
        for (name, wanted) in [("total", quota.total), ("daily", quota.daily)] {
            if wanted == Some(0) {
                let rule = Rule::OutOfRange { min: 1, max: u32::MAX.into() };
                found.push(Violation::new(format!("targeting.quota.{name}"), rule));
            }
        }
    }

    pub(super) fn check_schedule(&self, found: &mut Vec<Violation>) {
        let schedule = &self.schedule;
        let [from, until] = [("from", &schedule.from), ("until", &schedule.until)].map(|(name, text)| {
            let moment = text.as_deref().map(time::parse);
            if moment == Some(None) {
                let rule = Rule::Format("an RFC 3339 date and time with an offset");
                found.push(Violation::new(format!("schedule.{name}"), rule));
            }
            moment.flatten()
        });
        if from.zip(until).is_some_and(|(from, until)| from >= until) {
            found.push(Violation::new("schedule.until", Rule::Contradiction("must lie after schedule.from")));
        }
        for (i, day) in schedule.days.iter().enumerate() {
            if schedule.days.iter().take(i).any(|earlier| earlier == day) {
                let rule = Rule::Contradiction("names a day twice");
                found.push(Violation::new(format!("schedule.days[{i}]"), rule));
            }
        }
        for (i, time) in schedule.hours.iter().flatten().enumerate() {
            if time::parse_minutes(time).is_none() {
                let rule = Rule::Format("a time of day from 00:00 to 23:59");
                found.push(Violation::new(format!("schedule.hours[{i}]"), rule));
            }
        }
    }

    pub(super) fn check_trigger(&self, found: &mut Vec<Violation>) {
        let mut range = |field: &str, amount: u16, max: u16| {
            if !(1..=max).contains(&amount) {
                found.push(Violation::new(field, Rule::OutOfRange { min: 1, max: max.into() }));
            }
        };
        match &self.trigger {
            Trigger::Seconds { seconds } => range("trigger.seconds", *seconds, limit::TRIGGER_SECONDS_MAX),
            Trigger::Scroll { percent } => range("trigger.percent", *percent, 100),
            Trigger::Click { selector } | Trigger::InView { selector } => {
                check_words("trigger.selector", selector, found);
            }
            Trigger::Event { name, properties } => {
                check_words("trigger.name", name, found);
                check_conditions("trigger.properties", properties, found);
                for (i, property) in properties.iter().enumerate() {
                    if property.fact != Fact::Attribute {
                        let rule = Rule::Contradiction("must be attribute: an event has nothing else");
                        found.push(Violation::new(format!("trigger.properties[{i}].fact"), rule));
                    }
                }
            }
            Trigger::Immediately | Trigger::Exit | Trigger::Purchase => {}
        }
    }
}

/// Lists what is wrong with the conditions in `field`.
pub fn check_conditions(field: &str, conditions: &[Condition], found: &mut Vec<Violation>) {
    if conditions.len() > limit::CONDITIONS_MAX {
        found.push(Violation::new(field, Rule::TooMany { max: limit::CONDITIONS_MAX }));
    }
    for (i, condition) in conditions.iter().enumerate() {
        let field = format!("{field}[{i}]");
        if (condition.fact == Fact::Attribute) == condition.name.is_empty() {
            let rule = Rule::Contradiction("names the attribute, and is empty for every other fact");
            found.push(Violation::new(format!("{field}.name"), rule));
        }
        if condition.name.chars().count() > limit::ATTRIBUTE_NAME_CHARS_MAX {
            let rule = Rule::TooLong { max: limit::ATTRIBUTE_NAME_CHARS_MAX };
            found.push(Violation::new(format!("{field}.name"), rule));
        }
        if condition.values.is_empty() {
            found.push(Violation::new(format!("{field}.values"), Rule::Empty));
        }
        if condition.values.len() > limit::CONDITION_VALUES_MAX {
            let rule = Rule::TooMany { max: limit::CONDITION_VALUES_MAX };
            found.push(Violation::new(format!("{field}.values"), rule));
        }
        let is_number = matches!(condition.op, Op::Less | Op::Greater);
        for (j, value) in condition.values.iter().enumerate() {
            let field = format!("{field}.values[{j}]");
            check_words(&field, value, found);
            if is_number && text::parse_thousandths(value).is_none() {
                found.push(Violation::new(field, Rule::Format("a number such as 50 or 9.90")));
            }
        }
    }
}
