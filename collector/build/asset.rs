//! A file that browsers download: hashed, compressed once at build time, listed in a table.

use std::error::Error;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::{fs, thread};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256, Sha384};

use super::script;

/// Hexadecimal digits of the hash in a file's name: 32 bits tell our builds apart, and stand in every tag.
const HASH_DIGITS: usize = 8;

/// Best compression: it is done once and downloaded for years.
const BROTLI_QUALITY: u32 = 11;

/// Window of 2²² bytes: larger than any of our files.
const BROTLI_WINDOW_LOG2: u32 = 22;

/// A file as it is served.
pub(super) struct Asset {
    pub(super) name: String,
    pub(super) extension: String,
    pub(super) hash: String,
    pub(super) raw: Vec<u8>,
    /// Made of several sources, so that no single one of them can stand in for it.
    pub(super) is_joined: bool,
}

impl Asset {
    /// The name it is served under.
    pub(super) fn file_name(&self) -> String {
        format!("{}-{}.{}", self.name, self.hash, self.extension)
    }
}

/// What stands in `integrity`, so that a browser takes these bytes and no others.
pub(super) fn integrity(raw: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(raw)))
}

/// The first digits of the SHA-256 of all parts, one after the other.
pub(super) fn hash(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    let mut digits = String::new();
    for byte in hash.finalize() {
        // Writing to a string cannot fail.
        write!(digits, "{byte:02x}").ok();
    }
    digits.truncate(HASH_DIGITS);
    digits
}

/// Scripts of the folders that say nothing without one of the widget's.
const JOINED: [(&str, &[&str]); 1] = [("kiosk", &["id"])];

/// Styles, scripts and pictures of a folder, by name.
pub(super) fn read_folder(root: &Path, folder: &Path) -> Result<Vec<Asset>, Box<dyn Error>> {
    let mut assets = Vec::new();
    for entry in fs::read_dir(folder)? {
        assets.extend(read(root, &entry?.path())?);
    }
    assets.sort_by(|a, b| (&a.name, &a.extension).cmp(&(&b.name, &b.extension)));
    Ok(assets)
}

/// One of them; `None` for anything else.
pub(super) fn read(root: &Path, path: &Path) -> Result<Option<Asset>, Box<dyn Error>> {
    let part = |part: Option<&std::ffi::OsStr>| part.and_then(|text| text.to_str()).map(str::to_owned);
    let (Some(name), Some(extension)) = (part(path.file_stem()), part(path.extension())) else {
        return Ok(None);
    };
    if !matches!(extension.as_str(), "css" | "js" | "svg") {
        return Ok(None);
    }
    let mut raw = fs::read(path)?;
    let mut is_joined = false;
    if extension == "js" {
        let first = JOINED.iter().find(|(own, _)| *own == name).map_or(&[][..], |(_, first)| first);
        is_joined = !first.is_empty();
        let source = script::join(root, first, &String::from_utf8(raw)?)?;
        raw = script::minify(&source, script::Kind::Module)?.into_bytes();
    }
    Ok(Some(Asset { hash: hash(&[&raw]), name, extension, raw, is_joined }))
}

/// Writes every file in its three forms, and `assets.rs` that includes them.
pub(super) fn write_table(assets: &[Asset], loader: &str, out: &Path) -> Result<(), Box<dyn Error>> {
    let mut rows = String::new();
    for (i, asset) in assets.iter().enumerate() {
        let is_asset = |other: &Asset| (&other.name, &other.extension) == (&asset.name, &asset.extension);
        if assets.iter().take(i).any(is_asset) {
            return Err(format!("two files are called {}.{}", asset.name, asset.extension).into());
        }
        let file = format!("{}.{}", asset.name, asset.extension);
        write!(
            rows,
            "    Embedded {{\n        name: {:?},\n        hash: {:?},\n        extension: {:?},\n        \
             integrity: {:?},\n        is_joined: {:?},\n        \
             raw: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{file}\")),\n        \
             brotli: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{file}.br\")),\n        \
             gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{file}.gz\")),\n    }},\n",
            asset.name,
            asset.hash,
            asset.extension,
            integrity(&asset.raw),
            asset.is_joined,
        )?;
    }
    let table = format!(
        "pub(super) static ASSETS: &[Embedded] = &[\n{rows}];\n\npub(super) static LOADER: &str = {loader:?};\n\n\
         pub(super) static NOW: Start = Start {{\n    \
         raw: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/now.js\")),\n    \
         brotli: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/now.js.br\")),\n    \
         gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/now.js.gz\")),\n}};\n"
    );
    fs::write(out.join("assets.rs"), table)?;
    let written: std::io::Result<Vec<()>> = thread::scope(|scope| {
        let threads: Vec<_> = assets.iter().map(|asset| scope.spawn(|| write_forms(asset, out))).collect();
        let broken = |_| Err(std::io::Error::other("compression broke"));
        threads.into_iter().map(|thread| thread.join().unwrap_or_else(broken)).collect()
    });
    written?;
    Ok(())
}

fn write_forms(asset: &Asset, out: &Path) -> std::io::Result<()> {
    let file = format!("{}.{}", asset.name, asset.extension);
    fs::write(out.join(&file), &asset.raw)?;
    fs::write(out.join(format!("{file}.gz")), gzip(&asset.raw)?)?;
    fs::write(out.join(format!("{file}.br")), brotli(&asset.raw)?)
}

fn gzip(raw: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(raw)?;
    encoder.finish()
}

fn brotli(raw: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let mut encoder =
        brotli::CompressorReader::new(raw, raw.len().max(1), BROTLI_QUALITY, BROTLI_WINDOW_LOG2);
    encoder.read_to_end(&mut packed)?;
    Ok(packed)
}
