//! What calls about connections get, and what they send.

use reqwest::Method;
use serde_json::json;

use super::{House, Row, Sent, form};

/// What each gets, in the columns of the table.
#[rustfmt::skip]
pub(super) const ROWS: [Row; 6] = [
    ("GET /api/v1/sites/{site}/sources",
                                                 [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("PUT /api/v1/sites/{site}/sources/{source}",
                                                 [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("DELETE /api/v1/sites/{site}/sources/{source}",
                                                 [401, 204, 403, 403, 404, 403, 403, 403, 204, 404, 401, 401, 204]),
    // Whatever else is shown: without the signature of the source it is refused.
    ("POST /hooks/{source}/{site}",              [401; 13]),
    ("GET /dashboard/{site}/connections",
                                                 [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/connections",
                                                 [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
];

/// The path and what is sent there, for a connection that is there.
pub(super) async fn of_a_source(house: &House, route: &str) -> (String, Sent) {
    let path = route.split(' ').nth(1).unwrap().replace("{site}", "pk_demo").replace("{source}", "orders");
    let put = house.server.api(Method::PUT, "/sources/orders", Some(&json!({}))).await;
    assert_eq!(put.status, 200, "{put:?}");
    let sent = match route {
        "PUT /api/v1/sites/{site}/sources/{source}" => Sent::Json(json!({})),
        "POST /dashboard/{site}/connections" => Sent::Form(form(&[("source", "orders"), ("act", "connect")])),
        _ if route.starts_with("POST ") => Sent::Json(json!({})),
        _ => Sent::Nothing,
    };
    (path, sent)
}
