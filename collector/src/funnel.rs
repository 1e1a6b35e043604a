//! The funnel of a survey: what became of its questions on pages, beside the answers that they brought.
//!
//! Answers on the hosted page are left out: who opens a link has not been counted before.

use parere_shared::event::EventKind;
use parere_shared::response::Channel;
use parere_shared::score::{Funnel, Steps, funnel};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::auth::SiteScope;
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::period::Period;
use crate::store::{Count, Dimension, EventCount, Result, Span};

/// How a question comes that stands in, or over, a page.
const ON_PAGES: [Channel; 4] = [Channel::Inline, Channel::Popover, Channel::Bar, Channel::Tab];

/// Everything that is published about a survey's questions in a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct FunnelBoard {
    /// Slug of the survey.
    pub survey: String,
    /// The numbers.
    #[serde(flatten)]
    pub funnel: Funnel,
}

/// Reads the funnel of a survey on the local days that `period` touches, with what waits in this collector's memory.
///
/// Costs days, not answers.
pub async fn read(
    app: &App,
    scope: &SiteScope,
    site: &SiteEntry,
    survey: &SurveyEntry,
    period: Period,
) -> Result<FunnelBoard> {
    app.ledger.write(&*app.store).await?;
    let (slug, days) = (&survey.survey.slug, period.local_days(&site.zone));
    let events = app.store.events(scope, slug, days.clone(), Dimension::All).await?;
    let span = Span::Days(days.start, days.end);
    let answered = app.store.counts(scope, slug, span, Dimension::Channel).await?;
    let commented = app.store.counts(scope, slug, span, Dimension::Commented).await?;
    Ok(FunnelBoard { survey: slug.clone(), funnel: funnel(steps(&events, &answered, &commented)) })
}

fn steps(events: &[EventCount], answered: &[Count], commented: &[Count]) -> Steps {
    let events_of =
        |kind: EventKind| events.iter().filter(|event| event.kind == kind).map(|event| event.n).sum();
    let on_pages = |counts: &[Count]| {
        let is_on_page = |count: &&Count| ON_PAGES.iter().any(|channel| channel.as_str() == count.key);
        counts.iter().filter(is_on_page).map(|count| count.n).sum()
    };
    Steps {
        eligible: events_of(EventKind::Eligible),
        shown: events_of(EventKind::Shown),
        started: events_of(EventKind::Started),
        answered: on_pages(answered),
        commented: on_pages(commented),
        dismissed: events_of(EventKind::Dismissed),
        clicked: events_of(EventKind::Clicked),
    }
}
