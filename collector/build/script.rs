//! Joins scripts, and makes them small: shorter local names, no comments, no blanks.

use std::error::Error;
use std::path::Path;
use std::{fs, io};

use oxc_allocator::Allocator;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_mangler::MangleOptions;
use oxc_minifier::{CompressOptions, Minifier, MinifierOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;

/// How a browser runs a script.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// `<script src>`.
    Script,
    /// `import`; its exports keep their names.
    Module,
}

/// Where `widget/src/browser/overlay.js` expects its stylesheet.
const OVERLAY_STYLE: &str = "\"__PARERE_OVERLAY__\"";

/// `script` after those of `widget/src/browser` that it says nothing without, as one program.
pub(super) fn join(root: &Path, first: &[&str], script: &str) -> io::Result<String> {
    let mut joined = String::new();
    for name in first {
        let path = root.join("widget/src/browser").join(name).with_extension("js");
        joined.extend([fs::read_to_string(path)?.as_str(), "\n"]);
    }
    joined.push_str(script);
    if joined.contains(OVERLAY_STYLE) {
        let style = fs::read_to_string(root.join("widget/src/browser/overlay.css"))?;
        joined = joined.replace(OVERLAY_STYLE, &format!("{style:?}"));
    }
    Ok(joined)
}

/// The same program in fewer bytes; properties keep their names.
pub(super) fn minify(source: &str, kind: Kind) -> Result<String, String> {
    let kind = match kind {
        Kind::Script => SourceType::script(),
        Kind::Module => SourceType::mjs(),
    };
    let allocator = Allocator::default();
    let parsed = Parser::new(&allocator, source, kind).parse();
    if let Some(problem) = parsed.diagnostics.first() {
        return Err(format!("a script does not parse: {problem}"));
    }
    let mut program = parsed.program;
    let options = MinifierOptions {
        mangle: Some(MangleOptions::default()),
        mangle_properties: None,
        compress: Some(CompressOptions::smallest()),
    };
    let minified = Minifier::new(options).minify(&allocator, &mut program);
    let printer = Codegen::new().with_options(CodegenOptions::minify()).with_scoping(minified.scoping);
    Ok(printer.build(&program).code)
}

/// A minified script whose functions are all compiled while it arrives, in the background where a browser can,
/// and not one after the other as they are called: for what is called as soon as it is there.
/// Browsers that do not know the mark, which must stand first, read over it.
pub(super) fn eager(minified: &str) -> String {
    format!("//# allFunctionsCalledOnLoad\n{minified}")
}

/// What is another's in a script that is put into a new frame: from, to, and whether it is there once or where it is needed.
pub(super) type Change = (&'static str, &'static str, bool);

/// The script with what is another's in its new frame.
pub(super) fn adapt(script: &str, changes: &[Change]) -> Result<String, Box<dyn Error>> {
    let mut script = script.to_owned();
    for (from, to, is_once) in changes {
        let found = script.matches(from).count();
        if found == 0 || *is_once && found > 1 {
            return Err(format!("a script has changed: {from} is in it {found} times").into());
        }
        script = script.replace(from, to);
    }
    Ok(script)
}

/// What stands before and after `mark`, which is in the script once.
pub(super) fn around<'a>(script: &'a str, mark: &str) -> Result<(&'a str, &'a str), Box<dyn Error>> {
    match script.split_once(mark) {
        Some((before, after)) if !after.contains(mark) => Ok((before, after)),
        _ => Err(format!("a script must hold {mark} exactly once").into()),
    }
}

/// The script with `content` in place of `mark`.
pub(super) fn fill(script: &str, mark: &str, content: &str) -> Result<String, Box<dyn Error>> {
    let (before, after) = around(script, mark)?;
    Ok([before, content, after].concat())
}

/// A minified script with `mark`, a string, in double quotes: the minifier takes whatever quotes it likes.
pub(super) fn with_mark(script: &str, mark: &str) -> String {
    script.replace(&format!("`{mark}`"), &format!("\"{mark}\""))
}
