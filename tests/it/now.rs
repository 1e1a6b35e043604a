//! The tag with everything inside: what it carries, in which language, and how it is sent.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::assets::{get, parts, unpack};
use crate::client::Reply;
use crate::server::Server;
use crate::surveys::definition;

/// The string of JavaScript that begins `text`, as the bytes that its characters stand for, and what follows it.
fn literal(text: &str) -> (Vec<u8>, &str) {
    let mut bytes = Vec::new();
    let mut chars = text.strip_prefix('"').expect("a string").char_indices();
    while let Some((at, c)) = chars.next() {
        let c = match c {
            '"' => return (bytes, &text[at + 2..]),
            '\\' => match chars.next().unwrap().1 {
                'n' => '\n',
                'r' => '\r',
                other => other,
            },
            c => c,
        };
        bytes.push(u8::try_from(u32::from(c)).expect("a character that stands for a byte"));
    }
    panic!("a string without end");
}

/// The gates of the site, and the configurations by name, that a script carries.
fn carried(script: &str) -> (Value, BTreeMap<String, Vec<u8>>) {
    let end = &script[script.rfind("[[\"pk_").expect("the site") + 1..];
    let mut values = serde_json::Deserializer::from_str(end).into_iter::<Value>();
    let gates = values.next().unwrap().unwrap();
    let mut rest = end[values.byte_offset()..].strip_prefix(",{").expect("the configurations");
    let mut configs = BTreeMap::new();
    while !rest.starts_with('}') {
        let (name, after) = literal(rest);
        let (bytes, after) = literal(after.strip_prefix(':').unwrap());
        configs.insert(String::from_utf8(name).unwrap(), bytes);
        rest = after.strip_prefix(',').unwrap();
    }
    assert_eq!(rest, "}]);", "nothing comes after the site");
    (gates, configs)
}

async fn script(server: &Server, query: &str) -> Reply {
    let reply = server.get(&format!("/v1/pk_demo.now.js{query}")).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    reply
}

#[tokio::test]
async fn it_is_kept_and_sent_as_the_tag_is() {
    let server = Server::start().await;
    let (tag, now) = (server.get("/v1/pk_demo.js").await, script(&server, "?lang=it").await);
    for name in [
        "content-type",
        "cache-control",
        "vary",
        "access-control-allow-origin",
        "cross-origin-resource-policy",
        "x-content-type-options",
    ] {
        assert_eq!(now.header(name), tag.header(name), "{name}");
    }
    assert_eq!(now.header("content-type"), "text/javascript; charset=utf-8", "its bytes stand as characters");
    assert_eq!(now.header("set-cookie"), "");
    let path = "/v1/pk_demo.now.js?lang=it";
    let known = get(&server, path, &[("if-none-match", now.header("etag"))]).await;
    assert_eq!((known.status, known.body.len()), (304, 0));
    // Of two parts, one compressed with the program and one just now.
    for encoding in ["br", "gzip"] {
        let reply = get(&server, path, &[("accept-encoding", encoding)]).await;
        assert_eq!(reply.header("content-encoding"), encoding);
        assert!(reply.body.len() < now.body.len() / 2, "{encoding}: {} bytes", reply.body.len());
        assert_eq!(unpack(&reply), now.body, "{encoding}");
    }
    for path in ["/v1/pk_nobody.now.js", "/v1/pk_demo.now.json", "/v1/pk_demo.now", "/v1/pk_demo.then.js"] {
        let reply = server.get(path).await;
        assert_eq!((reply.status, reply.header("content-type")), (404, "application/problem+json"), "{path}");
    }
}

#[tokio::test]
async fn it_carries_the_very_files_that_the_tag_fetches() {
    let server = Server::start().await;
    let tag = server.get("/v1/pk_demo.js").await;
    let now = script(&server, "?lang=it").await;
    let text = now.text();
    let at = text.find("\"\0asm").expect("the wasm");
    let [_, wasm, config] = parts(tag.text()).try_into().unwrap();
    assert!(literal(&text[at..]).0 == server.get(&wasm).await.body, "the wasm, byte by byte");
    let (gates, configs) = carried(text);
    assert!(tag.text().contains(&gates.to_string()), "the gates of the tag: {gates}");
    assert_eq!(configs.len(), 3, "every live survey: {:?}", configs.keys());
    let (_, name) = config.rsplit_once('/').unwrap();
    assert_eq!(configs[name], server.get(&config).await.body);
}

#[tokio::test]
async fn it_speaks_the_nearest_language() {
    let server = Server::start().await;
    let (it, en) = (script(&server, "?lang=it").await, script(&server, "?lang=en").await);
    assert_ne!(it.header("etag"), en.header("etag"));
    for (query, expected) in [
        ("", &en),
        ("?lang=", &en),
        ("?lang=xx", &en),
        ("?lang=IT", &it),
        ("?lang=it-CH", &it),
        ("?lang=en&lang=it", &it),
        ("?lang=%FF%22%5C", &en),
    ] {
        assert_eq!(script(&server, query).await.header("etag"), expected.header("etag"), "{query}");
    }
    // A survey that does not speak it goes by the name that the loader asks for, in its own language.
    let german = definition("german", json!({"languages": ["de"]}));
    assert_eq!(server.api(Method::POST, "/surveys", Some(&german)).await.status, 201);
    let (gates, configs) = carried(script(&server, "?lang=it").await.text());
    let hash = gates[2].as_str().unwrap();
    let asked = format!("pk_demo.german.it-{hash}.bin");
    assert_eq!(configs[&asked], server.get(&format!("/assets/{asked}")).await.body);
}

#[tokio::test]
async fn what_may_end_at_any_time_and_what_is_too_much_is_fetched() {
    let server = Server::start().await;
    let wanted = definition("wanted", json!({"targeting": {"quota": {"total": 2}}}));
    assert_eq!(server.api(Method::POST, "/surveys", Some(&wanted)).await.status, 201);
    let (gates, configs) = carried(script(&server, "").await.text());
    assert!(gates.to_string().contains("\"wanted\""));
    assert_eq!(configs.len(), 3, "no survey with a quota: {:?}", configs.keys());
    for n in 0..20 {
        // Four bytes each.
        let question = json!({"en": {"question": "😀".repeat(200)}});
        let survey = definition(&format!("more-{n}"), json!({"languages": ["en"], "texts": question}));
        assert_eq!(server.api(Method::POST, "/surveys", Some(&survey)).await.status, 201);
    }
    let (_, configs) = carried(script(&server, "").await.text());
    let bytes: usize = configs.values().map(Vec::len).sum();
    assert!(configs.len() > 3 && configs.len() < 23 && bytes <= 16 * 1024, "{} with {bytes}", configs.len());
}

#[tokio::test]
async fn a_site_that_asks_nothing_has_one_too() {
    let server = Server::start().await;
    for slug in ["nps", "ces", "csat"] {
        assert!(server.api(Method::DELETE, &format!("/surveys/{slug}"), None).await.status < 300);
    }
    let (gates, configs) = carried(script(&server, "?lang=it").await.text());
    assert_eq!((&gates[0], configs.len()), (&json!("pk_demo"), 0));
}
