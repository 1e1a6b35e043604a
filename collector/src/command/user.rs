//! `parere user`: accounts, without a server and without mail. For the first one, and for who is locked out.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};

use anyhow::{Context as _, bail, ensure};
use console::Term;

use super::{open, site_of};
use crate::auth::{self, Action, PASSWORD_CHARS_MAX, Role, Who};
use crate::clock::Clock;
use crate::config::{AccountOptions, RoleOptions, UserCommand};
use crate::store::{Account, AccountChange, Membership, Store};

/// Does what the command says, and says that it was done.
pub async fn run(command: &UserCommand, clock: &dyn Clock) -> anyhow::Result<()> {
    match command {
        UserCommand::Create { place, role } => create(place, *role, clock).await,
        UserCommand::List { store } => list(&*open(store.url()?.expose()).await?).await,
        UserCommand::Password(options) => {
            let (store, email) = opened(options).await?;
            // Nobody is asked for a password that has no use.
            ensure!(store.access().account(&email).await?.is_some(), "there is no account {email}");
            let change = AccountChange::Password(auth::hash_password(&new_password()?)?);
            change_account(&*store, clock, &email, change, Action::AccountPassword).await
        }
        UserCommand::Disable(options) => {
            let (store, email) = opened(options).await?;
            change_account(&*store, clock, &email, AccountChange::Disable, Action::AccountDisable).await
        }
        UserCommand::Enable(options) => {
            let (store, email) = opened(options).await?;
            change_account(&*store, clock, &email, AccountChange::Enable, Action::AccountEnable).await
        }
        UserCommand::Role { place, role } => set_role(place, role.0, clock).await,
    }
}

async fn opened(options: &AccountOptions) -> anyhow::Result<(std::sync::Arc<dyn Store>, String)> {
    let email = auth::email(&options.email);
    let email = email.with_context(|| format!("{:?} is no e-mail address", options.email))?;
    Ok((open(options.store.url()?.expose()).await?, email))
}

async fn create(place: &RoleOptions, role: Role, clock: &dyn Clock) -> anyhow::Result<()> {
    let (store, email) = opened(&place.account).await?;
    require_site(&*store, place.site.as_deref()).await?;
    let taken =
        format!("there is an account {email} already; see parere user password, and parere user role");
    ensure!(store.access().account(&email).await?.is_none(), taken);
    let account = Account {
        email: email.clone(),
        password: Some(auth::hash_password(&new_password()?)?),
        is_disabled: false,
        created_at: clock.now(),
        memberships: vec![Membership { site: place.site.clone(), role }],
    };
    ensure!(store.access().add_account(account).await?, taken);
    let told = format!("{email}: {role}");
    record(&*store, clock, Action::AccountCreate, place.site.as_deref(), &told).await?;
    say(&format!("{email} is {role} at {}", named(place.site.as_deref())))
}

async fn set_role(place: &RoleOptions, role: Option<Role>, clock: &dyn Clock) -> anyhow::Result<()> {
    let (store, email) = opened(&place.account).await?;
    let site = place.site.as_deref();
    require_site(&*store, site).await?;
    ensure!(store.access().set_role(&email, site, role).await?, "there is no account {email}");
    let told = role.map_or("none", Role::name);
    record(&*store, clock, Action::AccountRole, site, &format!("{email}: {told}")).await?;
    say(&match role {
        Some(role) => format!("{email} is {role} at {}", named(site)),
        None => format!("{email} has no role at {}", named(site)),
    })
}

async fn change_account(
    store: &dyn Store,
    clock: &dyn Clock,
    email: &str,
    change: AccountChange,
    action: Action,
) -> anyhow::Result<()> {
    ensure!(store.access().change_account(email, change).await?, "there is no account {email}");
    record(store, clock, action, None, email).await?;
    say(match action {
        Action::AccountPassword => "the password was set; every session of the account has ended",
        Action::AccountDisable => "the account is closed; every session of it has ended",
        _ => "the account is open",
    })
}

async fn list(store: &dyn Store) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    for account in store.access().accounts().await? {
        let held = account.memberships.iter();
        let roles: Vec<_> =
            held.map(|held| format!("{} at {}", held.role, named(held.site.as_deref()))).collect();
        let state = match (&account.password, account.is_disabled) {
            (_, true) => "closed",
            (None, false) => "no password yet",
            (Some(_), false) => "open",
        };
        let roles = if roles.is_empty() { "no role".into() } else { roles.join(", ") };
        writeln!(out, "{}\t{state}\t{roles}", account.email)?;
    }
    Ok(())
}

fn named(site: Option<&str>) -> &str {
    site.unwrap_or("every site")
}

/// A slip in a key would make a role at a site that never is.
pub(super) async fn require_site(store: &dyn Store, site: Option<&str>) -> anyhow::Result<()> {
    let Some(site) = site else { return Ok(()) };
    site_of(store, site).await.map(|_| ())
}

pub(super) async fn record(
    store: &dyn Store,
    clock: &dyn Clock,
    action: Action,
    site: Option<&str>,
    target: &str,
) -> anyhow::Result<()> {
    store.access().record(auth::entry(clock, &Who::Machine, action, site, target)?).await?;
    Ok(())
}

pub(super) fn say(sentence: &str) -> anyhow::Result<()> {
    writeln!(io::stdout(), "{sentence}").context("could not write to standard output")
}

/// A password that can be taken: asked for twice on a terminal, else the first line of standard input.
/// Never an argument: those stand in lists of processes and in shells' histories.
fn new_password() -> anyhow::Result<String> {
    let password = if io::stdin().is_terminal() { asked()? } else { piped()? };
    auth::acceptable(&password).map_err(|rule| anyhow::anyhow!("the password {rule}"))?;
    Ok(password)
}

fn asked() -> anyhow::Result<String> {
    let terminal = Term::stderr();
    let ask = |question: &str| -> anyhow::Result<String> {
        terminal.write_str(question)?;
        terminal.read_secure_line().context("could not read the password")
    };
    let password = ask("Password: ")?;
    if ask("The same again: ")? != password {
        bail!("the two passwords are not the same");
    }
    Ok(password)
}

fn piped() -> anyhow::Result<String> {
    // One more than can be taken, each sign of four bytes, tells that it is too long.
    let bytes_max = 4 * (PASSWORD_CHARS_MAX as u64 + 1);
    let mut line = String::new();
    io::stdin().lock().take(bytes_max).read_line(&mut line).context("could not read the password")?;
    Ok(line.trim_end_matches(['\r', '\n']).into())
}
