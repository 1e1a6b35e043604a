use parere_shared::survey::Survey;
use serde_json::json;

use super::*;
use crate::catalogue::days_since_1970;

fn survey(metric: &str, scale: &serde_json::Value) -> Survey {
    let definition = json!({"slug": "ours", "metric": metric, "scale": scale, "languages": ["en", "it"]});
    serde_json::from_value(definition).unwrap()
}

/// A survey that is asked with its own scale now and was asked with those of `earlier` before.
fn entry(now: Survey, earlier: &[&Survey]) -> SurveyEntry {
    let all = std::iter::once(&now).chain(earlier.iter().copied());
    let shown = all.flat_map(|survey| ["en", "it"].map(|language| survey.instrument(language)));
    let instruments = shown.map(|instrument| (instrument.id(), instrument)).collect();
    SurveyEntry::new(now, instruments, Vec::new())
}

fn nps() -> Survey {
    survey("nps", &json!({"min": 0, "max": 10, "polarity": "high_is_good", "look": "numbers"}))
}

fn stars(max: i32) -> Survey {
    survey("csat", &json!({"min": 1, "max": max, "polarity": "high_is_good", "look": "stars"}))
}

fn count(key: &str, survey: &Survey, score: i32, n: u64) -> Count {
    Count { key: key.into(), instrument: survey.instrument("en").id(), score, per_mille: 1000, n }
}

#[test]
fn the_document_is_that_of_the_contract() {
    let nps = nps();
    let day = days_since_1970("2026-11-20".parse().unwrap()).to_string();
    let counts = [count(&day, &nps, 10, 60), count(&day, &nps, 8, 20), count(&day, &nps, 0, 20)];
    let excluded = [count("test", &nps, 9, 1), count("flagged", &nps, 9, 2)];
    let board = sum_up(&entry(nps, &[]), &counts, &excluded, Some(By::Day));
    let mut document = serde_json::to_value(&board).unwrap();
    let distribution = document.as_object_mut().unwrap().remove("distribution").unwrap();
    assert_eq!(distribution.as_array().unwrap().len(), 11);
    let interval = json!({"low": 23.38, "high": 54.29, "level": 0.95, "method": "adjusted-wald"});
    assert_eq!(
        document,
        json!({
            "survey": "ours", "metric": "nps", "n": 100, "score": 40.0, "interval": interval, "state": "ok",
            "bands": {"promoters": 60, "passives": 20, "detractors": 20},
            "needed": {"margin": 5.0, "total": 982, "more": 882, "spread": "seen"},
            "excluded": {"test": 1, "flagged": 2},
            "series": [{"key": "2026-11-20", "n": 100, "score": 40.0, "interval": interval}],
        })
    );
}

#[test]
fn no_answers_are_no_score() {
    let board = sum_up(&entry(nps(), &[]), &[], &[], Some(By::Week));
    assert_eq!((board.summary.n, board.summary.score, board.series), (0, None, vec![]));
}

#[test]
fn scales_are_never_mixed() {
    let (now, before) = (stars(5), stars(10));
    let counts = [count("", &now, 5, 3), count("", &now, 1, 1), count("", &before, 9, 7)];
    let entry = entry(now, &[&before]);
    let board = sum_up(&entry, &counts, &[], Some(By::Instrument));
    assert_eq!((board.summary.n, board.summary.score), (4, Some(75.0)));
    assert_eq!(board.excluded, Excluded { test: 0, flagged: 0, other_scale: 7 });
    let mut scores: Vec<_> = board.series.iter().map(|point| (point.n, point.score)).collect();
    scores.sort_by_key(|(n, _)| *n);
    assert_eq!(scores, [(4, Some(75.0)), (7, Some(100.0))], "each by its own scale");
}

#[test]
fn another_look_or_wording_is_the_same_scale() {
    let now = stars(5);
    let faces = survey("csat", &json!({"min": 1, "max": 5, "polarity": "high_is_good", "look": "faces"}));
    let counts = [count("", &now, 5, 3), count("", &faces, 5, 2)];
    let board = sum_up(&entry(now, &[&faces]), &counts, &[], None);
    assert_eq!((board.summary.n, board.excluded.other_scale), (5, 0));
}

#[test]
fn keys_are_days_weeks_months_and_names() {
    for (by, key, expected) in [
        (By::Day, "2026-11-20", "2026-11-20"),
        (By::Week, "2026-11-20", "2026-W47"),
        (By::Week, "2027-01-03", "2026-W53"),
        (By::Week, "2024-12-30", "2025-W01"),
        (By::Month, "2026-02-28", "2026-02"),
        (By::Channel, "email", "email"),
        (By::Channel, "", "unknown"),
        (By::Locale, "other", "other"),
        (By::Touchpoint, "", "unknown"),
    ] {
        let key = if by.dimension() == Dimension::Day {
            days_since_1970(key.parse().unwrap()).to_string()
        } else {
            key.into()
        };
        assert_eq!(by.key(&count(&key, &nps(), 9, 1)), expected, "{by:?} {key}");
    }
}

#[test]
fn days_of_one_week_are_one_point() {
    let nps = nps();
    let days = ["2026-11-16", "2026-11-22", "2026-11-23"]
        .map(|day| days_since_1970(day.parse().unwrap()).to_string());
    let counts = days.map(|day| count(&day, &nps, 10, 2));
    let board = sum_up(&entry(nps, &[]), &counts, &[], Some(By::Week));
    let keys: Vec<_> = board.series.iter().map(|point| (point.key.as_str(), point.n)).collect();
    assert_eq!(keys, [("2026-W47", 4), ("2026-W48", 2)]);
}

#[test]
fn answers_of_the_few_who_were_asked_weigh_more() {
    let nps = nps();
    let of = |key: &str, score, per_mille, n| Count { per_mille, ..count(key, &nps, score, n) };
    let counts = [
        of("email", 10, 1000, 30),
        of("email", 0, 1000, 10),
        of("inline", 10, 250, 20),
        of("inline", 0, 250, 20),
    ];
    let mut board = sum_up(&entry(nps.clone(), &[]), &counts, &[], Some(By::Channel));
    assert_eq!(
        (board.summary.n, board.summary.n_effective, board.summary.score),
        (80, Some(58.82), Some(10.0))
    );
    let points: Vec<_> = board.series.iter().map(|point| (point.n, point.n_effective, point.score)).collect();
    assert_eq!(
        points,
        [(40, None, Some(50.0)), (40, None, Some(0.0))],
        "in a channel all had the same chance"
    );
    let usual = board.needed.total;
    board.need(10.0);
    assert!(board.needed.total < usual / 3, "{usual} {:?}", board.needed);
}
