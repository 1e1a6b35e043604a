//! Schemas of what is written otherwise than it is kept: here as it is written.

use utoipa::ToSchema;

/// One field that broke one rule.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct Violation {
    /// Path of the field: `score`, `attributes.plan`, `follow_ups[1].from`.
    field: String,
    /// Stable name of the rule.
    code: Code,
    /// The rule, for people.
    message: String,
}

/// The rules a field can break.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(missing_docs, reason = "`violation::Rule` says what they mean")]
pub enum Code {
    Missing,
    Type,
    Empty,
    TooLong,
    TooMany,
    OutOfRange,
    Format,
    ControlCharacter,
    Unknown,
    Contradiction,
}

/// How many answers have one score.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its schema is used")]
pub struct Frequency {
    /// The score.
    score: i32,
    /// Answers.
    n: u64,
}
