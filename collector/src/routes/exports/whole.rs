//! A file that is there: with its length, by parts, and again for those who come back for the rest.

use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::stream;

use crate::error::ApiError;
use crate::export::{Built, PIECE_LEN};

/// Does this request go on with a file that it has a part of?
pub(super) fn goes_on(headers: &HeaderMap) -> bool {
    headers.contains_key(header::RANGE) && headers.contains_key(header::IF_RANGE)
}

/// The tag of a file: what its bytes are.
fn tag(built: &Built) -> String {
    format!("\"{}\"", built.manifest.sha256.as_deref().unwrap_or_default())
}

/// The part of the file that is asked for, or all of it.
pub(super) fn reply(built: Arc<Built>, headers: &HeaderMap) -> Result<Response, ApiError> {
    let tag = HeaderValue::from_str(&tag(&built)).map_err(anyhow::Error::from)?;
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    // Of another file than the one they have a part of, or if they do not say of which one that is, they get all: a part
    // of it behind a part of the other would be a file that nobody could tell from a whole one.
    let is_same = headers.get(header::IF_RANGE).is_some_and(|known| *known == tag);
    let part = text(header::RANGE).filter(|_| is_same).map(|range| asked(range, built.len));
    let (status, start, end) = match part {
        Some(Range::Part(first, last)) => (StatusCode::PARTIAL_CONTENT, first, last + 1),
        Some(Range::Nowhere) => return Err(ApiError::NoSuchPart { len: built.len }),
        Some(Range::Unknown) | None => (StatusCode::OK, 0, built.len),
    };
    let len = built.len;
    let mut response = Body::from_stream(pieces(built, start, end)).into_response();
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::ETAG, tag);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_LENGTH, (end - start).into());
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {start}-{}/{len}", end - 1);
        headers.insert(header::CONTENT_RANGE, HeaderValue::from_str(&range).map_err(anyhow::Error::from)?);
    }
    Ok(response)
}

/// The bytes from `start` to `end`, read as they are taken.
fn pieces(built: Arc<Built>, start: u64, end: u64) -> impl stream::Stream<Item = anyhow::Result<Bytes>> {
    stream::try_unfold(start, move |at| {
        let built = Arc::clone(&built);
        async move {
            let Some(left) = end.checked_sub(at).filter(|left| *left > 0) else { return Ok(None) };
            let len = usize::try_from(left).unwrap_or(usize::MAX).min(PIECE_LEN);
            let piece = tokio::task::spawn_blocking(move || {
                let mut piece = vec![0; len];
                built.file.read_exact_at(&mut piece, at).map(|()| piece)
            });
            let piece = piece.await??;
            Ok(Some((piece.into(), at + len as u64)))
        }
    })
}

/// What a `Range` header asks for.
#[derive(Debug, PartialEq, Eq)]
enum Range {
    /// From the first byte to the last, both in it.
    Part(u64, u64),
    /// Bytes that the file does not have.
    Nowhere,
    /// Something else, which may be passed over (RFC 9110, 14.2): other units, several parts.
    Unknown,
}

fn asked(range: &str, len: u64) -> Range {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|part| part.split_once('-')) else {
        return Range::Unknown;
    };
    let number = |text: &str| if text.is_empty() { Ok(None) } else { text.trim().parse::<u64>().map(Some) };
    let (Ok(first), Ok(last)) = (number(first), number(last)) else { return Range::Unknown };
    match (first, last) {
        (Some(first), Some(last)) if first > last => Range::Unknown,
        (Some(first), _) if first >= len => Range::Nowhere,
        (Some(first), last) => Range::Part(first, last.unwrap_or(u64::MAX).min(len - 1)),
        (None, Some(0)) => Range::Nowhere,
        (None, Some(n)) => Range::Part(len.saturating_sub(n), len - 1),
        (None, None) => Range::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_as_the_rfc_says() {
        for (range, expected) in [
            ("bytes=0-499", Range::Part(0, 499)),
            ("bytes=500-", Range::Part(500, 999)),
            ("bytes=-1", Range::Part(999, 999)),
            ("bytes=-5000", Range::Part(0, 999)),
            ("bytes=999-2000", Range::Part(999, 999)),
            ("bytes=1000-", Range::Nowhere),
            ("bytes=-0", Range::Nowhere),
            ("bytes=5-4", Range::Unknown),
            ("bytes=0-1,5-6", Range::Unknown),
            ("bytes=-", Range::Unknown),
            ("bytes=a-b", Range::Unknown),
            ("rows=0-1", Range::Unknown),
        ] {
            assert_eq!(asked(range, 1_000), expected, "{range}");
        }
    }
}
