//! Rules of sites.

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::PostgresStore;
use super::failure::Failure;
use super::pool::{read, transact};
use super::reach::{Reach, Reader, Transaction};
use super::retry::Attempt;
use super::sites::{json_column, to_json};
use crate::auth::SiteScope;
use crate::rules::{KeptRule, Why};
use crate::store::Result;
use crate::store::plan::PlanState;

mod plans;

const EVERYWHERE: &str = "
    SELECT site, rule, definition, version, on_since_ms, changed_by, changed_at_ms FROM rules";

const OF_SITE: &str = "
    SELECT site, rule, definition, version, on_since_ms, changed_by, changed_at_ms FROM rules WHERE site = $1";

const ADD: &str = "
    INSERT INTO rules (site, rule, definition, version, on_since_ms, changed_by, changed_at_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";

const REPLACE: &str = "
    UPDATE rules SET definition = $3, version = $4, on_since_ms = $5, changed_by = $6, changed_at_ms = $7
    WHERE site = $1 AND rule = $2 AND version + 1 = $4";

const REMOVE: &str = "DELETE FROM rules WHERE site = $1 AND rule = $2";

const DROP_PLANS: &str = "
    UPDATE rule_plans SET state = $3, why = $4 WHERE site = $1 AND rule = $2 AND state = $5";

type Done<T> = std::result::Result<T, Failure>;

impl PostgresStore {
    pub(in crate::store) async fn all_rules(&self) -> Result<Vec<(String, KeptRule)>> {
        read!(self.readers, Reach::Catalogue, |reader| query(reader, EVERYWHERE, &[]))
    }

    pub(in crate::store) async fn kept_rules(&self, scope: &SiteScope) -> Result<Vec<KeptRule>> {
        let site = scope.site();
        let rows = read!(self.readers, Reach::of(scope), |reader| query(reader, OF_SITE, &[&site]))?;
        Ok(rows.into_iter().map(|(_, rule)| rule).collect())
    }

    pub(in crate::store) async fn keep_rule(&self, scope: &SiteScope, rule: &KeptRule) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, attempt| keep(
            transaction,
            scope.site(),
            rule,
            attempt
        ))
    }

    pub(in crate::store) async fn remove_rule(&self, scope: &SiteScope, rule: &str) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, attempt| remove(
            transaction,
            scope.site(),
            rule,
            attempt
        ))
    }
}

async fn query(
    reader: Reader<'_>,
    text: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> Done<Vec<(String, KeptRule)>> {
    let rows = reader.query(text, parameters).await?;
    let rules = rows.iter().map(|row| Ok((row.try_get(0)?, read_one(row)?)));
    let mut rules = rules.collect::<Done<Vec<(String, KeptRule)>>>()?;
    // Databases sort text each in their own way.
    rules.sort_by_key(|(site, rule)| (site.clone(), rule.id.clone()));
    Ok(rules)
}

fn read_one(row: &Row) -> Done<KeptRule> {
    let version: i64 = row.try_get(3)?;
    Ok(KeptRule {
        id: row.try_get(1)?,
        rule: json_column(row, 2)?,
        version: u32::try_from(version).map_err(|_| Failure::Unreadable("the version of a rule".into()))?,
        on_since: row.try_get(4)?,
        changed_by: row.try_get(5)?,
        changed_at: row.try_get(6)?,
    })
}

async fn keep(transaction: &Transaction<'_>, site: &str, rule: &KeptRule, attempt: Attempt) -> Done<bool> {
    let (definition, version) = (to_json(&rule.rule)?, i64::from(rule.version));
    let statement = if rule.version == 1 { ADD } else { REPLACE };
    let values: [&(dyn ToSql + Sync); 7] =
        [&site, &rule.id, &definition, &version, &rule.on_since, &rule.changed_by, &rule.changed_at];
    Ok(transaction.execute(statement, &values).await? == 1 || attempt == Attempt::Again)
}

async fn remove(transaction: &Transaction<'_>, site: &str, rule: &str, attempt: Attempt) -> Done<bool> {
    let [dropped, waiting] = [PlanState::Dropped, PlanState::Waiting].map(PlanState::as_str);
    transaction.execute(DROP_PLANS, &[&site, &rule, &dropped, &Why::Rule.as_str(), &waiting]).await?;
    Ok(transaction.execute(REMOVE, &[&site, &rule]).await? == 1 || attempt == Attempt::Again)
}
