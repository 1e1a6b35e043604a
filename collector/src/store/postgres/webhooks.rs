//! Hooks of sites.

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::PostgresStore;
use super::failure::Failure;
use super::pool::{read, transact};
use super::reach::{Reach, Reader, Transaction};
use super::retry::Attempt;
use super::sites::{bytes_column, json_column, to_json};
use crate::auth::SiteScope;
use crate::store::Result;
use crate::store::due::Listener;
use crate::store::webhook::{Webhook, WebhookKind, WebhookState};

const EVERYWHERE: &str = "
    SELECT hook, name, kind, url, occasions, digest_hour, digest_day, secret, state, made_by, created_at_ms, site,
      crm, rests_until_ms
    FROM webhooks";

const OF_SITE: &str = "
    SELECT hook, name, kind, url, occasions, digest_hour, digest_day, secret, state, made_by, created_at_ms, site,
      crm, rests_until_ms
    FROM webhooks WHERE site = $1 AND state <> 'removed'";

const ADD: &str = "
    INSERT INTO webhooks (
      site, hook, name, kind, url, occasions, digest_hour, digest_day, secret, state, made_by, created_at_ms,
      crm, rests_until_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
    ON CONFLICT DO NOTHING";

const CHANGE: &str = "
    UPDATE webhooks SET name = $3, kind = $4, url = $5, occasions = $6, digest_hour = $7, secret = $8, state = $9,
      crm = $10, rests_until_ms = $11
    WHERE site = $1 AND hook = $2 AND state <> 'removed'";

const REMOVE: &str = "
    UPDATE webhooks SET state = 'removed', url = '', secret = $3, crm = NULL
    WHERE site = $1 AND hook = $2 AND state <> 'removed'";

/// The hooks of a site that want to hear of something.
pub(super) const LISTENERS: &str = "SELECT hook, occasions FROM webhooks WHERE site = $1 AND state = 'on'";

impl PostgresStore {
    pub(in crate::store) async fn all_webhooks(&self) -> Result<Vec<(String, Webhook)>> {
        read!(self.readers, Reach::Catalogue, |reader| query(reader, EVERYWHERE, &[]))
    }

    pub(in crate::store) async fn webhooks(&self, scope: &SiteScope) -> Result<Vec<Webhook>> {
        let site = scope.site();
        let rows = read!(self.readers, Reach::of(scope), |reader| query(reader, OF_SITE, &[&site]))?;
        Ok(rows.into_iter().map(|(_, hook)| hook).collect())
    }

    pub(in crate::store) async fn add_webhook(&self, scope: &SiteScope, hook: &Webhook) -> Result<()> {
        transact!(self.writers, Reach::of(scope), |transaction, _| add(transaction, scope.site(), hook))
    }

    pub(in crate::store) async fn change_webhook(&self, scope: &SiteScope, hook: &Webhook) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, _| change(transaction, scope.site(), hook))
    }

    pub(in crate::store) async fn remove_webhook(&self, scope: &SiteScope, hook: &str) -> Result<bool> {
        transact!(self.writers, Reach::of(scope), |transaction, attempt| remove(
            transaction,
            scope.site(),
            hook,
            attempt
        ))
    }
}

async fn query(
    reader: Reader<'_>,
    text: &str,
    parameters: &[&(dyn ToSql + Sync)],
) -> std::result::Result<Vec<(String, Webhook)>, Failure> {
    let rows = reader.query(text, parameters).await?;
    let hooks = rows.iter().map(|row| Ok((row.try_get(11)?, read_one(row)?)));
    let mut hooks = hooks.collect::<std::result::Result<Vec<(String, Webhook)>, Failure>>()?;
    // Databases sort text each in their own way.
    let place = |(site, hook): &(String, Webhook)| (site.clone(), hook.created_at, hook.id.clone());
    hooks.sort_by_key(place);
    Ok(hooks)
}

fn read_one(row: &Row) -> std::result::Result<Webhook, Failure> {
    let unknown = |what: &str| Failure::Unreadable(format!("{what} of a hook"));
    let (kind, state, hour): (&str, &str, i32) = (row.try_get(2)?, row.try_get(8)?, row.try_get(5)?);
    Ok(Webhook {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        kind: WebhookKind::parse(kind).ok_or_else(|| unknown("the kind"))?,
        url: row.try_get(3)?,
        occasions: json_column(row, 4)?,
        digest_hour: u8::try_from(hour).map_err(|_| unknown("the hour"))?,
        digest_day: row.try_get(6)?,
        secret: bytes_column(row, 7)?,
        state: WebhookState::parse(state).ok_or_else(|| unknown("the state"))?,
        made_by: row.try_get(9)?,
        created_at: row.try_get(10)?,
        crm: match row.try_get::<_, Option<&str>>(12)? {
            Some(_) => Some(json_column(row, 12)?),
            None => None,
        },
        rests_until: row.try_get(13)?,
    })
}

fn crm(hook: &Webhook) -> std::result::Result<Option<String>, Failure> {
    hook.crm.as_ref().map(to_json).transpose()
}

async fn add(transaction: &Transaction<'_>, site: &str, hook: &Webhook) -> std::result::Result<(), Failure> {
    let (occasions, secret) = (to_json(&hook.occasions)?, hook.secret.as_slice());
    let (kind, state, hour) = (hook.kind.as_str(), hook.state.as_str(), i32::from(hook.digest_hour));
    let crm = crm(hook)?;
    let values: [&(dyn ToSql + Sync); 14] = [
        &site,
        &hook.id,
        &hook.name,
        &kind,
        &hook.url,
        &occasions,
        &hour,
        &hook.digest_day,
        &secret,
        &state,
        &hook.made_by,
        &hook.created_at,
        &crm,
        &hook.rests_until,
    ];
    transaction.execute(ADD, &values).await?;
    Ok(())
}

async fn change(
    transaction: &Transaction<'_>,
    site: &str,
    hook: &Webhook,
) -> std::result::Result<bool, Failure> {
    let (occasions, secret) = (to_json(&hook.occasions)?, hook.secret.as_slice());
    let (kind, state, hour) = (hook.kind.as_str(), hook.state.as_str(), i32::from(hook.digest_hour));
    let crm = crm(hook)?;
    let values: [&(dyn ToSql + Sync); 11] = [
        &site,
        &hook.id,
        &hook.name,
        &kind,
        &hook.url,
        &occasions,
        &hour,
        &secret,
        &state,
        &crm,
        &hook.rests_until,
    ];
    Ok(transaction.execute(CHANGE, &values).await? == 1)
}

async fn remove(
    transaction: &Transaction<'_>,
    site: &str,
    hook: &str,
    attempt: Attempt,
) -> std::result::Result<bool, Failure> {
    let nothing: &[u8] = &[0; 32];
    Ok(transaction.execute(REMOVE, &[&site, &hook, &nothing]).await? == 1 || attempt == Attempt::Again)
}

/// Reads the rows of [`LISTENERS`].
pub(super) fn read_listeners(rows: &[Row]) -> std::result::Result<Vec<Listener>, Failure> {
    let read = |row: &Row| Ok(Listener { hook: row.try_get(0)?, occasions: json_column(row, 1)? });
    rows.iter().map(read).collect()
}
