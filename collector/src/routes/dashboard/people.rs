//! People: who has which role where. Owners of a site give roles there to those who have an account;
//! accounts are made, and links to choose a password handed out, by owners of every site alone:
//! such a link lets its holder in with all that the account may do.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use parere_shared::time::{DAY_MS, Millis};

use super::form::Form;
use super::words::{EVERY_SITE, Moment, administered, place};
use super::{Choice, Frame, PEOPLE, render};
use crate::app::App;
use crate::auth::{self, ADMIN, Action, Anywhere, Caller, Everywhere, Role, Who};
use crate::error::ApiError;
use crate::random;
use crate::store::{Account, AccountChange, Membership};

/// How long a link works: over a weekend and a little more.
const LINK_MS: Millis = 7 * DAY_MS;

/// Most accounts of one collector: the page shows all of them.
const ACCOUNTS_MAX: usize = 1_000;

const NO_SUCH_ACCOUNT: ApiError = ApiError::NotFound("There is no such account.");

#[derive(Template)]
#[template(path = "dashboard/people.html")]
struct Page {
    frame: Frame,
    people: Vec<Person>,
    sites: Vec<Choice>,
    roles: Vec<Choice>,
    /// May accounts be made, closed and opened?
    may_invite: bool,
    /// What was wrong with the last try; empty at the first.
    refusal: &'static str,
    /// A link that was just made, and whose.
    link: Option<(String, String)>,
}

struct Person {
    email: String,
    since: Moment,
    is_disabled: bool,
    has_password: bool,
    is_you: bool,
    held: Vec<Held>,
}

/// A role at a place.
struct Held {
    site: String,
    place: String,
    role: Role,
    roles: Vec<Choice>,
    /// One's own rights over everything are taken away by somebody else.
    is_fixed: bool,
}

/// Who has a role at the sites that the caller administers.
pub(super) async fn page(
    State(app): State<App>,
    Anywhere(caller): Anywhere<ADMIN>,
) -> Result<Response, ApiError> {
    draw(&app, &caller, "", None).await
}

async fn draw(
    app: &App,
    caller: &Caller,
    refusal: &'static str,
    link: Option<(String, String)>,
) -> Result<Response, ApiError> {
    let accounts = app.store.access().accounts().await?.into_iter();
    render(&Page {
        frame: Frame::of(app, caller),
        people: accounts.filter_map(|account| person(caller, account)).collect(),
        sites: administered(&app.catalogue, caller),
        roles: roles(Role::Viewer),
        may_invite: caller.may_everywhere(ADMIN),
        refusal,
        link,
    })
}

fn roles(chosen: Role) -> Vec<Choice> {
    let choice = |role: Role| Choice {
        value: role.name().into(),
        label: match role {
            Role::Viewer => "Viewer: reads scores and answers",
            Role::Editor => "Editor: also writes surveys, reviews flags",
            Role::Owner => "Owner: also exports, people, tokens",
        }
        .into(),
        is_chosen: role == chosen,
    };
    Role::ALL.into_iter().map(choice).collect()
}

/// May the caller give and take roles there?
fn administers(caller: &Caller, site: Option<&str>) -> bool {
    site.map_or_else(|| caller.may_everywhere(ADMIN), |site| caller.rights_at(site).has(ADMIN))
}

fn is_you(caller: &Caller, email: &str) -> bool {
    caller.who == Who::Person(email.into())
}

/// What the caller may see of an account; nothing of one without a role at its own sites.
fn person(caller: &Caller, account: Account) -> Option<Person> {
    let is_you = is_you(caller, &account.email);
    let within = account.memberships.iter().filter(|held| administers(caller, held.site.as_deref()));
    let held: Vec<Held> = within
        .map(|Membership { site, role }| Held {
            site: site.clone().unwrap_or_else(|| EVERY_SITE.into()),
            place: place(site.as_deref()),
            role: *role,
            roles: roles(*role),
            is_fixed: is_you && site.is_none(),
        })
        .collect();
    (caller.may_everywhere(ADMIN) || !held.is_empty()).then(|| Person {
        since: Moment::new(account.created_at),
        is_disabled: account.is_disabled,
        has_password: account.password.is_some(),
        email: account.email,
        is_you,
        held,
    })
}

/// Gives a role, or takes one away; makes the account where there is none yet.
pub(super) async fn give(
    State(app): State<App>,
    Anywhere(caller): Anywhere<ADMIN>,
    form: Form,
) -> Result<Response, ApiError> {
    let site = Some(form.text("site")).filter(|site| *site != EVERY_SITE);
    let is_known = site.is_none_or(|site| app.catalogue.site(site).is_some());
    if !is_known || !administers(&caller, site) {
        return Err(ApiError::NotFound("There is no such site."));
    }
    let Some(email) = auth::email(form.text("email")) else {
        return again(&app, &caller, "This is no e-mail address.").await;
    };
    if site.is_none() && is_you(&caller, &email) {
        return again(&app, &caller, "Your own rights over every site are for another owner to change.")
            .await;
    }
    let role = Role::parse(form.text("role"));
    if app.store.access().set_role(&email, site, role).await? {
        let told = role.map_or("none", Role::name);
        app.record(&caller.who, Action::AccountRole, site, &format!("{email}: {told}")).await?;
        return Ok(Redirect::to(PEOPLE).into_response());
    }
    let Some(role) = role else { return Err(NO_SUCH_ACCOUNT) };
    if !caller.may_everywhere(ADMIN) {
        let refusal = "There is no account of this address. Ask an owner of every site to make one.";
        return again(&app, &caller, refusal).await;
    }
    if app.store.access().accounts().await?.len() >= ACCOUNTS_MAX {
        return again(&app, &caller, "There are 1,000 accounts; no more are made.").await;
    }
    let memberships = vec![Membership { site: site.map(Into::into), role }];
    let (password, created_at) = (None, app.clock.now());
    let account = Account { email: email.clone(), password, is_disabled: false, created_at, memberships };
    if !app.store.access().add_account(account).await? {
        return again(&app, &caller, "Somebody else has just made this account.").await;
    }
    app.record(&caller.who, Action::AccountCreate, site, &format!("{email}: {role}")).await?;
    let link = invite(&app, &caller, email).await?;
    draw(&app, &caller, "", Some(link)).await
}

async fn again(app: &App, caller: &Caller, refusal: &'static str) -> Result<Response, ApiError> {
    let page = draw(app, caller, refusal, None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// A link by which the account's holder chooses a password; whose it is, and the link.
async fn invite(app: &App, caller: &Caller, email: String) -> Result<(String, String), ApiError> {
    let key = random::token::<24>()?;
    app.store.access().add_invitation(auth::hash(&key), &email, app.clock.now() + LINK_MS).await?;
    app.record(&caller.who, Action::AccountLink, None, &email).await?;
    let link = format!("{}/dashboard/invitation?key={key}", app.public_url);
    Ok((email, link))
}

/// Another link, for somebody who lost the first one or forgot the password.
pub(super) async fn link(
    State(app): State<App>,
    Everywhere(caller): Everywhere<ADMIN>,
    form: Form,
) -> Result<Response, ApiError> {
    let account = app.store.access().account(form.text("email")).await?.ok_or(NO_SUCH_ACCOUNT)?;
    if account.is_disabled {
        return again(&app, &caller, "This account is closed; open it first.").await;
    }
    let link = invite(&app, &caller, account.email).await?;
    draw(&app, &caller, "", Some(link)).await
}

/// Closes an account, and with it every session, or opens it again.
pub(super) async fn state(
    State(app): State<App>,
    Everywhere(caller): Everywhere<ADMIN>,
    form: Form,
) -> Result<Response, ApiError> {
    let email = form.text("email");
    if is_you(&caller, email) {
        return again(&app, &caller, "Your own account is for another owner to close.").await;
    }
    let (change, action) = match form.text("state") {
        "closed" => (AccountChange::Disable, Action::AccountDisable),
        "open" => (AccountChange::Enable, Action::AccountEnable),
        _ => return again(&app, &caller, "An account is closed or open.").await,
    };
    if !app.store.access().change_account(email, change).await? {
        return Err(NO_SUCH_ACCOUNT);
    }
    app.record(&caller.who, action, None, email).await?;
    Ok(Redirect::to(PEOPLE).into_response())
}
