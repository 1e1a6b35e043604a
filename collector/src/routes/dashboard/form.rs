//! What a page's form says.

use axum::extract::{FromRequest, Request};

use crate::app::App;
use crate::error::ApiError;
use crate::ingest::body;
use crate::routes::hosted::form::Fields;

/// Most bytes of a form here: two passwords, each sign of them written as nine, and the names of many sites.
const BYTES_MAX: usize = 16 * 1024;

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
