//! The tag for shops that pin their scripts: the loader in another frame, with the hashes of all that it may run.

use std::collections::BTreeMap;
use std::error::Error;

use super::asset::{Asset, integrity};
use super::script::{Change, adapt, fill};

/// What of the loader is another's in its new frame.
const CHANGES: [Change; 4] = [
    ("\"__PARERE_TAG__\"", "gates", true),
    ("document.currentScript", "script", true),
    ("import(", "importPinned(", true),
    ("script.src", "pinnedAddress", false),
];

/// `www/pinned.js` with `www/loader.js` inside; `widget` are the scripts that the loader loads.
pub(super) fn script(frame: &str, loader: &str, widget: &[Asset]) -> Result<String, Box<dyn Error>> {
    let files: BTreeMap<String, String> =
        widget.iter().map(|asset| (asset.file_name(), integrity(&asset.raw))).collect();
    let filled = fill(frame, "(\"__PARERE_FILES__\")", &format!("({files:?})"))?;
    fill(&filled, "\"__PARERE_LOADER__\";", &adapt(loader, &CHANGES)?)
}
