//! The binary, as people and machines run it.

use std::io::{BufRead as _, BufReader};
use std::ops::Deref;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use rustix::process::{Pid, Signal, kill_process};

use crate::client::{Client, PATIENCE, TOKEN};

/// Lines of output that may wait unread; the thread that reads them then waits too, and the program with it.
const LINES_MAX: usize = 10_000;

/// A running `parere`; killed when dropped.
pub(crate) struct Program {
    client: Client,
    child: Child,
    /// What it said on standard output until it was ready.
    pub(crate) welcome: String,
    /// Keeps the pipe open, too: a program that logs to a closed one would fail.
    log: Receiver<String>,
}

/// A program that ended before it was ready.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) welcome: String,
    pub(crate) errors: Vec<String>,
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
        Self::start_by(|command| command.args(options), folder).await
    }

    /// The same with something between us and the command.
    pub(crate) async fn start_by(prepare: impl FnOnce(&mut Command) -> &mut Command, folder: &Path) -> Self {
        let program = Self::launch(prepare, folder).unwrap_or_else(|ended| panic!("{ended:?}"));
        program.client.wait_until_ready().await;
        program
    }

    /// As [`Program::start_by`]; `None` if it ended before it was ready.
    pub(crate) async fn try_start(
        prepare: impl FnOnce(&mut Command) -> &mut Command,
        folder: &Path,
    ) -> Option<Self> {
        let program = Self::launch(prepare, folder).ok()?;
        // It answers nothing if it ends meanwhile.
        let reply = program.client.request(reqwest::Method::GET, "/readyz").send().await;
        reply.ok().map(|reply| assert_eq!(reply.status(), 200)).map(|()| program)
    }

    /// Starts it and waits until it says where it listens, or until it ends.
    pub(crate) fn launch(
        prepare: impl FnOnce(&mut Command) -> &mut Command,
        folder: &Path,
    ) -> Result<Self, Ended> {
        let mut command = parere(folder, &["--listen", "127.0.0.1:0", "--rate-limit", "off"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = prepare(&mut command).spawn().unwrap();
        let said = lines(child.stdout.take().unwrap());
        let log = lines(child.stderr.take().unwrap());
        let mut welcome = String::new();
        let base = loop {
            let Ok(line) = said.recv_timeout(PATIENCE) else {
                // Only one that hangs is still there.
                child.kill().unwrap();
                let code = child.wait().unwrap().code();
                return Err(Ended { code, welcome, errors: log.into_iter().collect() });
            };
            welcome.push_str(&line);
            welcome.push('\n');
            // The tag is the last thing it says; its address is where it listens.
            if let Some((_, rest)) = line.split_once("src=\"") {
                break rest.split("/v1/").next().unwrap().to_owned();
            }
        };
        Ok(Self { client: Client::new(base), child, welcome, log })
    }

    /// The next line of its log that says this.
    pub(crate) fn logged(&self, part: &str) -> String {
        loop {
            let line = self.log.recv_timeout(PATIENCE).unwrap();
            if line.contains(part) {
                return line;
            }
        }
    }

    /// Ends it as a power cut would: no warning, no last words.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Its number with the system.
    pub(crate) fn id(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Asks it to end.
    pub(crate) fn terminate(&self) {
        kill_process(self.id(), Signal::TERM).unwrap();
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
