//! Connections of sites: one more set of verbs, the same for every back end.

use parere_shared::time::Millis;

use super::back_end::{BackEnd, verbs};
use super::source::{Source, SourceName};
use crate::auth::SiteScope;

/// The verbs on inbound connections; comes from `sources` of a store.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a>(pub(super) BackEnd<'a>);

verbs! { Sources:
    /// Connections of a site, by name.
    sources(scope: &SiteScope) -> Vec<Source>;
    /// One of them.
    source(scope: &SiteScope, name: SourceName) -> Option<Source>;
    /// Connects a source, or gives it another secret; then it is as one that was never heard.
    put_source(scope: &SiteScope, source: &Source) -> ();
    /// Ends a connection; `false` if there is none.
    remove_source(scope: &SiteScope, name: SourceName) -> bool;
    /// A message of it was accepted.
    note_heard(scope: &SiteScope, name: SourceName, at: Millis) -> ();
    /// A message that came in its name was refused.
    note_refused(scope: &SiteScope, name: SourceName, at: Millis, why: &str) -> ();
}
