//! What another program knows of people, such as the segments of a CRM: a few attributes of each, by imported lists.

use std::collections::BTreeMap;

use parere_shared::limit::ATTRIBUTES_MAX;
use parere_shared::time::Millis;

use super::people::Hash;

/// What a list says of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// HMAC of the merchant's reference for the person.
    pub subject: Hash,
    /// Attributes by their names, at most [`ATTRIBUTES_MAX`]; `None` takes one away.
    pub attributes: BTreeMap<String, Option<String>>,
}

/// What is known of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// HMAC of the merchant's reference for the person.
    pub subject: Hash,
    /// Attributes by their names, at most [`ATTRIBUTES_MAX`].
    pub attributes: BTreeMap<String, String>,
    /// When a list last named the person.
    pub at: Millis,
}

/// What is known after a list has named somebody: what it says holds, and what it does not say stays, as far as there
/// is room.
pub(super) fn listed_over(known: BTreeMap<String, String>, listed: &Listed) -> BTreeMap<String, String> {
    let said = |(name, value): (&String, &Option<String>)| Some((name.clone(), value.clone()?));
    let mut now: BTreeMap<String, String> = listed.attributes.iter().filter_map(said).collect();
    let kept = known.into_iter().filter(|(name, _)| !listed.attributes.contains_key(name));
    let room = ATTRIBUTES_MAX.saturating_sub(now.len());
    now.extend(kept.take(room));
    now
}

/// The attributes of an answer, a JSON object of texts, with what is known of who gave it; `None` where that adds nothing.
///
/// What the page sent wins, and no answer gets more attributes than a page may send.
pub(super) fn with_segment(sent: &str, known: &BTreeMap<String, String>) -> Option<String> {
    let mut attributes: BTreeMap<String, String> = serde_json::from_str(sent).ok()?;
    let room = ATTRIBUTES_MAX.saturating_sub(attributes.len());
    let added: Vec<_> = known.iter().filter(|(name, _)| !attributes.contains_key(*name)).take(room).collect();
    if added.is_empty() {
        return None;
    }
    attributes.extend(added.into_iter().map(|(name, value)| (name.clone(), value.clone())));
    serde_json::to_string(&attributes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    fn many(prefix: &str, n: usize) -> BTreeMap<String, String> {
        (0..n).map(|n| (format!("{prefix}{n:02}"), "x".into())).collect()
    }

    #[test]
    fn the_page_knows_better_than_a_list() {
        let known = texts(&[("plan", "gold"), ("tier", "2")]);
        for (sent, expected) in [
            ("{}", Some(r#"{"plan":"gold","tier":"2"}"#)),
            (r#"{"plan":"basic"}"#, Some(r#"{"plan":"basic","tier":"2"}"#)),
            (r#"{"plan":"","tier":"3"}"#, None),
            (r#"{"a":"1"}"#, Some(r#"{"a":"1","plan":"gold","tier":"2"}"#)),
            ("no object", None),
        ] {
            assert_eq!(with_segment(sent, &known).as_deref(), expected, "{sent}");
        }
        assert_eq!(with_segment("{}", &BTreeMap::new()), None);
        let full = serde_json::to_string(&many("a", ATTRIBUTES_MAX)).unwrap();
        assert_eq!(with_segment(&full, &known), None, "there is no room");
        let nearly = serde_json::to_string(&many("a", ATTRIBUTES_MAX - 1)).unwrap();
        assert!(with_segment(&nearly, &known).unwrap().contains(r#""plan":"gold"}"#));
    }

    #[test]
    fn a_list_says_what_it_says_and_no_more() {
        let listed = |pairs: &[(&str, Option<&str>)]| Listed {
            subject: [0; 32],
            attributes: pairs.iter().map(|(name, value)| ((*name).into(), value.map(Into::into))).collect(),
        };
        let known = texts(&[("plan", "gold"), ("tier", "2")]);
        for (said, expected) in [
            (vec![], texts(&[("plan", "gold"), ("tier", "2")])),
            (vec![("plan", Some("basic"))], texts(&[("plan", "basic"), ("tier", "2")])),
            (vec![("plan", None), ("vip", Some("yes"))], texts(&[("tier", "2"), ("vip", "yes")])),
            (vec![("plan", None), ("tier", None)], texts(&[])),
        ] {
            assert_eq!(listed_over(known.clone(), &listed(&said)), expected, "{said:?}");
        }
        let full = listed_over(many("a", ATTRIBUTES_MAX), &listed(&[("z", Some("1"))]));
        assert_eq!((full.len(), full.contains_key("z")), (ATTRIBUTES_MAX, true), "the latest list stays");
    }
}
