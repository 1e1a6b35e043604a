//! Surveys, and every instrument they were ever asked with.

use parere_shared::instrument::Instrument;
use parere_shared::survey::Survey;
use parere_shared::time::Millis;
use tokio_postgres::Row;

use super::append;
use super::failure::Failure;
use super::reach::{Reader, Transaction};
use super::retry::Attempt;
use super::sites::{changed, json_column, to_json};
use super::versions;
use crate::auth::SiteScope;
use crate::store::{Removal, SurveyWrite, Version};

const ALL: &str = "SELECT site, survey, created_at_ms, definition FROM surveys";

const INSTRUMENTS: &str =
    "SELECT site, survey, instrument, definition FROM instruments ORDER BY created_at_ms, instrument";

const ADD: &str = "
    INSERT INTO surveys (site, survey, definition, created_at_ms, updated_at_ms) VALUES ($1, $2, $3, $4, $4)
    ON CONFLICT DO NOTHING";

const IS_OURS: &str = "
    SELECT EXISTS (
      SELECT 1 FROM surveys WHERE site = $1 AND survey = $2 AND definition = $3 AND updated_at_ms = $4)";

const ADD_INSTRUMENT: &str = "
    INSERT INTO instruments (site, survey, instrument, definition, created_at_ms) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING";

const REPLACE: &str =
    "UPDATE surveys SET definition = $3, updated_at_ms = $4 WHERE site = $1 AND survey = $2";

/// Of answers that are gone, the counts are left, and with them the scores.
const IS_ANSWERED: &str = "
    SELECT EXISTS (SELECT 1 FROM responses WHERE site = $1 AND survey = $2)
      OR EXISTS (SELECT 1 FROM daily_counts WHERE site = $1 AND survey = $2 AND n > 0)";

const VERSIONS: &str =
    "SELECT site, survey, since_ms, per_mille, instruments FROM versions ORDER BY since_ms";

const LAST_VERSION: &str = "
    SELECT since_ms, per_mille, instruments FROM versions WHERE site = $1 AND survey = $2
    ORDER BY since_ms DESC LIMIT 1";

/// Twice in a millisecond: nobody was asked in between.
const ADD_VERSION: &str = "
    INSERT INTO versions (site, survey, since_ms, per_mille, instruments) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (site, survey, since_ms)
    DO UPDATE SET per_mille = excluded.per_mille, instruments = excluded.instruments";

const REMOVE_VERSIONS: &str = "DELETE FROM versions WHERE site = $1 AND survey = $2";

const REMOVE_INSTRUMENTS: &str = "DELETE FROM instruments WHERE site = $1 AND survey = $2";

const REMOVE_HISTORY: &str = "DELETE FROM survey_versions WHERE site = $1 AND survey = $2";
const REMOVE_COUNTS: &str = "DELETE FROM daily_counts WHERE site = $1 AND survey = $2";

const REMOVE_EVENTS: &str = "DELETE FROM daily_events WHERE site = $1 AND survey = $2";

const REMOVE_MARKS: &str = "DELETE FROM marks WHERE site = $1 AND survey = $2";

const REMOVE: &str = "DELETE FROM surveys WHERE site = $1 AND survey = $2";

pub(super) async fn all(reader: Reader<'_>) -> Result<Vec<(String, Survey)>, Failure> {
    let rows = reader.query(ALL, &[]).await?;
    let mut surveys = Vec::with_capacity(rows.len());
    for row in &rows {
        let place: (String, Millis, String) = (row.try_get(0)?, row.try_get(2)?, row.try_get(1)?);
        surveys.push((place, json_column::<Survey>(row, 3)?));
    }
    // Databases sort text each in their own way.
    surveys.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(surveys.into_iter().map(|((site, ..), survey)| (site, survey)).collect())
}

pub(super) async fn instruments(
    reader: Reader<'_>,
) -> Result<Vec<(String, String, String, Instrument)>, Failure> {
    let rows = reader.query(INSTRUMENTS, &[]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, json_column(row, 3)?)))
        .collect()
}

pub(super) async fn versions(reader: Reader<'_>) -> Result<Vec<(String, String, Version)>, Failure> {
    let rows = reader.query(VERSIONS, &[]).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, read_version(row, 2)?))).collect()
}

pub(super) async fn add(
    transaction: &Transaction<'_>,
    scope: &SiteScope,
    write: &SurveyWrite,
    attempt: Attempt,
) -> Result<bool, Failure> {
    let definition = to_json(&write.survey)?;
    let slug = &write.survey.slug;
    let added = transaction.execute(ADD, &[&scope.site(), slug, &definition, &write.now]).await?;
    if added == 0 {
        let is_ours = attempt == Attempt::Again
            && transaction
                .query_one(IS_OURS, &[&scope.site(), slug, &definition, &write.now])
                .await?
                .try_get(0)?;
        return Ok(is_ours);
    }
    add_instruments(transaction, scope, write).await?;
    add_version(transaction, scope, write).await?;
    versions::note(transaction, scope, write).await?;
    changed(transaction).await?;
    Ok(true)
}

pub(super) async fn replace(
    transaction: &Transaction<'_>,
    scope: &SiteScope,
    write: &SurveyWrite,
) -> Result<bool, Failure> {
    let definition = to_json(&write.survey)?;
    let replaced =
        transaction.execute(REPLACE, &[&scope.site(), &write.survey.slug, &definition, &write.now]).await?;
    if replaced == 1 {
        add_instruments(transaction, scope, write).await?;
        add_version(transaction, scope, write).await?;
        versions::note(transaction, scope, write).await?;
        changed(transaction).await?;
    }
    Ok(replaced == 1)
}

pub(super) async fn remove(
    transaction: &Transaction<'_>,
    scope: &SiteScope,
    survey: &str,
    attempt: Attempt,
) -> Result<Removal, Failure> {
    // Nobody appends to the site between the look and the removal.
    append::hold_places(transaction, scope.site(), 0).await?;
    if transaction.query_one(IS_ANSWERED, &[&scope.site(), &survey]).await?.try_get(0)? {
        return Ok(Removal::Answered);
    }
    transaction.execute(REMOVE_VERSIONS, &[&scope.site(), &survey]).await?;
    transaction.execute(REMOVE_HISTORY, &[&scope.site(), &survey]).await?;
    transaction.execute(REMOVE_INSTRUMENTS, &[&scope.site(), &survey]).await?;
    transaction.execute(REMOVE_COUNTS, &[&scope.site(), &survey]).await?;
    transaction.execute(REMOVE_EVENTS, &[&scope.site(), &survey]).await?;
    transaction.execute(REMOVE_MARKS, &[&scope.site(), &survey]).await?;
    let removed = transaction.execute(REMOVE, &[&scope.site(), &survey]).await?;
    changed(transaction).await?;
    Ok(if removed == 1 || attempt == Attempt::Again { Removal::Removed } else { Removal::Absent })
}

async fn add_instruments(
    transaction: &Transaction<'_>,
    scope: &SiteScope,
    write: &SurveyWrite,
) -> Result<(), Failure> {
    for instrument in &write.instruments {
        let definition = to_json(instrument)?;
        transaction
            .execute(
                ADD_INSTRUMENT,
                &[&scope.site(), &write.survey.slug, &instrument.id(), &definition, &write.now],
            )
            .await?;
    }
    Ok(())
}

/// Writes down what is asked from now on, if it is not what was asked before.
async fn add_version(
    transaction: &Transaction<'_>,
    scope: &SiteScope,
    write: &SurveyWrite,
) -> Result<(), Failure> {
    let (version, slug) = (Version::of(write), &write.survey.slug);
    let last = transaction.query_opt(LAST_VERSION, &[&scope.site(), slug]).await?;
    let last = last.map(|row| read_version(&row, 0)).transpose()?;
    if last.is_some_and(|last| last.asks_like(&version)) {
        return Ok(());
    }
    let per_mille = version.per_mille.map(i32::from);
    let instruments = to_json(&version.instruments)?;
    transaction
        .execute(ADD_VERSION, &[&scope.site(), slug, &version.since, &per_mille, &instruments])
        .await?;
    Ok(())
}

fn read_version(row: &Row, at: usize) -> Result<Version, Failure> {
    let per_mille: Option<i32> = row.try_get(at + 1)?;
    Ok(Version {
        since: row.try_get(at)?,
        per_mille: per_mille.map(append::per_mille).transpose()?,
        instruments: json_column(row, at + 2)?,
    })
}
