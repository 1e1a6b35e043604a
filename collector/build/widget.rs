//! Compiles the widget to wasm and binds it to JavaScript.

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use wasm_bindgen_cli_support::Bindgen;

use super::snip;

/// What cargo's folder is called inside the wasm: the same on every machine, so that the same source has the same hash.
pub(super) const CARGO_HOME: &str = "/cargo/";

const TARGET: &str = "wasm32-unknown-unknown";

/// What cargo or its caller set for the collector and the widget must not inherit:
/// flags for another machine, wrappers such as clippy's, the outer target folder (whose lock is held: a deadlock).
const NOT_INHERITED: [&str; 8] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_TARGET",
    "CARGO_TARGET_DIR",
    "CARGO_BUILD_TARGET_DIR",
];

/// The parts of the widget (`widget/src/lib.rs`) with the scripts that join their glue, in `widget/src/browser`.
pub(super) const PARTS: [(&str, &[&str]); 3] = [
    (
        "ask",
        &[
            "guard",
            "calls",
            "funnel",
            "id",
            "theme",
            "ask/card",
            "ask/over",
            "ask/trigger",
            "ask/early",
            "ask/api",
        ],
    ),
    ("answer", &["guard", "answer/rim", "answer/card"]),
    ("explain", &["guard", "explain/gates", "overlay"]),
];

/// A part of the widget, ready for browsers.
pub(super) struct Part {
    /// The module that loads and calls the wasm; not yet minified.
    pub(super) glue: String,
    pub(super) wasm: Vec<u8>,
}

/// Builds one part of the widget in `<target>/widget`: the same folder for build, clippy and test.
pub(super) fn build(root: &Path, out: &Path, part: &str) -> Result<Part, Box<dyn Error>> {
    // <target>/<profile>/build/<package>/out
    let target = out.ancestors().nth(4).ok_or("OUT_DIR is not where cargo puts it")?.join("widget");
    require_target()?;
    let mut cargo = Command::new(env::var_os("CARGO").ok_or("no CARGO")?);
    cargo.current_dir(root).args(["build", "--package", "parere-widget", "--lib", "--profile", "widget"]);
    cargo.args(["--no-default-features", "--features", part]);
    cargo.args(["--target", TARGET, "--locked", "--target-dir"]).arg(&target);
    for name in NOT_INHERITED {
        cargo.env_remove(name);
    }
    let home = env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo"));
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or(home).ok_or("neither CARGO_HOME nor HOME")?;
    let flag = |from: &Path, to: &str| format!("--remap-path-prefix={}/={to}", from.display());
    cargo.env("CARGO_ENCODED_RUSTFLAGS", [flag(&home, CARGO_HOME), flag(root, "/parere/")].join("\u{1f}"));
    let run = cargo.output()?;
    if !run.status.success() {
        return Err(format!("the widget does not build:\n{}", String::from_utf8_lossy(&run.stderr)).into());
    }
    bind(&target.join(TARGET).join("widget/parere_widget.wasm"))
}

/// A build script never changes the toolchain; it says what to type.
fn require_target() -> Result<(), Box<dyn Error>> {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut ask = Command::new(rustc);
    ask.args(["--print", "target-libdir", "--target", TARGET]).env_remove("RUSTC_WORKSPACE_WRAPPER");
    let folder = String::from_utf8(ask.output()?.stdout)?;
    if PathBuf::from(folder.trim()).is_dir() {
        Ok(())
    } else {
        Err(format!("run: rustup target add {TARGET}").into())
    }
}

fn bind(wasm: &Path) -> Result<Part, Box<dyn Error>> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).out_name("parere").web(true)?.typescript(false).omit_default_module_path(true);
    let mut output = bindgen.remove_name_section(true).remove_producers_section(true).generate_output()?;
    let mut glue = output.js().to_owned();
    let module = output.wasm_mut();
    snip::panics(module)?;
    shorten_imports(module, &mut glue)?;
    shorten_entries(module, &mut glue)?;
    // Says which features of wasm were used; a browser finds out by itself.
    module.customs.remove_raw("target_features");
    start_simply(&mut glue)?;
    // The guard (widget/src/browser/guard.js) stands between every caller and the wasm.
    replace_once(&mut glue, "wasm = instance.exports;", "wasm = guard(instance.exports);")?;
    Ok(Part { glue, wasm: module.emit_wasm() })
}

/// Imports are called `__wbg_setAttribute_f75317b2b5cabfb4`, here and there; short names do the same.
fn shorten_imports(module: &mut walrus::Module, glue: &mut String) -> Result<(), Box<dyn Error>> {
    for (i, import) in module.imports.iter_mut().enumerate() {
        let short = format!("i{i}");
        replace_once(glue, &format!("{}: function", import.name), &format!("{short}: function"))?;
        import.name = short;
        import.module = "i".into();
    }
    replace_once(glue, "\"./parere_bg.js\": import0", "i: import0")
}

/// The entries for closures are called `wasm_bindgen__convert__closures_____invoke__hfaad65479b83891b`.
fn shorten_entries(module: &mut walrus::Module, glue: &mut String) -> Result<(), Box<dyn Error>> {
    let entries = module.exports.iter_mut().filter(|export| export.name.starts_with("wasm_bindgen__convert"));
    for (i, export) in entries.enumerate() {
        let short = format!("c{i}");
        replace_once(glue, &format!("wasm.{}(", export.name), &format!("wasm.{short}("))?;
        export.name = short;
    }
    Ok(())
}

/// The loader always hands over a compiled module: all other ways to start go.
fn start_simply(glue: &mut String) -> Result<(), Box<dyn Error>> {
    const START: &str = "export default async function (module) {
    __wbg_finalize_init(await WebAssembly.instantiate(module, __wbg_get_imports()), module);
}
";
    let (kept, _) = glue.split_once("async function __wbg_load(").ok_or("wasm-bindgen's glue has changed")?;
    *glue = format!("{kept}{START}");
    Ok(())
}

fn replace_once(text: &mut String, from: &str, to: &str) -> Result<(), Box<dyn Error>> {
    if text.matches(from).count() != 1 {
        return Err(format!("wasm-bindgen's glue has changed: {from:?} is not in it exactly once").into());
    }
    *text = text.replacen(from, to, 1);
    Ok(())
}
