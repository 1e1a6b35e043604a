//! Builds everything that browsers download, so that one binary is the whole product.
//!
//! The widget is compiled to wasm, the scripts are minified, every file is hashed and compressed;
//! `OUT_DIR/assets.rs` lists them for `src/assets.rs`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "build/asset.rs"]
mod asset;
#[path = "build/pinned.rs"]
mod pinned;
#[path = "build/script.rs"]
mod script;
#[path = "build/snip.rs"]
mod snip;
#[path = "build/widget.rs"]
mod widget;

use asset::{Asset, hash};

/// What the result depends on; nothing else, so that an edit in the collector does not come here.
const SOURCES: [&str; 10] = [
    "Cargo.lock",
    "Cargo.toml",
    "collector/build",
    "collector/build.rs",
    "shared/Cargo.toml",
    "shared/src",
    "widget/Cargo.toml",
    "widget/build.rs",
    "widget/src",
    "www",
];

/// Folders of `www` whose styles, scripts and pictures are served under hashed names.
const FOLDERS: [&str; 4] = ["demo", "dashboard", "hosted", "check"];

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("the crate has no parent folder")?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?);
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    let widget = widget::build(root, &out)?;
    let mut glue = widget.glue;
    for part in ["guard.js", "browser.js"] {
        glue.extend(["\n", &fs::read_to_string(root.join("widget/src").join(part))?]);
    }
    let glue = script::minify(&glue, script::Kind::Module)?;
    // Both are made for each other: one hash.
    let build = hash(&[glue.as_bytes(), &widget.wasm]);
    let mut assets = vec![
        Asset { name: "parere".into(), extension: "js".into(), hash: build.clone(), raw: glue.into_bytes() },
        Asset { name: "parere".into(), extension: "wasm".into(), hash: build, raw: widget.wasm },
    ];
    let source = fs::read_to_string(root.join("www/loader.js"))?;
    let frame = fs::read_to_string(root.join("www/pinned.js"))?;
    let pinned = script::minify(&pinned::script(&frame, &source, &assets)?, script::Kind::Script)?;
    let pinned = pinned.into_bytes();
    assets.push(Asset {
        hash: hash(&[&pinned]),
        name: "parere-loader".into(),
        extension: "js".into(),
        raw: pinned,
    });
    for folder in FOLDERS.map(|folder| root.join("www").join(folder)) {
        if folder.is_dir() {
            assets.extend(asset::read_folder(&folder)?);
        }
    }
    let loader = script::minify(&source, script::Kind::Script)?;
    // The printer is free in its choice of quotes; the collector looks for these.
    let loader = loader.replace("`__PARERE_TAG__`", "\"__PARERE_TAG__\"");
    // The minifier writes short strings in whatever quotes it likes.
    let loader = loader.replace("`__PARERE_TAG__`", "\"__PARERE_TAG__\"");
    if loader.matches("\"__PARERE_TAG__\"").count() != 1 {
        return Err("the minified loader must hold \"__PARERE_TAG__\" exactly once".into());
    }
    fs::write(out.join("loader.js"), &loader)?;
    asset::write_table(&assets, &loader, &out)
}
