//! Every option of the program: flag, environment name, default, unit. `--help` is the manual.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;

mod backup;
mod demo;
mod erase;
mod export;
mod import;
mod limits;
mod mail;
mod people;
mod segments;
mod shop;
mod tickets;

pub use backup::{BackupOptions, RestoreOptions};
pub use demo::DemoOptions;
pub use erase::{EraseOptions, ErasedOptions};
pub use export::{ExportFormat, ExportOptions, Partition};
pub use import::{Field, ImportFormat, ImportOptions, Mapping, Points};
pub use limits::{LimitOptions, RateLimit};
pub use mail::MailOptions;
pub use people::{AccountOptions, RoleOptions, RoleOrNone, TokenCommand, UserCommand};
pub use segments::{SegmentsCommand, SegmentsImportOptions};
pub use shop::{ShopOptions, SiteCommand, SurveyCommand};
pub use tickets::{TicketsCommand, TicketsImportOptions};

/// Ask a shopper one question, keep every answer, and say honestly what they mean.
///
/// Without a command, parere serves: it collects answers, shows scores and hands out all data.
#[derive(Debug, Parser)]
#[command(name = "parere", version, args_conflicts_with_subcommands = true)]
pub struct Options {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to serve, when no command is given.
    #[command(flatten)]
    pub serve: ServeOptions,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Collect answers, show scores, hand out data (the default).
    Serve(ServeOptions),
    /// Print every option of serve as it would hold: its value, secrets masked, and where it comes from.
    Config(ServeOptions),
    /// Look whether everything is as it should be: the database, its disk, every count, the clock.
    Doctor(StoreOptions),
    /// Write a SQLite file anew, so that nothing of what was erased is left in it; answers wait meanwhile.
    Compact(StoreOptions),
    /// Fill the demo shop with made-up answers, to see what the dashboard says of them.
    Demo(DemoOptions),
    /// Write every answer of a site to a file or to standard output.
    Export(ExportOptions),
    /// Take a help desk's past out of a file.
    #[command(subcommand)]
    Tickets(TicketsCommand),
    /// Take over what a CRM's list says of people.
    #[command(subcommand)]
    Segments(SegmentsCommand),
    /// Read answers from a file: an export of parere or Delighted, or any CSV whose columns are named.
    Import(ImportOptions),
    /// Erase one answer, or everything of a person, for good: scores are corrected, and it never comes back.
    Erase(EraseOptions),
    /// Write a verified copy of the database to a file, beside a serving collector (SQLite).
    Backup(BackupOptions),
    /// Put a copy that parere backup made in the place of the database (SQLite).
    Restore(RestoreOptions),
    /// List sites, and write or read one with all its surveys as a file.
    #[command(subcommand)]
    Site(SiteCommand),
    /// List surveys of a site, and write or read them as a file.
    #[command(subcommand)]
    Survey(SurveyCommand),
    /// Make, list and change accounts of people.
    #[command(subcommand)]
    User(UserCommand),
    /// Make, list and revoke tokens of programs.
    #[command(subcommand)]
    Token(TokenCommand),
}

/// Where the data is.
#[derive(Debug, Clone, Args)]
pub struct StoreOptions {
    /// Database to use: `sqlite:FILE`, created when it is absent, or `postgres://USER:PASSWORD@HOST/DATABASE`.
    ///
    /// For PostgreSQL, several hosts stand behind each other with commas, `sslmode` is disable, prefer, require,
    /// verify-ca or verify-full, and `sslrootcert` names a file with the authorities to trust.
    /// Prefer the environment or a file to the command line where there is a password in it.
    #[arg(
        long,
        env = "PARERE_DATABASE_URL",
        hide_env_values = true,
        default_value = "sqlite:parere.db",
        value_name = "URL"
    )]
    pub database_url: DatabaseUrl,

    /// File that holds the URL of the database.
    #[arg(long, env = "PARERE_DATABASE_URL_FILE", value_name = "FILE")]
    pub database_url_file: Option<PathBuf>,
}

impl StoreOptions {
    /// The URL of the database, from its file if there is one.
    pub fn url(&self) -> anyhow::Result<DatabaseUrl> {
        let Some(path) = &self.database_url_file else { return Ok(self.database_url.clone()) };
        Ok(DatabaseUrl(read_setting("the database URL", path)?.trim().into()))
    }
}

/// Where the database is; may hold a password, so nothing prints it.
#[derive(Clone)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// The URL itself, for opening.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for DatabaseUrl {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.trim().into()))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[database]")
    }
}

/// How to serve.
#[derive(Debug, Clone, Args)]
pub struct ServeOptions {
    /// Address and port to listen on.
    #[arg(long, env = "PARERE_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    pub listen: SocketAddr,

    /// Database.
    #[command(flatten)]
    pub store: StoreOptions,

    /// Address at which shops reach this server, as it stands in the tag; default: the address listened on.
    #[arg(long, env = "PARERE_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,

    /// Bearer token with every right, for automation. Prefer the environment or a file to the command line.
    #[arg(long, env = "PARERE_ADMIN_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    pub admin_token: Option<Secret>,

    /// File that holds the bearer token.
    #[arg(long, env = "PARERE_ADMIN_TOKEN_FILE", conflicts_with = "admin_token", value_name = "FILE")]
    pub admin_token_file: Option<PathBuf>,

    /// Proxies whose X-Forwarded-For is believed, as networks: `10.0.0.0/8,::1/128`. Default: none.
    #[arg(long, env = "PARERE_TRUSTED_PROXIES", value_delimiter = ',', value_name = "NETWORKS")]
    pub trusted_proxies: Vec<IpNet>,

    /// Serve browser files from this folder instead of those in the binary (development): a copy of `www`.
    #[arg(long, env = "PARERE_ASSETS_DIR", value_name = "FOLDER")]
    pub assets_dir: Option<PathBuf>,

    /// Folder in which exports to Parquet and XLSX are built, up to some kilobytes for each answer; the files have no
    /// names there and end with the process. Default: the system's folder for such files.
    #[arg(long, env = "PARERE_TEMP_DIR", value_name = "FOLDER")]
    pub temp_dir: Option<PathBuf>,

    /// What to log: error, warn, info, debug, or by module as in `parere_collector=debug`.
    #[arg(long, env = "PARERE_LOG", default_value = "info", value_name = "FILTER")]
    pub log: String,

    /// How log lines look.
    #[arg(long, env = "PARERE_LOG_FORMAT", default_value = "text", value_name = "FORMAT")]
    pub log_format: LogFormat,

    /// Bounds.
    #[command(flatten)]
    pub limits: LimitOptions,

    /// May webhooks lead to private and local addresses, and to http://? For tests, and where the network is all one's own.
    #[arg(long, env = "PARERE_WEBHOOK_PRIVATE", default_value = "off", value_name = "SWITCH")]
    pub webhook_private: Switch,

    /// Mail.
    #[command(flatten)]
    pub mail: MailOptions,

    /// Folder where answers wait on this machine's disk while PostgreSQL is away; collectors may share it.
    #[arg(long, env = "PARERE_OUTBOX_DIR", default_value = "parere-outbox", value_name = "FOLDER")]
    pub outbox_dir: PathBuf,

    /// Most that may wait there, in MiB (about 2,000 answers each); 0 for no outbox.
    #[arg(long, env = "PARERE_OUTBOX_SIZE_MIB", default_value_t = 256, value_name = "MIB",
        value_parser = clap::value_parser!(u32).range(0..=1_000_000))]
    pub outbox_size_mib: u32,
}

/// Is something so?
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// Yes.
    On,
    /// No.
    Off,
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for log collectors.
    Json,
}

/// A secret that no log or error shows.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for comparing.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.len() < SECRET_LEN_MIN {
            return Err("must have at least 16 characters, so that it cannot be guessed");
        }
        Ok(Self(text.into()))
    }
}

/// Shortest secret that is taken: 16 random letters are beyond guessing over a network.
const SECRET_LEN_MIN: usize = 16;

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl ServeOptions {
    /// The administrator's token, from the option or from its file.
    pub fn admin_token(&self) -> anyhow::Result<Option<Secret>> {
        let Some(path) = &self.admin_token_file else { return Ok(self.admin_token.clone()) };
        let text = read_setting("the admin token", path)?;
        let secret =
            text.parse().map_err(|rule| anyhow::anyhow!("the token in {} {rule}", path.display()))?;
        Ok(Some(secret))
    }

    /// See [`Self::temp_dir`].
    pub fn temp_dir(&self) -> PathBuf {
        self.temp_dir.clone().unwrap_or_else(std::env::temp_dir)
    }
}

/// What a file says that stands for an option, so that the value itself is on no command line.
fn read_setting(what: &str, path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("could not read {what} from {}", path.display()))
}
