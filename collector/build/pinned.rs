//! The tag for shops that pin their scripts: the loader in another frame, with the hashes of all that it may run.

use std::collections::BTreeMap;
use std::error::Error;

use super::asset::{Asset, integrity};

/// What of the loader is another's in its new frame, and how often it is there: once, or where it is needed.
const CHANGES: [(&str, &str, bool); 4] = [
    ("\"__PARERE_TAG__\"", "gates", true),
    ("document.currentScript", "script", true),
    ("import(", "importPinned(", true),
    ("script.src", "pinnedAddress", false),
];

/// `www/pinned.js` with `www/loader.js` inside; `widget` are the scripts that the loader loads.
pub(super) fn script(frame: &str, loader: &str, widget: &[Asset]) -> Result<String, Box<dyn Error>> {
    let mut loader = loader.to_owned();
    for (from, to, is_once) in CHANGES {
        let found = loader.matches(from).count();
        if found == 0 || is_once && found > 1 {
            return Err(format!("the loader has changed: {from} is in it {found} times").into());
        }
        loader = loader.replace(from, to);
    }
    let files: BTreeMap<String, String> =
        widget.iter().map(|asset| (asset.file_name(), integrity(&asset.raw))).collect();
    let filled = replace_once(frame, "(\"__PARERE_FILES__\")", &format!("({files:?})"))?;
    replace_once(&filled, "\"__PARERE_LOADER__\";", &loader)
}

fn replace_once(text: &str, from: &str, to: &str) -> Result<String, Box<dyn Error>> {
    match text.split_once(from) {
        Some((before, after)) if !after.contains(from) => Ok([before, to, after].concat()),
        _ => Err(format!("the frame of the pinned loader must hold {from} exactly once").into()),
    }
}
