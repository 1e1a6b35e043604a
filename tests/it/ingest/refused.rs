//! What is refused: the status says whether to try again, the violations say which field, and nothing is stored.

use reqwest::Method;
use serde_json::{Value, json};

use super::{assert_readable_across_origins, status};
use crate::answer::{fresh_id, valid, with};
use crate::client::{Reply, SHOP};
use crate::server::Server;

/// Refused, with nothing stored and the next answer taken.
async fn assert_refused(server: &Server, reply: Reply, expected: u16, broken: &[&str], what: &str) {
    assert_eq!(reply.status, expected, "{what}: {reply:?}");
    assert_eq!(reply.violations(), broken, "{what}");
    assert_readable_across_origins(&reply);
    assert_eq!(reply.header("cache-control"), "no-store", "{what}");
    assert_eq!(reply.header("retry-after"), "", "{what}: will never work");
    assert_eq!(server.stored().await, Vec::<Value>::new(), "{what}");
}

#[tokio::test]
async fn fields_that_break_a_rule_are_named() {
    let server = Server::start().await;
    let long = |chars: usize| "è".repeat(chars);
    let many: Value =
        (0..33).map(|n| (format!("a{n}"), json!("x"))).collect::<serde_json::Map<_, _>>().into();
    let v4 = "019aa2b4-7c00-4abc-8def-0123456789ab";
    let cases = [
        (json!({"site": null}), "site missing"),
        (json!({"site": 7}), "site type"),
        (json!({"survey": null}), "survey missing"),
        (json!({"survey": ["nps"]}), "survey type"),
        (json!({"id": null}), "id missing"),
        (json!({"id": 1}), "id type"),
        (json!({"id": v4}), "id format"),
        (json!({"id": "1"}), "id format"),
        (json!({"id": fresh_id().replace('-', "")}), "id format"),
        (json!({"revision": null}), "revision missing"),
        (json!({"revision": "1"}), "revision type"),
        (json!({"revision": 0}), "revision out_of_range"),
        (json!({"revision": -1}), "revision out_of_range"),
        (json!({"revision": 101}), "revision out_of_range"),
        (json!({"revision": 4_294_967_297_i64}), "revision out_of_range"),
        (json!({"score": null}), "score missing"),
        (json!({"score": "9"}), "score type"),
        (json!({"score": 9.5}), "score type"),
        (json!({"score": true}), "score type"),
        (json!({"score": -1}), "score out_of_range"),
        (json!({"score": 11}), "score out_of_range"),
        (json!({"score": 4_294_967_305_i64}), "score out_of_range"),
        (json!({"comment": 5}), "comment type"),
        (json!({"comment": long(4_001)}), "comment too_long"),
        (json!({"comment": "\u{0}\u{1}\u{7}\u{1b}"}), "comment control_character"),
        (json!({"comment": "fine until here\u{85}"}), "comment control_character"),
        (json!({"choices": "fit"}), "choices type"),
        (json!({"choices": [1]}), "choices type"),
        (json!({"choices": ["fit"]}), "choices unknown"),
        (json!({"instrument": "first"}), "instrument format"),
        (json!({"locale": "Italiano!"}), "locale format"),
        (json!({"locale": 39}), "locale type"),
        (json!({"page": long(2_049)}), "page too_long"),
        (json!({"page": "/\u{0}"}), "page control_character"),
        (json!({"channel": "pigeon"}), "channel unknown"),
        (json!({"channel": 1}), "channel type"),
        (json!({"touchpoint": long(129)}), "touchpoint too_long"),
        (json!({"device": "fridge"}), "device unknown"),
        (json!({"ref": long(129)}), "ref too_long"),
        (json!({"ref": 1001}), "ref type"),
        (json!({"subject": "\u{7f}"}), "subject control_character"),
        (json!({"attributes": []}), "attributes type"),
        (json!({"attributes": many}), "attributes too_many"),
        (json!({"attributes": {"plan": 1}}), "attributes.plan type"),
        (json!({"attributes": {"plan": long(257)}}), "attributes.plan too_long"),
        (json!({"attributes": {"": "x"}}), "attributes format"),
        (json!({"inclusion": 0}), "inclusion format"),
        (json!({"inclusion": 1.01}), "inclusion format"),
        (json!({"inclusion": "all"}), "inclusion type"),
        (json!({"test": "no"}), "test type"),
        (json!({"occurred_at": "ieri"}), "occurred_at format"),
        (json!({"occurred_at": 1_795_255_200}), "occurred_at type"),
        (json!({"sent_at": "2026-11-21"}), "sent_at format"),
        (json!({"sent_at": "2026-02-30T00:00:00Z"}), "sent_at format"),
    ];
    for (changes, broken) in cases {
        let reply = server.post(&with(valid(9), changes.clone())).await;
        assert_refused(&server, reply, 422, &[broken], &changes.to_string()).await;
    }
    assert_eq!(status(&server.post(&valid(9)).await), "stored");
}

#[tokio::test]
async fn every_broken_field_is_named_at_once() {
    let server = Server::start().await;
    let answer = with(valid(99), json!({"id": "x", "revision": 0, "comment": "\u{1}", "device": "fridge"}));
    let reply = server.post(&answer).await;
    let mut found = reply.violations();
    found.sort_unstable();
    let all = [
        "comment control_character",
        "device unknown",
        "id format",
        "revision out_of_range",
        "score out_of_range",
    ];
    assert_eq!((reply.status, found), (422, all.map(str::to_owned).to_vec()));
}

/// What it is, the body, its headers, the status, and what is said to be broken.
type Case<'a> = (&'a str, Vec<u8>, &'a [(&'a str, &'a str)], u16, &'a [&'a str]);

#[tokio::test]
async fn bodies_that_cannot_be_read_are_refused() {
    let server = Server::start().await;
    let text = |text: &str| text.as_bytes().to_vec();
    let padded = |answer: Value, len: usize| {
        let mut bytes = answer.to_string().into_bytes();
        bytes.resize(len, b' ');
        bytes
    };
    let form = "application/x-www-form-urlencoded";
    let array = |len: usize| Value::from((0..len).map(|_| valid(9)).collect::<Vec<_>>());
    let cases: [Case<'_>; 16] = [
        ("nothing", vec![], &[], 400, &["body type"]),
        (
            "broken UTF-8",
            b"{\"site\":\"pk_demo\",\"comment\":\"\xff\xfe\"}".to_vec(),
            &[],
            400,
            &["body type"],
        ),
        ("half a surrogate", text(r#"{"site":"pk_demo","comment":"\ud800"}"#), &[], 400, &["body type"]),
        ("half an object", text(r#"{"site":"pk_demo""#), &[], 400, &["body type"]),
        ("no JSON", text("site=pk_demo&score=9"), &[], 400, &["body type"]),
        ("null", text("null"), &[], 400, &["body type"]),
        ("a number", text("9"), &[], 400, &["body type"]),
        ("an empty array", text("[]"), &[], 400, &["body empty"]),
        ("very deep", "[".repeat(30_000).into_bytes(), &[], 400, &["body type"]),
        ("17 KiB", padded(valid(9), 17 * 1024), &[], 413, &["body too_long"]),
        ("65 KiB of array", padded(array(2), 65 * 1024), &[], 413, &["body too_long"]),
        ("51 answers", array(51).to_string().into_bytes(), &[], 413, &["body too_many"]),
        (
            "10,000 elements",
            format!("[{}]", vec!["1"; 10_000].join(",")).into_bytes(),
            &[],
            413,
            &["body too_many"],
        ),
        ("10,000 answers", array(10_000).to_string().into_bytes(), &[], 413, &["body too_long"]),
        ("gzip", b"\x1f\x8b\x08".to_vec(), &[("content-encoding", "gzip")], 415, &[]),
        ("a form", padded(valid(9), 512), &[("content-type", form)], 415, &[]),
    ];
    for (what, body, headers, expected, broken) in cases {
        let reply = server.send_with(body, headers).await;
        assert_refused(&server, reply, expected, broken, what).await;
    }
    assert_eq!(status(&server.post(&valid(9)).await), "stored");
}

#[tokio::test]
async fn unknown_and_closed_surveys_stop_the_asking() {
    let server = Server::start().await;
    for state in ["draft", "paused", "archived"] {
        let definition = crate::surveys::definition(state, json!({"state": state}));
        assert_eq!(server.api(Method::POST, "/surveys", Some(&definition)).await.status, 201, "{state}");
    }
    for (changes, expected) in [
        (json!({"site": "pk_nobody"}), 404),
        (json!({"site": "PK DEMO'; --"}), 404),
        (json!({"survey": "nope"}), 404),
        (json!({"survey": ""}), 404),
        (json!({"survey": "draft"}), 410),
        (json!({"survey": "paused"}), 410),
        (json!({"survey": "paused", "test": true}), 410),
        (json!({"survey": "archived"}), 410),
    ] {
        let reply = server.post(&with(valid(9), changes.clone())).await;
        assert_refused(&server, reply, expected, &[], &changes.to_string()).await;
    }
    let test = with(valid(9), json!({"survey": "draft", "test": true}));
    assert_eq!(status(&server.post(&test).await), "stored", "a draft takes test answers");
}

#[tokio::test]
async fn pages_of_other_origins_are_refused() {
    let server = Server::start().await;
    for origin in [
        "https://evil.example",
        "null",
        "http://localhost.evil.example",
        "http://localhost:3000.evil.example",
        "http://localhost:x",
        "https://localhost:3000",
        "http://127.0.0.1.nip.io",
    ] {
        let body = valid(9).to_string().into_bytes();
        let reply = server.send_with(body, &[("origin", origin)]).await;
        assert_refused(&server, reply, 403, &[], origin).await;
    }
    let body = valid(9).to_string().into_bytes();
    assert_eq!(status(&server.send_with(body, &[("origin", SHOP)]).await), "stored");
}

#[tokio::test]
async fn there_is_nothing_to_read_at_the_path_of_ingest() {
    let server = Server::start().await;
    let reply = server.get("/v1/responses").await;
    assert_eq!((reply.status, reply.header("allow")), (405, "POST"));
    assert_eq!(server.get("/v1/nothing/here").await.status, 404);
}
