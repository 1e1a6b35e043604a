//! Bytes that nobody would send: those that were kept are tried in every run, `tests/fuzz/run` looks for others.

use std::fs;

use crate::tidy::root;

#[expect(unreachable_pub, reason = "for the fuzzers it is a crate")]
#[path = "../fuzz/targets.rs"]
mod targets;

/// What takes any bytes at all.
type Target = fn(&[u8]);

/// Tries every kept file on its target; a new target has to be named here.
#[test]
fn kept_bytes_do_no_harm() {
    let targets: [(&str, Target); 7] = [
        ("config", targets::config),
        ("cursor", targets::cursor),
        ("form", targets::form),
        ("ingest", targets::ingest),
        ("policy", targets::policy),
        ("redaction", targets::redaction),
        ("survey", targets::survey),
    ];
    let mut kept: Vec<String> = fs::read_dir(root().join("tests/fuzz/corpus"))
        .unwrap()
        .map(|folder| folder.unwrap().file_name().into_string().unwrap())
        .collect();
    kept.sort();
    assert_eq!(kept, targets.map(|(name, _)| name));
    for (name, target) in targets {
        let files: Vec<_> = fs::read_dir(root().join("tests/fuzz/corpus").join(name)).unwrap().collect();
        assert!(files.len() > 5, "{name} has only {} files", files.len());
        for file in files {
            let path = file.unwrap().path();
            println!("{}", path.display());
            target(&fs::read(path).unwrap());
        }
    }
}
