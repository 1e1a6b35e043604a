//! What `parere doctor` asks a store: does it hold what it should, and is it well?

use super::Flags;

/// The recount of one survey ($2) of one site ($1) beside its daily counts, where they differ; one text for every store.
/// Days before the one up to which answers were retired are left out.
///
/// One statement sees one state, so answers may keep coming in.
pub(super) fn recount_sql() -> String {
    let (included, excluding, forgotten) = (Flags::INCLUDED.0, Flags::EXCLUDING.0, Flags::FORGOTTEN.0);
    // Days of which answers were retired have their counts alone.
    let from_day = "(SELECT retired_to_day FROM sites WHERE site = $1)";
    let by = |dimension: &str, value: &str| {
        format!(
            "SELECT '{dimension}' AS dimension, day, {value} AS value, instrument, score, per_mille FROM answers WHERE reason = ''"
        )
    };
    let counted = [
        by("all", "''"),
        by("channel", "channel"),
        by("device", "device"),
        by("locale", "counted_locale"),
        by("touchpoint", "counted_touchpoint"),
        by("commented", "channel") + " AND is_commented",
        "SELECT 'excluded', day, reason, instrument, score, per_mille FROM answers WHERE reason <> ''".into(),
    ];
    format!(
        "WITH answers AS (
           SELECT day, instrument, score, counted_per_mille AS per_mille, counted_locale, counted_touchpoint,
             coalesce(channel, '') AS channel, coalesce(device, '') AS device,
             comment IS NOT NULL OR (flags & {forgotten}) <> 0 AS is_commented,
             CASE WHEN test THEN 'test'
               WHEN (flags & {included}) = 0 AND (flags & {excluding}) <> 0 THEN 'flagged'
               ELSE '' END AS reason
           FROM responses WHERE site = $1 AND survey = $2 AND day >= {from_day}),
         counted AS ({}),
         both_sides AS (
           SELECT dimension, day, value, instrument, score, per_mille, count(*) AS n, 0 AS stored
           FROM counted GROUP BY dimension, day, value, instrument, score, per_mille
           UNION ALL
           SELECT dimension, day, value, instrument, score, per_mille, 0, n
           FROM daily_counts WHERE site = $1 AND survey = $2 AND day >= {from_day})
         SELECT dimension, value, day, score, per_mille, CAST(sum(n) AS BIGINT), CAST(sum(stored) AS BIGINT)
         FROM both_sides GROUP BY dimension, day, value, instrument, score, per_mille
         HAVING sum(n) <> sum(stored) ORDER BY 1, 2, 3, 4, 5",
        counted.join(" UNION ALL ")
    )
}

/// A daily count that is not what its answers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miscount {
    /// What it is told apart by, and its value there.
    pub key: (String, String),
    /// Local day, since 1970-01-01.
    pub day: i32,
    /// The score.
    pub score: i32,
    /// Chance of having been asked, in thousandths.
    pub per_mille: i32,
    /// Answers there are.
    pub answers: i64,
    /// What the count says.
    pub counted: i64,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// In a word: `integrity`, `space`.
    pub subject: &'static str,
    /// What was seen.
    pub seen: String,
    /// What to do, where something is wrong; in a sentence.
    pub advice: Option<&'static str>,
}

impl Finding {
    /// Something that is as it should be.
    pub(super) fn fine(subject: &'static str, seen: impl Into<String>) -> Self {
        Self { subject, seen: seen.into(), advice: None }
    }

    /// The same, unless `is_wrong`: then `advice` says what to do.
    #[must_use]
    pub(super) fn unless(self, is_wrong: bool, advice: &'static str) -> Self {
        Self { advice: is_wrong.then_some(advice), ..self }
    }
}
