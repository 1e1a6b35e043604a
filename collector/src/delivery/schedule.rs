//! When a delivery is tried again.

use parere_shared::time::Millis;

use crate::store::{DeliveryState, Occasion};

const MINUTE_MS: Millis = 60 * 1_000;
const HOUR_MS: Millis = 60 * MINUTE_MS;

/// Waits before each try, as Standard Webhooks recommends them: after ten tries and three days it is given up.
const WAITS_MS: [Millis; 10] = [
    0,
    5 * 1_000,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
];

/// What a try came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The receiver has it.
    Taken,
    /// The receiver did not take it, or could not be reached.
    NotTaken,
    /// The receiver asks to be left alone until this moment, and will take it then.
    Rests(Millis),
    /// It will never be taken: the receiver is gone, or there is nothing left to tell.
    Never,
}

/// What becomes of a delivery after `tries` tries, and when it is tried next.
///
/// `share` (0–255) is random: it makes a wait up to a tenth longer, so that what failed together does not come together.
pub(super) fn next(
    occasion: Occasion,
    tries: u32,
    outcome: Outcome,
    now: Millis,
    share: u8,
) -> (DeliveryState, Millis) {
    // Who tries it out looks at the result, and not for three days.
    let is_last = occasion == Occasion::Test;
    let wait = usize::try_from(tries).ok().and_then(|tries| WAITS_MS.get(tries)).filter(|_| !is_last);
    match (outcome, wait) {
        (Outcome::Taken, _) => (DeliveryState::Delivered, now),
        (Outcome::NotTaken, Some(wait)) => {
            (DeliveryState::Waiting, now + wait + wait / 10 * Millis::from(share) / 255)
        }
        (Outcome::Rests(until), _) if !is_last => (DeliveryState::Waiting, until),
        (Outcome::NotTaken, None) | (Outcome::Rests(_) | Outcome::Never, _) => (DeliveryState::Failed, now),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_come_later_and_later_and_end() {
        use DeliveryState::{Delivered, Failed, Waiting};
        let s = 1_000;
        for (tries, outcome, share, expected) in [
            (1, Outcome::Taken, 9, (Delivered, 0)),
            (1, Outcome::NotTaken, 0, (Waiting, 5 * s)),
            (1, Outcome::NotTaken, 255, (Waiting, 5_500)),
            (2, Outcome::NotTaken, 0, (Waiting, 300 * s)),
            (3, Outcome::NotTaken, 0, (Waiting, 1_800 * s)),
            (4, Outcome::NotTaken, 0, (Waiting, 7_200 * s)),
            (5, Outcome::NotTaken, 0, (Waiting, 18_000 * s)),
            (6, Outcome::NotTaken, 0, (Waiting, 36_000 * s)),
            (7, Outcome::NotTaken, 0, (Waiting, 50_400 * s)),
            (8, Outcome::NotTaken, 0, (Waiting, 72_000 * s)),
            (9, Outcome::NotTaken, 0, (Waiting, 86_400 * s)),
            (9, Outcome::NotTaken, 255, (Waiting, 95_040 * s)),
            (10, Outcome::NotTaken, 0, (Failed, 0)),
            (11, Outcome::NotTaken, 0, (Failed, 0)),
            (10, Outcome::Taken, 0, (Delivered, 0)),
            (1, Outcome::Never, 0, (Failed, 0)),
            (0, Outcome::Rests(9 * s), 255, (Waiting, 9 * s)),
            (10, Outcome::Rests(9 * s), 0, (Waiting, 9 * s)),
        ] {
            let found = next(Occasion::Created, tries, outcome, 0, share);
            assert_eq!(found, expected, "{tries} {outcome:?} {share}");
        }
        assert_eq!(next(Occasion::Test, 1, Outcome::NotTaken, 7, 0), (Failed, 7), "a test is tried once");
        assert_eq!(next(Occasion::Test, 0, Outcome::Rests(9 * s), 7, 0), (Failed, 7), "a test does not wait");
    }
}
