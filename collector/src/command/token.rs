//! `parere token`: tokens of programs, for scripts.

use std::io::{self, Write as _};

use anyhow::ensure;
use parere_shared::time::{self, DAY_MS};

use super::open;
use super::user::{record, require_site, say};
use crate::auth::{Action, Caller, TOKENS_MAX, TokenWish, new_token};
use crate::clock::Clock;
use crate::config::TokenCommand;
use crate::store::Store;

/// Does what the command says. A new token is all that is printed, so that a script can take it.
pub async fn run(command: &TokenCommand, clock: &dyn Clock) -> anyhow::Result<()> {
    match command {
        TokenCommand::Create { store, name, scopes, sites, days } => {
            let store = open(store.url()?.expose()).await?;
            let wish = TokenWish {
                name: name.clone(),
                scopes: scopes.clone(),
                sites: sites.clone(),
                expires_at: days.map(|days| clock.now() + i64::from(days) * DAY_MS),
            };
            create(&*store, clock, wish).await
        }
        TokenCommand::List { store } => list(&*open(store.url()?.expose()).await?).await,
        TokenCommand::Revoke { store, id } => {
            let store = open(store.url()?.expose()).await?;
            ensure!(store.access().revoke_token(id).await?, "there is no token {id}; see parere token list");
            record(&*store, clock, Action::TokenRevoke, None, id).await?;
            say("the token is revoked")
        }
    }
}

async fn create(store: &dyn Store, clock: &dyn Clock, wish: TokenWish) -> anyhow::Result<()> {
    for site in &wish.sites {
        require_site(store, Some(site)).await?;
    }
    ensure!(
        store.access().tokens().await?.len() < TOKENS_MAX,
        "there are {TOKENS_MAX} tokens; revoke one first"
    );
    let made = new_token(&Caller::at_the_machine(), wish, clock.now())?.map_err(|found| {
        let said: Vec<_> =
            found.iter().map(|violation| format!("{} {}", violation.field, violation.rule)).collect();
        anyhow::anyhow!(said.join("; "))
    })?;
    let told = format!("{} ({})", made.token.name, made.token.id);
    store.access().add_token(made.token).await?;
    record(store, clock, Action::TokenCreate, None, &told).await?;
    say(&made.secret)
}

async fn list(store: &dyn Store) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    for token in store.access().tokens().await? {
        let scopes = token.rights.names().collect::<Vec<_>>().join(",");
        let sites = if token.sites.is_empty() { "every site".into() } else { token.sites.join(",") };
        let ends = token.expires_at.map_or_else(|| "never".into(), time::format);
        let used = token.used_at.map_or_else(|| "never".into(), time::format);
        writeln!(out, "{}\t{}\t{scopes}\t{sites}\tends {ends}\tused {used}", token.id, token.name)?;
    }
    Ok(())
}
