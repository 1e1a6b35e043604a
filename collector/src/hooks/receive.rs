//! The way of a message in: whose it is, its bytes within their bound, its signature; only then is it read.

use std::sync::Arc;

use axum::extract::{FromRequest, FromRequestParts as _, Path, Request};
use axum::http::HeaderMap;
use bytes::Bytes;
use parere_shared::time::Millis;
use parere_shared::violation::{Rule, Violation};
use serde_json::Value;

use super::signature;
use crate::app::App;
use crate::auth::SiteScope;
use crate::catalogue::SiteEntry;
use crate::error::ApiError;
use crate::ingest::body;
use crate::store::{NOTED_EVERY_MS, Source, SourceName};

/// Most bytes of a message: an order of some hundred lines at Shopify has a third of it.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// The connection was removed, or never was.
const GONE: ApiError = ApiError::Gone("The site has no such connection; send nothing more.");

/// What a source tells.
pub enum Told {
    /// Nothing: it tries whether we are there.
    Ping,
    /// A signed message.
    Signed(Message),
}

/// A message of which is known who signed it.
pub struct Message {
    /// Opens the site's data.
    pub scope: SiteScope,
    /// The site.
    pub site: Arc<SiteEntry>,
    /// Who told it.
    pub source: SourceName,
    /// What came before the body.
    pub headers: HeaderMap,
    /// The body, as it came.
    pub body: Bytes,
    /// When it came.
    pub at: Millis,
    /// Is it worth writing down that the source was heard?
    is_noted: bool,
}

impl Message {
    /// A header as text; empty where it is absent or no text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value, ApiError> {
        let malformed = |_| ApiError::Malformed(vec![Violation::new("body", Rule::Type("JSON"))]);
        serde_json::from_slice(&self.body).map_err(malformed)
    }

    /// Writes down that the source was heard, after what it told has been done.
    pub async fn note(&self, app: &App) -> Result<(), ApiError> {
        if self.is_noted {
            app.store.sources().note_heard(&self.scope, self.source, self.at).await?;
        }
        Ok(())
    }
}

impl FromRequest<App> for Told {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        if app.is_draining() {
            return Err(ApiError::Unavailable("The collector is shutting down; send it again."));
        }
        let (mut parts, body) = request.into_parts();
        let absent = ApiError::NotFound("The site has no such connection.");
        let path = Path::<(String, String)>::from_request_parts(&mut parts, app).await;
        let Path((source, site)) = path.map_err(|_| absent.clone())?;
        let name = SourceName::parse(&source).ok_or(absent.clone())?;
        let site = app.catalogue.site(&site).ok_or(absent.clone())?;
        let scope = SiteScope::of_source(&site.site.key);
        // Help Scout asks no more where it is told that the connection is gone; others are told that there is none.
        let gone = if name == SourceName::HelpScout { GONE } else { absent };
        let source = app.store.sources().source(&scope, name).await?.ok_or(gone)?;
        let body = body::bytes(body, BODY_BYTES_MAX, app.body_timeout).await?;
        if signature::is_ping(name, &parts.headers, &body) {
            return Ok(Self::Ping);
        }
        let at = app.clock.now();
        if let Err(doubt) = signature::check(name, &source.secret, &parts.headers, &body, at) {
            refuse(app, &scope, &source, at, doubt.told()).await?;
            return Err(ApiError::Unsigned(doubt.told()));
        }
        let is_noted = is_worth_noting(source.heard_at, at);
        Ok(Self::Signed(Message { scope, site, source: name, headers: parts.headers, body, at, is_noted }))
    }
}

async fn refuse(
    app: &App,
    scope: &SiteScope,
    source: &Source,
    at: Millis,
    why: &'static str,
) -> Result<(), ApiError> {
    if is_worth_noting(source.refused.as_ref().map(|(at, _)| *at), at) {
        app.store.sources().note_refused(scope, source.name, at, why).await?;
    }
    Ok(())
}

/// Anybody can send what is refused: it writes once a minute.
fn is_worth_noting(last: Option<Millis>, now: Millis) -> bool {
    last.is_none_or(|last| now.abs_diff(last) >= NOTED_EVERY_MS.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_noted_once_a_minute() {
        for (last, now, expected) in [
            (None, 0, true),
            (Some(0), 0, false),
            (Some(0), 59_999, false),
            (Some(0), 60_000, true),
            // The clock was set back.
            (Some(60_000), 0, true),
        ] {
            assert_eq!(is_worth_noting(last, now), expected, "{last:?} {now}");
        }
    }
}
