//! Language tags: which of several languages fits best the one that is wanted.
//!
//! Three questions in turn, each asked of all languages before the next: is it the same tag; does it say the same by
//! older names and unsaid scripts, at least as far as it is precise (`pt` for `pt-PT`); is it the same language
//! (`en-US` for `en-GB`)? The loader asks the same by rules that the collector makes of [`nearest`]
//! (`collector/src/tag/languages.rs`); `tests/cases/languages.json` holds both.

/// Older names, and languages whose readers also read the other one.
pub const ALIASES: [(&str, &str); 5] = [("in", "id"), ("iw", "he"), ("ji", "yi"), ("nn", "nb"), ("no", "nb")];

/// Regions of a language that write in another script than the rest of it.
pub const SCRIPTS: [(&str, &str, &str); 3] =
    [("zh", "hk", "hant"), ("zh", "mo", "hant"), ("zh", "tw", "hant")];

/// Languages that are written in several scripts, and the one that goes without saying.
const USUAL: [(&str, &str); 1] = [("zh", "hans")];

/// A tag by what it means: lower-case, by its newer name, with the script that goes without saying.
#[derive(Debug, PartialEq, Eq)]
struct Meaning {
    /// As it is written.
    said: String,
    base: String,
    /// Empty where the language has one.
    script: String,
    /// Region and variants, hyphen-joined; may be empty.
    rest: String,
}

impl Meaning {
    fn of(tag: &str) -> Self {
        let tag = tag.to_ascii_lowercase();
        let (base, mut rest) = tag.split_once('-').unwrap_or((&tag, ""));
        let said = base.to_owned();
        let base = ALIASES.iter().find(|(old, _)| *old == base).map_or(base, |(_, new)| new);
        let (first, others) = rest.split_once('-').unwrap_or((rest, ""));
        let is_script = first.len() == 4 && first.bytes().all(|byte| byte.is_ascii_alphabetic());
        let script = if is_script {
            rest = others;
            first
        } else {
            let elsewhere = SCRIPTS.iter().find(|(own, region, _)| *own == base && *region == first);
            let usual = || USUAL.iter().find(|(own, _)| *own == base).map_or("", |(_, script)| script);
            elsewhere.map_or_else(usual, |(_, _, script)| script)
        };
        Self { said, base: base.into(), script: script.into(), rest: rest.into() }
    }

    /// Does this say all of `wanted`, or less and nothing else?
    fn covers(&self, wanted: &Self) -> bool {
        let goes_on = |rest: &str| rest.is_empty() || rest.starts_with('-');
        let is_start = self.rest.is_empty() || wanted.rest.strip_prefix(&self.rest).is_some_and(goes_on);
        let is_written = self.script.is_empty() || self.script == wanted.script;
        self.base == wanted.base && is_written && is_start
    }
}

/// The language of `own` that fits `wanted` best; `None` where none is of the same base.
pub fn nearest<'a>(wanted: &str, own: &[&'a str]) -> Option<&'a str> {
    if let Some(same) = own.iter().find(|own| own.eq_ignore_ascii_case(wanted)) {
        return Some(same);
    }
    let wanted = Meaning::of(wanted);
    let own: Vec<(&str, Meaning)> = own.iter().map(|tag| (*tag, Meaning::of(tag))).collect();
    let covering = own.iter().filter(|(_, meaning)| meaning.covers(&wanted));
    // `max_by_key` takes the last of equals; the first one that the merchant named is meant.
    let precise = covering.rev().max_by_key(|(_, own)| (own.said == wanted.said, own.rest.len()));
    let same_script = || own.iter().find(|(_, own)| own.base == wanted.base && own.script == wanted.script);
    let same_base = || own.iter().find(|(_, own)| own.base == wanted.base);
    precise.or_else(same_script).or_else(same_base).map(|(tag, _)| *tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row of the table that holds the collector and the loader, too.
    #[derive(serde::Deserialize)]
    struct Case {
        own: Vec<String>,
        wanted: String,
        /// Empty for none.
        is: String,
    }

    #[test]
    fn the_table_of_languages_holds() {
        let cases: Vec<Case> =
            serde_json::from_str(include_str!("../../tests/cases/languages.json")).unwrap();
        assert!(cases.len() >= 40, "{}", cases.len());
        for Case { own, wanted, is } in &cases {
            let own: Vec<&str> = own.iter().map(String::as_str).collect();
            assert_eq!(nearest(wanted, &own).unwrap_or_default(), is, "{wanted} of {own:?}");
        }
    }
}
