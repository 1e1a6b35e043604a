//! From a definition to the form.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use parere_shared::gate::Condition;
use parere_shared::survey::{Choices, Survey, Trigger};
use parere_shared::time;

use super::entered::Entered;
use super::read::DAYS;
use crate::routes::dashboard::terms::{name, percent};

/// The form that describes a survey, without its slug and state. Moments become times of the zone's clocks.
pub(super) fn entered(survey: &Survey, zone: &TimeZone) -> Entered {
    let mut form = Entered::default();
    form.set("metric", survey.metric.as_str());
    form.set("scale.min", survey.scale.min.to_string());
    form.set("scale.max", survey.scale.max.to_string());
    form.set("scale.polarity", name(&survey.scale.polarity));
    form.set("scale.look", name(&survey.scale.look));
    form.set("topic", survey.topic.map(|topic| name(&topic)).unwrap_or_default());
    form.set("brand", &survey.brand);
    for (i, language) in survey.languages.iter().enumerate() {
        form.set(format!("languages[{i}]"), language);
    }
    for (language, texts) in &survey.texts {
        for (field, text) in [
            ("question", &texts.question),
            ("low", &texts.low),
            ("high", &texts.high),
            ("thanks", &texts.thanks),
        ] {
            if let Some(text) = text {
                form.set(format!("texts.{language}.{field}"), text);
            }
        }
    }
    after(survey, &mut form);
    form.set("placement", name(&survey.placement));
    form.set("position", survey.position.map(|position| name(&position)).unwrap_or_default());
    form.set("touchpoint", &survey.touchpoint);
    targeting(survey, &mut form);
    schedule(survey, zone, &mut form);
    trigger(&survey.trigger, &mut form);
    form
}

fn by_language(at: &str, words: &BTreeMap<String, String>, form: &mut Entered) {
    for (language, words) in words {
        form.set(format!("{at}.{language}"), words);
    }
}

fn tick(form: &mut Entered, name: String, is_ticked: bool) {
    if is_ticked {
        form.set(name, "on");
    }
}

fn after(survey: &Survey, form: &mut Entered) {
    for (i, band) in survey.follow_ups.iter().enumerate() {
        let at = format!("follow_ups[{i}]");
        form.set(format!("{at}.from"), band.from.to_string());
        form.set(format!("{at}.to"), band.to.to_string());
        by_language(&format!("{at}.question"), &band.question, form);
        tick(form, format!("{at}.comment"), band.comment);
        if let Some(Choices { pick, options, other }) = &band.choices {
            form.set(format!("{at}.choices.pick"), name(pick));
            tick(form, format!("{at}.choices.other"), *other);
            for (j, option) in options.iter().enumerate() {
                form.set(format!("{at}.choices.options[{j}].value"), &option.value);
                by_language(&format!("{at}.choices.options[{j}].label"), &option.label, form);
            }
        }
    }
    for (i, band) in survey.thanks.iter().enumerate() {
        let at = format!("thanks[{i}]");
        form.set(format!("{at}.from"), band.from.to_string());
        form.set(format!("{at}.to"), band.to.to_string());
        by_language(&format!("{at}.text"), &band.text, form);
        if let Some(link) = &band.link {
            form.set(format!("{at}.link.url"), &link.url);
            by_language(&format!("{at}.link.label"), &link.label, form);
        }
    }
}

fn targeting(survey: &Survey, form: &mut Entered) {
    let targeting = &survey.targeting;
    for (i, rule) in targeting.urls.iter().enumerate() {
        let at = format!("targeting.urls[{i}]");
        form.set(format!("{at}.op"), name(&rule.op));
        form.set(format!("{at}.value"), &rule.value);
        tick(form, format!("{at}.not"), rule.not);
    }
    for (i, rule) in targeting.conditions.iter().enumerate() {
        let at = format!("targeting.conditions[{i}]");
        form.set(format!("{at}.fact"), name(&rule.fact));
        condition(&at, rule, form);
    }
    form.set("targeting.sample_per_mille", percent(targeting.sample_per_mille));
    let recontact = targeting.recontact;
    form.set("targeting.recontact.answered_days", recontact.answered_days.to_string());
    form.set("targeting.recontact.dismissed_days", recontact.dismissed_days.to_string());
    form.set("targeting.recontact.other_days", recontact.other_days.to_string());
    let wanted = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
    form.set("targeting.quota.total", wanted(targeting.quota.total));
    form.set("targeting.quota.daily", wanted(targeting.quota.daily));
}

fn condition(at: &str, condition: &Condition, form: &mut Entered) {
    form.set(format!("{at}.name"), &condition.name);
    form.set(format!("{at}.op"), name(&condition.op));
    form.set(format!("{at}.values"), condition.values.join("\n"));
    tick(form, format!("{at}.not"), condition.not);
}

fn schedule(survey: &Survey, zone: &TimeZone, form: &mut Entered) {
    let schedule = &survey.schedule;
    for (field, moment) in [("from", &schedule.from), ("until", &schedule.until)] {
        let local = moment.as_deref().map(|text| local(text, zone).unwrap_or_else(|| text.to_owned()));
        form.set(format!("schedule.{field}"), local.unwrap_or_default());
    }
    for (day, _) in DAYS.iter().filter(|(_, day)| schedule.days.contains(day)) {
        tick(form, format!("schedule.days.{day}"), true);
    }
    for (i, time) in schedule.hours.iter().flatten().enumerate() {
        form.set(format!("schedule.hours[{i}]"), time);
    }
}

/// An RFC 3339 moment on the zone's clocks, in the form that browsers take.
fn local(text: &str, zone: &TimeZone) -> Option<String> {
    let moment = Timestamp::from_millisecond(time::parse(text)?).ok()?;
    let local = moment.to_zoned(zone.clone()).datetime();
    Some(local.strftime(if local.second() == 0 { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%dT%H:%M:%S" }).to_string())
}

fn trigger(trigger: &Trigger, form: &mut Entered) {
    let (on, field, text) = match trigger {
        Trigger::Immediately => ("immediately", "", String::new()),
        Trigger::Exit => ("exit", "", String::new()),
        Trigger::Purchase => ("purchase", "", String::new()),
        Trigger::Seconds { seconds } => ("seconds", "seconds", seconds.to_string()),
        Trigger::Scroll { percent } => ("scroll", "percent", percent.to_string()),
        Trigger::Click { selector } => ("click", "selector", selector.clone()),
        Trigger::InView { selector } => ("in_view", "selector", selector.clone()),
        Trigger::Event { name, properties } => {
            for (i, property) in properties.iter().enumerate() {
                condition(&format!("trigger.properties[{i}]"), property, form);
            }
            ("event", "name", name.clone())
        }
    };
    form.set("trigger.on", on);
    if !field.is_empty() {
        form.set(format!("trigger.{field}"), text);
    }
}
