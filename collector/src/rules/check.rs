//! Whether a rule makes sense; every violation is listed, not only the first.

use parere_shared::gate::Fact;
use parere_shared::survey::check_conditions;
use parere_shared::text;
use parere_shared::violation::{Rule as Broken, Violation};

use super::{Quiet, Rule};
use crate::auth::NAME_CHARS_MAX;

/// Longest wait: somebody who bought a year ago was last asked then.
pub const AFTER_DAYS_MAX: u16 = 365;

/// Most hours beside the days: more are days.
pub const AFTER_HOURS_MAX: u16 = 72;

/// Longest time in which a question can still be sent, in days: later it is about something forgotten.
pub const EXPIRES_DAYS_MAX: u16 = 90;

/// Most rules of a site: each happening is looked at under each of them.
pub const RULES_MAX: usize = 50;

/// Most characters of a kind of happening.
const KIND_CHARS_MAX: usize = 40;

impl Rule {
    /// Every rule that this one breaks; `has_survey` says whether the site has a survey of a slug.
    pub fn violations(&self, has_survey: impl Fn(&str) -> bool) -> Vec<Violation> {
        let mut found = Vec::new();
        let mut refuse = |field: &str, rule| found.push(Violation::new(field, rule));
        match self.name.trim() {
            "" => refuse("name", Broken::Empty),
            name if name.chars().count() > NAME_CHARS_MAX => {
                refuse("name", Broken::TooLong { max: NAME_CHARS_MAX });
            }
            name if text::has_control(name) => refuse("name", Broken::ControlCharacter),
            _ => {}
        }
        if !has_survey(&self.survey) {
            refuse("survey", Broken::Unknown("a survey of this site"));
        }
        if !is_kind(&self.when) {
            refuse("when", Broken::Format("1 to 40 lower-case letters, digits and underscores"));
        }
        for (field, n, min, max) in [
            ("after_days", self.after_days, 0, AFTER_DAYS_MAX),
            ("after_hours", self.after_hours, 0, AFTER_HOURS_MAX),
            ("expires_days", self.expires_days, 1, EXPIRES_DAYS_MAX),
        ] {
            if !(min..=max).contains(&n) {
                refuse(field, Broken::OutOfRange { min: min.into(), max: max.into() });
            }
        }
        if Quiet::parse(&self.quiet_hours).is_none() {
            refuse("quiet_hours", Broken::Format("two times of day from 00:00 to 23:59"));
        }
        for (i, condition) in self.conditions.iter().enumerate() {
            if !matches!(condition.fact, Fact::Attribute | Fact::Language) {
                let rule = Broken::Contradiction("must be attribute or language: no page is there");
                refuse(&format!("conditions[{i}].fact"), rule);
            }
        }
        check_conditions("conditions", &self.conditions, &mut found);
        found
    }
}

/// Can a happening be of this kind?
pub fn is_kind(word: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    (1..=KIND_CHARS_MAX).contains(&word.len()) && word.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn a_rule_is_taken_or_every_mistake_is_named() {
        let condition =
            |fact: &str, name: &str| json!([{"fact": fact, "name": name, "op": "is", "values": ["a"]}]);
        for (change, broken) in [
            (json!({}), vec![]),
            (json!({"name": " "}), vec!["name"]),
            (json!({"name": "x".repeat(101)}), vec!["name"]),
            (json!({"name": "a\u{7}"}), vec!["name"]),
            (json!({"survey": "nope"}), vec!["survey"]),
            (json!({"when": "Delivered"}), vec!["when"]),
            (json!({"when": ""}), vec!["when"]),
            (json!({"when": "my_own_word_2"}), vec![]),
            (json!({"after_days": 366, "after_hours": 73}), vec!["after_days", "after_hours"]),
            (json!({"expires_days": 0}), vec!["expires_days"]),
            (json!({"quiet_hours": ["21:00", "24:00"]}), vec!["quiet_hours"]),
            (json!({"conditions": condition("attribute", "carrier")}), vec![]),
            (json!({"conditions": condition("language", "")}), vec![]),
            (json!({"conditions": condition("device", "")}), vec!["conditions[0].fact"]),
            (json!({"conditions": condition("attribute", "")}), vec!["conditions[0].name"]),
        ] {
            let mut whole = json!({"name": "Delivered", "survey": "ces", "when": "delivered"});
            whole.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            let rule: Rule = serde_json::from_value(whole).unwrap();
            let found = rule.violations(|slug| slug == "ces");
            assert_eq!(found.iter().map(|one| &*one.field).collect::<Vec<_>>(), broken, "{change}");
        }
        let unknown: Result<Rule, _> = serde_json::from_value(
            json!({"name": "a", "survey": "b", "when": "c", "afterwards": Value::Null}),
        );
        assert!(unknown.is_err(), "a field that there is not");
    }
}
