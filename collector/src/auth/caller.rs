//! Who calls: read from a request's token or cookie, with what they may do.

use axum::http::{HeaderMap, Method, header};
use parere_shared::time::Millis;

use super::right::{READ, Rights};
use super::scope::{SiteScope, SitesScope};
use super::{hash, session};
use crate::app::App;
use crate::error::ApiError;
use crate::origin;
use crate::store::{Account, ActorKind, Hash, Membership, SourceName, Token};

/// How exact it is known when a session or token was last used: one write for all requests of this time.
const USED_EVERY_MS: Millis = 5 * 60 * 1_000;

/// Somebody, or something, that acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// A person, by e-mail address.
    Person(String),
    /// A program with a token.
    Token {
        /// What the token is called by.
        id: String,
        /// What its maker calls it.
        name: String,
    },
    /// Whoever holds `PARERE_ADMIN_TOKEN`.
    Administrator,
    /// Somebody at the machine.
    Machine,
    /// The collector itself, as the site's rules on keeping say.
    Retention,
    /// A shop that is connected, on behalf of one of its customers.
    Source(SourceName),
}

impl Who {
    /// Its kind, for the log.
    pub fn kind(&self) -> ActorKind {
        match self {
            Self::Person(_) => ActorKind::Account,
            Self::Token { .. } => ActorKind::Token,
            Self::Administrator => ActorKind::Administrator,
            Self::Machine | Self::Retention => ActorKind::Machine,
            Self::Source(_) => ActorKind::Source,
        }
    }

    /// Its name, for the log.
    pub fn name(&self) -> String {
        match self {
            Self::Person(email) => email.clone(),
            Self::Token { id, name } => format!("{name} ({id})"),
            Self::Administrator => "administrator".into(),
            Self::Machine => "command line".into(),
            Self::Retention => "retention".into(),
            Self::Source(source) => source.as_str().into(),
        }
    }
}

/// Rights at one site, or at all of them.
#[derive(Debug, Clone)]
struct Grant {
    site: Option<String>,
    rights: Rights,
}

/// A caller who proved who it is.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who it is.
    pub who: Who,
    /// The session that it came by, if it did.
    pub(super) session: Option<(String, Hash)>,
    grants: Vec<Grant>,
}

impl Caller {
    fn all_powerful(who: Who) -> Self {
        Self { who, session: None, grants: vec![Grant { site: None, rights: Rights::ALL }] }
    }

    /// The person at the machine, who can read the database file anyway.
    pub fn at_the_machine() -> Self {
        Self::all_powerful(Who::Machine)
    }

    /// A person with these roles.
    pub fn person(email: &str, memberships: &[Membership]) -> Self {
        let grants = memberships
            .iter()
            .map(|Membership { site, role }| Grant { site: site.clone(), rights: role.rights() });
        Self { who: Who::Person(email.into()), session: None, grants: grants.collect() }
    }

    fn program(token: &Token) -> Self {
        let rights = token.rights;
        let everywhere = token.sites.is_empty().then_some(Grant { site: None, rights });
        let bound = token.sites.iter().map(|site| Grant { site: Some(site.clone()), rights });
        let who = Who::Token { id: token.id.clone(), name: token.name.clone() };
        Self { who, session: None, grants: bound.chain(everywhere).collect() }
    }

    /// What it may do at a site.
    pub fn rights_at(&self, site: &str) -> Rights {
        let here = self.grants.iter().filter(|grant| grant.site.as_deref().is_none_or(|known| known == site));
        here.fold(Rights::NONE, |rights, grant| rights.with(grant.rights))
    }

    /// Has it this right at every site, those to come among them?
    pub fn may_everywhere(&self, right: u8) -> bool {
        self.grants.iter().any(|grant| grant.site.is_none() && grant.rights.has(right))
    }

    /// Has it this right at any site?
    pub fn may_anywhere(&self, right: u8) -> bool {
        self.grants.iter().any(|grant| grant.rights.has(right))
    }

    /// The key to a site's data, if it may read it.
    pub fn scope(&self, site: &str) -> Option<SiteScope> {
        self.rights_at(site).has(READ).then(|| SiteScope::new(site))
    }

    /// Everything at which it has a right.
    pub fn reach(&self, right: u8) -> SitesScope {
        let sites = self.grants.iter().filter(|grant| grant.rights.has(right));
        SitesScope::new(
            (!self.may_everywhere(right)).then(|| sites.filter_map(|grant| grant.site.clone()).collect()),
        )
    }

    /// Who sent a request: by its token; or by its cookie, where that cannot be another page's doing.
    pub(super) async fn of(app: &App, method: &Method, headers: &HeaderMap) -> Result<Self, ApiError> {
        if let Some(token) = bearer(headers) {
            return Self::by_token(app, token).await?.ok_or(ApiError::Unauthorized);
        }
        // A cookie travels with requests that other pages start: those change nothing.
        let is_trusted =
            matches!(*method, Method::GET | Method::HEAD) || origin::is_our_page(headers, &app.public_url);
        match session::secret(headers) {
            Some(secret) if is_trusted => {
                Self::by_session(app, hash(secret)).await?.ok_or(ApiError::Unauthorized)
            }
            _ => Err(ApiError::Unauthorized),
        }
    }

    async fn by_token(app: &App, token: &str) -> Result<Option<Self>, ApiError> {
        if app.credentials.is_admin_token(token) {
            return Ok(Some(Self::all_powerful(Who::Administrator)));
        }
        if !token.starts_with("par_") {
            return Ok(None);
        }
        let now = app.clock.now();
        let found = app.store.access().token(hash(token)).await?;
        let Some(token) = found.filter(|token| token.expires_at.is_none_or(|end| now < end)) else {
            return Ok(None);
        };
        if token.used_at.is_none_or(|used| used + USED_EVERY_MS <= now) {
            note_use(app, token.hash, now).await;
        }
        Ok(Some(Self::program(&token)))
    }

    async fn by_session(app: &App, hash: Hash) -> Result<Option<Self>, ApiError> {
        let now = app.clock.now();
        let Some(session) = app.store.access().session(hash, now).await? else { return Ok(None) };
        let caller = if app.credentials.administrator().as_ref() == Some(&session.account) {
            Self::all_powerful(Who::Administrator)
        } else {
            let account: Option<Account> = app.store.access().account(&session.account).await?;
            let Some(account) = account.filter(|account| !account.is_disabled) else { return Ok(None) };
            Self::person(&account.email, &account.memberships)
        };
        if session.used_at + USED_EVERY_MS <= now {
            note_use(app, hash, now).await;
        }
        Ok(Some(Self { session: Some((session.account, hash)), ..caller }))
    }

    /// Whose token a request shows, on paths that are open to everybody; nobody's if it is not valid.
    pub async fn by_shown_token(app: &App, headers: &HeaderMap) -> Result<Option<Self>, ApiError> {
        match bearer(headers) {
            Some(token) => Self::by_token(app, token).await,
            None => Ok(None),
        }
    }
}

/// That it cannot be written is no reason to refuse what can be read.
async fn note_use(app: &App, secret: Hash, now: Millis) {
    if let Err(error) = app.store.access().note_use(secret, now).await {
        tracing::warn!("the use of a session or token could not be noted: {error}");
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{ADMIN, Role, WRITE};

    fn member(site: Option<&str>, role: Role) -> Membership {
        Membership { site: site.map(Into::into), role }
    }

    #[test]
    fn roles_at_a_site_and_at_every_site_add_up() {
        let caller = Caller::person("a@x", &[member(None, Role::Viewer), member(Some("pk_a"), Role::Owner)]);
        assert!(caller.rights_at("pk_a").has(ADMIN) && !caller.rights_at("pk_b").has(WRITE));
        assert!(
            caller.scope("pk_b").is_some() && caller.may_everywhere(READ) && !caller.may_everywhere(ADMIN)
        );
        assert!(caller.may_anywhere(ADMIN));
        assert_eq!(caller.reach(ADMIN).sites(), Some(&["pk_a".to_owned()][..]));
        assert_eq!(caller.reach(READ).sites(), None);
        let nobody = Caller::person("b@x", &[]);
        assert!(
            nobody.rights_at("pk_a").is_empty()
                && !nobody.may_anywhere(READ)
                && nobody.scope("pk_a").is_none()
        );
        assert_eq!(nobody.reach(READ).sites(), Some(&[][..]), "nothing, which is not everything");
    }
}
