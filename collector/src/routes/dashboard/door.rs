//! The door: signing in with an e-mail address and a password, or with the administrator's token; and signing out.

use std::net::SocketAddr;

use askama::Template;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::form::Form;
use super::{DOOR, Frame, HOME, render};
use crate::app::App;
use crate::auth::{self, Action, Open, SignedIn, Started, Who};
use crate::error::ApiError;

#[derive(Template)]
#[template(path = "dashboard/sign-in.html")]
struct Door {
    frame: Frame,
    /// What was wrong with the last try; empty at the first.
    refusal: &'static str,
    /// As it was typed, so that only the password is typed again.
    email: String,
    has_accounts: bool,
    takes_token: bool,
}

/// The same whether there is no such account, it may not sign in, or the password is another.
const REFUSED: &str = "This is not the password of an account here.";

const TOKEN_REFUSED: &str = "This is not the token.";

pub(super) const TOO_OFTEN: &str = "That was tried too often. Wait a minute, then try again.";

/// The form; who is signed in goes on.
pub(super) async fn page(
    _: Open,
    State(app): State<App>,
    signed_in: Result<SignedIn, ApiError>,
) -> Result<Response, ApiError> {
    if signed_in.is_ok() {
        return Ok(Redirect::to(HOME).into_response());
    }
    draw(&app, "", String::new()).await
}

async fn draw(app: &App, refusal: &'static str, email: String) -> Result<Response, ApiError> {
    render(&Door {
        frame: Frame::of_nobody(app),
        refusal,
        email,
        has_accounts: !app.store.access().accounts().await?.is_empty(),
        takes_token: app.credentials.administrator().is_some(),
    })
}

/// Lets in whoever has the password, or the administrator's token.
pub(super) async fn sign_in(
    _: Open,
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, ApiError> {
    let typed = form.text("email");
    let email = auth::email(typed);
    let name = email.as_deref().unwrap_or("administrator");
    if let Err(wait) = app.attempts.check(app.client.client(peer, &headers), name) {
        let page = draw(&app, TOO_OFTEN, typed.to_owned()).await?;
        let wait = HeaderValue::from(wait.as_secs() + 1);
        return Ok((StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, wait)], page).into_response());
    }
    let token = form.text("token").trim();
    if let Some(administrator) = app.credentials.administrator().filter(|_| !token.is_empty()) {
        return if app.credentials.is_admin_token(token) {
            let_in(&app, &Who::Administrator, &administrator, &headers).await
        } else {
            refuse(&app, TOKEN_REFUSED, String::new()).await
        };
    }
    let account = app.store.access().account(email.as_deref().unwrap_or_default()).await?;
    let kept = account.filter(|account| !account.is_disabled).and_then(|account| account.password);
    if app.passwords.verify(form.text("password"), kept).await?
        && let Some(email) = email
    {
        return let_in(&app, &Who::Person(email.clone()), &email, &headers).await;
    }
    refuse(&app, REFUSED, typed.to_owned()).await
}

/// Ends the session here and in the browser.
pub(super) async fn sign_out(
    _: Open,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    if let Some(account) = auth::end_session(&app, &headers).await? {
        app.record(&who(&account), Action::SessionEnd, None, "").await?;
    }
    Ok(go(DOOR, &Started(auth::cookie_of(&app.public_url, "", 0)?)))
}

/// Whose sessions are kept under this name.
pub(super) fn who(account: &str) -> Who {
    auth::email(account).map_or(Who::Administrator, Who::Person)
}

/// Starts a session and goes home.
pub(super) async fn let_in(
    app: &App,
    who: &Who,
    account: &str,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    let started = auth::start_session(app, account, headers).await?;
    app.record(who, Action::SessionStart, None, "").await?;
    Ok(go(HOME, &started))
}

async fn refuse(app: &App, refusal: &'static str, email: String) -> Result<Response, ApiError> {
    Ok((StatusCode::FORBIDDEN, draw(app, refusal, email).await?).into_response())
}

/// Goes on to `path` with another cookie.
pub(super) fn go(path: &str, Started(cookie): &Started) -> Response {
    ([(header::SET_COOKIE, cookie.clone())], Redirect::to(path)).into_response()
}
