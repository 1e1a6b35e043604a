//! The servers under load: processes of their own, and what they take of the machine.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;

/// Clock ticks of `/proc/PID/stat` in a second: the same on every Linux that people run.
const TICKS_PER_SECOND: f64 = 100.0;

/// A server process and where it listens; killed when dropped.
pub(crate) struct Serving {
    pub(crate) name: String,
    pub(crate) address: SocketAddr,
    child: Child,
}

/// What a server has done since its start.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) cpu_s: f64,
    /// Transactions; 0 for a server that has none.
    pub(crate) commits: f64,
    /// Answers in them; `None` for a server that has none.
    pub(crate) rows: Option<f64>,
}

impl Effort {
    /// What was done after `earlier`.
    pub(crate) fn since(self, earlier: &Self) -> Self {
        Self {
            cpu_s: self.cpu_s - earlier.cpu_s,
            commits: self.commits - earlier.commits,
            rows: self.rows.zip(earlier.rows).map(|(now, then)| now - then),
        }
    }
}

/// The floor: reads the body and says 200.
#[tokio::main]
pub(crate) async fn serve_nothing() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    println!("src=\"http://{}/v1/", listener.local_addr().unwrap());
    let nothing = |body: Bytes| async move { if body.is_empty() { "" } else { r#"{"status":"stored"}"# } };
    let router = Router::new().route("/v1/responses", post(nothing));
    axum_server::from_tcp(listener).unwrap().serve(router.into_make_service()).await.unwrap();
}

impl Serving {
    pub(crate) fn nothing() -> Self {
        Self::start("nothing".into(), Command::new(std::env::current_exe().unwrap()).arg("--serve-nothing"))
    }

    /// The collector, which is `program`, with its files in `folder`.
    pub(crate) fn parere(name: String, program: &Path, folder: &Path, database_url: &str) -> Self {
        let mut command = Command::new(program);
        command.args(["--listen", "127.0.0.1:0", "--rate-limit", "off", "--log", "error"]);
        command.env("PARERE_DATABASE_URL", database_url).current_dir(folder);
        Self::start(name, &mut command)
    }

    fn start(name: String, command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let tag = lines.find_map(|line| Some(line.unwrap().split_once("src=\"http://")?.1.to_owned()));
        let address = tag.unwrap().split('/').next().unwrap().parse().unwrap();
        Self { name, address, child }
    }

    /// What it has done so far.
    pub(crate) async fn effort(&self) -> Effort {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        // Fields 14 and 15 of all; the name, which may hold blanks, ends with the last bracket.
        let after_name = stat.rsplit_once(") ").unwrap().1;
        let ticks: f64 =
            after_name.split(' ').skip(11).take(2).map(|field| field.parse::<f64>().unwrap()).sum();
        let metrics =
            reqwest::get(format!("http://{}/metrics", self.address)).await.unwrap().text().await.unwrap();
        let metric = |name: &str| {
            let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
            line.map(|value| value.parse::<f64>().unwrap())
        };
        Effort {
            cpu_s: ticks / TICKS_PER_SECOND,
            commits: metric("parere_commit_rows_count").unwrap_or(0.0),
            rows: metric("parere_commit_rows_sum"),
        }
    }

    /// The most memory it ever had, in mebibytes.
    pub(crate) fn memory_mib_max(&self) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
