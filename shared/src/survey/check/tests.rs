use crate::gate::{Recontact, UrlOp, UrlRule};
use crate::survey::{
    FollowUp, Look, Metric, Placement, Polarity, Quota, Scale, Schedule, Survey, Targeting, Texts, Topic,
    example,
};

fn broken(survey: &Survey) -> Vec<String> {
    survey.violations().into_iter().map(|v| format!("{} {}", v.field, v.rule.code())).collect()
}

fn scale(metric: Metric, min: i32, max: i32, look: Look) -> Survey {
    Survey { metric, scale: Scale { min, max, polarity: Polarity::HighIsGood, look }, ..example() }
}

fn follow_up(from: i32, to: i32) -> FollowUp {
    FollowUp { from, to, question: [].into(), choices: None, comment: true }
}

#[test]
fn sensible_surveys_pass() {
    for survey in [
        example(),
        scale(Metric::Ces, 1, 7, Look::Numbers),
        scale(Metric::Csat, 1, 5, Look::Stars),
        scale(Metric::Csat, 1, 3, Look::Faces),
        scale(Metric::Csat, 0, 1, Look::Thumbs),
        Survey { follow_ups: vec![follow_up(0, 6), follow_up(7, 10)], ..example() },
        Survey { topic: Some(Topic::Recommendation), ..scale(Metric::Csat, 1, 10, Look::Numbers) },
        Survey { languages: ["pt-BR", "zh-TW", "no", "de-CH"].map(Into::into).into(), ..example() },
    ] {
        assert_eq!(broken(&survey), Vec::<String>::new());
    }
}

#[test]
fn nonsense_is_refused_by_field() {
    let texts = |language: &str, question: &str| {
        let own = Texts { question: Some(question.into()), ..Texts::default() };
        Survey { texts: [(language.to_owned(), own)].into(), ..example() }
    };
    let targeting = |targeting| Survey { targeting, ..example() };
    let schedule = |from: &str, until: &str| {
        let schedule = Schedule { from: Some(from.into()), until: Some(until.into()), ..Schedule::default() };
        Survey { schedule, ..example() }
    };
    let no_value = UrlRule { op: UrlOp::Prefix, value: String::new(), not: false };
    let for_ages = Recontact { answered_days: 9_999, ..Recontact::default() };
    for (survey, expected) in [
        (Survey { slug: "N PS".into(), ..example() }, "slug format"),
        (scale(Metric::Ces, 5, 5, Look::Numbers), "scale.min contradiction"),
        (scale(Metric::Ces, 7, 1, Look::Numbers), "scale.min contradiction"),
        (scale(Metric::Nps, 1, 10, Look::Numbers), "scale contradiction"),
        (scale(Metric::Csat, 0, 100, Look::Numbers), "scale too_many"),
        (scale(Metric::Csat, i32::MIN, i32::MAX, Look::Numbers), "scale too_many"),
        (scale(Metric::Csat, 1, 4, Look::Faces), "scale.look contradiction"),
        (scale(Metric::Csat, 1, 2, Look::Thumbs), "scale.look contradiction"),
        (Survey { topic: Some(Topic::Effort), ..example() }, "topic contradiction"),
        (
            Survey { topic: Some(Topic::Recommendation), ..scale(Metric::Ces, 1, 7, Look::Numbers) },
            "topic contradiction",
        ),
        (
            Survey {
                metric: Metric::Csat,
                scale: Scale { min: 1, max: 5, polarity: Polarity::LowIsGood, look: Look::Stars },
                ..example()
            },
            "scale.polarity contradiction",
        ),
        (Survey { languages: vec![], ..example() }, "languages empty"),
        (Survey { languages: vec!["en".into(), "en".into()], ..example() }, "languages[1] contradiction"),
        (Survey { languages: vec!["English".into()], ..example() }, "languages[0] format"),
        (Survey { touchpoint: "t".repeat(129), ..example() }, "touchpoint too_long"),
        (texts("en", "   "), "texts.en.question empty"),
        (texts("en", &"long ".repeat(50)), "texts.en.question too_long"),
        (texts("en", "bell\u{7}"), "texts.en.question control_character"),
        (texts("fr", "Pourquoi ?"), "texts.fr unknown"),
        (Survey { follow_ups: vec![follow_up(0, 11)], ..example() }, "follow_ups[0].to out_of_range"),
        (Survey { follow_ups: vec![follow_up(6, 2)], ..example() }, "follow_ups[0].from contradiction"),
        (
            Survey { follow_ups: vec![follow_up(0, 6), follow_up(6, 10)], ..example() },
            "follow_ups[1] contradiction",
        ),
        (
            targeting(Targeting { sample_per_mille: 0, ..Targeting::default() }),
            "targeting.sample_per_mille out_of_range",
        ),
        (
            targeting(Targeting { urls: vec![no_value], ..Targeting::default() }),
            "targeting.urls[0].value empty",
        ),
        (
            targeting(Targeting { recontact: for_ages, ..Targeting::default() }),
            "targeting.recontact.answered_days out_of_range",
        ),
        (
            targeting(Targeting { quota: Quota { total: Some(0), daily: None }, ..Targeting::default() }),
            "targeting.quota.total out_of_range",
        ),
        (schedule("tomorrow", "2026-12-01T00:00:00Z"), "schedule.from format"),
        (schedule("2026-12-02T00:00:00Z", "2026-12-01T00:00:00Z"), "schedule.until contradiction"),
    ] {
        assert_eq!(broken(&survey), [expected]);
    }
}

#[test]
fn every_violation_is_listed_not_only_the_first() {
    let survey = Survey {
        slug: String::new(),
        scale: Scale { min: 3, max: 1, ..example().scale },
        languages: vec!["sq".into()],
        ..example()
    };
    assert_eq!(
        broken(&survey),
        [
            "slug format",
            "scale.min contradiction",
            "texts.sq.question missing",
            "texts.sq.low missing",
            "texts.sq.high missing",
            "texts.sq.thanks missing",
        ]
    );
}

/// The example as JSON with one more field.
fn with(field: &str, value: serde_json::Value) -> Survey {
    let mut json = serde_json::to_value(example()).unwrap();
    json[field] = value;
    serde_json::from_value(json).unwrap()
}

#[test]
fn what_follows_a_score_must_make_sense() {
    let both = serde_json::json!({"en": "Read on", "it": "Leggi"});
    let choices = |options: serde_json::Value| {
        with("follow_ups", serde_json::json!([{"from": 0, "to": 6, "choices": {"options": options}}]))
    };
    let link = |url: &str| {
        let link = serde_json::json!({"url": url, "label": both});
        with("thanks", serde_json::json!([{"from": 0, "to": 10, "link": link}]))
    };
    for (survey, expected) in [
        (choices(serde_json::json!([{"value": "fit", "label": both}])), vec![]),
        (choices(serde_json::json!([])), vec!["follow_ups[0].choices.options empty"]),
        (
            choices(serde_json::json!([{"value": "fit", "label": {"en": "Fit"}}])),
            vec!["follow_ups[0].choices.options[0].label.it missing"],
        ),
        (
            choices(serde_json::json!([{"value": "other", "label": both}])),
            vec!["follow_ups[0].choices.options[0].value contradiction"],
        ),
        (
            choices(serde_json::json!([{"value": "a", "label": both}, {"value": "a", "label": both}])),
            vec!["follow_ups[0].choices.options[1].value contradiction"],
        ),
        (
            choices(serde_json::json!([{"value": "Fit!", "label": both}])),
            vec!["follow_ups[0].choices.options[0].value format"],
        ),
        (
            with("follow_ups", serde_json::json!([{"from": 0, "to": 6, "comment": false}])),
            vec!["follow_ups[0].comment contradiction"],
        ),
        (link("https://reviews.example/shop"), vec![]),
        (link("/club"), vec![]),
        (link("http://reviews.example"), vec!["thanks[0].link.url format"]),
        (link("//reviews.example"), vec!["thanks[0].link.url format"]),
        (link("javascript:alert(1)"), vec!["thanks[0].link.url format"]),
        (
            with("thanks", serde_json::json!([{"from": 7, "to": 11, "text": {"fr": "Merci"}}])),
            vec!["thanks[0].to out_of_range", "thanks[0].text.fr unknown"],
        ),
    ] {
        assert_eq!(broken(&survey), expected);
    }
}

#[test]
fn sending_only_the_happy_to_review_is_warned_of() {
    let thanks = |bands: &[(i32, i32, &str)]| {
        let bands = bands.iter().map(|(from, to, url)| {
            serde_json::json!({"from": from, "to": to, "link": {"url": url, "label": {"en": "On", "it": "Vai"}}})
        });
        with("thanks", bands.collect::<Vec<_>>().into())
    };
    let away = "https://reviews.example";
    for (survey, warns) in [
        (example(), false),
        (thanks(&[(9, 10, away)]), true),
        (thanks(&[(7, 10, away)]), true),
        (thanks(&[(0, 10, away)]), false),
        (thanks(&[(0, 6, away)]), false),
        (thanks(&[(9, 10, "/club")]), false),
        (thanks(&[(9, 10, away), (0, 6, "/help")]), true),
    ] {
        assert_eq!(broken(&survey), Vec::<String>::new());
        assert_eq!(survey.warnings().len(), usize::from(warns), "{:?}", survey.thanks);
    }
}

#[test]
fn places_and_rules_must_make_sense() {
    let condition =
        |condition: serde_json::Value| with("targeting", serde_json::json!({"conditions": [condition]}));
    let trigger = |trigger: serde_json::Value| with("trigger", trigger);
    for (survey, expected) in [
        (Survey { placement: Placement::Popover, ..example() }, vec![]),
        (with("position", "top".into()), vec!["position contradiction"]),
        (
            Survey { placement: Placement::Bar, ..with("position", "bottom_end".into()) },
            vec!["position contradiction"],
        ),
        (Survey { placement: Placement::Tab, ..with("position", "start".into()) }, vec![]),
        (condition(serde_json::json!({"fact": "device", "op": "is", "values": ["phone"]})), vec![]),
        (
            condition(serde_json::json!({"fact": "device", "op": "is", "values": []})),
            vec!["targeting.conditions[0].values empty"],
        ),
        (
            condition(serde_json::json!({"fact": "attribute", "op": "is", "values": ["x"]})),
            vec!["targeting.conditions[0].name contradiction"],
        ),
        (
            condition(serde_json::json!({"fact": "views", "op": "greater", "values": ["many"]})),
            vec!["targeting.conditions[0].values[0] format"],
        ),
        (trigger(serde_json::json!({"on": "seconds", "seconds": 10})), vec![]),
        (trigger(serde_json::json!({"on": "seconds", "seconds": 0})), vec!["trigger.seconds out_of_range"]),
        (trigger(serde_json::json!({"on": "scroll", "percent": 101})), vec!["trigger.percent out_of_range"]),
        (trigger(serde_json::json!({"on": "click", "selector": " "})), vec!["trigger.selector empty"]),
        (
            trigger(serde_json::json!({"on": "event", "name": "paid",
                "properties": [{"fact": "device", "op": "is", "values": ["phone"]}]})),
            vec!["trigger.properties[0].fact contradiction"],
        ),
        (trigger(serde_json::json!({"on": "purchase"})), vec![]),
        (
            with("schedule", serde_json::json!({"days": ["mon", "mon"], "hours": ["9:00", "24:00"]})),
            vec!["schedule.days[1] contradiction", "schedule.hours[0] format", "schedule.hours[1] format"],
        ),
    ] {
        assert_eq!(broken(&survey), expected);
    }
}
