//! How many exports are made at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Exports that are made at once, for all sites: each takes its turns at the reading connections, and scores need
/// them, too.
const AT_ONCE_MAX: usize = 8;

/// Of one site: one tenant's exports never keep another from its own.
const OF_SITE_MAX: usize = 4;

/// Who is exporting, by site.
#[derive(Debug, Default)]
pub struct Turns(Arc<Mutex<HashMap<String, usize>>>);

/// The right to make one export; ends when it is dropped.
#[derive(Debug)]
pub struct Turn {
    site: String,
    running: Arc<Mutex<HashMap<String, usize>>>,
}

impl Turns {
    /// A turn for `site`, unless too many have theirs.
    pub fn take(&self, site: &str) -> Option<Turn> {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_site = running.get(site).copied().unwrap_or_default();
        if of_site >= OF_SITE_MAX || running.values().sum::<usize>() >= AT_ONCE_MAX {
            return None;
        }
        running.insert(site.into(), of_site + 1);
        Some(Turn { site: site.into(), running: Arc::clone(&self.0) })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(n) = running.get_mut(&self.site) {
            *n -= 1;
            if *n == 0 {
                running.remove(&self.site);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_site_leaves_room_for_others() {
        let turns = Turns::default();
        let mut taken: Vec<_> = (0..OF_SITE_MAX).map(|_| turns.take("pk_a").unwrap()).collect();
        assert!(turns.take("pk_a").is_none());
        taken.extend((0..OF_SITE_MAX).map(|_| turns.take("pk_b").unwrap()));
        assert!(turns.take("pk_c").is_none(), "all turns are taken");
        taken.remove(0);
        assert!(turns.take("pk_b").is_none(), "it has all of its own");
        taken.push(turns.take("pk_a").unwrap());
        taken.clear();
        assert!(turns.0.lock().unwrap().is_empty(), "nothing is kept of sites that export no more");
    }
}
