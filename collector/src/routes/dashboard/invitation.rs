//! A link by which a person chooses a password: of a new account, or in place of one that was forgotten.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::form::Form;
use super::set_up::chosen;
use super::{Frame, door, render, say};
use crate::app::App;
use crate::auth::{self, Action, Open, Who};
use crate::error::ApiError;
use crate::routes::query::Asked;

#[derive(Template)]
#[template(path = "dashboard/invitation.html")]
struct Invitation<'a> {
    frame: Frame,
    key: &'a str,
    email: &'a str,
    /// What was wrong with the last try; empty at the first.
    refusal: String,
}

/// The form. Opening it uses nothing up: scanners open links, too.
pub(super) async fn page(_: Open, State(app): State<App>, asked: Asked) -> Result<Response, ApiError> {
    let key = asked.get("key").unwrap_or_default();
    match app.store.access().invitation(auth::hash(key), app.clock.now()).await? {
        Some(email) => {
            render(&Invitation { frame: Frame::of_nobody(&app), key, email: &email, refusal: String::new() })
        }
        None => Ok(shut(&app)),
    }
}

fn shut(app: &App) -> Response {
    let advice = "It has been used, a newer one was made, or a week has passed. Ask for a new one.";
    say(app, StatusCode::FORBIDDEN, "This link does not work any more", advice)
}

/// Sets the password and signs in.
pub(super) async fn accept(
    _: Open,
    State(app): State<App>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, ApiError> {
    let (key, now) = (form.text("key"), app.clock.now());
    let Some(email) = app.store.access().invitation(auth::hash(key), now).await? else {
        return Ok(shut(&app));
    };
    if let Err(refusal) = chosen(&form) {
        let page = render(&Invitation { frame: Frame::of_nobody(&app), key, email: &email, refusal })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let password = app.passwords.hash(form.text("password")).await?;
    let Some(email) = app.store.access().take_invitation(auth::hash(key), now, &password).await? else {
        return Ok(shut(&app));
    };
    let who = Who::Person(email.clone());
    app.record(&who, Action::AccountPassword, None, &email).await?;
    door::let_in(&app, &who, &email, &headers).await
}
