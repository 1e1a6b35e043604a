//! Speaks HTTP to a collector, as a page or as an operator.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use reqwest::{Method, RequestBuilder};
use serde_json::Value;

/// Bearer token of every server under test.
pub(crate) const TOKEN: &str = "it-token-0123456789abcdef";

/// A page that the demo site takes answers from.
pub(crate) const SHOP: &str = "http://localhost:3000";

/// The operators' paths of the demo site.
pub(crate) const SITE: &str = "/api/v1/sites/pk_demo";

/// Longest wait for something that is bound to come; far beyond it, so that only what never comes fails.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// A way to one collector.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) base: String,
    http: reqwest::Client,
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: reqwest::header::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) fn new(base: String) -> Self {
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE);
        Self { base, http: http.build().unwrap() }
    }

    /// A bare request, for what the rest does not cover.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        Reply::to(self.request(Method::GET, path)).await
    }

    /// Posts one answer or an array of them, as a page of the shop.
    pub(crate) async fn post(&self, answer: &Value) -> Reply {
        self.send(answer.to_string().into_bytes()).await
    }

    /// Posts bytes as a page of the shop does: `text/plain`, so that the browser asks no permission first.
    pub(crate) async fn send(&self, body: Vec<u8>) -> Reply {
        self.send_with(body, &[]).await
    }

    /// As [`Client::send`], with some headers added or replaced; an empty value takes the header away.
    pub(crate) async fn send_with(&self, body: Vec<u8>, changes: &[(&str, &str)]) -> Reply {
        let mut headers = BTreeMap::from([("content-type", "text/plain;charset=UTF-8"), ("origin", SHOP)]);
        headers.extend(changes.iter().copied());
        let request = self.request(Method::POST, "/v1/responses").body(body);
        let present = headers.into_iter().filter(|(_, value)| !value.is_empty());
        Reply::to(present.fold(request, |request, (name, value)| request.header(name, value))).await
    }

    /// An operator's request to a path below `/api/v1/sites/pk_demo`, or any absolute one.
    pub(crate) async fn api(&self, method: Method, path: &str, body: Option<&Value>) -> Reply {
        let path = if path.starts_with("/api/") { path.to_owned() } else { format!("{SITE}{path}") };
        let request = self.request(method, &path).bearer_auth(TOKEN);
        Reply::to(match body {
            Some(body) => request.json(body),
            None => request,
        })
        .await
    }

    /// What an operator reads at `path`, which must be there.
    pub(crate) async fn read(&self, path: &str) -> Value {
        let reply = self.api(Method::GET, path, None).await;
        assert_eq!(reply.status, 200, "{path}: {reply:?}");
        reply.json()
    }

    /// Every stored answer of the demo site, oldest first, from the export.
    pub(crate) async fn stored(&self) -> Vec<Value> {
        let reply = self.api(Method::GET, "/responses.ndjson", None).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let mut rows = reply.lines();
        rows.pop().expect("the last line is the trailer");
        rows
    }

    /// Waits until the collector says it is ready.
    pub(crate) async fn wait_until_ready(&self) {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let reply = self.request(Method::GET, "/readyz").send().await;
            if reply.as_ref().is_ok_and(|reply| reply.status() == 200) {
                return;
            }
            assert!(Instant::now() < deadline, "{} never became ready: {reply:?}", self.base);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} {}", self.status, self.headers, String::from_utf8_lossy(&self.body))
    }
}

impl Reply {
    pub(crate) async fn to(request: RequestBuilder) -> Self {
        let reply = request.send().await.unwrap();
        let (status, headers) = (reply.status().as_u16(), reply.headers().clone());
        Self { status, headers, body: reply.bytes().await.unwrap().to_vec() }
    }

    /// A header's value, empty where it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// A body of one JSON value a line.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// `field code` of every violation in a problem document.
    pub(crate) fn violations(&self) -> Vec<String> {
        assert_eq!(self.header("content-type"), "application/problem+json", "{self:?}");
        let problem = self.json();
        assert_eq!(problem["status"], self.status, "{problem}");
        assert!(problem["type"].is_string() && problem["title"].is_string(), "{problem}");
        let violations = problem["violations"].as_array().cloned().unwrap_or_default();
        let of = |violation: &Value, name: &str| violation[name].as_str().unwrap().to_owned();
        violations
            .iter()
            .map(|violation| {
                assert!(!of(violation, "message").is_empty());
                format!("{} {}", of(violation, "field"), of(violation, "code"))
            })
            .collect()
    }
}
