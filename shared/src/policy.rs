//! Does a shop's Content-Security-Policy let the widget in, and if not, what has to be added?
//!
//! After CSP Level 3. Styles and pictures are never asked for: the prompt builds its style sheet in memory.

mod pasted;
mod source;
#[cfg(test)]
mod tests;

use pasted::{Directive, Policy};
use source::{Address, matches};

/// What the tag loads as a script, and what it then talks to; a policy may name paths, so one of each kind is tried.
const SCRIPTS: [&str; 2] = ["/v1/pk_site.js", "/assets/parere-00000000.js"];
const TALKS: [&str; 2] = ["/v1/responses", "/assets/parere-00000000.wasm"];
const FRAMES: [&str; 1] = ["/s/pk_site/survey"];

const WASM: &str = "'wasm-unsafe-eval'";

/// What was found in everything that was pasted; a page is let in only by all of its policies together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The policies that browsers enforce.
    pub policies: Vec<Examined>,
    /// Was there one that only reports? It stops nothing.
    pub has_report_only: bool,
}

/// One policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Examined {
    /// As it was read: one directive after the other.
    pub text: String,
    /// One for each need, in the order of [`Need`].
    pub findings: Vec<Finding>,
    /// The whole policy with what is missing; absent where nothing has to be added.
    pub mended: Option<String>,
    /// The same for a shop that will not allow WebAssembly: the question stands in a frame.
    pub framed: Option<String>,
}

/// What the widget needs of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The tag and the widget's script.
    Script,
    /// Compiling the widget.
    Wasm,
    /// Fetching the question and sending the answer.
    Connect,
    /// The hosted page in place of the widget, where WebAssembly is refused.
    Frame,
}

/// Whether a policy meets a need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which need.
    pub need: Need,
    /// The directive of the policy that decides; absent where none does, and so everything is allowed.
    pub decided_by: Option<String>,
    /// What it decides.
    pub outcome: Outcome,
}

/// What a policy says to a need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing has to be done.
    Allowed,
    /// The tag has to carry the page's nonce.
    Nonce,
    /// A source has to be added.
    Missing,
}

impl Report {
    /// Will the prompt show, as far as the policies go?
    pub fn lets_in(&self) -> bool {
        self.policies.iter().all(|policy| policy.mended.is_none())
    }
}

impl Examined {
    /// Has the tag to carry the page's nonce?
    pub fn needs_nonce(&self) -> bool {
        self.findings.iter().any(|finding| finding.outcome == Outcome::Nonce)
    }
}

impl Need {
    /// The directive that speaks of it, and those that stand in for it, nearest first.
    fn directives(self) -> &'static [&'static str] {
        match self {
            Self::Script => &["script-src-elem", "script-src", "default-src"],
            Self::Wasm => &["script-src", "default-src"],
            Self::Connect => &["connect-src", "default-src"],
            Self::Frame => &["frame-src", "child-src", "default-src"],
        }
    }

    /// The source that meets it, for a collector at the origin `collector`.
    pub fn source(self, collector: &str) -> &str {
        if self == Self::Wasm { WASM } else { collector }
    }

    /// The directive to add where only `default-src` decides.
    fn own_directive(self) -> &'static str {
        match self {
            Self::Script | Self::Wasm => "script-src",
            Self::Connect => "connect-src",
            Self::Frame => "frame-src",
        }
    }

    fn addresses(self) -> &'static [&'static str] {
        match self {
            Self::Script => &SCRIPTS,
            Self::Wasm => &[],
            Self::Connect => &TALKS,
            Self::Frame => &FRAMES,
        }
    }
}

/// Reads what was pasted — header lines, a bare policy or `<meta>` elements — and says what is missing
/// for a collector at the origin `collector` on the page at `page` (empty where it is not known).
pub fn examine(pasted: &str, page: &str, collector: &str) -> Report {
    let (policies, has_report_only) = pasted::read(pasted);
    let page = Address::parse(page);
    let policies = policies.iter().map(|policy| examine_one(policy, page.as_ref(), collector)).collect();
    Report { policies, has_report_only }
}

fn examine_one(policy: &Policy<'_>, page: Option<&Address<'_>>, collector: &str) -> Examined {
    let find = |need| finding(policy, need, page, collector);
    let findings: Vec<Finding> =
        [Need::Script, Need::Wasm, Need::Connect, Need::Frame].into_iter().map(find).collect();
    let is_missing = |need| findings.iter().any(|f| f.need == need && f.outcome == Outcome::Missing);
    let mend = |needs: [Need; 3]| {
        let missing: Vec<Need> = needs.into_iter().filter(|need| is_missing(*need)).collect();
        (!missing.is_empty()).then(|| mended(policy, &missing, collector))
    };
    let refuses_wasm = is_missing(Need::Wasm);
    Examined {
        text: policy.to_string(),
        mended: mend([Need::Script, Need::Wasm, Need::Connect]),
        framed: refuses_wasm
            .then(|| mend([Need::Script, Need::Connect, Need::Frame]).unwrap_or_else(|| policy.to_string())),
        findings,
    }
}

fn finding(policy: &Policy<'_>, need: Need, page: Option<&Address<'_>>, collector: &str) -> Finding {
    let Some(directive) = policy.first_of(need.directives()) else {
        return Finding { need, decided_by: None, outcome: Outcome::Allowed };
    };
    let outcome = match need {
        Need::Wasm => of_wasm(directive),
        Need::Script if directive.has("'strict-dynamic'") => Outcome::Nonce,
        _ if allows(directive, need.addresses(), page, collector) => Outcome::Allowed,
        Need::Script if directive.has_nonce() => Outcome::Nonce,
        _ => Outcome::Missing,
    };
    Finding { need, decided_by: Some(directive.name.clone()), outcome }
}

fn of_wasm(directive: &Directive<'_>) -> Outcome {
    let is_allowed = directive.has(WASM) || directive.has("'unsafe-eval'");
    if is_allowed { Outcome::Allowed } else { Outcome::Missing }
}

fn allows(directive: &Directive<'_>, paths: &[&str], page: Option<&Address<'_>>, collector: &str) -> bool {
    paths.iter().all(|path| {
        let url = [collector, path].concat();
        let target = Address::parse(&url);
        target.is_some_and(|target| directive.sources.iter().any(|source| matches(source, &target, page)))
    })
}

/// The policy with a source added for each of `missing`.
fn mended(policy: &Policy<'_>, missing: &[Need], collector: &str) -> String {
    let mut policy = policy.clone();
    for need in missing {
        policy.add(need.directives(), need.own_directive(), need.source(collector));
    }
    policy.to_string()
}
