//! What a comparison says, in a sentence for people.

use super::{Change, Interval, Movement, Pair};
use crate::survey::Metric;

/// What may be said of a score since `since`, the earlier period in words: `1 to 31 October 2026`.
///
/// Says what the answers are evidence of and nothing beyond it: where the interval holds zero, no difference is told
/// as if it were one.
pub fn of_change(metric: Metric, change: &Change, since: &str) -> String {
    let range = change.interval.map(|interval| range(metric, &interval));
    match (change.movement, change.difference, range) {
        (Movement::Up | Movement::Down, Some(difference), Some(range)) => {
            let way = if difference > 0.0 { "Up" } else { "Down" };
            let worth = if change.is_better == Some(true) { "better" } else { "worse" };
            let by = amount(metric, difference.abs());
            format!("{way} {by} since {since}, likely between {range}: {worth}.")
        }
        (Movement::NoEvidence, _, Some(range)) => {
            format!("No evidence of change since {since}: the difference is likely between {range}.")
        }
        _ => format!("Too few answers to compare with {since}: it takes 10 on each side."),
    }
}

/// What may be said of two groups of answers.
pub fn of_pair(metric: Metric, pair: &Pair) -> String {
    let Pair { one, other, .. } = pair;
    let range = pair.interval.map(|interval| range(metric, &interval));
    match (pair.movement, pair.difference, range) {
        (Movement::Up | Movement::Down, Some(difference), Some(range)) => {
            let way = if difference > 0.0 { "higher" } else { "lower" };
            let worth = if pair.is_better == Some(true) { "better" } else { "worse" };
            let by = amount(metric, difference.abs());
            format!("{other} is {by} {way} than {one}, likely between {range}: {worth}.")
        }
        (Movement::NoEvidence, _, Some(range)) => {
            format!("No evidence that {other} differs from {one}: the difference is likely between {range}.")
        }
        _ => format!("Too few answers to compare {other} with {one}: it takes 10 on each side."),
    }
}

fn range(metric: Metric, interval: &Interval) -> String {
    let [low, high] = [interval.low, interval.high].map(|end| {
        let text = digits(metric, end.abs());
        let is_nothing = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
        match end {
            _ if is_nothing => text,
            _ if end > 0.0 => format!("+{text}"),
            _ => format!("−{text}"),
        }
    });
    format!("{low} and {high}")
}

fn amount(metric: Metric, value: f64) -> String {
    let digits = digits(metric, value);
    let one = digits == "1";
    match metric {
        Metric::Nps if one => format!("{digits} point"),
        Metric::Nps => format!("{digits} points"),
        Metric::Csat if one => format!("{digits} percentage point"),
        Metric::Csat => format!("{digits} percentage points"),
        Metric::Ces => digits,
    }
}

/// Whole points from one on, one decimal for less, and means with one or, below a tenth, two.
fn digits(metric: Metric, value: f64) -> String {
    let (whole_from, decimals) = if metric == Metric::Ces { (0.1, 1) } else { (1.0, 0) };
    let decimals = if value > 0.0 && value < whole_from { decimals + 1 } else { decimals };
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::super::{Counts, change, pairs};
    use super::*;
    use crate::survey::{Look, Polarity, Scale};

    fn scale(min: i32, max: i32, polarity: Polarity) -> Scale {
        Scale { min, max, polarity, look: Look::Numbers }
    }

    fn said(metric: Metric, scale: &Scale, earlier: &[(i32, u64)], later: &[(i32, u64)]) -> String {
        let [earlier, later] = [earlier, later].map(|pairs| Counts::from(pairs.to_vec()));
        of_change(metric, &change(metric, scale, &earlier, &later), "October 2026")
    }

    #[test]
    fn a_sentence_says_what_is_known_and_no_more() {
        let likelihood = scale(0, 10, Polarity::HighIsGood);
        let [easy, hard] = [Polarity::HighIsGood, Polarity::LowIsGood].map(|polarity| scale(1, 7, polarity));
        for (said, expected) in [
            (
                said(
                    Metric::Nps,
                    &likelihood,
                    &[(9, 500), (7, 200), (0, 300)],
                    &[(9, 600), (7, 200), (0, 200)],
                ),
                "Up 20 points since October 2026, likely between +13 and +27: better.",
            ),
            (
                said(Metric::Nps, &likelihood, &[(9, 50), (7, 20), (0, 30)], &[(9, 60), (7, 20), (0, 20)]),
                "No evidence of change since October 2026: the difference is likely between −3 and +42.",
            ),
            (
                said(Metric::Csat, &easy, &[(7, 56), (1, 14)], &[(7, 48), (1, 32)]),
                "Down 20 percentage points since October 2026, likely between −33 and −5: worse.",
            ),
            (
                said(Metric::Ces, &hard, &[(2, 40), (4, 40)], &[(3, 30), (5, 30)]),
                "Up 1.0 since October 2026, likely between +0.7 and +1.3: worse.",
            ),
            (
                said(Metric::Ces, &easy, &[(4, 50)], &[(4, 50)]),
                "No evidence of change since October 2026: the difference is likely between 0.0 and 0.0.",
            ),
            (
                said(Metric::Nps, &likelihood, &[], &[(9, 60)]),
                "Too few answers to compare with October 2026: it takes 10 on each side.",
            ),
        ] {
            assert_eq!(said, expected);
        }
    }

    #[test]
    fn groups_are_told_apart_by_name() {
        let likelihood = scale(0, 10, Polarity::HighIsGood);
        let heap = |key: &str, pairs: &[(i32, u64)]| (key.to_owned(), Counts::from(pairs.to_vec()));
        let heaps = [
            heap("inline", &[(9, 600), (7, 200), (0, 200)]),
            heap("email", &[(9, 500), (7, 200), (0, 300)]),
            heap("qr", &[(9, 3)]),
            heap("kiosk", &[(9, 61), (7, 20), (0, 19)]),
        ];
        let found = pairs(Metric::Nps, &likelihood, &heaps);
        let sentences: Vec<String> = found.iter().map(|pair| of_pair(Metric::Nps, pair)).collect();
        assert_eq!(sentences[0], "email is 20 points lower than inline, likely between −27 and −13: worse.");
        assert_eq!(sentences[1], "Too few answers to compare qr with inline: it takes 10 on each side.");
        assert_eq!(
            sentences[2],
            "No evidence that kiosk differs from inline: the difference is likely between −15 and +17."
        );
    }
}
