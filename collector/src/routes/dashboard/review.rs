//! Comments that are ticked are decided about together; who decides may say why.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use parere_shared::limit::TEXT_CHARS_MAX;
use parere_shared::response::ResponseId;
use parere_shared::violation::{Rule, Violation};

use super::comments::{PAGE_LEN, query};
use super::form::Form;
use crate::app::App;
use crate::auth::{May, WRITE};
use crate::error::ApiError;
use crate::routes::query::{Asked, refuse_any};
use crate::routes::stored::decide;
use crate::store::{Filter, Review};

/// Most characters of a reason: it is a line of the log.
pub(super) const REASON_CHARS_MAX: usize = TEXT_CHARS_MAX;

/// Decides about the ticked comments of a page, or about all of it, and leads back there.
pub(super) async fn decide_together(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    asked: Asked,
    form: Form,
) -> Result<Response, ApiError> {
    let mut found = Vec::new();
    let review = Review::parse(form.text("review"));
    let ids = chosen(&form);
    if review.is_none() {
        found.push(Violation::new("review", Rule::Unknown("include, exclude or reset")));
    }
    if ids.is_none() {
        found.push(Violation::new("id", Rule::Format("ids of the comments of one page")));
    }
    let reason = form.text("reason").trim();
    if reason.chars().count() > REASON_CHARS_MAX || reason.contains(char::is_control) {
        found.push(Violation::new("reason", Rule::TooLong { max: REASON_CHARS_MAX }));
    }
    refuse_any(found)?;
    let mut changed = 0;
    if let (Some(review), Some(ids)) = (review, ids.filter(|ids| !ids.is_empty())) {
        let filter = Filter { ids: Some(ids), ..Filter::default() };
        let told = |n: u64| target(review, n, reason);
        changed = decide(&app, &scope, &caller, &filter, review, told).await?;
    }
    let back = query(&asked, &[("cursor", asked.get("cursor")), ("decided", Some(&changed.to_string()))]);
    Ok(Redirect::to(&format!("/dashboard/{}/comments{back}", site.site.key)).into_response())
}

/// The ids of what is decided about, each once; none where they cannot be those of one page.
fn chosen(form: &Form) -> Option<Vec<ResponseId>> {
    let field = if form.text("all").is_empty() { "id" } else { "shown" };
    let names: BTreeSet<&String> = form.all(field).iter().collect();
    let ids: Option<Vec<_>> = names.into_iter().map(|name| ResponseId::parse(name)).collect();
    ids.filter(|ids| ids.len() <= PAGE_LEN)
}

/// What stands in the log: `exclude 3: the same text again and again`.
fn target(review: Review, n: u64, reason: &str) -> String {
    let decided = format!("{} {n}", review.as_str());
    if reason.is_empty() { decided } else { format!("{decided}: {reason}") }
}
