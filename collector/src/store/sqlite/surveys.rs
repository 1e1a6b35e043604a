//! Surveys, and every instrument they were ever asked with.

use parere_shared::instrument::Instrument;
use parere_shared::survey::Survey;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};
use serde::{Serialize, de::DeserializeOwned};

use super::sites::changed;
use super::versions;
use crate::auth::SiteScope;
use crate::store::{Removal, SurveyWrite, Version};

pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<(String, Survey)>> {
    let mut statement = connection
        .prepare_cached("SELECT site, definition FROM surveys ORDER BY site, created_at_ms, survey")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, json_column(row, 1)?)))?;
    rows.collect()
}

pub(super) fn instruments(
    connection: &Connection,
) -> rusqlite::Result<Vec<(String, String, String, Instrument)>> {
    let mut statement = connection.prepare_cached(
        "SELECT site, survey, instrument, definition FROM instruments ORDER BY created_at_ms",
    )?;
    let rows =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, json_column(row, 3)?)))?;
    rows.collect()
}

pub(super) fn versions(connection: &Connection) -> rusqlite::Result<Vec<(String, String, Version)>> {
    let mut statement = connection.prepare_cached(
        "SELECT site, survey, since_ms, per_mille, instruments FROM versions ORDER BY site, survey, since_ms",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, read_version(row, 2)?)))?;
    rows.collect()
}

pub(super) fn add(
    connection: &mut Connection,
    scope: &SiteScope,
    write: &SurveyWrite,
) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let added = transaction.execute(
        "INSERT INTO surveys (site, survey, definition, created_at_ms, updated_at_ms) VALUES (?1, ?2, ?3, ?4, ?4)
         ON CONFLICT DO NOTHING",
        params![scope.site(), write.survey.slug, to_json(&write.survey)?, write.now],
    )?;
    if added == 1 {
        add_instruments(&transaction, scope, write)?;
        add_version(&transaction, scope, write)?;
        versions::note(&transaction, scope, write)?;
        changed(&transaction)?;
    }
    transaction.commit()?;
    Ok(added == 1)
}

pub(super) fn replace(
    connection: &mut Connection,
    scope: &SiteScope,
    write: &SurveyWrite,
) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let replaced = transaction.execute(
        "UPDATE surveys SET definition = ?3, updated_at_ms = ?4 WHERE site = ?1 AND survey = ?2",
        params![scope.site(), write.survey.slug, to_json(&write.survey)?, write.now],
    )?;
    if replaced == 1 {
        add_instruments(&transaction, scope, write)?;
        add_version(&transaction, scope, write)?;
        versions::note(&transaction, scope, write)?;
        changed(&transaction)?;
    }
    transaction.commit()?;
    Ok(replaced == 1)
}

pub(super) fn remove(
    connection: &mut Connection,
    scope: &SiteScope,
    survey: &str,
) -> rusqlite::Result<Removal> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let of_survey = params![scope.site(), survey];
    let answered = "
        SELECT EXISTS (SELECT 1 FROM responses WHERE site = ?1 AND survey = ?2)
          OR EXISTS (SELECT 1 FROM daily_counts WHERE site = ?1 AND survey = ?2 AND n > 0)";
    if transaction.query_row(answered, of_survey, |row| row.get(0))? {
        return Ok(Removal::Answered);
    }
    transaction.execute("DELETE FROM versions WHERE site = ?1 AND survey = ?2", of_survey)?;
    transaction.execute("DELETE FROM survey_versions WHERE site = ?1 AND survey = ?2", of_survey)?;
    transaction.execute("DELETE FROM instruments WHERE site = ?1 AND survey = ?2", of_survey)?;
    transaction.execute("DELETE FROM daily_counts WHERE site = ?1 AND survey = ?2", of_survey)?;
    let removed = transaction.execute("DELETE FROM surveys WHERE site = ?1 AND survey = ?2", of_survey)?;
    transaction.execute("DELETE FROM daily_events WHERE site = ?1 AND survey = ?2", of_survey)?;
    transaction.execute("DELETE FROM marks WHERE site = ?1 AND survey = ?2", of_survey)?;
    changed(&transaction)?;
    transaction.commit()?;
    Ok(if removed == 1 { Removal::Removed } else { Removal::Absent })
}

fn add_instruments(
    transaction: &Transaction<'_>,
    scope: &SiteScope,
    write: &SurveyWrite,
) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO instruments (site, survey, instrument, definition, created_at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO NOTHING",
    )?;
    for instrument in &write.instruments {
        let definition = to_json(instrument)?;
        statement.execute(params![
            scope.site(),
            write.survey.slug,
            instrument.id(),
            definition,
            write.now
        ])?;
    }
    Ok(())
}

/// Writes down what is asked from now on, if it is not what was asked before.
fn add_version(
    transaction: &Transaction<'_>,
    scope: &SiteScope,
    write: &SurveyWrite,
) -> rusqlite::Result<()> {
    let version = Version::of(write);
    let last = transaction
        .query_row(
            "SELECT since_ms, per_mille, instruments FROM versions WHERE site = ?1 AND survey = ?2
             ORDER BY since_ms DESC LIMIT 1",
            params![scope.site(), write.survey.slug],
            |row| read_version(row, 0),
        )
        .optional()?;
    if last.is_some_and(|last| last.asks_like(&version)) {
        return Ok(());
    }
    // Twice in a millisecond: nobody was asked in between.
    transaction.execute(
        "INSERT INTO versions (site, survey, since_ms, per_mille, instruments) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET per_mille = excluded.per_mille, instruments = excluded.instruments",
        params![
            scope.site(),
            write.survey.slug,
            version.since,
            version.per_mille,
            to_json(&version.instruments)?
        ],
    )?;
    Ok(())
}

fn read_version(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Version> {
    Ok(Version { since: row.get(at)?, per_mille: row.get(at + 1)?, instruments: json_column(row, at + 2)? })
}

/// Reads a column that holds JSON.
pub(super) fn json_column<T: DeserializeOwned>(
    row: &rusqlite::Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into()))
}

/// The error of a column whose text means nothing to us.
pub(super) fn unreadable(column: usize, why: &'static str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, why.into())
}

/// Writes a value as JSON.
pub(super) fn to_json<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}
