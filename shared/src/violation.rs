//! Bad input as data: which field broke which rule.
//!
//! The rule is a value and its words are made only where a person reads them,
//! so the widget can check answers without carrying any text formatting.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct as _, Serializer};

/// One field that broke one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Path of the field: `score`, `attributes.plan`, `follow_ups[1].from`.
    pub field: String,
    /// What it broke.
    pub rule: Rule,
}

/// The rules a field can break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// The field is required and absent.
    Missing,
    /// Another JSON type was expected: "a string".
    Type(&'static str),
    /// The text is empty.
    Empty,
    /// More characters than allowed.
    TooLong {
        /// Most characters allowed.
        max: usize,
    },
    /// More entries than allowed.
    TooMany {
        /// Most entries allowed.
        max: usize,
    },
    /// A number outside its range, both ends allowed.
    OutOfRange {
        /// Smallest allowed.
        min: i64,
        /// Largest allowed.
        max: i64,
    },
    /// Not in the expected form: "a `UUIDv7`".
    Format(&'static str),
    /// Contains control characters other than newline and tab.
    ControlCharacter,
    /// Names something that does not exist: "a language of this survey".
    Unknown(&'static str),
    /// Contradicts another field; says how.
    Contradiction(&'static str),
}

impl Violation {
    /// A violation of `rule` by `field`.
    pub fn new(field: impl Into<String>, rule: Rule) -> Self {
        Self { field: field.into(), rule }
    }
}

impl Rule {
    /// Stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Type(_) => "type",
            Self::Empty => "empty",
            Self::TooLong { .. } => "too_long",
            Self::TooMany { .. } => "too_many",
            Self::OutOfRange { .. } => "out_of_range",
            Self::Format(_) => "format",
            Self::ControlCharacter => "control_character",
            Self::Unknown(_) => "unknown",
            Self::Contradiction(_) => "contradiction",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("is required"),
            Self::Type(expected) | Self::Format(expected) => write!(f, "must be {expected}"),
            Self::Empty => f.write_str("must not be empty"),
            Self::TooLong { max } => write!(f, "must have at most {max} characters"),
            Self::TooMany { max } => write!(f, "must have at most {max} entries"),
            Self::OutOfRange { min, max } => write!(f, "must be a whole number from {min} to {max}"),
            Self::ControlCharacter => f.write_str("must not contain control characters"),
            Self::Unknown(what) => write!(f, "is not {what}"),
            Self::Contradiction(how) => f.write_str(how),
        }
    }
}

/// On the wire: `{"field": …, "code": …, "message": …}`.
impl Serialize for Violation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Violation", 3)?;
        object.serialize_field("field", &self.field)?;
        object.serialize_field("code", self.rule.code())?;
        object.serialize_field("message", &format!("{} {}", self.field, self.rule))?;
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_reads_as_a_sentence() {
        let violation = Violation::new("score", Rule::OutOfRange { min: 0, max: 10 });
        assert_eq!(
            serde_json::to_value(&violation).unwrap(),
            serde_json::json!({
                "field": "score",
                "code": "out_of_range",
                "message": "score must be a whole number from 0 to 10",
            })
        );
    }
}
