use super::*;
use crate::gate::{UrlOp, UrlRule, Zone};
use crate::survey::{FollowUp, Metric, Polarity, Schedule, Targeting, Texts, example};

#[test]
fn the_bytes_round_trip_and_stay_small() {
    let rule = |op, not| UrlRule { op, value: "/p".into(), not };
    let urls = vec![
        rule(UrlOp::Contains, true),
        rule(UrlOp::Equals, false),
        rule(UrlOp::Prefix, true),
        rule(UrlOp::Glob, false),
    ];
    let targeting = Targeting { urls, sample_per_mille: 250, ..Targeting::default() };
    let schedule = Schedule { from: Some("2026-11-21T10:00:00Z".into()), ..Schedule::default() };
    let scale = Scale { min: 1, max: 5, polarity: Polarity::LowIsGood, look: Look::Stars };
    let other = Survey { metric: Metric::Ces, scale, targeting, schedule, ..example() };
    for survey in [&other, &example()] {
        let config = SurveyConfig::new(survey, "it-IT", Zone::default());
        let bytes = postcard::to_allocvec(&config).unwrap();
        let read: SurveyConfig<&str> = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(format!("{read:?}"), format!("{config:?}"));
        assert_eq!(postcard::to_allocvec(&read).unwrap(), bytes);
    }
    let bytes = postcard::to_allocvec(&SurveyConfig::new(&example(), "it", Zone::default())).unwrap();
    for end in 0..bytes.len() {
        assert!(postcard::from_bytes::<SurveyConfig<&str>>(&bytes[..end]).is_err(), "cut at {end}");
    }
    assert!(bytes.len() < 700, "{} bytes for one survey", bytes.len());
}

/// A survey that uses everything there is.
fn full() -> Survey {
    let json = serde_json::json!({
        "slug": "returns", "state": "live", "metric": "ces", "topic": "ease",
        "scale": {"min": 1, "max": 7, "polarity": "low_is_good", "look": "numbers"},
        "brand": "Fiorini", "languages": ["en", "it"],
        "follow_ups": [{"from": 4, "to": 7, "question": {"it": "Perché?"}, "comment": false,
            "choices": {"pick": "many", "other": true, "options": [
                {"value": "label", "label": {"en": "Printing the label", "it": "Stampare l’etichetta"}},
                {"value": "wait", "label": {"en": "The wait", "it": "L’attesa"}}]}}],
        "thanks": [{"from": 1, "to": 2, "text": {"en": "Glad to hear that."},
            "link": {"url": "/club", "label": {"en": "Join the club", "it": "Entra nel club"}}}],
        "placement": "popover", "position": "top_start", "touchpoint": "returns",
        "targeting": {
            "urls": [{"op": "glob", "value": "/orders/*", "not": true}],
            "conditions": [
                {"fact": "device", "op": "is", "values": ["phone", "tablet"]},
                {"fact": "attribute", "name": "orders", "op": "greater", "values": ["2"], "not": true}],
            "sample_per_mille": 250},
        "schedule": {"from": "2026-11-21T10:00:00Z", "days": ["mon", "sun"], "hours": ["09:00", "18:30"]},
        "trigger": {"on": "event", "name": "return_finished",
            "properties": [{"fact": "attribute", "name": "total", "op": "less", "values": ["50"]}]}
    });
    serde_json::from_value(json).unwrap()
}

#[test]
fn everything_a_survey_can_say_crosses_to_the_browser() {
    let survey = full();
    assert_eq!(survey.violations(), [], "it makes sense");
    assert_eq!(serde_json::from_value::<Survey>(serde_json::to_value(&survey).unwrap()).unwrap(), survey);
    let zone = Zone { offset_min: 60, change_ms: 1_806_195_600_000, then_min: 120 };
    let config = SurveyConfig::new(&survey, "it", zone);
    let bytes = postcard::to_allocvec(&config).unwrap();
    let read: SurveyConfig<&str> = postcard::from_bytes(&bytes).unwrap();
    assert_eq!(format!("{read:?}"), format!("{config:?}"));
    assert_eq!(
        (config.gate.hours.days, config.gate.hours.from_min, config.gate.hours.until_min),
        (65, 540, 1110)
    );
    let [follow_up] = config.follow_ups.as_slice() else { panic!("one follow-up") };
    let labels: Vec<_> = follow_up.choices.iter().map(|c| (c.value.as_str(), c.label.as_str())).collect();
    assert_eq!(labels, [("label", "Stampare l’etichetta"), ("wait", "L’attesa"), ("other", "Altro")]);
    assert!(follow_up.comment, "something else is told in a comment");
    let thanks: Vec<_> = config.thanks.iter().map(|t| (t.from, t.text.as_str(), t.label.as_str())).collect();
    assert_eq!(
        thanks,
        [(1, "Grazie per il tuo parere.", "Entra nel club"), (1, "Grazie per il tuo parere.", "")]
    );
}

#[test]
fn the_page_language_chooses_the_words() {
    let survey = Survey { brand: "Fiorini".into(), ..example() };
    for (wanted, language, question) in [
        ("it", "it", "Quanto è probabile che consiglieresti Fiorini a un amico o a un collega?"),
        ("it-CH", "it", "Quanto è probabile che consiglieresti Fiorini a un amico o a un collega?"),
        ("EN-gb", "en", "How likely are you to recommend Fiorini to a friend or colleague?"),
        ("ja", "en", "How likely are you to recommend Fiorini to a friend or colleague?"),
    ] {
        let config = SurveyConfig::new(&survey, wanted, Zone::default());
        assert_eq!((config.language.as_str(), config.question.as_str()), (language, question));
    }
}

#[test]
fn the_merchants_words_win_and_make_another_instrument() {
    let own = Texts { question: Some("Würden Sie {brand} empfehlen?".into()), ..Texts::default() };
    let survey = Survey { brand: "Fiorini".into(), texts: [("en".to_owned(), own)].into(), ..example() };
    let (ours, theirs) = (
        SurveyConfig::new(&example(), "en", Zone::default()),
        SurveyConfig::new(&survey, "en", Zone::default()),
    );
    assert_eq!(theirs.question, "Würden Sie Fiorini empfehlen?");
    assert_eq!(theirs.low, ours.low);
    assert_ne!(theirs.instrument, ours.instrument);
}

#[test]
fn the_ends_are_worded_for_the_direction_of_the_scale() {
    use crate::survey::Topic::{Agreement, Ease, Effort};
    for (topic, polarity, low, high) in [
        (Agreement, Polarity::HighIsGood, "Strongly disagree", "Strongly agree"),
        (Agreement, Polarity::LowIsGood, "Strongly agree", "Strongly disagree"),
        (Ease, Polarity::HighIsGood, "Very difficult", "Very easy"),
        (Ease, Polarity::LowIsGood, "Very easy", "Very difficult"),
        (Effort, Polarity::LowIsGood, "Very little", "A great deal"),
        (Effort, Polarity::HighIsGood, "A great deal", "Very little"),
    ] {
        let scale = Scale { min: 1, max: 7, polarity, look: Look::Numbers };
        let survey = Survey { metric: Metric::Ces, scale, topic: Some(topic), ..example() };
        let config = SurveyConfig::new(&survey, "en", Zone::default());
        assert_eq!((config.low.as_str(), config.high.as_str()), (low, high), "{topic:?} {polarity:?}");
    }
}

#[test]
fn points_are_named_for_screen_readers() {
    let names_of = |metric, min, max, look, polarity| {
        let scale = Scale { min, max, polarity, look };
        SurveyConfig::new(&Survey { metric, scale, ..example() }, "en", Zone::default()).names
    };
    let nps = names_of(Metric::Nps, 0, 10, Look::Numbers, Polarity::HighIsGood);
    assert_eq!(nps.len(), 11);
    assert_eq!(nps[0], "0 of 10, Not at all likely");
    assert_eq!(nps[9], "9 of 10");
    assert_eq!(nps[10], "10 of 10, Extremely likely");
    let effort = names_of(Metric::Ces, 1, 5, Look::Numbers, Polarity::LowIsGood);
    assert_eq!((effort[0].as_str(), effort[4].as_str()), ("1 of 5, Very little", "5 of 5, A great deal"));
    assert_eq!(names_of(Metric::Csat, 1, 5, Look::Stars, Polarity::HighIsGood)[2], "3 of 5 stars");
    assert_eq!(
        names_of(Metric::Csat, 1, 3, Look::Faces, Polarity::HighIsGood),
        ["Very poor", "Fair", "Excellent"]
    );
    assert_eq!(names_of(Metric::Csat, 0, 1, Look::Thumbs, Polarity::HighIsGood), ["Not good", "Good"]);
}

#[test]
fn every_score_has_a_follow_up_of_its_band() {
    let config = SurveyConfig::new(&example(), "en", Zone::default());
    let bands: Vec<_> = config.follow_ups.iter().map(|f| (f.from, f.to, f.question.as_str())).collect();
    assert_eq!(
        bands,
        [
            (9, 10, "What did you like most?"),
            (7, 8, "What could we improve?"),
            (0, 6, "What went wrong for you?")
        ]
    );
    let question = [("en".to_owned(), "Why?".to_owned())].into();
    let own = FollowUp { from: 0, to: 3, question, choices: None, comment: true };
    let survey = Survey { follow_ups: vec![own], ..example() };
    assert_eq!(SurveyConfig::new(&survey, "en", Zone::default()).follow_ups[0].question, "Why?");
    assert_eq!(
        SurveyConfig::new(&survey, "it", Zone::default()).follow_ups[0].question,
        "Che cosa è andato storto?"
    );
}
