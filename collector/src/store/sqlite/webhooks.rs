//! Hooks of sites.

use rusqlite::types::{Type, ValueRef};
use rusqlite::{Connection, Row, params};

use super::SqliteStore;
use super::surveys::{json_column, to_json, unreadable};
use crate::auth::SiteScope;
use crate::store::Result;
use crate::store::due::Listener;
use crate::store::webhook::{Webhook, WebhookKind, WebhookState};

const ALL: &str = "
    SELECT hook, name, kind, url, occasions, digest_hour, digest_day, secret, state, made_by, created_at_ms, site,
      crm, rests_until_ms
    FROM webhooks WHERE (?1 IS NULL OR (site = ?1 AND state != 'removed')) ORDER BY site, created_at_ms, hook";

const ADD: &str = "
    INSERT INTO webhooks (
      site, hook, name, kind, url, occasions, digest_hour, digest_day, secret, state, made_by, created_at_ms,
      crm, rests_until_ms)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";

const CHANGE: &str = "
    UPDATE webhooks SET name = ?3, kind = ?4, url = ?5, occasions = ?6, digest_hour = ?7, secret = ?8, state = ?9,
      crm = ?10, rests_until_ms = ?11
    WHERE site = ?1 AND hook = ?2 AND state != 'removed'";

const REMOVE: &str = "
    UPDATE webhooks SET state = 'removed', url = '', secret = zeroblob(32), crm = NULL
    WHERE site = ?1 AND hook = ?2 AND state != 'removed'";

const LISTENERS: &str = "SELECT hook, occasions FROM webhooks WHERE site = ?1 AND state = 'on'";

impl SqliteStore {
    pub(in crate::store) async fn all_webhooks(&self) -> Result<Vec<(String, Webhook)>> {
        self.readers.run(|connection| all(connection, None)).await
    }

    pub(in crate::store) async fn webhooks(&self, scope: &SiteScope) -> Result<Vec<Webhook>> {
        let site = scope.site().to_owned();
        let all = self.readers.run(move |connection| all(connection, Some(&site))).await?;
        Ok(all.into_iter().map(|(_, hook)| hook).collect())
    }

    pub(in crate::store) async fn add_webhook(&self, scope: &SiteScope, hook: &Webhook) -> Result<()> {
        let (site, hook) = (scope.site().to_owned(), hook.clone());
        self.writer.run(move |connection| add(connection, &site, &hook)).await
    }

    pub(in crate::store) async fn change_webhook(&self, scope: &SiteScope, hook: &Webhook) -> Result<bool> {
        let (site, hook) = (scope.site().to_owned(), hook.clone());
        self.writer.run(move |connection| change(connection, &site, &hook)).await
    }

    pub(in crate::store) async fn remove_webhook(&self, scope: &SiteScope, hook: &str) -> Result<bool> {
        let (site, hook) = (scope.site().to_owned(), hook.to_owned());
        self.writer.run(move |connection| Ok(connection.execute(REMOVE, [&site, &hook])? == 1)).await
    }
}

fn all(connection: &Connection, site: Option<&str>) -> rusqlite::Result<Vec<(String, Webhook)>> {
    let mut statement = connection.prepare_cached(ALL)?;
    statement.query_map([site], |row| Ok((row.get(11)?, read(row)?)))?.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Webhook> {
    let (kind, state): (String, String) = (row.get(2)?, row.get(8)?);
    let hour: i64 = row.get(5)?;
    Ok(Webhook {
        id: row.get(0)?,
        name: row.get(1)?,
        kind: WebhookKind::parse(&kind).ok_or_else(|| unreadable(2, "no kind of hook"))?,
        url: row.get(3)?,
        occasions: json_column(row, 4)?,
        digest_hour: u8::try_from(hour)
            .map_err(|error| rusqlite::Error::FromSqlConversionFailure(5, Type::Integer, error.into()))?,
        digest_day: row.get(6)?,
        secret: row.get(7)?,
        state: WebhookState::parse(&state).ok_or_else(|| unreadable(8, "no state of a hook"))?,
        made_by: row.get(9)?,
        created_at: row.get(10)?,
        crm: if row.get_ref(12)? == ValueRef::Null { None } else { Some(json_column(row, 12)?) },
        rests_until: row.get(13)?,
    })
}

fn crm(hook: &Webhook) -> rusqlite::Result<Option<String>> {
    hook.crm.as_ref().map(to_json).transpose()
}

fn add(connection: &Connection, site: &str, hook: &Webhook) -> rusqlite::Result<()> {
    connection.execute(
        ADD,
        params![
            site,
            hook.id,
            hook.name,
            hook.kind.as_str(),
            hook.url,
            to_json(&hook.occasions)?,
            hook.digest_hour,
            hook.digest_day,
            hook.secret,
            hook.state.as_str(),
            hook.made_by,
            hook.created_at,
            crm(hook)?,
            hook.rests_until
        ],
    )?;
    Ok(())
}

fn change(connection: &Connection, site: &str, hook: &Webhook) -> rusqlite::Result<bool> {
    let changed = connection.execute(
        CHANGE,
        params![
            site,
            hook.id,
            hook.name,
            hook.kind.as_str(),
            hook.url,
            to_json(&hook.occasions)?,
            hook.digest_hour,
            hook.secret,
            hook.state.as_str(),
            crm(hook)?,
            hook.rests_until
        ],
    )?;
    Ok(changed == 1)
}

/// The hooks of a site that want to hear of something.
pub(super) fn listeners(connection: &Connection, site: &str) -> rusqlite::Result<Vec<Listener>> {
    let mut statement = connection.prepare_cached(LISTENERS)?;
    let rows = statement
        .query_map([site], |row| Ok(Listener { hook: row.get(0)?, occasions: json_column(row, 1)? }))?;
    rows.collect()
}
