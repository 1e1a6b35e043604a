//! The description of the interfaces: it is the one that was looked at, it is whole, and its examples work.

use std::collections::BTreeSet;
use std::fs;

use reqwest::Method;
use serde_json::{Value, json};

use crate::access::documented_paths;
use crate::answer::with;
use crate::client::{Reply, SITE};
use crate::server::Server;
use crate::tidy::root;

const KEPT: &str = "tests/openapi.json";

/// The description as it is served, each value on a line of its own.
async fn served(server: &Server) -> (Value, String) {
    let reply = server.get("/api/v1/openapi.json").await;
    assert_eq!((reply.status, reply.header("content-type")), (200, "application/json"));
    let text = serde_json::to_string_pretty(&reply.json()).unwrap() + "\n";
    (reply.json(), text)
}

/// `METHOD path` of every operation.
fn operations(document: &Value) -> BTreeSet<String> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect()
}

#[tokio::test]
async fn a_change_to_the_interfaces_is_seen() {
    let (_, text) = served(&Server::start().await).await;
    if fs::read_to_string(root().join(KEPT)).ok().as_deref() != Some(&text) {
        let now = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("openapi.json");
        fs::write(&now, text).unwrap();
        panic!("the interfaces are not those of {KEPT}; if that is meant: cp {} {KEPT}", now.display());
    }
}

#[tokio::test]
async fn the_description_has_the_operators_paths_of_the_manual_and_no_others() {
    let (document, _) = served(&Server::start().await).await;
    let manual: BTreeSet<String> =
        documented_paths().into_iter().map(|(method, path)| format!("{method} {path}")).collect();
    let described: BTreeSet<String> =
        operations(&document).into_iter().filter(|operation| operation.contains(" /api/v1/")).collect();
    assert_eq!(described, manual);
}

#[tokio::test]
async fn every_name_leads_to_a_schema_and_every_operation_has_its_own_name() {
    let (document, text) = served(&Server::start().await).await;
    for reference in text.split("\"$ref\": \"#").skip(1) {
        let pointer = reference.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer} leads nowhere");
    }
    let mut names = BTreeSet::new();
    for operation in operations(&document) {
        let (method, path) = operation.split_once(' ').unwrap();
        let described = &document["paths"][path][method.to_lowercase()];
        assert!(names.insert(described["operationId"].to_string()), "{described}");
        assert!(described["summary"].is_string(), "{operation} says nothing");
    }
}

#[tokio::test]
async fn the_columns_of_an_answer_are_those_of_the_description() {
    let server = Server::start().await;
    assert_eq!(server.post(&crate::answer::full()).await.status, 200);
    let (document, _) = served(&server).await;
    let schema = &document["components"]["schemas"]["StoredResponse"];
    let names = |object: &Value| object.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&schema["properties"]), names(&server.stored().await[0]));
    assert_eq!(schema["required"].as_array().unwrap().len(), names(&schema["properties"]).len());
}

#[tokio::test]
async fn the_examples_are_taken() {
    let server = Server::start().await;
    let (document, _) = served(&server).await;
    let examples = |name: &str| {
        let examples = document["components"]["schemas"][name]["examples"].as_array().unwrap().clone();
        assert!(!examples.is_empty(), "{name}");
        examples
    };
    for answer in examples("Response") {
        assert_eq!(server.post(&answer).await.json(), json!({"status": "stored"}), "{answer}");
    }
    for report in examples("EventReport") {
        let sent = server.request(Method::POST, "/v1/events").body(report.to_string());
        assert_eq!(Reply::to(sent).await.status, 204, "{report}");
    }
    for (name, path) in [
        ("SiteIn", "/api/v1/sites"),
        ("Survey", &*format!("{SITE}/surveys")),
        ("WebhookIn", &*format!("{SITE}/webhooks")),
        ("Rule", &*format!("{SITE}/rules")),
        ("TokenIn", "/api/v1/tokens"),
    ] {
        for example in examples(name) {
            let reply = server.api(Method::POST, path, Some(&example)).await;
            assert_eq!(reply.status, 201, "{example}: {reply:?}");
        }
    }
    for decision in examples("ReviewIn") {
        let reply = server.api(Method::POST, "/responses/review?survey=nps", Some(&decision)).await;
        assert_eq!((reply.status, reply.json()), (200, json!({"changed": 1})), "{decision}");
    }
}

#[tokio::test]
async fn bounds_are_those_of_the_handlers() {
    let server = Server::start().await;
    let (document, _) = served(&server).await;
    let schemas = &document["components"]["schemas"];
    for (field, value, refused) in [
        (
            "comment",
            json!(
                "x".repeat(
                    usize::try_from(
                        schemas["Response"]["properties"]["comment"]["maxLength"].as_u64().unwrap()
                    )
                    .unwrap()
                )
            ),
            false,
        ),
        ("revision", schemas["Response"]["properties"]["revision"]["maximum"].clone(), false),
        (
            "revision",
            json!(schemas["Response"]["properties"]["revision"]["maximum"].as_u64().unwrap() + 1),
            true,
        ),
        ("id", json!("019aa2b4-7c00-4abc-8def-0123456789ab"), true),
    ] {
        let reply = server.post(&with(crate::answer::valid(9), json!({field: value}))).await;
        assert_eq!(reply.status == 422, refused, "{field}: {reply:?}");
    }
}
