//! A collector in this process: the real server on port 0, its own database, and a clock that stands still.

use std::net::TcpListener;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser as _;
use parere_collector::clock::ManualClock;
use parere_collector::config::Options;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::answer::NOON;
use crate::client::{Client, TOKEN};

/// A running collector; ends with the test.
pub(crate) struct Server {
    client: Client,
    pub(crate) clock: Arc<ManualClock>,
    folder: TempDir,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<anyhow::Result<()>>,
}

impl Server {
    /// With the options a test asks for, and no rate limit unless it asks for one.
    pub(crate) async fn start_with(options: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), Arc::new(ManualClock::at(NOON)), options).await
    }

    /// On the database in `folder`, if there is one.
    pub(crate) async fn start_in(folder: TempDir, clock: Arc<ManualClock>, options: &[&str]) -> Self {
        let database = format!("sqlite:{}", folder.path().join("parere.db").display());
        let mut arguments = vec!["parere", "--admin-token", TOKEN];
        if !options.contains(&"--database-url") {
            arguments.extend(["--database-url", &database]);
        }
        if !options.contains(&"--rate-limit") {
            arguments.extend(["--rate-limit", "off"]);
        }
        arguments.extend(options);
        let options = Options::try_parse_from(arguments).unwrap().serve;

        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = Client::new(format!("http://{}", listener.local_addr().unwrap()));
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn({
            let clock = Arc::clone(&clock);
            async move {
                let shutdown = async { stopped.await.unwrap_or(()) };
                parere_collector::serve(listener, &options, clock, shutdown).await
            }
        });
        client.wait_until_ready().await;
        Self { client, clock, folder, stop: Some(stop), serving }
    }

    /// On a PostgreSQL database.
    pub(crate) async fn start_on(url: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let outbox = folder.path().join("outbox").display().to_string();
        let options = ["--database-url", url, "--outbox-dir", &outbox];
        Self::start_in(folder, Arc::new(ManualClock::at(NOON)), &options).await
    }

    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The SQLite file.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.path().join("parere.db")
    }

    /// Another one, without options, on the same database and at the same moment, after this one has ended.
    pub(crate) async fn restarted(self) -> Self {
        let clock = Arc::clone(&self.clock);
        Self::start_in(self.stop().await, clock, &[]).await
    }

    /// Asks it to end and waits until it has.
    pub(crate) async fn stop(mut self) -> TempDir {
        self.stop.take().unwrap().send(()).unwrap();
        self.serving.await.unwrap().unwrap();
        self.folder
    }
}

impl Deref for Server {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}
