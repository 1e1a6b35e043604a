//! How many answers a second are acknowledged over HTTP, beside a handler that does nothing.
//!
//! Both servers are processes of their own; the load comes from this one, over connections that each wait for
//! the acknowledgement before they send the next answer. Everything shares the machine, as the figures say.
//! `cargo bench -p parere-collector --bench ingest -- --rounds 5 --seconds 2 --folder /tmp`
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on stops; it is read on a terminal"
)]

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const CONNECTIONS: [usize; 4] = [1, 8, 64, 256];

/// What is thrown away at the start of each measurement: caches fill, batches find their size.
const WARM_UP: Duration = Duration::from_millis(300);

/// What is asked for on the command line.
struct Asked {
    rounds: usize,
    time: Duration,
    folder: PathBuf,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|argument| argument == "--serve-nothing") {
        return serve_nothing();
    }
    let value = |name: &str| arguments.iter().skip_while(|argument| *argument != name).nth(1);
    let asked = Asked {
        rounds: value("--rounds").map_or(5, |text| text.parse().unwrap()),
        time: Duration::from_secs_f64(value("--seconds").map_or(2.0, |text| text.parse().unwrap())),
        folder: value("--folder").map_or_else(std::env::temp_dir, PathBuf::from),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(compare(&asked));
}

/// The floor: reads the body and says 200.
#[tokio::main]
async fn serve_nothing() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    println!("src=\"http://{}/v1/", listener.local_addr().unwrap());
    let nothing = |body: Bytes| async move { if body.is_empty() { "" } else { r#"{"status":"stored"}"# } };
    let router = Router::new().route("/v1/responses", post(nothing));
    axum_server::from_tcp(listener).unwrap().serve(router.into_make_service()).await.unwrap();
}

/// A server process and where it listens; killed when dropped.
struct Serving(Child, SocketAddr);

impl Serving {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let tag = lines.find_map(|line| Some(line.unwrap().split_once("src=\"http://")?.1.to_owned()));
        let address = tag.unwrap().split('/').next().unwrap().parse().unwrap();
        Self(child, address)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// What one measurement found.
#[derive(Clone, Copy)]
struct Found {
    per_second: f64,
    p50_ms: f64,
    p99_ms: f64,
}

async fn compare(asked: &Asked) {
    let folder = tempfile::tempdir_in(&asked.folder).unwrap();
    println!(
        "one 4 KiB append and fsync in {}: {:.2} ms (median of 200)",
        asked.folder.display(),
        fsync_ms(folder.path())
    );
    let nothing = Serving::start(Command::new(std::env::current_exe().unwrap()).arg("--serve-nothing"));
    let mut parere = Command::new(env!("CARGO_BIN_EXE_parere"));
    parere
        .args(["--listen", "127.0.0.1:0", "--rate-limit", "off", "--log", "error"])
        .current_dir(folder.path());
    let parere = Serving::start(&mut parere);

    let ids = Arc::new(AtomicU64::new(0));
    let mut found = vec![[Vec::new(), Vec::new()]; CONNECTIONS.len()];
    for round in 1..=asked.rounds {
        for (connections, found) in CONNECTIONS.into_iter().zip(&mut found) {
            for (address, found) in [nothing.1, parere.1].into_iter().zip(found) {
                found.push(measure(address, connections, asked.time, &ids).await);
            }
        }
        println!("round {round} of {}", asked.rounds);
    }
    println!("\n| connections | nothing /s | parere /s | ratio | nothing p50, p99 ms | parere p50, p99 ms |");
    println!("|---:|---:|---:|---:|---:|---:|");
    for (connections, [nothing, parere]) in CONNECTIONS.into_iter().zip(&found) {
        let [nothing, parere] = [median(nothing), median(parere)];
        println!(
            "| {connections} | {:.0} | {:.0} | {:.2} | {:.2}, {:.2} | {:.2}, {:.2} |",
            nothing.per_second,
            parere.per_second,
            parere.per_second / nothing.per_second,
            nothing.p50_ms,
            nothing.p99_ms,
            parere.p50_ms,
            parere.p99_ms,
        );
    }
    let bytes = fs::metadata(folder.path().join("parere.db")).unwrap().len();
    println!(
        "\n{} rounds of {:?}; the database has {} MB in the end",
        asked.rounds,
        asked.time,
        bytes / 1_000_000
    );
}

async fn measure(address: SocketAddr, connections: usize, time: Duration, ids: &Arc<AtomicU64>) -> Found {
    let start = Instant::now() + WARM_UP;
    let end = start + time;
    let sending: Vec<_> =
        (0..connections).map(|_| tokio::spawn(send(address, start, end, Arc::clone(ids)))).collect();
    let mut waits_us = Vec::new();
    for sent in sending {
        waits_us.extend(sent.await.unwrap());
    }
    waits_us.sort_unstable();
    let quantile_ms = |hundredths: usize| {
        let index = (waits_us.len() * hundredths / 100).min(waits_us.len() - 1);
        f64::from(waits_us[index]) / 1000.0
    };
    let n = u32::try_from(waits_us.len()).unwrap();
    Found { per_second: f64::from(n) / time.as_secs_f64(), p50_ms: quantile_ms(50), p99_ms: quantile_ms(99) }
}

/// One connection: an answer, its acknowledgement, the next answer. Gives the waits in microseconds.
async fn send(address: SocketAddr, start: Instant, end: Instant, ids: Arc<AtomicU64>) -> Vec<u32> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut request, id_at) = request();
    let mut reply = vec![0; 4096];
    let mut waits_us = Vec::new();
    loop {
        let id = format!("{:012x}", ids.fetch_add(1, Ordering::Relaxed));
        request[id_at..id_at + id.len()].copy_from_slice(id.as_bytes());
        let sent = Instant::now();
        stream.write_all(&request).await.unwrap();
        read_reply(&mut stream, &mut reply).await;
        let now = Instant::now();
        if now >= end {
            return waits_us;
        }
        if sent >= start {
            waits_us.push(u32::try_from((now - sent).as_micros()).unwrap());
        }
    }
}

/// A request as a browser sends it, and where in it the last twelve digits of the id stand.
fn request() -> (Vec<u8>, usize) {
    let body = r#"{"site":"pk_demo","survey":"nps","id":"019aa2b4-7c00-7abc-8def-000000000000","revision":1,"score":9,"comment":"Comode, leggere e belle: le ho messe tutto il giorno senza un graffio.","locale":"it","page":"/products/scarpe","channel":"inline","touchpoint":"product","device":"phone","occurred_at":"2026-11-21T10:00:00Z","sent_at":"2026-11-21T10:00:02Z"}"#;
    let head = "POST /v1/responses HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:3000\r\n\
        Content-Type: text/plain;charset=UTF-8\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate, br\r\n";
    let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
    let id_at = request.find("-000000000000").unwrap() + 1;
    (request.into_bytes(), id_at)
}

/// Reads one reply to its end; it must be a 200.
async fn read_reply(stream: &mut TcpStream, buffer: &mut [u8]) {
    let mut len = 0;
    loop {
        len += stream.read(&mut buffer[len..]).await.unwrap();
        let text = std::str::from_utf8(&buffer[..len]).unwrap();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        assert!(head.starts_with("HTTP/1.1 200"), "{text}");
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().unwrap())
        });
        if body.len() >= length.unwrap() {
            return;
        }
    }
}

/// The middle of each figure by itself.
fn median(found: &[Found]) -> Found {
    let middle = |figure: fn(&Found) -> f64| {
        let mut figures: Vec<f64> = found.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    };
    Found { per_second: middle(|f| f.per_second), p50_ms: middle(|f| f.p50_ms), p99_ms: middle(|f| f.p99_ms) }
}

/// What the disk itself costs: no acknowledgement at one connection can be faster.
fn fsync_ms(folder: &Path) -> f64 {
    let mut file = File::create(folder.join("fsync")).unwrap();
    let mut waits: Vec<f64> = (0..200)
        .map(|_| {
            let start = Instant::now();
            file.write_all(&[0x5a; 4096]).unwrap();
            file.sync_data().unwrap();
            start.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    waits.sort_by(f64::total_cmp);
    waits[waits.len() / 2]
}
