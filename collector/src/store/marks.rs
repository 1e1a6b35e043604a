//! Marks on trends: one more set of verbs, the same for every back end.

use super::back_end::{BackEnd, verbs};
use super::mark::Mark;
use crate::auth::SiteScope;

/// The verbs on marks; comes from `marks` of a store.
#[derive(Debug, Clone, Copy)]
pub struct Marks<'a>(pub(super) BackEnd<'a>);

verbs! { Marks:
    /// The marks of a site, or of one of its surveys, the earliest day first.
    marks(scope: &SiteScope, survey: Option<&str>) -> Vec<Mark>;
    /// Adds a mark; once more adds nothing.
    add_mark(scope: &SiteScope, mark: &Mark) -> ();
    /// Removes a mark; `false` if there is none.
    remove_mark(scope: &SiteScope, mark: &str) -> bool;
}
