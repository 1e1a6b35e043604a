//! What was done, by whom and when: newest first, a page at a time.

use axum::Json;
use axum::extract::State;
use parere_shared::time;
use parere_shared::violation::{Rule, Violation};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::query::{Asked, refuse_any};
use super::stored::limit;
use crate::app::App;
use crate::auth::{ADMIN, Anywhere, Caller};
use crate::error::ApiError;
use crate::openapi::{AuditQuery, InvalidQuery, Refused};
use crate::store::{Entry, EntryKey};

/// `GET /audit`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(page))
}

/// Something that was done.
#[derive(Debug, Serialize, ToSchema)]
struct EntryOut {
    at: String,
    /// `account`, `token`, `administrator`, `machine` or `source`.
    kind: &'static str,
    /// E-mail address, or name and id of a token.
    actor: String,
    /// As `survey.replace`.
    action: &'static str,
    #[schema(required)]
    site: Option<String>,
    target: String,
}

/// A page of the log.
#[derive(Debug, Serialize, ToSchema)]
struct Audit {
    entries: Vec<EntryOut>,
    /// Cursor of the next page; null on the last.
    #[schema(required)]
    next: Option<String>,
}

impl From<Entry> for EntryOut {
    fn from(entry: Entry) -> Self {
        Self {
            at: time::format(entry.key.at),
            kind: entry.kind.name(),
            actor: entry.actor,
            action: entry.action.name(),
            site: entry.site,
            target: entry.target,
        }
    }
}

/// What was done at the sites that the caller administers; to the collector itself, for who administers all of them.
#[utoipa::path(get, path = "/audit", operation_id = "read_audit", params(AuditQuery),
    responses((status = 200, body = Audit), InvalidQuery, Refused))]
async fn page(
    State(app): State<App>,
    Anywhere(caller): Anywhere<ADMIN>,
    asked: Asked,
) -> Result<Json<Audit>, ApiError> {
    let mut found = Vec::new();
    let limit = limit(&asked, &mut found);
    let before = before(&asked, &mut found);
    refuse_any(found)?;
    let (entries, next) = read(&app, &caller, before, limit).await?;
    Ok(Json(Audit { entries: entries.into_iter().map(EntryOut::from).collect(), next }))
}

/// Where the page before this one ended.
pub(super) fn before(asked: &Asked, found: &mut Vec<Violation>) -> Option<EntryKey> {
    let cursor = asked.get("cursor").map(open);
    if cursor == Some(None) {
        found.push(Violation::new("cursor", Rule::Format("the next of an earlier page")));
    }
    cursor.flatten()
}

/// A page of what the caller may see, and the cursor of the next one.
pub(super) async fn read(
    app: &App,
    caller: &Caller,
    before: Option<EntryKey>,
    limit: usize,
) -> Result<(Vec<Entry>, Option<String>), ApiError> {
    // One more than asked for tells whether anything follows.
    let mut entries = app.store.access().audit(&caller.reach(ADMIN), before, limit + 1).await?;
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    let next = entries.last().filter(|_| has_more).map(|entry| seal(entry.key));
    Ok((entries, next))
}

/// A cursor says nothing that its holder has not seen: it needs no seal against others' pages.
fn seal(key: EntryKey) -> String {
    format!("{}-{}", key.at, key.number)
}

fn open(text: &str) -> Option<EntryKey> {
    let (at, number) = text.split_once('-')?;
    let digits =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
    Some(EntryKey { at: digits(at)?, number: digits(number)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_lead_back_and_nonsense_leads_nowhere() {
        for key in [EntryKey { at: 0, number: 0 }, EntryKey { at: 1_795_255_200_000, number: i64::MAX }] {
            assert_eq!(open(&seal(key)), Some(key));
        }
        for text in ["", "-", "1", "1-", "-1", "1--1", "+1-1", "x-1", "1-99999999999999999999"] {
            assert_eq!(open(text), None, "{text}");
        }
    }
}
