//! Scores of a survey.

use axum::Json;
use axum::extract::State;
use parere_shared::score::{usual_margin, widest_margin};
use parere_shared::time::Millis;
use parere_shared::violation::{Rule, Violation};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::query::{Asked, refuse_any};
use crate::app::App;
use crate::auth::{May, READ};
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::error::ApiError;
use crate::openapi::{InSite, InvalidQuery, NoSuchSite, Refused, ScoresQuery};
use crate::period::Period;
use crate::scoreboard::{self, By, Scoreboard};

/// Fewest and most groups that are set beside each other: eight make 28 pairs, more than anybody reads.
const SEGMENTS: std::ops::RangeInclusive<usize> = 2..=8;

/// Narrowest margin that can be asked for, as a share of the widest one: a score has two decimals.
const MARGIN_SHARE_MIN: f64 = 0.001;

/// `GET /sites/{site}/scores`.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(scores))
}

/// What the answers in a period say; `by` tells them apart, `compare` and `segments` set them beside others.
#[utoipa::path(get, path = "/sites/{site}/scores", operation_id = "read_scores", params(InSite, ScoresQuery),
    responses((status = 200, body = Scoreboard), NoSuchSite, InvalidQuery, Refused))]
async fn scores(
    State(app): State<App>,
    caller: May<READ>,
    asked: Asked,
) -> Result<Json<Scoreboard>, ApiError> {
    let May { scope, site, .. } = caller;
    let mut found = Vec::new();
    let period = asked.period(&site, &mut found);
    let by = asked.get("by").map(By::parse);
    if by == Some(None) {
        found.push(Violation::new("by", BY));
    }
    let by = by.flatten();
    let earlier = earlier(&asked, &site, period, app.clock.now(), &mut found);
    let keys = segments(&asked, by, &mut found);
    let Some(entry) = asked.survey(&site)? else {
        found.push(Violation::new("survey", Rule::Missing));
        return Err(ApiError::Invalid(found));
    };
    let margin = margin(&asked, entry, &mut found);
    refuse_any(found)?;
    let mut board = scoreboard::read(&*app.store, &scope, &site, entry, period, by).await?;
    board.need(margin);
    if let Some(earlier) = earlier {
        let periods = [earlier, period];
        board.comparison = Some(scoreboard::compare(&*app.store, &scope, &site, entry, periods).await?);
    }
    if let Some((by, keys)) = by.zip(keys) {
        let asked = (by, &*keys);
        board.segments = Some(scoreboard::segments(&*app.store, &scope, &site, entry, period, asked).await?);
    }
    Ok(Json(board))
}

const BY: Rule = Rule::Format(By::NAMES);

/// The earlier period, if a comparison is asked for: the one before, or one that is named.
fn earlier(
    asked: &Asked,
    site: &SiteEntry,
    period: Period,
    now: Millis,
    found: &mut Vec<Violation>,
) -> Option<Period> {
    let ends = ["compare_from", "compare_to"].map(|name| (name, asked.get(name)));
    let is_named = ends.iter().any(|(_, end)| end.is_some());
    match asked.get("compare") {
        None if is_named => {
            let named = Period::parse_named(ends, &site.zone).map_err(|broken| found.extend(broken)).ok()?;
            // Until the later one begins, where no end is named.
            let earlier = Period { to: named.to.or(period.from), ..named };
            let is_earlier = earlier.to.is_some_and(|to| period.from.is_some_and(|from| to <= from));
            if !is_earlier {
                let rule = Rule::Contradiction("must not lie after from, which has to be there");
                found.push(Violation::new("compare_to", rule));
            } else if earlier.from >= earlier.to {
                found.push(Violation::new("compare_from", Rule::Contradiction("must lie before compare_to")));
            }
            Some(earlier)
        }
        None => None,
        Some("previous") if is_named => {
            let rule = Rule::Contradiction("previous needs no compare_from or compare_to");
            found.push(Violation::new("compare", rule));
            None
        }
        Some("previous") if period.from.is_none() => {
            found.push(Violation::new("from", Rule::Missing));
            None
        }
        Some("previous") => {
            let earlier = period.previous(now, &site.zone);
            if earlier.is_none() {
                found.push(Violation::new("from", Rule::Contradiction("must lie before now")));
            }
            earlier
        }
        Some(_) => {
            found.push(Violation::new("compare", Rule::Format("previous")));
            None
        }
    }
}

/// The keys of `by` that are set beside each other, if any are.
fn segments(asked: &Asked, by: Option<By>, found: &mut Vec<Violation>) -> Option<Vec<String>> {
    let text = asked.get("segments")?;
    let mut keys: Vec<String> = Vec::new();
    for key in text.split(',').map(str::trim).filter(|key| !key.is_empty()) {
        if !keys.iter().any(|known| known == key) {
            keys.push(key.into());
        }
    }
    if !SEGMENTS.contains(&keys.len()) {
        found
            .push(Violation::new("segments", Rule::Format("2 to 8 different keys with commas between them")));
    }
    if by.is_none_or(By::is_of_time) {
        let rule = Rule::Contradiction("must be there, and no day, week or month, where segments are named");
        found.push(Violation::new("by", rule));
    }
    Some(keys)
}

/// The margin that is wished for, in the score's unit.
fn margin(asked: &Asked, entry: &SurveyEntry, found: &mut Vec<Violation>) -> f64 {
    let (metric, scale) = (entry.survey.metric, &entry.survey.scale);
    let Some(text) = asked.get("margin") else { return usual_margin(metric, scale) };
    let widest = widest_margin(metric, scale);
    let margin = text.parse().ok().filter(|margin| (widest * MARGIN_SHARE_MIN..=widest).contains(margin));
    margin.unwrap_or_else(|| {
        let rule = Rule::Format("a number in the score's unit, up to half of the score's range");
        found.push(Violation::new("margin", rule));
        widest
    })
}
