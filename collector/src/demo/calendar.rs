//! When made-up answers come: more from week to week, by the day of the week and the hour, and one week goes wrong.

use std::ops::Range;

use super::dice::Dice;

/// How much busier the last day is than the first.
const GROWTH: f64 = 0.9;

/// How far a day may stray from what is expected of it.
const STRAY: f64 = 0.08;

/// What a day of the week weighs, from Monday: shops on the web are busiest on Sunday and Monday.
const WEEKDAYS: [f64; 7] = [1.12, 1.02, 1.0, 0.97, 0.9, 0.84, 1.15];

/// What an hour of the day weighs, from midnight: a little at lunch, most in the evening.
const HOURS: [f64; 24] = [
    12.0, 6.0, 3.0, 2.0, 2.0, 4.0, 12.0, 26.0, 38.0, 46.0, 52.0, 54.0, 60.0, 64.0, 56.0, 50.0, 50.0, 54.0,
    60.0, 68.0, 84.0, 96.0, 72.0, 34.0,
];

/// When the shop in town is open: hours of the day, and not on Sundays.
const OPEN: Range<usize> = 10..19;

/// What happened on which day; days are local dates since 1970-01-01.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Calendar {
    /// The first day, and the one after the last.
    pub(super) days: Range<i32>,
    /// The week in which the couriers were late.
    pub(super) late: Range<i32>,
    /// From this day on the question of the survey `nps` is worded as today.
    pub(super) reworded: i32,
}

/// Where a day stands with regard to the week that went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Couriers {
    /// Nothing unusual.
    Fine,
    /// Parcels are late.
    Late,
    /// Parcels come, and people still speak of it.
    Mending,
}

impl Calendar {
    /// Of `days`, at least four weeks. The question changes on a Monday a third down the way, and a whole week,
    /// from Monday on, goes wrong in the second half.
    pub(super) fn new(days: Range<i32>) -> Self {
        let len = days.end - days.start;
        let monday_after = |day: i32| day + (7 - weekday(day)) % 7;
        let late = monday_after(days.start + len * 11 / 20);
        Self { late: late..late + 7, reworded: monday_after(days.start + len / 3), days }
    }

    /// How many of `n` answers come on each day; all of them in all.
    pub(super) fn shares(&self, n: u32, seed: u64) -> Vec<(i32, u32)> {
        let len = f64::from(self.days.end - self.days.start);
        let weight = |day: i32| {
            let grown = 1.0 + GROWTH * f64::from(day - self.days.start) / len;
            let strayed = 1.0 + STRAY * (2.0 * Dice::of_day(seed, day).share() - 1.0);
            weekday_weight(day) * grown * strayed
        };
        let total: f64 = self.days.clone().map(weight).sum();
        let (mut reached, mut given) = (0.0, 0);
        let share = |day: i32| {
            reached += weight(day);
            let due = if day + 1 == self.days.end { n } else { whole(f64::from(n) * reached / total).min(n) };
            let share = due - given;
            given = due;
            (day, share)
        };
        self.days.clone().map(share).collect()
    }

    /// How it stands with the couriers on `day`.
    pub(super) fn couriers(&self, day: i32) -> Couriers {
        match day - self.late.start {
            0..7 => Couriers::Late,
            7..12 => Couriers::Mending,
            _ => Couriers::Fine,
        }
    }

    /// How far down the way `day` is, from 0 up to 1.
    pub(super) fn progress(&self, day: i32) -> f64 {
        f64::from(day - self.days.start) / f64::from(self.days.end - self.days.start)
    }
}

/// Days since Monday.
pub(super) fn weekday(day: i32) -> i32 {
    // 1970-01-01 was a Thursday.
    (day + 3).rem_euclid(7)
}

/// Milliseconds since midnight of an answer on the web.
pub(super) fn moment(dice: &mut Dice) -> u32 {
    let hour = dice.weighed(HOURS.into_iter());
    within(hour, dice)
}

/// The same in the shop in town; `None` when it is closed on `day`.
pub(super) fn moment_in_town(day: i32, dice: &mut Dice) -> Option<u32> {
    let hours = HOURS.into_iter().enumerate();
    let hour = dice.weighed(hours.map(|(hour, weight)| if OPEN.contains(&hour) { weight } else { 0.0 }));
    let moment = within(hour, dice);
    (weekday(day) != 6).then_some(moment)
}

fn within(hour: usize, dice: &mut Dice) -> u32 {
    const HOUR_MS: u32 = 60 * 60 * 1000;
    // Its last seconds stay free, so that what is sent on a day arrives on that day.
    const LAST_MS: u32 = 10_000;
    u32::try_from(hour).unwrap_or(0) * HOUR_MS + dice.below(HOUR_MS - LAST_MS)
}

fn weekday_weight(day: i32) -> f64 {
    let place = usize::try_from(weekday(day)).unwrap_or(0);
    WEEKDAYS.get(place).copied().unwrap_or(1.0)
}

fn whole(number: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, and `as` saturates"
    )]
    let whole = number as u32;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_has_a_day() {
        for (days, n) in
            [(20_000..20_028, 0), (20_000..20_028, 1), (20_000..20_120, 12_345), (19_000..20_000, 7)]
        {
            let calendar = Calendar::new(days.clone());
            let shares = calendar.shares(n, 7);
            assert!(shares.iter().map(|(day, _)| *day).eq(days));
            assert_eq!(shares.iter().map(|(_, n)| n).sum::<u32>(), n);
            assert_eq!(shares, calendar.shares(n, 7));
        }
    }

    #[test]
    fn what_happens_happens_within_the_days_on_mondays() {
        for len in 28..400 {
            for start in 20_000..20_007 {
                let calendar = Calendar::new(start..start + len);
                assert_eq!((weekday(calendar.late.start), weekday(calendar.reworded)), (0, 0));
                assert!(
                    calendar.reworded > start + 6 && calendar.late.start >= calendar.reworded,
                    "{calendar:?}"
                );
                assert!(calendar.late.end <= start + len, "{calendar:?}");
            }
        }
        // 2026-11-21 was a Saturday.
        assert_eq!(weekday(20_778), 5);
    }

    #[test]
    fn the_shop_in_town_is_open_when_shops_are() {
        let mut dice = Dice::of_day(1, 1);
        let hour = |moment: u32| usize::try_from(moment / 3_600_000).unwrap();
        // A Saturday and the Sunday after it.
        let open: Vec<_> = (0..500).filter_map(|_| moment_in_town(20_778, &mut dice)).map(hour).collect();
        assert!(open.len() == 500 && open.iter().all(|hour| OPEN.contains(hour)));
        assert_eq!(moment_in_town(20_779, &mut dice), None);
    }
}
