//! The tag with everything inside: the loader in another frame, with the widget's first half in it.
//!
//! It is the same for every site but for its end, so it is compressed here as far as that, in forms that go on:
//! `src/assets/encoding.rs` puts each site's end behind.

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::asset::Asset;
use super::characters;
use super::script::{Change, Kind, adapt, around, eager, fill, minify, with_mark};

/// What of the loader is another's in its new frame.
const CHANGES: [Change; 5] = [
    ("\"__PARERE_TAG__\"", "gates", true),
    ("document.currentScript", "script", true),
    ("import(", "importCarried(", true),
    ("WebAssembly.compileStreaming(", "compile(", true),
    ("{ ...script.dataset", "{ lang, ...script.dataset", true),
];

/// What the loader calls of the glue; the rest is called by the glue itself.
const EXPORTS: &str = "return { default: start, begin, offer };";

/// How the script ends: what the collector puts behind the site.
const END: &str = ");";

/// Everything before the site, minified: `www/now.js` with `www/loader.js` and the first half inside.
pub(super) fn script(frame: &str, loader: &str, glue: &str, wasm: &Asset) -> Result<String, Box<dyn Error>> {
    let carried = format!("([() => {{ \"use strict\";\n{}}}, {:?}])", enclosed(glue)?, wasm.file_name());
    let filled = fill(frame, "(\"__PARERE_GLUE__\")", &carried)?;
    let filled = fill(&filled, "\"__PARERE_LOADER__\";", &adapt(loader, &CHANGES)?)?;
    let mut script = eager(&minify(&filled, Kind::Script)?);
    for mark in ["__PARERE_WASM__", "__PARERE_SITE__"] {
        script = with_mark(&script, mark);
    }
    // Not before it is minified: the minifier would write it in its own way.
    let script = fill(&script, "\"__PARERE_WASM__\"", &characters::literal(&wasm.raw))?;
    match around(&script, "\"__PARERE_SITE__\"")? {
        (start, END) => Ok(start.to_owned()),
        (_, end) => Err(format!("the site's end is {end:?}, and not {END:?}").into()),
    }
}

/// A module as the body of a function.
fn enclosed(glue: &str) -> Result<String, Box<dyn Error>> {
    let body =
        fill(glue, "export default async function (", "async function start(")?.replace("\nexport ", "\n");
    if body.lines().any(|line| line.starts_with("import ")) {
        return Err("the glue imports something, and a function cannot".into());
    }
    Ok(format!("{body}\n{EXPORTS}"))
}

/// Writes `now.js`, and how it begins in brotli and gzip.
pub(super) fn write(start: &str, out: &Path) -> Result<(), Box<dyn Error>> {
    fs::write(out.join("now.js"), start)?;
    fs::write(out.join("now.js.br"), brotli(start.as_bytes())?)?;
    fs::write(out.join("now.js.gz"), gzip(start.as_bytes())?)?;
    Ok(())
}

/// Up to a whole byte, and without an end.
fn brotli(raw: &[u8]) -> std::io::Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: raw.len(),
        appendable: true,
        bare_stream: true,
        ..Default::default()
    };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &*raw, &mut packed, &parameters)?;
    Ok(packed)
}

/// The same: what was written when it is flushed.
fn gzip(raw: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(raw)?;
    encoder.flush()?;
    Ok(encoder.get_ref().clone())
}
