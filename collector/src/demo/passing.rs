//! Made-up shoppers who were asked and did not answer: for each answer on a page, some who passed by.

use parere_shared::event::EventKind;
use parere_shared::response::Channel;

use super::dice::Dice;

/// How a question fares that comes this way, of a thousand that are shown.
struct Fate {
    /// Answered.
    answered: u32,
    /// Sent away.
    dismissed: u32,
    /// Begun, and left.
    begun: u32,
    /// Drawn and never seen, for each thousand that are.
    unseen: u32,
}

/// What becomes of the questions for each that is answered: the answered one and those around it, in the order of
/// [`EventKind::ALL`], without clicks, for the demo thanks without a link; nothing where the question stands on no page of the shop.
pub(super) fn by(channel: Channel, dice: &mut Dice) -> [u32; EventKind::ALL.len()] {
    let fate = match channel {
        Channel::Inline => Fate { answered: 150, dismissed: 40, begun: 12, unseen: 600 },
        Channel::Popover => Fate { answered: 90, dismissed: 380, begun: 8, unseen: 40 },
        Channel::Bar => Fate { answered: 60, dismissed: 210, begun: 6, unseen: 30 },
        // Who opens a tab wants to say something.
        Channel::Tab => Fate { answered: 620, dismissed: 90, begun: 60, unseen: 30_000 },
        Channel::Link | Channel::Email | Channel::Qr | Channel::Kiosk | Channel::Api => return [0; 5],
    };
    let of = |per_mille: u32, dice: &mut Dice| {
        // On average so many for each answer.
        dice.below(2 * per_mille * 100 / fate.answered + 100) / 100
    };
    let left = 1_000 - fate.answered - fate.dismissed - fate.begun;
    let (silent, dismissed, begun) = (of(left, dice), of(fate.dismissed, dice), of(fate.begun, dice));
    let shown = 1 + silent + dismissed + begun;
    [shown + shown * fate.unseen / 1_000, shown, 1 + begun, dismissed, 0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_shown_was_eligible_and_most_of_it_is_not_answered() {
        for (channel, rates) in [
            (Channel::Inline, 130..170),
            (Channel::Popover, 80..100),
            (Channel::Bar, 54..66),
            (Channel::Tab, 550..690),
            (Channel::Email, 0..1),
        ] {
            let mut dice = Dice::of_day(1, 1);
            let mut sums = [0; 5];
            for _ in 0..2_000 {
                let counts = by(channel, &mut dice);
                let [eligible, shown, started, dismissed, _] = counts;
                assert!(eligible >= shown && shown >= started && shown >= dismissed, "{counts:?}");
                sums.iter_mut().zip(counts).for_each(|(sum, n)| *sum += n);
            }
            let [_, shown, ..] = sums;
            let rate = (2_000_u32 * 1_000).checked_div(shown).unwrap_or(0);
            assert!(rates.contains(&rate), "{channel:?}: {rate} of a thousand");
        }
    }
}
