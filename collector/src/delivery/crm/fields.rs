//! What we know of an answer, by the names that a mapping uses.

use std::collections::BTreeMap;

use crate::store::Row;

/// Every name: a metric and what is known of its latest answer.
pub const CRM_FIELDS: [&str; 9] = [
    "nps_score",
    "nps_comment",
    "nps_date",
    "csat_score",
    "csat_comment",
    "csat_date",
    "ces_score",
    "ces_comment",
    "ces_date",
];

/// Each under its own name: what is written where nobody says otherwise.
pub fn usual_fields() -> BTreeMap<String, String> {
    CRM_FIELDS.map(|name| (name.to_owned(), name.to_owned())).into()
}

/// What an answer that was given on `day` writes, by the names of the CRM.
///
/// An answer without a comment clears the one before: a score beside the words of another answer would tell a lie.
pub(super) fn properties(
    row: &Row,
    day: &str,
    fields: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let known = [
        ("score", row.score.to_string()),
        ("comment", row.comment.clone().unwrap_or_default()),
        ("date", day.to_owned()),
    ];
    let named = known.into_iter().filter_map(|(what, value)| {
        let name = fields.get(&format!("{}_{what}", row.metric.as_str()))?;
        Some((name.clone(), value))
    });
    named.collect()
}
