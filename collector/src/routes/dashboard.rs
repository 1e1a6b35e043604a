//! The dashboard: pages for people, readable without a script.
//!
//! Handlers speak of errors as the operators' API does; one layer around them turns those into pages,
//! sends who is not signed in to the door, and sets the headers that keep foreign content out.
//! Another one refuses every form that does not come from one of our own pages, whatever it is for.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state, map_response_with_state};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use parere_shared::problem::MEDIA_TYPE;

use crate::app::App;
use crate::auth::{ADMIN, Caller};
use crate::error::ApiError;
use crate::openapi::Reading;
use crate::origin;

mod cases;
mod chart;
mod comment;
mod comments;
mod connect;
mod connections;
mod data;
mod desk_hours;
mod door;
mod edit;
mod figure;
mod form;
mod invitation;
mod invitations;
mod journey;
mod live;
mod log;
mod numerals;
mod overview;
mod people;
mod preview;
mod reference;
mod review;
mod rules;
mod set_up;
mod speed;
mod survey;
mod terms;
mod tokens;
mod versions;
mod webhooks;
mod window;
mod words;
mod you;

pub(crate) use versions::changes;

/// Where people sign in.
const DOOR: &str = "/dashboard/sign-in";

/// The dashboard's start page.
const HOME: &str = "/dashboard";

/// One's own sessions and password.
const YOU: &str = "/dashboard/you";

/// Who has which role.
const PEOPLE: &str = "/dashboard/people";

/// Tokens of programs.
const TOKENS: &str = "/dashboard/tokens";

/// Nothing runs but our own files and nothing comes from elsewhere; the favicon is written in the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
                      img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// `/dashboard` and everything below.
pub fn router(app: &App, reading: Reading) -> Router<App> {
    Router::new()
        .route(HOME, get(overview::page))
        .route(DOOR, get(door::page).post(door::sign_in))
        .route("/dashboard/sign-out", post(door::sign_out))
        .route("/dashboard/set-up", get(set_up::page).post(set_up::make))
        .route("/dashboard/invitation", get(invitation::page).post(invitation::accept))
        .route(YOU, get(you::page))
        .route("/dashboard/you/password", post(you::change_password))
        .route("/dashboard/you/sessions", post(you::end_sessions))
        .route(PEOPLE, get(people::page).post(people::give))
        .route("/dashboard/people/link", post(people::link))
        .route("/dashboard/people/state", post(people::state))
        .route(TOKENS, get(tokens::page).post(tokens::create))
        .route("/dashboard/tokens/revoke", post(tokens::revoke))
        .route("/dashboard/audit", get(log::page))
        .route("/dashboard/{site}/surveys/{survey}", get(survey::page))
        .route("/dashboard/{site}/surveys/{survey}/marks", post(survey::marks::act))
        .route("/dashboard/{site}/surveys/{survey}/versions", get(versions::page))
        .route("/dashboard/live", get(live::of_all))
        .route("/dashboard/{site}/live", get(live::of_site))
        .route("/dashboard/{site}/cases", get(cases::page).post(cases::act))
        .route("/dashboard/{site}/cases/hours", post(cases::hours::set))
        .route("/dashboard/{site}/journey", get(journey::page))
        .route("/dashboard/{site}/speed", get(speed::page))
        .route("/dashboard/{site}/desk-hours", get(desk_hours::page).post(desk_hours::change))
        .route("/dashboard/{site}/comments", get(comments::page).post(review::decide_together))
        .route("/dashboard/{site}/responses/{id}", get(comments::one))
        .route("/dashboard/{site}/responses/{id}/erase", get(data::confirm).post(data::erase_one))
        .route("/dashboard/{site}/invitations", get(invitations::page).post(invitations::act))
        .route("/dashboard/{site}/invitations/table", post(invitations::upload))
        .route("/dashboard/{site}/data", get(data::page))
        .route("/dashboard/{site}/data/person", post(data::person))
        .route("/dashboard/{site}/data/export", post(data::export))
        .route("/dashboard/{site}/data/erase", post(data::erase))
        .route("/dashboard/{site}/data/retention", post(data::retention))
        .route("/dashboard/{site}/data/remove", post(data::remove))
        .route("/dashboard/api", get(reference::page).layer(Extension(Arc::new(reading))))
        .route("/dashboard/{site}/webhooks", get(webhooks::page).post(webhooks::create))
        .route("/dashboard/{site}/webhooks/act", post(webhooks::act))
        .route("/dashboard/{site}/webhooks/connect/{crm}", get(connect::page).post(connect::create))
        .route("/dashboard/{site}/webhooks/{webhook}", get(webhooks::log))
        .route("/dashboard/{site}/connections", get(connections::page).post(connections::act))
        .route("/dashboard/{site}/rules", get(rules::page).post(rules::create))
        .route("/dashboard/{site}/rules/{rule}", get(rules::one).post(rules::act))
        .merge(edit::router())
        .layer(from_fn_with_state(app.clone(), only_from_our_pages))
        .layer(map_response_with_state(app.clone(), dress))
}

/// What stands around every page.
struct Frame {
    styles: [String; 3],
    script: String,
    /// Ticks all of a list at once.
    ticking: String,
    signed_in: bool,
    /// Are there people, tokens and a log to look after?
    may_administer: bool,
}

impl Frame {
    /// For somebody who is signed in.
    fn of(app: &App, caller: &Caller) -> Self {
        Self { signed_in: true, may_administer: caller.may_anywhere(ADMIN), ..Self::of_nobody(app) }
    }

    /// For everybody else.
    fn of_nobody(app: &App) -> Self {
        Self {
            styles: ["dashboard.css", "figures.css", "people.css"].map(|file| app.assets.url(file)),
            script: app.assets.url("live.js"),
            ticking: app.assets.url("ticking.js"),
            signed_in: false,
            may_administer: false,
        }
    }
}

/// A choice on a form.
struct Choice {
    value: String,
    label: String,
    is_chosen: bool,
}

/// A page that says one thing.
#[derive(Template)]
#[template(path = "dashboard/notice.html")]
struct Notice {
    frame: Frame,
    title: &'static str,
    advice: &'static str,
}

fn render(page: &impl Template) -> Result<Response, ApiError> {
    Ok(Html(page.render().map_err(anyhow::Error::from)?).into_response())
}

/// Browsers say from which page a form was sent; only our own may change anything.
async fn only_from_our_pages(State(app): State<App>, request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD);
    if is_safe || origin::is_our_page(request.headers(), &app.public_url) {
        return next.run(request).await;
    }
    let advice = "Open the dashboard itself and try again there.";
    say(&app, StatusCode::FORBIDDEN, "That did not come from this page", advice)
}

async fn dress(State(app): State<App>, response: Response) -> Response {
    let is_problem = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == MEDIA_TYPE);
    let mut response = match response.status() {
        StatusCode::UNAUTHORIZED => Redirect::to(DOOR).into_response(),
        status if is_problem => notice(&app, status),
        _ => response,
    };
    protect(response.headers_mut());
    response
}

fn notice(app: &App, status: StatusCode) -> Response {
    let (title, advice) = match status {
        StatusCode::NOT_FOUND => {
            ("There is nothing here", "The site or the survey may have been renamed or removed.")
        }
        StatusCode::FORBIDDEN => {
            ("This is not for your role", "Somebody with the role of an owner can give you another one.")
        }
        StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY => {
            ("That cannot be read", "Go back, and send the page's own form.")
        }
        StatusCode::CONFLICT => (
            "It is not as it was when the page was loaded",
            "Somebody may have changed it meanwhile. Open the page again to see how it stands now.",
        ),
        StatusCode::SERVICE_UNAVAILABLE => {
            ("Not available at the moment", "No answer is lost. Wait a few seconds and load the page again.")
        }
        _ => ("Something broke on our side", "No answer is lost. The cause is in the server's log."),
    };
    say(app, status, title, advice)
}

fn say(app: &App, status: StatusCode, title: &'static str, advice: &'static str) -> Response {
    let page = render(&Notice { frame: Frame::of_nobody(app), title, advice });
    page.map_or_else(|_| status.into_response(), |page| (status, page).into_response())
}

fn protect(headers: &mut HeaderMap) {
    // The editor shows a preview in a frame, and the preview runs the widget: they say so themselves.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // An address of the dashboard is nobody else's business; our own forms still say where they come from.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
