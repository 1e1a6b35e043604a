//! The funnel of a survey: what became of its questions on pages, beside the answers that they brought.
//!
//! Answers on the hosted page are left out: who opens a link has not been counted before. Who follows the link under the
//! thanks there is told apart.

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

/// How a question comes on the hosted page, where it may have a link under its thanks.
const HOSTED: [Channel; 3] = [Channel::Link, Channel::Email, Channel::Qr];

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
    /// Answers on the hosted page, not in a frame, after which the link under the thanks was followed.
    pub clicked_hosted: u64,
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
    let events = app.store.events(scope, slug, days.clone(), Dimension::Channel).await?;
    let span = Span::Days(days.start, days.end);
    let answered = app.store.counts(scope, slug, span, Dimension::Channel).await?;
    let commented = app.store.counts(scope, slug, span, Dimension::Commented).await?;
    let (hosted, on_pages): (Vec<_>, Vec<_>) = events.into_iter().partition(is_hosted_click);
    Ok(FunnelBoard {
        survey: slug.clone(),
        funnel: funnel(steps(&on_pages, &answered, &commented)),
        clicked_hosted: hosted.iter().map(|event| event.n).sum(),
    })
}

fn is_hosted_click(event: &EventCount) -> bool {
    event.kind == EventKind::Clicked && HOSTED.iter().any(|channel| channel.as_str() == event.key)
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
