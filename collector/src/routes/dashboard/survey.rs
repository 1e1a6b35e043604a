//! One survey: its score, how the answers are spread, and what people wrote.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::tz::TimeZone;
use parere_shared::score::{Band, State as ScoreState, Summary};
use parere_shared::survey::{Metric, Polarity, Scale};
use parere_shared::time::{self, Millis};

use super::figure::{Figure, answers, grouped, metric_name, share};
use super::overview::state;
use super::{Frame, render};
use crate::app::App;
use crate::auth::SiteAdmin;
use crate::catalogue::SiteEntry;
use crate::error::ApiError;
use crate::period::Period;
use crate::routes::query::NO_SUCH_SURVEY;
use crate::scoreboard::{self, Excluded};
use crate::store::{Filter, Order, Row};
use crate::welcome;

/// Comments on the page: what is read at one sitting; the rest is in the export.
const COMMENTS_SHOWN: usize = 20;

#[derive(Template)]
#[template(path = "dashboard/survey.html")]
struct Page {
    frame: Frame,
    site: String,
    site_name: String,
    slug: String,
    metric: &'static str,
    question: String,
    state: &'static str,
    lower_is_better: bool,
    is_empty: bool,
    figure: Figure,
    /// Further figures: name and value.
    also: Vec<(&'static str, String)>,
    left_out: Vec<String>,
    bands: Vec<BandRows>,
    comments: Vec<Comment>,
    tag: String,
}

/// One band of the scale, best first.
struct BandRows {
    name: &'static str,
    /// How its bars are filled: told apart without colour.
    fill: &'static str,
    n: String,
    share: String,
    points: Vec<PointRow>,
}

struct PointRow {
    score: i32,
    n: String,
    share: String,
    /// Length of the bar in percent of the longest.
    length: u64,
}

struct Comment {
    score: i32,
    band: String,
    text: String,
    locale: String,
    is_test: bool,
    moment: String,
    date: String,
}

/// A survey's page.
pub(super) async fn page(
    State(app): State<App>,
    SiteAdmin { scope, site }: SiteAdmin,
    Path((_, slug)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    let entry = site.survey(&slug).ok_or(NO_SUCH_SURVEY)?;
    let survey = &entry.survey;
    let board = scoreboard::read(&*app.store, &scope, &site, entry, Period::default(), None).await?;
    // Every comment contains the empty text; an answer without a comment does not.
    let filter = Filter { survey: Some(slug.clone()), text: Some(String::new()), ..Filter::default() };
    let rows = app.store.page(&scope, &filter, Order::NewestFirst, None, COMMENTS_SHOWN).await?;
    render(&Page {
        frame: Frame::new(&app, true),
        site: site.site.key.clone(),
        site_name: site.site.name.clone(),
        metric: metric_name(survey.metric),
        question: survey.instrument("").question,
        state: state(survey.state),
        lower_is_better: survey.metric == Metric::Ces && survey.scale.polarity == Polarity::LowIsGood,
        is_empty: board.summary.n == 0,
        figure: Figure::new(survey.metric, &survey.scale, &board.summary),
        also: also(&board.summary),
        left_out: left_out(&board.excluded),
        bands: bands(survey.metric, &survey.scale, &board.summary),
        comments: rows.into_iter().map(|stored| comment(stored.row, &site)).collect(),
        tag: welcome::tag(&app.public_url, &site.site.key),
        slug,
    })
}

/// What a mean alone does not say.
fn also(summary: &Summary) -> Vec<(&'static str, String)> {
    if matches!(summary.state, ScoreState::None | ScoreState::Hidden) {
        return Vec::new();
    }
    let top_box = summary.top_box.as_ref().map(|top| {
        let text =
            format!("{:.0} %, likely {:.0} to {:.0} %", top.share, top.interval.low, top.interval.high);
        ("Positive answers", text)
    });
    let ease = summary.ease_index.map(|index| ("Ease index", format!("{index:.0} of 100")));
    top_box.into_iter().chain(ease).collect()
}

fn left_out(excluded: &Excluded) -> Vec<String> {
    let reasons = [
        (excluded.test, "from tests"),
        (excluded.flagged, "in doubt"),
        (excluded.other_scale, "on the scale this survey had before"),
    ];
    let counted = reasons.into_iter().filter(|(n, _)| *n > 0);
    counted.map(|(n, why)| format!("{} {why}", answers(n))).collect()
}

fn bands(metric: Metric, scale: &Scale, summary: &Summary) -> Vec<BandRows> {
    let longest = summary.distribution.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let mut points = summary.distribution.clone();
    if scale.polarity == Polarity::HighIsGood {
        points.reverse();
    }
    let filled = Band::all(metric).into_iter().zip(summary.bands).zip(["solid", "striped", "hollow"]);
    let rows = filled.map(|((band, (name, n)), fill)| BandRows {
        name,
        fill,
        n: grouped(n),
        share: share(n, summary.n),
        points: points
            .iter()
            .filter(|(score, _)| Band::of(metric, scale, *score) == band)
            .map(|&(score, n)| PointRow {
                score,
                n: grouped(n),
                share: share(n, summary.n),
                length: n * 100 / longest,
            })
            .collect(),
    });
    rows.filter(|rows| !rows.points.is_empty()).collect()
}

fn comment(row: Row, site: &SiteEntry) -> Comment {
    Comment {
        score: row.score,
        band: row.band,
        text: row.comment.unwrap_or_default(),
        locale: row.locale.unwrap_or_default(),
        is_test: row.test,
        moment: time::format(row.received_at),
        date: date(row.received_at, &site.zone),
    }
}

/// `21 November 2026`, by the shop's clock.
fn date(moment: Millis, zone: &TimeZone) -> String {
    let timestamp = jiff::Timestamp::from_millisecond(moment).unwrap_or_default();
    timestamp.to_zoned(zone.clone()).strftime("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use parere_shared::score::{Counts, summarize};
    use parere_shared::survey::Look;

    use super::*;

    #[test]
    fn the_best_band_and_point_come_first() {
        for (polarity, first) in [(Polarity::HighIsGood, 5), (Polarity::LowIsGood, 1)] {
            let scale = Scale { min: 1, max: 5, polarity, look: Look::Numbers };
            let summary = summarize(Metric::Ces, &scale, &Counts::from(vec![(1, 10), (3, 5), (5, 20)]));
            let bands = bands(Metric::Ces, &scale, &summary);
            let names: Vec<_> = bands.iter().map(|band| (band.name, band.fill, band.points.len())).collect();
            assert_eq!(
                names,
                [("positive", "solid", 2), ("neutral", "striped", 1), ("negative", "hollow", 2)]
            );
            assert_eq!(bands[0].points[0].score, first);
        }
    }

    #[test]
    fn what_is_left_out_is_said() {
        let excluded = Excluded { test: 1, flagged: 0, other_scale: 1_200 };
        assert_eq!(
            left_out(&excluded),
            ["1 answer from tests", "1,200 answers on the scale this survey had before"]
        );
        assert!(left_out(&Excluded::default()).is_empty());
    }
}
