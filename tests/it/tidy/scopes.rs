//! No route without a declared scope: every handler says in its signature who may call it.

use std::path::{Path, PathBuf};

use super::{read, sources};

/// What a handler can declare; `_: Open` is for everybody, `Told` for whoever signs as a source of the site does.
const DECLARATIONS: [&str; 6] =
    [": May<", "): Anywhere<", "): Everywhere<", ": SignedIn", ": Told", "_: Open"];

/// Names of handlers that a file puts behind paths, as it calls them.
fn named(source: &str) -> Vec<String> {
    let described =
        source.split("routes!(").skip(1).flat_map(|rest| rest.split(')').next().unwrap().split(','));
    let routed = source.split(".route(").skip(1).flat_map(|rest| {
        let line = rest.lines().next().unwrap();
        ["get(", "post(", "put(", "patch(", "delete("]
            .into_iter()
            .filter_map(|method| line.split_once(method).map(|(_, rest)| rest.split(')').next().unwrap()))
            .collect::<Vec<_>>()
    });
    described.chain(routed).map(|name| name.trim().to_owned()).filter(|name| !name.contains(' ')).collect()
}

/// Where a handler is, and what it is called there.
fn place(file: &Path, name: &str) -> (PathBuf, String) {
    match name.rsplit_once("::") {
        Some((module, name)) => {
            (file.with_extension("").join(format!("{}.rs", module.replace("::", "/"))), name.into())
        }
        None => (file.into(), name.into()),
    }
}

/// What a function takes, as it is written.
fn parameters<'a>(source: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = source.split_once(&format!("async fn {name}("))?;
    let end = rest.find(") -> ")?;
    rest.get(..=end)
}

fn declares(parameters: &str) -> bool {
    DECLARATIONS.iter().any(|declaration| parameters.contains(declaration))
}

#[test]
fn every_handler_declares_who_may_call_it() {
    let mut handlers = Vec::new();
    for (path, text) in sources() {
        if path.starts_with("collector/src/routes") {
            handlers.extend(named(&text).into_iter().map(|name| place(&path, &name)));
        }
    }
    assert!(handlers.len() > 50, "too few handlers to believe: {handlers:?}");
    for (path, name) in handlers {
        let source = read(path.to_str().unwrap());
        let parameters =
            parameters(&source, &name).unwrap_or_else(|| panic!("{}: no async fn {name}", path.display()));
        assert!(declares(parameters), "{}: {name} declares no scope: {parameters}", path.display());
    }
    // Written in place, with its declaration.
    assert!(read("collector/src/router.rs").contains("get(async move |_: Open| openapi::reply"));
}

#[test]
fn the_lint_finds_what_it_is_for() {
    let source =
        "routes!(list, create)).routes(routes!(read)); \n.route(HOME, get(overview::page).post(make))\n";
    assert_eq!(named(source), ["list", "create", "read", "overview::page", "make"]);
    let (path, name) = place(Path::new("collector/src/routes/dashboard.rs"), "overview::page");
    assert_eq!((path.to_str(), &*name), (Some("collector/src/routes/dashboard/overview.rs"), "page"));
    for (source, expected) in [
        ("async fn page(_: Open, State(app): State<App>) -> X", true),
        ("async fn page(\n    State(app): State<App>,\n    May { site, .. }: May<READ>,\n) -> X", true),
        ("async fn page(State(app): State<App>, Anywhere(caller): Anywhere<READ>) -> X", true),
        ("async fn page(State(app): State<App>) -> X", false),
        ("async fn page(State(app): State<App>, you: Result<SignedIn, ApiError>) -> X", false),
        ("async fn page() -> X { May<READ> }", false),
    ] {
        assert_eq!(declares(parameters(source, "page").unwrap()), expected, "{source}");
    }
}
