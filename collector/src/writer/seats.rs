//! Places in the queue, so that one hammered site cannot take them all.

use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::metrics::gauge::Gauge;

use crate::tally::Tally;

/// Places in the queue by site.
#[derive(Debug)]
pub(super) struct Seats {
    taken: Mutex<Tally<String>>,
    of_one_max: usize,
    waiting: Gauge,
}

/// A place that is taken until it is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Arc<Seats>,
    site: String,
}

impl Seats {
    /// Half of `queue_len` for each site: the other half is for the others.
    pub(super) fn new(queue_len: usize, waiting: Gauge) -> Self {
        Self { taken: Mutex::default(), of_one_max: queue_len.div_ceil(2), waiting }
    }

    /// A place for an answer to `site`; `None` when it has its share.
    pub(super) fn take(seats: &Arc<Self>, site: &str) -> Option<Seat> {
        let mut taken = seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if !taken.add(site.into(), seats.of_one_max) {
            return None;
        }
        seats.waiting.inc();
        Some(Seat { seats: Arc::clone(seats), site: site.into() })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        self.seats.waiting.dec();
        taken.remove(&self.site);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_has_half_the_queue_and_gives_it_back() {
        let seats = Arc::new(Seats::new(5, Gauge::default()));
        let take = |site| Seats::take(&seats, site);
        let mut here: Vec<_> = (0..3).map(|_| take("pk_a").unwrap()).collect();
        assert!(take("pk_a").is_none());
        let there = take("pk_b").unwrap();
        assert_eq!(seats.waiting.get(), 4);
        here.pop();
        assert!(take("pk_a").is_some());
        drop((here, there));
        assert_eq!(seats.taken.lock().unwrap().kinds(), 0, "nobody is remembered who has left");
        assert_eq!(seats.waiting.get(), 0);
    }
}
