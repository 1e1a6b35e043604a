//! Somebody else's server, which is told of answers: it writes down what comes and replies as a test wishes.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use serde_json::Value;
use tokio::sync::watch;

use crate::client::PATIENCE;

/// How one letter is answered.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// With a status and a text.
    Status(u16, &'static str),
    /// With a way elsewhere.
    Redirect(String),
    /// Not at all: the line stays open.
    Silence,
}

/// What came.
#[derive(Debug, Clone)]
pub(crate) struct Letter {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Letter {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The `webhook-id`.
    pub(crate) fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// Is it signed with `secret`, as the reference library would sign it at the moment that it names?
    pub(crate) fn assert_signed(&self, secret: &str) {
        let reference = standardwebhooks::Webhook::new(secret).unwrap();
        let at = self.header("webhook-timestamp").parse().unwrap();
        let expected = reference.sign(self.id(), at, &self.body).unwrap();
        assert_eq!(self.header("webhook-signature"), expected);
    }

    /// Would the reference library take it now?
    pub(crate) fn is_verified(&self, secret: &str) -> bool {
        let reference = standardwebhooks::Webhook::new(secret).unwrap();
        reference.verify(&self.body, &self.headers).is_ok()
    }
}

#[derive(Clone)]
struct Shared {
    /// Replies to come; afterwards, and where there is none, 204.
    answers: Arc<Mutex<VecDeque<Answer>>>,
    letters: Arc<watch::Sender<Vec<Letter>>>,
}

/// A running receiver.
pub(crate) struct Receiver {
    pub(crate) base: String,
    shared: Shared,
}

impl Receiver {
    /// Answers the first letters so, and all others with 204.
    pub(crate) async fn start(answers: &[Answer]) -> Self {
        let shared = Shared {
            answers: Arc::new(Mutex::new(answers.iter().cloned().collect())),
            letters: Arc::new(watch::Sender::new(Vec::new())),
        };
        let router = Router::new().fallback(take).with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { base, shared }
    }

    /// What has come so far.
    pub(crate) fn letters(&self) -> Vec<Letter> {
        self.shared.letters.borrow().clone()
    }

    /// Waits until `n` letters have come, and gives them.
    pub(crate) async fn wait_for(&self, n: usize) -> Vec<Letter> {
        let mut letters = self.shared.letters.subscribe();
        let come = tokio::time::timeout(PATIENCE, letters.wait_for(|letters| letters.len() >= n)).await;
        come.unwrap_or_else(|_| panic!("{} of {n} letters came", self.letters().len())).unwrap().clone()
    }
}

async fn take(
    State(shared): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    assert_eq!(method, Method::POST);
    let answer = shared.answers.lock().unwrap().pop_front();
    shared.letters.send_modify(|letters| letters.push(Letter { path: uri.to_string(), headers, body }));
    match answer {
        None => StatusCode::NO_CONTENT.into_response(),
        Some(Answer::Status(status, text)) => (StatusCode::from_u16(status).unwrap(), text).into_response(),
        Some(Answer::Redirect(to)) => (StatusCode::FOUND, [("location", to)]).into_response(),
        Some(Answer::Silence) => std::future::pending().await,
    }
}
