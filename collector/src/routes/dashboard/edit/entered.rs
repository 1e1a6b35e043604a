//! What stands in the fields of the form, by name: the names are the paths of a definition's fields.

use std::collections::{BTreeMap, BTreeSet};

use parere_shared::score::Band;
use parere_shared::survey::{Metric, Scale};

/// Most entries of a list that the form knows: more than any list of a definition may have.
const ENTRIES_MAX: usize = 50;

/// Texts by field name; a box that is not ticked is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entered(BTreeMap<String, String>);

impl Entered {
    /// From the pairs that a browser sends; the last of several counts. Line ends come as two characters.
    pub(super) fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        Self(pairs.into_iter().map(|(name, text)| (name, text.replace("\r\n", "\n"))).collect())
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn set(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.0.insert(name.into(), text.into());
    }

    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// How many entries the list has: fields of `list[0]`, `list[1]`, … are there without a gap.
    pub(super) fn len(&self, list: &str) -> usize {
        let start = format!("{list}[");
        let indices: BTreeSet<usize> = self.0.keys().filter_map(|name| index(name, &start)).collect();
        (0..ENTRIES_MAX).take_while(|i| indices.contains(i)).count()
    }

    /// Adds an empty entry to a list, with what is most likely wanted in it; gives its path.
    pub(super) fn add(&mut self, list: &str) -> Option<String> {
        let n = self.len(list);
        let entry = format!("{list}[{n}]");
        let fields: &[(&str, &str)] = match list {
            "follow_ups" => &[(".from", ""), (".to", ""), (".comment", "on")],
            "thanks" => &[(".from", ""), (".to", "")],
            "targeting.urls" => &[(".op", "prefix"), (".value", "")],
            "targeting.conditions" => &[(".fact", "language"), (".op", "is"), (".values", "")],
            "trigger.properties" => &[(".op", "is"), (".name", ""), (".values", "")],
            _ if list.ends_with(".choices.options") => &[(".value", "")],
            _ => return None,
        };
        if n >= ENTRIES_MAX {
            return None;
        }
        for (field, text) in fields {
            self.set(format!("{entry}{field}"), *text);
        }
        Some(entry)
    }

    /// Fills the ends of a new band with the first band of the metric of which no score is spoken for.
    pub(super) fn suggest_band(&mut self, entry: &str, list: &str, metric: Metric, scale: &Scale) {
        let bound = |i: usize, end: &str| self.text(&format!("{list}[{i}].{end}")).trim().parse::<i32>().ok();
        let taken: Vec<(i32, i32)> =
            (0..self.len(list)).filter_map(|i| bound(i, "from").zip(bound(i, "to"))).collect();
        let ranges = Band::all(metric).into_iter().filter_map(|band| band.range(metric, scale));
        let is_free = |from: i32, to: i32| !taken.iter().any(|&(low, high)| low <= to && from <= high);
        let free = ranges.map(|range| (*range.start(), *range.end())).find(|&(from, to)| is_free(from, to));
        if let Some((from, to)) = free {
            self.set(format!("{entry}.from"), from.to_string());
            self.set(format!("{entry}.to"), to.to_string());
        }
    }

    /// Takes the entry `list[i]` out; those after it move up.
    pub(super) fn remove(&mut self, entry: &str) {
        let Some((list, gone)) = split(entry) else { return };
        let start = format!("{list}[");
        let all = std::mem::take(&mut self.0);
        for (name, text) in all {
            let name = match index(&name, &start) {
                Some(i) if i == gone => continue,
                Some(i) if i > gone => {
                    let rest = name.get(start.len()..).and_then(|rest| rest.split_once(']'));
                    format!("{list}[{}]{}", i - 1, rest.map_or("", |(_, rest)| rest))
                }
                _ => name,
            };
            self.0.insert(name, text);
        }
    }

    /// The languages of the survey, in their order.
    pub(super) fn languages(&self) -> Vec<String> {
        (0..self.len("languages")).map(|i| self.text(&format!("languages[{i}]")).to_owned()).collect()
    }

    /// Puts the languages in this order; what was written in others goes with them.
    pub(super) fn set_languages(&mut self, languages: &[String]) {
        let before = self.languages();
        for i in 0..before.len() {
            self.take(&format!("languages[{i}]"));
        }
        for gone in before.iter().filter(|language| !languages.contains(language)) {
            let (own, last) = (format!("texts.{gone}."), format!(".{gone}"));
            self.0.retain(|name, _| !name.starts_with(&own) && !name.ends_with(&last));
        }
        for (i, language) in languages.iter().enumerate() {
            self.set(format!("languages[{i}]"), language);
        }
    }
}

/// The index of a field of the list that begins with `start`, which is `list[`.
fn index(name: &str, start: &str) -> Option<usize> {
    name.strip_prefix(start)?.split_once(']')?.0.parse().ok()
}

/// `a.b[3]` as `a.b` and 3.
fn split(entry: &str) -> Option<(&str, usize)> {
    let (list, index) = entry.strip_suffix(']')?.rsplit_once('[')?;
    Some((list, index.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(pairs: &[(&str, &str)]) -> Entered {
        Entered::from_pairs(pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())))
    }

    #[test]
    fn entries_come_and_go_and_the_others_move_up() {
        let mut form = entered(&[
            ("follow_ups[0].from", "0"),
            ("follow_ups[1].from", "7"),
            ("follow_ups[1].choices.options[0].value", "price"),
            ("follow_ups[2].from", "9"),
            ("brand", "Bottega"),
        ]);
        assert_eq!(form.len("follow_ups"), 3);
        assert_eq!(form.len("follow_ups[1].choices.options"), 1);
        form.remove("follow_ups[0]");
        assert_eq!(
            form,
            entered(&[
                ("follow_ups[0].from", "7"),
                ("follow_ups[0].choices.options[0].value", "price"),
                ("follow_ups[1].from", "9"),
                ("brand", "Bottega"),
            ])
        );
        assert_eq!(form.add("follow_ups").as_deref(), Some("follow_ups[2]"));
        assert_eq!(form.len("follow_ups"), 3);
        assert_eq!(form.add("brand"), None);
        let before = form.clone();
        for nonsense in ["", "brand", "follow_ups[9]", "follow_ups[x]", "]", "follow_ups[0"] {
            form.remove(nonsense);
            assert_eq!(form, before, "{nonsense}");
        }
    }

    #[test]
    fn lists_are_as_long_as_they_have_no_gap() {
        for (names, len) in [
            (vec!["thanks[0].from"], 1),
            (vec!["thanks[0].from", "thanks[2].from"], 1),
            (vec!["thanks[4294967295].from"], 0),
            (vec!["thanks[-1].from", "thanks[].from", "thanks"], 0),
        ] {
            let pairs: Vec<_> = names.iter().map(|name| (*name, "")).collect();
            assert_eq!(entered(&pairs).len("thanks"), len, "{names:?}");
        }
    }

    #[test]
    fn a_language_takes_its_words_with_it() {
        let mut form = entered(&[
            ("languages[0]", "en"),
            ("languages[1]", "it"),
            ("texts.it.question", "Ci consigli?"),
            ("texts.en.question", "?"),
            ("follow_ups[0].question.it", "Perché?"),
        ]);
        form.set_languages(&["en".into(), "de".into()]);
        assert_eq!(
            form,
            entered(&[("languages[0]", "en"), ("languages[1]", "de"), ("texts.en.question", "?")])
        );
    }
}
