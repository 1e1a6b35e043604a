//! Who looks at a site now, and hears when something is stored there.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use tokio::sync::watch;

/// Sites that somebody looks at, with everybody who does.
#[derive(Debug, Default)]
pub struct Live(RwLock<HashMap<String, Vec<watch::Sender<()>>>>);

impl Live {
    /// From now on the receiver hears of every change of the sites; who drops it hears no more.
    pub fn watch<'a>(&self, sites: impl IntoIterator<Item = &'a str>) -> watch::Receiver<()> {
        let mut watched = self.0.write().unwrap_or_else(PoisonError::into_inner);
        watched.retain(|_, viewers| {
            viewers.retain(|viewer| viewer.receiver_count() > 0);
            !viewers.is_empty()
        });
        let (viewer, changes) = watch::channel(());
        for site in sites {
            watched.entry(site.into()).or_default().push(viewer.clone());
        }
        changes
    }

    /// Something of the site has changed.
    pub fn tell(&self, site: &str) {
        let watched = self.0.read().unwrap_or_else(PoisonError::into_inner);
        for viewer in watched.get(site).into_iter().flatten() {
            viewer.send_replace(());
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
        let (here, there, both) = (live.watch(["pk_a"]), live.watch(["pk_b"]), live.watch(["pk_a", "pk_b"]));
        live.tell("pk_a");
        assert!(here.has_changed().unwrap() && !there.has_changed().unwrap() && both.has_changed().unwrap());
        drop((here, there, both));
        let _again = live.watch(["pk_a"]);
        let watched = live.0.read().unwrap();
        assert_eq!((watched.len(), watched["pk_a"].len()), (1, 1));
    }
}
