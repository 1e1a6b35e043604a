//! Tokens of programs: made, listed, revoked. The token itself is shown once, when it is made.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use parere_shared::time;
use parere_shared::violation::{Rule, Violation};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::definition::Definition;
use crate::app::App;
use crate::auth::{ADMIN, Action, Anywhere, Caller, NewToken, TOKENS_MAX, TokenWish, new_token};
use crate::error::ApiError;
use crate::openapi::{Conflict, InToken, InvalidBody, NoSuchToken, Refused};
use crate::store::Token;

/// `GET, POST /tokens` and `DELETE /tokens/{token}`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke))
}

/// A token as it is wished for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TokenIn {
    name: String,
    /// `read`, `export`, `write`, `admin`; the last one holds the others.
    scopes: Vec<String>,
    /// Keys of the sites it is bound to; all sites without it.
    #[serde(default)]
    sites: Vec<String>,
    /// When it ends by itself: RFC 3339; never without it.
    expires_at: Option<String>,
}

/// A token as it is shown: never what its holder shows.
#[derive(Debug, Serialize, ToSchema)]
struct TokenOut {
    id: String,
    name: String,
    scopes: Vec<&'static str>,
    sites: Vec<String>,
    made_by: String,
    created_at: String,
    #[schema(required)]
    used_at: Option<String>,
    #[schema(required)]
    expires_at: Option<String>,
}

/// A token that was just made.
#[derive(Debug, Serialize, ToSchema)]
struct TokenMade {
    #[serde(flatten)]
    kept: TokenOut,
    /// What goes behind `Authorization: Bearer`; it is not shown again.
    token: String,
}

/// A list of tokens.
#[derive(Debug, Serialize, ToSchema)]
struct Tokens {
    tokens: Vec<TokenOut>,
}

impl From<&Token> for TokenOut {
    fn from(token: &Token) -> Self {
        Self {
            id: token.id.clone(),
            name: token.name.clone(),
            scopes: token.rights.names().collect(),
            sites: token.sites.clone(),
            made_by: token.made_by.clone(),
            created_at: time::format(token.created_at),
            used_at: token.used_at.map(time::format),
            expires_at: token.expires_at.map(time::format),
        }
    }
}

/// May the caller see and revoke this token? Whoever could have made it.
fn is_within(caller: &Caller, token: &Token) -> bool {
    caller.may_everywhere(ADMIN)
        || (!token.sites.is_empty() && token.sites.iter().all(|site| caller.rights_at(site).has(ADMIN)))
}

/// Tokens that the caller may see and revoke, oldest first.
pub(super) async fn within(app: &App, caller: &Caller) -> Result<Vec<Token>, ApiError> {
    let mut tokens = app.store.access().tokens().await?;
    tokens.retain(|token| is_within(caller, token));
    Ok(tokens)
}

/// Makes a token, or says which rules the wish breaks.
pub(super) async fn make(app: &App, caller: &Caller, wish: TokenWish) -> Result<NewToken, ApiError> {
    if let Some(site) = wish.sites.iter().find(|site| app.catalogue.site(site).is_none()) {
        tracing::debug!("a token was wished for a site that is not there: {site}");
        return Err(ApiError::Invalid(vec![Violation::new(
            "sites",
            Rule::Unknown("sites that you administer"),
        )]));
    }
    let made = new_token(caller, wish, app.clock.now())?.map_err(ApiError::Invalid)?;
    if app.store.access().tokens().await?.len() >= TOKENS_MAX {
        return Err(ApiError::Conflict("There are 1,000 tokens; revoke one that is not used any more."));
    }
    app.store.access().add_token(made.token.clone()).await?;
    app.record(&caller.who, Action::TokenCreate, only_site(&made.token), &named(&made.token)).await?;
    Ok(made)
}

/// Ends a token at once; one that the caller may not see is not there.
pub(super) async fn end(app: &App, caller: &Caller, id: &str) -> Result<(), ApiError> {
    let not_found = ApiError::NotFound("There is no such token.");
    let tokens = within(app, caller).await?;
    let token = tokens.into_iter().find(|token| token.id == id).ok_or(not_found.clone())?;
    if !app.store.access().revoke_token(id).await? {
        return Err(not_found);
    }
    app.record(&caller.who, Action::TokenRevoke, only_site(&token), &named(&token)).await
}

/// The site under which the log has it: one of its own, if it is bound to one alone.
fn only_site(token: &Token) -> Option<&str> {
    let [site] = token.sites.as_slice() else { return None };
    Some(site)
}

fn named(token: &Token) -> String {
    format!("{} ({})", token.name, token.id)
}

/// Every token that the caller could have made.
#[utoipa::path(get, path = "/tokens", operation_id = "list_tokens", responses((status = 200, body = Tokens), Refused))]
async fn list(State(app): State<App>, Anywhere(caller): Anywhere<ADMIN>) -> Result<Json<Tokens>, ApiError> {
    let tokens = within(&app, &caller).await?;
    Ok(Json(Tokens { tokens: tokens.iter().map(TokenOut::from).collect() }))
}

/// A new token, for sites that the caller administers.
#[utoipa::path(post, path = "/tokens", operation_id = "create_token", request_body = TokenIn,
    responses((status = 201, body = TokenMade), Conflict, InvalidBody, Refused))]
async fn create(
    State(app): State<App>,
    Anywhere(caller): Anywhere<ADMIN>,
    Definition(sent): Definition<TokenIn>,
) -> Result<impl IntoResponse, ApiError> {
    let TokenIn { name, scopes, sites, expires_at } = sent;
    let end = expires_at.as_deref().map(time::parse);
    if end == Some(None) {
        let rule = Rule::Format("a moment as in 2027-01-31T12:00:00Z");
        return Err(ApiError::Invalid(vec![Violation::new("expires_at", rule)]));
    }
    let wish = TokenWish { name, scopes, sites, expires_at: end.flatten() };
    let NewToken { token, secret } = make(&app, &caller, wish).await?;
    let location = [(header::LOCATION, format!("/api/v1/tokens/{}", token.id))];
    let made = TokenMade { kept: TokenOut::from(&token), token: secret };
    Ok((StatusCode::CREATED, location, Json(made)))
}

/// Ends a token at once.
#[utoipa::path(delete, path = "/tokens/{token}", operation_id = "revoke_token", params(InToken),
    responses((status = 204, description = "It is gone."), NoSuchToken, Refused))]
async fn revoke(
    State(app): State<App>,
    Anywhere(caller): Anywhere<ADMIN>,
    Path(id): Path<String>,
) -> Result<StatusCode, ApiError> {
    end(&app, &caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
