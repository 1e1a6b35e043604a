//! Bodies that are written piece by piece, as they look when they are whole.

use std::collections::BTreeMap;

use parere_shared::response::{Channel, Device, Response};
use parere_shared::survey::Metric;
use utoipa::ToSchema;

use crate::routes::responses::{Acknowledgement, Acknowledgements};

/// One answer, or several at once.
#[derive(ToSchema)]
#[expect(clippy::large_enum_variant, reason = "there is never one of them")]
#[serde(untagged)]
pub enum Answers {
    /// One answer.
    One(Response),
    /// Several, each with a verdict of its own.
    Many(Vec<Response>),
}

/// What became of what was sent.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum Acknowledged {
    /// Of one answer.
    One(Acknowledgement),
    /// Of an array.
    Many(Acknowledgements),
}

/// A page of stored answers.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct Page {
    /// In the order that was asked for.
    responses: Vec<StoredResponse>,
    /// Cursor of the next page; null on the last, newest first. Oldest first there always is one: what is stored later
    /// comes behind it.
    #[schema(required)]
    next: Option<String>,
}

/// How many answers a decision changed.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct Reviewed {
    /// Answers.
    changed: u64,
}

/// A stored answer: the columns of every export, absent values as null.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub(super) struct StoredResponse {
    /// A UUID of version 7.
    id: String,
    /// Slug of the survey.
    survey: String,
    /// What was measured.
    metric: Metric,
    /// The wording, scale and look that were shown.
    instrument: String,
    /// 1 for the score alone; higher when more followed.
    revision: u32,
    /// The chosen point.
    score: i32,
    /// Its band: `promoter`, `negative` …
    band: String,
    /// What the shopper wrote, masked.
    #[schema(required)]
    comment: Option<String>,
    /// What the shopper ticked.
    choices: Vec<String>,
    /// Language of the prompt.
    #[schema(required)]
    locale: Option<String>,
    /// How the question came.
    #[schema(required)]
    channel: Option<Channel>,
    /// Where in the customer journey.
    #[schema(required)]
    touchpoint: Option<String>,
    /// Class of device.
    #[schema(required)]
    device: Option<Device>,
    /// Path of the page.
    #[schema(required)]
    page: Option<String>,
    /// The merchant's order reference.
    #[schema(required)]
    r#ref: Option<String>,
    /// The merchant's own facts.
    attributes: BTreeMap<String, String>,
    /// A try-out that never counts.
    test: bool,
    /// Doubts about it, and what a person decided about them.
    flags: Vec<String>,
    /// Probability of having been asked.
    #[schema(required)]
    inclusion: Option<f64>,
    /// When the score was chosen, RFC 3339, by the server's clock.
    occurred_at: String,
    /// When it was first received, RFC 3339.
    received_at: String,
}
