//! From the store to a board.

use std::sync::Arc;

use anyhow::Context as _;
use parere_shared::survey::SurveyState;
use parere_shared::time::Millis;

use super::board::{Clock, Heap, SpeedBoard, TIED_MS_MAX};
use super::desk;
use crate::auth::SiteScope;
use crate::catalogue::{SiteEntry, SurveyEntry, zone};
use crate::error::ApiError;
use crate::period::Period;
use crate::scoreboard::By;
use crate::store::{Rated, Store};

/// Most tickets of which a board is made, the latest of the period: a second's work.
pub const TICKETS_MAX: usize = 20_000;

/// Most answers of a survey, up to a month after the period, among which those to tickets are looked for, the latest.
const ANSWERS_MAX: usize = 20_000;

/// Reads tickets that began in `period`, and the answers to every survey since.
pub async fn board(
    store: &dyn Store,
    scope: &SiteScope,
    site: &Arc<SiteEntry>,
    period: Period,
    (clock, by): (Clock, By),
    now: Millis,
) -> Result<SpeedBoard, ApiError> {
    let tickets = store.tickets();
    let (from, to) = (period.from.unwrap_or(Millis::MIN), period.to.unwrap_or(Millis::MAX));
    let until = to.saturating_add(TIED_MS_MAX);
    let begun = tickets.tickets_begun(scope, from, to, TICKETS_MAX).await?;
    let desk = match clock {
        Clock::Calendar => None,
        Clock::Business => Some(desk::read(store, scope).await?),
    };
    let mut rated: Vec<Vec<Rated>> = Vec::new();
    for entry in asked(site) {
        rated.push(tickets.rated(scope, &entry.survey.slug, from, until, ANSWERS_MAX).await?);
    }
    let site = Arc::clone(site);
    // A second's work in one piece is nothing for the threads that take answers.
    let made = tokio::task::spawn_blocking(move || {
        let own = desk.as_ref().and_then(|desk| desk.zone.as_deref()).map(zone);
        let hours = desk.as_ref().map(|desk| (&desk.schedule, own.as_ref().unwrap_or(&site.zone)));
        let rated: Vec<_> = asked(&site).zip(rated).collect();
        SpeedBoard::of(&Heap { tickets: &begun, rated: &rated, hours, zone: &site.zone, now, by })
    });
    let mut board = made.await.context("the board of a site's tickets broke off")?;
    // A survey that nobody answered about a ticket says nothing here.
    board.score_by_speed.retain(|scores| scores.n > 0);
    Ok(board)
}

/// Surveys whose answers are looked at.
fn asked(site: &SiteEntry) -> impl Iterator<Item = &SurveyEntry> {
    site.surveys.iter().filter(|entry| entry.survey.state != SurveyState::Archived)
}
