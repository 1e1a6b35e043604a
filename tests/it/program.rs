//! The binary, as people and machines run it.

use std::io::{BufRead as _, BufReader};
use std::ops::Deref;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use crate::client::{Client, PATIENCE, TOKEN};

/// Lines of output that may wait unread; the thread that reads them then waits too, and the program with it.
const LINES_MAX: usize = 10_000;

/// A running `parere`; killed when dropped.
pub(crate) struct Program {
    client: Client,
    child: Child,
    /// What it said on standard output until it was ready.
    pub(crate) welcome: String,
    /// Keeps the pipe open: a program that logs to a closed one would fail.
    _log: Receiver<String>,
}

/// `parere` with arguments, in `folder`, with nothing of our environment that it could read.
pub(crate) fn parere(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parere"));
    command.args(arguments).current_dir(folder).env_clear().env("PARERE_ADMIN_TOKEN", TOKEN);
    command
}

impl Program {
    /// Starts it on port 0 with `parere.db` in `folder`, and waits until it is ready.
    pub(crate) async fn start(folder: &Path) -> Self {
        Self::start_with(folder, &[]).await
    }

    /// The same with further options.
    pub(crate) async fn start_with(folder: &Path, options: &[&str]) -> Self {
        let mut command = parere(folder, &["--listen", "127.0.0.1:0", "--rate-limit", "off"]);
        command.args(options);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let said = lines(child.stdout.take().unwrap());
        let log = lines(child.stderr.take().unwrap());
        let mut welcome = String::new();
        let base = loop {
            let Ok(line) = said.recv_timeout(PATIENCE) else {
                panic!("it ended before it was ready: {welcome}{:?}", log.try_iter().collect::<Vec<_>>());
            };
            welcome.push_str(&line);
            welcome.push('\n');
            // The tag is the last thing it says; its address is where it listens.
            if let Some((_, rest)) = line.split_once("src=\"") {
                break rest.split("/v1/").next().unwrap().to_owned();
            }
        };
        let program = Self { client: Client::new(base), child, welcome, _log: log };
        program.client.wait_until_ready().await;
        program
    }

    /// Ends it as a power cut would: no warning, no last words.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end.
    pub(crate) fn terminate(&self) {
        let process = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &process]).status().unwrap();
        assert!(sent.success());
    }

    /// How it ended.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Deref for Program {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already, as it was told to.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn lines(pipe: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (line_out, line_in) = mpsc::sync_channel(LINES_MAX);
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            // Nobody listens any more: read on, so that the program is not held up.
            line_out.send(line).ok();
        }
    });
    line_in
}
