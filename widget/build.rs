//! Takes comments and indentation out of the stylesheet: the browser needs neither.

use std::{env, error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    const SOURCE: &str = "src/drawing/prompt.css";
    println!("cargo::rerun-if-changed={SOURCE}");
    let source = fs::read_to_string(SOURCE)?;
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
