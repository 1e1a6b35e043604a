//! What browsers download: embedded in the binary, or read from a folder while developing.
//!
//! Every file is served under a name that holds the hash of its content, so it never changes and may be kept for ever.

use std::path::{Path, PathBuf};

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;

mod encoding;

pub use encoding::{Compressed, Encoding, Start};

/// A file that the build left in the binary.
#[derive(Debug)]
pub struct Embedded {
    /// Name without hash and extension: `parere`, `shop`.
    pub name: &'static str,
    /// First hexadecimal digits of the hash of the content.
    pub hash: &'static str,
    /// Extension: `js`, `wasm`, `css`, `svg`.
    pub extension: &'static str,
    /// What stands in a tag's `integrity`: the SHA-384 of the file.
    pub integrity: &'static str,
    /// Is it made of several sources?
    pub is_joined: bool,
    /// The file.
    pub raw: &'static [u8],
    /// The same, compressed by brotli.
    pub brotli: &'static [u8],
    /// The same, compressed by gzip.
    pub gzip: &'static [u8],
}

mod embedded {
    //! Written by the build script.

    use super::{Embedded, Start};
    include!(concat!(env!("OUT_DIR"), "/assets.rs"));
}

/// A year: what "immutable" means to a cache.
const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// For a name whose hash is not today's: right for now, but not to be kept.
const REVALIDATED: HeaderValue = HeaderValue::from_static("no-cache");

/// Everything browsers download.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    folder: Option<PathBuf>,
}

impl Assets {
    /// From the binary, or from `folder` (a copy of `www`) where a file is found there.
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// The loader, into which a site's gates are put.
    pub fn loader() -> &'static str {
        embedded::LOADER
    }

    /// The loader with the widget's first half inside, as far as it is the same for every site.
    pub fn now() -> &'static Start {
        &embedded::NOW
    }

    /// `/assets/shop-1a2b3c4d.css` for `shop.css`; the name itself where there is no such file.
    pub fn url(&self, file: &str) -> String {
        find(file).map_or_else(|| format!("/assets/{file}"), |asset| format!("/assets/{}", file_name(asset)))
    }

    /// The hashed name of a file, without a path.
    pub fn hashed(&self, file: &str) -> String {
        find(file).map_or_else(|| file.to_owned(), file_name)
    }

    /// Answers a request for `NAME-HASH.EXT`.
    ///
    /// An old hash gets today's file, not to be cached: a page that was open during an upgrade still works.
    pub fn serve(&self, requested: &str, headers: &HeaderMap) -> Option<Response> {
        let (stem, extension) = requested.rsplit_once('.')?;
        let (name, hash) = stem.rsplit_once('-')?;
        let asset = find(&format!("{name}.{extension}"))?;
        let media_type = media_type(extension);
        // The source of a file that was put together is only a part of it.
        let folder = self.folder.as_deref().filter(|_| !asset.is_joined);
        if let Some(bytes) = folder.and_then(|folder| from_folder(folder, name, extension)) {
            return Some(
                ([(header::CONTENT_TYPE, media_type), (header::CACHE_CONTROL, "no-cache")], bytes)
                    .into_response(),
            );
        }
        let compressed = Compressed::from_static(asset.raw, asset.brotli, asset.gzip);
        let cache = if hash == asset.hash { IMMUTABLE } else { REVALIDATED };
        Some(respond(&compressed, media_type, cache, headers))
    }

    /// Answers with a file of the storefront's pictures, whose names carry no hash.
    pub fn serve_named(&self, file: &str, headers: &HeaderMap) -> Option<Response> {
        let asset = find(file)?;
        let compressed = Compressed::from_static(asset.raw, asset.brotli, asset.gzip);
        Some(respond(&compressed, media_type(asset.extension), REVALIDATED, headers))
    }
}

/// Answers with the form of a file that the browser understands best, or "not changed".
pub fn respond(
    file: &Compressed,
    media_type: &'static str,
    cache: HeaderValue,
    headers: &HeaderMap,
) -> Response {
    let tag = file.etag();
    let mut response = if has_tag(headers, tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let (body, encoding) = file.for_client(headers);
        let mut response = body.into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        if let Some(encoding) = encoding.name() {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    };
    let out = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(tag) {
        out.insert(header::ETAG, tag);
    }
    out.insert(header::CACHE_CONTROL, cache);
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    out.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    out.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn has_tag(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get_all(header::IF_NONE_MATCH).into_iter().filter_map(|value| value.to_str().ok());
    known.flat_map(|line| line.split(',')).any(|known| known.trim().trim_start_matches("W/") == tag)
}

fn find(file: &str) -> Option<&'static Embedded> {
    let (name, extension) = file.rsplit_once('.')?;
    embedded::ASSETS.iter().find(|asset| asset.name == name && asset.extension == extension)
}

fn file_name(asset: &Embedded) -> String {
    format!("{}-{}.{}", asset.name, asset.hash, asset.extension)
}

/// Everything that browsers may be told to run.
pub fn programs() -> impl Iterator<Item = &'static Embedded> {
    embedded::ASSETS.iter().filter(|asset| matches!(asset.extension, "js" | "wasm"))
}

/// A file below the folder, by its name alone; names come from the embedded table, so they lead nowhere else.
fn from_folder(folder: &Path, name: &str, extension: &str) -> Option<Bytes> {
    let file = format!("{name}.{extension}");
    let places = ["", "demo", "dashboard", "hosted", "check"];
    places.iter().find_map(|place| std::fs::read(folder.join(place).join(&file)).ok()).map(Bytes::from)
}

/// The media type of an extension.
pub fn media_type(extension: &str) -> &'static str {
    match extension {
        "js" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        _ => "application/octet-stream",
    }
}
