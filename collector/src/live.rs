//! Who looks at a site now, and hears when something is stored there.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use tokio::sync::watch;

/// Sites that somebody looks at.
#[derive(Debug, Default)]
pub struct Live(RwLock<HashMap<String, watch::Sender<()>>>);

impl Live {
    /// From now on the receiver hears of every change of the site; who drops it hears no more.
    pub fn watch(&self, site: &str) -> watch::Receiver<()> {
        let mut watched = self.0.write().unwrap_or_else(PoisonError::into_inner);
        watched.retain(|_, changes| changes.receiver_count() > 0);
        watched.entry(site.into()).or_insert_with(|| watch::Sender::new(())).subscribe()
    }

    /// Something of the site has changed.
    pub fn tell(&self, site: &str) {
        let watched = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(changes) = watched.get(site) {
            changes.send_replace(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_who_look_hear_of_their_site_and_nobody_is_remembered() {
        let live = Live::default();
        live.tell("pk_a");
        let (mut here, mut there) = (live.watch("pk_a"), live.watch("pk_b"));
        live.tell("pk_a");
        assert!(here.has_changed().unwrap() && !there.has_changed().unwrap());
        here.mark_unchanged();
        there.mark_unchanged();
        drop((here, there));
        let _again = live.watch("pk_a");
        assert_eq!(live.0.read().unwrap().len(), 1);
    }
}
