//! Marks on trends.

use rusqlite::{Connection, params};

use super::SqliteStore;
use crate::auth::SiteScope;
use crate::store::{Mark, Result};

const ALL: &str = "
    SELECT mark, survey, touchpoint, day, text, made_by, created_at_ms
    FROM marks WHERE site = ?1 AND (?2 IS NULL OR survey = ?2) ORDER BY day, created_at_ms, mark";

const ADD: &str = "
    INSERT INTO marks (site, mark, survey, touchpoint, day, text, made_by, created_at_ms)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING";

const REMOVE: &str = "DELETE FROM marks WHERE site = ?1 AND mark = ?2";

impl SqliteStore {
    pub(in crate::store) async fn marks(&self, scope: &SiteScope, survey: Option<&str>) -> Result<Vec<Mark>> {
        let (site, survey) = (scope.site().to_owned(), survey.map(str::to_owned));
        let all = move |connection: &mut Connection| {
            let mut statement = connection.prepare_cached(ALL)?;
            let rows = statement.query_map(params![site, survey], |row| {
                Ok(Mark {
                    id: row.get(0)?,
                    survey: row.get(1)?,
                    touchpoint: row.get(2)?,
                    day: row.get(3)?,
                    text: row.get(4)?,
                    made_by: row.get(5)?,
                    created_at: row.get(6)?,
                })
            })?;
            rows.collect()
        };
        self.readers.run(all).await
    }

    pub(in crate::store) async fn add_mark(&self, scope: &SiteScope, mark: &Mark) -> Result<()> {
        let (site, mark) = (scope.site().to_owned(), mark.clone());
        let add = move |connection: &mut Connection| {
            let Mark { id, survey, touchpoint, day, text, made_by, created_at } = mark;
            connection.execute(ADD, params![site, id, survey, touchpoint, day, text, made_by, created_at])?;
            Ok(())
        };
        self.writer.run(add).await
    }

    pub(in crate::store) async fn remove_mark(&self, scope: &SiteScope, mark: &str) -> Result<bool> {
        let (site, mark) = (scope.site().to_owned(), mark.to_owned());
        self.writer.run(move |connection| Ok(connection.execute(REMOVE, [&site, &mark])? == 1)).await
    }
}
