//! Content encodings: which one a client understands, and how files are compressed.

use std::io::Write as _;

use axum::http::{HeaderMap, header};
use brotli::enc::BrotliEncoderParams;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use sha2::{Digest as _, Sha256};

use crate::random::hex;

/// How a body is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Smallest.
    Brotli,
    /// Understood by everything.
    Gzip,
    /// As it is.
    Identity,
}

impl Encoding {
    /// The name in `Content-Encoding`.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// The best that the client accepts.
    pub fn accepted(headers: &HeaderMap) -> Self {
        let lines =
            headers.get_all(header::ACCEPT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
        let mut best = Self::Identity;
        for entry in lines.flat_map(|line| line.split(',')) {
            let mut parts = entry.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default().to_ascii_lowercase();
            let refused = parts.any(|part| part.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0)));
            match name.as_str() {
                "br" if !refused => return Self::Brotli,
                "gzip" if !refused => best = Self::Gzip,
                _ => {}
            }
        }
        best
    }
}

/// How files begin that differ in their end; compressed by the build (`build/now.rs`) so that something may follow.
#[derive(Debug)]
pub struct Start {
    /// The beginning.
    pub raw: &'static [u8],
    /// Compressed by brotli, up to a whole byte and without an end.
    pub brotli: &'static [u8],
    /// Compressed by gzip, flushed and without an end.
    pub gzip: &'static [u8],
}

/// Nothing before it.
static NO_START: Start = Start { raw: &[], brotli: &[], gzip: &[] };

/// What ends a stream of brotli: a block that is the last one and empty (RFC 7932, 9.2).
const BROTLI_END: u8 = 0b11;

/// A file in every form it is sent in.
#[derive(Debug, Clone)]
pub struct Compressed {
    /// What comes before all of these.
    start: &'static Start,
    raw: Bytes,
    brotli: Bytes,
    gzip: Bytes,
    etag: String,
}

impl Compressed {
    /// A file that the build compressed.
    pub fn from_static(raw: &'static [u8], brotli: &'static [u8], gzip: &'static [u8]) -> Self {
        Self {
            start: &NO_START,
            etag: etag(&[raw]),
            raw: Bytes::from_static(raw),
            brotli: Bytes::from_static(brotli),
            gzip: Bytes::from_static(gzip),
        }
    }

    /// Compresses a small file as far as it goes; milliseconds for a few kilobytes.
    pub fn pack(raw: Vec<u8>) -> std::io::Result<Self> {
        let mut brotli = Vec::new();
        brotli::BrotliCompress(&mut raw.as_slice(), &mut brotli, &best())?;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&raw)?;
        let etag = etag(&[&raw]);
        Ok(Self {
            start: &NO_START,
            etag,
            brotli: brotli.into(),
            gzip: gzip.finish()?.into(),
            raw: raw.into(),
        })
    }

    /// The file that begins with `start` and goes on with `end`: only `end` is compressed now, and only it is kept.
    pub fn ending(start: &'static Start, end: Vec<u8>) -> std::io::Result<Self> {
        let mut brotli = Vec::new();
        // Looks back to nothing before itself, and has neither the header of a stream nor its end.
        let parameters = BrotliEncoderParams { catable: true, bare_stream: true, ..best() };
        brotli::BrotliCompress(&mut end.as_slice(), &mut brotli, &parameters)?;
        brotli.push(BROTLI_END);
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::best());
        deflate.write_all(&end)?;
        let mut gzip = deflate.finish()?;
        // A gzip file ends with the sum and the length of all that is in it (RFC 1952, 2.3.1).
        let mut sum = flate2::Crc::new();
        sum.update(start.raw);
        sum.update(&end);
        gzip.extend(sum.sum().to_le_bytes());
        gzip.extend(sum.amount().to_le_bytes());
        Ok(Self {
            start,
            etag: etag(&[start.raw, &end]),
            brotli: brotli.into(),
            gzip: gzip.into(),
            raw: end.into(),
        })
    }

    /// The file as the client wants it.
    pub fn for_client(&self, headers: &HeaderMap) -> (Bytes, Encoding) {
        let encoding = Encoding::accepted(headers);
        let (start, body) = match encoding {
            Encoding::Brotli => (self.start.brotli, &self.brotli),
            Encoding::Gzip => (self.start.gzip, &self.gzip),
            Encoding::Identity => (self.start.raw, &self.raw),
        };
        let whole = if start.is_empty() { body.clone() } else { [start, body].concat().into() };
        (whole, encoding)
    }

    /// The entity tag: the hash of the content, quoted.
    pub fn etag(&self) -> &str {
        &self.etag
    }
}

/// As small as it gets.
fn best() -> BrotliEncoderParams {
    BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() }
}

fn etag(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    format!("\"{}\"", hex(hash.finalize().get(..8).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_accepted_encoding_wins() {
        for (accepted, encoding) in [
            ("gzip, deflate, br, zstd", Encoding::Brotli),
            ("gzip;q=1.0, br;q=0", Encoding::Gzip),
            ("BR", Encoding::Brotli),
            ("gzip;q=0", Encoding::Identity),
            ("deflate", Encoding::Identity),
            ("", Encoding::Identity),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, accepted.parse().unwrap());
            assert_eq!(Encoding::accepted(&headers), encoding, "{accepted}");
        }
    }

    #[test]
    fn what_is_packed_unpacks() {
        let text = "parere ".repeat(100).into_bytes();
        let packed = Compressed::pack(text.clone()).unwrap();
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut packed.brotli.as_ref(), &mut unpacked).unwrap();
        assert_eq!(unpacked, text);
        assert!(packed.brotli.len() < 60 && packed.gzip.len() < 80);
    }
}
