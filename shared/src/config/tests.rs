use super::*;
use crate::gate::{UrlOp, UrlRule};
use crate::survey::{Metric, Polarity, Schedule, Targeting, Texts, example};

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
    let schedule = Schedule { from: Some("2026-11-21T10:00:00Z".into()), until: None };
    let scale = Scale { min: 1, max: 5, polarity: Polarity::LowIsGood, look: Look::Stars };
    let other = Survey { metric: Metric::Ces, scale, targeting, schedule, ..example() };
    for survey in [&other, &example()] {
        let config = SurveyConfig::new(survey, "it-IT");
        let bytes = postcard::to_allocvec(&config).unwrap();
        let read: SurveyConfig<&str> = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(format!("{read:?}"), format!("{config:?}"));
        assert_eq!(postcard::to_allocvec(&read).unwrap(), bytes);
    }
    let bytes = postcard::to_allocvec(&SurveyConfig::new(&example(), "it")).unwrap();
    for end in 0..bytes.len() {
        assert!(postcard::from_bytes::<SurveyConfig<&str>>(&bytes[..end]).is_err(), "cut at {end}");
    }
    assert!(bytes.len() < 700, "{} bytes for one survey", bytes.len());
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
        let config = SurveyConfig::new(&survey, wanted);
        assert_eq!((config.language.as_str(), config.question.as_str()), (language, question));
    }
}

#[test]
fn the_merchants_words_win_and_make_another_instrument() {
    let own = Texts { question: Some("Würden Sie {brand} empfehlen?".into()), ..Texts::default() };
    let survey = Survey { brand: "Fiorini".into(), texts: [("en".to_owned(), own)].into(), ..example() };
    let (ours, theirs) = (SurveyConfig::new(&example(), "en"), SurveyConfig::new(&survey, "en"));
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
        let config = SurveyConfig::new(&survey, "en");
        assert_eq!((config.low.as_str(), config.high.as_str()), (low, high), "{topic:?} {polarity:?}");
    }
}

#[test]
fn points_are_named_for_screen_readers() {
    let names_of = |metric, min, max, look, polarity| {
        let scale = Scale { min, max, polarity, look };
        SurveyConfig::new(&Survey { metric, scale, ..example() }, "en").names
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
    let config = SurveyConfig::new(&example(), "en");
    let bands: Vec<_> = config.follow_ups.iter().map(|f| (f.from, f.to, f.question.as_str())).collect();
    assert_eq!(
        bands,
        [
            (9, 10, "What did you like most?"),
            (7, 8, "What could we improve?"),
            (0, 6, "What went wrong for you?")
        ]
    );
    let own = FollowUp { from: 0, to: 3, question: [("en".to_owned(), "Why?".to_owned())].into() };
    let survey = Survey { follow_ups: vec![own], ..example() };
    assert_eq!(SurveyConfig::new(&survey, "en").follow_ups[0].question, "Why?");
    assert_eq!(SurveyConfig::new(&survey, "it").follow_ups[0].question, "Che cosa è andato storto?");
}
