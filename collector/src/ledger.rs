//! What became of questions, in memory until the next write: many beacons, few rows.
//!
//! An event is a number and no answer: what a crash takes from here is lost, and nobody is told that it is stored.
//! It is written every [`WRITE_EVERY`] seconds, before a funnel is read here, and when the process ends.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::store::{Event, Store, StoreError};

/// How often it is written: a few dozen rows, whatever the number of page views.
pub const WRITE_EVERY: Duration = Duration::from_secs(5);

/// Most different events that wait, about 200 bytes each; further ones are dropped, and those that wait go on counting.
const EVENTS_MAX: usize = 20_000;

/// Events that wait, with their numbers.
#[derive(Debug, Default)]
pub struct Ledger(Mutex<HashMap<Event, u64>>);

impl Ledger {
    /// Counts each of `events` once; says how many of them were dropped.
    pub fn add(&self, events: Vec<Event>) -> u64 {
        events.into_iter().map(|event| put(&mut self.waiting(), event, 1)).sum()
    }

    /// Writes what waits; what could not be written now waits again, and what the store refuses is lost.
    pub async fn write(&self, store: &dyn Store) -> Result<(), StoreError> {
        let counts: Vec<_> = std::mem::take(&mut *self.waiting()).into_iter().collect();
        if counts.is_empty() {
            return Ok(());
        }
        let counts: Arc<[(Event, u64)]> = counts.into();
        let written = store.count_events(Arc::clone(&counts)).await;
        if let Err(StoreError::Unavailable(_)) = &written {
            let mut waiting = self.waiting();
            for (event, n) in counts.iter() {
                put(&mut waiting, event.clone(), *n);
            }
        }
        written
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<Event, u64>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says how many were dropped.
fn put(waiting: &mut HashMap<Event, u64>, event: Event, n: u64) -> u64 {
    if waiting.len() >= EVENTS_MAX && !waiting.contains_key(&event) {
        return n;
    }
    *waiting.entry(event).or_default() += n;
    0
}

#[cfg(test)]
mod tests {
    use parere_shared::event::EventKind;

    use super::*;

    fn event(day: usize) -> Event {
        Event {
            site: "pk_demo".into(),
            survey: "nps".into(),
            day: i32::try_from(day).unwrap(),
            kind: EventKind::Shown,
            instrument: String::new(),
            channel: "inline",
            locale: "it".into(),
            device: "phone",
            touchpoint: String::new(),
        }
    }

    #[test]
    fn what_waits_is_bounded_and_goes_on_counting() {
        let ledger = Ledger::default();
        assert_eq!(ledger.add((0..EVENTS_MAX).map(event).collect()), 0);
        assert_eq!(ledger.add(vec![event(EVENTS_MAX), event(0), event(EVENTS_MAX + 1)]), 2);
        let waiting = ledger.waiting();
        assert_eq!((waiting.len(), waiting[&event(0)], waiting[&event(1)]), (EVENTS_MAX, 2, 1));
    }
}
