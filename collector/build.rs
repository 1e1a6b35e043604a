//! Builds everything that browsers download, so that one binary is the whole product.
//!
//! The widget is compiled to wasm, the scripts are minified, every file is hashed and compressed;
//! `OUT_DIR/assets.rs` lists them for `src/assets.rs`.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "build/asset.rs"]
mod asset;
#[path = "src/tag/characters.rs"]
mod characters;
#[path = "build/now.rs"]
mod now;
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
const SOURCES: [&str; 11] = [
    "Cargo.lock",
    "Cargo.toml",
    "collector/build",
    "collector/build.rs",
    "collector/src/tag/characters.rs",
    "shared/Cargo.toml",
    "shared/src",
    "widget/Cargo.toml",
    "widget/build.rs",
    "widget/src",
    "www",
];

/// Folders of `www` whose styles, scripts and pictures are served under hashed names.
const FOLDERS: [&str; 4] = ["demo", "dashboard", "hosted", "check"];

/// What the hosted page draws as the prompt does.
const SCALE: &str = "widget/src/drawing/scale.css";

fn main() -> Result<(), Box<dyn Error>> {
    // Asked when it runs: two checkouts that share a target folder share this program.
    let crate_folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or("no CARGO_MANIFEST_DIR")?);
    let root = crate_folder.parent().ok_or("the crate has no parent folder")?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("no OUT_DIR")?);
    for source in SOURCES {
        println!("cargo::rerun-if-changed=../{source}");
    }
    let (mut widget, mut glues) = (Vec::new(), Vec::new());
    for (name, scripts) in widget::PARTS {
        let widget::Part { glue, wasm } = widget::build(root, &out, name)?;
        let glue = script::join(root, scripts, &glue)?;
        let minified = script::minify(&glue, script::Kind::Module)?;
        let minified = if name == "ask" { script::eager(&minified) } else { minified };
        widget.push((name, minified, wasm));
        glues.push(glue);
    }
    let frame = fs::read_to_string(root.join("www/frame.js"))?;
    let frame = script::join(root, &["calls", "funnel", "theme", "overlay"], &frame)?;
    let frame = script::minify(&frame, script::Kind::Module)?.into_bytes();
    // All are made for each other: one hash.
    let parts = widget.iter().flat_map(|(_, glue, wasm)| [glue.as_bytes(), wasm.as_slice()]);
    let build = hash(&parts.chain([frame.as_slice()]).collect::<Vec<_>>());
    let (name, extension) = ("parere-frame".into(), "js".into());
    let mut assets = vec![Asset { name, extension, hash: build.clone(), raw: frame, is_joined: true }];
    for (name, glue, wasm) in widget {
        for (extension, raw) in [("js", glue.into_bytes()), ("wasm", wasm)] {
            let name = format!("parere-{name}");
            let (extension, hash) = (extension.into(), build.clone());
            assets.push(Asset { name, extension, hash, raw, is_joined: true });
        }
    }
    let tags = tags(root, &glues, &assets)?;
    assets.push(tags.pinned);
    assets.push(asset::read(root, &root.join(SCALE))?.ok_or("scale.css is a stylesheet")?);
    for folder in FOLDERS.map(|folder| root.join("www").join(folder)) {
        if folder.is_dir() {
            assets.extend(asset::read_folder(root, &folder)?);
        }
    }
    fs::write(out.join("loader.js"), &tags.loader)?;
    now::write(&tags.now, &out)?;
    asset::write_table(&assets, &tags.loader, &out)
}

/// The tag in its three forms.
struct Tags {
    /// As it is pasted, up to the site.
    loader: String,
    /// With everything inside, up to the site.
    now: String,
    pinned: Asset,
}

/// Each holds `www/loader.js`; `glues` are those of the widget's parts, and `assets` all that the loader may load.
fn tags(root: &Path, glues: &[String], assets: &[Asset]) -> Result<Tags, Box<dyn Error>> {
    let read = |name: &str| fs::read_to_string(root.join("www").join(name).with_extension("js"));
    let source = read("loader")?;
    let loader = script::minify(&source, script::Kind::Script)?;
    // The collector looks for it.
    let loader = script::with_mark(&loader, "__PARERE_TAG__");
    script::around(&loader, "\"__PARERE_TAG__\"")?;
    let pinned = script::minify(&pinned::script(&read("pinned")?, &source, assets)?, script::Kind::Script)?;
    let raw = pinned.into_bytes();
    let (name, extension) = ("parere-loader".into(), "js".into());
    let pinned = Asset { hash: hash(&[&raw]), name, extension, raw, is_joined: true };
    let wasm = assets.iter().find(|asset| (&*asset.name, &*asset.extension) == ("parere-ask", "wasm"));
    let glue = glues.first().ok_or("the first part asks")?;
    let now = now::script(&read("now")?, &source, glue, wasm.ok_or("the first half has its wasm")?)?;
    Ok(Tags { loader, now, pinned })
}
