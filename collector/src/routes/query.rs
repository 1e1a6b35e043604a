//! The query of a request, as texts by name.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use parere_shared::violation::{Rule, Violation};

use crate::app::App;
use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::error::ApiError;
use crate::period::Period;

/// Parameters of a query; an empty one is as good as none, the last of several counts.
pub struct Asked(BTreeMap<String, String>);

impl Asked {
    /// The text of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// The period from `from` to `to`, in the site's own time zone.
    pub fn period(&self, site: &SiteEntry, found: &mut Vec<Violation>) -> Period {
        let period = Period::parse(self.get("from"), self.get("to"), &site.zone);
        period.unwrap_or_else(|broken| {
            found.extend(broken);
            Period::default()
        })
    }

    /// The survey named by `survey`, if any is; one that the site does not have is an error.
    pub fn survey<'a>(&self, site: &'a SiteEntry) -> Result<Option<&'a SurveyEntry>, ApiError> {
        let Some(slug) = self.get("survey") else { return Ok(None) };
        site.survey(slug).map(Some).ok_or(NO_SUCH_SURVEY)
    }

    /// Is a switch on? `1` is on, `0` is off.
    pub fn switch(&self, name: &str, found: &mut Vec<Violation>) -> bool {
        let text = self.get(name).unwrap_or("0");
        if !matches!(text, "0" | "1") {
            found.push(Violation::new(name, Rule::Format("0 or 1")));
        }
        text == "1"
    }
}

/// The answer to a slug that the site does not have.
pub const NO_SUCH_SURVEY: ApiError = ApiError::NotFound("The site has no such survey.");

/// Goes on only if nothing was found wrong; else everything is said at once.
pub fn refuse_any(found: Vec<Violation>) -> Result<(), ApiError> {
    if found.is_empty() { Ok(()) } else { Err(ApiError::Invalid(found)) }
}

impl FromRequestParts<App> for Asked {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ApiError> {
        let pairs = Query::<Vec<(String, String)>>::from_request_parts(parts, app).await;
        let Query(pairs) = pairs.map_err(|_| ApiError::Malformed(Vec::new()))?;
        Ok(Self(pairs.into_iter().collect()))
    }
}
