//! What shops need that have to list and pin their scripts: the inventory, the pinned tag and its gates, the types.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha384};

use crate::server::Server;

const PUBLIC: &str = "https://feedback.example";

#[tokio::test]
async fn the_inventory_lists_every_script_with_its_hash() {
    let server = Server::start_with(&["--public-url", PUBLIC]).await;
    let reply = server.get("/assets/inventory.json").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"), "{reply:?}");
    assert_eq!(
        (reply.header("cache-control"), reply.header("access-control-allow-origin")),
        ("no-cache", "*")
    );
    let inventory = reply.json();
    let scripts = inventory["scripts"].as_array().unwrap();
    assert!(scripts.len() >= 4, "{inventory}");
    for script in scripts {
        let text = |name: &str| script[name].as_str().unwrap_or_else(|| panic!("{name}: {script}"));
        let file = server.get(text("url").strip_prefix(PUBLIC).unwrap()).await;
        assert_eq!(file.status, 200, "{script}");
        assert!(file.header("cache-control").contains("immutable"), "{script}");
        assert_eq!(file.header("access-control-allow-origin"), "*", "integrity is checked across origins");
        assert_eq!(file.header("content-type"), text("type"));
        assert_eq!(
            text("integrity"),
            format!("sha384-{}", STANDARD.encode(Sha384::digest(&file.body))),
            "{script}"
        );
        assert_eq!(script["bytes"], file.body.len(), "{script}");
        assert!(text("purpose").len() > 20, "{script}");
    }
    // The tag in it is the pinned loader's, ready to be pasted.
    let loader = scripts.iter().find(|script| script["name"] == "parere-loader.js").unwrap();
    let tag = inventory["tag"].as_str().unwrap();
    for part in [&loader["url"], &loader["integrity"]].map(|value| value.as_str().unwrap()) {
        assert!(tag.contains(&format!("\"{part}\"")), "{tag}");
    }
    assert!(tag.contains("crossorigin=\"anonymous\"") && tag.contains("data-site="), "{tag}");
}

#[tokio::test]
async fn the_pinned_tag_holds_no_site_and_holds_the_widget_to_its_hashes() {
    let server = Server::start().await;
    let inventory = server.get("/assets/inventory.json").await.json();
    let scripts = inventory["scripts"].as_array().unwrap();
    let url = |script: &Value| script["url"].as_str().unwrap().strip_prefix(&server.base).unwrap().to_owned();
    let loader = scripts.iter().find(|script| script["name"] == "parere-loader.js").unwrap();
    let loader = server.get(&url(loader)).await;
    assert!(!loader.text().contains("pk_"), "one file for every site");
    for path in crate::assets::parts(server.get("/v1/pk_demo.js").await.text()) {
        if let Some(script) = scripts.iter().find(|script| url(script) == path) {
            assert!(loader.text().contains(script["integrity"].as_str().unwrap()), "{script}");
        }
    }
}

#[tokio::test]
async fn the_gates_alone_are_those_of_the_tag() {
    let server = Server::start().await;
    let (tag, gates) = (server.get("/v1/pk_demo.js").await, server.get("/v1/pk_demo.json").await);
    assert_eq!((gates.status, gates.header("content-type")), (200, "application/json"), "{gates:?}");
    assert_eq!(gates.header("cache-control"), tag.header("cache-control"));
    assert_eq!(gates.header("access-control-allow-origin"), "*");
    assert_eq!(gates.json()[0], "pk_demo");
    assert!(tag.text().contains(gates.text()), "{gates:?}");
    assert_eq!(server.get("/v1/pk_nobody.json").await.status, 404);
}

#[tokio::test]
async fn the_types_are_there_to_be_fetched() {
    let server = Server::start().await;
    let reply = server.get("/assets/parere.d.ts").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "text/plain; charset=utf-8"), "{reply:?}");
    for name in ["show", "dismiss", "identify", "track", "consent", "on", "explain"] {
        assert!(
            reply.text().contains(&format!("  {name}(")) || reply.text().contains(&format!("  {name}<")),
            "{name}"
        );
    }
}
