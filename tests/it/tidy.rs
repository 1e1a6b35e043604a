//! Rules of the house that a machine can check, each with its reason.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::assets::parts;
use crate::client::Reply;
use crate::server::Server;

pub(crate) mod documents;
mod plans;
mod portable;
mod scopes;

/// A file that nears this is missing a concept.
const FILE_LINES_MAX: usize = 400;

/// What a newcomer reads in one sitting.
const ARCHITECTURE_LINES_MAX: usize = 150;

/// What a page costs on which nothing can be asked, in brotli bytes.
const LOADER_BYTES_MAX: usize = 2_000;

/// What is downloaded until the prompt stands, in brotli bytes.
const ELIGIBLE_BYTES_MAX: usize = 24_000;

/// The top of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every file that is ours: tracked, or new and not ignored.
fn files() -> Vec<PathBuf> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .ok()
        .filter(|output| output.status.success());
    let paths: Vec<PathBuf> = match listed {
        Some(output) => String::from_utf8(output.stdout).unwrap().lines().map(PathBuf::from).collect(),
        // Without git, as from an archive of the sources.
        None => walk(root()),
    };
    let paths: Vec<PathBuf> = paths.into_iter().filter(|path| root().join(path).is_file()).collect();
    assert!(paths.len() > 100, "too few files to believe: {paths:?}");
    paths
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let ours = entries.filter(|path| {
        !path.ends_with("target") && !path.ends_with("node_modules") && !path.ends_with(".git")
    });
    ours.flat_map(|path| {
        if path.is_dir() { walk(&path) } else { vec![path.strip_prefix(root()).unwrap().to_owned()] }
    })
    .collect()
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

/// Files that people write and read, with their text.
fn sources() -> Vec<(PathBuf, String)> {
    let of_ours = |path: &PathBuf| {
        matches!(extension(path), "rs" | "c" | "js" | "mjs" | "ts" | "css" | "html" | "sql" | "toml" | "sh")
            || path.ends_with("tests/run")
            || path.ends_with("tests/durability")
    };
    files()
        .into_iter()
        .filter(of_ours)
        .map(|path| (path.clone(), fs::read_to_string(root().join(&path)).unwrap()))
        .collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn files_and_functions_are_short() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= FILE_LINES_MAX, "{} has {lines} lines; which concept is missing?", path.display());
    }
    // Functions are measured by clippy; here is held that it goes on doing so.
    assert!(read(".clippy.toml").contains("too-many-lines-threshold = 70"));
    assert!(read("Cargo.toml").contains("too_many_lines = \"warn\""));
    let architecture = read("ARCHITECTURE.md").lines().count();
    assert!(architecture <= ARCHITECTURE_LINES_MAX, "ARCHITECTURE.md has {architecture} lines");
}

#[test]
fn names_say_what_is_inside() {
    let vague = ["helper", "util", "manager", "service", "common", "misc", "repository"];
    for path in files() {
        let name = path.file_stem().unwrap().to_string_lossy().to_lowercase();
        let words = name.split(['-', '_', '.']).map(|word| word.trim_end_matches('s'));
        for word in words {
            assert!(!vague.contains(&word), "{} could hold anything; what is it for?", path.display());
        }
    }
}

#[test]
fn nothing_is_put_off_in_a_comment() {
    // Written in two parts, or this file would find itself.
    let marks = [["TO", "DO"].concat(), ["FIX", "ME"].concat(), ["X", "XX"].concat()];
    for (path, text) in sources() {
        for (n, line) in text.lines().enumerate() {
            let found = marks
                .iter()
                .find(|mark| line.split(|c: char| !c.is_alphanumeric()).any(|word| word == **mark));
            assert!(
                found.is_none(),
                "{}:{}: an issue keeps what has to be done: {line}",
                path.display(),
                n + 1
            );
        }
    }
}

#[test]
fn browsers_are_given_nodes_and_no_markup() {
    // Assigning markup throws under Trusted Types, and runs whatever a shopper wrote.
    let markup =
        ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "set_inner_html", "eval("];
    for (path, text) in sources() {
        if path.starts_with("www") || path.starts_with("widget") {
            for word in markup {
                assert!(!text.contains(word), "{} says {word}; build the nodes", path.display());
            }
        }
    }
}

#[test]
fn the_crate_and_the_generator_of_bindings_move_together() {
    let manifest = read("Cargo.toml");
    let pinned = |name: &str| {
        let line = manifest.lines().find(|line| line.starts_with(&format!("{name} = \"="))).expect(name);
        line.split('"').nth(1).unwrap().to_owned()
    };
    assert_eq!(pinned("wasm-bindgen"), pinned("wasm-bindgen-cli-support"), "they speak a private format");
    let lock = read("Cargo.lock");
    let locked =
        format!("name = \"wasm-bindgen\"\nversion = \"{}\"", pinned("wasm-bindgen").trim_start_matches('='));
    assert_eq!(lock.matches("name = \"wasm-bindgen\"\n").count(), 1);
    assert!(lock.contains(&locked), "{locked}");
}

#[test]
fn node_packages_come_from_the_registry_that_npm_asks() {
    for place in ["tests/e2e", "tests/browsers", "tests/packages.d"] {
        let lock = read(&format!("{place}/package-lock.json"));
        let elsewhere = lock
            .lines()
            .find(|line| line.contains("\"resolved\"") && !line.contains("https://registry.npmjs.org/"));
        assert_eq!(elsewhere, None, "the lock file must work on every machine");
    }
}

#[tokio::test]
async fn a_page_pays_little_for_the_tag() {
    let server = Server::start().await;
    let tag = server.get("/v1/pk_demo.js").await;
    let mut paths = vec!["/v1/pk_demo.js".to_owned()];
    paths.extend(parts(tag.text()));
    let mut total = 0;
    for path in &paths {
        let request =
            server.request(reqwest::Method::GET, path).header("accept-encoding", "gzip, deflate, br, zstd");
        let reply = Reply::to(request).await;
        assert_eq!((reply.status, reply.header("content-encoding")), (200, "br"), "{path}");
        println!("{:>6} bytes  {path}", reply.body.len());
        total += reply.body.len();
        if path.starts_with("/v1/") {
            assert!(reply.body.len() <= LOADER_BYTES_MAX, "the loader has {} bytes", reply.body.len());
        }
    }
    println!("{total:>6} bytes  until the prompt stands");
    // What is fetched when it stands, and what only merchants fetch; neither has a budget, and both are told beside it.
    for part in ["parere-answer-", "parere-explain-"] {
        for path in paths.iter().filter(|path| path.contains("parere-ask-")) {
            let path = path.replace("parere-ask-", part);
            let request = server.request(reqwest::Method::GET, &path).header("accept-encoding", "br");
            println!("{:>6} bytes  {path}", Reply::to(request).await.body.len());
        }
    }
    let request =
        server.request(reqwest::Method::GET, "/v1/pk_demo.now.js?lang=it").header("accept-encoding", "br");
    let now = Reply::to(request).await.body.len();
    println!("{now:>6} bytes  /v1/pk_demo.now.js?lang=it");
    assert!(now <= ELIGIBLE_BYTES_MAX, "{now} bytes with everything inside");
    assert_eq!(paths.len(), 4, "loader, configuration, glue, wasm: {paths:?}");
    assert!(total <= ELIGIBLE_BYTES_MAX, "{total} bytes until the prompt stands");
}
