//! Who may do what.
//!
//! [`SiteScope`] is the key to a site's data and can be made here only:
//! a handler that has one was let in, and a store verb that takes one cannot be called without.
//! Handlers say what they need in their signature ([`May`], [`Anywhere`], [`Everywhere`], [`SignedIn`], [`Open`]);
//! a test fails on one that does not.

use sha2::{Digest as _, Sha256};

use crate::store::Hash;

mod account;
mod attempt;
mod audit;
mod caller;
mod credentials;
mod may;
mod password;
mod right;
mod scope;
mod session;
mod token;

pub use account::{EMAIL_CHARS_MAX, email};
pub use attempt::Attempts;
pub use audit::{Action, entry};
pub use caller::{Caller, Who};
pub use credentials::Credentials;
pub use may::{Anywhere, Everywhere, May, Open, SignedIn};
pub use password::{PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, Passwords, acceptable, hash_password};
pub use right::{ADMIN, EXPORT, READ, Rights, Role, WRITE};
pub use scope::{SiteScope, SitesScope};
pub use session::{SESSION_MS, Started, cookie_of, end_session, start_session};
pub use token::{NAME_CHARS_MAX, NewToken, TOKENS_MAX, TokenWish, new_token};

/// The hash under which a secret is kept. Secrets are random and long: a plain hash will do.
pub fn hash(secret: &str) -> Hash {
    Sha256::digest(secret.as_bytes()).into()
}
