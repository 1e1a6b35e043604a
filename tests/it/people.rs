//! People and programs: who gets in, how, and what each of them may do.

use std::sync::{Arc, OnceLock};

use parere_collector::auth::{Caller, Role, TokenWish, hash, hash_password, new_token};
use parere_collector::store::{self, Account, Membership, Purpose, Session, Store};
use parere_shared::time::{DAY_MS, Millis};

use crate::answer::NOON;
use crate::client::Reply;
use crate::dashboard::submit;
use crate::server::Server;

mod command;
mod links;
mod log;
mod matrix;
mod roles;
mod sessions;
mod sign_in;
mod tokens;

/// Everybody's password in these tests.
const PASSWORD: &str = "correct horse";

/// A server, and a way to its store beside it.
pub(crate) struct House {
    pub(crate) server: Server,
    store: Arc<dyn Store>,
}

impl House {
    pub(crate) async fn open() -> Self {
        Self::around(Server::start().await).await
    }

    async fn around(server: Server) -> Self {
        let url = format!("sqlite:{}", server.database().display());
        Self { store: store::open(&url, Purpose::Beside).await.unwrap(), server }
    }

    /// Adds a person with a role at a site, or at all of them.
    pub(crate) async fn add(&self, email: &str, site: Option<&str>, role: Role) {
        // One hash for everybody: what it costs to make is tested elsewhere.
        static HASH: OnceLock<String> = OnceLock::new();
        let account = Account {
            email: email.into(),
            password: Some(HASH.get_or_init(|| hash_password(PASSWORD).unwrap()).clone()),
            is_disabled: false,
            created_at: NOON,
            memberships: vec![Membership { site: site.map(Into::into), role }],
        };
        assert!(self.store.access().add_account(account).await.unwrap());
    }

    /// A session of a person that began by itself; its cookie.
    pub(crate) async fn session(&self, email: &str) -> String {
        let secret = crate::answer::fresh_id();
        let session = Session {
            hash: hash(&secret),
            account: email.into(),
            browser: "Firefox on Linux".into(),
            created_at: NOON,
            used_at: NOON,
            expires_at: NOON + DAY_MS,
        };
        self.store.access().add_session(session).await.unwrap();
        format!("parere={secret}")
    }

    /// A token; its text and what it is called by.
    async fn token(&self, scopes: &[&str], sites: &[&str], expires_at: Option<Millis>) -> (String, String) {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let wish = TokenWish { name: "CRM".into(), scopes: owned(scopes), sites: owned(sites), expires_at };
        // Made before it ended.
        let made = new_token(&Caller::at_the_machine(), wish, 0).unwrap().unwrap();
        let id = made.token.id.clone();
        self.store.access().add_token(made.token).await.unwrap();
        (made.secret, id)
    }

    /// Takes an answer; its id.
    async fn answer(&self) -> String {
        let answer = crate::answer::valid(9);
        assert_eq!(self.server.post(&answer).await.status, 200);
        answer["id"].as_str().unwrap().to_owned()
    }

    /// Posts a form of one of our pages.
    pub(crate) async fn submit(&self, path: &str, cookie: &str, fields: &str) -> Reply {
        submit(&self.server, path, &self.server.base, cookie, fields).await
    }

    pub(crate) async fn open_page(&self, path: &str, cookie: &str) -> Reply {
        crate::dashboard::open(&self.server, path, cookie).await
    }

    /// Signs in with a password; the reply.
    async fn sign_in(&self, email: &str, password: &str) -> Reply {
        let fields = form(&[("email", email), ("password", password)]);
        self.submit("/dashboard/sign-in", "", &fields).await
    }
}

/// Fields as a form sends them.
fn form(fields: &[(&str, &str)]) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(fields).finish()
}

/// The cookie that a reply sets, as it is sent back.
fn cookie(reply: &Reply) -> String {
    reply.header("set-cookie").split(';').next().unwrap().to_owned()
}
