//! What surveys said, save by save.

use tokio_postgres::Row;

use super::failure::Failure;
use super::reach::{Reader, Transaction};
use super::sites::{json_column, to_json};
use crate::auth::SiteScope;
use crate::store::{SurveyVersion, SurveyWrite};

const NOTE: &str = "
    INSERT INTO survey_versions (site, survey, version, definition, author, created_at_ms)
    VALUES ($1, $2, $3, $4, $5, $6)";

const LATEST: &str = "
    SELECT version, definition, author, created_at_ms FROM survey_versions
    WHERE site = $1 AND survey = $2 ORDER BY version DESC LIMIT $3";

/// Keeps what is being written, unless the survey says just that already.
///
/// Whoever writes holds the survey's row, so no two count on from the same version; the second run of a transaction
/// finds what the first one kept.
pub(super) async fn note(
    transaction: &Transaction<'_>,
    scope: &SiteScope,
    write: &SurveyWrite,
) -> Result<(), Failure> {
    let statement = transaction.prepare_cached(LATEST).await?;
    let last = transaction.query_opt(&statement, &[&scope.site(), &write.survey.slug, &1_i64]).await?;
    let last = last.as_ref().map(read).transpose()?;
    if last.as_ref().is_some_and(|last| last.survey == write.survey) {
        return Ok(());
    }
    let (number, definition) = (last.map_or(0, |last| last.number) + 1, to_json(&write.survey)?);
    let slug = &write.survey.slug;
    transaction
        .execute(NOTE, &[&scope.site(), slug, &number, &definition, &write.author, &write.now])
        .await?;
    Ok(())
}

pub(super) async fn latest(
    reader: Reader<'_>,
    scope: &SiteScope,
    survey: &str,
    limit: usize,
) -> Result<Vec<SurveyVersion>, Failure> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = reader.query(LATEST, &[&scope.site(), &survey, &limit]).await?;
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<SurveyVersion, Failure> {
    Ok(SurveyVersion {
        number: row.try_get(0)?,
        survey: json_column(row, 1)?,
        author: row.try_get(2)?,
        at: row.try_get(3)?,
    })
}
