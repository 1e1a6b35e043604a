//! What pages download: the tag, hashed files, the storefront; and the two questions of a load balancer.

use std::io::Read as _;

use reqwest::Method;

use crate::client::Reply;
use crate::server::Server;

/// What a browser fetches after the tag: glue, wasm and the configuration in Italian.
///
/// The tag ends in the list that the collector put in: site, build, hash of the configurations, …
pub(crate) fn parts(tag: &str) -> Vec<String> {
    let at = tag.rfind("[\"pk_demo\"").expect("the gates of the site");
    let mut values = serde_json::Deserializer::from_str(&tag[at..]).into_iter::<serde_json::Value>();
    let gates = values.next().expect("a list").expect("of JSON");
    let text = |index: usize| gates[index].as_str().expect("a text").to_owned();
    let (site, build, config) = (text(0), text(1), text(2));
    vec![
        format!("/assets/parere-ask-{build}.js"),
        format!("/assets/parere-ask-{build}.wasm"),
        format!("/assets/{site}.nps.it-{config}.bin"),
    ]
}

pub(crate) async fn get(server: &Server, path: &str, headers: &[(&str, &str)]) -> Reply {
    let request = server.request(Method::GET, path);
    Reply::to(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

pub(crate) fn unpack(reply: &Reply) -> Vec<u8> {
    let mut packed = reply.body.as_slice();
    let mut bytes = Vec::new();
    match reply.header("content-encoding") {
        "br" => brotli::BrotliDecompress(&mut packed, &mut bytes).unwrap(),
        "gzip" => assert!(flate2::read::GzDecoder::new(packed).read_to_end(&mut bytes).is_ok()),
        "" => bytes.extend_from_slice(packed),
        other => panic!("nobody asked for {other}"),
    }
    bytes
}

#[tokio::test]
async fn the_tag_is_fresh_for_minutes_and_found_again_by_its_etag() {
    let server = Server::start().await;
    let reply = server.get("/v1/pk_demo.js").await;
    assert_eq!(reply.status, 200, "{reply:?}");
    assert!(reply.header("content-type").starts_with("text/javascript"), "{reply:?}");
    let cache = reply.header("cache-control");
    assert!(cache.contains("max-age=300") && cache.contains("stale-while-revalidate=86400"), "{cache}");
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert_eq!(reply.header("set-cookie"), "", "never a cookie");
    assert!(reply.text().contains("pk_demo"));

    let etag = reply.header("etag").to_owned();
    assert!(etag.len() > 8, "{etag}");
    for (known, status) in [
        (etag.clone(), 304),
        (format!("W/{etag}"), 304),
        (format!("\"other\", {etag}"), 304),
        ("\"other\"".to_owned(), 200),
    ] {
        let again = get(&server, "/v1/pk_demo.js", &[("if-none-match", &known)]).await;
        assert_eq!(
            (again.status, again.header("etag"), again.body.is_empty()),
            (status, &*etag, status == 304),
            "{known}"
        );
    }

    let survey = crate::surveys::definition("new", serde_json::json!({}));
    assert_eq!(server.api(Method::POST, "/surveys", Some(&survey)).await.status, 201);
    assert_ne!(server.get("/v1/pk_demo.js").await.header("etag"), etag, "a new survey is a new tag");
}

#[tokio::test]
async fn each_file_comes_in_the_form_the_browser_understands_best() {
    let server = Server::start().await;
    let tag = server.get("/v1/pk_demo.js").await;
    let mut paths = parts(tag.text());
    paths.push("/v1/pk_demo.js".into());
    for path in paths {
        let plain = server.get(&path).await;
        for (accepted, encoding) in [
            ("", ""),
            ("identity", ""),
            ("gzip", "gzip"),
            ("br", "br"),
            ("gzip, deflate, br, zstd", "br"),
            ("gzip;q=1.0, br;q=0.0", "gzip"),
            ("gzip;q=0, br;q=0", ""),
            ("deflate", ""),
            ("*;q=0", ""),
            ("BR", "br"),
        ] {
            let reply = get(&server, &path, &[("accept-encoding", accepted)]).await;
            assert_eq!(
                (reply.status, reply.header("content-encoding")),
                (200, encoding),
                "{path} for {accepted:?}"
            );
            assert!(reply.header("vary").to_ascii_lowercase().contains("accept-encoding"), "{path}");
            assert_eq!(reply.header("content-type"), plain.header("content-type"));
            assert_eq!(unpack(&reply), plain.body, "{path} for {accepted:?}");
        }
    }
}

#[tokio::test]
async fn hashed_files_never_change() {
    let server = Server::start().await;
    let tag = server.get("/v1/pk_demo.js").await;
    for path in parts(tag.text()) {
        let reply = server.get(&path).await;
        assert_eq!(reply.status, 200, "{path}: {reply:?}");
        let cache = reply.header("cache-control");
        assert!(cache.contains("immutable") && cache.contains("max-age=31536000"), "{path}: {cache}");
        assert_eq!(reply.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(reply.header("cross-origin-resource-policy"), "cross-origin", "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        let (stem, extension) = path.rsplit_once('.').unwrap();
        let media_type = match extension {
            // Anything else would keep a browser from compiling while it downloads.
            "wasm" => "application/wasm",
            "js" => "text/javascript; charset=utf-8",
            _ => "application/octet-stream",
        };
        assert_eq!(reply.header("content-type"), media_type, "{path}");
        // A page that was open during an upgrade still works, but nobody keeps what it gets.
        let outdated = format!("{}-0000000000.{extension}", stem.rsplit_once('-').unwrap().0);
        let reply = server.get(&outdated).await;
        assert_eq!((reply.status, reply.header("cache-control")), (200, "no-cache"), "{outdated}");
    }
}

#[tokio::test]
async fn what_does_not_exist_is_not_found() {
    let server = Server::start().await;
    for path in [
        "/v1/pk_nobody.js",
        "/v1/pk_demo",
        "/v1/pk_demo.css",
        "/v1/.js",
        "/assets/nothing-00000000.js",
        "/assets/parere.js",
        "/assets/..%2F..%2Fetc%2Fpasswd",
        "/assets/",
        "/nothing",
    ] {
        let reply = server.get(path).await;
        assert_eq!(reply.status, 404, "{path}: {reply:?}");
        assert_eq!(reply.header("content-type"), "application/problem+json", "{path}");
        assert!(!reply.header("cache-control").contains("immutable"), "{path}");
    }
}

#[tokio::test]
async fn the_storefront_is_there_with_the_tag_a_merchant_would_paste() {
    let server = Server::start().await;
    for (path, language) in
        [("/demo", "en"), ("/demo?lang=it", "it"), ("/demo?lang=xx", "en"), ("/demo?survey=ces", "en")]
    {
        let reply = server.get(path).await;
        assert_eq!(reply.status, 200, "{path}: {reply:?}");
        assert!(reply.header("content-type").starts_with("text/html"), "{path}");
        assert!(reply.text().contains(&format!("lang=\"{language}\"")), "{path}");
        assert!(reply.text().contains("/v1/pk_"), "{path}");
        assert!(
            reply.header("content-security-policy").contains("default-src 'none'"),
            "{path}: a shop with a strict policy"
        );
    }
}

#[tokio::test]
async fn alive_and_ready_are_two_questions() {
    let server = Server::start().await;
    assert_eq!(server.get("/healthz").await.status, 200);
    assert_eq!(server.get("/readyz").await.status, 200);
}
