//! What became of the question: from the visits that might be asked to the answers with a comment.

use parere_shared::score::Funnel;

use crate::funnel::FunnelBoard;
use crate::routes::dashboard::numerals::Numerals;

/// The steps as a table, and the share of questions that were answered.
pub(super) struct StepRows {
    pub(super) rows: Vec<Step>,
    /// Empty where no rate can be told.
    pub(super) rate: String,
}

/// One step.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) n: String,
    /// Length of the bar in percent of the longest.
    pub(super) length: u64,
}

/// The step of those who went on to tell others.
const FOLLOWED: &str = "followed the link";

/// The same where the question stood on the hosted page, whose other steps nobody counts.
const FOLLOWED_HOSTED: &str = "followed it on the hosted page";

/// None where nothing was counted.
pub(super) fn told(board: &FunnelBoard, numerals: &Numerals) -> Option<StepRows> {
    let (funnel, steps) = (&board.funnel, &board.funnel.steps);
    let all = [
        ("could be asked", steps.eligible),
        ("saw the question", steps.shown),
        ("began to answer", steps.started),
        ("answered", steps.answered),
        ("wrote a comment", steps.commented),
        ("sent it away", steps.dismissed),
        (FOLLOWED, steps.clicked),
        (FOLLOWED_HOSTED, board.clicked_hosted),
    ];
    let longest = all.iter().map(|(_, n)| *n).max().filter(|n| *n > 0)?;
    // Few surveys have a link under their thanks.
    let told = all.into_iter().filter(|(name, n)| *n > 0 || ![FOLLOWED, FOLLOWED_HOSTED].contains(name));
    let rows = told.map(|(name, n)| Step { name, n: numerals.count(n), length: n * 100 / longest }).collect();
    let rate = percents(funnel, numerals).map_or_else(String::new, |[share, low, high]| {
        format!("{share} % of those who saw the question answered it, likely {low} to {high} %.")
    });
    Some(StepRows { rows, rate })
}

/// `25 %`: the share of questions that were answered; none where it cannot be told.
pub(in crate::routes::dashboard) fn rate(funnel: &Funnel, numerals: &Numerals) -> Option<String> {
    percents(funnel, numerals).map(|[share, ..]| format!("{share} %"))
}

/// Share, and the ends of its interval.
fn percents(funnel: &Funnel, numerals: &Numerals) -> Option<[String; 3]> {
    let rate = funnel.response_rate.as_ref()?;
    // As fine as it is known.
    let digits = usize::from(rate.interval.high - rate.interval.low < 2.0);
    let percents = [rate.share, rate.interval.low, rate.interval.high];
    Some(percents.map(|percent| numerals.decimal(percent, digits)))
}

#[cfg(test)]
mod tests {
    use parere_shared::score::{Steps, funnel};

    use super::*;
    use crate::routes::dashboard::numerals;

    #[test]
    fn every_step_is_told_and_the_rate_where_there_is_one() {
        let english = numerals::tests::of("en");
        let steps = Steps {
            eligible: 4_000,
            shown: 1_000,
            started: 300,
            answered: 250,
            commented: 50,
            dismissed: 400,
            clicked: 0,
        };
        let board = |steps, clicked_hosted| FunnelBoard {
            survey: "nps".into(),
            funnel: funnel(steps),
            clicked_hosted,
        };
        let told = told(&board(steps, 0), &english).unwrap();
        let rows: Vec<_> = told.rows.iter().map(|step| (step.name, step.n.as_str(), step.length)).collect();
        assert_eq!(rows[0], ("could be asked", "4,000", 100));
        assert_eq!(rows[3], ("answered", "250", 6));
        assert_eq!(told.rows.len(), 6, "a link that nobody followed is no step");
        let clicked = super::told(&board(Steps { clicked: 40, ..steps }, 80), &english).unwrap();
        let last: Vec<_> = clicked.rows.iter().skip(6).map(|step| (step.name, step.length)).collect();
        assert_eq!(last, [("followed the link", 1), ("followed it on the hosted page", 2)]);
        assert_eq!(told.rate, "25 % of those who saw the question answered it, likely 22 to 28 %.");
        assert_eq!(rate(&funnel(steps), &english).as_deref(), Some("25 %"));
        let nothing = board(Steps::default(), 0);
        assert!(super::told(&nothing, &english).is_none() && rate(&nothing.funnel, &english).is_none());
    }
}
