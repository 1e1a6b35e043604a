//! Bands: the three groups that a metric sorts its scores into.
//!
//! * `nps`: promoters 9–10, passives 7–8, detractors 0–6 (Reichheld, *The One Number You Need to Grow*,
//!   Harvard Business Review, December 2003), whatever else the scale says.
//! * `ces` and `csat`: *positive* is the top box, whose size stands at the end of this file; *negative* is
//!   the worse half of the points, rounded down, where no top box reaches; *neutral* is what is left between
//!   them, which may be nothing. Where low is good, everything is mirrored. The rule is ours; it makes 4 of 7
//!   and 3 of 5 neutral, as is common for CES.

use std::ops::RangeInclusive;

use crate::survey::{Metric, Polarity, Scale};

/// The group that a score falls into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Band {
    /// NPS 9–10.
    Promoter,
    /// NPS 7–8: counts in n, pulls neither way.
    Passive,
    /// NPS 0–6.
    Detractor,
    /// The top box of a CES or CSAT scale.
    Positive,
    /// Between the two.
    Neutral,
    /// The worse half of a CES or CSAT scale.
    Negative,
}

impl Band {
    /// The name in exports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Promoter => "promoter",
            Self::Passive => "passive",
            Self::Detractor => "detractor",
            Self::Positive => "positive",
            Self::Neutral => "neutral",
            Self::Negative => "negative",
        }
    }

    /// Reads the name in exports.
    pub fn parse(text: &str) -> Option<Self> {
        let all = Self::all(Metric::Nps).into_iter().chain(Self::all(Metric::Csat));
        all.into_iter().find(|band| band.as_str() == text)
    }

    /// The name of the group, in scores.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Promoter => "promoters",
            Self::Passive => "passives",
            Self::Detractor => "detractors",
            Self::Positive | Self::Neutral | Self::Negative => self.as_str(),
        }
    }

    /// The bands of a metric, best first.
    pub fn all(metric: Metric) -> [Self; 3] {
        match metric {
            Metric::Nps => [Self::Promoter, Self::Passive, Self::Detractor],
            Metric::Ces | Metric::Csat => [Self::Positive, Self::Neutral, Self::Negative],
        }
    }

    /// The band of a score; one beyond an end of the scale falls into the band at that end.
    pub fn of(metric: Metric, scale: &Scale, score: i32) -> Self {
        let [best, middle, worst] = Self::all(metric);
        let cuts = Cuts::of(metric, scale);
        let step = cuts.step_of(score);
        if step >= cuts.best {
            best
        } else if step >= cuts.middle {
            middle
        } else {
            worst
        }
    }

    /// The scores of the band; none if the scale has no such scores or the metric has no such band.
    pub fn range(self, metric: Metric, scale: &Scale) -> Option<RangeInclusive<i32>> {
        let cuts = Cuts::of(metric, scale);
        let [best, middle, worst] = Self::all(metric);
        let steps = match self {
            band if band == best => cuts.best..cuts.points,
            band if band == middle => cuts.middle..cuts.best,
            band if band == worst => 0..cuts.middle,
            _ => return None,
        };
        let (one, other) = (cuts.score_at(steps.start), cuts.score_at(steps.end - 1));
        (!steps.is_empty()).then(|| one.min(other)..=one.max(other))
    }
}

/// Where the bands begin, in steps from the bad end: 0 is the worst point.
struct Cuts {
    /// The bad end.
    origin: i32,
    /// Which way is better.
    polarity: Polarity,
    /// Number of points.
    points: i32,
    /// First step of the middle band.
    middle: i32,
    /// First step of the best band.
    best: i32,
}

impl Cuts {
    fn of(metric: Metric, scale: &Scale) -> Self {
        let points = i32::try_from(scale.points()).unwrap_or(i32::MAX);
        let top = match metric {
            Metric::Nps => {
                return Self { origin: 0, polarity: Polarity::HighIsGood, points: 11, middle: 7, best: 9 };
            }
            Metric::Ces => ces_top_box(points),
            Metric::Csat => csat_top_box(points),
        };
        let best = points - top;
        let origin = match scale.polarity {
            Polarity::HighIsGood => scale.min,
            Polarity::LowIsGood => scale.max,
        };
        Self { origin, polarity: scale.polarity, points, middle: points / 2, best }
    }

    /// Steps from the bad end to a score.
    fn step_of(&self, score: i32) -> i32 {
        match self.polarity {
            Polarity::HighIsGood => score.saturating_sub(self.origin),
            Polarity::LowIsGood => self.origin.saturating_sub(score),
        }
    }

    /// The score so many steps from the bad end.
    fn score_at(&self, steps: i32) -> i32 {
        match self.polarity {
            Polarity::HighIsGood => self.origin.saturating_add(steps),
            Polarity::LowIsGood => self.origin.saturating_sub(steps),
        }
    }
}

/// How many points at the good end make the top box of a CES scale: the better half, rounded down.
///
/// That is 5–7 of 1–7 (CES 2.0: Gartner counts "5 or above") and 4–5 of 1–5; that other sizes follow the
/// same rule is our choice.
fn ces_top_box(points: i32) -> i32 {
    points / 2
}

/// How many points at the good end make the top box of a CSAT scale.
///
/// Of 1–5 it is 4 and 5 (`help.delighted.com/article/240`); one of 3 points, two of 4–7 and three of 10 are
/// Formbricks' boxes; of two points, thumbs, it is the thumb up. Three of 8, 9, 11 and more is our choice.
fn csat_top_box(points: i32) -> i32 {
    match points {
        ..=3 => 1,
        4..=7 => 2,
        8.. => 3,
    }
}

#[cfg(test)]
mod tests;
