//! The test of a hook into a CRM: harmless questions that tell whether answers could be written.

use std::collections::BTreeSet;

use axum::http::Method;

use super::line::{End, Line};
use crate::catalogue::SiteEntry;
use crate::delivery::schedule::Outcome;
use crate::store::WebhookKind;

/// Asks whether the token is good, and whether what is written to is there.
pub(super) async fn check(line: &Line<'_>, site: &SiteEntry) -> End {
    let checked = match line.hook.kind {
        WebhookKind::HubSpot => hubspot(line, site).await,
        _ => line
            .call(Method::GET, "/api/accounts", None)
            .await
            .map(|answer| End { said: "Klaviyo accepts the token.".into(), ..answer.end() }),
    };
    checked.unwrap_or_else(|end| end)
}

async fn hubspot(line: &Line<'_>, site: &SiteEntry) -> Result<End, End> {
    let mut missing = Vec::new();
    for name in properties(line, site) {
        if !is_there(line, &format!("/crm/v3/properties/contacts/{name}")).await? {
            missing.push(format!("the contact property {name}"));
        }
    }
    if let Some(place) = &line.crm.ticket {
        let path = format!("/crm/v3/pipelines/tickets/{}/stages/{}", place.pipeline, place.stage);
        if !is_there(line, &path).await? {
            missing.push("the pipeline or the stage for tickets".into());
        }
    }
    Ok(if missing.is_empty() {
        let said = "HubSpot accepts the token, and what is written to is there.".into();
        End { outcome: Outcome::Taken, status: Some(200), said }
    } else {
        let said = format!("HubSpot does not have {}.", missing.join(", "));
        End { outcome: Outcome::NotTaken, status: Some(404), said }
    })
}

/// Properties that answers to the site's surveys write to; where there are none, one that every account has.
fn properties(line: &Line<'_>, site: &SiteEntry) -> BTreeSet<String> {
    let metrics: BTreeSet<&str> = site.surveys.iter().map(|entry| entry.survey.metric.as_str()).collect();
    let is_asked = |field: &str| metrics.contains(field.split('_').next().unwrap_or_default());
    let fields = line.crm.fields.iter().filter(|(field, _)| is_asked(field));
    let mut names: BTreeSet<String> = fields.map(|(_, name)| name.clone()).collect();
    if names.is_empty() {
        names.insert("email".into());
    }
    names
}

async fn is_there(line: &Line<'_>, path: &str) -> Result<bool, End> {
    match line.call(Method::GET, path, None).await {
        Ok(_) => Ok(true),
        Err(End { status: Some(404), .. }) => Ok(false),
        Err(end) => Err(end),
    }
}
