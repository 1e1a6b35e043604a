//! What calls about rules send.

use reqwest::Method;
use serde_json::{Value, json};

use super::{House, Row, Sent, form};

/// What each gets.
#[rustfmt::skip]
pub(super) const ROWS: [Row; 9] = [
    ("GET /api/v1/sites/{site}/rules",           [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /api/v1/sites/{site}/rules",          [401, 201, 201, 403, 404, 403, 403, 201, 201, 404, 401, 401, 201]),
    ("POST /api/v1/sites/{site}/rules/dry-run",  [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("PUT /api/v1/sites/{site}/rules/{rule}",    [401, 200, 200, 403, 404, 403, 403, 200, 200, 404, 401, 401, 200]),
    ("DELETE /api/v1/sites/{site}/rules/{rule}", [401, 204, 204, 403, 404, 403, 403, 204, 204, 404, 401, 401, 204]),
    ("GET /dashboard/{site}/rules",              [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/rules",             [401, 303, 303, 403, 404, 403, 403, 303, 303, 404, 401, 401, 303]),
    ("GET /dashboard/{site}/rules/{rule}",       [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/rules/{rule}",      [401, 303, 303, 403, 404, 403, 403, 303, 303, 404, 401, 401, 303]),
];

/// The path and what is sent there, for a rule.
pub(super) async fn of_a_rule(house: &House, route: &str) -> (String, Sent) {
    let (method, path) = route.split_once(' ').unwrap();
    let mut path = path.replace("{site}", "pk_demo");
    if path.contains("{rule}") {
        path = path.replace("{rule}", &rule(house).await);
    }
    let sent = match (method, route.contains("/dashboard/")) {
        ("POST" | "PUT", false) => Sent::Json(wish()),
        ("POST", true) if route.ends_with("{rule}") => Sent::Form(form(&[("act", "on")])),
        ("POST", true) => Sent::Form(form(&[
            ("name", "Delivered"),
            ("survey", "nps"),
            ("when", "delivered"),
            ("after_days", "3"),
            ("after_hours", "0"),
            ("quiet_from", "21:00"),
            ("quiet_until", "09:00"),
            ("expires_days", "14"),
        ])),
        _ => Sent::Nothing,
    };
    (path, sent)
}

fn wish() -> Value {
    json!({"name": "Delivered", "survey": "nps", "when": "delivered", "after_days": 3})
}

/// A rule that is there; another one if the last was removed.
async fn rule(house: &House) -> String {
    let id = |rule: &Value| rule["rule"].as_str().unwrap().to_owned();
    match house.server.read("/rules").await["rules"].as_array().unwrap().last() {
        Some(rule) => id(rule),
        None => id(&house.server.api(Method::POST, "/rules", Some(&wish())).await.json()),
    }
}
