//! What went wrong, for a program to read: problem documents after RFC 9457.

use serde::Serialize;

use crate::violation::Violation;

/// The media type of a problem document.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A problem document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Problem {
    /// Stable name of the kind of problem: `urn:parere:problem:invalid`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The kind in a few words.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What happened this time and what to do, in one sentence.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// Which fields broke which rules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<crate::schema::Violation>))]
    pub violations: Vec<Violation>,
}

/// What became of one response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// On disk now.
    Stored,
    /// This id and revision was already stored with the same content.
    Duplicate,
    /// A higher revision is already stored.
    Superseded,
    /// This id and revision is already stored with other content; nothing was changed.
    Conflict,
}
