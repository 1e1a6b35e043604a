//! Marks: what was improved, and from which day on, so that scores before and after can be told apart.

use parere_shared::time::Millis;

/// Most marks of a site: one a week for four years, and more than anybody sees in a trend.
pub const MARKS_MAX: usize = 200;

/// Most characters of a mark: a line under a chart.
pub const MARK_CHARS_MAX: usize = 200;

/// An improvement to what a survey asks about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What it is called by: `mrk_…`.
    pub id: String,
    /// Slug of the survey.
    pub survey: String,
    /// The touchpoint that it is about; `None` for all of the survey.
    pub touchpoint: Option<String>,
    /// The first local day on which it held, since 1970-01-01.
    pub day: i32,
    /// What was done.
    pub text: String,
    /// Who noted it.
    pub made_by: String,
    /// When it was noted.
    pub created_at: Millis,
}
