//! The program: reads its options, runs the command, says what went wrong.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{ArgMatches, CommandFactory as _, FromArgMatches as _};
use parere_collector::Collector;
use parere_collector::clock::SystemClock;
use parere_collector::command;
use parere_collector::config::{Command, LogFormat, Options, ServeOptions};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let matches = Options::command().get_matches();
    let options = Options::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let runtime = tokio::runtime::Runtime::new().context("could not start the runtime");
    match runtime.and_then(|runtime| runtime.block_on(run(options, &matches))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The causes stand behind the sentence: what happened first, then why.
            writeln!(std::io::stderr(), "parere: {error:#}").ok();
            ExitCode::from(command::exit_code(&error))
        }
    }
}

async fn run(options: Options, matches: &ArgMatches) -> anyhow::Result<()> {
    match options.command {
        None => serve(options.serve).await,
        Some(Command::Serve(serve_options)) => serve(serve_options).await,
        Some(Command::Config(serve_options)) => {
            let matches = matches.subcommand_matches("config").context("no command was given")?;
            command::config::run(&serve_options, matches)
        }
        Some(Command::Doctor(options)) => command::doctor::run(&options, &SystemClock).await,
        Some(Command::Compact(options)) => command::compact::run(&options).await,
        Some(Command::Demo(options)) => command::demo::run(&options, Arc::new(SystemClock)).await,
        Some(Command::Backup(options)) => command::backup::back_up(options).await,
        Some(Command::Restore(options)) => command::backup::restore(options, &SystemClock).await,
        Some(Command::Erase(options)) => command::erase::run(&options, &SystemClock).await,
        Some(Command::Export(export)) => command::export::run(&export, &SystemClock).await,
        Some(Command::Tickets(command)) => command::tickets::run(&command, &SystemClock).await,
        Some(Command::Segments(command)) => command::segments::run(&command, &SystemClock).await,
        Some(Command::Import(import)) => command::import::run(&import, Arc::new(SystemClock)).await,
        Some(Command::Site(command)) => command::shop::site(&command, &SystemClock).await,
        Some(Command::Survey(command)) => command::shop::survey(&command, &SystemClock).await,
        Some(Command::User(command)) => command::user::run(&command, &SystemClock).await,
        Some(Command::Token(command)) => command::token::run(&command, &SystemClock).await,
    }
}

async fn serve(options: ServeOptions) -> anyhow::Result<()> {
    start_log(&options)?;
    let listener = std::net::TcpListener::bind(options.listen)
        .with_context(|| format!("could not listen on {}; is another program using it?", options.listen))?;
    let collector = Collector::open(&options, listener.local_addr()?, Arc::new(SystemClock)).await?;
    write!(std::io::stdout(), "{}", collector.welcome())?;
    std::io::stdout().flush()?;
    let mut terminate = signal(SignalKind::terminate())?;
    collector
        .serve(listener, async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            tracing::info!("shutting down: ending requests, writing what waits");
            tokio::spawn(exit_on_second_signal());
        })
        .await
}

/// Whoever asks twice does not want to wait; nothing acknowledged is at risk.
async fn exit_on_second_signal() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    std::process::exit(1);
}

fn start_log(options: &ServeOptions) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&options.log).context("could not read the log filter")?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match options.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}
