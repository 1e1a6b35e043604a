//! From which pages answers are taken.

use std::str::FromStr;

use axum::http::{HeaderMap, HeaderValue, header};
use serde::{Deserialize, Serialize};

/// One entry of a site's list of origins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum OriginRule {
    /// The collector's own pages: `self`.
    Own,
    /// One origin: `https://shop.example`, `http://localhost:3000`.
    Exact(String),
    /// Any port of a host: `http://localhost:*`.
    AnyPort(String),
    /// Any page at all: `*`.
    Any,
}

impl OriginRule {
    /// Does this rule let `origin` in? `host` is what the request was addressed to.
    pub fn allows(&self, origin: &str, host: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Own => origin.split_once("://").is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host)),
            Self::Exact(exact) => exact.eq_ignore_ascii_case(origin),
            Self::AnyPort(prefix) => match origin.get(prefix.len()..) {
                Some(rest) => {
                    origin.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
                        && (rest.is_empty() || is_port(rest))
                }
                None => false,
            },
        }
    }
}

/// Does the request come from one of our own pages, under the name it was asked by or the public one?
pub fn is_own(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let authority = |url: &str| url.split_once("://").map(|(_, rest)| rest.to_ascii_lowercase());
    let origin = text(header::ORIGIN).and_then(authority);
    let ours = [text(header::HOST).map(str::to_ascii_lowercase), authority(public_url)];
    origin.is_some() && ours.contains(&origin)
}

/// Does a request that may change something come from one of our own pages?
///
/// Browsers say so themselves (`Sec-Fetch-Site`) where the connection can be trusted; over plain http, and in old ones,
/// the origin has to do. Whatever names neither is no page.
pub fn is_our_page(headers: &HeaderMap, public_url: &str) -> bool {
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        Some(site) => site == b"same-origin",
        None => is_own(headers, public_url),
    }
}

fn is_port(rest: &str) -> bool {
    rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
}

impl FromStr for OriginRule {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expected = "must be self, *, or an origin such as https://shop.example (a port may be *)";
        match text {
            "self" => return Ok(Self::Own),
            "*" => return Ok(Self::Any),
            _ => {}
        }
        let (scheme, authority) = text.split_once("://").ok_or(expected)?;
        let is_host = |host: &str| {
            !host.is_empty() && !host.contains(['/', '?', '#', '@', '*', ' ']) && host.len() <= 253
        };
        if !matches!(scheme, "http" | "https") {
            return Err(expected);
        }
        match authority.strip_suffix(":*") {
            Some(host) if is_host(host) => Ok(Self::AnyPort(format!("{scheme}://{host}"))),
            None if is_host(authority) => Ok(Self::Exact(text.into())),
            _ => Err(expected),
        }
    }
}

impl TryFrom<String> for OriginRule {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<OriginRule> for String {
    fn from(rule: OriginRule) -> Self {
        match rule {
            OriginRule::Own => "self".into(),
            OriginRule::Any => "*".into(),
            OriginRule::Exact(origin) => origin,
            OriginRule::AnyPort(prefix) => prefix + ":*",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_pages_are_known_by_either_name() {
        for (origin, host, own) in [
            (Some("http://127.0.0.1:8080"), "127.0.0.1:8080", true),
            (Some("https://feedback.example"), "collector:8080", true),
            (Some("https://Feedback.Example"), "feedback.example", true),
            (Some("https://shop.example"), "feedback.example", false),
            (Some("https://feedback.example:8443"), "feedback.example", false),
            (Some("null"), "feedback.example", false),
            (None, "feedback.example", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, host.parse().unwrap());
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, origin.parse().unwrap());
            }
            assert_eq!(is_own(&headers, "https://feedback.example"), own, "{origin:?} {host}");
        }
    }

    #[test]
    fn what_the_browser_says_of_a_request_counts_before_its_origin() {
        for (site, origin, ours) in [
            (Some("same-origin"), Some("https://feedback.example"), true),
            (Some("same-origin"), None, true),
            (Some("same-site"), Some("https://feedback.example"), false),
            (Some("cross-site"), Some("https://feedback.example"), false),
            (Some("none"), None, false),
            (None, Some("https://feedback.example"), true),
            (None, Some("https://shop.example"), false),
            (None, None, false),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
                if let Some(value) = value {
                    headers.insert(name, value.parse().unwrap());
                }
            }
            assert_eq!(is_our_page(&headers, "https://feedback.example"), ours, "{site:?} {origin:?}");
        }
    }

    #[test]
    fn origins_are_let_in_by_rule() {
        let host = "feedback.example";
        for (rule, origin, allowed) in [
            ("self", "https://feedback.example", true),
            ("self", "https://shop.example", false),
            ("self", "null", false),
            ("https://shop.example", "https://shop.example", true),
            ("https://shop.example", "https://SHOP.example", true),
            ("https://shop.example", "http://shop.example", false),
            ("https://shop.example", "https://shop.example.evil.example", false),
            ("http://localhost:*", "http://localhost:3000", true),
            ("http://localhost:*", "http://localhost", true),
            ("http://localhost:*", "http://localhost.evil.example", false),
            ("http://localhost:*", "http://localhost:3000.evil.example", false),
            ("http://localhost:*", "http://localhos", false),
            ("*", "https://anything.example", true),
        ] {
            assert_eq!(rule.parse::<OriginRule>().unwrap().allows(origin, host), allowed, "{rule} {origin}");
        }
    }

    #[test]
    fn rules_round_trip_and_nonsense_is_refused() {
        for text in ["self", "*", "https://shop.example", "http://127.0.0.1:*", "http://localhost:8080"] {
            assert_eq!(String::from(text.parse::<OriginRule>().unwrap()), text);
        }
        for text in
            ["", "shop.example", "ftp://shop.example", "https://", "https://a/b", "https://*.shop.example"]
        {
            assert!(text.parse::<OriginRule>().is_err(), "{text}");
        }
    }
}
