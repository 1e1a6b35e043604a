//! Whether what was sent about a site makes sense; every violation is listed.

use parere_shared::limit::TEXT_CHARS_MAX;
use parere_shared::text;
use parere_shared::violation::{Rule, Violation};

use super::{CasesIn, RetentionIn, SiteIn};
use crate::catalogue::zone_name;
use crate::origin::OriginRule;
use crate::retention::{DAYS_MAX, DAYS_MIN};
use crate::store::{CASE_HOURS, CASE_HOURS_MAX, Retention, Site};

/// Most origins of a site: a shop with all its languages and stages; the list is looked through for each answer.
pub const ORIGINS_MAX: usize = 100;

/// What a new site shall be.
#[derive(Debug)]
pub(super) struct Wishes {
    pub(super) key: Option<String>,
    pub(super) name: String,
    pub(super) zone: String,
    pub(super) origins: Vec<OriginRule>,
    pub(super) consent_needed: bool,
    pub(super) retention: Retention,
    pub(super) case_hours: Option<u32>,
}

/// Checks a new site. Its days begin in UTC and answers come from our own pages, unless it says otherwise.
pub(super) fn new_site(sent: SiteIn) -> Result<Wishes, Vec<Violation>> {
    let mut found = Vec::new();
    if sent.site.as_deref().is_some_and(|key| !text::is_site_key(key)) {
        let rule = Rule::Format("pk_ and up to 61 lower-case letters, digits or underscores");
        found.push(Violation::new("site", rule));
    }
    if sent.name.is_none() {
        found.push(Violation::new("name", Rule::Missing));
    }
    let name = sent.name.map(|name| checked_name(name, &mut found)).unwrap_or_default();
    let zone = sent.zone.map_or_else(|| "UTC".into(), |zone| checked_zone(&zone, &mut found));
    let origins =
        sent.origins.map_or_else(|| vec![OriginRule::Own], |origins| checked_origins(&origins, &mut found));
    let consent_needed = sent.consent_needed.unwrap_or(false);
    let retention = checked_retention(&sent.retention.unwrap_or_default(), &mut found);
    let case_hours = sent.cases.map_or(Some(CASE_HOURS), |cases| checked_case_hours(&cases, &mut found));
    if found.is_empty() {
        Ok(Wishes { key: sent.site, name, zone, origins, consent_needed, retention, case_hours })
    } else {
        Err(found)
    }
}

/// Checks a change to a site, and makes it.
pub(crate) fn changed_site(sent: SiteIn, old: &Site) -> Result<Site, Vec<Violation>> {
    let mut found = Vec::new();
    if sent.site.is_some_and(|key| key != old.key) {
        found.push(Violation::new(
            "site",
            Rule::Contradiction("never changes: it stands in the shop's pages"),
        ));
    }
    let changed = Site {
        name: sent.name.map_or_else(|| old.name.clone(), |name| checked_name(name, &mut found)),
        zone: sent.zone.map_or_else(|| old.zone.clone(), |zone| checked_zone(&zone, &mut found)),
        origins: sent
            .origins
            .map_or_else(|| old.origins.clone(), |origins| checked_origins(&origins, &mut found)),
        consent_needed: sent.consent_needed.unwrap_or(old.consent_needed),
        retention: sent.retention.map_or(old.retention, |sent| checked_retention(&sent, &mut found)),
        case_hours: sent.cases.map_or(old.case_hours, |sent| checked_case_hours(&sent, &mut found)),
        ..old.clone()
    };
    if found.is_empty() { Ok(changed) } else { Err(found) }
}

/// How long a site shall keep what it is sent.
pub(in crate::routes) fn checked_retention(sent: &RetentionIn, found: &mut Vec<Violation>) -> Retention {
    for (field, days) in
        [("retention.comments_days", sent.comments_days), ("retention.responses_days", sent.responses_days)]
    {
        if days.is_some_and(|days| !(DAYS_MIN..=DAYS_MAX).contains(&days)) {
            let rule = Rule::OutOfRange { min: DAYS_MIN.into(), max: DAYS_MAX.into() };
            found.push(Violation::new(field, rule));
        }
    }
    Retention { comments_days: sent.comments_days, responses_days: sent.responses_days }
}

/// Hours until a case is due.
pub(in crate::routes) fn checked_case_hours(sent: &CasesIn, found: &mut Vec<Violation>) -> Option<u32> {
    if sent.due_hours.is_some_and(|hours| !(1..=CASE_HOURS_MAX).contains(&hours)) {
        let rule = Rule::OutOfRange { min: 1, max: CASE_HOURS_MAX.into() };
        found.push(Violation::new("cases.due_hours", rule));
    }
    sent.due_hours
}

fn checked_name(name: String, found: &mut Vec<Violation>) -> String {
    if name.trim().is_empty() {
        found.push(Violation::new("name", Rule::Empty));
    }
    if name.chars().count() > TEXT_CHARS_MAX {
        found.push(Violation::new("name", Rule::TooLong { max: TEXT_CHARS_MAX }));
    }
    if text::has_control(&name) {
        found.push(Violation::new("name", Rule::ControlCharacter));
    }
    name
}

fn checked_zone(zone: &str, found: &mut Vec<Violation>) -> String {
    zone_name(zone).unwrap_or_else(|rule| {
        found.push(Violation::new("zone", rule));
        String::new()
    })
}

fn checked_origins(origins: &[String], found: &mut Vec<Violation>) -> Vec<OriginRule> {
    if origins.len() > ORIGINS_MAX {
        found.push(Violation::new("origins", Rule::TooMany { max: ORIGINS_MAX }));
        return Vec::new();
    }
    let mut rules = Vec::with_capacity(origins.len());
    for (i, origin) in origins.iter().enumerate() {
        match origin.parse() {
            Ok(rule) => rules.push(rule),
            Err(_) => found.push(Violation::new(format!("origins[{i}]"), ORIGIN)),
        }
    }
    rules
}

const ORIGIN: Rule = Rule::Format("self, *, or an origin such as https://shop.example (a port may be *)");

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(json: serde_json::Value) -> SiteIn {
        serde_json::from_value(json).unwrap()
    }

    fn fields(found: &[Violation]) -> Vec<(&str, &str)> {
        found.iter().map(|violation| (violation.field.as_str(), violation.rule.code())).collect()
    }

    #[test]
    fn a_new_site_needs_a_name_only() {
        let wishes = new_site(sent(serde_json::json!({"name": "Bottega"}))).unwrap();
        assert_eq!((wishes.zone.as_str(), wishes.origins, wishes.key), ("UTC", vec![OriginRule::Own], None));
    }

    #[test]
    fn every_violation_is_listed() {
        let bad = sent(serde_json::json!({
            "site": "PK", "name": " ", "zone": "Mars/Base", "origins": ["self", "shop.example", "*", "x"],
            "retention": {"comments_days": 7, "responses_days": 8}, "cases": {"due_hours": 0},
        }));
        let found = new_site(bad).unwrap_err();
        assert_eq!(
            fields(&found),
            [
                ("site", "format"),
                ("name", "empty"),
                ("zone", "format"),
                ("origins[1]", "format"),
                ("origins[3]", "format"),
                ("retention.comments_days", "out_of_range"),
                ("cases.due_hours", "out_of_range")
            ]
        );
        assert_eq!(fields(&new_site(SiteIn::default()).unwrap_err()), [("name", "missing")]);
    }

    #[test]
    fn a_change_keeps_what_is_not_sent() {
        let old = Site {
            key: "pk_a".into(),
            name: "A".into(),
            zone: "UTC".into(),
            origins: vec![OriginRule::Any],
            consent_needed: false,
            retention: Retention::default(),
            case_hours: Some(5),
            secret: [7; 32],
            created_at: 5,
        };
        let changed = changed_site(sent(serde_json::json!({"zone": "europe/rome"})), &old).unwrap();
        assert_eq!(changed, Site { zone: "Europe/Rome".into(), ..old.clone() });
        let found = changed_site(sent(serde_json::json!({"site": "pk_b"})), &old).unwrap_err();
        assert_eq!(fields(&found), [("site", "contradiction")]);
    }
}
