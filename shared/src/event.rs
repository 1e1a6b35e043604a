//! What becomes of a question before, and without, an answer: counted, never stored one by one.

use serde::{Serialize, Serializer};

/// What happened to a question on a page. Answers and comments are counted from the answers themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(rename_all = "lowercase"))]
pub enum EventKind {
    /// Every rule let it pass, what it waited for had happened, and it was drawn.
    Eligible,
    /// Half of it came into view; of one behind a tab, it was opened.
    Shown,
    /// A point was touched, or a comment was begun.
    Started,
    /// It was sent away without an answer.
    Dismissed,
    /// The link under the thanks was followed: to tell others, or to a review site.
    Clicked,
}

impl EventKind {
    /// All of them, in the order in which they happen.
    pub const ALL: [Self; 5] = [Self::Eligible, Self::Shown, Self::Started, Self::Dismissed, Self::Clicked];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Eligible => "eligible",
            Self::Shown => "shown",
            Self::Started => "started",
            Self::Dismissed => "dismissed",
            Self::Clicked => "clicked",
        }
    }

    /// Reads the name on the wire.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl Serialize for EventKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
