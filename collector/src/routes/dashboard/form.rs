//! What a page's form says.

use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use bytes::Bytes;
use parere_shared::violation::{Rule, Violation};

use crate::app::App;
use crate::error::ApiError;
use crate::ingest::body;
use crate::routes::hosted::form::Fields;

/// Most bytes of a form here: two passwords, each sign of them written as nine, and the names of many sites.
const BYTES_MAX: usize = 16 * 1024;

/// Most bytes of a file that a form brings: a table of some ten thousand customers.
pub(super) const FILE_BYTES_MAX: usize = 1024 * 1024;

/// What a browser writes around it.
const AROUND_BYTES_MAX: usize = 16 * 1024;

/// The fields of a form that was sent.
pub(super) struct Form(Fields);

impl Form {
    /// A field's text; empty where it is absent.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.get(name).unwrap_or_default()
    }

    /// Every value of a field that may be there several times.
    pub(super) fn all(&self, name: &str) -> &[String] {
        self.0.all(name)
    }
}

impl FromRequest<App> for Form {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let bytes = body::bytes(request.into_body(), BYTES_MAX, app.body_timeout).await?;
        Ok(Self(Fields::parse(&bytes)))
    }
}

/// The file that a form brings in its field `file`, within [`FILE_BYTES_MAX`].
pub(super) struct File(pub(super) Bytes);

impl FromRequest<App> for File {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let (parts, sent) = request.into_parts();
        let bytes = body::bytes(sent, FILE_BYTES_MAX + AROUND_BYTES_MAX, app.body_timeout).await?;
        let wrong = |rule| ApiError::Malformed(vec![Violation::new("file", rule)]);
        let whole = Request::from_parts(parts, Body::from(bytes));
        let form = Multipart::from_request(whole, &()).await;
        let mut form = form.map_err(|_| wrong(Rule::Type("a file that a form brings")))?;
        // What it says is here already: whatever is wrong is wrong with it.
        let broken = |_| wrong(Rule::Type("complete"));
        while let Some(field) = form.next_field().await.map_err(broken)? {
            if field.name() == Some("file") {
                let bytes = field.bytes().await.map_err(broken)?;
                if bytes.len() > FILE_BYTES_MAX {
                    return Err(body::too_large(FILE_BYTES_MAX));
                }
                return Ok(Self(bytes));
            }
        }
        Err(wrong(Rule::Missing))
    }
}
