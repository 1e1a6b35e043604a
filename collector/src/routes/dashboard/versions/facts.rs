//! A survey as facts in plain words, and which of them differ between two versions.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use parere_shared::gate::Condition;
use parere_shared::survey::{FollowUp, Survey, Thanks, Trigger};
use parere_shared::time;

use crate::routes::dashboard::terms::{self, name, percent};

/// What was one thing and is another now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) what: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// Everything that differs, in the order in which the editor shows it; empty for the same survey.
pub(crate) fn changes(before: &Survey, after: &Survey, zone: &TimeZone) -> Vec<Change> {
    let (old, new) = (facts(before, zone), facts(after, zone));
    // A fact that a survey does not state is stated by us, or by nobody.
    let said = |facts: &[(String, String)], what: &str| {
        let found = facts.iter().find(|(own, _)| own == what);
        found.map_or_else(|| "nothing of its own".to_owned(), |(_, value)| value.clone())
    };
    let gone = old.iter().filter(|(what, _)| !new.iter().any(|(own, _)| own == what));
    let all = new.iter().chain(gone).map(|(what, _)| what);
    let compared =
        all.map(|what| Change { what: what.clone(), before: said(&old, what), after: said(&new, what) });
    compared.filter(|change| change.before != change.after).collect()
}

/// What a survey says, each under a name that stands once.
fn facts(survey: &Survey, zone: &TimeZone) -> Vec<(String, String)> {
    let scale = &survey.scale;
    let mut facts = Facts(Vec::new());
    facts.add("State", name(&survey.state));
    facts.add("Measured", terms::of(terms::METRICS, survey.metric.as_str()));
    let (look, polarity) = (name(&scale.look), name(&scale.polarity));
    let polarity = terms::of(terms::POLARITIES, &polarity);
    facts.add("Scale", format!("{}–{} as {look}, {polarity}", scale.min, scale.max));
    let topic = survey.topic.map(|topic| name(&topic)).unwrap_or_default();
    facts.add("Asked about", terms::of(terms::TOPICS, &topic));
    facts.add("Shop’s name", if survey.brand.is_empty() { "none" } else { &survey.brand });
    facts.add("Languages", survey.languages.join(", "));
    for (language, texts) in &survey.texts {
        for (what, text) in [
            ("Question", &texts.question),
            ("Words at the lowest point", &texts.low),
            ("Words at the highest point", &texts.high),
            ("Thanks", &texts.thanks),
        ] {
            if let Some(text) = text {
                facts.add(format!("{what} in {language}"), quoted(text));
            }
        }
    }
    survey.follow_ups.iter().for_each(|band| facts.follow_up(band));
    survey.thanks.iter().for_each(|band| facts.thanks(band));
    facts.place(survey);
    facts.targeting(survey);
    facts.schedule(survey, zone);
    facts.add("Waits for", trigger(&survey.trigger));
    facts.0
}

struct Facts(Vec<(String, String)>);

impl Facts {
    fn add(&mut self, what: impl Into<String>, value: impl Into<String>) {
        self.0.push((what.into(), value.into()));
    }

    fn by_language(&mut self, what: &str, words: &BTreeMap<String, String>) {
        for (language, words) in words {
            self.add(format!("{what} in {language}"), quoted(words));
        }
    }

    fn follow_up(&mut self, band: &FollowUp) {
        let scores = scores(band.from, band.to);
        self.by_language(&format!("Follow-up after {scores}"), &band.question);
        if let Some(choices) = &band.choices {
            let mut options: Vec<String> =
                choices.options.iter().map(|option| option.value.clone()).collect();
            if choices.other {
                options.push("something else".into());
            }
            let pick = name(&choices.pick);
            let all = format!("{} ({})", options.join(", "), terms::of(terms::PICKS, &pick));
            self.add(format!("Choices after {scores}"), all);
            for option in &choices.options {
                self.by_language(&format!("Choice {} after {scores}", option.value), &option.label);
            }
        }
        let comment = if band.comment { "asked for" } else { "not asked for" };
        self.add(format!("Comment after {scores}"), comment);
    }

    fn thanks(&mut self, band: &Thanks) {
        let scores = scores(band.from, band.to);
        self.by_language(&format!("Thanks after {scores}"), &band.text);
        let link = band.link.as_ref().map_or("none", |link| &link.url);
        self.add(format!("Link after {scores}"), link);
        if let Some(link) = &band.link {
            self.by_language(&format!("Words of the link after {scores}"), &link.label);
        }
    }

    fn place(&mut self, survey: &Survey) {
        let placement = name(&survey.placement);
        self.add("Stands", terms::of(terms::PLACEMENTS, &placement));
        let position = survey.position.map(|position| name(&position)).unwrap_or_default();
        self.add("Corner, edge or side", terms::of(terms::POSITIONS, &position));
        self.add("Touchpoint", if survey.touchpoint.is_empty() { "none" } else { &survey.touchpoint });
    }

    fn targeting(&mut self, survey: &Survey) {
        let targeting = &survey.targeting;
        let rules = targeting.urls.iter().map(|rule| {
            let (op, not) = (name(&rule.op), if rule.not { "not where the address " } else { "" });
            // The usual rule goes without saying.
            let is_usual = op == "prefix" && !rule.not;
            let op = if is_usual { "" } else { terms::of(terms::URL_OPS, &op) };
            let space = if op.is_empty() { "" } else { " " };
            format!("{not}{op}{space}{}", rule.value)
        });
        self.add("Asked on", joined(rules, "; ", "all pages"));
        self.add(
            "Asked only where",
            joined(targeting.conditions.iter().map(condition), "; ", "no conditions"),
        );
        self.add("Share of shoppers", format!("{} %", percent(targeting.sample_per_mille)));
        let recontact = targeting.recontact;
        for (what, days) in [
            ("Pause after an answer", recontact.answered_days),
            ("Pause after a no", recontact.dismissed_days),
            ("Pause after another question", recontact.other_days),
        ] {
            self.add(what, format!("{days} days"));
        }
        let wanted = |n: Option<u32>| n.map_or_else(|| "no limit".to_owned(), |n| n.to_string());
        self.add("Answers wanted in all", wanted(targeting.quota.total));
        self.add("Answers wanted in a day", wanted(targeting.quota.daily));
    }

    fn schedule(&mut self, survey: &Survey, zone: &TimeZone) {
        let schedule = &survey.schedule;
        let moment = |text: &Option<String>, open: &str| {
            text.as_deref().map_or_else(|| open.to_owned(), |text| local(text, zone))
        };
        self.add("Asked from", moment(&schedule.from, "at once"));
        self.add("Asked until", moment(&schedule.until, "no end"));
        // In the order of the week, whatever the order they are written in.
        let week = terms::WEEKDAYS.iter();
        let days = week.filter(|(day, _)| schedule.days.iter().any(|own| name(own) == *day));
        self.add("Days", joined(days.map(|(_, day)| (*day).to_owned()), ", ", "every day"));
        let hours = schedule.hours.as_ref();
        self.add(
            "Hours",
            hours.map_or_else(|| "all day".to_owned(), |[from, until]| format!("{from}–{until}")),
        );
    }
}

fn quoted(text: &str) -> String {
    format!("“{text}”")
}

fn scores(from: i32, to: i32) -> String {
    if from == to { from.to_string() } else { format!("{from}–{to}") }
}

fn joined(parts: impl Iterator<Item = String>, separator: &str, none: &str) -> String {
    let parts: Vec<_> = parts.collect();
    if parts.is_empty() { none.to_owned() } else { parts.join(separator) }
}

fn condition(condition: &Condition) -> String {
    let (fact, op) = (name(&condition.fact), name(&condition.op));
    let fact = if condition.name.is_empty() { fact } else { format!("{fact} {}", condition.name) };
    let not = if condition.not { "not: " } else { "" };
    format!("{not}{fact} {} {}", terms::of(terms::OPS, &op), condition.values.join(", "))
}

fn local(text: &str, zone: &TimeZone) -> String {
    let moment = time::parse(text).and_then(|moment| Timestamp::from_millisecond(moment).ok());
    let local = moment.map(|moment| moment.to_zoned(zone.clone()));
    local.map_or_else(|| text.to_owned(), |local| local.strftime("%-d %B %Y, %H:%M:%S").to_string())
}

fn trigger(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Immediately => "nothing".into(),
        Trigger::Seconds { seconds } => format!("{seconds} seconds on the page"),
        Trigger::Scroll { percent } => format!("scrolling down {percent} %"),
        Trigger::Exit => "the shopper is about to leave".into(),
        Trigger::Click { selector } => format!("a click on {selector}"),
        Trigger::InView { selector } => format!("{selector} in view"),
        Trigger::Event { name, properties } => {
            let with = joined(properties.iter().map(condition), "; ", "");
            let where_ = if with.is_empty() { "" } else { " where " };
            format!("the event {name}{where_}{with}")
        }
        Trigger::Purchase => "a new order".into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn survey(changed: &Value) -> Survey {
        let mut survey = json!({
            "slug": "nps", "state": "live", "metric": "nps", "languages": ["it"], "brand": "Bottega",
            "scale": {"min": 0, "max": 10, "polarity": "high_is_good", "look": "numbers"},
            "texts": {"it": {"question": "Ci consigli?"}},
            "follow_ups": [{"from": 0, "to": 6}, {"from": 7, "to": 10}],
            "schedule": {"from": "2026-11-21T10:00:00Z", "days": ["mon", "tue"]},
        });
        if let (Value::Object(survey), Value::Object(changed)) = (&mut survey, changed.clone()) {
            survey.extend(changed);
        }
        serde_json::from_value(survey).unwrap()
    }

    #[test]
    fn changes_are_said_in_plain_words() {
        for (changed, expected) in [
            (json!({}), vec![]),
            // The same moment, and the same days.
            (json!({"schedule": {"from": "2026-11-21T11:00:00+01:00", "days": ["tue", "mon"]}}), vec![]),
            (json!({"state": "paused"}), vec!["State: live → paused"]),
            (
                json!({"texts": {"it": {"question": "Ci consiglieresti?"}}}),
                vec!["Question in it: “Ci consigli?” → “Ci consiglieresti?”"],
            ),
            (json!({"texts": {}}), vec!["Question in it: “Ci consigli?” → nothing of its own"]),
            (
                json!({"targeting": {"urls": [{"op": "prefix", "value": "/cart"}], "sample_per_mille": 125}}),
                vec!["Asked on: all pages → /cart", "Share of shoppers: 100 % → 12.5 %"],
            ),
            (
                json!({"targeting": {"urls": [{"op": "glob", "value": "/p/*", "not": true}], "conditions": [
                    {"fact": "attribute", "name": "plan", "op": "is", "values": ["gold", "silver"]}]}}),
                vec![
                    "Asked on: all pages → not where the address fits, with * for anything /p/*",
                    "Asked only where: no conditions → attribute plan is one of gold, silver",
                ],
            ),
            (
                json!({"follow_ups": [{"from": 7, "to": 10, "comment": false, "choices":
                    {"options": [{"value": "price", "label": {"it": "Il prezzo"}}], "other": true}}]}),
                vec![
                    "Choices after 7–10: nothing of its own → price, something else (any number)",
                    "Choice price after 7–10 in it: nothing of its own → “Il prezzo”",
                    "Comment after 7–10: asked for → not asked for",
                    "Comment after 0–6: asked for → nothing of its own",
                ],
            ),
            (
                json!({"schedule": {}, "trigger": {"on": "scroll", "percent": 50}}),
                vec![
                    "Asked from: 21 November 2026, 11:00:00 → at once",
                    "Days: Monday, Tuesday → every day",
                    "Waits for: nothing → scrolling down 50 %",
                ],
            ),
        ] {
            let zone = TimeZone::get("Europe/Rome").unwrap();
            let found = changes(&survey(&json!({})), &survey(&changed), &zone);
            let found: Vec<_> = found
                .iter()
                .map(|change| format!("{}: {} → {}", change.what, change.before, change.after))
                .collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn facts_stand_once_and_cover_every_field() {
        let zone = TimeZone::UTC;
        let base = survey(&json!({}));
        for changed in [
            json!({"metric": "csat", "topic": "satisfaction"}),
            json!({"topic": "recommendation"}),
            json!({"scale": {"min": 1, "max": 10, "polarity": "high_is_good", "look": "numbers"}}),
            json!({"brand": ""}),
            json!({"languages": ["it", "en"]}),
            json!({"thanks": [{"from": 9, "to": 10, "text": {"it": "Grazie!"}}]}),
            json!({"placement": "popover"}),
            json!({"placement": "bar", "position": "top"}),
            json!({"touchpoint": "cart"}),
            json!({"targeting": {"recontact": {"answered_days": 1}}}),
            json!({"targeting": {"recontact": {"dismissed_days": 1}}}),
            json!({"targeting": {"recontact": {"other_days": 1}}}),
            json!({"targeting": {"quota": {"total": 100}}}),
            json!({"targeting": {"quota": {"daily": 100}}}),
            json!({"schedule": {"from": "2026-11-21T10:00:00Z", "days": ["mon", "tue"], "hours": ["09:00", "18:00"]}}),
            json!({"schedule": {"until": "2027-11-21T10:00:00Z"}}),
            json!({"trigger": {"on": "purchase"}}),
        ] {
            let other = survey(&changed);
            assert_ne!(changes(&base, &other, &zone), [], "{changed}");
            let mut names: Vec<_> = facts(&other, &zone).into_iter().map(|(what, _)| what).collect();
            let all = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), all, "{changed}");
        }
    }
}
