//! Tokens of programs.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::surveys::{json_column, to_json, unreadable};
use crate::auth::Rights;
use crate::store::{Hash, Token};

const ALL: &str = "
    SELECT token, id, name, scopes, sites, made_by, created_at_ms, used_at_ms, expires_at_ms FROM tokens
    ORDER BY created_at_ms, id";

const ONE: &str = "
    SELECT token, id, name, scopes, sites, made_by, created_at_ms, used_at_ms, expires_at_ms FROM tokens
    WHERE token = ?1";

const ADD: &str = "
    INSERT INTO tokens (token, id, name, scopes, sites, made_by, created_at_ms, used_at_ms, expires_at_ms)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

pub(super) fn add(connection: &Connection, token: &Token) -> rusqlite::Result<()> {
    let scopes = token.rights.names().collect::<Vec<_>>().join(" ");
    connection.execute(
        ADD,
        params![
            token.hash,
            token.id,
            token.name,
            scopes,
            to_json(&token.sites)?,
            token.made_by,
            token.created_at,
            token.used_at,
            token.expires_at
        ],
    )?;
    Ok(())
}

pub(super) fn one(connection: &Connection, hash: &Hash) -> rusqlite::Result<Option<Token>> {
    connection.prepare_cached(ONE)?.query_row([hash], read).optional()
}

pub(super) fn all(connection: &Connection) -> rusqlite::Result<Vec<Token>> {
    connection.prepare_cached(ALL)?.query_map([], read)?.collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Token> {
    let scopes: String = row.get(3)?;
    Ok(Token {
        hash: row.get(0)?,
        id: row.get(1)?,
        name: row.get(2)?,
        rights: Rights::parse(scopes.split_whitespace()).ok_or_else(|| unreadable(3, "no scope"))?,
        sites: json_column(row, 4)?,
        made_by: row.get(5)?,
        created_at: row.get(6)?,
        used_at: row.get(7)?,
        expires_at: row.get(8)?,
    })
}

pub(super) fn revoke(connection: &Connection, id: &str) -> rusqlite::Result<bool> {
    Ok(connection.execute("DELETE FROM tokens WHERE id = ?1", [id])? == 1)
}
