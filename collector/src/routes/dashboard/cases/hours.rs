//! After how many hours a case is due, or that low scores open none: an owner's word.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};

use super::Reader;
use crate::app::App;
use crate::auth::{ADMIN, May};
use crate::error::ApiError;
use crate::routes::dashboard::form::Form;
use crate::routes::dashboard::numerals::Numerals;
use crate::routes::dashboard::render;
use crate::routes::sites::{CasesIn, checked_case_hours, save};
use crate::store::{CASE_HOURS_MAX, Site};

/// Keeps what the form says of low scores from now on; cases that are there stay due when they were.
pub(in crate::routes::dashboard) async fn set(
    State(app): State<App>,
    May { scope, site, caller }: May<ADMIN>,
    numerals: Numerals,
    form: Form,
) -> Result<Response, ApiError> {
    let typed = form.text("due_hours").trim();
    // What is no number at all is out of range, too.
    let due_hours = (!typed.is_empty()).then(|| typed.parse().unwrap_or(0));
    let mut found = Vec::new();
    let case_hours = checked_case_hours(&CasesIn { due_hours }, &mut found);
    if found.is_empty() {
        save(&app, &caller.who, &scope, &site.site, Site { case_hours, ..site.site.clone() }).await?;
        return Ok(Redirect::to(&format!("/dashboard/{}/cases", scope.site())).into_response());
    }
    let reader = Reader { app: &app, site: &site, caller: &caller, numerals: &numerals };
    let mut page = reader.shown(&scope, "", None).await?;
    page.due_hours = Some(typed.into());
    page.refusals = vec![format!(
        "Hours are a whole number from 1 to {CASE_HOURS_MAX}, or nothing. Nothing was changed."
    )];
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)?).into_response())
}
