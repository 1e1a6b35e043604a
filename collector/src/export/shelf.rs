//! Files that were built, kept for a while: a download that broke off goes on where it was, in the very same file.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use parere_shared::time::Millis;

use super::Built;

/// Most files that are kept; the oldest makes room.
const KEPT_MAX: usize = 8;

/// How long a file is kept: a download manager's retries, and no longer, since what is erased meanwhile is in it.
const KEPT_MS: Millis = 10 * 60 * 1000;

/// Files without names, so that the disk is free again when the process ends, however it ends.
#[derive(Default)]
pub struct Shelf(Mutex<Held>);

#[derive(Default)]
struct Held {
    kept: Vec<Kept>,
    clearings: u64,
}

struct Kept {
    site: String,
    /// Format and filter.
    what: String,
    built: Arc<Built>,
    until: Millis,
}

impl Shelf {
    /// How often something was let go of. Asked for before a file is built.
    pub fn clearings(&self) -> u64 {
        self.held().clearings
    }

    /// Keeps a file in place of an earlier one of the same `what` of the site, unless something was erased since `clearings`
    /// were counted: that may be in it.
    pub fn put(&self, site: &str, what: String, built: Arc<Built>, clearings: u64, now: Millis) {
        let mut held = self.held();
        if held.clearings != clearings {
            return;
        }
        let kept = &mut held.kept;
        kept.retain(|kept| kept.until > now && (kept.site != site || kept.what != what));
        if kept.len() >= KEPT_MAX {
            kept.remove(0);
        }
        kept.push(Kept { site: site.into(), what, built, until: now + KEPT_MS });
    }

    /// The file of `what` of the site, if it is still there.
    pub fn find(&self, site: &str, what: &str, now: Millis) -> Option<Arc<Built>> {
        let kept = &mut self.held().kept;
        kept.retain(|kept| kept.until > now);
        kept.iter().find(|kept| kept.site == site && kept.what == what).map(|kept| Arc::clone(&kept.built))
    }

    /// Lets go of all of a site: something in them was erased.
    pub fn clear(&self, site: &str) {
        let mut held = self.held();
        held.kept.retain(|kept| kept.site != site);
        held.clearings += 1;
    }

    /// Lets go of what is over, so that its room is free again.
    pub fn clear_old(&self, now: Millis) {
        self.held().kept.retain(|kept| kept.until > now);
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::manifest::example;
    use super::*;

    fn built() -> Arc<Built> {
        Arc::new(Built { file: tempfile::tempfile().unwrap(), len: 0, manifest: example() })
    }

    #[test]
    fn files_are_kept_for_a_while_and_a_few_of_them() {
        let shelf = Shelf::default();
        let (first, second) = (built(), built());
        shelf.put("pk_a", "a".into(), Arc::clone(&first), 0, 0);
        assert!(Arc::ptr_eq(&shelf.find("pk_a", "a", KEPT_MS - 1).unwrap(), &first));
        assert!(shelf.find("pk_a", "b", 0).is_none());
        shelf.put("pk_a", "a".into(), Arc::clone(&second), 0, 1);
        assert!(Arc::ptr_eq(&shelf.find("pk_a", "a", 1).unwrap(), &second), "the later one of the same");
        assert_eq!(Arc::strong_count(&first), 1);
        shelf.clear_old(KEPT_MS + 1);
        assert_eq!(Arc::strong_count(&second), 1);
        for n in 0..=KEPT_MAX {
            shelf.put("pk_a", n.to_string(), built(), 0, 0);
        }
        assert!(shelf.find("pk_a", "0", 0).is_none() && shelf.find("pk_a", "1", 0).is_some());
        assert!(shelf.find("pk_b", "1", 0).is_none());
        shelf.put("pk_b", "1".into(), built(), 0, 0);
        let before = shelf.clearings();
        shelf.clear("pk_a");
        assert!(shelf.find("pk_a", "8", 0).is_none() && shelf.find("pk_b", "1", 0).is_some());
        shelf.put("pk_a", "8".into(), built(), before, 0);
        assert!(shelf.find("pk_a", "8", 0).is_none(), "what was erased while it was built may be in it");
    }
}
