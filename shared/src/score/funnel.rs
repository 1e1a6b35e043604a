//! From the visits that could be asked to the answers: what stands beside every score.

use serde::Serialize;

use super::counts::real;
use super::{Interval, share, wire};

/// How many questions came how far, on pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Steps {
    /// Questions that every rule let pass, and that were drawn.
    pub eligible: u64,
    /// Of which half came into view.
    pub shown: u64,
    /// In which a point was touched or a comment begun.
    pub started: u64,
    /// Answers that count.
    pub answered: u64,
    /// Of them, those with a comment.
    pub commented: u64,
    /// Questions that were sent away without an answer.
    pub dismissed: u64,
    /// Answers after which the link under the thanks was followed.
    pub clicked: u64,
}

/// How many of the questions that were shown were answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResponseRate {
    /// Percent of the questions shown, 0–100.
    pub share: f64,
    /// Wilson interval around the share, in percent.
    pub interval: Interval,
}

/// The steps, and the share that came to the end.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Funnel {
    /// The steps.
    #[serde(flatten)]
    pub steps: Steps,
    /// Answers for each question shown; none where nothing was shown, and where there are more answers than that:
    /// then counts were lost, or began later than the answers.
    pub response_rate: Option<ResponseRate>,
}

/// Computes what is published of `steps`; shares and interval ends are rounded to two decimals.
///
/// What was sent away or left alone is no answer, and answers do not make up for it: the rate is of all questions shown
/// (AAPOR's response rate with every case eligible, RR1, *Standard Definitions*, 10th edition, 2023).
pub fn funnel(steps: Steps) -> Funnel {
    let Steps { shown, answered, .. } = steps;
    let response_rate = (shown > 0 && answered <= shown).then(|| ResponseRate {
        share: wire::round(share::percent(real(answered), real(shown))),
        interval: share::wilson(real(answered), real(shown)).rounded(),
    });
    Funnel { steps, response_rate }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_of_what_was_shown() {
        for (shown, answered, expected) in [
            (107, 74, Some((69.16, 59.87, 77.12))),
            (5, 0, Some((0.0, 0.0, 43.45))),
            (5, 5, Some((100.0, 56.55, 100.0))),
            (0, 0, None),
            (0, 3, None),
            (3, 4, None),
        ] {
            let funnel = funnel(Steps { eligible: 200, shown, answered, dismissed: 1, ..Steps::default() });
            let rate = funnel.response_rate.map(|rate| (rate.share, rate.interval.low, rate.interval.high));
            assert_eq!(rate, expected, "{answered} of {shown}");
        }
    }

    #[test]
    fn it_is_written_flat() {
        let json = serde_json::to_value(funnel(Steps { eligible: 2, ..Steps::default() })).unwrap();
        assert_eq!(
            json,
            serde_json::json!({"eligible": 2, "shown": 0, "started": 0, "answered": 0, "commented": 0,
                "dismissed": 0, "clicked": 0, "response_rate": null})
        );
    }
}
