//! `parere backup` and `parere restore`: whole or not at all, beside whoever serves, whenever they are killed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::answer::{HOSTILE, full, valid, with};
use crate::durability::shim::{Control, DATABASE, Shim};
use crate::postgres::Database;
use crate::program::{Program, parere};

/// Exit code and everything said.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = parere(folder, arguments).output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

/// The same, where all must go well.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let (code, said) = run(folder, arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {said}");
    said
}

/// Every answer and every definition in a database, a line each.
fn everything(folder: &Path, database: &str) -> String {
    let file = Connection::open(folder.join(database)).unwrap();
    let lines = |statement: &str| -> Vec<String> {
        let mut statement = file.prepare(statement).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let answers = lines(
        "SELECT seq || ' ' || lower(hex(id)) || ' ' || revision || ' ' || score || ' ' || quote(comment) || flags
         FROM responses ORDER BY seq",
    );
    let counts =
        lines("SELECT survey || dimension || day || value || score || ' ' || n FROM daily_counts ORDER BY 1");
    let surveys = lines("SELECT site || survey || definition FROM surveys ORDER BY 1");
    [answers, counts, surveys].concat().join("\n")
}

/// An id as it stands there.
fn plain(id: &Value) -> String {
    id.as_str().unwrap().replace('-', "")
}

/// Names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = entries.collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_backup_under_load_is_whole_and_comes_back_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path()).await;
    for text in HOSTILE {
        assert_eq!(program.post(&with(full(), json!({"comment": text}))).await.status, 200);
    }
    let before = program.stored().await;
    let backing_up = {
        let folder = folder.path().to_owned();
        tokio::task::spawn_blocking(move || run(&folder, &["backup", "copy.db"]))
    };
    let mut posted = 0;
    while !backing_up.is_finished() {
        assert_eq!(program.post(&valid(7)).await.status, 200, "answers are taken meanwhile");
        posted += 1;
    }
    let (code, line) = backing_up.await.unwrap();
    assert!(
        code == Some(0) && line.starts_with("copy.db is complete and verified: every page is sound"),
        "{line}"
    );
    assert!(line.contains("pk_scales\t0 answers"), "{line}");
    let mode = fs::metadata(folder.path().join("copy.db")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "what shoppers wrote is not for everybody");

    // All that was acknowledged before it began, and nothing that was not there when it ended.
    let copy = everything(folder.path(), "copy.db");
    let mut rest: Vec<String> = program.stored().await.iter().map(|row| plain(&row["id"])).collect();
    assert_eq!(rest.len(), before.len() + posted);
    let in_copy = rest.iter().take_while(|id| copy.contains(id.as_str())).count();
    assert!(in_copy >= before.len(), "{in_copy}");
    rest.drain(..in_copy);
    assert!(rest.iter().all(|id| !copy.contains(id.as_str())), "it is one moment, not several");
    let (code, line) = run(folder.path(), &["backup", "copy.db"]);
    assert!(code == Some(1) && line.contains("replaces nothing"), "{line}");

    // Not under a server, and not over a database by mistake.
    let (code, line) = run(folder.path(), &["restore", "copy.db", "--replace"]);
    assert!(code == Some(1) && line.contains("another parere serves it already"), "{line}");
    program.terminate();
    assert!(program.wait().success());
    let (code, line) = run(folder.path(), &["restore", "copy.db"]);
    assert!(code == Some(1) && line.contains("say --replace"), "{line}");
    let old = everything(folder.path(), "parere.db");
    let copy = everything(folder.path(), "copy.db");
    let line = said(folder.path(), &["restore", "copy.db", "--replace"]);
    assert!(line.starts_with("parere.db is restored and verified"), "{line}");
    assert_eq!(everything(folder.path(), "parere.db"), copy);
    let kept = line.trim_end().rsplit("kept as ").next().unwrap();
    let kept = Path::new(kept).file_name().unwrap().to_str().unwrap();
    assert_eq!(everything(folder.path(), kept), old, "{kept}");
    said(folder.path(), &["restore", "copy.db", "--database-url", "sqlite:elsewhere.db"]);
    assert_eq!(everything(folder.path(), "elsewhere.db"), copy);

    // It goes on from there.
    let program = Program::start(folder.path()).await;
    assert_eq!(program.post(&valid(7)).await.status, 200);
    drop(program);
    assert!(said(folder.path(), &["doctor"]).contains("fine   counts"));
}

#[tokio::test]
async fn what_cannot_be_restored_is_said_and_touches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    Program::start(folder.path()).await.kill();
    said(folder.path(), &["backup", "copy.db"]);
    let copy = fs::read(folder.path().join("copy.db")).unwrap();
    let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    put("cut.db", &copy[..copy.len() / 2]);
    put(
        "text.db",
        "SQLite format 3, or so it says, and goes on for a while so that it could be a header".as_bytes(),
    );
    put("empty.db", b"");
    let mut damaged = copy.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 4096].fill(0xa5);
    put("damaged.db", &damaged);
    let other = Connection::open(folder.path().join("other.db")).unwrap();
    other.execute_batch("CREATE TABLE theirs (a)").unwrap();
    drop(other);
    put("newer.db", &copy);
    Connection::open(folder.path().join("newer.db"))
        .unwrap()
        .pragma_update(None, "user_version", 999)
        .unwrap();
    let before = everything(folder.path(), "parere.db");
    for (file, clue) in [
        ("cut.db", "damaged"),
        ("text.db", "not a SQLite database"),
        ("empty.db", "it is empty"),
        ("damaged.db", "damaged"),
        ("other.db", "belongs to another program"),
        ("newer.db", "newer parere"),
        ("nowhere.db", "there is no file"),
        ("parere.db", "is the database itself"),
    ] {
        let (code, line) = run(folder.path(), &["restore", file, "--replace"]);
        assert!(
            code == Some(1) && line.contains(clue) && line.trim_end().lines().count() == 1,
            "{file}: {line}"
        );
    }
    assert_eq!(everything(folder.path(), "parere.db"), before);
    assert!(!names(folder.path()).iter().any(|name| name.contains("replaced") || name.contains("part")));

    // A damaged database gives way, too, and is kept.
    put("parere.db", "no database any more ".repeat(500).as_bytes());
    said(folder.path(), &["restore", "copy.db", "--replace"]);
    assert_eq!(everything(folder.path(), "parere.db"), before);
    let kept: Vec<_> = names(folder.path()).into_iter().filter(|name| name.contains("replaced")).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert!(fs::read(folder.path().join(&kept[0])).unwrap().starts_with(b"no database"));

    // Somebody else is in it, a shell say.
    let shell = Connection::open(folder.path().join("parere.db")).unwrap();
    shell.query_row("SELECT count(*) FROM sites", [], |row| row.get::<_, i64>(0)).unwrap();
    shell.execute_batch("BEGIN; SELECT * FROM sites").unwrap();
    let (code, line) = run(folder.path(), &["restore", "copy.db", "--replace"]);
    assert!(code == Some(1) && line.contains("another program has it open"), "{line}");
    drop(shell);
    for arguments in
        [&["backup", "x.db", "--database-url", "sqlite:nowhere.db"][..], &["backup", "no/where/x.db"]]
    {
        let (code, line) = run(folder.path(), arguments);
        assert!(code == Some(1) && line.contains("nowhere.db") | line.contains("no/where"), "{line}");
    }
}

/// Kills the program before changes of files, spread over all and in the last ones, each time from where the last one
/// left it; says before how many.
fn kill_along(shim: &Shim, arguments: &[&str], begin: impl Fn(), mut check: impl FnMut()) -> usize {
    const FAR: i64 = 1 << 40;
    let run = |die_at: i64| {
        shim.set(Control::DieAt, die_at);
        let output = shim.before(&mut parere(&shim.folder, arguments)).output().unwrap();
        let left = shim.get(Control::DieAt);
        shim.heal();
        (output.status.success(), FAR - left)
    };
    begin();
    let (got_through, changes) = run(FAR);
    assert!(got_through && changes > 20, "{changes}");
    begin();
    let spread = (1..changes).step_by(usize::try_from(changes / 8).unwrap());
    let points: Vec<i64> = spread.chain(changes - 8..=changes).collect();
    for die_at in &points {
        run(*die_at);
        check();
        begin();
    }
    points.len()
}

#[tokio::test]
async fn a_kill_at_any_point_leaves_the_old_one_or_the_new_one() {
    let shim = Shim::new();
    let folder = shim.folder.as_path();
    Program::start(folder).await.kill();
    said(folder, &["backup", "empty.db"]);
    said(folder, &["demo", "--responses", "60", "--until", "2026-11-21"]);
    let [old, new] = ["empty.db", DATABASE].map(|name| everything(folder, name));
    assert_ne!(old, new);

    // A backup is there, whole, or not there.
    let mut seen = [0, 0];
    let full = folder.join("full.db");
    let begin = || drop(fs::remove_file(&full));
    let killed = kill_along(&shim, &["backup", "full.db"], begin, || {
        seen[usize::from(full.exists())] += 1;
        assert!(!full.exists() || everything(folder, "full.db") == new);
        assert!(everything(folder, DATABASE) == new);
    });
    assert!(killed > 10 && seen[0] > 5, "{killed} {seen:?}");
    said(folder, &["backup", "full.db"]);
    assert!(!folder.join("full.db.part").exists(), "what killed runs left was taken over");

    let begin = || {
        if everything(folder, DATABASE) != old {
            said(folder, &["restore", "empty.db", "--replace"]);
        }
    };
    let mut seen = [0, 0];
    let killed = kill_along(&shim, &["restore", "full.db", "--replace"], begin, || {
        let found = everything(folder, DATABASE);
        assert!(found == old || found == new);
        seen[usize::from(found == new)] += 1;
    });
    assert!(killed > 10 && seen[0] > 5 && seen[1] > 0, "{killed} {seen:?}");
    said(folder, &["restore", "full.db", "--replace"]);
    assert!(everything(folder, DATABASE) == new);
    assert!(said(folder, &["doctor"]).contains("fine   counts"));
}

#[tokio::test]
async fn postgresql_is_left_to_its_own_programs() {
    let (database, folder) = (Database::create().await, tempfile::tempdir().unwrap());
    for arguments in [["backup", "copy.db"], ["restore", "copy.db"]] {
        let (code, line) =
            run(folder.path(), &[&arguments[..], &["--database-url", &database.url()]].concat());
        assert!(code == Some(1) && line.contains("pg_dump") && line.contains("pg_restore"), "{line}");
        assert!(line.contains("parere export") && line.trim_end().lines().count() == 1, "{line}");
    }
    assert_eq!(names(folder.path()).len(), 0);
}
