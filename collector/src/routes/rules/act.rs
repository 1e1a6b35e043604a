//! What can be done to a rule, by programs and on the dashboard.

use parere_shared::time::Millis;

use crate::app::App;
use crate::auth::{Action, Caller, SiteScope};
use crate::catalogue::SiteEntry;
use crate::error::ApiError;
use crate::random;
use crate::rules::{KeptRule, RULES_MAX, Rule, RuleState};

const NO_SUCH_RULE: ApiError = ApiError::NotFound("The site has no such rule.");

fn named(kept: &KeptRule) -> String {
    format!("{} ({})", kept.rule.name, kept.id)
}

/// Refuses what breaks rules of its own.
pub(super) fn check(rule: &Rule, site: &SiteEntry) -> Result<(), ApiError> {
    let found = rule.violations(|slug| site.survey(slug).is_some());
    if found.is_empty() { Ok(()) } else { Err(ApiError::Invalid(found)) }
}

/// From when on a rule asks that is written at `now`: whoever switches it on, or lets it ask after something else,
/// means what happens from now on.
fn on_since(rule: &Rule, before: Option<&KeptRule>, now: Millis) -> Option<Millis> {
    match (rule.state, before) {
        (RuleState::Off, _) => None,
        (RuleState::On, Some(before)) if before.rule.when == rule.when => before.on_since.or(Some(now)),
        (RuleState::On, _) => Some(now),
    }
}

/// The rule of this id.
pub(in crate::routes) async fn find(app: &App, scope: &SiteScope, id: &str) -> Result<KeptRule, ApiError> {
    let rules = app.store.rules().kept_rules(scope).await?;
    rules.into_iter().find(|kept| kept.id == id).ok_or(NO_SUCH_RULE)
}

/// Makes a rule.
pub(in crate::routes) async fn make(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    site: &SiteEntry,
    rule: Rule,
) -> Result<KeptRule, ApiError> {
    check(&rule, site)?;
    if app.store.rules().kept_rules(scope).await?.len() >= RULES_MAX {
        return Err(ApiError::Conflict("The site has 50 rules; remove one that is not used any more."));
    }
    let now = app.clock.now();
    let kept = KeptRule {
        id: random::token::<6>()?,
        on_since: on_since(&rule, None, now),
        rule,
        version: 1,
        changed_by: caller.who.name(),
        changed_at: now,
    };
    app.store.rules().keep_rule(scope, &kept).await?;
    app.record(&caller.who, Action::RuleCreate, Some(scope.site()), &named(&kept)).await?;
    Ok(kept)
}

/// Puts `rule` in the place of `before`, unless somebody else has done so since that was read.
pub(in crate::routes) async fn change(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    site: &SiteEntry,
    before: &KeptRule,
    rule: Rule,
) -> Result<KeptRule, ApiError> {
    check(&rule, site)?;
    let now = app.clock.now();
    let kept = KeptRule {
        id: before.id.clone(),
        on_since: on_since(&rule, Some(before), now),
        rule,
        version: before.version.saturating_add(1),
        changed_by: caller.who.name(),
        changed_at: now,
    };
    if !app.store.rules().keep_rule(scope, &kept).await? {
        return Err(ApiError::Conflict("Somebody else has changed the rule meanwhile."));
    }
    app.record(&caller.who, Action::RuleChange, Some(scope.site()), &named(&kept)).await?;
    Ok(kept)
}

/// Removes a rule.
pub(in crate::routes) async fn remove(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    kept: &KeptRule,
) -> Result<(), ApiError> {
    if !app.store.rules().remove_rule(scope, &kept.id).await? {
        return Err(NO_SUCH_RULE);
    }
    app.record(&caller.who, Action::RuleRemove, Some(scope.site()), &named(kept)).await
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_rule_asks_from_the_moment_of_its_switching_on() {
        let rule = |when: &str, state: &str| -> Rule {
            serde_json::from_value(json!({"name": "a", "survey": "ces", "when": when, "state": state}))
                .unwrap()
        };
        let kept = |when: &str, state: &str, on_since| KeptRule {
            id: "a".into(),
            rule: rule(when, state),
            version: 1,
            on_since,
            changed_by: String::new(),
            changed_at: 5,
        };
        for (name, before, after, expected) in [
            ("new and off", None, rule("delivered", "off"), None),
            ("new and on", None, rule("delivered", "on"), Some(9)),
            ("switched on", Some(kept("delivered", "off", None)), rule("delivered", "on"), Some(9)),
            ("changed", Some(kept("delivered", "on", Some(5))), rule("delivered", "on"), Some(5)),
            ("of another kind", Some(kept("delivered", "on", Some(5))), rule("refunded", "on"), Some(9)),
            ("switched off", Some(kept("delivered", "on", Some(5))), rule("delivered", "off"), None),
        ] {
            assert_eq!(on_since(&after, before.as_ref(), 9), expected, "{name}");
        }
    }
}
