use crate::gate::{Recontact, UrlOp, UrlRule};
use crate::survey::{
    FollowUp, Look, Metric, Polarity, Scale, Schedule, Survey, Targeting, Texts, Topic, example,
};

fn broken(survey: &Survey) -> Vec<String> {
    survey.violations().into_iter().map(|v| format!("{} {}", v.field, v.rule.code())).collect()
}

fn scale(metric: Metric, min: i32, max: i32, look: Look) -> Survey {
    Survey { metric, scale: Scale { min, max, polarity: Polarity::HighIsGood, look }, ..example() }
}

fn follow_up(from: i32, to: i32) -> FollowUp {
    FollowUp { from, to, question: [].into() }
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
        let schedule = Schedule { from: Some(from.into()), until: Some(until.into()) };
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
