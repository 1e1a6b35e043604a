//! The texts of the house: they are there, they lead somewhere, and they leave no route and no option out.

use std::collections::BTreeSet;
use std::fs;

use super::{extension, files, read, root, sources};

#[test]
fn the_texts_are_there_and_their_links_lead_somewhere() {
    for name in [
        "README.md",
        "ARCHITECTURE.md",
        "API.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
    ] {
        assert!(read(name).len() > 200, "{name}");
    }
    for path in files().iter().filter(|path| extension(path) == "md") {
        let text = fs::read_to_string(root().join(path)).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap();
            if !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:") {
                let there = root().join(path).parent().unwrap().join(target).exists();
                assert!(there, "{}: {link} leads nowhere", path.display());
            }
        }
    }
}

/// A path with each segment that holds a parameter as `{}`.
pub(crate) fn without_names(path: &str) -> String {
    path.split('/')
        .map(|segment| if segment.contains('{') { "{}" } else { segment })
        .collect::<Vec<_>>()
        .join("/")
}

/// `METHOD path` of every route in the code.
pub(crate) fn routes() -> BTreeSet<String> {
    let mut routes = BTreeSet::new();
    for (path, text) in sources() {
        let is_route = path.starts_with("collector/src/routes")
            || path.starts_with("collector/src/dashboard")
            || path.ends_with("collector/src/router.rs")
            || path.ends_with("collector/src/routes.rs");
        if !is_route {
            continue;
        }
        for call in text.split(".route(").skip(1) {
            let (named, handlers) = call.lines().next().unwrap().split_once(',').unwrap();
            // Written in place, or the name of a constant of the same file.
            let value = text.split_once(&format!("const {named}: &str = ")).map_or(named, |(_, rest)| rest);
            let route = value.split('"').nth(1).unwrap();
            for method in ["get", "post", "put", "patch", "delete"] {
                if handlers.contains(&format!("{method}(")) {
                    routes.insert(format!("{} {}", method.to_uppercase(), without_names(route)));
                }
            }
        }
    }
    let described: serde_json::Value = serde_json::from_str(&read("tests/openapi.json")).unwrap();
    for (path, operations) in described["paths"].as_object().unwrap() {
        let path = without_names(path.strip_prefix("/api/v1").unwrap_or(path));
        routes.extend(
            operations.as_object().unwrap().keys().map(|method| format!("{} {path}", method.to_uppercase())),
        );
    }
    assert!(routes.len() > 30, "{routes:?}");
    routes
}

/// Paths of people and pages; programs have a description of all others.
const FOR_PEOPLE: [&str; 6] = ["accessibility", "assets", "csp_check", "dashboard", "demo", "hosted"];

#[test]
fn what_programs_call_is_described() {
    for (path, text) in sources() {
        let Ok(route) = path.strip_prefix("collector/src/routes") else { continue };
        let is_for_people = FOR_PEOPLE.iter().any(|group| route.to_string_lossy().starts_with(group));
        assert!(
            is_for_people || !text.contains(".route("),
            "{}: use routes!, so that the path is described where it is handled",
            path.display()
        );
    }
}

#[test]
fn every_route_is_documented() {
    let text = read("API.md");
    let mut documented = BTreeSet::new();
    for quoted in text.split('`').skip(1).step_by(2) {
        let Some((methods, path)) = quoted.split_once(" /") else { continue };
        let path = path.split([' ', '?']).next().unwrap();
        for method in methods.split(['|', ',']) {
            documented.insert(format!("{} {}", method.trim(), without_names(&format!("/{path}"))));
        }
    }
    let missing: Vec<String> = routes().into_iter().filter(|route| !documented.contains(route)).collect();
    assert!(missing.is_empty(), "not in API.md: {missing:#?}");
}

#[test]
fn every_option_is_documented() {
    let texts = read("README.md") + &read("API.md");
    for arguments in [
        &["--help"][..],
        &["export", "--help"],
        &["demo", "--help"],
        &["user", "create", "--help"],
        &["user", "role", "--help"],
        &["token", "create", "--help"],
    ] {
        let folder = tempfile::tempdir().unwrap();
        let manual = crate::program::parere(folder.path(), arguments).output().unwrap().stdout;
        let manual = String::from_utf8(manual).unwrap();
        let options = manual.lines().filter_map(|line| {
            line.trim_start().strip_prefix("--").or(line.split_once(", --").map(|(_, rest)| rest))
        });
        for option in options.map(|rest| rest.split([' ', '<', '[', '=', ':']).next().unwrap()) {
            let is_known = matches!(option, "help" | "version") || texts.contains(&format!("--{option}"));
            assert!(is_known, "--{option} stands neither in README.md nor in API.md");
        }
    }
}
