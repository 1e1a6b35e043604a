//! How fast the help desk is, and what that does to scores.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use parere_shared::score::State as Told;
use parere_shared::speed::{Bucket, Quantile, Share, Speed};
use parere_shared::time::{DAY_MS, Millis};

use super::figure::{metric_name, unit};
use super::numerals::Numerals;
use super::survey::Segment;
use super::window::{Choice, Window};
use super::{Frame, render};
use crate::app::App;
use crate::auth::{ADMIN, May, READ};
use crate::catalogue::SiteEntry;
use crate::error::ApiError;
use crate::routes::query::{Asked, refuse_any};
use crate::scoreboard::{By, Point};
use crate::speed::{self, Clock, ScoreBySpeed, SlowTicket, SpeedBoard, WaitCount};

mod trend;

use trend::Trend;

#[derive(Template)]
#[template(path = "dashboard/speed.html")]
struct Page {
    frame: Frame,
    site: String,
    site_name: String,
    words: String,
    choices: Vec<Choice>,
    dates: [String; 2],
    /// The period in an address, without the clock.
    query: String,
    is_business: bool,
    headlines: Vec<Headline>,
    trends: Vec<Trend>,
    spreads: Vec<SpreadTable>,
    scores: Vec<Scores>,
    slow: Vec<SlowRow>,
    /// Tickets that do not count, in a sentence; empty where all do.
    excluded: String,
    is_empty: bool,
    /// May whoever reads this connect a help desk?
    may_connect: bool,
}

/// A figure with its name in full.
struct Headline {
    name: &'static str,
    /// None where too few tickets say anything.
    value: Option<String>,
    sentence: String,
    also: Vec<String>,
}

/// How long one of the waits was, of how many.
struct SpreadTable {
    name: &'static str,
    column: &'static str,
    rows: Vec<SpreadRow>,
}

/// How many waits were so long.
struct SpreadRow {
    name: &'static str,
    n: String,
    share: String,
    /// Length of the bar, percent.
    length: u64,
}

/// A survey's scores by how soon somebody replied.
struct Scores {
    survey: String,
    metric: &'static str,
    rows: Vec<Segment>,
}

/// A ticket of an unhappy customer.
struct SlowRow {
    ticket: String,
    response: String,
    survey: String,
    score: i32,
    first_response: String,
    resolution: String,
}

/// The page.
pub(super) async fn page(
    State(app): State<App>,
    May { scope, site, caller }: May<READ>,
    numerals: Numerals,
    asked: Asked,
) -> Result<Response, ApiError> {
    let mut found = Vec::new();
    let now = app.clock.now();
    let window = Window::of(&asked, &site, now, &mut found);
    refuse_any(found)?;
    let clock = asked.get("clock").and_then(Clock::parse).unwrap_or(Clock::Calendar);
    let by = match window.grains().last() {
        Some(By::Month) if window.grains().len() == 1 => By::Month,
        _ => By::Week,
    };
    let board = speed::board(&*app.store, &scope, &site, window.period, (clock, by), now).await?;
    let says = Says { numerals: &numerals, clock };
    render(&Page {
        frame: Frame::of(&app, &caller),
        site: site.site.key.clone(),
        site_name: site.site.name.clone(),
        choices: window.choices(),
        dates: window.dates(),
        query: window.query(),
        is_business: clock == Clock::Business,
        headlines: says.headlines(&board),
        trends: trend::of(&board, &window, by, &says)?,
        spreads: says.spreads(&board),
        scores: board.score_by_speed.iter().filter_map(|scores| says.scores(&site, scores)).collect(),
        slow: board.slow_and_unhappy.iter().map(|slow| says.slow(slow)).collect(),
        excluded: says.excluded(board.excluded),
        is_empty: board.tickets == 0,
        may_connect: caller.rights_at(&site.site.key).has(ADMIN),
        words: window.words,
    })
}

/// Puts figures into words.
struct Says<'a> {
    numerals: &'a Numerals,
    clock: Clock,
}

impl Says<'_> {
    /// `25 min`, `5 h 20 min`, `3 d 4 h`; business hours are never days.
    fn length(&self, ms: Millis) -> String {
        let minutes = u64::try_from(ms / 60_000).unwrap_or(0);
        let (days, hours) = match self.clock {
            Clock::Calendar if ms >= 2 * DAY_MS => (minutes / 1_440, minutes / 60 % 24),
            _ => (0, minutes / 60),
        };
        let n = |n| self.numerals.count(n);
        match (days, hours, minutes % 60) {
            (0, 0, minutes) => format!("{} min", n(minutes)),
            (0, hours, 0) => format!("{} h", n(hours)),
            (0, hours, minutes) => format!("{} h {} min", n(hours), n(minutes)),
            (days, 0, _) => format!("{} d", n(days)),
            (days, hours, _) => format!("{} d {} h", n(days), n(hours)),
        }
    }

    fn tickets(&self, n: u64) -> String {
        if n == 1 {
            format!("{} ticket", self.numerals.count(n))
        } else {
            format!("{} tickets", self.numerals.count(n))
        }
    }

    fn headlines(&self, board: &SpeedBoard) -> Vec<Headline> {
        let (response, resolution) = (&board.first_response_time, &board.time_to_resolution);
        let first = &board.time_to_first_resolution.all;
        let mut solved =
            self.wait("Time to resolution", &resolution.all, &resolution.closed, "not solved yet");
        if let (Some(_), Some(ms)) = (&solved.value, first.median.ms.filter(|_| first != &resolution.all)) {
            solved.also.push(format!(
                "To the first solution, whether it held or not, half wait no longer than {}; likely {}.",
                self.length(ms),
                self.range(first.median)
            ));
        }
        vec![
            self.wait("First response time", &response.all, &response.closed, "waiting for a first reply"),
            solved,
            self.share(
                "First-contact resolution",
                &board.first_contact_resolution,
                "solved by one reply and for three days",
            ),
            self.share("Opened again", &board.reopened, "solved at least once"),
        ]
    }

    fn wait(&self, name: &'static str, all: &Speed, closed: &Speed, open: &str) -> Headline {
        if let Some(sentence) = self.too_few(all.state, all.n) {
            return Headline { name, value: None, sentence, also: Vec::new() };
        }
        let value = all.median.ms.map(|ms| self.length(ms));
        let early = if all.state == Told::Early { "Early: half" } else { "Half" };
        let sentence = match value {
            Some(_) => format!(
                "{early} wait no longer; likely {}. From {}.",
                self.range(all.median),
                self.tickets(all.n)
            ),
            None => format!(
                "Too many of {} are still {open} to say how long half of them wait.",
                self.tickets(all.n)
            ),
        };
        let mut also = Vec::new();
        if let Some(ms) = all.p90.ms {
            also.push(format!(
                "Nine of ten wait no longer than {}; likely {}.",
                self.length(ms),
                self.range(all.p90)
            ));
        }
        if all.open > 0 {
            also.push(format!(
                "{} {open}: they count with the time they have waited so far.",
                self.tickets(all.open)
            ));
            if let Some(ms) = closed.median.ms {
                also.push(format!("Without them, half wait no longer than {}.", self.length(ms)));
            }
        }
        Headline { name, value, sentence, also }
    }

    fn share(&self, name: &'static str, share: &Share, of: &str) -> Headline {
        if let Some(sentence) = self.too_few(share.state, share.n) {
            return Headline { name, value: None, sentence, also: Vec::new() };
        }
        let percent = |value: f64| format!("{} %", self.numerals.decimal(value, 0));
        let likely = share.interval.map_or_else(String::new, |interval| {
            format!("Likely between {} and {}. ", percent(interval.low), percent(interval.high))
        });
        let part = self.numerals.count(share.part);
        let sentence = format!("{likely}{part} of {}: {of}.", self.tickets(share.n));
        Headline { name, value: share.share.map(percent), sentence, also: Vec::new() }
    }

    fn too_few(&self, state: Told, n: u64) -> Option<String> {
        match state {
            Told::None | Told::Hidden if n > 0 => Some(format!(
                "{} so far; a figure is shown from {} that are over.",
                self.tickets(n),
                self.numerals.count(10)
            )),
            Told::None | Told::Hidden => Some("No tickets yet.".into()),
            Told::Early | Told::Ok => None,
        }
    }

    fn range(&self, quantile: Quantile) -> String {
        let low = self.length(quantile.low_ms);
        match quantile.high_ms {
            Some(high) => format!("between {low} and {}", self.length(high)),
            None => format!("{low} or more"),
        }
    }

    fn spreads(&self, board: &SpeedBoard) -> Vec<SpreadTable> {
        let told = [
            ("How soon somebody first replied", "First reply", &board.first_replies),
            ("How soon it was solved", "Solved", &board.solutions),
        ];
        let table = |(name, column, spread): (_, _, &Vec<WaitCount>)| {
            let all: u64 = spread.iter().map(|same| same.n).sum();
            let row = |same: &WaitCount| SpreadRow {
                name: same.bucket.words(),
                n: self.numerals.count(same.n),
                share: self.numerals.share(same.n, all),
                length: same.n * 100 / all.max(1),
            };
            SpreadTable { name, column, rows: spread.iter().map(row).collect() }
        };
        told.into_iter().map(table).collect()
    }

    fn scores(&self, site: &SiteEntry, scores: &ScoreBySpeed) -> Option<Scores> {
        let survey = &site.survey(&scores.survey)?.survey;
        let unit = unit(survey.metric, &survey.scale, self.numerals);
        let point = |(key, n, score, interval): (Bucket, _, _, _)| Point {
            key: key.words().into(),
            n,
            n_effective: None,
            score,
            interval,
        };
        let told = scores.buckets.iter().filter(|bucket| bucket.n > 0);
        let points = told.map(|bucket| point((bucket.bucket, bucket.n, bucket.score, bucket.interval)));
        let rows = points.map(|point| Segment::of(&point, survey.metric, &unit)).collect();
        Some(Scores { survey: scores.survey.clone(), metric: metric_name(survey.metric), rows })
    }

    fn slow(&self, slow: &SlowTicket) -> SlowRow {
        let resolution = self.length(slow.resolution_ms);
        SlowRow {
            ticket: slow.ticket.clone(),
            response: slow.response.clone(),
            survey: slow.survey.clone(),
            score: slow.score,
            first_response: slow.first_response_ms.map_or_else(|| "none".into(), |ms| self.length(ms)),
            resolution: if slow.is_solved { resolution } else { format!("open for {resolution}") },
        }
    }

    fn excluded(&self, n: u64) -> String {
        match n {
            0 => String::new(),
            n => format!(
                "Not counted: {} that were merged, spam, deleted or begun by the desk.",
                self.tickets(n)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::numerals;
    use super::*;

    #[test]
    fn lengths_are_as_exact_as_they_need_to_be() {
        let numerals = numerals::tests::of("en");
        for (minutes, calendar, business) in [
            (0, "0 min", "0 min"),
            (25, "25 min", "25 min"),
            (60, "1 h", "1 h"),
            (320, "5 h 20 min", "5 h 20 min"),
            (1_500, "25 h", "25 h"),
            (2_880, "2 d", "48 h"),
            (4_570, "3 d 4 h", "76 h 10 min"),
        ] {
            let length = |clock| Says { numerals: &numerals, clock }.length(minutes * 60_000);
            assert_eq!((&*length(Clock::Calendar), &*length(Clock::Business)), (calendar, business));
        }
    }
}
