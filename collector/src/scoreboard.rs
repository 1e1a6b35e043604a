//! What the answers to a survey say: read from the counts, told apart as asked.
//!
//! Scores of different scales are never put in one heap. The survey's current metric and scale make the
//! headline; answers given on another scale, before the survey was changed, are counted beside it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use parere_shared::instrument::Instrument;
use parere_shared::score::{self, Counts, Interval, Summary};
use parere_shared::survey::{Metric, Scale};
use serde::Serialize;
use utoipa::ToSchema;

use crate::auth::SiteScope;
use crate::catalogue::{SiteEntry, SurveyEntry, date_of};
use crate::period::Period;
use crate::store::{self, Count, Dimension, Store};

/// What a series is told apart by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum By {
    /// Local day: `2026-11-20`.
    Day,
    /// ISO week: `2026-W47`.
    Week,
    /// Month: `2026-11`.
    Month,
    /// How the question came.
    Channel,
    /// Language of the prompt.
    Locale,
    /// Class of device.
    Device,
    /// Where in the customer journey.
    Touchpoint,
    /// What exactly was asked.
    Instrument,
}

impl By {
    /// Reads the name in a query.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "day" => Self::Day,
            "week" => Self::Week,
            "month" => Self::Month,
            "channel" => Self::Channel,
            "locale" => Self::Locale,
            "device" => Self::Device,
            "touchpoint" => Self::Touchpoint,
            "instrument" => Self::Instrument,
            _ => return None,
        })
    }

    fn dimension(self) -> Dimension {
        match self {
            Self::Day | Self::Week | Self::Month => Dimension::Day,
            Self::Channel => Dimension::Channel,
            Self::Locale => Dimension::Locale,
            Self::Device => Dimension::Device,
            Self::Touchpoint => Dimension::Touchpoint,
            Self::Instrument => Dimension::All,
        }
    }

    /// The key of a local day: the day itself, its week or its month; as the day where time tells nothing apart.
    pub fn key_of(self, date: Date) -> String {
        match self {
            Self::Week => {
                let week = date.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Self::Month => date.strftime("%Y-%m").to_string(),
            _ => date.to_string(),
        }
    }

    /// The key in the series for a count.
    fn key(self, count: &Count) -> String {
        match self {
            Self::Day | Self::Week | Self::Month => {
                self.key_of(date_of(count.key.parse().unwrap_or_default()))
            }
            Self::Instrument => count.instrument.clone(),
            Self::Channel | Self::Locale | Self::Device | Self::Touchpoint if count.key.is_empty() => {
                "unknown".into()
            }
            Self::Channel | Self::Locale | Self::Device | Self::Touchpoint => count.key.clone(),
        }
    }
}

/// Everything that is published about a survey's answers in a period.
#[derive(Debug, Serialize, ToSchema)]
pub struct Scoreboard {
    /// Slug of the survey.
    pub survey: String,
    /// What is measured.
    pub metric: Metric,
    /// The figures.
    #[serde(flatten)]
    pub summary: Summary,
    /// Answers that are not in the figures, by the reason.
    pub excluded: Excluded,
    /// The figures told apart; empty when nothing was asked for.
    pub series: Vec<Point>,
}

/// Answers that are not in the figures.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Excluded {
    /// Try-outs.
    pub test: u64,
    /// In doubt.
    pub flagged: u64,
    /// Given on another scale than the survey has now.
    #[serde(skip_serializing_if = "is_zero")]
    pub other_scale: u64,
}

/// One entry of a series.
#[derive(Debug, PartialEq, Serialize, ToSchema)]
pub struct Point {
    /// Day, week, month, channel …
    pub key: String,
    /// Answers.
    pub n: u64,
    /// Their score.
    pub score: Option<f64>,
    /// How sure it is.
    pub interval: Option<Interval>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

/// Reads the counts of a period and sums them up; costs days, not answers.
pub async fn read(
    store: &dyn Store,
    scope: &SiteScope,
    site: &SiteEntry,
    entry: &SurveyEntry,
    period: Period,
    by: Option<By>,
) -> store::Result<Scoreboard> {
    let slug = &entry.survey.slug;
    let (mut counts, mut excluded) = (Vec::new(), Vec::new());
    for span in period.spans(&site.zone) {
        counts.extend(store.counts(scope, slug, span, by.map_or(Dimension::All, By::dimension)).await?);
        excluded.extend(store.counts(scope, slug, span, Dimension::Excluded).await?);
    }
    Ok(sum_up(entry, &counts, &excluded, by))
}

fn sum_up(entry: &SurveyEntry, counts: &[Count], excluded: &[Count], by: Option<By>) -> Scoreboard {
    let (metric, scale) = (entry.survey.metric, &entry.survey.scale);
    let on_scale: BTreeSet<&str> = entry
        .instruments
        .iter()
        .filter(|(_, shown)| measures_alike(shown, entry))
        .map(|(id, _)| id.as_str())
        .collect();
    let (current, others): (Vec<_>, Vec<_>) =
        counts.iter().partition(|count| on_scale.contains(count.instrument.as_str()));
    let summary = score::summarize(metric, scale, &heap(current.iter().copied()));
    let series = match by {
        None => Vec::new(),
        Some(By::Instrument) => by_instrument(entry, counts),
        Some(by) => by_key(current.iter().map(|count| (by.key(count), *count)), |_| Some((metric, *scale))),
    };
    let of = |reason: &str| total(excluded.iter().filter(|count| count.key == reason));
    Scoreboard {
        survey: entry.survey.slug.clone(),
        metric,
        excluded: Excluded {
            test: of("test"),
            flagged: of("flagged"),
            other_scale: total(others.into_iter()) + total(current.into_iter()) - summary.n,
        },
        summary,
        series,
    }
}

/// Is a score of this instrument the same quantity as one given now? Wording and look may differ.
fn measures_alike(shown: &Instrument, entry: &SurveyEntry) -> bool {
    let of = |metric: Metric, scale: &Scale| (metric, scale.min, scale.max, scale.polarity);
    of(shown.metric, &shown.scale) == of(entry.survey.metric, &entry.survey.scale)
}

/// Each instrument by its own metric and scale.
fn by_instrument(entry: &SurveyEntry, counts: &[Count]) -> Vec<Point> {
    let keyed = counts.iter().map(|count| (count.instrument.clone(), count));
    by_key(keyed, |id| entry.instruments.get(id).map(|shown| (shown.metric, shown.scale)))
}

/// One point for each key, in the order of keys; a key whose scale is not known has no figures.
fn by_key<'a>(
    counts: impl Iterator<Item = (String, &'a Count)>,
    scale_of: impl Fn(&str) -> Option<(Metric, Scale)>,
) -> Vec<Point> {
    let mut heaps: BTreeMap<String, Vec<&Count>> = BTreeMap::new();
    for (key, count) in counts {
        heaps.entry(key).or_default().push(count);
    }
    let points = heaps.into_iter().filter_map(|(key, counts)| {
        let (metric, scale) = scale_of(&key)?;
        let Summary { n, score, interval, .. } = score::summarize(metric, &scale, &heap(counts.into_iter()));
        Some(Point { key, n, score, interval })
    });
    points.collect()
}

fn heap<'a>(counts: impl Iterator<Item = &'a Count>) -> Counts {
    counts.map(|count| (count.score, count.n)).collect::<Vec<_>>().into()
}

fn total<'a>(counts: impl Iterator<Item = &'a Count>) -> u64 {
    counts.map(|count| count.n).sum()
}

#[cfg(test)]
mod tests;
