//! What calls about tickets and lists of people get, and what they send.

use serde_json::json;

use super::{Row, Sent, form};

/// What each gets, in the columns of the table.
#[rustfmt::skip]
pub(super) const ROWS: [Row; 8] = [
    ("POST /api/v1/sites/{site}/tickets",        [401, 200, 200, 403, 404, 403, 403, 200, 200, 404, 401, 401, 200]),
    ("POST /api/v1/sites/{site}/segments",       [401, 200, 200, 403, 404, 403, 403, 200, 200, 404, 401, 401, 200]),
    ("GET /api/v1/sites/{site}/desk-hours",      [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("PUT /api/v1/sites/{site}/desk-hours",      [401, 200, 200, 403, 404, 403, 403, 200, 200, 404, 401, 401, 200]),
    ("GET /api/v1/sites/{site}/speed",           [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("GET /dashboard/{site}/speed",              [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("GET /dashboard/{site}/desk-hours",         [401, 200, 200, 200, 404, 200, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/desk-hours",        [401, 303, 303, 403, 404, 403, 403, 303, 303, 404, 401, 401, 303]),
];

/// The path and what is sent there.
pub(super) fn of_a_ticket(route: &str) -> (String, Sent) {
    let path = route.split(' ').nth(1).unwrap().replace("{site}", "pk_demo");
    let sent = match route {
        "POST /api/v1/sites/{site}/tickets" => {
            Sent::Json(json!({"ticket": "1", "event": "created", "at": "2026-11-20T10:00:00Z"}))
        }
        "POST /api/v1/sites/{site}/segments" => {
            Sent::Json(json!({"subject": "c-1", "attributes": {"plan": "gold"}}))
        }
        "PUT /api/v1/sites/{site}/desk-hours" => Sent::Json(json!({"week": {"mon": ["09:00-17:00"]}})),
        "POST /dashboard/{site}/desk-hours" => {
            Sent::Form(form(&[("mon_from_1", "09:00"), ("mon_until_1", "17:00")]))
        }
        _ => Sent::Nothing,
    };
    (path, sent)
}
