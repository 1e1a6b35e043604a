//! Places where no database can be kept: refused at the start, in one sentence that says what to do.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use rustix::io::Errno;

use super::shim::{Control, DATABASE, Shim};
use crate::answer::valid;
use crate::program::{Ended, Program, parere};

/// It does not start, and says why in one line that holds every clue.
fn assert_refused(started: Result<Program, Ended>, clues: &[&str]) {
    let Err(ended) = started else { panic!("it started, where it was to say {clues:?}") };
    assert_eq!((ended.code, ended.welcome.as_str()), (Some(1), ""), "{ended:?}");
    let [sentence] = ended.errors.as_slice() else { panic!("one line: {ended:?}") };
    assert!(clues.iter().all(|clue| sentence.contains(clue)), "{clues:?}: {sentence}");
}

fn start(folder: &Path) -> Result<Program, Ended> {
    Program::launch(|command| command, folder)
}

/// A database that was used and closed.
async fn used(folder: &Path) {
    let mut program = Program::start(folder).await;
    assert_eq!(program.post(&valid(9)).await.status, 200);
    program.terminate();
    assert!(program.wait().success());
}

#[tokio::test]
async fn what_is_no_database_of_ours_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    used(folder.path()).await;
    let file = folder.path().join(DATABASE);
    let ours = fs::read(&file).unwrap();
    let changed = |place: usize, bytes: &[u8]| {
        let mut copy = ours.clone();
        copy[place..place + bytes.len()].copy_from_slice(bytes);
        copy
    };
    let other = {
        let path = folder.path().join("other.db");
        Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (n INTEGER)").unwrap();
        fs::read(&path).unwrap()
    };
    for (content, clue) in [
        (b"SQLite format 3, or so it says".to_vec(), "not a SQLite database"),
        (b"{\"json\": true}".repeat(100), "not a SQLite database"),
        (other, "belongs to another program"),
        // Where the header keeps `user_version`.
        (changed(60, &[0, 0, 0, 99]), "newer parere"),
        // Where the list of tables begins.
        (changed(100, &[0xff; 100]), "damaged"),
    ] {
        fs::write(&file, &content).unwrap();
        assert_refused(start(folder.path()), &[DATABASE, clue]);
        assert!(fs::read(&file).unwrap() == content, "{clue}: it was changed");
    }
}

#[test]
fn a_directory_is_no_database_and_a_missing_one_holds_none() {
    let folder = tempfile::tempdir().unwrap();
    for (url, clue) in [
        ("sqlite:.", "it is a directory"),
        ("sqlite:no/such/parere.db", "there is no directory no/such"),
        ("sqlite:", "names no file"),
    ] {
        let started = Program::launch(|command| command.args(["--database-url", url]), folder.path());
        assert_refused(started, &[clue]);
    }
}

#[test]
fn places_that_cannot_be_relied_on_are_refused() {
    for (control, value, clue) in [
        (Control::FsType, 0x6969, "NFS"),
        (Control::FsType, 0xff53_4d42, "CIFS"),
        (Control::FsType, 0xfe53_4d42, "SMB"),
        (Control::FsType, 0x6573_5546, "FUSE"),
        (Control::OpenErrno, number(Errno::ACCESS), "change their owner or mode"),
        (Control::OpenErrno, number(Errno::ROFS), "mounted read-only"),
        (Control::GrowErrno, number(Errno::NOSPC), "free some space"),
        (Control::WriteErrno, number(Errno::IO), "system's log"),
    ] {
        let shim = Shim::new();
        shim.set(control, value);
        assert_refused(Program::launch(|command| shim.before(command), &shim.folder), &[DATABASE, clue]);
    }
}

fn number(error: Errno) -> i64 {
    error.raw_os_error().into()
}

#[tokio::test]
async fn a_file_has_one_collector_and_any_reader() {
    let folder = tempfile::tempdir().unwrap();
    let first = Program::start(folder.path()).await;
    assert_eq!(first.post(&valid(9)).await.status, 200);
    assert_refused(start(folder.path()), &[DATABASE, "another parere serves it already"]);
    // The same file under another name is the same file.
    std::os::unix::fs::symlink(DATABASE, folder.path().join("alias.db")).unwrap();
    let alias = ["--database-url", "sqlite:alias.db"];
    let started = Program::launch(|command| command.args(alias), folder.path());
    assert_refused(started, &["alias.db", "another parere serves it already"]);

    let export = parere(folder.path(), &["export", "--site", "pk_demo"]).output().unwrap();
    assert!(export.status.success(), "{export:?}");
    assert_eq!(first.post(&valid(8)).await.status, 200, "it goes on as before");

    // Whoever is killed holds nothing any more.
    first.kill();
    assert_eq!(Program::start(folder.path()).await.stored().await.len(), 2);
}

#[test]
fn a_file_that_another_program_keeps_locked_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let other = Connection::open(folder.path().join(DATABASE)).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    assert_refused(start(folder.path()), &[DATABASE, "another program holds it locked"]);
}
