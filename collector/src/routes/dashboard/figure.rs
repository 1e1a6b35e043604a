//! A score as people read it: a number of the right length, a sentence, and a band on its scale.

use std::ops::Range;

use parere_shared::score::{Interval, State, Summary};
use parere_shared::survey::{Metric, Scale};

use super::chart::Unit;
use super::numerals::Numerals;

/// A score, ready to be read.
#[derive(Debug, PartialEq)]
pub(super) struct Figure {
    /// The score; none where it would mislead.
    pub(super) score: Option<String>,
    /// How sure it is, in a sentence.
    pub(super) sentence: String,
    /// The score and its interval on the scale.
    pub(super) gauge: Option<Gauge>,
}

/// Places on a line from the lowest to the highest possible score, in percent.
#[derive(Debug, PartialEq)]
pub(super) struct Gauge {
    pub(super) low: f64,
    pub(super) width: f64,
    pub(super) score: f64,
    /// Where zero is, if it means something.
    pub(super) zero: Option<f64>,
    /// The ends of the line.
    pub(super) ends: [String; 2],
    /// The picture in words.
    pub(super) label: String,
}

impl Figure {
    pub(super) fn new(metric: Metric, scale: &Scale, summary: &Summary, numerals: &Numerals) -> Self {
        let answers = numerals.answers(summary.n);
        let Some((score, interval)) = shown(summary.n, summary.score, summary.interval) else {
            let sentence = match summary.state {
                State::None => "No answers yet.".into(),
                _ => format!("{answers} so far; a score is shown from {} on.", numerals.count(10)),
            };
            return Self { score: None, sentence, gauge: None };
        };
        let unit = unit(metric, scale, numerals);
        let range = range(&unit, interval);
        let sentence = if summary.state == State::Early {
            format!("Early: likely {range}, from {answers}.")
        } else {
            format!("Likely {range}, from {answers}.")
        };
        let gauge = Some(Gauge::new(&unit, metric, score, interval));
        Self { score: Some(unit.written(score)), sentence, gauge }
    }
}

impl Gauge {
    /// A score and its interval, already known to be fit to be shown.
    pub(super) fn new(unit: &Unit<'_>, metric: Metric, score: f64, interval: Interval) -> Self {
        let Range { start, end } = unit.ends;
        let place = |value: f64| ((value - start) / (end - start) * 100.0).clamp(0.0, 100.0);
        let ends = [start, end].map(|end| Unit { digits: 0, ..unit.clone() }.written(end));
        let (said, range) = (unit.written(score), range(unit, interval));
        Self {
            low: place(interval.low),
            width: place(interval.high) - place(interval.low),
            score: place(score),
            zero: (metric == Metric::Nps).then(|| place(0.0)),
            label: format!("{said}, likely {range}, on a scale from {} to {}", ends[0], ends[1]),
            ends,
        }
    }
}

/// The score and its interval where they are fit to be shown to people.
pub(super) fn shown(n: u64, score: Option<f64>, interval: Option<Interval>) -> Option<(f64, Interval)> {
    score.zip(interval).filter(|_| matches!(State::of(n), State::Early | State::Ok))
}

/// `between 23 and 54`.
pub(super) fn range(unit: &Unit<'_>, interval: Interval) -> String {
    let [low, high] = [interval.low, interval.high].map(|end| unit.written(end));
    if low == high { format!("about {low}") } else { format!("between {low} and {high}") }
}

/// What the metric is called.
pub(super) fn metric_name(metric: Metric) -> &'static str {
    match metric {
        Metric::Nps => "Net Promoter Score",
        Metric::Ces => "Customer effort score",
        Metric::Csat => "Customer satisfaction",
    }
}

/// Points whole, means with one decimal, shares as percent.
pub(super) fn unit<'a>(metric: Metric, scale: &Scale, numerals: &'a Numerals) -> Unit<'a> {
    let (digits, suffix, ends) = match metric {
        Metric::Nps => (0, "", -100.0..100.0),
        Metric::Csat => (0, " %", 0.0..100.0),
        Metric::Ces => (1, "", scale.min.into()..scale.max.into()),
    };
    Unit { numerals, digits, suffix, ends }
}

#[cfg(test)]
mod tests {
    use parere_shared::score::{Counts, summarize};
    use parere_shared::survey::{Look, Polarity};

    use super::super::numerals;
    use super::*;

    fn figure(metric: Metric, max: i32, counts: &[(i32, u64)]) -> Figure {
        let min = i32::from(metric != Metric::Nps);
        let scale = Scale { min, max, polarity: Polarity::HighIsGood, look: Look::Numbers };
        let summary = summarize(metric, &scale, &Counts::from(counts.to_vec()));
        Figure::new(metric, &scale, &summary, &numerals::tests::of("en"))
    }

    #[test]
    fn scores_are_said_in_their_own_unit() {
        for (metric, max, counts, score, sentence) in [
            (Metric::Nps, 10, &[][..], None, "No answers yet."),
            (Metric::Nps, 10, &[(9, 1)], None, "1 answer so far; a score is shown from 10 on."),
            (Metric::Nps, 10, &[(9, 9)], None, "9 answers so far; a score is shown from 10 on."),
            (
                Metric::Nps,
                10,
                &[(9, 15), (8, 10), (0, 5)],
                Some("33"),
                "Likely between 5 and 56, from 30 answers.",
            ),
            (
                Metric::Nps,
                10,
                &[(0, 10)],
                Some("−100"),
                "Early: likely between −100 and −48, from 10 answers.",
            ),
            (
                Metric::Nps,
                10,
                &[(9, 3), (8, 14), (0, 3)],
                Some("0"),
                "Early: likely between −23 and 23, from 20 answers.",
            ),
            (
                Metric::Csat,
                5,
                &[(5, 42), (1, 8)],
                Some("84 %"),
                "Likely between 71 % and 92 %, from 50 answers.",
            ),
            (Metric::Ces, 7, &[(6, 500), (7, 520)], Some("6.5"), "Likely about 6.5, from 1,020 answers."),
        ] {
            let figure = figure(metric, max, counts);
            assert_eq!((figure.score.as_deref(), figure.sentence.as_str()), (score, sentence));
        }
    }

    #[test]
    fn the_band_lies_on_the_whole_scale() {
        let gauge = figure(Metric::Nps, 10, &[(9, 60), (8, 20), (0, 20)]).gauge.unwrap();
        assert_eq!((gauge.low.round(), gauge.width.round(), gauge.score.round()), (62.0, 15.0, 70.0));
        assert_eq!((gauge.zero, gauge.ends), (Some(50.0), ["−100".to_owned(), "100".to_owned()]));
        assert_eq!(gauge.label, "40, likely between 23 and 54, on a scale from −100 to 100");
        let all_best = figure(Metric::Ces, 7, &[(7, 40)]).gauge.unwrap();
        assert_eq!((all_best.score, all_best.ends), (100.0, ["1".to_owned(), "7".to_owned()]));
    }
}
