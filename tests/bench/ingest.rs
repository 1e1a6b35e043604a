//! How many answers a second are acknowledged over HTTP, and after how long, beside a handler that does nothing.
//!
//! All servers are processes of their own and take turns; the load comes from this one.
//! First each connection waits for its acknowledgement before it sends the next answer (a closed loop: how much
//! can there be?), then answers come at a fixed rate whatever becomes of those before (an open loop: how long does
//! each wait, from the moment at which it was due?). Everything shares the machine, as the figures say.
//! `cargo bench -p parere-collector --bench ingest -- --rounds 5 --seconds 2 --folder /tmp`
//! With `--beside FILE`, another build of the program takes its turns, too: what a change costs is seen in one run.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a measurement that cannot go on stops; it is read on a terminal"
)]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

#[path = "ingest/found.rs"]
mod found;
#[path = "ingest/load.rs"]
mod load;
#[path = "../it/postgres.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod postgres;
#[path = "ingest/serving.rs"]
mod serving;

use found::Found;
use serving::Serving;

/// What the tests' PostgreSQL takes from other files of theirs.
mod client {
    pub(crate) const PATIENCE: std::time::Duration = std::time::Duration::from_mins(1);
}

/// See [`client`].
mod tidy {
    pub(crate) fn root() -> std::path::PathBuf {
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().into()
    }
}

/// Connections of the closed loop.
const CONNECTIONS: [usize; 4] = [1, 8, 64, 256];

/// Answers a second of the open loop.
const RATES: [u32; 3] = [1_000, 5_000, 10_000];

/// What is asked for on the command line.
struct Asked {
    rounds: usize,
    time: Duration,
    folder: PathBuf,
    /// Other builds of the program.
    beside: Vec<PathBuf>,
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|argument| argument == "--serve-nothing") {
        return serving::serve_nothing();
    }
    let value = |name: &str| arguments.iter().skip_while(|argument| *argument != name).nth(1);
    let asked = Asked {
        rounds: value("--rounds").map_or(5, |text| text.parse().unwrap()),
        time: Duration::from_secs_f64(value("--seconds").map_or(2.0, |text| text.parse().unwrap())),
        folder: value("--folder").map_or_else(std::env::temp_dir, PathBuf::from),
        beside: after_each("--beside", &arguments),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(compare(&asked));
}

/// What follows each `name` on the command line.
fn after_each(name: &str, arguments: &[String]) -> Vec<PathBuf> {
    arguments.windows(2).filter(|pair| pair[0] == name).map(|pair| PathBuf::from(&pair[1])).collect()
}

async fn compare(asked: &Asked) {
    let folder = tempfile::tempdir_in(&asked.folder).unwrap();
    let fsync_ms = fsync_ms(folder.path());
    println!("one 4 KiB append and fsync in {}: {fsync_ms:.2} ms (median of 200)", asked.folder.display());
    let ours = Path::new(env!("CARGO_BIN_EXE_parere"));
    let mut servers = vec![Serving::nothing()];
    for (n, program) in std::iter::once(ours).chain(asked.beside.iter().map(PathBuf::as_path)).enumerate() {
        let database = postgres::Database::create().await;
        // Each has a folder of its own for its file and its outbox.
        let folder = folder.path().join(n.to_string());
        fs::create_dir(&folder).unwrap();
        let named =
            |store: &str| if n == 0 { store.into() } else { format!("{store}, {}", program.display()) };
        servers.push(Serving::parere(named("SQLite"), program, &folder, "sqlite:parere.db"));
        servers.push(Serving::parere(named("PostgreSQL"), program, &folder, &database.url()));
    }
    let ids = Arc::new(AtomicU64::new(0));
    closed(asked, &servers, &ids).await;
    open(asked, &servers, &ids).await;
    println!("\n{} rounds of {:?}; in the end:", asked.rounds, asked.time);
    for server in &servers {
        println!("- {}: at most {:.0} MiB of memory", server.name, server.memory_mib_max());
    }
    let bytes = fs::metadata(folder.path().join("0/parere.db")).unwrap().len();
    println!("- the SQLite file: {} MB", bytes / 1_000_000);
}

async fn closed(asked: &Asked, servers: &[Serving], ids: &Arc<AtomicU64>) {
    let mut found = vec![vec![Vec::new(); servers.len()]; CONNECTIONS.len()];
    for round in 1..=asked.rounds {
        for (connections, found) in CONNECTIONS.into_iter().zip(&mut found) {
            for (server, found) in servers.iter().zip(found) {
                let before = server.effort().await;
                let waits_us = load::closed(server.address, connections, asked.time, ids).await;
                found.push(Found::new(waits_us, asked.time, server.effort().await.since(&before)));
            }
        }
        println!("closed loop, round {round} of {}", asked.rounds);
    }
    println!("\n| connections | server | answers/s | of nothing | {} |", Found::HEAD);
    println!("|---:|---|---:|---:|{}", Found::RULE);
    for (connections, found) in CONNECTIONS.into_iter().zip(&found) {
        let floor = Found::median(&found[0]).per_second;
        for (server, found) in servers.iter().zip(found) {
            let found = Found::median(found);
            let ratio = found.per_second / floor;
            println!("| {connections} | {} | {:.0} | {ratio:.2} | {found} |", server.name, found.per_second);
        }
    }
}

async fn open(asked: &Asked, servers: &[Serving], ids: &Arc<AtomicU64>) {
    println!("\n| due a second | server | answers/s | {} |", Found::HEAD);
    println!("|---:|---|---:|{}", Found::RULE);
    for rate in RATES {
        let mut found = vec![Vec::new(); servers.len()];
        for _ in 0..asked.rounds {
            for (server, found) in servers.iter().zip(&mut found) {
                let before = server.effort().await;
                let waits_us = load::open(server.address, rate, asked.time, ids).await;
                found.push(Found::new(waits_us, asked.time, server.effort().await.since(&before)));
            }
        }
        for (server, found) in servers.iter().zip(&found) {
            let found = Found::median(found);
            println!("| {rate} | {} | {:.0} | {found} |", server.name, found.per_second);
        }
    }
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
