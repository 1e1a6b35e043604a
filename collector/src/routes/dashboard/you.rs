//! One's own account: the password, and where one is signed in.

use std::net::SocketAddr;

use askama::Template;
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect, Response};

use super::form::Form;
use super::set_up::chosen;
use super::words::{Moment, place};
use super::{DOOR, Frame, YOU, door, render};
use crate::app::App;
use crate::auth::{self, Action, SignedIn, Started};
use crate::error::ApiError;
use crate::random;
use crate::store::AccountChange;

#[derive(Template)]
#[template(path = "dashboard/you.html")]
struct You {
    frame: Frame,
    name: String,
    /// What one may do, in a sentence each; none for the administrator.
    roles: Vec<String>,
    has_password: bool,
    /// What was wrong with the last try; empty at the first.
    refusal: String,
    sessions: Vec<SessionRow>,
}

struct SessionRow {
    id: String,
    browser: String,
    began: Moment,
    used: Moment,
    is_this: bool,
}

/// The page.
pub(super) async fn page(State(app): State<App>, you: SignedIn) -> Result<Response, ApiError> {
    draw(&app, &you, String::new()).await
}

async fn draw(app: &App, you: &SignedIn, refusal: String) -> Result<Response, ApiError> {
    let account = app.store.access().account(&you.account).await?;
    let roles = account.iter().flat_map(|account| &account.memberships);
    let sessions = app.store.access().sessions(&you.account, app.clock.now()).await?;
    render(&You {
        frame: Frame::of(app, &you.caller),
        name: you.caller.who.name(),
        roles: roles.map(|held| format!("{} at {}", held.role, place(held.site.as_deref()))).collect(),
        has_password: account.is_some(),
        refusal,
        sessions: sessions
            .into_iter()
            .map(|session| SessionRow {
                id: random::hex(&session.hash),
                browser: session.browser,
                began: Moment::new(session.created_at),
                used: Moment::new(session.used_at),
                is_this: session.hash == you.session,
            })
            .collect(),
    })
}

/// Another password; every session ends but this one, which begins anew.
pub(super) async fn change_password(
    State(app): State<App>,
    you: SignedIn,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, ApiError> {
    // Whoever found a browser open must not find out the password, too.
    if app.attempts.check(app.client.client(peer, &headers), &you.account).is_err() {
        let page = draw(&app, &you, door::TOO_OFTEN.into()).await?;
        return Ok((StatusCode::TOO_MANY_REQUESTS, page).into_response());
    }
    let account = app.store.access().account(&you.account).await?;
    let kept = account.and_then(|account| account.password);
    let refusal = if app.passwords.verify(form.text("current"), kept).await? {
        chosen(&form).err()
    } else {
        Some("This is not your password.".into())
    };
    if let Some(refusal) = refusal {
        let page = draw(&app, &you, refusal).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let password = app.passwords.hash(form.text("password")).await?;
    app.store.access().change_account(&you.account, AccountChange::Password(password)).await?;
    app.record(&you.caller.who, Action::AccountPassword, None, &you.account).await?;
    Ok(door::go(YOU, &auth::start_session(&app, &you.account, &headers).await?))
}

/// Signs out one browser, or all of them and this one.
pub(super) async fn end_sessions(
    State(app): State<App>,
    you: SignedIn,
    form: Form,
) -> Result<Response, ApiError> {
    let wanted = form.text("session");
    if wanted == "all" {
        app.store.access().remove_sessions(&you.account, None).await?;
        app.record(&you.caller.who, Action::SessionEnd, None, "everywhere").await?;
        return Ok(door::go(DOOR, &Started(auth::cookie_of(&app.public_url, "", 0)?)));
    }
    let sessions = app.store.access().sessions(&you.account, app.clock.now()).await?;
    if let Some(session) = sessions.into_iter().find(|session| random::hex(&session.hash) == wanted) {
        app.store.access().remove_session(&you.account, session.hash).await?;
        app.record(&you.caller.who, Action::SessionEnd, None, &session.browser).await?;
    }
    Ok(Redirect::to(YOU).into_response())
}
