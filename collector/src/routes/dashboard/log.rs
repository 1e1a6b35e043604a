//! What was done, by whom and when, for people.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::words::Moment;
use super::{Frame, render};
use crate::app::App;
use crate::auth::{ADMIN, Anywhere};
use crate::error::ApiError;
use crate::routes::audit::{before, read};
use crate::routes::query::{Asked, refuse_any};

/// Entries on a page: two screens.
const SHOWN: usize = 50;

#[derive(Template)]
#[template(path = "dashboard/log.html")]
struct Log {
    frame: Frame,
    entries: Vec<Line>,
    is_first: bool,
    next: Option<String>,
}

struct Line {
    at: Moment,
    actor: String,
    action: &'static str,
    /// Site and target, where there are any.
    object: String,
}

/// Newest first, a page at a time.
pub(super) async fn page(
    State(app): State<App>,
    Anywhere(caller): Anywhere<ADMIN>,
    asked: Asked,
) -> Result<Response, ApiError> {
    let mut found = Vec::new();
    let before = before(&asked, &mut found);
    refuse_any(found)?;
    let (entries, next) = read(&app, &caller, before, SHOWN).await?;
    let line = |entry: crate::store::Entry| {
        let named = [entry.site.unwrap_or_default(), entry.target];
        Line {
            at: Moment::new(entry.key.at),
            actor: entry.actor,
            action: entry.action.name(),
            object: named.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" · "),
        }
    };
    render(&Log {
        frame: Frame::of(&app, &caller),
        entries: entries.into_iter().map(line).collect(),
        is_first: before.is_none(),
        next,
    })
}
