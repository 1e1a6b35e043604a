//! What a hook into a CRM knows besides its address.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a CRM is spoken to; kept as JSON beside its hook.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crm {
    /// What opens the merchant's account there: it is shown to nobody again.
    pub token: String,
    /// The attribute of an answer in which the e-mail address of who gave it stands.
    pub contact: String,
    /// What we know of an answer (`nps_score`) and how the property is called there; what is missing is not written.
    pub fields: BTreeMap<String, String>,
    /// Where tickets are made for unhappy answers.
    pub ticket: Option<TicketPlace>,
    /// The custom event that is sent for each answer.
    pub event: Option<String>,
}

/// A step of a pipeline of tickets, both by their ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketPlace {
    /// Which pipeline.
    pub pipeline: String,
    /// Which of its stages.
    pub stage: String,
}

/// The token is nothing for a log.
impl std::fmt::Debug for Crm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Crm").field("fields", &self.fields).finish_non_exhaustive()
    }
}
