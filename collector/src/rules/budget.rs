//! How often one person is asked: what was asked of them by any way, as the page's gate remembers it.

use parere_shared::gate::{Recontact, Refusal};
use parere_shared::memory::{Memory, Moment};
use parere_shared::time::{DAY_MS, Millis};

/// Something a person was asked, or answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Slug of the survey.
    pub survey: String,
    /// When it was sent or shown.
    pub at: Millis,
    /// When it was answered.
    pub answered_at: Option<Millis>,
}

/// What a browser would remember, had all of it happened there.
///
/// A question that was sent stands there as orders do, under a name of its own (`slug@number`): so the days between any
/// two questions hold between two of the same survey, too, where the first one had no answer.
pub fn memory(asked: &[Asked]) -> Memory {
    let mut asked: Vec<&Asked> = asked.iter().collect();
    asked.sort_by_key(|one| one.at);
    let mut memory = Memory::default();
    for (number, one) in asked.iter().enumerate() {
        memory.note(&format!("{}@{number}", one.survey), Moment::Shown, one.at);
    }
    asked.sort_by_key(|one| one.answered_at);
    for one in asked {
        if let Some(at) = one.answered_at {
            // What has no moment of being shown is forgotten first.
            memory.note(&one.survey, Moment::Shown, one.at);
            memory.note(&one.survey, Moment::Answered, at);
        }
    }
    memory
}

/// Why `survey` may not be asked at `now`, and from when on it may; `None` if it may.
pub(super) fn rest(
    recontact: Recontact,
    survey: &str,
    now: Millis,
    memory: &Memory,
) -> Option<(Refusal, Millis)> {
    let refusal = recontact.judge(survey, now, memory).err()?;
    let days = [recontact.answered_days, recontact.dismissed_days, recontact.other_days];
    let ends = memory.seen.iter().flat_map(|seen| {
        let moments_s = [seen.answered_s, seen.dismissed_s, seen.shown_s].into_iter().zip(days);
        moments_s.map(|(moment_s, days)| moment_s * 1000 + Millis::from(days) * DAY_MS)
    });
    let free = ends.filter(|end| *end > now && recontact.judge(survey, *end, memory).is_ok()).min();
    Some((refusal, free.unwrap_or(Millis::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_795_255_200_000;

    #[test]
    fn one_budget_for_all_ways() {
        let asked = |survey: &str, days_ago: i64, answered_days_ago: Option<i64>| Asked {
            survey: survey.into(),
            at: NOW - days_ago * DAY_MS,
            answered_at: answered_days_ago.map(|days| NOW - days * DAY_MS),
        };
        for (name, history, expected) in [
            ("nobody was asked", vec![], None),
            ("asked by mail, no answer", vec![asked("ces", 6, None)], Some((Refusal::Other, 1))),
            ("a week ago", vec![asked("ces", 7, None)], None),
            ("answered", vec![asked("ces", 10, Some(10))], Some((Refusal::Answered, 80))),
            ("answered late", vec![asked("ces", 100, Some(89))], Some((Refusal::Answered, 1))),
            ("a quarter ago", vec![asked("ces", 90, Some(90))], None),
            ("another survey, answered", vec![asked("nps", 6, Some(6))], Some((Refusal::Other, 1))),
            ("another survey, long ago", vec![asked("nps", 8, Some(8))], None),
            (
                "the longest counts",
                vec![asked("ces", 80, Some(80)), asked("nps", 2, None), asked("ces", 85, Some(84))],
                Some((Refusal::Answered, 10)),
            ),
            (
                "and the last of two",
                vec![asked("nps", 5, None), asked("nps", 3, None)],
                Some((Refusal::Other, 4)),
            ),
        ] {
            let found = rest(Recontact::default(), "ces", NOW, &memory(&history));
            let expected = expected.map(|(refusal, days): (Refusal, i64)| (refusal, NOW + days * DAY_MS));
            assert_eq!(found, expected, "{name}");
        }
        let none = Recontact { answered_days: 0, dismissed_days: 0, other_days: 0 };
        assert_eq!(rest(none, "ces", NOW, &memory(&[asked("ces", 0, Some(0))])), None, "no budget");
    }
}
