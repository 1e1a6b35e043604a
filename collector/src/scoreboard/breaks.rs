//! Breaks: where a survey began to ask something else, so that a line before and after is not one line.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use parere_shared::instrument::Difference;
use parere_shared::time::{self, Millis};
use serde::Serialize;
use utoipa::ToSchema;

use super::By;
use crate::catalogue::{SurveyEntry, date_of, day_of};

/// Another question from here on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Break {
    /// Day, week or month of the series in which it changed; the point of this key may have answers to both.
    pub key: String,
    /// When it changed, RFC 3339.
    pub at: String,
    /// What changed, for each language that was asked in before and after.
    pub changes: Vec<Reworded>,
    /// The same for people.
    pub sentence: String,
    #[serde(skip)]
    since: Millis,
}

/// What changed in one language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reworded {
    /// The language.
    pub language: String,
    /// Id of the instrument before.
    pub from: String,
    /// Id of the instrument after.
    pub to: String,
    /// What tells them apart, the weightiest first.
    pub differences: Vec<Difference>,
}

impl Break {
    /// Did it happen within these moments?
    pub(super) fn is_between(&self, from: Option<Millis>, to: Option<Millis>) -> bool {
        from.is_none_or(|from| self.since > from) && to.is_none_or(|to| self.since < to)
    }
}

/// Every change of what a survey asks, one for each key in which there was any; none where `by` is not one of time.
///
/// Variants for languages are asked at the same time and are no breaks, and neither is a language that comes or goes:
/// instruments are compared within their language. What was changed and changed back under one key is no change.
pub(super) fn breaks(entry: &SurveyEntry, zone: &TimeZone, by: By) -> Vec<Break> {
    let mut of_key: BTreeMap<String, (Millis, Vec<&String>)> = BTreeMap::new();
    for version in &entry.versions {
        let Some(key) = by.key_of_day(day_of(version.since, zone)) else { return Vec::new() };
        let (since, written) = of_key.entry(key).or_default();
        *since = version.since;
        written.extend(&version.instruments);
    }
    let mut asked: BTreeMap<&str, &String> = BTreeMap::new();
    let mut found = Vec::new();
    for (key, (since, written)) in of_key {
        let mut before = asked.clone();
        for id in written {
            if let Some(shown) = entry.instruments.get(id) {
                // A survey that was first asked under this key has no other before.
                before.entry(&shown.language).or_insert(id);
                asked.insert(&shown.language, id);
            }
        }
        let changes: Vec<Reworded> = asked
            .iter()
            .filter_map(|(language, to)| reworded(entry, language, before.get(language)?, to))
            .collect();
        if !changes.is_empty() {
            let sentence =
                sentence(&changes, &date_of(day_of(since, zone)).strftime("%-d %B %Y").to_string());
            found.push(Break { key, at: time::format(since), changes, sentence, since });
        }
    }
    found
}

fn reworded(entry: &SurveyEntry, language: &str, from: &str, to: &str) -> Option<Reworded> {
    let differences = entry.instruments.get(from)?.differences(entry.instruments.get(to)?);
    let changed = || Reworded { language: language.into(), from: from.into(), to: to.into(), differences };
    (from != to).then(changed)
}

/// `On 12 November 2026 the wording of the question changed (en, it).`
fn sentence(changes: &[Reworded], date: &str) -> String {
    let mut differences: Vec<Difference> =
        changes.iter().flat_map(|change| change.differences.iter().copied()).collect();
    differences.sort();
    differences.dedup();
    let words: Vec<_> = differences.into_iter().map(Difference::in_words).collect();
    let words = match &*words {
        [all @ .., before, last] => [all, &[&*format!("{before} and {last}")]].concat().join(", "),
        one => one.concat(),
    };
    let languages: Vec<_> = changes.iter().map(|change| change.language.as_str()).collect();
    format!("On {date} {words} changed ({}).", languages.join(", "))
}

#[cfg(test)]
mod tests;
