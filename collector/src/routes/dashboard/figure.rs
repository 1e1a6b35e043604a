//! A score as people read it: a number of the right length, a sentence, and a band on its scale.

use parere_shared::score::{State, Summary};
use parere_shared::survey::{Metric, Scale};

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
    pub(super) fn new(metric: Metric, scale: &Scale, summary: &Summary) -> Self {
        let n = answers(summary.n);
        let is_shown = matches!(summary.state, State::Early | State::Ok);
        let known = summary.score.zip(summary.interval).filter(|_| is_shown);
        let Some((score, interval)) = known else {
            let sentence = match summary.state {
                State::None => "No answers yet.".into(),
                _ => format!("{n} so far; a score is shown from 10 on."),
            };
            return Self { score: None, sentence, gauge: None };
        };
        let said = written(metric, score);
        let [low, high] = [interval.low, interval.high].map(|end| written(metric, end));
        let range = if low == high { format!("about {low}") } else { format!("between {low} and {high}") };
        let sentence = if summary.state == State::Early {
            format!("Early: likely {range}, from {n}.")
        } else {
            format!("Likely {range}, from {n}.")
        };
        let (least, most) = ends(metric, scale);
        let place = |value: f64| ((value - least) / (most - least) * 100.0).clamp(0.0, 100.0);
        let ends = [least, most].map(|end| written_whole(metric, end));
        let label = format!("{said}, likely {range}, on a scale from {} to {}", ends[0], ends[1]);
        let gauge = Gauge {
            low: place(interval.low),
            width: place(interval.high) - place(interval.low),
            score: place(score),
            zero: (metric == Metric::Nps).then(|| place(0.0)),
            ends,
            label,
        };
        Self { score: Some(said), sentence, gauge: Some(gauge) }
    }
}

/// What the metric is called.
pub(super) fn metric_name(metric: Metric) -> &'static str {
    match metric {
        Metric::Nps => "Net Promoter Score",
        Metric::Ces => "Customer effort score",
        Metric::Csat => "Customer satisfaction",
    }
}

/// `1 answer`, `1,204 answers`.
pub(super) fn answers(n: u64) -> String {
    if n == 1 { "1 answer".into() } else { format!("{} answers", grouped(n)) }
}

/// `1,204`.
pub(super) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Part of a whole in whole percent; less than half a percent is not nothing.
pub(super) fn share(n: u64, of: u64) -> String {
    match (n, of) {
        (0, _) | (_, 0) => "0 %".into(),
        _ if n * 200 < of => "< 1 %".into(),
        _ => format!("{} %", (n * 200 + of) / (of * 2)),
    }
}

/// Points whole, means with one decimal, shares as percent; a minus as long as a plus.
fn written(metric: Metric, value: f64) -> String {
    let text = match metric {
        Metric::Nps => whole(value),
        Metric::Ces => format!("{value:.1}"),
        Metric::Csat => format!("{} %", whole(value)),
    };
    text.replace('-', "−")
}

fn written_whole(metric: Metric, value: f64) -> String {
    match metric {
        Metric::Ces => whole(value).replace('-', "−"),
        Metric::Nps | Metric::Csat => written(metric, value),
    }
}

fn whole(value: f64) -> String {
    // There is no minus zero for people.
    format!("{:.0}", value.round() + 0.0)
}

fn ends(metric: Metric, scale: &Scale) -> (f64, f64) {
    match metric {
        Metric::Nps => (-100.0, 100.0),
        Metric::Csat => (0.0, 100.0),
        Metric::Ces => (scale.min.into(), scale.max.into()),
    }
}

#[cfg(test)]
mod tests {
    use parere_shared::score::{Counts, summarize};
    use parere_shared::survey::{Look, Polarity};

    use super::*;

    fn figure(metric: Metric, max: i32, counts: &[(i32, u64)]) -> Figure {
        let min = i32::from(metric != Metric::Nps);
        let scale = Scale { min, max, polarity: Polarity::HighIsGood, look: Look::Numbers };
        Figure::new(metric, &scale, &summarize(metric, &scale, &Counts::from(counts.to_vec())))
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

    #[test]
    fn numbers_are_grouped_and_shares_are_whole() {
        for (n, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (12_345_678, "12,345,678")] {
            assert_eq!(grouped(n), text);
        }
        for (n, of, text) in [
            (0, 0, "0 %"),
            (0, 9, "0 %"),
            (1, 1_000, "< 1 %"),
            (1, 3, "33 %"),
            (2, 3, "67 %"),
            (3, 3, "100 %"),
        ] {
            assert_eq!(share(n, of), text);
        }
    }
}
