//! Every path in one place, by who calls it; then the layers around them.

use std::time::Duration;

use axum::Router;
use axum::http::{HeaderValue, Method, header};
use axum::routing::get;
use bytes::Bytes;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::app::App;
use crate::auth::Open;
use crate::error::ApiError;
use crate::{openapi, routes};

/// How long a browser remembers what another origin may send; Chromium's own limit.
const PREFLIGHT_MAX_AGE: Duration = Duration::from_hours(2);

/// Answers of the operators' API are nobody else's business, not even a cache's.
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// The whole application. What has a description of its own is in the one that is served.
pub fn router(app: App) -> anyhow::Result<Router> {
    let for_shops = OpenApiRouter::new()
        .merge(routes::responses::router())
        .merge(routes::events::router())
        .merge(routes::assets::router().into())
        .layer(cors());
    let for_operators = OpenApiRouter::new()
        .merge(routes::sites::router())
        .merge(routes::surveys::router())
        .merge(routes::scores::router())
        .merge(routes::funnel::router())
        .merge(routes::stored::router())
        .merge(routes::exports::router())
        .merge(routes::erasure::router())
        .merge(routes::tokens::router())
        .merge(routes::webhooks::router())
        .merge(routes::sources::router())
        .merge(routes::tickets::router())
        .merge(routes::segments::router())
        .merge(routes::speed::router())
        .merge(routes::invitations::router())
        .merge(routes::rules::router())
        .merge(routes::cases::router())
        .merge(routes::marks::router())
        .merge(routes::audit::router())
        .layer(SetResponseHeaderLayer::if_not_present(header::CACHE_CONTROL, NO_STORE));
    let (router, described) = OpenApiRouter::with_openapi(openapi::head())
        .merge(for_shops)
        .nest("/api/v1", for_operators)
        .merge(routes::hooks::router())
        .merge(routes::health::router())
        .split_for_parts();
    let document = openapi::document(&described)?;
    let for_people = Router::new()
        .merge(routes::hosted::router())
        .merge(routes::accessibility::router())
        .merge(routes::csp_check::router())
        .merge(routes::demo::router())
        .merge(routes::dashboard::router(&app, openapi::reading(&document, &app.public_url)));
    let shop_file = Bytes::from(openapi::shop_file(&document)?.to_string());
    let document = Bytes::from(document.to_string());
    let router = router
        .route("/api/v1/openapi.json", get(async move |_: Open| openapi::reply(&document)))
        .route("/api/v1/survey.schema.json", get(async move |_: Open| openapi::reply(&shop_file)))
        .merge(for_people)
        .fallback(not_found)
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(app);
    Ok(router)
}

/// Shops are other origins: they may send and read, but never with credentials.
/// Refusals must be readable too, or a widget could not tell "never" from "later".
fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE])
        .expose_headers([header::RETRY_AFTER])
        .max_age(PREFLIGHT_MAX_AGE)
}

async fn not_found() -> ApiError {
    ApiError::NotFound("There is nothing at this address.")
}

/// A handler that panics costs its own request and no other.
fn panicked(_: Box<dyn std::any::Any + Send>) -> axum::response::Response {
    use axum::response::IntoResponse as _;
    ApiError::from(anyhow::anyhow!("a handler panicked")).into_response()
}
