//! Exports that are cut short: whoever reads them sees it.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::answer::{Dice, full, with};
use crate::client::{Client, PATIENCE, SITE, TOKEN};
use crate::program::{Program, parere};
use crate::server::Server;

const CUTS: u64 = 100;
const KILLS: u64 = 50;

const FILES: [&str; 4] = ["responses.csv", "responses.ndjson", "responses.parquet", "responses.xlsx"];

async fn fill(client: &Client, n: usize) {
    let text = "Comode, «belle»\n".repeat(20);
    for _ in 0..n {
        let some: Vec<Value> = (0..40).map(|_| with(full(), json!({"comment": text}))).collect();
        assert_eq!(client.post(&json!(some)).await.status, 200);
    }
}

/// The reply to a request for `file`, byte by byte.
async fn bytes_of(server: &Server, file: &str, headers: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.base.strip_prefix("http://").unwrap()).await.unwrap();
    let request = format!(
        "GET {SITE}/{file} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\nconnection: close\r\n{headers}\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap();
    bytes
}

/// What a reader makes of a reply that ends after `bytes`.
async fn read(bytes: Vec<u8>) -> Result<Vec<u8>, reqwest::Error> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let sending = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        assert!(stream.read(&mut request).await.unwrap() > 0);
        stream.write_all(&bytes).await.unwrap();
    });
    let body = async { reqwest::get(format!("http://{address}/")).await?.bytes().await };
    let body = body.await;
    sending.await.unwrap();
    body.map(|body| body.to_vec())
}

#[tokio::test]
async fn a_cut_connection_never_looks_like_a_finished_file() {
    let server = Server::start().await;
    fill(&server, 5).await;
    let mut dice = Dice::new(7);
    for file in FILES {
        let whole = bytes_of(&server, file, "").await;
        assert!(read(whole.clone()).await.is_ok(), "{file}");
        for _ in 0..CUTS / FILES.len() as u64 {
            let at = usize::try_from(dice.below(whole.len() as u64)).unwrap();
            let cut = read(whole[..at].to_vec()).await;
            assert!(cut.is_err(), "{file} cut after {at} of {} bytes looks whole", whole.len());
        }
        // At the last bytes, where it is most like a whole one.
        for left_out in 1..=5 {
            assert!(read(whole[..whole.len() - left_out].to_vec()).await.is_err(), "{file}, {left_out}");
        }
    }
}

#[tokio::test]
async fn trailers_say_what_was_sent() {
    let server = Server::start().await;
    fill(&server, 1).await;
    for file in ["responses.csv", "responses.ndjson"] {
        let text = String::from_utf8(bytes_of(&server, file, "te: trailers\r\n").await).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("trailer: parere-rows, parere-erased, repr-digest"), "{head}");
        assert!(head.contains("parere-as-of: 2026-11-21T11:00:00.000Z"), "{head}");
        let (_, trailers) = body.rsplit_once("\r\n0\r\n").unwrap();
        assert!(
            trailers.contains("parere-rows: 40\r\n") && trailers.contains("parere-erased: 0\r\n"),
            "{trailers}"
        );
        assert!(trailers.contains("repr-digest: sha-256=:"), "{trailers}");
        let unasked = String::from_utf8(bytes_of(&server, file, "").await).unwrap();
        assert!(unasked.ends_with("\r\n0\r\n\r\n"), "who does not ask for trailers gets none");
    }
}

fn export(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = parere(folder, &["export", "--site", "pk_demo"]);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Ends it when `path` has `bytes` bytes, or lets it end if it never has.
fn kill_at(mut child: Child, path: &Path, bytes: u64) {
    let began = Instant::now();
    loop {
        let has = fs::metadata(path).is_ok_and(|found| found.len() >= bytes);
        if has || child.try_wait().unwrap().is_some() {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "it hangs");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn a_killed_export_leaves_no_file_that_looks_complete_and_can_be_continued() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    fill(&program, 90).await;
    let wholes = FILES.map(|file| {
        assert!(export(folder.path(), &["--output", file]).status().unwrap().success());
        fs::read(folder.path().join(file)).unwrap()
    });
    let mut dice = Dice::new(11);
    let mut resumed = 0;
    for n in 0..KILLS {
        let which = usize::try_from(n % 4).unwrap();
        let (name, whole) = (FILES[which].replace("responses", &format!("a{n}")), &wholes[which]);
        let (path, part) = (folder.path().join(&name), folder.path().join(format!("{name}.part")));
        let at = 1 + dice.below(whole.len() as u64);
        kill_at(export(folder.path(), &["--output", &name]).spawn().unwrap(), &part, at);
        if path.exists() {
            let named = without_moment(&fs::read(&path).unwrap());
            assert_eq!(named, without_moment(whole), "{name} has its name: it is whole");
            continue;
        }
        let can_go_on = folder.path().join(format!("{name}.part.json")).exists();
        let more = export(folder.path(), &["--output", &name, "--resume"]).status().unwrap();
        assert_eq!(more.success(), can_go_on, "{name}");
        if can_go_on {
            resumed += 1;
            assert!(!part.exists(), "{name}");
        }
        if !more.success() {
            assert!(export(folder.path(), &["--output", &name]).status().unwrap().success());
        }
        assert_eq!(without_moment(&fs::read(&path).unwrap()), without_moment(whole), "{name}");
    }
    assert!(resumed > 0, "none was killed between its first row and its last");
}

/// An export, but for the moment at which it was made; of files that are built, whether their end is there.
fn without_moment(export: &[u8]) -> String {
    if export.starts_with(b"PAR1") {
        return format!("ends: {}", export.ends_with(b"PAR1"));
    }
    if export.starts_with(b"PK") {
        return format!("ends: {}", export[export.len() - 22..].starts_with(b"PK\x05\x06"));
    }
    let text = std::str::from_utf8(export).unwrap();
    match text.split_once("\"as_of\":\"") {
        Some((before, after)) => format!("{before}{}", after.split_once('"').unwrap().1),
        None => text.to_owned(),
    }
}
