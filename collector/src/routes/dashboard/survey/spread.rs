//! How the answers are spread over the scale.

use parere_shared::score::{Band, Summary};
use parere_shared::survey::{Metric, Polarity, Scale};

use crate::routes::dashboard::numerals::Numerals;

/// One band of the scale, best first.
pub(super) struct BandRows {
    pub(super) name: &'static str,
    /// How its bars are filled: told apart without colour.
    pub(super) fill: &'static str,
    pub(super) n: String,
    pub(super) share: String,
    pub(super) points: Vec<PointRow>,
}

pub(super) struct PointRow {
    pub(super) score: i32,
    pub(super) n: String,
    pub(super) share: String,
    /// Length of the bar in percent of the longest.
    pub(super) length: u64,
}

/// The bands of the scale with their points, best first.
pub(super) fn bands(metric: Metric, scale: &Scale, summary: &Summary, numerals: &Numerals) -> Vec<BandRows> {
    let longest = summary.distribution.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let mut points = summary.distribution.clone();
    if scale.polarity == Polarity::HighIsGood {
        points.reverse();
    }
    let filled = Band::all(metric).into_iter().zip(summary.bands).zip(["solid", "striped", "hollow"]);
    let rows = filled.map(|((band, (name, n)), fill)| BandRows {
        name,
        fill,
        n: numerals.count(n),
        share: numerals.share(n, summary.n),
        points: points
            .iter()
            .filter(|(score, _)| Band::of(metric, scale, *score) == band)
            .map(|&(score, n)| PointRow {
                score,
                n: numerals.count(n),
                share: numerals.share(n, summary.n),
                length: n * 100 / longest,
            })
            .collect(),
    });
    rows.filter(|rows| !rows.points.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use parere_shared::score::{Counts, summarize};
    use parere_shared::survey::Look;

    use super::*;
    use crate::routes::dashboard::numerals;

    #[test]
    fn the_best_band_and_point_come_first() {
        for (polarity, first) in [(Polarity::HighIsGood, 5), (Polarity::LowIsGood, 1)] {
            let scale = Scale { min: 1, max: 5, polarity, look: Look::Numbers };
            let summary = summarize(Metric::Ces, &scale, &Counts::from(vec![(1, 10), (3, 5), (5, 20)]));
            let bands = bands(Metric::Ces, &scale, &summary, &numerals::tests::of("en"));
            let names: Vec<_> = bands.iter().map(|band| (band.name, band.fill, band.points.len())).collect();
            assert_eq!(
                names,
                [("positive", "solid", 2), ("neutral", "striped", 1), ("negative", "hollow", 2)]
            );
            assert_eq!(bands[0].points[0].score, first);
        }
    }
}
