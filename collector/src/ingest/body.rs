//! The body of a request: its form, its size, its JSON.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use parere_shared::limit::{ARRAY_BYTES_MAX, ARRAY_LEN_MAX, RESPONSE_BYTES_MAX};
use parere_shared::violation::{Rule, Violation};
use serde_json::Value;

use crate::error::ApiError;

/// One response or several.
#[derive(Debug, PartialEq)]
pub enum Sent {
    /// A JSON object.
    One(Value),
    /// A JSON array.
    Many(Vec<Value>),
}

/// Reads the body of a request as JSON, within every bound.
pub async fn read(headers: &HeaderMap, body: Body, timeout: Duration) -> Result<Sent, ApiError> {
    check_form(headers)?;
    parse(&bytes(body, ARRAY_BYTES_MAX, timeout).await?)
}

/// Reads the body of a request as one JSON object of at most `bytes_max` bytes.
pub async fn read_one(
    headers: &HeaderMap,
    body: Body,
    bytes_max: usize,
    timeout: Duration,
) -> Result<Value, ApiError> {
    check_form(headers)?;
    match parse(&bytes(body, bytes_max, timeout).await?)? {
        Sent::One(object) => Ok(object),
        Sent::Many(_) => Err(malformed("a JSON object")),
    }
}

/// Reads at most `bytes_max` bytes, and no longer than `timeout`.
pub async fn bytes(body: Body, bytes_max: usize, timeout: Duration) -> Result<Bytes, ApiError> {
    let collected = tokio::time::timeout(timeout, Limited::new(body, bytes_max).collect()).await;
    let late = |_| ApiError::Unavailable("The body did not arrive in time; send it again.");
    let whole = collected.map_err(late)?.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
        Some(_) => too_large(bytes_max),
        None => malformed("complete"),
    })?;
    Ok(whole.to_bytes())
}

/// `text/plain` keeps a browser from asking permission first; `application/json` is for everyone else.
fn check_form(headers: &HeaderMap) -> Result<(), ApiError> {
    let text =
        |name| headers.get(name).map(|value| value.to_str().unwrap_or("?").trim().to_ascii_lowercase());
    if text(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return Err(ApiError::UnsupportedMedia("Send the body as it is, without Content-Encoding."));
    }
    let Some(media_type) = text(header::CONTENT_TYPE) else { return Ok(()) };
    match media_type.split(';').next().map(str::trim) {
        Some("text/plain" | "application/json") => Ok(()),
        _ => Err(ApiError::UnsupportedMedia("Send JSON as text/plain or application/json.")),
    }
}

fn parse(bytes: &[u8]) -> Result<Sent, ApiError> {
    let is_array = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    if !is_array && bytes.len() > RESPONSE_BYTES_MAX {
        return Err(too_large(RESPONSE_BYTES_MAX));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| malformed("UTF-8 text"))?;
    match serde_json::from_str(text).map_err(|_| malformed("JSON"))? {
        Value::Array(items) if items.len() > ARRAY_LEN_MAX => {
            let rule = Rule::TooMany { max: ARRAY_LEN_MAX };
            Err(ApiError::TooLarge(vec![Violation::new("body", rule)]))
        }
        Value::Array(items) if items.is_empty() => {
            Err(ApiError::Malformed(vec![Violation::new("body", Rule::Empty)]))
        }
        Value::Array(items) => Ok(Sent::Many(items)),
        object @ Value::Object(_) => Ok(Sent::One(object)),
        _ => Err(malformed("a JSON object or an array of them")),
    }
}

fn malformed(expected: &'static str) -> ApiError {
    ApiError::Malformed(vec![Violation::new("body", Rule::Type(expected))])
}

/// The refusal of a body that is longer than `bytes_max`.
pub fn too_large(bytes_max: usize) -> ApiError {
    ApiError::TooLarge(vec![Violation::new("body", Rule::TooLong { max: bytes_max })])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(bytes: &[u8]) -> u16 {
        parse(bytes).map_or_else(|error| error.problem().status, |_| 200)
    }

    #[test]
    fn bodies_are_bounded_json() {
        let padded = |open: &str, close: &str, len: usize| {
            let inner = "x".repeat(len - open.len() - close.len());
            format!("{open}{inner}{close}").into_bytes()
        };
        for (bytes, expected) in [
            (b"{}".to_vec(), 200),
            (b" \n[{}]".to_vec(), 200),
            (b"".to_vec(), 400),
            (b"{".to_vec(), 400),
            (b"null".to_vec(), 400),
            (b"9".to_vec(), 400),
            (b"[]".to_vec(), 400),
            (b"{\"comment\":\"\xff\xfe\"}".to_vec(), 400),
            (b"{\"comment\":\"\\ud800\"}".to_vec(), 400),
            ([b"[".repeat(5_000), b"]".repeat(5_000)].concat(), 400),
            (padded("{\"a\":\"", "\"}", RESPONSE_BYTES_MAX), 200),
            (padded("{\"a\":\"", "\"}", RESPONSE_BYTES_MAX + 1), 413),
            (padded("[{\"a\":\"", "\"}]", RESPONSE_BYTES_MAX + 1), 200),
            (format!("[{}]", vec!["1"; ARRAY_LEN_MAX].join(",")).into_bytes(), 200),
            (format!("[{}]", vec!["1"; 10_000].join(",")).into_bytes(), 413),
        ] {
            assert_eq!(
                status(&bytes),
                expected,
                "{:?}",
                String::from_utf8_lossy(bytes.get(..40).unwrap_or(&bytes))
            );
        }
    }

    #[test]
    fn compressed_and_foreign_bodies_are_refused() {
        for (name, value, taken) in [
            ("content-type", "text/plain", true),
            ("content-type", "text/plain;charset=UTF-8", true),
            ("content-type", "Application/JSON; charset=utf-8", true),
            ("content-type", "application/x-www-form-urlencoded", false),
            ("content-type", "multipart/form-data; boundary=x", false),
            ("content-encoding", "gzip", false),
            ("content-encoding", "identity", true),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            assert_eq!(check_form(&headers).is_ok(), taken, "{name}: {value}");
        }
    }
}
