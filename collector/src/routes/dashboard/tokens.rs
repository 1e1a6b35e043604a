//! Tokens of programs, for people: the same as the operators' API has.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use parere_shared::time::DAY_MS;

use super::form::Form;
use super::words::{EVERY_SITE, Moment, administered};
use super::{Choice, Frame, TOKENS, render, terms};
use crate::app::App;
use crate::auth::{ADMIN, Anywhere, Caller, TokenWish};
use crate::error::ApiError;
use crate::routes::tokens::{end, make, within};
use crate::store::Token;

#[derive(Template)]
#[template(path = "dashboard/tokens.html")]
struct Page {
    frame: Frame,
    tokens: Vec<TokenRow>,
    sites: Vec<Choice>,
    /// What was wrong with the last wish; nothing at the first.
    refusals: Vec<String>,
    /// A token that was just made: its name, and the text that is shown this once.
    made: Option<(String, String)>,
}

struct TokenRow {
    id: String,
    name: String,
    scopes: String,
    sites: String,
    made_by: String,
    made: Moment,
    used: Option<Moment>,
    expires: Option<Moment>,
    is_over: bool,
}

/// The tokens that the caller could have made, and the form for another one.
pub(super) async fn page(
    State(app): State<App>,
    Anywhere(caller): Anywhere<ADMIN>,
) -> Result<Response, ApiError> {
    draw(&app, &caller, Vec::new(), None).await
}

async fn draw(
    app: &App,
    caller: &Caller,
    refusals: Vec<String>,
    made: Option<(String, String)>,
) -> Result<Response, ApiError> {
    let now = app.clock.now();
    let row = |token: Token| TokenRow {
        id: token.id,
        name: token.name,
        scopes: token.rights.names().collect::<Vec<_>>().join(", "),
        sites: if token.sites.is_empty() { "every site".into() } else { token.sites.join(", ") },
        made_by: token.made_by,
        made: Moment::new(token.created_at),
        used: token.used_at.map(Moment::new),
        expires: token.expires_at.map(Moment::new),
        is_over: token.expires_at.is_some_and(|end| end <= now),
    };
    render(&Page {
        frame: Frame::of(app, caller),
        tokens: within(app, caller).await?.into_iter().map(row).collect(),
        sites: administered(&app.catalogue, caller),
        refusals,
        made,
    })
}

/// Makes a token and shows it, this once.
pub(super) async fn create(
    State(app): State<App>,
    Anywhere(caller): Anywhere<ADMIN>,
    form: Form,
) -> Result<Response, ApiError> {
    let days: i64 = form.text("days").parse().unwrap_or_default();
    let sites = match form.text("site") {
        EVERY_SITE => Vec::new(),
        site => vec![site.to_owned()],
    };
    let wish = TokenWish {
        name: form.text("name").into(),
        scopes: form.all("scope").to_vec(),
        sites,
        expires_at: (1..=3_650).contains(&days).then(|| app.clock.now() + days * DAY_MS),
    };
    match make(&app, &caller, wish).await {
        Ok(made) => draw(&app, &caller, Vec::new(), Some((made.token.name, made.secret))).await,
        Err(ApiError::Invalid(found)) => {
            let page = draw(&app, &caller, terms::told(&found), None).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(other) => Err(other),
    }
}

/// Ends a token at once.
pub(super) async fn revoke(
    State(app): State<App>,
    Anywhere(caller): Anywhere<ADMIN>,
    form: Form,
) -> Result<Response, ApiError> {
    end(&app, &caller, form.text("id")).await?;
    Ok(Redirect::to(TOKENS).into_response())
}
