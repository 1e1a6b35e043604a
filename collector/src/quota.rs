//! How many answers a survey has, beside how many are wanted.

use std::time::Duration;

use parere_shared::survey::{Survey, SurveyState};

use crate::auth::SiteScope;
use crate::store::{Dimension, Result, Span, Store};

/// How often quotas are looked at.
pub const LOOK: Duration = Duration::from_secs(2);

/// Has a live survey as many answers as are wanted, in all or on the local day `today`?
///
/// Test answers and flagged ones do not count, as they do not in scores. Costs days, not answers.
pub async fn is_met(store: &dyn Store, site: &str, survey: &Survey, today: i32) -> Result<bool> {
    let quota = survey.targeting.quota;
    if quota.is_open() || survey.state != SurveyState::Live {
        return Ok(false);
    }
    let (scope, always) = (SiteScope::at_the_machine(site), Span::Days(i32::MIN, i32::MAX));
    let counts = store.counts(&scope, &survey.slug, always, Dimension::Day).await?;
    let today = today.to_string();
    let total = counts.iter().map(|count| count.n).sum();
    let of_today = counts.iter().filter(|count| count.key == today).map(|count| count.n).sum();
    Ok(quota.is_met(total, of_today))
}
