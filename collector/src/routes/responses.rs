//! `POST /v1/responses`: answers in, acknowledged once they are on disk.

use std::net::SocketAddr;

use axum::Json;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use futures_util::future::join_all;
use parere_shared::problem::{Problem, Verdict};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::Open;
use crate::clock::Stopwatch;
use crate::error::ApiError;
use crate::ingest::admission::{Sender, admit};
use crate::ingest::body::{self, Sent};
use crate::openapi::{Acknowledged, Answers, NotTaken};
use crate::writer::AppendError;

/// The path of ingest.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(responses))
}

/// The answer to a single response.
#[derive(Serialize, ToSchema)]
pub struct Acknowledgement {
    status: Verdict,
}

/// The answer to an array.
#[derive(Serialize, ToSchema)]
pub struct Acknowledgements {
    results: Vec<Outcome>,
}

/// What became of one item of an array.
#[derive(Serialize, ToSchema)]
struct Outcome {
    id: Option<String>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Problem>,
}

/// One answer or an array of them, as JSON; a 200 means that what it calls stored is on disk.
#[utoipa::path(post, path = "/v1/responses", operation_id = "send_responses",
    request_body(content((Answers = "application/json"), (String = "text/plain"))), security(()),
    responses((status = 200, body = Acknowledged), NotTaken))]
async fn responses(
    _: Open,
    State(app): State<App>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    if app.is_draining() {
        return Err(ApiError::Unavailable("The collector is shutting down; send the answer again."));
    }
    let sent = body::read(&headers, body, app.body_timeout).await;
    let sent = sent.inspect_err(|error| app.metrics.count_answer(Err(error)))?;
    let sender = Sender::new(&app, peer, &headers).await?;
    match sent {
        Sent::One(value) => {
            let status = store(&app, &sender, &value).await?;
            Ok(Json(Acknowledgement { status }).into_response())
        }
        Sent::Many(values) => {
            // All go into the queue before any is waited for, so that they share a commit.
            let verdicts = join_all(values.iter().map(|value| store(&app, &sender, value))).await;
            acknowledge_all(&values, verdicts)
        }
    }
}

async fn store(app: &App, sender: &Sender<'_>, value: &Value) -> Result<Verdict, ApiError> {
    match verdict(app, sender, value).await? {
        Verdict::Conflict => Err(ApiError::Conflict(
            "This id and revision is stored with another content; use a higher revision.",
        )),
        stored => Ok(stored),
    }
}

/// What becomes of one answer, by the rules that hold for every way it can come.
pub(super) async fn verdict(app: &App, sender: &Sender<'_>, value: &Value) -> Result<Verdict, ApiError> {
    let clock = Stopwatch::start();
    let verdict = stored(app, sender, value).await;
    app.metrics.count_answer(verdict.as_ref().copied());
    if let (Ok(Verdict::Stored), Some(site)) = (&verdict, value.get("site").and_then(Value::as_str)) {
        app.live.tell(site);
        app.desk.ring(site);
    }
    app.metrics.acknowledged_s.observe(clock.seconds());
    verdict
}

async fn stored(app: &App, sender: &Sender<'_>, value: &Value) -> Result<Verdict, ApiError> {
    let record = admit(app, sender, value)?;
    app.metrics.count_flags(record.row.flags);
    Ok(app.writer.append(record)?.verdict().await?)
}

/// One outcome for each item; when none could be taken now, the whole array is put off.
fn acknowledge_all(values: &[Value], verdicts: Vec<Result<Verdict, ApiError>>) -> Result<Response, ApiError> {
    let put_off = |verdict: &Result<Verdict, ApiError>| {
        verdict.as_ref().err().filter(|error| is_retryable(error)).cloned()
    };
    let mut errors = verdicts.iter().map(put_off);
    if let Some(Some(first)) = errors.next()
        && errors.all(|error| error.is_some())
    {
        return Err(first);
    }
    let results = values.iter().zip(verdicts).map(|(value, verdict)| Outcome::new(value, verdict)).collect();
    Ok(Json(Acknowledgements { results }).into_response())
}

impl Outcome {
    fn new(value: &Value, verdict: Result<Verdict, ApiError>) -> Self {
        let id = value.get("id").and_then(Value::as_str).map(str::to_owned);
        let (status, problem) = match verdict {
            Ok(Verdict::Stored) => ("stored", None),
            Ok(Verdict::Duplicate) => ("duplicate", None),
            Ok(Verdict::Superseded) => ("superseded", None),
            Ok(Verdict::Conflict) => ("conflict", None),
            Err(error @ ApiError::Conflict(_)) => ("conflict", Some(error.problem())),
            Err(error) if is_retryable(&error) => ("retry", Some(error.problem())),
            Err(error) => ("rejected", Some(error.problem())),
        };
        Self { id, status, problem }
    }
}

fn is_retryable(error: &ApiError) -> bool {
    matches!(error, ApiError::TooMany { .. } | ApiError::Unavailable(_) | ApiError::Internal(_))
}

impl From<AppendError> for ApiError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Full => Self::Unavailable("Too many answers are waiting; send it again."),
            AppendError::Store(error) => match &*error {
                crate::store::StoreError::Unavailable(cause) => {
                    tracing::warn!("could not store answers: {cause}");
                    Self::Unavailable("The database is not available at the moment; send the answer again.")
                }
                _ => Self::Internal(std::sync::Arc::new(
                    anyhow::anyhow!(error).context("could not store an answer"),
                )),
            },
        }
    }
}
