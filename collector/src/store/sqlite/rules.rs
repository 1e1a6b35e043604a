//! Rules of sites.

use rusqlite::{Connection, Row, TransactionBehavior, params};

use super::SqliteStore;
use super::surveys::{json_column, to_json};
use crate::auth::SiteScope;
use crate::rules::{KeptRule, Why};
use crate::store::Result;
use crate::store::plan::PlanState;

mod plans;

const ALL: &str = "
    SELECT site, rule, definition, version, on_since_ms, changed_by, changed_at_ms
    FROM rules WHERE (?1 IS NULL OR site = ?1) ORDER BY site, rule";

const ADD: &str = "
    INSERT INTO rules (site, rule, definition, version, on_since_ms, changed_by, changed_at_ms)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING";

const REPLACE: &str = "
    UPDATE rules SET definition = ?3, version = ?4, on_since_ms = ?5, changed_by = ?6, changed_at_ms = ?7
    WHERE site = ?1 AND rule = ?2 AND version + 1 = ?4";

const REMOVE: &str = "DELETE FROM rules WHERE site = ?1 AND rule = ?2";

const DROP_PLANS: &str = "
    UPDATE rule_plans SET state = ?3, why = ?4 WHERE site = ?1 AND rule = ?2 AND state = ?5";

impl SqliteStore {
    pub(in crate::store) async fn all_rules(&self) -> Result<Vec<(String, KeptRule)>> {
        self.readers.run(|connection| all(connection, None)).await
    }

    pub(in crate::store) async fn kept_rules(&self, scope: &SiteScope) -> Result<Vec<KeptRule>> {
        let site = scope.site().to_owned();
        let all = self.readers.run(move |connection| all(connection, Some(&site))).await?;
        Ok(all.into_iter().map(|(_, rule)| rule).collect())
    }

    pub(in crate::store) async fn keep_rule(&self, scope: &SiteScope, rule: &KeptRule) -> Result<bool> {
        let (site, rule) = (scope.site().to_owned(), rule.clone());
        self.writer.run(move |connection| keep(connection, &site, &rule)).await
    }

    pub(in crate::store) async fn remove_rule(&self, scope: &SiteScope, rule: &str) -> Result<bool> {
        let (site, rule) = (scope.site().to_owned(), rule.to_owned());
        self.writer.run(move |connection| remove(connection, &site, &rule)).await
    }
}

fn all(connection: &Connection, site: Option<&str>) -> rusqlite::Result<Vec<(String, KeptRule)>> {
    let mut statement = connection.prepare_cached(ALL)?;
    statement.query_map([site], |row| Ok((row.get(0)?, read(row)?)))?.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<KeptRule> {
    Ok(KeptRule {
        id: row.get(1)?,
        rule: json_column(row, 2)?,
        version: row.get(3)?,
        on_since: row.get(4)?,
        changed_by: row.get(5)?,
        changed_at: row.get(6)?,
    })
}

fn remove(connection: &mut Connection, site: &str, rule: &str) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let is_removed = transaction.execute(REMOVE, [site, rule])? == 1;
    let [dropped, waiting] = [PlanState::Dropped, PlanState::Waiting].map(PlanState::as_str);
    transaction.execute(DROP_PLANS, [site, rule, dropped, Why::Rule.as_str(), waiting])?;
    transaction.commit()?;
    Ok(is_removed)
}

fn keep(connection: &Connection, site: &str, rule: &KeptRule) -> rusqlite::Result<bool> {
    let definition = to_json(&rule.rule)?;
    let statement = if rule.version == 1 { ADD } else { REPLACE };
    let values =
        params![site, rule.id, definition, rule.version, rule.on_since, rule.changed_by, rule.changed_at];
    Ok(connection.execute(statement, values)? == 1)
}
