//! Where the prompt stands on the page.

use serde::{Deserialize, Serialize};

/// How the prompt joins the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Placement {
    /// In the page, in its own slot.
    #[default]
    Inline,
    /// In a corner of the window; from below on a phone.
    Popover,
    /// Across the top or the bottom of the window.
    Bar,
    /// Behind a tab at the side; it opens on demand and so does not count as asking.
    Tab,
}

/// Corner, edge or side of the window; *start* is left where one writes from left to right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Bottom corner at the end of a line.
    #[default]
    BottomEnd,
    /// Bottom corner at the start of a line.
    BottomStart,
    /// Top corner at the end of a line.
    TopEnd,
    /// Top corner at the start of a line.
    TopStart,
    /// Bottom edge.
    Bottom,
    /// Top edge.
    Top,
    /// Side at the end of a line.
    End,
    /// Side at the start of a line.
    Start,
}

impl Position {
    /// The name on the wire and in the stylesheet.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BottomEnd => "bottom_end",
            Self::BottomStart => "bottom_start",
            Self::TopEnd => "top_end",
            Self::TopStart => "top_start",
            Self::Bottom => "bottom",
            Self::Top => "top",
            Self::End => "end",
            Self::Start => "start",
        }
    }
}

impl Placement {
    /// Where it stands unless the merchant says otherwise.
    pub fn usual_position(self) -> Position {
        match self {
            Self::Inline | Self::Popover => Position::BottomEnd,
            Self::Bar => Position::Bottom,
            Self::Tab => Position::End,
        }
    }

    /// Can it stand there?
    pub fn fits(self, position: Position) -> bool {
        use Position::{Bottom, BottomEnd, BottomStart, End, Start, Top, TopEnd, TopStart};
        match self {
            Self::Inline => false,
            Self::Popover => matches!(position, BottomEnd | BottomStart | TopEnd | TopStart),
            Self::Bar => matches!(position, Bottom | Top),
            Self::Tab => matches!(position, End | Start),
        }
    }
}
