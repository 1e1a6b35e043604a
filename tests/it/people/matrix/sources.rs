//! What calls about connections send.

use reqwest::Method;
use serde_json::json;

use super::{House, Sent, form};

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
