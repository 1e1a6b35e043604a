//! What has happened in the demo shop, day by day: the same for the same seed and days.

use std::ops::Range;

use anyhow::Context as _;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use parere_shared::response::Channel;
use parere_shared::time::Millis;

use super::calendar::{self, Calendar};
use super::comment::Comments;
use super::dice::Dice;
use super::order::Orders;
use super::shopper::{self, MadeUp, Moment};
use super::survey::{self, Past, Wordings};
use super::ticket;
use crate::catalogue::{SiteEntry, date_of};
use crate::store::SurveyWrite;

/// How often each survey is answered, of a hundred answers.
const SHARES: [(usize, u16); 3] = [(0, 45), (1, 25), (2, 30)];

/// What is to be made up.
#[derive(Debug, Clone)]
pub struct Wish {
    /// How many answers.
    pub responses: u32,
    /// What chance starts from.
    pub seed: u64,
    /// The first local day and the one after the last, since 1970-01-01; at least four weeks.
    pub days: Range<i32>,
}

/// A past, day by day.
#[derive(Debug)]
pub struct History {
    surveys: [Past; 3],
    zone: TimeZone,
    calendar: Calendar,
    comments: Comments,
    seed: u64,
    /// First moment that has not happened yet.
    until: Millis,
    orders: Orders,
    shares: std::vec::IntoIter<(i32, u32)>,
    /// Answers so far.
    n: u32,
}

impl History {
    /// Of `site`, which is the demo shop with its surveys; fails in a sentence where that was changed too much.
    pub fn new(site: &SiteEntry, wish: &Wish) -> anyhow::Result<Self> {
        let past = |ours: parere_shared::survey::Survey| {
            let entry = site.survey(&ours.slug);
            let entry =
                entry.with_context(|| format!("the demo shop has no survey {} any more", ours.slug))?;
            survey::past_of(&ours, &entry.survey)
        };
        let [nps, ces, csat] = super::surveys();
        let calendar = Calendar::new(wish.days.clone());
        let until = moment(&site.zone, wish.days.end, 0);
        Ok(Self {
            surveys: [past(nps)?, past(ces)?, past(csat)?],
            zone: site.zone.clone(),
            shares: calendar.shares(wish.responses, wish.seed).into_iter(),
            calendar,
            comments: Comments::read()?,
            seed: wish.seed,
            until,
            orders: Orders::of(wish, until),
            n: 0,
        })
    }

    /// What has to be written before answers can name their instruments: surveys in all languages, and with their past.
    pub fn preparations(site: &SiteEntry, wish: &Wish, now: Millis) -> Vec<SurveyWrite> {
        let reworded = Calendar::new(wish.days.clone()).reworded;
        let wordings = Wordings {
            before: moment(&site.zone, wish.days.start, 0),
            anew: moment(&site.zone, reworded, 0),
        };
        let ours = super::surveys().into_iter().filter_map(|ours| site.survey(&ours.slug));
        ours.flat_map(|entry| survey::prepared(entry, wordings, now)).collect()
    }

    fn day(&mut self, day: i32, count: u32) -> Vec<MadeUp> {
        let mut dice = Dice::of_day(self.seed, day);
        // What the calendar has drawn for this day is not drawn again.
        dice.draw();
        let mut all: Vec<MadeUp> = (0..count).map(|_| self.answer(day, &mut dice)).collect();
        all.sort_by_key(received);
        all
    }

    fn answer(&mut self, day: i32, dice: &mut Dice) -> MadeUp {
        let wanted = shopper::channel(dice);
        let in_town = if wanted == Channel::Kiosk { calendar::moment_in_town(day, dice) } else { None };
        let channel = if wanted == Channel::Kiosk && in_town.is_none() { Channel::Inline } else { wanted };
        let since_midnight_ms = in_town.unwrap_or_else(|| calendar::moment(dice));
        let survey = &self.surveys[dice.pick(&SHARES)];
        let moment = Moment {
            at: moment(&self.zone, day, since_midnight_ms),
            progress: self.calendar.progress(day),
            couriers: self.calendar.couriers(day),
            asked: survey.asked(day < self.calendar.reworded),
            channel,
            n: self.n,
        };
        let mut answer = shopper::answer(&moment, &self.comments, dice);
        let scale = &moment.asked.scale;
        let score = answer.revisions.first().map_or(scale.min, |(_, response)| response.score);
        let goodness = f64::from(score - scale.min) / f64::from(scale.max - scale.min);
        answer.tickets = ticket::tie(&mut answer, goodness, self.n, self.seed, self.until);
        answer.order = self.orders.behind(&answer, self.n);
        self.n += 1;
        answer
    }
}

impl Iterator for History {
    type Item = Vec<MadeUp>;

    /// The answers of the next day, in the order in which they were received.
    fn next(&mut self) -> Option<Self::Item> {
        let (day, count) = self.shares.next()?;
        Some(self.day(day, count))
    }
}

/// A time of day in the shop's zone; where a clock change leaves it out, the one that stands in for it.
fn moment(zone: &TimeZone, day: i32, since_midnight_ms: u32) -> Millis {
    let midnight = DateTime::from_parts(date_of(day), jiff::civil::Time::midnight());
    let local = midnight.saturating_add(jiff::SignedDuration::from_millis(since_midnight_ms.into()));
    // Only where the calendar ends has a local time no moment.
    local.to_zoned(zone.clone()).map_or(0, |zoned| zoned.timestamp().as_millisecond())
}

/// When it first arrived.
fn received(answer: &MadeUp) -> Millis {
    answer.revisions.first().map_or(0, |(received, _)| *received)
}
