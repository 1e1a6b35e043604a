//! What is published about the speed of a site's help desk, from its tickets and the answers to them.

use std::collections::{BTreeMap, HashMap};

use jiff::tz::TimeZone;
use parere_shared::score::{self, Counts, Interval, State};
use parere_shared::speed::hours::Schedule;
use parere_shared::speed::{self, Bucket, Share, Speed, Wait};
use parere_shared::survey::Metric;
use parere_shared::time::{DAY_MS, Millis};
use serde::Serialize;
use utoipa::ToSchema;

use super::clocks::Clocks;
use crate::catalogue::{SurveyEntry, day_of};
use crate::scoreboard::{By, is_on_scale};
use crate::store::{Rated, Ticket};

/// Longest time between a ticket and an answer of the same customer that names none: after a month it is about
/// something else.
pub(super) const TIED_MS_MAX: Millis = 30 * DAY_MS;

/// Most slow tickets of unhappy customers that are named: as many as somebody goes through in one sitting.
const SLOW_MAX: usize = 20;

/// Which time counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Clock {
    /// All of it.
    Calendar,
    /// That in which somebody is at the desk.
    Business,
}

impl Clock {
    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "calendar" => Some(Self::Calendar),
            "business" => Some(Self::Business),
            _ => None,
        }
    }
}

/// How fast a help desk is: tickets that began in a period, until now.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpeedBoard {
    /// Which time counts.
    pub clock: Clock,
    /// Tickets that count.
    pub tickets: u64,
    /// Tickets that do not: merged, spam, deleted, begun by the desk, or of which nobody knows when they began.
    pub excluded: u64,
    /// From the question to the first reply of a person.
    pub first_response_time: Told,
    /// From the question to the first solution, whether it held or not.
    pub time_to_first_resolution: Told,
    /// From the question to the solution that held.
    pub time_to_resolution: Told,
    /// Tickets that one reply solved, and that stayed solved for 72 hours; of those that have had the time to.
    pub first_contact_resolution: Share,
    /// Tickets that were opened again, of those that were ever solved.
    pub reopened: Share,
    /// How many got their first reply how soon.
    pub first_replies: Vec<WaitCount>,
    /// How many were solved how soon, as far as they still are.
    pub solutions: Vec<WaitCount>,
    /// The waits by the week or month in which the tickets began.
    pub series: Vec<SpeedPoint>,
    /// What customers said, by how soon somebody replied.
    pub score_by_speed: Vec<ScoreBySpeed>,
    /// Of the customers in the lowest band: those who waited longest for a solution.
    pub slow_and_unhappy: Vec<SlowTicket>,
}

/// A wait, told twice.
#[derive(Debug, Serialize, ToSchema)]
pub struct Told {
    /// With the open ones, which have lasted until now: the one to go by.
    pub all: Speed,
    /// Of the others alone.
    pub closed: Speed,
}

/// How many waits were how long.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WaitCount {
    /// How long.
    pub bucket: Bucket,
    /// Tickets.
    pub n: u64,
}

/// The waits of a week or month.
#[derive(Debug, Serialize, ToSchema)]
pub struct SpeedPoint {
    /// Week (`2026-W47`) or month (`2026-11`).
    pub key: String,
    /// From the question to the first reply.
    pub first_response_time: Speed,
    /// From the question to the solution that held.
    pub time_to_resolution: Speed,
}

/// What a survey's answers say, by how soon the first reply came.
#[derive(Debug, Serialize, ToSchema)]
pub struct ScoreBySpeed {
    /// Slug of the survey.
    pub survey: String,
    /// What is measured.
    pub metric: Metric,
    /// Answers that name a ticket of the period, or come from its customer within 30 days.
    pub n: u64,
    /// The scores, the fastest first.
    pub buckets: Vec<BucketScore>,
}

/// The score of those who waited so long.
#[derive(Debug, Serialize, ToSchema)]
pub struct BucketScore {
    /// How long.
    pub bucket: Bucket,
    /// Answers.
    pub n: u64,
    /// Their score, in the survey's unit.
    #[schema(required)]
    pub score: Option<f64>,
    /// How sure it is.
    #[schema(required)]
    pub interval: Option<Interval>,
    /// Whether it is fit to be shown.
    pub state: State,
}

/// A ticket whose customer was unhappy.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SlowTicket {
    /// Where it was heard of.
    pub source: String,
    /// What the help desk calls it.
    pub ticket: String,
    /// The survey that was answered.
    pub survey: String,
    /// The answer.
    pub response: String,
    /// Its score.
    pub score: i32,
    /// From the question to the first reply; none without one.
    #[schema(required)]
    pub first_response_ms: Option<Millis>,
    /// From the question to the solution, or until now.
    pub resolution_ms: Millis,
    /// Is it solved?
    pub is_solved: bool,
}

/// What a board is made of.
pub struct Heap<'a> {
    /// Tickets that began in the period.
    pub tickets: &'a [Ticket],
    /// Surveys and the answers to them that could be about one of the tickets.
    pub rated: &'a [(&'a SurveyEntry, Vec<Rated>)],
    /// When somebody is at the desk, and by the clock of which zone; none where all time counts.
    pub hours: Option<(&'a Schedule, &'a TimeZone)>,
    /// The site's, by whose days tickets are put into weeks.
    pub zone: &'a TimeZone,
    /// Until when open tickets have lasted.
    pub now: Millis,
    /// Weeks or months.
    pub by: By,
}

/// A ticket that counts, with its waits.
struct Timed<'a> {
    ticket: &'a Ticket,
    clocks: Clocks,
    first_response: Option<Wait>,
    first_resolution: Wait,
    resolution: Wait,
}

impl SpeedBoard {
    /// Makes a board.
    pub fn of(heap: &Heap<'_>) -> Self {
        let timed = timed(heap);
        let of =
            |wait: fn(&Timed<'_>) -> Option<Wait>| -> Vec<Wait> { timed.iter().filter_map(wait).collect() };
        let responses = of(|timed| timed.first_response);
        let contacts = timed.iter().filter_map(|timed| timed.clocks.is_solved_at_first_contact(heap.now));
        let contacts: Vec<bool> = contacts.collect();
        let solved = timed.iter().filter(|timed| timed.clocks.first_solved.is_some());
        let reopenings: Vec<bool> = solved.map(|timed| timed.clocks.reopenings > 0).collect();
        let resolutions = of(|timed| Some(timed.resolution));
        let ties = Ties::of(&timed);
        // Of one of which only the customer is known, nobody knows what became of it.
        let happened = heap.tickets.iter().filter(|ticket| !ticket.happened.is_empty()).count();
        Self {
            clock: if heap.hours.is_some() { Clock::Business } else { Clock::Calendar },
            tickets: timed.len() as u64,
            excluded: (happened - timed.len()) as u64,
            first_response_time: Told::of(&responses),
            time_to_first_resolution: Told::of(&of(|timed| Some(timed.first_resolution))),
            time_to_resolution: Told::of(&resolutions),
            first_contact_resolution: share(&contacts),
            reopened: share(&reopenings),
            first_replies: spread(&responses),
            solutions: spread(&resolutions),
            series: series(&timed, heap),
            score_by_speed: heap
                .rated
                .iter()
                .map(|(entry, rated)| ScoreBySpeed::of(entry, rated, &timed, &ties))
                .collect(),
            slow_and_unhappy: slow_and_unhappy(heap.rated, &timed, &ties),
        }
    }
}

impl Told {
    fn of(waits: &[Wait]) -> Self {
        Self { all: speed::with_open(waits), closed: speed::closed(waits) }
    }
}

fn timed<'a>(heap: &Heap<'a>) -> Vec<Timed<'a>> {
    let clocks = |ticket: &'a Ticket| Some((ticket, Clocks::of(ticket)?));
    let counted: Vec<_> = heap.tickets.iter().filter_map(clocks).collect();
    let first = counted.iter().map(|(_, clocks)| clocks.created).min().unwrap_or(heap.now);
    let opening = heap.hours.map(|(schedule, zone)| schedule.between(first, heap.now, zone));
    let length =
        |from: Millis, to: Millis| opening.as_ref().map_or(to - from, |opening| opening.ms(from, to));
    let now = heap.now;
    let timed = counted.into_iter().map(|(ticket, clocks)| Timed {
        ticket,
        clocks,
        first_response: clocks.first_response(now, length),
        first_resolution: clocks.first_resolution(now, length),
        resolution: clocks.resolution(now, length),
    });
    timed.collect()
}

/// Those of the waits that are over.
fn spread(waits: &[Wait]) -> Vec<WaitCount> {
    let of = |bucket| {
        let same = waits.iter().filter(|wait| wait.is_over && Bucket::of(wait.ms) == bucket);
        WaitCount { bucket, n: same.count() as u64 }
    };
    Bucket::ALL.map(of).into()
}

fn share(of: &[bool]) -> Share {
    speed::share(of.iter().filter(|is_so| **is_so).count() as u64, of.len() as u64)
}

fn series(timed: &[Timed<'_>], heap: &Heap<'_>) -> Vec<SpeedPoint> {
    let mut parts: BTreeMap<String, (Vec<Wait>, Vec<Wait>)> = BTreeMap::new();
    for ticket in timed {
        let Some(key) = heap.by.key_of_day(day_of(ticket.clocks.created, heap.zone)) else { continue };
        let (responses, resolutions) = parts.entry(key).or_default();
        responses.extend(ticket.first_response);
        resolutions.push(ticket.resolution);
    }
    let point = |(key, (responses, resolutions)): (String, (Vec<Wait>, Vec<Wait>))| SpeedPoint {
        key,
        first_response_time: speed::with_open(&responses),
        time_to_resolution: speed::with_open(&resolutions),
    };
    parts.into_iter().map(point).collect()
}

/// By what answers find their tickets.
struct Ties<'a> {
    /// None where two desks have one of that name: nobody knows which is meant.
    by_id: HashMap<&'a str, Option<usize>>,
    by_subject: HashMap<[u8; 32], Vec<usize>>,
    created: Vec<Millis>,
}

impl<'a> Ties<'a> {
    fn of(timed: &[Timed<'a>]) -> Self {
        let mut ties = Self { by_id: HashMap::new(), by_subject: HashMap::new(), created: Vec::new() };
        for (place, timed) in timed.iter().enumerate() {
            ties.by_id.entry(&timed.ticket.id).and_modify(|known| *known = None).or_insert(Some(place));
            if let Some((_, subject)) = timed.ticket.subject {
                ties.by_subject.entry(subject).or_default().push(place);
            }
            ties.created.push(timed.clocks.created);
        }
        ties
    }

    /// The ticket that an answer is about: the one it names, or the latest of its customer's in the 30 days before it.
    fn ticket(&self, rated: &Rated) -> Option<usize> {
        if let Some(id) = &rated.ticket {
            return self.by_id.get(id.as_str()).copied().flatten();
        }
        let began = |place: &usize| self.created.get(*place).copied().unwrap_or_default();
        let theirs = self.by_subject.get(&rated.subject?)?.iter();
        let near = theirs.filter(|place| (0..=TIED_MS_MAX).contains(&(rated.received_at - began(place))));
        near.max_by_key(|place| began(place)).copied()
    }
}

impl ScoreBySpeed {
    fn of(entry: &SurveyEntry, rated: &[Rated], timed: &[Timed<'_>], ties: &Ties<'_>) -> Self {
        let (metric, scale) = (entry.survey.metric, &entry.survey.scale);
        let mut heaps: BTreeMap<Bucket, Vec<(i32, u16, u64)>> = BTreeMap::new();
        let mut n = 0;
        for answer in rated.iter().filter(|answer| is_on_scale(entry, &answer.instrument)) {
            let Some(ticket) = ties.ticket(answer).and_then(|place| timed.get(place)) else { continue };
            let Some(wait) = ticket.first_response.filter(|wait| wait.is_over) else { continue };
            heaps.entry(Bucket::of(wait.ms)).or_default().push((answer.score, answer.per_mille, 1));
            n += 1;
        }
        let score = |bucket| {
            let counts: Counts = heaps.remove(&bucket).unwrap_or_default().into_iter().collect();
            let found = score::summarize(metric, scale, &counts);
            BucketScore {
                bucket,
                n: found.n,
                score: found.score,
                interval: found.interval,
                state: found.state,
            }
        };
        Self { survey: entry.survey.slug.clone(), metric, n, buckets: Bucket::ALL.map(score).into() }
    }
}

fn slow_and_unhappy(
    rated: &[(&SurveyEntry, Vec<Rated>)],
    timed: &[Timed<'_>],
    ties: &Ties<'_>,
) -> Vec<SlowTicket> {
    let mut found = Vec::new();
    for (entry, rated) in rated {
        let (metric, scale) = (entry.survey.metric, &entry.survey.scale);
        let [.., worst] = score::Band::all(metric);
        let is_unhappy = |answer: &&Rated| {
            is_on_scale(entry, &answer.instrument) && score::Band::of(metric, scale, answer.score) == worst
        };
        for answer in rated.iter().filter(is_unhappy) {
            let Some(slow) = ties.ticket(answer).and_then(|place| timed.get(place)) else { continue };
            found.push(SlowTicket {
                source: slow.ticket.source.clone(),
                ticket: slow.ticket.id.clone(),
                survey: entry.survey.slug.clone(),
                response: answer.id.encode(),
                score: answer.score,
                first_response_ms: slow.first_response.filter(|wait| wait.is_over).map(|wait| wait.ms),
                resolution_ms: slow.resolution.ms,
                is_solved: slow.resolution.is_over,
            });
        }
    }
    found.sort_by(|one, other| {
        (other.resolution_ms, &one.response).cmp(&(one.resolution_ms, &other.response))
    });
    found.truncate(SLOW_MAX);
    found
}

#[cfg(test)]
mod tests;
