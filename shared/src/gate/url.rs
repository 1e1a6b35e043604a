//! Rules on the page's address.

use serde::{Deserialize, Serialize};

use crate::text::cut;

/// How a rule compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum UrlOp {
    /// The value stands anywhere in path, query or fragment.
    Contains,
    /// The path is the value; a trailing slash makes no difference.
    Equals,
    /// The path begins with the value.
    Prefix,
    /// The path fits the value, in which `*` stands for any run of characters.
    Glob,
}

/// One rule on the page's address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UrlRule<T = String> {
    /// How to compare.
    pub op: UrlOp,
    /// What to compare with.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub value: T,
    /// The survey is asked where the rule does *not* match.
    #[serde(default)]
    pub not: bool,
}

impl<T: AsRef<str>> UrlRule<T> {
    fn fits(&self, url: &str) -> bool {
        let (path, value) = (path_of(url), self.value.as_ref());
        match self.op {
            UrlOp::Contains => contains(url.as_bytes(), value.as_bytes()),
            UrlOp::Equals => without_slashes(path) == without_slashes(value),
            UrlOp::Prefix => path.starts_with(value),
            UrlOp::Glob => glob(value.as_bytes(), path.as_bytes()),
        }
    }
}

/// At least one of the plain rules, if there are any, and none of the `not` rules.
pub(super) fn matches<T: AsRef<str>>(rules: &[UrlRule<T>], url: &str) -> bool {
    let mut plain = rules.iter().filter(|rule| !rule.not).peekable();
    let wanted = plain.peek().is_none() || plain.any(|rule| rule.fits(url));
    wanted && !rules.iter().any(|rule| rule.not && rule.fits(url))
}

fn without_slashes(path: &str) -> &[u8] {
    let mut path = path.as_bytes();
    while let [start @ .., b'/'] = path {
        path = start;
    }
    path
}

fn path_of(url: &str) -> &str {
    let mut path = url;
    path = cut(&mut path, b'#');
    cut(&mut path, b'?')
}

/// Addresses are short: the searcher behind `str::contains` would cost the widget 1 kB and save nothing.
pub(super) fn contains(text: &[u8], part: &[u8]) -> bool {
    part.is_empty() || text.windows(part.len()).any(|window| window == part)
}

/// Matches `text` against `pattern`, where `*` stands for any run of bytes; O(len × stars).
pub(super) fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where to resume when a later part fails: just after the last star, one byte further on.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p + 1, t));
                p += 1;
            }
            Some(byte) if Some(byte) == text.get(t) => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((after, from)) => {
                    p = after;
                    t = from + 1;
                    star = Some((after, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).is_none_or(|rest| rest.iter().all(|&b| b == b'*'))
}
