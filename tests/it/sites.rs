//! Sites: read, added, changed.

use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{valid, with};
use crate::server::Server;

#[tokio::test]
async fn the_first_start_has_a_demo_shop() {
    let server = Server::start().await;
    let sites = server.read("/api/v1/sites").await;
    let keys: Vec<&Value> = sites["sites"].as_array().unwrap().iter().map(|site| &site["site"]).collect();
    assert!(keys.contains(&&json!("pk_demo")), "{sites}");
    let demo = server.read("/api/v1/sites/pk_demo").await;
    assert_eq!(demo["tag"], format!(r#"<script async src="{}/v1/pk_demo.js"></script>"#, server.base));
    assert!(!demo.to_string().contains("secret"), "{demo}");
    let surveys = server.read("/surveys").await;
    let slugs: Vec<&Value> =
        surveys["surveys"].as_array().unwrap().iter().map(|survey| &survey["slug"]).collect();
    assert_eq!(slugs, ["nps", "ces", "csat"]);
}

#[tokio::test]
async fn a_site_is_added_and_changed() {
    let server = Server::start().await;
    let add = async |body: Value| server.api(Method::POST, "/api/v1/sites", Some(&body)).await;
    let shop = json!({"site": "pk_shop", "name": "Bottega", "zone": "Europe/Rome", "origins": ["https://shop.example"]});
    let added = add(shop.clone()).await;
    assert_eq!((added.status, added.header("location")), (201, "/api/v1/sites/pk_shop"));
    for field in ["site", "name", "zone", "origins"] {
        assert_eq!(added.json()[field], shop[field]);
    }
    assert_eq!(add(shop).await.status, 409, "the key is taken");
    let invented = add(json!({"name": "Without a key"})).await.json();
    assert!(invented["site"].as_str().unwrap().len() > 10, "nobody guesses {invented}");

    // The list of origins counts from the moment it is changed.
    let survey = crate::surveys::definition("nps", json!({}));
    assert_eq!(server.api(Method::POST, "/api/v1/sites/pk_shop/surveys", Some(&survey)).await.status, 201);
    let answer = async |origin: &str| {
        let body = with(valid(9), json!({"site": "pk_shop"})).to_string().into_bytes();
        server.send_with(body, &[("origin", origin)]).await.status
    };
    assert_eq!((answer("https://shop.example").await, answer("https://new.example").await), (200, 403));
    let change = json!({"name": "Bottega nuova", "origins": ["https://new.example"]});
    let changed = server.api(Method::PATCH, "/api/v1/sites/pk_shop", Some(&change)).await;
    assert_eq!(changed.status, 200, "{changed:?}");
    assert_eq!(
        (&changed.json()["name"], &changed.json()["zone"]),
        (&json!("Bottega nuova"), &json!("Europe/Rome"))
    );
    assert_eq!((answer("https://shop.example").await, answer("https://new.example").await), (403, 200));

    let gates = async || server.get("/v1/pk_shop.json").await.json()[4].clone();
    assert_eq!((&changed.json()["consent_needed"], gates().await), (&json!(false), json!(0)));
    let change = json!({"consent_needed": true});
    let changed = server.api(Method::PATCH, "/api/v1/sites/pk_shop", Some(&change)).await;
    assert_eq!((&changed.json()["consent_needed"], gates().await), (&json!(true), json!(2)));
}

#[tokio::test]
async fn nonsense_about_a_site_is_refused_with_every_violation() {
    let server = Server::start().await;
    let before = server.read("/api/v1/sites").await;
    let nonsense =
        json!({"site": "PK", "name": "", "zone": "Mars/Base", "origins": ["self", "shop.example"]});
    for (method, path, body, status, broken) in [
        (
            Method::POST,
            "/api/v1/sites",
            nonsense,
            422,
            &["site format", "name empty", "zone format", "origins[1] format"][..],
        ),
        (Method::POST, "/api/v1/sites", json!({}), 422, &["name missing"]),
        (Method::POST, "/api/v1/sites", json!({"name": 7}), 422, &["name type"]),
        (Method::POST, "/api/v1/sites", json!({"name": "x", "secret": "mine"}), 422, &["secret unknown"]),
        (Method::POST, "/api/v1/sites", json!([]), 400, &["body type"]),
        (Method::PATCH, "/api/v1/sites/pk_demo", json!({"site": "pk_other"}), 422, &["site contradiction"]),
        (Method::PATCH, "/api/v1/sites/pk_demo", json!({"origins": "*"}), 422, &["origins type"]),
        (Method::PATCH, "/api/v1/sites/pk_nobody", json!({"name": "x"}), 404, &[]),
    ] {
        let reply = server.api(method.clone(), path, Some(&body)).await;
        assert_eq!(reply.status, status, "{method} {body}: {reply:?}");
        assert_eq!(reply.violations(), broken, "{method} {body}");
    }
    assert_eq!(server.read("/api/v1/sites").await, before);
}

#[tokio::test]
async fn a_site_with_answers_keeps_its_days() {
    let server = Server::start().await;
    let change = json!({"zone": "America/New_York"});
    assert_eq!(server.post(&valid(9)).await.status, 200);
    let reply = server.api(Method::PATCH, "/api/v1/sites/pk_demo", Some(&change)).await;
    assert_eq!(reply.status, 409, "{reply:?}");
    assert_eq!(server.read("/api/v1/sites/pk_demo").await["zone"], "Europe/Rome");
}
