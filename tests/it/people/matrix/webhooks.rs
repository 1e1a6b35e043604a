//! What calls about webhooks get, and what they send.

use reqwest::Method;
use serde_json::{Value, json};

use super::{House, Row, Sent, form};

/// What each gets, in the columns of the table.
#[rustfmt::skip]
pub(super) const ROWS: [Row; 14] = [
    ("GET /api/v1/sites/{site}/webhooks",
                                                 [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /api/v1/sites/{site}/webhooks",
                                                 [401, 201, 403, 403, 404, 403, 403, 403, 201, 404, 401, 401, 201]),
    ("GET /api/v1/sites/{site}/webhooks/{webhook}",
                                                 [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("PATCH /api/v1/sites/{site}/webhooks/{webhook}",
                                                 [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("DELETE /api/v1/sites/{site}/webhooks/{webhook}",
                                                 [401, 204, 403, 403, 404, 403, 403, 403, 204, 404, 401, 401, 204]),
    ("POST /api/v1/sites/{site}/webhooks/{webhook}/test",
                                                 [401, 202, 403, 403, 404, 403, 403, 403, 202, 404, 401, 401, 202]),
    ("GET /api/v1/sites/{site}/webhooks/{webhook}/deliveries",
                                                 [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /api/v1/sites/{site}/webhooks/{webhook}/deliveries/{delivery}/replay",
                                                 [401, 202, 403, 403, 404, 403, 403, 403, 202, 404, 401, 401, 202]),
    ("GET /dashboard/{site}/webhooks",
                                                 [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/webhooks",
                                                 [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("GET /dashboard/{site}/webhooks/{webhook}",
                                                 [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("GET /dashboard/{site}/webhooks/connect/{crm}",
                                                 [401, 200, 403, 403, 404, 403, 403, 403, 200, 404, 401, 401, 200]),
    ("POST /dashboard/{site}/webhooks/connect/{crm}",
                                                 [401, 303, 403, 403, 404, 403, 403, 403, 303, 404, 401, 401, 303]),
    ("POST /dashboard/{site}/webhooks/act",
                                                 [401, 303, 403, 403, 404, 403, 403, 403, 303, 404, 401, 401, 303]),
];

/// The path and what is sent there, for a webhook and its deliveries.
pub(super) async fn of_a_webhook(house: &House, route: &str) -> (String, Sent) {
    let mut path = route.split(' ').nth(1).unwrap().replace("{site}", "pk_demo");
    let sent = match route {
        "POST /api/v1/sites/{site}/webhooks" => Sent::Json(wish()),
        "PATCH /api/v1/sites/{site}/webhooks/{webhook}" => Sent::Json(json!({"name": "CRM"})),
        "POST /dashboard/{site}/webhooks" => {
            let fields = [("name", "CRM"), ("url", "https://receiver.invalid/"), ("kind", "slack")];
            Sent::Form(form(&fields) + "&digest_hour=8&event=digest.daily")
        }
        "POST /dashboard/{site}/webhooks/connect/{crm}" => {
            let fields = [
                ("name", "HubSpot"),
                ("url", "https://crm.invalid/"),
                ("token", "pat-1"),
                ("contact", "email"),
            ];
            Sent::Form(form(&fields) + "&event=response.created")
        }
        "POST /dashboard/{site}/webhooks/act" => {
            Sent::Form(form(&[("webhook", &hook(house).await), ("act", "on")]))
        }
        _ if route.starts_with("POST ") => Sent::Form(String::new()),
        _ => Sent::Nothing,
    };
    path = path.replace("{crm}", "hubspot");
    if path.contains("{webhook}") {
        let hook = hook(house).await;
        path = path.replace("{webhook}", &hook);
        if path.contains("{delivery}") {
            let test = house.server.api(Method::POST, &format!("/webhooks/{hook}/test"), None).await.json();
            path = path.replace("{delivery}", test["delivery"].as_str().unwrap());
        }
    }
    (path, sent)
}

fn wish() -> Value {
    json!({"name": "CRM", "url": "https://receiver.invalid/", "events": ["digest.daily"]})
}

/// A webhook that is there; another one if the last was removed.
async fn hook(house: &House) -> String {
    let hooks = house.server.read("/webhooks").await;
    let id = |hook: &Value| hook["webhook"].as_str().unwrap().to_owned();
    match hooks["webhooks"].as_array().unwrap().last() {
        Some(hook) => id(hook),
        None => id(&house.server.api(Method::POST, "/webhooks", Some(&wish())).await.json()),
    }
}
