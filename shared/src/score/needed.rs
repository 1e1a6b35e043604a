//! How many answers it takes until a score is known as well as one wishes.

use serde::Serialize;

use super::counts::real;
use super::mean::{self, Mean};
use super::{Band, Counts, State, nps, share, wire};
use crate::survey::{Metric, Scale};

/// The margin where none is asked for, in percent of the score's whole range from its middle: 5 points of NPS or
/// percent, a twentieth of the way from one end of the scale to the other for a mean.
const MARGIN_PERCENT: f64 = 5.0;

/// What the spread of answers to come is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    /// The widest there can be: half of the answers at either end.
    Widest,
    /// That of the answers there are; from 30 on.
    Seen,
}

/// Answers needed for a margin.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Needed {
    /// The interval is to reach this far to either side, in the score's unit.
    pub margin: f64,
    /// Answers in all.
    pub total: u64,
    /// Answers still to come; 0 when there are enough.
    pub more: u64,
    /// What was taken for granted.
    pub spread: Spread,
}

/// The margin where none is asked for, in the score's unit.
pub fn usual_margin(metric: Metric, scale: &Scale) -> f64 {
    match metric {
        Metric::Nps | Metric::Csat => MARGIN_PERCENT,
        Metric::Ces => MARGIN_PERCENT / 100.0 * f64::from(scale.max - scale.min),
    }
}

/// The widest margin that can be asked for, in the score's unit: half of all that the score can be.
pub fn widest_margin(metric: Metric, scale: &Scale) -> f64 {
    match metric {
        Metric::Nps => 100.0,
        Metric::Csat => 50.0,
        Metric::Ces => f64::from(scale.max - scale.min) / 2.0,
    }
}

/// Answers needed until the score's interval reaches `margin` > 0 to either side, in the score's unit.
///
/// Each formula is that of the score's own interval solved for n; the sources stand beside them: [`nps::needed`],
/// [`share::needed`], [`mean::needed`]. From 30 answers on their spread is taken for that of those to come; before, it
/// says too little and the widest is assumed. Where shoppers have different chances of being asked, it takes as many
/// more answers as those there are exceed their effective number.
pub fn needed(metric: Metric, scale: &Scale, counts: &Counts, margin: f64) -> Needed {
    let counts = counts.within(scale.min..=scale.max);
    let (n, seen) = (counts.total(), counts.effective());
    let spread = if State::of(seen.whole()) == State::Ok { Spread::Seen } else { Spread::Widest };
    let [best, _, worst] = Band::all(metric).map(|band| seen.in_band(band, metric, scale));
    let plain = match (metric, spread) {
        (Metric::Nps, Spread::Seen) => nps::needed(nps::variance(best, worst, seen.n), margin),
        (Metric::Nps, Spread::Widest) => nps::needed(1.0, margin),
        (Metric::Csat, Spread::Seen) => share::needed(best / seen.n, margin),
        (Metric::Csat, Spread::Widest) => share::needed(0.5, margin),
        (Metric::Ces, Spread::Seen) => {
            real(mean::needed(Mean::of(&seen).standard_deviation().unwrap_or_default(), margin))
        }
        // Half at either end: no values between two ends spread wider (T. Popoviciu, 1935).
        (Metric::Ces, Spread::Widest) => real(mean::needed(f64::from(scale.max - scale.min) / 2.0, margin)),
    };
    let loss = if seen.n > 0.0 { real(n) / seen.n } else { 1.0 };
    let total = rounded_up(plain * loss);
    Needed { margin: wire::round(margin), total, more: total.saturating_sub(n), spread }
}

/// At least 1; a hair above a whole number is that number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates; at least 1")]
fn rounded_up(n: f64) -> u64 {
    (n - 1e-9).ceil().max(1.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::summarize;
    use crate::survey::{Look, Polarity};

    fn scale(min: i32, max: i32) -> Scale {
        Scale { min, max, polarity: Polarity::HighIsGood, look: Look::Numbers }
    }

    fn of(metric: Metric, counts: &[(i32, u64)], margin: f64) -> (u64, u64, Spread) {
        let scale = if metric == Metric::Nps { scale(0, 10) } else { scale(1, 7) };
        let Needed { total, more, spread, .. } =
            needed(metric, &scale, &Counts::from(counts.to_vec()), margin);
        (total, more, spread)
    }

    #[test]
    fn few_answers_say_nothing_about_those_to_come() {
        for (metric, counts, margin, expected) in [
            (Metric::Nps, &[][..], 5.0, (1534, 1534, Spread::Widest)),
            (Metric::Nps, &[(10, 29)], 10.0, (382, 353, Spread::Widest)),
            (Metric::Csat, &[], 5.0, (381, 381, Spread::Widest)),
            // √n ≥ 1.96 · 3 / 0.3, and t is a little wider.
            (Metric::Ces, &[], 0.3, (387, 387, Spread::Widest)),
        ] {
            assert_eq!(of(metric, counts, margin), expected, "{metric:?} {counts:?}");
        }
    }

    #[test]
    fn with_as_many_answers_of_the_same_kind_the_margin_is_there() {
        let kinds = [
            (Metric::Nps, scale(0, 10), vec![(10, 30), (8, 15), (2, 5)]),
            (Metric::Csat, scale(1, 5), vec![(5, 40), (1, 10)]),
            (Metric::Ces, scale(1, 7), vec![(7, 20), (5, 20), (1, 10)]),
        ];
        for (metric, scale, kind) in kinds {
            let counts = Counts::from(kind.clone());
            let margin = usual_margin(metric, &scale) / 2.0;
            let needed = needed(metric, &scale, &counts, margin);
            let many =
                |times: u64| Counts::from(kind.iter().map(|(s, n)| (*s, n * times)).collect::<Vec<_>>());
            let reach = |counts: &Counts| {
                let interval = summarize(metric, &scale, counts).interval.unwrap();
                (interval.high - interval.low) / 2.0
            };
            // Fifty answers at a time; pseudo-answers and Student's t weigh less in many, so a tenth less may do.
            let times = needed.total.div_ceil(counts.total());
            assert!(reach(&many(times)) <= margin + 0.01, "{metric:?} {needed:?}");
            assert!(reach(&many(times * 9 / 10 - 1)) > margin, "{metric:?} {needed:?}");
            assert_eq!((needed.more, needed.spread), (needed.total - 50, Spread::Seen));
        }
    }

    #[test]
    fn unequal_chances_take_more_answers() {
        let plain: Counts = [(10, 1000, 100), (0, 1000, 100)].into_iter().collect();
        let mixed: Counts =
            [(10, 1000, 50), (0, 1000, 50), (10, 250, 50), (0, 250, 50)].into_iter().collect();
        let [plain, mixed] = [plain, mixed].map(|counts| needed(Metric::Nps, &scale(0, 10), &counts, 5.0));
        // Kish: 200 answers are worth (100 + 400)² / (100 + 1600) = 147.
        let ratio = real(mixed.total) / real(plain.total);
        assert!((ratio - 1.36).abs() < 0.01, "{ratio}");
    }

    #[test]
    fn enough_is_enough() {
        assert_eq!(of(Metric::Nps, &[(10, 900), (0, 900)], 5.0).1, 0);
        assert_eq!(of(Metric::Csat, &[(7, 40)], 50.0), (1, 0, Spread::Seen));
    }
}
