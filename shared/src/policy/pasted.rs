//! From what a merchant pastes to directives.

use std::fmt;

const HEADER: &str = "content-security-policy";
const REPORT_ONLY: &str = "content-security-policy-report-only";

/// A policy: its directives in their order, each name once.
#[derive(Debug, Clone, Default)]
pub(super) struct Policy<'a> {
    directives: Vec<Directive<'a>>,
}

/// `script-src 'self' https://shop.example`.
#[derive(Debug, Clone)]
pub(super) struct Directive<'a> {
    /// In lower case.
    pub(super) name: String,
    pub(super) sources: Vec<&'a str>,
}

/// Every policy that is enforced, and whether there is one that only reports.
pub(super) fn read(pasted: &str) -> (Vec<Policy<'_>>, bool) {
    if pasted.to_ascii_lowercase().contains("<meta") {
        return (metas(pasted).into_iter().filter_map(Policy::parse).collect(), false);
    }
    let (mut enforced, mut has_report_only, mut is_named) = (Vec::new(), false, false);
    for line in pasted.lines() {
        let (name, value) = line.split_once(':').unwrap_or_default();
        match name.trim().to_ascii_lowercase().as_str() {
            HEADER => enforced.push(value),
            REPORT_ONLY => has_report_only = true,
            _ => continue,
        }
        is_named = true;
    }
    // Without a header's name everything is one policy, however it is broken into lines.
    let values = if is_named { enforced } else { vec![pasted] };
    // A comma ends a policy: several headers may arrive as one.
    let policies = values.into_iter().flat_map(|value| value.split(',')).filter_map(Policy::parse);
    (policies.collect(), has_report_only)
}

/// The `content` of every `<meta http-equiv="Content-Security-Policy">`.
fn metas(html: &str) -> Vec<&str> {
    // The same length in bytes: found here, cut there.
    let lower = html.to_ascii_lowercase();
    let elements = lower.match_indices("<meta").filter_map(|(start, _)| {
        let end = start + lower.get(start..)?.find('>')?;
        let element = html.get(start..end)?;
        lower.get(start..end)?.contains(HEADER).then_some(element)
    });
    elements.filter_map(content).collect()
}

fn content(element: &str) -> Option<&str> {
    let at = element.to_ascii_lowercase().find("content=")? + "content=".len();
    let rest = element.get(at..)?;
    let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    rest.get(1..)?.split(quote).next()
}

impl<'a> Policy<'a> {
    /// `None` where there is not one directive.
    fn parse(text: &'a str) -> Option<Self> {
        let mut policy = Self::default();
        for part in text.split(';') {
            let mut words = part.split_ascii_whitespace();
            let Some(name) = words.next().map(str::to_ascii_lowercase) else { continue };
            // The first of a name counts.
            if policy.of(&name).is_none() {
                policy.directives.push(Directive { name, sources: words.collect() });
            }
        }
        (!policy.directives.is_empty()).then_some(policy)
    }

    fn of(&self, name: &str) -> Option<&Directive<'a>> {
        self.directives.iter().find(|directive| directive.name == name)
    }

    /// The first of `names` that the policy has.
    pub(super) fn first_of(&self, names: &[&str]) -> Option<&Directive<'a>> {
        names.iter().find_map(|name| self.of(name))
    }

    /// Adds `source` to the first of `names`; where that is only `default-src`, to a directive `own` made from it.
    pub(super) fn add(&mut self, names: &[&str], own: &str, source: &'a str) {
        let Some(decisive) = self.first_of(names).cloned() else { return };
        let name = if decisive.name == "default-src" { own } else { &decisive.name };
        if self.of(name).is_none() {
            self.directives.push(Directive { name: name.into(), ..decisive.clone() });
        }
        let Some(directive) = self.directives.iter_mut().find(|directive| directive.name == name) else {
            return;
        };
        // 'none' stands alone or says nothing.
        directive.sources.retain(|source| !source.eq_ignore_ascii_case("'none'"));
        directive.sources.push(source);
    }
}

impl Directive<'_> {
    /// Is this keyword among the sources?
    pub(super) fn has(&self, keyword: &str) -> bool {
        self.sources.iter().any(|source| source.eq_ignore_ascii_case(keyword))
    }

    pub(super) fn has_nonce(&self) -> bool {
        let is_nonce =
            |source: &&str| source.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("'nonce-"));
        self.sources.iter().any(is_nonce)
    }
}

impl fmt::Display for Policy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, directive) in self.directives.iter().enumerate() {
            f.write_str(if i > 0 { "; " } else { "" })?;
            f.write_str(&directive.name)?;
            directive.sources.iter().try_for_each(|source| write!(f, " {source}"))?;
        }
        Ok(())
    }
}
