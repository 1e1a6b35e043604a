//! `/csp-check`: a merchant pastes the shop's Content-Security-Policy and reads what is missing for the tag.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use parere_shared::policy::{self, Finding, Need, Outcome, Report};
use parere_shared::text;

use crate::app::App;
use crate::auth::Open;
use crate::error::ApiError;
use crate::routes::query::Asked;

/// Most characters of a policy: what servers commonly let through as headers.
const POLICY_CHARS_MAX: usize = 8_192;

/// Nothing runs here, and nothing comes from elsewhere.
const PROTECTION: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// The page.
pub fn router() -> Router<App> {
    Router::new().route("/csp-check", get(page))
}

#[derive(Template)]
#[template(path = "check/check.html")]
struct Page<'a> {
    style: String,
    collector: &'a str,
    policy: &'a str,
    address: &'a str,
    is_too_long: bool,
    /// Absent before anything was pasted.
    report: Option<Report>,
    rows: Vec<Vec<Row>>,
}

/// A need in words.
struct Row {
    what: &'static str,
    /// The directive that decides, if any does.
    directive: Option<String>,
    verdict: &'static str,
    /// What to add.
    source: Option<String>,
    class: &'static str,
}

async fn page(_: Open, State(app): State<App>, asked: Asked) -> Result<Response, ApiError> {
    let policy = asked.get("policy").unwrap_or_default();
    let address = asked.get("page").unwrap_or_default();
    let is_too_long = policy.chars().count() > POLICY_CHARS_MAX;
    let is_readable = !policy.trim().is_empty() && !is_too_long && !text::has_control(policy);
    let collector = origin(&app.public_url);
    let report = is_readable.then(|| policy::examine(policy, address, collector));
    let rows = report.iter().flat_map(|report| &report.policies).map(|policy| {
        let is_framed = policy.framed.is_some();
        policy.findings.iter().map(|finding| Row::new(finding, is_framed, collector)).collect()
    });
    let drawn = Page {
        style: app.assets.url("check.css"),
        rows: rows.collect(),
        collector,
        policy,
        address,
        is_too_long,
        report,
    };
    let html = drawn.render().map_err(anyhow::Error::from)?;
    let headers = [
        (header::CONTENT_SECURITY_POLICY, PROTECTION),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    Ok((headers, Html(html)).into_response())
}

/// Scheme, host and port; a policy's source goes by these.
fn origin(url: &str) -> &str {
    let start = url.find("://").map_or(0, |at| at + 3);
    let end = url.get(start..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| start + at);
    url.get(..end).unwrap_or(url)
}

impl Row {
    fn new(finding: &Finding, is_framed: bool, collector: &str) -> Self {
        let what = match finding.need {
            Need::Script => "Load the tag and the widget",
            Need::Wasm => "Run the widget (WebAssembly)",
            Need::Connect => "Fetch the question, send the answer",
            Need::Frame => "Show the question in a frame instead of the widget",
        };
        let (verdict, class) = match finding.outcome {
            Outcome::Allowed => ("allowed", "good"),
            Outcome::Nonce => ("give the tag the page’s nonce", "note"),
            Outcome::Missing if finding.need == Need::Frame && !is_framed => {
                ("not allowed, and not needed", "good")
            }
            Outcome::Missing if finding.need == Need::Frame => ("needed only without WebAssembly", "note"),
            Outcome::Missing => ("missing", "bad"),
        };
        let is_to_add = finding.outcome == Outcome::Missing && class != "good";
        let source = is_to_add.then(|| finding.need.source(collector).to_owned());
        Self { what, directive: finding.decided_by.clone(), verdict, source, class }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_an_origin() {
        for (url, expected) in [
            ("https://feedback.example", "https://feedback.example"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("https://feedback.example/asks/", "https://feedback.example"),
        ] {
            assert_eq!(origin(url), expected);
        }
    }
}
