//! The dashboard: pages for people, readable without a script.
//!
//! Handlers speak of errors as the operators' API does; one layer around them turns those into pages,
//! sends who is not signed in to the door, and sets the headers that keep foreign content out.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::map_response_with_state;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use parere_shared::problem::MEDIA_TYPE;

use crate::app::App;
use crate::error::ApiError;

mod chart;
mod comment;
mod comments;
mod door;
mod figure;
mod journey;
mod live;
mod numerals;
mod overview;
mod survey;
mod window;

/// Where people sign in.
const DOOR: &str = "/dashboard/sign-in";

/// The dashboard's start page.
const HOME: &str = "/dashboard";

/// Nothing runs but our own files and nothing comes from elsewhere; the favicon is written in the page.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
                      img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// `/dashboard` and everything below.
pub fn router(app: &App) -> Router<App> {
    Router::new()
        .route(HOME, get(overview::page))
        .route(DOOR, get(door::page).post(door::sign_in))
        .route("/dashboard/sign-out", post(door::sign_out))
        .route("/dashboard/{site}/surveys/{survey}", get(survey::page))
        .route("/dashboard/{site}/live", get(live::stream))
        .route("/dashboard/{site}/journey", get(journey::page))
        .route("/dashboard/{site}/comments", get(comments::page))
        .route("/dashboard/{site}/responses/{id}", get(comments::one))
        .layer(map_response_with_state(app.clone(), dress))
}

/// What stands around every page.
struct Frame {
    styles: [String; 2],
    script: String,
    signed_in: bool,
}

impl Frame {
    fn new(app: &App, signed_in: bool) -> Self {
        let styles = ["dashboard.css", "figures.css"].map(|name| app.assets.url(name));
        Self { styles, script: app.assets.url("live.js"), signed_in }
    }
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
            ("That did not come from this page", "Open the dashboard itself and try again there.")
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            ("Not available at the moment", "No answer is lost. Wait a few seconds and load the page again.")
        }
        _ => ("Something broke on our side", "No answer is lost. The cause is in the server's log."),
    };
    let page = render(&Notice { frame: Frame::new(app, false), title, advice });
    page.map_or_else(|_| status.into_response(), |page| (status, page).into_response())
}

fn protect(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // An address of the dashboard is nobody else's business; our own forms still say where they come from.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
