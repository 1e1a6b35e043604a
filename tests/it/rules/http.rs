//! Rules over HTTP.

use reqwest::Method;
use serde_json::json;

use crate::client::Reply;
use crate::dashboard::{open, sign_in};
use crate::server::Server;

#[tokio::test]
async fn rules_are_written_read_and_removed() {
    let server = Server::start().await;
    let wish = json!({"name": "After delivery", "survey": "ces", "when": "delivered", "after_days": 3});
    let made = server.api(Method::POST, "/rules", Some(&wish)).await;
    assert_eq!(made.status, 201, "{made:?}");
    let made = made.json();
    let id = made["rule"].as_str().unwrap().to_owned();
    assert_eq!(made["says"], "3 days after an order is delivered, ask ces by e-mail.");
    let expected = json!({
        "state": "off", "on_since": null, "version": 1, "waiting": 0, "asked": 0, "not_asked": {}, "channel": "email",
        "quiet_hours": ["21:00", "09:00"], "expires_days": 14, "after_hours": 0,
    });
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&made[field], value, "{field}");
    }
    assert_eq!(server.read("/rules").await["rules"], json!([made]));

    let mut on = wish.clone();
    on["state"] = json!("on");
    on["unless"] = json!(["refunded"]);
    let path = format!("/rules/{id}");
    let changed = server.api(Method::PUT, &path, Some(&on)).await.json();
    assert_eq!((&changed["version"], &changed["unless"]), (&json!(2), &json!(["refunded"])));
    assert!(changed["on_since"].is_string(), "{changed}");

    for (field, value, status) in [
        ("survey", json!("nope"), 422),
        ("when", json!("Delivered!"), 422),
        ("after_days", json!(366), 422),
        ("unless", json!(["raining"]), 422),
        ("conditions", json!([{"fact": "device", "op": "is", "values": ["phone"]}]), 422),
        ("surprise", json!(1), 422),
    ] {
        let mut wrong = wish.clone();
        wrong[field] = value;
        let refused = server.api(Method::PUT, &path, Some(&wrong)).await;
        assert_eq!(refused.status, status, "{field}: {refused:?}");
        let named = refused.json()["violations"][0]["field"].as_str().unwrap().to_owned();
        assert!(named.starts_with(field), "{field}: {named}");
    }
    assert_eq!(server.read("/rules").await["rules"][0]["version"], 2, "as it was");
    assert_eq!(server.api(Method::PUT, "/rules/nope", Some(&wish)).await.status, 404);
    assert_eq!(server.api(Method::DELETE, &path, None).await.status, 204);
    assert_eq!(server.api(Method::DELETE, &path, None).await.status, 404);
    assert_eq!(server.read("/rules").await["rules"], json!([]));
    let log = server.read("/api/v1/audit?limit=3").await;
    // The clock of a test stands still: they are of one moment.
    let mut actions: Vec<_> =
        log["entries"].as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    actions.sort_unstable();
    assert_eq!(actions, ["rule.change", "rule.create", "rule.remove"]);
}

/// What a browser sends of the form, with these exceptions ticked, which stood there for a delivery.
async fn enter(server: &Server, cookie: &str, when: &str, ticked: &[&str]) -> Reply {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs([("name", when), ("when", when), ("survey", "ces"), ("channel", "email")]);
    form.extend_pairs([("after_days", "3"), ("after_hours", "0"), ("expires_days", "14")]);
    form.extend_pairs([("quiet_from", "21:00"), ("quiet_until", "09:00"), ("unless_of", "delivered")]);
    form.extend_pairs(ticked.iter().map(|name| ("unless", name)));
    let request = server.request(Method::POST, "/dashboard/pk_demo/rules");
    let request = request.header("origin", &server.base).header("cookie", cookie);
    let content_type = "application/x-www-form-urlencoded";
    Reply::to(request.header("content-type", content_type).body(form.finish())).await
}

#[tokio::test]
async fn exceptions_that_nobody_touched_follow_what_happens() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    let form = open(&server, "/dashboard/pk_demo/rules", &cookie).await;
    assert!(form.text().contains("name=\"unless_of\" value=\"delivered\""), "{}", form.text());
    let all = ["cancelled", "refunded", "ticket_open", "return_open"];
    for (when, ticked, kept) in [
        ("delivered", &all[..], Some(&all[..])),
        // Whoever sends something back gets the money back: that is no reason not to ask about the return.
        ("return_finished", &all, None),
        ("order_cancelled", &all, None),
        // Somebody chose.
        ("return_finished", &["refunded"], Some(&["refunded"])),
        ("return_finished", &[], Some(&[])),
    ] {
        let reply = enter(&server, &cookie, when, ticked).await;
        assert_eq!(reply.status, 303, "{reply:?}");
        let rules = server.read("/rules").await["rules"].clone();
        let rule = rules.as_array().unwrap().iter().find(|rule| rule["name"] == when).unwrap();
        assert_eq!(rule["unless"], json!(kept), "{when}, {ticked:?}");
        let path = format!("/rules/{}", rule["rule"].as_str().unwrap());
        assert_eq!(server.api(Method::DELETE, &path, None).await.status, 204);
    }
}
