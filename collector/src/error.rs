//! What can go wrong with a request: a status, a problem document, and one line in the log.

use std::sync::Arc;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use parere_shared::problem::{MEDIA_TYPE, Problem};
use parere_shared::violation::Violation;

use crate::store::StoreError;

/// Seconds a sender waits before it tries again when we are out of breath: long enough to matter.
pub const RETRY_AFTER_S: u64 = 5;

/// A request that failed. Each is turned into an answer, and logged, in this file and nowhere else.
#[derive(Debug, Clone)]
pub enum ApiError {
    /// 400: the body cannot be read at all.
    Malformed(Vec<Violation>),
    /// 401: no valid credential.
    Unauthorized,
    /// 401: a message whose signature is missing or wrong; says which.
    Unsigned(&'static str),
    /// 403: the credential or the origin does not permit this; says which.
    Forbidden(&'static str),
    /// 404: no such thing, or not yours; says what.
    NotFound(&'static str),
    /// 409: it contradicts what is stored; says how.
    Conflict(&'static str),
    /// 410: the survey takes no answers any more.
    Closed,
    /// 410: it is not there any more, and whoever sends to it should stop; says what.
    Gone(&'static str),
    /// 413: more bytes or entries than allowed.
    TooLarge(Vec<Violation>),
    /// 415: sent in a form that is not taken; says what is.
    UnsupportedMedia(&'static str),
    /// 416: the file has no such bytes.
    NoSuchPart {
        /// How many it has.
        len: u64,
    },
    /// 422: well-formed, but fields break rules.
    Invalid(Vec<Violation>),
    /// 429: too many from one sender.
    TooMany {
        /// Seconds until another is let in.
        retry_after_s: u64,
    },
    /// 503: keep it and try again; says why.
    Unavailable(&'static str),
    /// 500: our fault; the cause goes to the log only.
    Internal(Arc<anyhow::Error>),
}

impl ApiError {
    /// The document that tells a program what happened.
    pub fn problem(&self) -> Problem {
        let (status, title, detail) = match self {
            Self::Malformed(_) => (400, "The body cannot be read", ""),
            Self::Unauthorized => {
                (401, "Not signed in", "Send the header Authorization: Bearer with a valid token.")
            }
            Self::Unsigned(why) => (401, "Not signed", *why),
            Self::Forbidden(why) => (403, "Not allowed", *why),
            Self::NotFound(what) => (404, "Not found", *what),
            Self::Conflict(how) => (409, "Contradicts what is stored", *how),
            Self::Closed => (410, "The survey is closed", "It takes no answers now; stop asking."),
            Self::Gone(what) => (410, "Gone", *what),
            Self::TooLarge(_) => (413, "Too large", ""),
            Self::UnsupportedMedia(what) => (415, "Not a form that is taken", *what),
            Self::NoSuchPart { .. } => {
                (416, "No such part", "The file is shorter; Content-Range says how long.")
            }
            Self::Invalid(_) => (422, "Some fields break a rule", ""),
            Self::TooMany { .. } => {
                (429, "Too many requests", "Keep the answer and send it again after the time in Retry-After.")
            }
            Self::Unavailable(why) => (503, "Not available now", *why),
            Self::Internal(_) => {
                (500, "Something broke on our side", "It was logged; the request can be sent again.")
            }
        };
        let violations = self.violations().to_vec();
        Problem { kind: self.kind(), title, status, detail: detail.into(), violations }
    }

    /// One word for what happened, the end of the problem's name: `invalid`, `too-many`.
    pub fn reason(&self) -> &'static str {
        self.kind().rsplit(':').next().unwrap_or_default()
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "urn:parere:problem:malformed",
            Self::Unauthorized => "urn:parere:problem:unauthorized",
            Self::Unsigned(_) => "urn:parere:problem:unsigned",
            Self::Forbidden(_) => "urn:parere:problem:forbidden",
            Self::NotFound(_) => "urn:parere:problem:not-found",
            Self::Conflict(_) => "urn:parere:problem:conflict",
            Self::Closed => "urn:parere:problem:closed",
            Self::Gone(_) => "urn:parere:problem:gone",
            Self::TooLarge(_) => "urn:parere:problem:too-large",
            Self::UnsupportedMedia(_) => "urn:parere:problem:unsupported-media",
            Self::NoSuchPart { .. } => "urn:parere:problem:no-such-part",
            Self::Invalid(_) => "urn:parere:problem:invalid",
            Self::TooMany { .. } => "urn:parere:problem:too-many",
            Self::Unavailable(_) => "urn:parere:problem:unavailable",
            Self::Internal(_) => "urn:parere:problem:internal",
        }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Malformed(found) | Self::TooLarge(found) | Self::Invalid(found) => found,
            _ => &[],
        }
    }

    fn retry_after_s(&self) -> Option<u64> {
        match self {
            Self::TooMany { retry_after_s } => Some(*retry_after_s),
            Self::Unavailable(_) => Some(RETRY_AFTER_S),
            _ => None,
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = self.problem();
        match &self {
            Self::Internal(cause) => tracing::error!(status = problem.status, "request failed: {cause:#}"),
            Self::Unavailable(why) => tracing::warn!(status = problem.status, "request put off: {why}"),
            _ => tracing::debug!(status = problem.status, "request refused: {}", problem.title),
        }
        let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s() {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if let Self::NoSuchPart { len } = self
            && let Ok(range) = HeaderValue::from_str(&format!("bytes */{len}"))
        {
            headers.insert(header::CONTENT_RANGE, range);
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(cause) => {
                tracing::warn!("the database is not available: {cause}");
                Self::Unavailable("The database is not available at the moment.")
            }
            refused => Self::Internal(Arc::new(refused.into())),
        }
    }
}

impl From<anyhow::Error> for ApiError {
    fn from(error: anyhow::Error) -> Self {
        Self::Internal(Arc::new(error))
    }
}
