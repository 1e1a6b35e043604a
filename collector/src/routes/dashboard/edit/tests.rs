//! From a definition to the form and back, and from a form to what is wrong with it.

use jiff::tz::TimeZone;
use parere_shared::survey::{Survey, SurveyState};
use serde_json::{Value, json};

use super::act::Sent;
use super::entered::Entered;
use super::read::{Fixed, definition};
use super::write;

const FIXED: Fixed<'static> = Fixed { slug: Some("nps"), state: SurveyState::Live };

fn rome() -> TimeZone {
    TimeZone::get("Europe/Rome").unwrap()
}

fn survey(changed: Value) -> Survey {
    let mut survey = json!({
        "slug": "nps", "state": "live", "metric": "nps", "languages": ["it", "en"], "brand": "Bottega",
        "scale": {"min": 0, "max": 10, "polarity": "high_is_good", "look": "numbers"},
    });
    if let (Value::Object(survey), Value::Object(changed)) = (&mut survey, changed) {
        survey.extend(changed);
    }
    serde_json::from_value(survey).unwrap()
}

#[test]
fn every_definition_survives_the_form() {
    for changed in [
        json!({}),
        json!({"metric": "ces", "topic": "effort", "scale": {"min": 1, "max": 5, "polarity": "low_is_good", "look": "numbers"}}),
        json!({"metric": "csat", "topic": "recommendation", "scale": {"min": 1, "max": 10, "polarity": "high_is_good", "look": "stars"}}),
        json!({"brand": "", "touchpoint": "cart", "placement": "bar", "position": "top"}),
        json!({"texts": {"it": {"question": "Ci consigli «{brand}»?", "thanks": "Grazie!"}, "en": {"low": "No", "high": "Yes"}}}),
        json!({"follow_ups": [
            {"from": 0, "to": 6, "question": {"it": "Perché?"}, "comment": false, "choices": {"pick": "one", "other": true,
                "options": [{"value": "price", "label": {"it": "Il prezzo", "en": "The price"}},
                    {"value": "fit", "label": {"it": "La misura", "en": "The fit"}}]}},
            {"from": 7, "to": 10}]}),
        json!({"thanks": [
            {"from": 9, "to": 10, "text": {"en": "Lovely."}, "link": {"url": "https://reviews.example/x", "label": {"it": "Qui", "en": "Here"}}},
            {"from": 0, "to": 8, "link": {"url": "/help", "label": {"it": "Aiuto", "en": "Help"}}}]}),
        json!({"targeting": {
            "urls": [{"op": "prefix", "value": "/products/"}, {"op": "glob", "value": "*/sale/*", "not": true}],
            "conditions": [
                {"fact": "language", "op": "is", "values": ["it", "en"]},
                {"fact": "views", "op": "greater", "values": ["2"]},
                {"fact": "attribute", "name": "plan", "op": "is", "values": ["gold, or better"], "not": true}],
            "sample_per_mille": 125, "quota": {"total": 500, "daily": 20},
            "recontact": {"answered_days": 1, "dismissed_days": 2, "other_days": 0}}}),
        json!({"schedule": {"from": "2026-11-21T10:00:00+01:00", "until": "2027-07-01T00:00:30+02:00",
            "days": ["mon", "sun"], "hours": ["22:00", "06:00"]}}),
        json!({"trigger": {"on": "seconds", "seconds": 20}}),
        json!({"trigger": {"on": "scroll", "percent": 50}}),
        json!({"trigger": {"on": "exit"}}),
        json!({"trigger": {"on": "click", "selector": "#buy > a"}}),
        json!({"trigger": {"on": "in_view", "selector": ".reviews"}}),
        json!({"trigger": {"on": "purchase"}}),
        json!({"trigger": {"on": "event", "name": "added", "properties": [
            {"fact": "attribute", "name": "total", "op": "greater", "values": ["50"]}]}}),
    ] {
        let survey = survey(changed);
        let form = write::entered(&survey, &rome());
        let (again, found) = definition(&form, FIXED, &rome());
        assert_eq!(found, [], "{survey:?}");
        assert_eq!(again, survey);
        assert_eq!(write::entered(&again, &rome()), form);
    }
}

/// The form of a survey with other texts in some of its fields; `None` takes a field away.
fn altered(pairs: &[(&str, Option<&str>)]) -> Entered {
    let mut form = write::entered(&survey(json!({})), &rome());
    for (name, text) in pairs {
        match text {
            Some(text) => form.set(*name, *text),
            None => drop(form.take(name)),
        }
    }
    form
}

#[test]
fn mistakes_are_named_by_their_fields() {
    for (pairs, expected) in [
        (vec![], vec![]),
        (vec![("scale.min", Some("zero"))], vec!["scale.min must be a whole number"]),
        (
            vec![("scale.max", None)],
            vec!["scale.max is required", "scale must be 0 to 10, high_is_good, numbers for the metric nps"],
        ),
        (vec![("metric", Some("sus"))], vec!["metric must be one of the choices"]),
        (vec![("metric", None)], vec!["metric must be one of the choices"]),
        (
            vec![("targeting.sample_per_mille", Some("0"))],
            vec!["targeting.sample_per_mille must be from 0.1 to 100 percent, with at most one decimal"],
        ),
        (
            vec![("targeting.sample_per_mille", Some("12.55"))],
            vec!["targeting.sample_per_mille must be from 0.1 to 100 percent, with at most one decimal"],
        ),
        (
            vec![("targeting.recontact.other_days", Some("99999"))],
            vec!["targeting.recontact.other_days must be a whole number"],
        ),
        (vec![("targeting.quota.total", Some("many"))], vec!["targeting.quota.total must be a whole number"]),
        (
            vec![("schedule.from", Some("soon"))],
            vec!["schedule.from must be an RFC 3339 date and time with an offset"],
        ),
        (
            vec![("schedule.hours[1]", Some("18:00"))],
            vec!["schedule.hours[0] must be a time of day from 00:00 to 23:59"],
        ),
        (vec![("trigger.on", Some("luck"))], vec!["trigger.on must be one of the choices"]),
        (
            vec![("trigger.on", Some("seconds")), ("trigger.seconds", Some(""))],
            vec!["trigger.seconds is required"],
        ),
        (vec![("surprise", Some("1"))], vec!["surprise is not a field of this form"]),
        (vec![("slug", Some("other"))], vec!["slug is not a field of this form"]),
        (vec![("texts.de.question", Some("Wie?"))], vec!["texts.de.question is not a field of this form"]),
        (vec![("thanks[7].from", Some("1"))], vec!["thanks[7].from is not a field of this form"]),
        (
            vec![("follow_ups[0].from", Some("0")), ("follow_ups[0].to", Some(""))],
            vec![
                "follow_ups[0].to is required",
                "follow_ups[0].comment leaves nothing to answer: offer choices or a comment",
            ],
        ),
    ] {
        let (_, found) = definition(&altered(&pairs), FIXED, &rome());
        let found: Vec<_> =
            found.iter().map(|violation| format!("{} {}", violation.field, violation.rule)).collect();
        assert_eq!(found, expected, "{pairs:?}");
    }
}

#[test]
fn what_people_write_is_understood() {
    let form = altered(&[
        ("targeting.sample_per_mille", Some(" 12,5 %")),
        ("schedule.from", Some("2026-07-01T10:00")),
        ("schedule.until", Some("2026-12-01T10:00:00Z")),
        ("texts.it.question", Some("   ")),
        ("targeting.conditions[0].fact", Some("device")),
        ("targeting.conditions[0].op", Some("is")),
        ("targeting.conditions[0].values", Some(" phone \n\n tablet")),
        ("follow_ups[0].from", Some(" 0 ")),
        ("follow_ups[0].to", Some("10")),
        ("follow_ups[0].choices.options[0].value", Some("")),
        ("follow_ups[0].choices.options[0].label.it", Some("Troppo caro!")),
        ("follow_ups[0].choices.options[0].label.en", Some("Too expensive!")),
        // Of another trigger than the chosen one.
        ("trigger.percent", Some("a lot")),
    ]);
    let (survey, found) = definition(&form, FIXED, &rome());
    assert_eq!(found, []);
    assert_eq!(survey.targeting.sample_per_mille, 125);
    assert_eq!(survey.schedule.from.as_deref(), Some("2026-07-01T10:00:00+02:00"), "in summer");
    assert_eq!(survey.schedule.until.as_deref(), Some("2026-12-01T10:00:00Z"), "with an offset of its own");
    assert!(survey.texts.is_empty());
    assert_eq!(survey.targeting.conditions[0].values, ["phone", "tablet"]);
    let choices = survey.follow_ups[0].choices.as_ref().unwrap();
    assert_eq!(choices.options[0].value, "troppo-caro");
}

#[test]
fn buttons_change_the_form_and_nothing_else() {
    let base = altered(&[("follow_ups[0].from", Some("9")), ("follow_ups[0].to", Some("10"))]);
    let press = |pairs: &[(&str, &str)]| {
        let own = base.names().map(|name| (name.to_owned(), base.text(name).to_owned()));
        let more = pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        let mut sent = Sent::of(own.chain(more).collect());
        let (before, _) = definition(&sent.entered, FIXED, &rome());
        sent.act(&before);
        sent
    };
    let added = press(&[("do", "add follow_ups"), ("brand", "Kept")]);
    assert_eq!((added.is_save, added.changed.as_str()), (false, "follow_ups[1]"));
    assert_eq!(
        (added.entered.text("follow_ups[1].from"), added.entered.text("follow_ups[1].to")),
        ("7", "8")
    );
    assert_eq!(added.entered.text("brand"), "Kept");
    let removed = press(&[("do", "remove follow_ups[0]")]);
    assert_eq!((removed.entered.len("follow_ups"), removed.changed.as_str()), (0, "follow_ups"));
    assert_eq!(press(&[("do", "first en")]).entered.languages(), ["en", "it"]);
    assert_eq!(press(&[("do", "first xx")]).entered.languages(), ["it", "en"]);
    assert_eq!(press(&[("do", "without it")]).entered.languages(), ["en"]);
    for button in ["language", "save", ""] {
        let sent = press(&[("do", button), ("new.language", " de ")]);
        assert_eq!(sent.entered.languages(), ["it", "en", "de"], "{button:?}");
    }
    for (tag, kept) in [("Deutsch!", "Deutsch!"), ("it", "it"), (" ", "")] {
        let sent = press(&[("do", "language"), ("new.language", tag)]);
        assert_eq!(sent.entered.text("new.language"), kept);
        assert_eq!((sent.fault.is_some(), sent.entered.languages().len()), (!kept.is_empty(), 2), "{tag}");
    }
    for nothing in ["add brand", "add", "remove", "remove brand", "fly", "first"] {
        let sent = press(&[("do", nothing), ("preview.scheme", "dark")]);
        assert_eq!((sent.entered, sent.is_save), (base.clone(), false), "{nothing}");
    }
}
