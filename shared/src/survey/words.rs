//! The merchant's own words: texts, follow-up questions with choices, thanks with a link.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The merchant's own words in one language; what is absent comes from our [`crate::wording`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Texts {
    /// The question; `{brand}` stands for the survey's brand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    /// Words under the lowest point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<String>,
    /// Words under the highest point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<String>,
    /// The sentence after the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thanks: Option<String>,
}

/// A run of scores that gets its own follow-up question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    /// First score of the band.
    pub from: i32,
    /// Last score of the band.
    pub to: i32,
    /// The follow-up question by language; absent languages use our wording for the band.
    #[serde(default)]
    pub question: BTreeMap<String, String>,
    /// What to choose from, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choices: Option<Choices>,
    /// Is there room for a comment?
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub comment: bool,
}

/// A closed list of reasons under a follow-up question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Choices {
    /// One or several.
    #[serde(default)]
    pub pick: Pick,
    /// What there is to choose.
    pub options: Vec<Choice>,
    /// Is "something else" offered, too? It is stored as `other`, and the comment says what.
    #[serde(default)]
    pub other: bool,
}

/// How many choices may be made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Pick {
    /// At most one.
    One,
    /// Any number.
    #[default]
    Many,
}

/// One of the reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is stored: a slug, the same in every language.
    pub value: String,
    /// What a shopper reads, by language.
    pub label: BTreeMap<String, String>,
}

/// What is said after an answer in a run of scores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Thanks {
    /// First score of the band.
    pub from: i32,
    /// Last score of the band.
    pub to: i32,
    /// The sentence by language; absent languages use the survey's own or ours.
    #[serde(default)]
    pub text: BTreeMap<String, String>,
    /// A way on: to share, to review.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
}

/// A link under the thanks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Where it leads: `https://…`, or a path on the shop's own site.
    pub url: String,
    /// What a shopper reads, by language.
    pub label: BTreeMap<String, String>,
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_yes(yes: &bool) -> bool {
    *yes
}
