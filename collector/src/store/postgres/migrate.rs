//! The schema, step by step; released steps are never edited.
//!
//! Collectors that start together take turns by a lease: a row with a holder and an end. Each step takes the row in
//! its own transaction, so that a holder who was thought dead cannot take a step beside its successor.

use std::time::{Duration, Instant};

use deadpool_postgres::{Object, Transaction};
use tokio_postgres::error::SqlState;

use super::failure::{Failure, Remedy};
use super::target::Target;
use crate::random;

/// A step, and what becomes of it where tables are spread over machines.
struct Step {
    schema: &'static str,
    citus: Citus,
}

/// What Citus makes of a step.
enum Citus {
    /// Something follows it.
    Then(&'static str),
    /// It is left out.
    Without,
    /// The same as elsewhere: its tables are small, and each machine can hold them.
    Nothing,
}

/// Every step, oldest first.
///
/// Citus hands no setting that `set_config` makes to the machines that hold the rows, so the policies of the second
/// step would hide every row there: its first lock, statements that name the site, is the only one.
const STEPS: [Step; 17] = [
    Step {
        schema: include_str!("../../../migrations/postgres/0001_init.sql"),
        citus: Citus::Then(include_str!("../../../migrations/postgres/0001_init.citus.sql")),
    },
    Step {
        schema: include_str!("../../../migrations/postgres/0002_row_security.sql"),
        citus: Citus::Without,
    },
    Step { schema: include_str!("../../../migrations/postgres/0003_people.sql"), citus: Citus::Nothing },
    Step {
        schema: include_str!("../../../migrations/postgres/0004_inclusion.sql"),
        citus: Citus::Then(include_str!("../../../migrations/postgres/0004_inclusion.citus.sql")),
    },
    Step {
        schema: include_str!("../../../migrations/postgres/0005_events.sql"),
        citus: Citus::Then(include_str!("../../../migrations/postgres/0005_events.citus.sql")),
    },
    Step {
        schema: include_str!("../../../migrations/postgres/0006_survey_versions.sql"),
        citus: Citus::Then(include_str!("../../../migrations/postgres/0006_survey_versions.citus.sql")),
    },
    Step { schema: include_str!("../../../migrations/postgres/0007_commented.sql"), citus: Citus::Nothing },
    Step {
        schema: include_str!("../../../migrations/postgres/0008_rights.sql"),
        citus: Citus::Then(include_str!("../../../migrations/postgres/0008_rights.citus.sql")),
    },
    Step {
        schema: include_str!("../../../migrations/postgres/0009_webhooks.sql"),
        citus: Citus::Then(include_str!("../../../migrations/postgres/0009_webhooks.citus.sql")),
    },
    Step {
        schema: include_str!("../../../migrations/postgres/0010_sources.sql"),
        citus: Citus::Then(include_str!("../../../migrations/postgres/0010_sources.citus.sql")),
    },
    Step {
        schema: include_str!("../../../migrations/postgres/0011_orders.sql"),
        citus: Citus::Then(include_str!("../../../migrations/postgres/0011_orders.citus.sql")),
    },
    Step {
        schema: include_str!("../../../migrations/postgres/0012_tickets.sql"),
        citus: Citus::Then(include_str!("../../../migrations/postgres/0012_tickets.citus.sql")),
    },
    Step {
        schema: include_str!("../../../migrations/postgres/0013_invitations.sql"),
        citus: Citus::Then(include_str!("../../../migrations/postgres/0013_invitations.citus.sql")),
    },
    Step {
        schema: include_str!("../../../migrations/postgres/0014_rules.sql"),
        citus: Citus::Then(include_str!("../../../migrations/postgres/0014_rules.citus.sql")),
    },
    Step {
        schema: include_str!("../../../migrations/postgres/0015_cases.sql"),
        citus: Citus::Then(include_str!("../../../migrations/postgres/0015_cases.citus.sql")),
    },
    Step { schema: include_str!("../../../migrations/postgres/0016_crm.sql"), citus: Citus::Nothing },
    Step {
        schema: include_str!("../../../migrations/postgres/0017_segments.sql"),
        citus: Citus::Then(include_str!("../../../migrations/postgres/0017_segments.citus.sql")),
    },
];

/// Who may do what only one may do, and which steps were taken. Small, and the first to exist.
const GROUND: &str = "
    CREATE TABLE IF NOT EXISTS leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, ends_at TIMESTAMPTZ NOT NULL);
    CREATE TABLE IF NOT EXISTS schema_steps (step INTEGER PRIMARY KEY, taken_at TIMESTAMPTZ NOT NULL)";

const TAKEN: &str = "SELECT coalesce(max(step), 0) FROM schema_steps";

/// The lease is free, over, or ours already. The server's clock is the only one that counts.
const LEASE: &str = "
    INSERT INTO leases (name, holder, ends_at) VALUES ('schema', $1, now() + interval '60 seconds')
    ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, ends_at = excluded.ends_at
    WHERE leases.ends_at < now() OR leases.holder = excluded.holder";

const GIVE_BACK: &str = "DELETE FROM leases WHERE name = 'schema' AND holder = $1";

const TAKE: &str = "INSERT INTO schema_steps (step, taken_at) VALUES ($1, now())";

const HAS_CITUS: &str = "SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')";

/// How long a collector waits for another one that is changing the schema.
const TURN_WAIT_MAX: Duration = Duration::from_mins(2);

/// How often it looks whether it is its turn.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Why the schema could not be brought up to date.
#[derive(Debug)]
pub(super) enum NotMigrated {
    /// A newer program was here.
    Newer(i32),
    /// Another collector has been at it for too long.
    Busy,
    /// The database did not do it.
    Failed(Failure),
}

impl<F: Into<Failure>> From<F> for NotMigrated {
    fn from(failure: F) -> Self {
        Self::Failed(failure.into())
    }
}

impl NotMigrated {
    /// A sentence that says what to do.
    pub(super) fn into_sentence(self, target: &Target) -> anyhow::Error {
        match self {
            Self::Newer(step) => anyhow::anyhow!(
                "the database was written by a newer parere (schema {step}); start that version, or restore a backup"
            ),
            Self::Busy => anyhow::anyhow!(
                "another parere has been changing the schema of this database for two minutes; \
                 when it is done, start this one again"
            ),
            Self::Failed(failure) if failure.code() == Some(&SqlState::INSUFFICIENT_PRIVILEGE) => {
                anyhow::anyhow!(
                    "{} may not create its tables in the database ({failure}); \
                 let an administrator say: GRANT CREATE ON SCHEMA public TO that user",
                    target.user()
                )
            }
            Self::Failed(failure) => {
                anyhow::anyhow!("could not bring the schema of the database up to date: {failure}")
            }
        }
    }
}

/// Brings the schema up to date; each step is one transaction.
pub(super) async fn up(client: &mut Object) -> Result<(), NotMigrated> {
    let taken = taken(client).await?;
    let steps = i32::try_from(STEPS.len()).unwrap_or(i32::MAX);
    if taken > steps {
        return Err(NotMigrated::Newer(taken));
    }
    if taken == steps {
        return Ok(());
    }
    let holder = random::token::<8>().map_err(|error| Failure::Unreadable(error.to_string()))?;
    wait_for_turn(client, &holder).await?;
    let result = take_steps(client, &holder).await;
    client.execute(GIVE_BACK, &[&holder]).await?;
    result
}

/// How many steps have been taken; lays the ground first where nobody was before.
async fn taken(client: &Object) -> Result<i32, NotMigrated> {
    let asked = match client.query_one(TAKEN, &[]).await {
        Err(error) if error.code() == Some(&SqlState::UNDEFINED_TABLE) => {
            lay_ground(client).await?;
            client.query_one(TAKEN, &[]).await
        }
        asked => asked,
    };
    Ok(asked?.try_get(0)?)
}

/// Two that create the same table at the same time stumble over each other even with IF NOT EXISTS.
async fn lay_ground(client: &Object) -> Result<(), Failure> {
    let began = Instant::now();
    loop {
        let Err(error) = client.batch_execute(GROUND).await else { return Ok(()) };
        let stumbled = [
            SqlState::UNIQUE_VIOLATION,
            SqlState::DUPLICATE_TABLE,
            SqlState::DUPLICATE_OBJECT,
            SqlState::INTERNAL_ERROR,
        ];
        let is_race = error.code().is_some_and(|code| stumbled.contains(code));
        if !is_race || began.elapsed() > TURN_WAIT_MAX {
            return Err(error.into());
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn wait_for_turn(client: &Object, holder: &str) -> Result<(), NotMigrated> {
    let began = Instant::now();
    loop {
        match client.execute(LEASE, &[&holder]).await.map_err(Failure::from) {
            Ok(1) => return Ok(()),
            Ok(_) => {}
            Err(failure) if failure.remedy() == Remedy::Again => {}
            Err(failure) => return Err(failure.into()),
        }
        if began.elapsed() > TURN_WAIT_MAX {
            return Err(NotMigrated::Busy);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

async fn take_steps(client: &mut Object, holder: &str) -> Result<(), NotMigrated> {
    let is_spread: bool = client.query_one(HAS_CITUS, &[]).await?.try_get(0)?;
    // Somebody else may have taken some while we waited.
    let taken = taken(client).await?;
    for (number, step) in (1..).zip(&STEPS).filter(|(number, _)| *number > taken) {
        let transaction = client.transaction().await?;
        if transaction.execute(LEASE, &[&holder]).await? == 0 {
            return Err(NotMigrated::Busy);
        }
        take_step(&transaction, number, step, is_spread).await?;
        transaction.commit().await?;
    }
    Ok(())
}

async fn take_step(
    transaction: &Transaction<'_>,
    number: i32,
    step: &Step,
    is_spread: bool,
) -> Result<(), Failure> {
    // A step may rebuild an index over everything there is.
    transaction.batch_execute("SET LOCAL statement_timeout = 0").await?;
    match step.citus {
        Citus::Without if is_spread => {}
        Citus::Then(more) if is_spread => {
            transaction.batch_execute(step.schema).await?;
            transaction.batch_execute(more).await?;
        }
        _ => transaction.batch_execute(step.schema).await?,
    }
    transaction.execute(TAKE, &[&number]).await?;
    Ok(())
}
