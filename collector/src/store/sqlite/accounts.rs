//! Accounts, their roles, and the links by which passwords are chosen.

use parere_shared::time::Millis;
use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, TransactionBehavior, params};

use super::surveys::unreadable;
use crate::auth::Role;
use crate::store::people::{site_in_row, site_of_row};
use crate::store::{Account, AccountChange, Hash, Membership};

/// Every account with its roles, one a row; `?1` is an address, or null for all.
const ACCOUNTS: &str = "
    SELECT accounts.email, password, is_disabled, created_at_ms, site, role
    FROM accounts LEFT JOIN memberships ON memberships.email = accounts.email
    WHERE ?1 IS NULL OR accounts.email = ?1
    ORDER BY accounts.email, site";

pub(super) fn all(connection: &Connection, email: Option<&str>) -> rusqlite::Result<Vec<Account>> {
    let mut statement = connection.prepare_cached(ACCOUNTS)?;
    let mut rows = statement.query([email])?;
    let mut accounts: Vec<Account> = Vec::new();
    while let Some(row) = rows.next()? {
        let email: String = row.get(0)?;
        if accounts.last().is_none_or(|last| last.email != email) {
            accounts.push(Account {
                email,
                password: row.get(1)?,
                is_disabled: row.get(2)?,
                created_at: row.get(3)?,
                memberships: Vec::new(),
            });
        }
        if let (Some(account), Some(membership)) = (accounts.last_mut(), membership(row)?) {
            account.memberships.push(membership);
        }
    }
    Ok(accounts)
}

fn membership(row: &Row<'_>) -> rusqlite::Result<Option<Membership>> {
    let Some(site) = row.get::<_, Option<String>>(4)? else { return Ok(None) };
    let role = Role::parse(&row.get::<_, String>(5)?).ok_or_else(|| unreadable(5, "no role"))?;
    Ok(Some(Membership { site: site_of_row(site), role }))
}

pub(super) fn add(connection: &mut Connection, account: &Account) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let is_added = insert(&transaction, account)?;
    transaction.commit()?;
    Ok(is_added)
}

pub(super) fn found(connection: &mut Connection, account: &Account) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let is_taken: bool =
        transaction.query_row("SELECT EXISTS (SELECT 1 FROM accounts)", [], |row| row.get(0))?;
    let founded = transaction.execute("INSERT INTO founding (one) VALUES (1) ON CONFLICT DO NOTHING", [])?;
    let is_added = !is_taken && founded == 1 && insert(&transaction, account)?;
    transaction.commit()?;
    Ok(is_added)
}

fn insert(transaction: &Transaction<'_>, account: &Account) -> rusqlite::Result<bool> {
    let added = transaction.execute(
        "INSERT INTO accounts (email, password, is_disabled, created_at_ms) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
        params![account.email, account.password, account.is_disabled, account.created_at],
    )?;
    if added == 1 {
        for Membership { site, role } in &account.memberships {
            give(transaction, &account.email, site.as_deref(), *role)?;
        }
    }
    Ok(added == 1)
}

fn give(transaction: &Transaction<'_>, email: &str, site: Option<&str>, role: Role) -> rusqlite::Result<()> {
    transaction.execute(
        "INSERT INTO memberships (email, site, role) VALUES (?1, ?2, ?3)
         ON CONFLICT (email, site) DO UPDATE SET role = excluded.role",
        params![email, site_in_row(site), role.name()],
    )?;
    Ok(())
}

pub(super) fn set_role(
    connection: &mut Connection,
    email: &str,
    site: Option<&str>,
    role: Option<Role>,
) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let is_there: bool =
        transaction.query_row("SELECT EXISTS (SELECT 1 FROM accounts WHERE email = ?1)", [email], |row| {
            row.get(0)
        })?;
    match role {
        Some(role) if is_there => give(&transaction, email, site, role)?,
        _ => {
            let taken = params![email, site_in_row(site)];
            transaction.execute("DELETE FROM memberships WHERE email = ?1 AND site = ?2", taken)?;
        }
    }
    transaction.commit()?;
    Ok(is_there)
}

pub(super) fn change(
    connection: &mut Connection,
    email: &str,
    change: &AccountChange,
) -> rusqlite::Result<bool> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let changed = match change {
        AccountChange::Password(password) => {
            transaction.execute("UPDATE accounts SET password = ?2 WHERE email = ?1", [email, password])?
        }
        AccountChange::Disable => {
            transaction.execute("UPDATE accounts SET is_disabled = 1 WHERE email = ?1", [email])?
        }
        AccountChange::Enable => {
            transaction.execute("UPDATE accounts SET is_disabled = 0 WHERE email = ?1", [email])?
        }
    };
    if *change != AccountChange::Enable {
        end_all(&transaction, email)?;
    }
    transaction.commit()?;
    Ok(changed == 1)
}

fn end_all(transaction: &Transaction<'_>, email: &str) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM sessions WHERE account = ?1", [email])?;
    transaction.execute("DELETE FROM invitations WHERE email = ?1", [email])?;
    Ok(())
}

pub(super) fn invite(
    connection: &mut Connection,
    invitation: &Hash,
    email: &str,
    expires: Millis,
) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("DELETE FROM invitations WHERE email = ?1", [email])?;
    transaction.execute(
        "INSERT INTO invitations (invitation, email, expires_at_ms) VALUES (?1, ?2, ?3)",
        params![invitation, email, expires],
    )?;
    transaction.commit()
}

pub(super) fn invited(
    connection: &Connection,
    invitation: &Hash,
    now: Millis,
) -> rusqlite::Result<Option<String>> {
    let mut statement = connection.prepare_cached(
        "SELECT email FROM invitations JOIN accounts USING (email)
         WHERE invitation = ?1 AND expires_at_ms > ?2 AND NOT is_disabled",
    )?;
    statement.query_row(params![invitation, now], |row| row.get(0)).optional()
}

pub(super) fn accept(
    connection: &mut Connection,
    invitation: &Hash,
    now: Millis,
    password: &str,
) -> rusqlite::Result<Option<String>> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let Some(email) = invited(&transaction, invitation, now)? else { return Ok(None) };
    transaction.execute("UPDATE accounts SET password = ?2 WHERE email = ?1", [&*email, password])?;
    end_all(&transaction, &email)?;
    transaction.commit()?;
    Ok(Some(email))
}
