//! What must hold whatever bytes arrive: nothing panics, nothing is our fault, and what is read is what was meant.
//!
//! Read by the fuzzers (`tests/fuzz/run`) and by `tests/it/fuzz.rs`, which tries the kept bytes in every test run.

use std::net::SocketAddr;
use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use clap::Parser as _;
use http_body_util::BodyExt as _;
use parere_collector::Collector;
use parere_collector::clock::ManualClock;
use parere_collector::config::Options;
use parere_collector::export::cursor;
use parere_collector::origin::OriginRule;
use parere_collector::routes::definition;
use parere_collector::store::Site;
use parere_collector::tag::Tag;
use parere_shared::config::SurveyConfig;
use parere_shared::gate::{Known, Visit, Zone};
use parere_shared::memory::Memory;
use parere_shared::policy;
use parere_shared::redact::redact;
use parere_shared::survey::{Survey, SurveyState};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

/// The moment at which everything happens.
const NOW: i64 = 1_795_258_800_000;

/// A collector without a listener; there is one for all tries, so answers gather.
struct Stage {
    runtime: Runtime,
    router: Router,
    _folder: TempDir,
}

static STAGE: LazyLock<Stage> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a folder for the database");
    let database = format!("sqlite:{}", folder.path().join("parere.db").display());
    let arguments = ["parere", "--database-url", &database, "--rate-limit", "off"];
    let options = Options::try_parse_from(arguments).expect("options").serve;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let clock = std::sync::Arc::new(ManualClock::at(NOW));
    let opened = runtime.block_on(Collector::open(&options, peer(), clock));
    let router = opened.and_then(|collector| collector.router()).expect("a collector");
    Stage { runtime, router, _folder: folder }
});

fn peer() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

/// Status and body of the answer to a request that takes the way of every other.
fn ask(method: &str, path: &str, media_type: &str, body: &[u8]) -> Option<(u16, Vec<u8>)> {
    let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, media_type);
    // A path that is no path at all never gets past the parser of the listener.
    let mut request = request.body(Body::from(body.to_vec())).ok()?;
    request.extensions_mut().insert(ConnectInfo(peer()));
    let stage = &*STAGE;
    Some(stage.runtime.block_on(async {
        let reply = stage.router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let status = reply.status().as_u16();
        let body = reply.into_body().collect().await.expect("a body").to_bytes().to_vec();
        assert!(status < 500, "{status}: {}", String::from_utf8_lossy(&body));
        (status, body)
    }))
}

/// Bytes sent as answers: each item is refused or stored, and sent again it is not stored again.
pub fn ingest(bytes: &[u8]) {
    for is_again in [false, true] {
        let Some((status, body)) = ask("POST", "/v1/responses", "text/plain", bytes) else { return };
        let said: Value = serde_json::from_slice(&body).expect("JSON");
        if status != 200 {
            assert_eq!(said["status"], status, "{said}");
            return;
        }
        let alone = [said.clone()];
        for outcome in said["results"].as_array().map_or(&alone[..], Vec::as_slice) {
            let verdict = outcome["status"].as_str().expect("a verdict");
            let known = ["stored", "duplicate", "superseded", "conflict", "rejected"];
            assert!(known.contains(&verdict), "{said}");
            assert!(!(is_again && verdict == "stored"), "stored twice: {said}");
        }
    }
}

/// Bytes sent as the form of the hosted page, and as the query that opens it.
pub fn form(bytes: &[u8]) {
    let path = "/s/pk_demo/nps";
    let sent = ask("POST", path, "application/x-www-form-urlencoded", bytes);
    let query = String::from_utf8_lossy(bytes);
    let opened = ask("GET", &format!("{path}?{query}"), "text/html", b"");
    for (status, page) in [sent, opened].into_iter().flatten() {
        let page = String::from_utf8(page).expect("text");
        assert!(page.contains("</html>"), "{status}: {page}");
    }
}

/// The site that cursors are made for here.
fn site() -> Site {
    Site {
        key: "pk_fuzz".into(),
        name: "Fuzz".into(),
        zone: "UTC".into(),
        origins: vec![OriginRule::Own],
        consent_needed: false,
        case_hours: None,
        retention: parere_collector::store::Retention::default(),
        secret: [7; 32],
        created_at: 0,
    }
}

/// Bytes sent as a cursor: there is one text for each place, and no other opens.
pub fn cursor(bytes: &[u8]) {
    let site = site();
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Some(seq) = cursor::open(text, &site)
    {
        assert_eq!(cursor::seal(seq, &site), text);
    }
    if let Some(place) = bytes.first_chunk() {
        let seq = i64::from_be_bytes(*place);
        assert_eq!(cursor::open(&cursor::seal(seq, &site), &site), Some(seq));
    }
}

/// Bytes sent as the definition of a survey: one that breaks no rule can be asked in each of its languages.
pub fn survey(bytes: &[u8]) {
    let Ok(mut survey) = definition::parse::<Survey>(bytes) else { return };
    let written = serde_json::to_vec(&survey).expect("JSON");
    assert_eq!(serde_json::from_slice::<Survey>(&written).expect("what was written can be read"), survey);
    for violation in survey.violations() {
        assert!(!violation.rule.to_string().is_empty(), "{violation:?}");
    }
    if !survey.violations().is_empty() {
        return;
    }
    survey.warnings();
    for language in &survey.languages {
        let config = SurveyConfig::new(&survey, language, Zone::default());
        let bytes = postcard::to_allocvec(&config).expect("bytes");
        let read: SurveyConfig<&str> = postcard::from_bytes(&bytes).expect("what was written can be read");
        assert_eq!(postcard::to_allocvec(&read).expect("bytes"), bytes);
        assert_eq!((read.language, read.instrument), (language.as_str(), &*survey.instrument(language).id()));
    }
    survey.state = SurveyState::Live;
    let gates = Tag::gates(&site(), &[survey], "0123abcd", "0123abcd").expect("gates");
    serde_json::from_str::<Value>(&gates).expect("JSON");
}

/// Bytes that a browser gets as the configuration of a survey, and what it decides by them.
pub fn config(bytes: &[u8]) {
    let Ok(config) = postcard::from_bytes::<SurveyConfig<&str>>(bytes) else { return };
    let known = Known {
        language: "it",
        device: "phone",
        referrer: "",
        visitor: "new",
        views: "1",
        attributes: "plan\0gold\0",
    };
    let visit = Visit { url: "/products/scarpe?utm=mail#top", now: NOW, known };
    let memory = Memory::parse("4711|nps 1795000000 0 0|ces 0 0 1795258800");
    let judged = config.gate.judge(config.slug, &visit, &memory);
    assert!(judged.is_err() || config.gate.is_open(NOW), "asked while it is not open");
    let again = postcard::to_allocvec(&config).expect("bytes");
    assert_eq!(postcard::from_bytes::<SurveyConfig<&str>>(&again).as_ref(), Ok(&config));
}

/// Bytes as a comment: masking twice is masking once, and little is longer than before.
pub fn redaction(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let masked = redact(text);
    assert_eq!(redact(&masked), masked, "{text:?}");
    let chars = |text: &str| text.chars().count();
    assert!(chars(&masked) <= chars(text) + text.matches('@').count(), "{text:?} became {masked:?}");
}

/// Bytes as a pasted policy, behind a line for the page: a mended policy lets the widget in.
pub fn policy(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (page, pasted) = text.split_once('\n').unwrap_or(("https://shop.example/", &text));
    let collector = "https://feedback.example";
    let report = policy::examine(pasted, page, collector);
    // In an element a comma is a sign like any other; in a header, as which it is read again, it ends the policy.
    for policy in report.policies.iter().filter(|policy| !policy.text.contains(',')) {
        if let Some(mended) = &policy.mended {
            let again = policy::examine(mended, page, collector);
            assert!(again.lets_in(), "{:?} became {mended:?}, and that {again:?}", policy.text);
        }
    }
}
