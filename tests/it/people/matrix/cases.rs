//! What calls about cases and marks get, and what they send.

use reqwest::Method;
use serde_json::json;

use super::{House, Row, Sent, form};
use crate::answer::valid;

/// What each gets, in the columns of the table.
#[rustfmt::skip]
pub(super) const ROWS: [Row; 13] = [
    ("GET /api/v1/sites/{site}/cases",           [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("GET /api/v1/sites/{site}/cases.csv",       [401, 200, 403, 403, 404, 403, 200, 403, 200, 404, 401, 401, 200]),
    ("GET /api/v1/sites/{site}/cases/figures",   [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("GET /api/v1/sites/{site}/cases/{id}",      [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("PATCH /api/v1/sites/{site}/cases/{id}",    [401, 200, 200, 403, 404, 403, 403, 200, 200, 404, 401, 401, 200]),
    ("GET /api/v1/sites/{site}/marks",           [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /api/v1/sites/{site}/marks",          [401, 201, 201, 403, 404, 403, 403, 201, 201, 404, 401, 401, 201]),
    ("DELETE /api/v1/sites/{site}/marks/{mark}", [401, 204, 204, 403, 404, 403, 403, 204, 204, 404, 401, 401, 204]),
    ("GET /api/v1/sites/{site}/marks/{mark}/comparison",
                                                 [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("GET /dashboard/{site}/cases",              [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/cases",             [401, 303, 303, 403, 404, 403, 403, 303, 303, 404, 401, 401, 303]),
    ("POST /dashboard/{site}/cases/hours",       [401, 303, 403, 403, 404, 403, 403, 403, 303, 404, 401, 401, 303]),
    ("POST /dashboard/{site}/surveys/{survey}/marks",
                                                 [401, 303, 303, 403, 404, 403, 403, 303, 303, 404, 401, 401, 303]),
];

/// The path and what is sent there, for a case or a mark that is there.
pub(super) async fn of_a_case_or_mark(house: &House, route: &str) -> (String, Sent) {
    if route.contains("/marks") { of_a_mark(house, route).await } else { of_a_case(house, route).await }
}

async fn of_a_case(house: &House, route: &str) -> (String, Sent) {
    let answer = valid(2);
    assert_eq!(house.server.post(&answer).await.status, 200);
    let id = answer["id"].as_str().unwrap();
    let path = route.split(' ').nth(1).unwrap().replace("{site}", "pk_demo").replace("{id}", id);
    let sent = match route {
        "PATCH /api/v1/sites/{site}/cases/{id}" => Sent::Json(json!({"status": "doing"})),
        "POST /dashboard/{site}/cases" => Sent::Form(form(&[("case", id), ("act", "leave")])),
        "POST /dashboard/{site}/cases/hours" => Sent::Form(form(&[("due_hours", "48")])),
        _ => Sent::Nothing,
    };
    (path, sent)
}

async fn of_a_mark(house: &House, route: &str) -> (String, Sent) {
    let wish = json!({"survey": "nps", "text": "Labels come pre-printed"});
    let mut path = route.split(' ').nth(1).unwrap().replace("{site}", "pk_demo").replace("{survey}", "nps");
    if path.contains("{mark}") {
        let made = house.server.api(Method::POST, "/marks", Some(&wish)).await.json();
        path = path.replace("{mark}", made["mark"].as_str().unwrap());
    }
    let sent = match route {
        "POST /api/v1/sites/{site}/marks" => Sent::Json(wish),
        "POST /dashboard/{site}/surveys/{survey}/marks" => {
            Sent::Form(form(&[("text", "Labels come pre-printed"), ("date", "2026-11-21")]))
        }
        _ => Sent::Nothing,
    };
    (path, sent)
}
