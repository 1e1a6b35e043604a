//! Accounts, their roles, and the links by which passwords are chosen.

use parere_shared::time::Millis;
use tokio_postgres::Row;

use super::failure::Failure;
use super::reach::{Reader, Transaction};
use super::retry::Attempt;
use crate::auth::Role;
use crate::store::people::{site_in_row, site_of_row};
use crate::store::{Account, AccountChange, Hash, Membership};

const ALL: &str = "
    SELECT accounts.email, password, is_disabled, created_at_ms, site, role
    FROM accounts LEFT JOIN memberships ON memberships.email = accounts.email";

const ONE: &str = "
    SELECT accounts.email, password, is_disabled, created_at_ms, site, role
    FROM accounts LEFT JOIN memberships ON memberships.email = accounts.email
    WHERE accounts.email = $1";

const ADD: &str = "
    INSERT INTO accounts (email, password, is_disabled, created_at_ms) VALUES ($1, $2, $3, $4)
    ON CONFLICT DO NOTHING";

/// The hash of a password has a salt: nobody else makes the same.
const IS_OURS: &str = "
    SELECT EXISTS (
      SELECT 1 FROM accounts WHERE email = $1 AND password IS NOT DISTINCT FROM $2 AND created_at_ms = $3)";

const IS_THERE: &str = "SELECT EXISTS (SELECT 1 FROM accounts WHERE email = $1)";

const IS_ANY_THERE: &str = "SELECT EXISTS (SELECT 1 FROM accounts)";

const FOUND: &str = "INSERT INTO founding (one) VALUES (true) ON CONFLICT DO NOTHING";

const GIVE: &str = "
    INSERT INTO memberships (email, site, role) VALUES ($1, $2, $3)
    ON CONFLICT (email, site) DO UPDATE SET role = excluded.role";

const TAKE: &str = "DELETE FROM memberships WHERE email = $1 AND site = $2";

const SET_PASSWORD: &str = "UPDATE accounts SET password = $2 WHERE email = $1";

const SET_DISABLED: &str = "UPDATE accounts SET is_disabled = $2 WHERE email = $1";

const END_SESSIONS: &str = "DELETE FROM sessions WHERE account = $1";

const END_INVITATIONS: &str = "DELETE FROM invitations WHERE email = $1";

const INVITE: &str = "
    INSERT INTO invitations (invitation, email, expires_at_ms) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

const INVITED: &str = "
    SELECT accounts.email FROM invitations JOIN accounts ON accounts.email = invitations.email
    WHERE invitation = $1 AND expires_at_ms > $2 AND NOT is_disabled";

const ACCEPTED_BEFORE: &str = "SELECT email FROM accounts WHERE password = $1";

pub(super) async fn all(reader: Reader<'_>) -> Result<Vec<Account>, Failure> {
    gathered(&reader.query(ALL, &[]).await?)
}

pub(super) async fn one(reader: Reader<'_>, email: &str) -> Result<Option<Account>, Failure> {
    Ok(gathered(&reader.query(ONE, &[&email]).await?)?.into_iter().next())
}

/// Accounts by address, with their roles by site, from one row for each role.
fn gathered(rows: &[Row]) -> Result<Vec<Account>, Failure> {
    let mut of_rows = rows
        .iter()
        .map(|row| Ok((row.try_get::<_, String>(0)?, row.try_get::<_, Option<String>>(4)?, row)))
        .collect::<Result<Vec<_>, Failure>>()?;
    // Databases sort text each in their own way.
    of_rows.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    let mut accounts: Vec<Account> = Vec::new();
    for (email, site, row) in of_rows {
        if accounts.last().is_none_or(|last| last.email != email) {
            accounts.push(Account {
                email,
                password: row.try_get(1)?,
                is_disabled: row.try_get(2)?,
                created_at: row.try_get(3)?,
                memberships: Vec::new(),
            });
        }
        if let (Some(account), Some(site)) = (accounts.last_mut(), site) {
            let role = Role::parse(row.try_get(5)?).ok_or_else(|| Failure::Unreadable("no role".into()))?;
            account.memberships.push(Membership { site: site_of_row(site), role });
        }
    }
    Ok(accounts)
}

pub(super) async fn add(
    transaction: &Transaction<'_>,
    account: &Account,
    attempt: Attempt,
) -> Result<bool, Failure> {
    let Account { email, password, is_disabled, created_at, memberships } = account;
    if transaction.execute(ADD, &[email, password, is_disabled, created_at]).await? == 0 {
        return Ok(attempt == Attempt::Again && is_ours(transaction, account).await?);
    }
    for Membership { site, role } in memberships {
        transaction.execute(GIVE, &[email, &site_in_row(site.as_deref()), &role.name()]).await?;
    }
    Ok(true)
}

async fn is_ours(transaction: &Transaction<'_>, account: &Account) -> Result<bool, Failure> {
    let values: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
        [&account.email, &account.password, &account.created_at];
    Ok(transaction.query_one(IS_OURS, &values).await?.try_get(0)?)
}

pub(super) async fn found(
    transaction: &Transaction<'_>,
    account: &Account,
    attempt: Attempt,
) -> Result<bool, Failure> {
    // Whoever comes second waits here for the first one's commit.
    let is_first = transaction.execute(FOUND, &[]).await? == 1;
    if !is_first || transaction.query_one(IS_ANY_THERE, &[]).await?.try_get(0)? {
        return Ok(attempt == Attempt::Again && is_ours(transaction, account).await?);
    }
    add(transaction, account, attempt).await
}

pub(super) async fn set_role(
    transaction: &Transaction<'_>,
    email: &str,
    site: Option<&str>,
    role: Option<Role>,
) -> Result<bool, Failure> {
    let is_there: bool = transaction.query_one(IS_THERE, &[&email]).await?.try_get(0)?;
    let site = site_in_row(site);
    match role {
        Some(role) if is_there => transaction.execute(GIVE, &[&email, &site, &role.name()]).await?,
        _ => transaction.execute(TAKE, &[&email, &site]).await?,
    };
    Ok(is_there)
}

pub(super) async fn change(
    transaction: &Transaction<'_>,
    email: &str,
    change: &AccountChange,
) -> Result<bool, Failure> {
    let changed = match change {
        AccountChange::Password(password) => transaction.execute(SET_PASSWORD, &[&email, password]).await?,
        AccountChange::Disable => transaction.execute(SET_DISABLED, &[&email, &true]).await?,
        AccountChange::Enable => transaction.execute(SET_DISABLED, &[&email, &false]).await?,
    };
    if *change != AccountChange::Enable {
        end_all(transaction, email).await?;
    }
    Ok(changed == 1)
}

async fn end_all(transaction: &Transaction<'_>, email: &str) -> Result<(), Failure> {
    transaction.execute(END_SESSIONS, &[&email]).await?;
    transaction.execute(END_INVITATIONS, &[&email]).await?;
    Ok(())
}

pub(super) async fn invite(
    transaction: &Transaction<'_>,
    invitation: &Hash,
    email: &str,
    expires: Millis,
) -> Result<(), Failure> {
    transaction.execute(END_INVITATIONS, &[&email]).await?;
    transaction.execute(INVITE, &[&invitation.as_slice(), &email, &expires]).await?;
    Ok(())
}

pub(super) async fn invited(
    reader: Reader<'_>,
    invitation: &Hash,
    now: Millis,
) -> Result<Option<String>, Failure> {
    let row = reader.query(INVITED, &[&invitation.as_slice(), &now]).await?.pop();
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

pub(super) async fn accept(
    transaction: &Transaction<'_>,
    invitation: &Hash,
    now: Millis,
    password: &str,
    attempt: Attempt,
) -> Result<Option<String>, Failure> {
    let row = transaction.query_opt(INVITED, &[&invitation.as_slice(), &now]).await?;
    let Some(row) = row else {
        let row = transaction.query_opt(ACCEPTED_BEFORE, &[&password]).await?;
        let ours = row.filter(|_| attempt == Attempt::Again);
        return Ok(ours.map(|row| row.try_get(0)).transpose()?);
    };
    let email: String = row.try_get(0)?;
    transaction.execute(SET_PASSWORD, &[&email, &password]).await?;
    end_all(transaction, &email).await?;
    Ok(Some(email))
}
