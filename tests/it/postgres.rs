//! A PostgreSQL server of our own: started once for all tests, and gone when they are, however they end.

use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use std::{fs, thread};

use tokio_postgres::{Client, NoTls};

use crate::client::PATIENCE;
use crate::tidy::root;

/// Password of its users; with what a URL has to encode in it.
pub(crate) const PASSWORD: &str = "it p@ss/word";

/// The same as it stands in a URL.
pub(crate) const PASSWORD_IN_URL: &str = "it%20p%40ss%2Fword";

/// A running server.
pub(crate) struct Postgres {
    folder: PathBuf,
    pub(crate) port: u16,
    /// Its standard input ends with this process, and the server with it.
    _script: Child,
}

/// A database of one test.
pub(crate) struct Database {
    pub(crate) name: String,
}

/// The server, started by whoever asks first.
pub(crate) fn server() -> &'static Postgres {
    static SERVER: OnceLock<Postgres> = OnceLock::new();
    SERVER.get_or_init(Postgres::start)
}

impl Postgres {
    fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("parere-it-").tempdir().unwrap().keep();
        fs::write(folder.join("password"), PASSWORD).unwrap();
        let port = free_port();
        let mut command = Command::new("sh");
        command.arg(root().join("tests/it/postgres/run.sh")).arg(bin()).arg(&folder).arg(port.to_string());
        // Not in our process group: a Ctrl-C ends the tests, and their end the server.
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        if let Some((user, group)) = other_user(&folder) {
            chown(&folder, Some(user), Some(group)).unwrap();
            chown(folder.join("password"), Some(user), Some(group)).unwrap();
            command.uid(user).gid(group);
        }
        let mut script = command.spawn().unwrap();
        let deadline = Instant::now() + PATIENCE;
        while !fs::read_to_string(folder.join("log"))
            .unwrap_or_default()
            .contains("ready to accept connections")
        {
            let ended = script.try_wait().unwrap();
            assert!(
                ended.is_none() && Instant::now() < deadline,
                "PostgreSQL did not start: {}",
                fs::read_to_string(folder.join("log")).unwrap_or_default()
            );
            thread::sleep(Duration::from_millis(20));
        }
        Self { folder, port, _script: script }
    }

    /// The URL of a database for `user`, by the socket.
    fn url(&self, user: &str, database: &str) -> String {
        let folder = self.folder.to_str().unwrap().replace('/', "%2F");
        format!("postgres://{user}:{PASSWORD_IN_URL}@{folder}:{}/{database}", self.port)
    }

    /// The certificate of `root`, who signed the server's, or of a `stranger`, who did not.
    pub(crate) fn certificate(&self, of: &str) -> PathBuf {
        self.folder.join(format!("{of}.crt"))
    }
}

impl Database {
    /// A fresh one, of a user who is no superuser, as in life: row-level security would not hold for one.
    pub(crate) async fn create() -> Self {
        static MADE: AtomicU64 = AtomicU64::new(0);
        let database = Self { name: format!("it_{}", MADE.fetch_add(1, Ordering::Relaxed)) };
        let administrator = administrator().await;
        // Tests ask for it at the same time; whoever comes second finds the user there.
        let user = format!("CREATE ROLE parere LOGIN PASSWORD '{PASSWORD}'");
        administrator.batch_execute(&user).await.ok();
        let create = format!("CREATE DATABASE {} OWNER parere", database.name);
        administrator.batch_execute(&create).await.unwrap();
        database
    }

    /// A fresh one in which every transaction is serializable.
    pub(crate) async fn serializable() -> Self {
        let database = Self::create().await;
        database.set("default_transaction_isolation = 'serializable'").await;
        database
    }

    /// Changes a setting for connections that are made from now on.
    pub(crate) async fn set(&self, setting: &str) {
        let change = format!("ALTER DATABASE {} SET {setting}", self.name);
        // Said from outside, where commits never wait.
        administrator().await.batch_execute(&change).await.unwrap();
    }

    /// Its URL.
    pub(crate) fn url(&self) -> String {
        server().url("parere", &self.name)
    }

    /// Its URL for a superuser.
    pub(crate) fn url_of_administrator(&self) -> String {
        server().url("admin", &self.name)
    }

    /// Its URL over TCP, with parameters.
    pub(crate) fn url_at(&self, host: &str, parameters: &str) -> String {
        format!("postgres://parere:{PASSWORD_IN_URL}@{host}:{}/{}?{parameters}", server().port, self.name)
    }

    /// Its URL by a wire at `port`.
    pub(crate) fn url_by(&self, port: u16) -> String {
        format!("postgres://parere:{PASSWORD_IN_URL}@127.0.0.1:{port}/{}", self.name)
    }

    /// What the server has said about it.
    pub(crate) fn log_of(&self) -> Vec<String> {
        let log = fs::read_to_string(server().folder.join("log")).unwrap();
        log.lines().filter_map(|line| line.strip_prefix(&format!("{} ", self.name))).map(Into::into).collect()
    }

    /// A connection that does what no collector would, and may.
    pub(crate) async fn connect(&self) -> Client {
        connect(&self.url_of_administrator()).await
    }

    /// A connection of the collector's own user.
    pub(crate) async fn connect_as_collector(&self) -> Client {
        connect(&self.url()).await
    }

    /// Waits until some collector's connection waits for `event` (as `pg_stat_activity` calls it); its process.
    pub(crate) async fn waiting_for(&self, event: &str) -> i32 {
        // Asked from another database: the asking itself must not wait.
        let client = administrator().await;
        let asked = "SELECT pid FROM pg_stat_activity
            WHERE datname = $1 AND application_name = 'parere' AND (wait_event = $2 OR wait_event_type = $2)";
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(row) = client.query_opt(asked, &[&self.name, &event]).await.unwrap() {
                return row.get(0);
            }
            assert!(Instant::now() < deadline, "nobody ever waited for {event}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until no collector is connected any more.
    pub(crate) async fn wait_until_left(&self) {
        let client = administrator().await;
        let asked =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND application_name = 'parere'";
        let deadline = Instant::now() + PATIENCE;
        while client.query_one(asked, &[&self.name]).await.unwrap().get::<_, i64>(0) > 0 {
            assert!(Instant::now() < deadline, "somebody stayed");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Ends a connection of the server as an administrator does.
    pub(crate) async fn terminate(process: i32) {
        let client = administrator().await;
        client.execute("SELECT pg_terminate_backend($1)", &[&process]).await.unwrap();
    }
}

/// A superuser's connection to a database that is no test's.
async fn administrator() -> Client {
    connect(&server().url("admin", "postgres")).await
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// The newest PostgreSQL that is installed.
fn bin() -> PathBuf {
    let installed = fs::read_dir("/usr/lib/postgresql").expect("PostgreSQL is installed by tests/run");
    let versions = installed.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let newest = versions.max().expect("PostgreSQL is installed by tests/run");
    Path::new("/usr/lib/postgresql").join(newest.to_string()).join("bin")
}

/// PostgreSQL does not run as root: where we do, its own user and group.
fn other_user(folder: &Path) -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt as _;
    if fs::metadata(folder).unwrap().uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let fields: Vec<&str> =
        users.lines().find(|line| line.starts_with("postgres:")).unwrap().split(':').collect();
    Some((fields[2].parse().unwrap(), fields[3].parse().unwrap()))
}

/// A port that nobody listens at, outside the range that connections take theirs from.
fn free_port() -> u16 {
    let first = u16::try_from(std::process::id() % 8_000).unwrap() + 20_000;
    (first..30_000).find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).unwrap()
}
