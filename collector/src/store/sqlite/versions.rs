//! What surveys said, save by save.

use rusqlite::{Connection, Transaction, params};

use super::surveys::{json_column, to_json};
use crate::auth::SiteScope;
use crate::store::{SurveyVersion, SurveyWrite};

/// Keeps what is being written, unless the survey says just that already.
pub(super) fn note(
    transaction: &Transaction<'_>,
    scope: &SiteScope,
    write: &SurveyWrite,
) -> rusqlite::Result<()> {
    let last = latest(transaction, scope, &write.survey.slug, 1)?.pop();
    if last.as_ref().is_some_and(|last| last.survey == write.survey) {
        return Ok(());
    }
    transaction.execute(
        "INSERT INTO survey_versions (site, survey, version, definition, author, created_at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            scope.site(),
            write.survey.slug,
            last.map_or(0, |last| last.number) + 1,
            to_json(&write.survey)?,
            write.author,
            write.now
        ],
    )?;
    Ok(())
}

pub(super) fn latest(
    connection: &Connection,
    scope: &SiteScope,
    survey: &str,
    limit: usize,
) -> rusqlite::Result<Vec<SurveyVersion>> {
    let mut statement = connection.prepare_cached(
        "SELECT version, definition, author, created_at_ms FROM survey_versions
         WHERE site = ?1 AND survey = ?2 ORDER BY version DESC LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![scope.site(), survey, limit], |row| {
        Ok(SurveyVersion {
            number: row.get(0)?,
            survey: json_column(row, 1)?,
            author: row.get(2)?,
            at: row.get(3)?,
        })
    })?;
    rows.collect()
}
