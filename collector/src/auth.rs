//! Who may do what.
//!
//! [`SiteScope`] is the key to a site's data and can be made here only:
//! a handler that has one was let in, and a store verb that takes one cannot be called without.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{FromRequestParts, Path};
use axum::http::{HeaderMap, Method, header, request::Parts};
use parere_shared::time::{DAY_MS, Millis};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::app::App;
use crate::catalogue::SiteEntry;
use crate::config::Secret;
use crate::error::ApiError;
use crate::random;
use crate::store::Store;

/// How long a sign-in lasts: a working month, on the operator's own machine.
pub const SESSION_MS: Millis = 30 * DAY_MS;

/// Permission to act on one site's data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteScope {
    site: String,
}

impl SiteScope {
    /// For the person at the machine, who can read the database file anyway: the command line and first start.
    pub fn at_the_machine(site: &str) -> Self {
        Self { site: site.into() }
    }

    /// Key of the site.
    pub fn site(&self) -> &str {
        &self.site
    }
}

/// What a caller can prove.
pub struct Credentials {
    admin_token: Option<[u8; 32]>,
    /// Hash of the one-time key in the sign-in link; gone once used.
    sign_in_key: Mutex<Option<[u8; 32]>>,
}

impl Credentials {
    /// Knows the administrator's token, if there is one, and the key of the sign-in link.
    pub fn new(admin_token: Option<&Secret>, sign_in_key: &str) -> Self {
        Self {
            admin_token: admin_token.map(|token| hash(token.expose())),
            sign_in_key: Mutex::new(Some(hash(sign_in_key))),
        }
    }

    /// Is this the administrator's token?
    pub fn is_admin_token(&self, token: &str) -> bool {
        self.admin_token.is_some_and(|known| known.ct_eq(&hash(token)).into())
    }

    /// Is this the key of the sign-in link? It opens the door once.
    pub fn take_sign_in_key(&self, key: &str) -> bool {
        let mut known = self.sign_in_key.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = known.is_some_and(|known| known.ct_eq(&hash(key)).into());
        if fits {
            *known = None;
        }
        fits
    }
}

/// Starts a session and gives the secret for its cookie; only its hash is stored.
pub async fn start_session(store: &dyn Store, now: Millis) -> Result<String, ApiError> {
    let secret = random::token::<32>()?;
    store.add_session(hash(&secret), now, now + SESSION_MS).await?;
    Ok(secret)
}

/// Ends the session whose cookie a request carries, if it carries one.
pub async fn end_session(store: &dyn Store, headers: &HeaderMap) -> Result<(), ApiError> {
    if let Some(secret) = cookie(headers) {
        store.remove_session(hash(secret)).await?;
    }
    Ok(())
}

/// A caller with every right: the administrator's token, or for reading a signed-in session.
#[derive(Debug, Clone, Copy)]
pub struct Admin(());

impl Admin {
    /// Permission to act on a site, whichever it is.
    pub fn scope(self, site: &str) -> SiteScope {
        SiteScope { site: site.into() }
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        if let Some(token) = bearer(&parts.headers) {
            return if app.credentials.is_admin_token(token) {
                Ok(Self(()))
            } else {
                Err(ApiError::Unauthorized)
            };
        }
        // A cookie travels with requests that other pages start, so it never changes anything.
        let is_safe = matches!(parts.method, Method::GET | Method::HEAD);
        match cookie(&parts.headers) {
            Some(secret) if is_safe && app.store.has_session(hash(secret), app.clock.now()).await? => {
                Ok(Self(()))
            }
            _ => Err(ApiError::Unauthorized),
        }
    }
}

/// Does a request show an operator's token? For paths that are open to everybody.
pub fn is_operator(app: &App, headers: &HeaderMap) -> bool {
    bearer(headers).is_some_and(|token| app.credentials.is_admin_token(token))
}

/// A caller who may act on the site named in the path, with that site.
pub struct SiteAdmin {
    /// Opens the site's data.
    pub scope: SiteScope,
    /// The site.
    pub site: Arc<SiteEntry>,
}

#[derive(Deserialize)]
struct SiteInPath {
    site: String,
}

impl FromRequestParts<App> for SiteAdmin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        Admin::from_request_parts(parts, app).await?;
        let not_found = ApiError::NotFound("There is no such site.");
        let path = Path::<SiteInPath>::from_request_parts(parts, app).await;
        let Path(SiteInPath { site }) = path.map_err(|_| not_found.clone())?;
        let entry = app.catalogue.site(&site).ok_or(not_found)?;
        Ok(Self { scope: SiteScope { site }, site: entry })
    }
}

/// The name of the session cookie; `__Host-` binds it to this host, which browsers allow over https only.
pub fn cookie_name(public_url: &str) -> &'static str {
    if public_url.starts_with("https://") { "__Host-parere" } else { "parere" }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| matches!(*name, "__Host-parere" | "parere")).map(|(_, secret)| secret)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
