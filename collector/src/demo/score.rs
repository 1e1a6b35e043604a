//! Which score a made-up shopper chooses: the shape that answers to each metric have, tilted by a mood.

use parere_shared::survey::Metric;

use super::dice::Dice;

/// What the points of 0–10 weigh: most are pleased, some sit at the middle, and a few are angry.
const NPS: [f64; 11] = [16.0, 7.0, 9.0, 14.0, 17.0, 48.0, 54.0, 104.0, 196.0, 212.0, 323.0];

/// Of 1–7, agreeing that it was easy.
const CES: [f64; 7] = [28.0, 34.0, 52.0, 86.0, 164.0, 290.0, 346.0];

/// Of 1–5.
const CSAT: [f64; 5] = [48.0, 46.0, 98.0, 306.0, 502.0];

/// A score of `metric` in steps from the worst. At mood 0 the shape is as above; a mood of 0.1 makes the best point
/// about 2.6 times as likely beside the worst as it was, one of −0.1 about 2.9 times less likely.
pub(super) fn choose(metric: Metric, mood: f64, dice: &mut Dice) -> i32 {
    let weights: &[f64] = match metric {
        Metric::Nps => &NPS,
        Metric::Ces => &CES,
        Metric::Csat => &CSAT,
    };
    let steps = f64::from(u32::try_from(weights.len()).unwrap_or(1) - 1);
    // Multiplied up, since a power of the C library may differ from machine to machine in its last bit.
    let tilt = (1.0 + mood * 10.0 / steps).max(0.05);
    let mut factor = 1.0;
    let tilted: Vec<f64> = weights
        .iter()
        .map(|weight| {
            let tilted = weight * factor;
            factor *= tilt;
            tilted
        })
        .collect();
    i32::try_from(dice.weighed(tilted.iter().copied())).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mood_moves_the_mean_and_not_the_ends() {
        for (metric, points) in [(Metric::Nps, 11), (Metric::Ces, 7), (Metric::Csat, 5)] {
            let mean = |mood| {
                let mut dice = Dice::of_day(1, 1);
                let scores = (0..4_000).map(|_| choose(metric, mood, &mut dice));
                let scores: Vec<_> = scores.inspect(|score| assert!((0..points).contains(score))).collect();
                f64::from(scores.iter().sum::<i32>()) / 4_000.0 / f64::from(points - 1)
            };
            let [low, usual, high] = [mean(-0.2), mean(0.0), mean(0.1)];
            assert!(low + 0.15 < usual && usual + 0.03 < high, "{metric:?}: {low} {usual} {high}");
        }
    }
}
