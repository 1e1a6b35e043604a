//! What a handler needs, declared in its signature; whoever lacks it never gets there.
//!
//! Without a valid credential: 401. At a site that one has no right at all at: 404, as if there were none.
//! With rights there, but not this one: 403.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use serde::Deserialize;

use super::caller::Caller;
use super::right::{ADMIN, EXPORT, READ, WRITE};
use super::scope::SiteScope;
use crate::app::App;
use crate::catalogue::SiteEntry;
use crate::error::ApiError;
use crate::store::Hash;

/// A caller who has `RIGHT` at the site in the path, with the key to its data.
pub struct May<const RIGHT: u8> {
    /// Opens the site's data.
    pub scope: SiteScope,
    /// The site.
    pub site: Arc<SiteEntry>,
    /// Who it is.
    pub caller: Caller,
}

/// A caller who has `RIGHT` at one site at least; the handler asks at which.
pub struct Anywhere<const RIGHT: u8>(pub Caller);

/// A caller who has `RIGHT` at every site, those to come among them, and over the collector itself.
pub struct Everywhere<const RIGHT: u8>(pub Caller);

/// A person in a session, whatever their rights.
pub struct SignedIn {
    /// Who it is.
    pub caller: Caller,
    /// The name under which sessions are kept: an e-mail address, or the administrator's.
    pub account: String,
    /// This session.
    pub session: Hash,
}

/// Open to everybody.
pub struct Open;

#[derive(Deserialize)]
struct SiteInPath {
    site: String,
}

fn lacks(right: u8) -> ApiError {
    ApiError::Forbidden(match right {
        READ => "This needs the scope read, or the role of a viewer.",
        EXPORT => "This needs the scope export, or the role of an owner.",
        WRITE => "This needs the scope write, or the role of an editor.",
        ADMIN => "This needs the scope admin, or the role of an owner.",
        _ => "This is for others.",
    })
}

async fn caller(parts: &Parts, app: &App) -> Result<Caller, ApiError> {
    Caller::of(app, &parts.method, &parts.headers).await
}

impl<const RIGHT: u8> FromRequestParts<App> for May<RIGHT> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = caller(parts, app).await?;
        let not_found = ApiError::NotFound("There is no such site.");
        let path = Path::<SiteInPath>::from_request_parts(parts, app).await;
        let Path(SiteInPath { site }) = path.map_err(|_| not_found.clone())?;
        let rights = caller.rights_at(&site);
        let entry = app.catalogue.site(&site).filter(|_| !rights.is_empty()).ok_or(not_found)?;
        if !rights.has(RIGHT) {
            return Err(lacks(RIGHT));
        }
        Ok(Self { scope: SiteScope::new(&site), site: entry, caller })
    }
}

impl<const RIGHT: u8> FromRequestParts<App> for Anywhere<RIGHT> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = caller(parts, app).await?;
        if caller.may_anywhere(RIGHT) { Ok(Self(caller)) } else { Err(lacks(RIGHT)) }
    }
}

impl<const RIGHT: u8> FromRequestParts<App> for Everywhere<RIGHT> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = caller(parts, app).await?;
        if caller.may_everywhere(RIGHT) { Ok(Self(caller)) } else { Err(lacks(RIGHT)) }
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let caller = caller(parts, app).await?;
        let (account, session) = caller.session.clone().ok_or(ApiError::Unauthorized)?;
        Ok(Self { caller, account, session })
    }
}

impl FromRequestParts<App> for Open {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self)
    }
}
