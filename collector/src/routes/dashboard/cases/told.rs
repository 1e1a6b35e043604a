//! What all cases of a site say, in sentences.

use parere_shared::time::Millis;

use crate::cases::CaseFigures;
use crate::routes::dashboard::numerals::Numerals;

/// What all cases say, a sentence each; nothing where there are none.
pub(super) fn told(figures: &CaseFigures, numerals: &Numerals) -> Vec<String> {
    let mut told = Vec::new();
    if figures.opened == 0 {
        return told;
    }
    let waiting = figures.open + figures.doing;
    let overdue = numerals.count(figures.overdue);
    told.push(format!("{} to do, {overdue} of them overdue.", numerals.count(waiting)));
    if let Some(median_ms) = figures.follow_up.median.ms {
        let quantile = &figures.follow_up.median;
        let [median, low] = [median_ms, quantile.low_ms].map(|ms| span(ms, numerals));
        let likely = match quantile.high_ms {
            Some(high_ms) => format!("likely between {low} and {}", span(high_ms, numerals)),
            None => format!("likely more than {low}"),
        };
        told.push(format!("Half of the customers hear from somebody within {median}, {likely}; those who still wait are counted in."));
    }
    if let (Some(share), Some(interval)) = (figures.recovered.share, figures.recovered.interval) {
        let [share, low, high] =
            [share, interval.low, interval.high].map(|percent| numerals.decimal(percent, 0));
        told.push(format!(
            "{share} % of the customers are content again, likely {low} to {high} %, from {} settled.",
            numerals.count(figures.recovered.n)
        ));
    }
    told
}

/// `40 minutes`, `3 hours`, `2.5 days`.
fn span(ms: Millis, numerals: &Numerals) -> String {
    let minutes = ms.unsigned_abs() / 60_000;
    let of = |n: u64, one: &str, many: &str| {
        if n == 1 { format!("1 {one}") } else { format!("{} {many}", numerals.count(n)) }
    };
    match minutes {
        0..100 => of(minutes, "minute", "minutes"),
        100..2_880 => of((minutes + 30) / 60, "hour", "hours"),
        _ => of((minutes + 720) / 1_440, "day", "days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::dashboard::numerals;

    #[test]
    fn spans_are_as_long_as_one_would_say() {
        let english = numerals::tests::of("en");
        for (seconds, expected) in [
            (0, "0 minutes"),
            (60, "1 minute"),
            (5_940, "99 minutes"),
            (6_000, "2 hours"),
            (172_740, "48 hours"),
            (172_800, "2 days"),
            (302_400, "4 days"),
        ] {
            assert_eq!(span(seconds * 1_000, &english), expected);
        }
    }
}
