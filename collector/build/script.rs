//! Joins scripts, and makes them small: shorter local names, no comments, no blanks.

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
