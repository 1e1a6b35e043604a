use parere_shared::response::ResponseId;
use parere_shared::speed::HOUR_MS;
use parere_shared::survey::Survey;
use serde_json::json;

use super::*;
use crate::store::TicketEvent;
use crate::store::TicketEvent::{AgentReplied, Created, Merged, Reopened, Solved};

/// Monday, 2 November 2026, 09:00 UTC.
const MONDAY: Millis = 1_793_610_000_000;

fn ticket(id: &str, source: &str, happened: &[(i64, TicketEvent)]) -> Ticket {
    let happened = happened.iter().map(|&(hours, event)| (MONDAY + hours * HOUR_MS, event)).collect();
    Ticket { id: id.into(), source: source.into(), happened, ..Ticket::default() }
}

fn csat() -> SurveyEntry {
    let survey: Survey = serde_json::from_value(json!({
        "slug": "support", "metric": "csat", "languages": ["en"],
        "scale": {"min": 1, "max": 5, "polarity": "high_is_good", "look": "stars"},
    }))
    .unwrap();
    let instruments = [survey.instrument("en")].map(|shown| (shown.id(), shown)).into();
    SurveyEntry::new(survey, instruments, Vec::new())
}

fn answer(n: u64, score: i32, ticket: Option<&str>, subject: Option<u8>, hours: i64) -> Rated {
    Rated {
        id: ResponseId::new(n, &[0; 10]),
        instrument: csat().instrument("en"),
        score,
        per_mille: 1000,
        received_at: MONDAY + hours * HOUR_MS,
        subject: subject.map(|of| [of; 32]),
        ticket: ticket.map(Into::into),
    }
}

fn board(tickets: &[Ticket], rated: Vec<Rated>, schedule: Option<&Schedule>, at: i64) -> SpeedBoard {
    let entry = csat();
    let rated = [(&entry, rated)];
    let (now, zone) = (MONDAY + at * HOUR_MS, &TimeZone::UTC);
    let hours = schedule.map(|schedule| (schedule, zone));
    SpeedBoard::of(&Heap { tickets, rated: &rated, hours, zone, now, by: By::Week })
}

#[test]
fn tickets_are_counted_and_told_by_week() {
    let tickets = [
        ticket("1", "a", &[(0, Created), (1, AgentReplied), (1, Solved)]),
        ticket("2", "a", &[(0, Created), (30, AgentReplied), (31, Solved), (40, Reopened)]),
        ticket("3", "a", &[(168, Created)]),
        ticket("4", "a", &[(0, Created), (1, Merged)]),
    ];
    let found = board(&tickets, Vec::new(), None, 200);
    assert_eq!((found.clock, found.tickets, found.excluded), (Clock::Calendar, 3, 1));
    let response = &found.first_response_time;
    assert_eq!((response.all.n, response.all.open, response.closed.n), (3, 1, 2));
    assert_eq!(response.all.median.ms, Some(30 * HOUR_MS));
    assert_eq!((found.time_to_resolution.all.open, found.time_to_first_resolution.all.open), (2, 1));
    assert_eq!((found.first_contact_resolution.part, found.first_contact_resolution.n), (1, 2));
    assert_eq!((found.reopened.part, found.reopened.n), (1, 2));
    let spread = |of: &[WaitCount]| of.iter().map(|same| same.n).collect::<Vec<_>>();
    assert_eq!(spread(&found.first_replies), [0, 1, 0, 1, 0]);
    assert_eq!(spread(&found.solutions), [0, 1, 0, 0, 0], "what was opened again is not solved");
    let weeks: Vec<_> =
        found.series.iter().map(|point| (point.key.as_str(), point.time_to_resolution.n)).collect();
    assert_eq!(weeks, [("2026-W45", 2), ("2026-W46", 1)]);
}

#[test]
fn business_hours_leave_the_night_out() {
    // From Monday 16:00 to Tuesday 10:00: an hour on one day and one on the next.
    let tickets = [ticket("1", "a", &[(7, Created), (25, AgentReplied), (25, Solved)])];
    let found = board(&tickets, Vec::new(), Some(&Schedule::default()), 48);
    assert_eq!(found.clock, Clock::Business);
    assert_eq!(found.first_response_time.all.median.ms, Some(2 * HOUR_MS));
    assert_eq!(found.time_to_resolution.closed.median.ms, Some(2 * HOUR_MS));
}

#[test]
fn answers_find_their_tickets_by_name_or_customer() {
    let mut known = ticket("2", "a", &[(10, Created), (40, AgentReplied), (90, Solved)]);
    known.subject = Some((MONDAY, [5; 32]));
    let mut earlier = ticket("3", "a", &[(0, Created), (9, AgentReplied)]);
    earlier.subject = known.subject;
    let tickets = [
        ticket("1", "a", &[(0, Created), (0, AgentReplied), (2, Solved)]),
        known,
        earlier,
        ticket("9", "a", &[(0, Created), (0, AgentReplied)]),
        ticket("9", "b", &[(0, Created), (0, AgentReplied)]),
    ];
    let answers = vec![
        answer(1, 5, Some("1"), None, 3),
        // The latest of theirs before the answer.
        answer(2, 1, None, Some(5), 91),
        answer(3, 2, None, Some(5), 9),
        answer(4, 1, None, Some(5), 31 * 24 + 11),
        answer(5, 1, Some("nothing"), Some(5), 91),
        answer(6, 1, Some("9"), None, 91),
        Rated { instrument: "another".into(), ..answer(7, 1, Some("1"), None, 3) },
    ];
    let found = board(&tickets, answers, None, 100);
    let [scores] = &*found.score_by_speed else { panic!("{:?}", found.score_by_speed) };
    assert_eq!((scores.survey.as_str(), scores.n), ("support", 3));
    let by_bucket: Vec<_> = scores.buckets.iter().map(|bucket| (bucket.n, bucket.score)).collect();
    assert_eq!(by_bucket, [(1, Some(100.0)), (0, None), (1, Some(0.0)), (1, Some(0.0)), (0, None)]);
    let slow: Vec<_> = found
        .slow_and_unhappy
        .iter()
        .map(|slow| (slow.ticket.as_str(), slow.score, slow.is_solved))
        .collect();
    assert_eq!(slow, [("3", 2, false), ("2", 1, true)]);
}
