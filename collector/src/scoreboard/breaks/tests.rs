use parere_shared::survey::{Survey, Texts};
use serde_json::json;

use super::*;
use crate::catalogue::days_since_1970;
use crate::store::Version;

fn asking(question: &str, max: i32, languages: &[&str]) -> Survey {
    let mut survey: Survey = serde_json::from_value(json!({
        "slug": "ours", "metric": "csat", "languages": languages,
        "scale": {"min": 1, "max": max, "polarity": "high_is_good", "look": "stars"},
    }))
    .unwrap();
    let own = Texts { question: Some(question.into()), ..Texts::default() };
    survey.texts.insert("en".into(), own);
    survey
}

/// A survey that was written at these moments.
fn entry(written: &[(&str, Survey)]) -> SurveyEntry {
    let mut entry = SurveyEntry::new(written.last().unwrap().1.clone(), BTreeMap::new(), Vec::new());
    for (since, survey) in written {
        let shown: Vec<_> = survey.languages.iter().map(|language| survey.instrument(language)).collect();
        let ids = shown.iter().map(parere_shared::instrument::Instrument::id).collect();
        let since = time::parse(since).unwrap();
        entry.versions.push(Version { since, per_mille: Some(1000), instruments: ids });
        entry.instruments.extend(shown.into_iter().map(|instrument| (instrument.id(), instrument)));
    }
    entry
}

/// Key, languages and sentence of each.
fn found(entry: &SurveyEntry, by: By) -> Vec<(String, String, String)> {
    let rome = TimeZone::get("Europe/Rome").unwrap();
    let languages =
        |found: &Break| found.changes.iter().map(|change| &*change.language).collect::<Vec<_>>().join(" ");
    let breaks = breaks(entry, &rome, by);
    breaks.iter().map(|found| (found.key.clone(), languages(found), found.sentence.clone())).collect()
}

#[test]
fn a_break_is_where_the_same_language_is_asked_otherwise() {
    let both: &[&str] = &["en", "it"];
    let entry = entry(&[
        ("2026-10-01T10:00:00Z", asking("How was it?", 5, both)),
        // A day later in Rome than in UTC.
        ("2026-11-11T23:30:00Z", asking("How was your order?", 5, both)),
        ("2026-11-20T10:00:00Z", asking("How was your order?", 10, both)),
        ("2026-12-02T10:00:00Z", asking("How was it?", 10, both)),
    ]);
    let all = found(&entry, By::Day);
    let expected = [
        ("2026-11-12", "en", "On 12 November 2026 the wording of the question changed (en)."),
        ("2026-11-20", "en it", "On 20 November 2026 the points of the scale changed (en, it)."),
        ("2026-12-02", "en", "On 2 December 2026 the wording of the question changed (en)."),
    ];
    assert_eq!(all.iter().map(|(a, b, c)| (&**a, &**b, &**c)).collect::<Vec<_>>(), expected);
    let by_month = found(&entry, By::Month);
    let keys: Vec<_> = by_month.iter().map(|(key, _, sentence)| (&**key, &**sentence)).collect();
    let both_at_once =
        "On 20 November 2026 the points of the scale and the wording of the question changed (en, it).";
    assert_eq!(keys, [("2026-11", both_at_once), ("2026-12", expected[2].2)]);
    assert_eq!(found(&entry, By::Channel), []);
}

#[test]
fn a_survey_that_is_new_may_change_in_its_first_month() {
    let entry = entry(&[
        ("2026-11-01T10:00:00Z", asking("How was it?", 5, &["en"])),
        ("2026-11-12T10:00:00Z", asking("How was your order?", 5, &["en"])),
    ]);
    let keys = [By::Day, By::Month].map(|by| found(&entry, by).remove(0).0);
    assert_eq!(keys, ["2026-11-12", "2026-11"]);
}

#[test]
fn languages_and_what_was_taken_back_are_no_breaks() {
    let entry = entry(&[
        ("2026-10-01T10:00:00Z", asking("How was it?", 5, &["en"])),
        ("2026-10-02T10:00:00Z", asking("How was it?", 5, &["en", "it"])),
        ("2026-10-03T10:00:00Z", asking("How was it?", 5, &["it"])),
        ("2026-10-04T10:00:00Z", asking("How was it, then?", 5, &["it", "en"])),
        ("2026-10-04T10:05:00Z", asking("How was it?", 5, &["it", "en"])),
    ]);
    assert_eq!(found(&entry, By::Day), []);
}

#[test]
fn breaks_are_shown_where_answers_lie_on_both_sides() {
    use super::super::relevant;
    use crate::store::Count;
    let (old, new) = (asking("How was it?", 5, &["en"]), asking("How is it?", 5, &["en"]));
    let entry = entry(&[("2026-10-01T10:00:00Z", old.clone()), ("2026-10-05T10:00:00Z", new.clone())]);
    let count = |date: &str, survey: &Survey| Count {
        key: days_since_1970(date.parse().unwrap()).to_string(),
        instrument: survey.instrument("en").id(),
        score: 5,
        per_mille: 1000,
        n: 1,
    };
    for (counts, expected) in [
        (vec![], 0),
        (vec![count("2026-10-02", &old)], 0),
        (vec![count("2026-10-06", &new)], 0),
        (vec![count("2026-10-05", &new)], 0),
        (vec![count("2026-10-05", &new), count("2026-10-05", &old)], 1),
        (vec![count("2026-10-02", &old), count("2026-10-09", &new)], 1),
    ] {
        let breaks = breaks(&entry, &TimeZone::UTC, By::Day);
        assert_eq!(relevant(breaks, &counts, By::Day).len(), expected, "{counts:?}");
    }
}
