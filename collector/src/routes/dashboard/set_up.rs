//! The first account: made by whoever has the link that the program prints while there is none.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};

use super::form::Form;
use super::{Frame, door, render, say};
use crate::app::App;
use crate::auth::{self, Action, Open, Role, Who};
use crate::error::ApiError;
use crate::routes::query::Asked;
use crate::store::{Account, Membership};

#[derive(Template)]
#[template(path = "dashboard/set-up.html")]
struct SetUp {
    frame: Frame,
    key: String,
    email: String,
    /// What was wrong with the last try; empty at the first.
    refusal: String,
}

/// The form. Opening it uses nothing up: scanners open links, too.
pub(super) async fn page(_: Open, State(app): State<App>, asked: Asked) -> Result<Response, ApiError> {
    let key = asked.get("key").unwrap_or_default();
    if !is_open(&app, key).await? {
        return Ok(shut(&app));
    }
    draw(&app, key, "", String::new())
}

fn draw(app: &App, key: &str, email: &str, refusal: String) -> Result<Response, ApiError> {
    render(&SetUp { frame: Frame::of_nobody(app), key: key.into(), email: email.into(), refusal })
}

async fn is_open(app: &App, key: &str) -> Result<bool, ApiError> {
    Ok(app.credentials.is_set_up_key(key) && app.store.access().accounts().await?.is_empty())
}

fn shut(app: &App) -> Response {
    let advice = "It is of an earlier start of the server, or somebody has made the first account already: \
                  then sign in, or ask them to invite you. At the machine, parere user create makes accounts, too.";
    say(app, StatusCode::FORBIDDEN, "This link does not work any more", advice)
}

/// Makes the account, with every right, and signs it in.
pub(super) async fn make(
    _: Open,
    State(app): State<App>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, ApiError> {
    let (key, typed) = (form.text("key"), form.text("email"));
    if !is_open(&app, key).await? {
        return Ok(shut(&app));
    }
    let again = |refusal| {
        let page = draw(&app, key, typed, refusal)?;
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
    };
    let Some(email) = auth::email(typed) else {
        return again("This is no e-mail address.".into());
    };
    if let Err(refusal) = chosen(&form) {
        return again(refusal);
    }
    let account = Account {
        email: email.clone(),
        password: Some(app.passwords.hash(form.text("password")).await?),
        is_disabled: false,
        created_at: app.clock.now(),
        memberships: vec![Membership { site: None, role: Role::Owner }],
    };
    if !app.store.access().found(account).await? {
        return Ok(shut(&app));
    }
    let who = Who::Person(email.clone());
    app.record(&who, Action::AccountCreate, None, &email).await?;
    door::let_in(&app, &who, &email, &headers).await
}

/// Can the password that was typed twice be taken? If not, the sentence that says why.
pub(super) fn chosen(form: &Form) -> Result<(), String> {
    let password = form.text("password");
    auth::acceptable(password).map_err(|rule| format!("The password {rule}."))?;
    if password != form.text("again") {
        return Err("The two passwords are not the same.".into());
    }
    Ok(())
}
