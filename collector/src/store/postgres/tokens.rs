//! Tokens of programs.

use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::failure::Failure;
use super::reach::{Reader, Transaction};
use super::retry::Attempt;
use super::sites::{bytes_column, json_column, to_json};
use crate::auth::Rights;
use crate::store::{Hash, Token};

const ADD: &str = "
    INSERT INTO tokens (token, id, name, scopes, sites, made_by, created_at_ms, used_at_ms, expires_at_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT DO NOTHING";

const ALL: &str = "
    SELECT token, id, name, scopes, sites, made_by, created_at_ms, used_at_ms, expires_at_ms FROM tokens";

const ONE: &str = "
    SELECT token, id, name, scopes, sites, made_by, created_at_ms, used_at_ms, expires_at_ms FROM tokens
    WHERE token = $1";

const REVOKE: &str = "DELETE FROM tokens WHERE id = $1";

pub(super) async fn add(transaction: &Transaction<'_>, token: &Token) -> Result<(), Failure> {
    let scopes = token.rights.names().collect::<Vec<_>>().join(" ");
    let (hash, sites) = (token.hash.as_slice(), to_json(&token.sites)?);
    let values: [&(dyn ToSql + Sync); 9] = [
        &hash,
        &token.id,
        &token.name,
        &scopes,
        &sites,
        &token.made_by,
        &token.created_at,
        &token.used_at,
        &token.expires_at,
    ];
    transaction.execute(ADD, &values).await?;
    Ok(())
}

pub(super) async fn one(reader: Reader<'_>, hash: &Hash) -> Result<Option<Token>, Failure> {
    reader.query(ONE, &[&hash.as_slice()]).await?.first().map(read).transpose()
}

pub(super) async fn all(reader: Reader<'_>) -> Result<Vec<Token>, Failure> {
    let rows = reader.query(ALL, &[]).await?;
    let mut tokens = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    // Databases sort text each in their own way.
    tokens.sort_by(|a, b| (a.created_at, &a.id).cmp(&(b.created_at, &b.id)));
    Ok(tokens)
}

fn read(row: &Row) -> Result<Token, Failure> {
    let scopes: &str = row.try_get(3)?;
    let rights = Rights::parse(scopes.split_whitespace());
    Ok(Token {
        hash: bytes_column(row, 0)?,
        id: row.try_get(1)?,
        name: row.try_get(2)?,
        rights: rights.ok_or_else(|| Failure::Unreadable("no scope".into()))?,
        sites: json_column(row, 4)?,
        made_by: row.try_get(5)?,
        created_at: row.try_get(6)?,
        used_at: row.try_get(7)?,
        expires_at: row.try_get(8)?,
    })
}

pub(super) async fn revoke(
    transaction: &Transaction<'_>,
    id: &str,
    attempt: Attempt,
) -> Result<bool, Failure> {
    Ok(transaction.execute(REVOKE, &[&id]).await? == 1 || attempt == Attempt::Again)
}
