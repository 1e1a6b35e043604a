//! The languages of a site as rules, so that the loader finds the nearest one without knowing regions and scripts.
//!
//! A rule is a tag, or a tag and the beginnings that it is nearest to: `it`, `en-US en`, `zh-Hant zh-tw|zh-hk|zh-hant`.
//! The first one that fits counts, and the last one names what is spoken where none does.

use parere_shared::language::{ALIASES, SCRIPTS, nearest};

/// The rules for these languages, of which the first is spoken where none fits.
pub(super) fn rules(own: &[String]) -> Vec<String> {
    let own: Vec<&str> = own.iter().map(String::as_str).collect();
    let mut kept: Vec<(String, &str)> = Vec::new();
    // A beginning that says no more than a shorter one is left out.
    for probe in probes(&own) {
        let Some(found) = nearest(&probe, &own) else { continue };
        let shorter =
            kept.iter().filter(|(start, _)| begins(&probe, start)).max_by_key(|(start, _)| start.len());
        if shorter.is_none_or(|(start, same)| *same != found && *start != probe) {
            kept.push((probe, found));
        }
    }
    let mut rules = Vec::new();
    let depth = |tag: &str| tag.matches('-').count();
    for wanted in (0..=kept.iter().map(|(start, _)| depth(start)).max().unwrap_or(0)).rev() {
        for tag in &own {
            let starts = kept.iter().filter(|(start, found)| found == tag && depth(start) == wanted);
            let starts: Vec<&str> = starts.map(|(start, _)| start.as_str()).collect();
            match starts.as_slice() {
                [] => {}
                [start] if start.eq_ignore_ascii_case(tag) => rules.push((*tag).to_owned()),
                starts => rules.push(format!("{tag} {}", starts.join("|"))),
            }
        }
    }
    last(rules, own.first().copied().unwrap_or_default())
}

/// All beginnings that might tell one of them from another, shorter ones first.
fn probes(own: &[&str]) -> Vec<String> {
    let mut probes = Vec::new();
    for tag in own.iter().map(|tag| tag.to_ascii_lowercase()) {
        let said = tag.split('-').next().unwrap_or_default();
        let base = ALIASES.iter().find(|(old, _)| *old == said).map_or(said, |(_, new)| new);
        let older = ALIASES.iter().filter(|(_, new)| *new == base).map(|(old, _)| *old);
        for name in std::iter::once(base).chain(older) {
            probes.push(name.to_owned());
            for (_, region, script) in SCRIPTS.iter().filter(|(own, ..)| *own == base) {
                probes.extend([format!("{name}-{region}"), format!("{name}-{script}")]);
            }
        }
        probes.push(tag);
    }
    probes.sort_by_key(|probe| probe.matches('-').count());
    probes
}

fn begins(tag: &str, start: &str) -> bool {
    tag.strip_prefix(start).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// Lets the last rule name `fallback`: one whose place does not matter, or one more that never fits first.
fn last(mut rules: Vec<String>, fallback: &str) -> Vec<String> {
    let names = |rule: &String| rule.split(' ').next() == Some(fallback);
    let starts = |rule: &String| rule.split(' ').next_back().unwrap_or_default().contains('-');
    let rule = match rules.iter().position(|rule| names(rule) && !starts(rule)) {
        Some(at) => rules.remove(at),
        None => fallback.to_owned(),
    };
    rules.push(rule);
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_become_rules() {
        for (own, expected) in [
            (&["it"][..], &["it"][..]),
            (&["it", "en"], &["en", "it"]),
            (&["en", "nb"], &["nb nb|nn|no", "en"]),
            (&["pt-BR", "it"], &["it", "pt-BR pt"]),
            (&["pt-BR", "pt"], &["pt-BR", "pt", "pt-BR"]),
            (&["en", "zh-Hans", "zh-Hant"], &["zh-Hant zh-hk|zh-hant|zh-mo|zh-tw", "zh-Hans zh", "en"]),
        ] {
            let own: Vec<String> = own.iter().map(|&tag| tag.to_owned()).collect();
            assert_eq!(rules(&own), expected);
        }
    }

    /// What the loader does with the rules, and what the shared function does without them.
    #[test]
    fn the_rules_say_what_the_table_says() {
        #[derive(serde::Deserialize)]
        struct Case {
            own: Vec<String>,
            wanted: String,
            is: String,
        }
        let cases: Vec<Case> =
            serde_json::from_str(include_str!("../../../tests/cases/languages.json")).unwrap();
        for Case { own, wanted, is } in cases {
            let rules = rules(&own);
            let wanted = wanted.to_ascii_lowercase();
            let fits = |rule: &&String| {
                let mut starts = rule.split(' ').next_back().unwrap().split('|');
                starts.any(|start| begins(&wanted, &start.to_ascii_lowercase()))
            };
            let found = rules.iter().find(fits).map(|rule| rule.split(' ').next().unwrap());
            assert_eq!(found.unwrap_or_default(), is, "{wanted} by {rules:?}");
        }
    }
}
