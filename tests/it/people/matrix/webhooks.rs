//! What calls about webhooks send.

use reqwest::Method;
use serde_json::{Value, json};

use super::{House, Sent, form};

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
        "POST /dashboard/{site}/webhooks/act" => {
            Sent::Form(form(&[("webhook", &hook(house).await), ("act", "on")]))
        }
        _ if route.starts_with("POST ") => Sent::Form(String::new()),
        _ => Sent::Nothing,
    };
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
