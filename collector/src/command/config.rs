//! `parere config`: every option as it would hold, where it comes from, and whether it can be used.

use std::io::Write as _;

use anyhow::Context as _;
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory as _};

use crate::config::{Options, ServeOptions};

/// Prints every option of `serve`, one a line: its name, its value with secrets masked, and its source.
///
/// Fails with one sentence if a file that an option names cannot be read.
pub fn run(options: &ServeOptions, matches: &ArgMatches) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in lines(matches) {
        writeln!(out, "{line}").context("could not write to standard output")?;
    }
    options.admin_token()?;
    options.store.url()?;
    options.mail.mailer()?;
    Ok(())
}

/// The lines, in the order of the manual.
fn lines(matches: &ArgMatches) -> Vec<String> {
    let mut command = Options::command();
    command.build();
    let serve = command.find_subcommand("config").into_iter();
    let options = serve.flat_map(clap::Command::get_arguments).filter(|option| option.get_env().is_some());
    let line = |option: &clap::Arg| {
        let id = option.get_id().as_str();
        let name = option.get_long().unwrap_or(id);
        let values = matches.get_raw(id).into_iter().flatten();
        let values: Vec<_> = values.map(|value| shown(option, &value.to_string_lossy())).collect();
        let source = match matches.value_source(id) {
            Some(ValueSource::CommandLine) => "command line".into(),
            Some(ValueSource::EnvVariable) => {
                option.get_env().unwrap_or_default().to_string_lossy().into_owned()
            }
            Some(_) => "default".into(),
            None => "not set".into(),
        };
        format!("{name:<24} {:<32} {source}", values.join(",")).trim_end().to_owned()
    };
    options.map(line).collect()
}

/// A value as it may be read by whoever stands behind the operator.
fn shown(option: &clap::Arg, value: &str) -> String {
    if option.get_id() == "database_url" {
        return without_password(value);
    }
    if option.is_hide_env_values_set() { "[secret]".into() } else { value.into() }
}

/// `postgres://user:[secret]@host/name`; a URL without a password as it is.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.into() };
    // A password may hold any sign but these two; the last @ before the path ends it.
    let authority_len = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(authority_len);
    let Some((user, host)) = authority.rsplit_once('@') else { return without_query_password(url) };
    let user = user.split_once(':').map_or_else(|| user.into(), |(name, _)| format!("{name}:[secret]"));
    without_query_password(&format!("{scheme}://{user}@{host}{path}"))
}

/// The same for `?password=…`.
fn without_query_password(url: &str) -> String {
    let Some((before, query)) = url.split_once('?') else { return url.into() };
    let fields = query.split('&').map(|field| match field.split_once('=') {
        Some((name, _)) if name.eq_ignore_ascii_case("password") => format!("{name}=[secret]"),
        _ => field.into(),
    });
    format!("{before}?{}", fields.collect::<Vec<_>>().join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_urls_are_masked() {
        for (url, expected) in [
            ("sqlite:parere.db", "sqlite:parere.db"),
            ("postgres://db.example/parere", "postgres://db.example/parere"),
            ("postgres://parere@db.example/parere", "postgres://parere@db.example/parere"),
            ("postgres://parere:p%40ss@db.example/parere", "postgres://parere:[secret]@db.example/parere"),
            (
                "postgres://parere:p@ss:w@db:5432,db2/x?sslmode=require",
                "postgres://parere:[secret]@db:5432,db2/x?sslmode=require",
            ),
            ("postgres://db/x?user=a&password=p", "postgres://db/x?user=a&password=[secret]"),
            ("postgres://a:b@db/x?PASSWORD=p&c=d", "postgres://a:[secret]@db/x?PASSWORD=[secret]&c=d"),
        ] {
            assert_eq!(without_password(url), expected);
        }
    }
}
