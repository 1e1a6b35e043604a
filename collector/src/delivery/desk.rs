//! Where those who store something ring, so that the courier need not wait for the next sweep.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

/// Sites at which something may be due; there are never more of them than sites.
#[derive(Debug, Default)]
pub struct Desk {
    sites: Mutex<BTreeSet<String>>,
    bell: Notify,
}

impl Desk {
    /// Something of a site may be due.
    pub fn ring(&self, site: &str) {
        let mut sites = self.sites.lock().unwrap_or_else(PoisonError::into_inner);
        if !sites.contains(site) {
            sites.insert(site.into());
        }
        drop(sites);
        self.bell.notify_one();
    }

    /// Waits until somebody rings, or has rung since the last time.
    pub(super) async fn rung(&self) {
        self.bell.notified().await;
    }

    /// The sites for which somebody has rung.
    pub(super) fn take(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.sites.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
