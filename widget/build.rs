//! Takes comments and indentation out of the stylesheets: the browser needs neither.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let mut source = String::new();
    for path in ["src/drawing/scale.css", "src/drawing/prompt.css", "src/drawing/over.css"] {
        println!("cargo::rerun-if-changed={path}");
        source += &fs::read_to_string(path)?;
    }
    let mut css = String::new();
    for (i, part) in source.split("/*").enumerate() {
        let kept = if i == 0 { part } else { part.split_once("*/").ok_or("a comment without end")?.1 };
        css.extend(kept.lines().map(str::trim));
    }
    for (long, short) in [(": ", ":"), (" {", "{"), (", ", ","), (";}", "}")] {
        css = css.replace(long, short);
    }
    fs::write(Path::new(&env::var_os("OUT_DIR").ok_or("no OUT_DIR")?).join("prompt.css"), css)?;
    Ok(())
}
