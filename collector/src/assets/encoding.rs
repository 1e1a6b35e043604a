//! Content encodings: which one a client understands, and how files are compressed.

use std::io::Write as _;

use axum::http::{HeaderMap, header};
use bytes::Bytes;
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

/// A file in every form it is sent in.
#[derive(Debug, Clone)]
pub struct Compressed {
    raw: Bytes,
    brotli: Bytes,
    gzip: Bytes,
    etag: String,
}

impl Compressed {
    /// A file that the build compressed.
    pub fn from_static(raw: &'static [u8], brotli: &'static [u8], gzip: &'static [u8]) -> Self {
        Self {
            etag: etag(raw),
            raw: Bytes::from_static(raw),
            brotli: Bytes::from_static(brotli),
            gzip: Bytes::from_static(gzip),
        }
    }

    /// Compresses a small file as far as it goes; milliseconds for a few kilobytes.
    pub fn pack(raw: Vec<u8>) -> std::io::Result<Self> {
        let mut brotli = Vec::new();
        let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
        brotli::BrotliCompress(&mut raw.as_slice(), &mut brotli, &parameters)?;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&raw)?;
        Ok(Self { etag: etag(&raw), brotli: brotli.into(), gzip: gzip.finish()?.into(), raw: raw.into() })
    }

    /// The file as the client wants it.
    pub fn for_client(&self, headers: &HeaderMap) -> (Bytes, Encoding) {
        let encoding = Encoding::accepted(headers);
        let body = match encoding {
            Encoding::Brotli => &self.brotli,
            Encoding::Gzip => &self.gzip,
            Encoding::Identity => &self.raw,
        };
        (body.clone(), encoding)
    }

    /// The entity tag: the hash of the content, quoted.
    pub fn etag(&self) -> &str {
        &self.etag
    }
}

fn etag(raw: &[u8]) -> String {
    let hash = Sha256::digest(raw);
    format!("\"{}\"", hex(hash.get(..8).unwrap_or_default()))
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
