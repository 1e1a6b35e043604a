//! The door: signing in by the link that is printed at start or by the administrator's token, and signing out.

use askama::Template;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::{DOOR, Frame, HOME, render};
use crate::app::App;
use crate::auth::{self, Admin, SESSION_MS, cookie_name};
use crate::error::ApiError;
use crate::origin;
use crate::routes::query::Asked;

#[derive(Template)]
#[template(path = "dashboard/sign-in.html")]
struct Door {
    frame: Frame,
    /// What was wrong with the last try; empty at the first.
    refusal: &'static str,
}

const LINK_REFUSED: &str = "This link has been used, or belongs to an earlier start of the server. \
                            The server prints a new one each time it starts.";

const TOKEN_REFUSED: &str = "This is not the token.";

/// The form; or, with the key of the sign-in link, straight in. Asking for the headers alone does not use up the key.
pub(super) async fn page(
    State(app): State<App>,
    method: Method,
    admin: Result<Admin, ApiError>,
    asked: Asked,
) -> Result<Response, ApiError> {
    if admin.is_ok() {
        return Ok(Redirect::to(HOME).into_response());
    }
    match asked.get("key") {
        Some(key) if method == Method::GET && app.credentials.take_sign_in_key(key) => let_in(&app).await,
        Some(_) => refuse(&app, LINK_REFUSED),
        None => render(&Door { frame: Frame::new(&app, false), refusal: "" }),
    }
}

/// Takes the administrator's token; every wrong one gets the same answer.
pub(super) async fn sign_in(
    State(app): State<App>,
    headers: HeaderMap,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, ApiError> {
    check_origin(&headers, &app.public_url)?;
    let token = fields.iter().find(|(name, _)| name == "token").map_or("", |(_, token)| token.trim());
    if app.credentials.is_admin_token(token) { let_in(&app).await } else { refuse(&app, TOKEN_REFUSED) }
}

/// Ends the session here and in the browser.
pub(super) async fn sign_out(State(app): State<App>, headers: HeaderMap) -> Result<Response, ApiError> {
    check_origin(&headers, &app.public_url)?;
    auth::end_session(&*app.store, &headers).await?;
    Ok(go(DOOR, &cookie(&app.public_url, "", 0)))
}

async fn let_in(app: &App) -> Result<Response, ApiError> {
    let secret = auth::start_session(&*app.store, app.clock.now()).await?;
    Ok(go(HOME, &cookie(&app.public_url, &secret, SESSION_MS / 1000)))
}

fn refuse(app: &App, refusal: &'static str) -> Result<Response, ApiError> {
    let page = render(&Door { frame: Frame::new(app, false), refusal })?;
    Ok((StatusCode::FORBIDDEN, page).into_response())
}

fn go(path: &str, cookie: &str) -> Response {
    ([(header::SET_COOKIE, cookie)], Redirect::to(path)).into_response()
}

/// No script reads it, no foreign form sends it, and over https no neighbour overwrites it.
fn cookie(public_url: &str, secret: &str, max_age_s: i64) -> String {
    let secure = if public_url.starts_with("https://") { "; Secure" } else { "" };
    let name = cookie_name(public_url);
    format!("{name}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age_s}{secure}")
}

/// Browsers name the page that a form stands on; only our own may sign anybody in or out.
fn check_origin(headers: &HeaderMap, public_url: &str) -> Result<(), ApiError> {
    if origin::is_own(headers, public_url) {
        return Ok(());
    }
    Err(ApiError::Forbidden("Sign in and out on the dashboard's own pages."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_locked_to_the_host() {
        assert_eq!(
            cookie("https://feedback.example", "s", 60),
            "__Host-parere=s; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure"
        );
        assert_eq!(
            cookie("http://127.0.0.1:1", "s", 60),
            "parere=s; Path=/; HttpOnly; SameSite=Lax; Max-Age=60"
        );
    }
}
