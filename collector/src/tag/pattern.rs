//! The rules on a page's address in the words of the loader.

use parere_shared::gate::{UrlOp, UrlRule};

/// The rules on the page's address as one regular expression over path, query and fragment, for JavaScript.
pub(super) fn pattern(rules: &[UrlRule]) -> String {
    let any = |not: bool| {
        let rules = rules.iter().filter(|rule| rule.not == not);
        rules.map(start).collect::<Vec<_>>().join("|")
    };
    let [wanted, unwanted] = [any(false), any(true)];
    match (wanted.as_str(), unwanted.as_str()) {
        ("", "") => String::new(),
        (_, "") => format!("^({wanted})"),
        _ => format!("^(?!{unwanted})({wanted})"),
    }
}

/// How an address begins that fits the rule, as a regular expression.
fn start(rule: &UrlRule) -> String {
    let escaped = |text: &str| {
        let mut pattern = String::new();
        for c in text.chars() {
            if c.is_ascii_punctuation() && c != '/' {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern
    };
    let value = &rule.value;
    // These compare paths, and a path holds neither.
    if rule.op != UrlOp::Contains && value.contains(['?', '#']) {
        return "(?!)".into();
    }
    match rule.op {
        UrlOp::Contains => format!(".*{}", escaped(value)),
        UrlOp::Equals => format!("{}/*([?#]|$)", escaped(value.trim_end_matches('/'))),
        UrlOp::Prefix => escaped(value),
        UrlOp::Glob => {
            let parts: Vec<String> = value.split('*').map(escaped).collect();
            format!("{}([?#]|$)", parts.join("[^?#]*"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_become_patterns() {
        use UrlOp::{Contains, Equals, Glob, Prefix};
        for (rules, expected) in [
            (&[][..], ""),
            (&[(Contains, "utm=mail", false)], r"^(.*utm\=mail)"),
            (&[(Equals, "/cart/", false)], "^(/cart/*([?#]|$))"),
            (&[(Equals, "/", false)], "^(/*([?#]|$))"),
            (&[(Equals, "/a?b", false)], "^((?!))"),
            (&[(Prefix, "/p.html", true)], r"^(?!/p\.html)()"),
            (
                &[(Prefix, "/p.html", true), (Prefix, "/p", false), (Contains, "#x", false)],
                r"^(?!/p\.html)(/p|.*\#x)",
            ),
            (&[(Glob, "/*/boot-*", false)], r"^(/[^?#]*/boot\-[^?#]*([?#]|$))"),
        ] {
            let rules = rules.iter().map(|&(op, value, not)| UrlRule { op, value: value.into(), not });
            assert_eq!(pattern(&rules.collect::<Vec<_>>()), expected);
        }
    }
}
