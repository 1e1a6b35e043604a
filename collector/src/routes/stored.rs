//! Stored answers: read, newest first, a page at a time; and decided about, all that match at once.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use parere_shared::time::Millis;
use parere_shared::violation::{Rule, Violation};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::definition::Definition;
use super::filter;
use super::query::{Asked, refuse_any};
use super::reading::Reading;
use crate::app::App;
use crate::auth::{Action, Caller, May, READ, SiteScope, WRITE};
use crate::error::ApiError;
use crate::export::{cursor, write_object};
use crate::openapi::{
    InSite, InvalidBody, InvalidQuery, NoSuchSite, OrderQuery, Page, PageQuery, Refused, Reviewed, WhichQuery,
};
use crate::store::{Filter, Order, Review, StoredRow};

/// Answers on a page when nothing is said.
pub const LIMIT_DEFAULT: usize = 50;

/// Most answers on a page: half a megabyte of long comments; who wants all takes an export.
pub const LIMIT_MAX: usize = 500;

/// `GET /sites/{site}/responses` and `POST /sites/{site}/responses/review`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(page)).routes(routes!(review))
}

/// What a person decided.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReviewIn {
    review: Review,
}

/// Decides about every answer that matches: whether it counts, whatever its flags say. At least one parameter has to say which.
#[utoipa::path(post, path = "/sites/{site}/responses/review", operation_id = "review_responses",
    params(InSite, WhichQuery), request_body = ReviewIn,
    responses((status = 200, body = Reviewed), NoSuchSite, InvalidBody, Refused))]
async fn review(
    State(app): State<App>,
    May { scope, site, caller }: May<WRITE>,
    asked: Asked,
    Definition(sent): Definition<ReviewIn>,
) -> Result<impl IntoResponse, ApiError> {
    let mut found = Vec::new();
    let filter = filter::read(&asked, &site, &mut found);
    // One slip must not decide about everything there is.
    if found.is_empty() && filter.as_ref().is_ok_and(|filter| *filter == Filter::default()) {
        found.push(Violation::new("query", Rule::Missing));
    }
    refuse_any(found)?;
    let filter = filter?;
    let survey = filter.survey.clone().unwrap_or_default();
    let changed = decide(&app, &scope, &caller, &filter, sent.review, |_| survey).await?;
    Ok(Json(json!({ "changed": changed })))
}

/// Decides about every answer that matches, and says how many changed; `target` is what the log says of so many.
pub(super) async fn decide(
    app: &App,
    scope: &SiteScope,
    caller: &Caller,
    filter: &Filter,
    review: Review,
    target: impl FnOnce(u64) -> String,
) -> Result<u64, ApiError> {
    let changed = app.store.review(scope, filter, review).await?;
    app.live.tell(scope.site());
    app.record(&caller.who, Action::ResponsesReview, Some(scope.site()), &target(changed)).await?;
    Ok(changed)
}

/// A page of answers, and the cursor of the next one; oldest first, it is also where to ask again for what comes later.
/// A search by `q` may give fewer than `limit` where a next page follows.
#[utoipa::path(get, path = "/sites/{site}/responses", operation_id = "read_responses",
    params(InSite, WhichQuery, PageQuery, OrderQuery),
    responses((status = 200, body = Page), NoSuchSite, InvalidQuery, Refused))]
async fn page(
    State(app): State<App>,
    May { scope, site, .. }: May<READ>,
    asked: Asked,
) -> Result<impl IntoResponse, ApiError> {
    let mut found = Vec::new();
    let limit = limit(&asked, &mut found);
    let filter = filter::read(&asked, &site, &mut found);
    let after = asked.get("cursor").map(|text| cursor::open(text, &site.site));
    if after == Some(None) {
        found.push(Violation::new("cursor", Rule::Format("the next of an earlier page of this site")));
    }
    let order = order(&asked, &mut found);
    let lag_ms = lag_ms(&asked, &mut found);
    refuse_any(found)?;
    let (filter, after) = (filter?, after.flatten());
    let store = &*app.store;
    let Reading { rows, next, .. } = match order {
        Order::NewestFirst => Reading::open(store, &scope, &filter, after, limit).await?,
        Order::OldestFirst => {
            // Clocks of several collectors differ: without a lag, what came later than now has settled, too.
            let settled = if lag_ms > 0 { app.clock.now() - lag_ms } else { Millis::MAX };
            Reading::onward(store, &scope, &filter, after, limit, settled).await?
        }
    };
    let next = next.map(|seq| cursor::seal(seq, &site.site));
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, document(&rows, next.as_deref()).map_err(anyhow::Error::from)?))
}

/// Longest time that answers are left to settle, in seconds: a week, which is how long a browser keeps trying.
pub const LAG_MAX_S: i64 = 7 * 24 * 60 * 60;

fn order(asked: &Asked, found: &mut Vec<Violation>) -> Order {
    match asked.get("order") {
        None | Some("newest") => Order::NewestFirst,
        Some("oldest") => Order::OldestFirst,
        Some(_) => {
            found.push(Violation::new("order", Rule::Unknown("newest or oldest")));
            Order::NewestFirst
        }
    }
}

fn lag_ms(asked: &Asked, found: &mut Vec<Violation>) -> Millis {
    let lag_s = asked.get("lag").map_or(Some(0), |text| text.parse().ok());
    let lag_s = lag_s.filter(|lag_s| (0..=LAG_MAX_S).contains(lag_s)).unwrap_or_else(|| {
        found.push(Violation::new("lag", Rule::OutOfRange { min: 0, max: LAG_MAX_S }));
        0
    });
    lag_s * 1_000
}

/// `{"responses": […], "next": …}`; answers look the same as in an export.
fn document(rows: &[StoredRow], next: Option<&str>) -> serde_json::Result<Vec<u8>> {
    let mut out = b"{\"responses\":[".to_vec();
    for (i, stored) in rows.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        write_object(&stored.row, &mut out)?;
    }
    out.extend_from_slice(b"],\"next\":");
    serde_json::to_writer(&mut out, &next)?;
    out.push(b'}');
    Ok(out)
}

pub(super) fn limit(asked: &Asked, found: &mut Vec<Violation>) -> usize {
    let limit = asked.get("limit").map_or(Some(LIMIT_DEFAULT), |text| text.parse().ok());
    limit.filter(|limit| (1..=LIMIT_MAX).contains(limit)).unwrap_or_else(|| {
        found.push(Violation::new("limit", Rule::OutOfRange { min: 1, max: 500 }));
        LIMIT_DEFAULT
    })
}
