//! Bounds of every schema, in one table for each kind of thing.

use parere_shared::limit;
use parere_shared::speed::hours::{HOLIDAYS_MAX, STRETCHES_MAX};
use serde_json::{Value, json};

use crate::auth::NAME_CHARS_MAX;
use crate::delivery::{CRM_FIELDS, URL_CHARS_MAX};
use crate::hooks::SECRET_CHARS_MAX;
use crate::retention::{DAYS_MAX, DAYS_MIN};
use crate::routes::sites::ORIGINS_MAX;
use crate::routes::webhooks::{CRM_NAME_CHARS_MAX, TOKEN_CHARS_MAX};
use crate::rules::{AFTER_DAYS_MAX, AFTER_HOURS_MAX, EXPIRES_DAYS_MAX};
use crate::segments::{EMAIL_CHARS_MAX, LISTED_LEN_MAX};
use crate::store::Occasion;
use crate::tickets::TICKETS_LEN_MAX;

/// Text without control characters; line breaks and tabs are text.
const TEXT: &str = r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*$";

/// Such a text that is more than blanks.
const WORDS: &str = concat!(
    r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*",
    r"[^\s\u0000-\u001F\u007F-\u009F]",
    r"[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]*$"
);

pub(super) const SITE_KEY: &str = "^pk_[a-z0-9_]{1,61}$";
pub(super) const SLUG: &str = "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$";
const LANGUAGE: &str = "^[a-z]{2,8}(-[A-Za-z0-9]{2,8})*$";
const TIME_OF_DAY: &str = "^([01][0-9]|2[0-3]):[0-5][0-9]$";
const KIND: &str = "^[a-z0-9_]{1,40}$";
const UUID_7: &str = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-7[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$";

/// Places below the schemas, and what is to be said there.
type Bounds = Vec<(&'static str, Value)>;

/// All of them.
pub(super) fn all() -> impl Iterator<Item = (&'static str, Value)> {
    [
        survey(),
        rules(),
        trigger(),
        response(),
        events(),
        site(),
        token(),
        webhook(),
        source(),
        ticket(),
        segments(),
        asking(),
    ]
    .into_iter()
    .flatten()
}

fn text(chars_max: usize) -> Value {
    json!({"maxLength": chars_max, "pattern": TEXT})
}

fn words() -> Value {
    json!({"minLength": 1, "maxLength": limit::TEXT_CHARS_MAX, "pattern": WORDS})
}

fn range(min: i64, max: impl Into<i64>) -> Value {
    json!({"minimum": min, "maximum": max.into()})
}

/// A whole number that a survey can hold.
fn whole() -> Value {
    range(i32::MIN.into(), i32::MAX)
}

fn slug() -> Value {
    json!({"maxLength": limit::SLUG_CHARS_MAX, "pattern": SLUG})
}

fn survey() -> Bounds {
    vec![
        ("Survey/properties/slug", slug()),
        ("Survey/properties/brand", text(limit::TEXT_CHARS_MAX)),
        ("Survey/properties/touchpoint", text(limit::FIELD_CHARS_MAX)),
        (
            "Survey/properties/languages",
            json!({"minItems": 1, "maxItems": limit::LANGUAGES_MAX, "uniqueItems": true}),
        ),
        ("Survey/properties/languages/items", json!({"pattern": LANGUAGE, "maxLength": 35})),
        ("Survey/properties/follow_ups", json!({"maxItems": limit::FOLLOW_UPS_MAX})),
        ("Survey/properties/thanks", json!({"maxItems": limit::FOLLOW_UPS_MAX})),
        ("Scale/properties/min", whole()),
        ("Scale/properties/max", whole()),
        ("Texts/properties/question", words()),
        ("Texts/properties/low", words()),
        ("Texts/properties/high", words()),
        ("Texts/properties/thanks", words()),
        ("FollowUp/properties/from", whole()),
        ("FollowUp/properties/to", whole()),
        ("FollowUp/properties/question/additionalProperties", words()),
        // "Something else" needs room, too.
        ("Choices/properties/options", json!({"minItems": 1, "maxItems": limit::CHOICES_MAX - 1})),
        ("Choice/properties/value", slug()),
        ("Choice/properties/label/additionalProperties", words()),
        ("Thanks/properties/from", whole()),
        ("Thanks/properties/to", whole()),
        ("Thanks/properties/text/additionalProperties", words()),
        (
            "Link/properties/url",
            json!({"maxLength": limit::PAGE_CHARS_MAX, "pattern": "^(https://|/([^/]|$))"}),
        ),
        ("Link/properties/label/additionalProperties", words()),
    ]
}

fn rules() -> Bounds {
    // More than 32 bits with a sign can hold.
    let wanted = json!({"minimum": 1, "maximum": u32::MAX, "format": "int64"});
    vec![
        ("Targeting/properties/urls", json!({"maxItems": limit::URL_RULES_MAX})),
        ("Targeting/properties/conditions", json!({"maxItems": limit::CONDITIONS_MAX})),
        ("Targeting/properties/sample_per_mille", range(1, 1000)),
        ("UrlRule/properties/value", words()),
        ("Condition/properties/name", json!({"maxLength": limit::ATTRIBUTE_NAME_CHARS_MAX})),
        ("Condition/properties/values", json!({"minItems": 1, "maxItems": limit::CONDITION_VALUES_MAX})),
        ("Condition/properties/values/items", words()),
        ("Recontact/properties/answered_days", range(0, limit::RECONTACT_DAYS_MAX)),
        ("Recontact/properties/dismissed_days", range(0, limit::RECONTACT_DAYS_MAX)),
        ("Recontact/properties/other_days", range(0, limit::RECONTACT_DAYS_MAX)),
        ("Quota/properties/total", wanted.clone()),
        ("Quota/properties/daily", wanted),
        ("Schedule/properties/from", json!({"format": "date-time"})),
        ("Schedule/properties/until", json!({"format": "date-time"})),
        ("Schedule/properties/days", json!({"uniqueItems": true})),
        ("Schedule/properties/hours", json!({"minItems": 2, "maxItems": 2})),
        ("Schedule/properties/hours/items", json!({"pattern": TIME_OF_DAY})),
    ]
}

fn trigger() -> Bounds {
    let closed = |place| (place, json!({"additionalProperties": false}));
    vec![
        closed("Trigger/oneOf/1"),
        ("Trigger/oneOf/1/properties/seconds", range(1, limit::TRIGGER_SECONDS_MAX)),
        closed("Trigger/oneOf/2"),
        ("Trigger/oneOf/2/properties/percent", range(1, 100)),
        closed("Trigger/oneOf/4"),
        ("Trigger/oneOf/4/properties/selector", words()),
        closed("Trigger/oneOf/5"),
        ("Trigger/oneOf/5/properties/selector", words()),
        closed("Trigger/oneOf/6"),
        ("Trigger/oneOf/6/properties/name", words()),
        ("Trigger/oneOf/6/properties/properties", json!({"maxItems": limit::CONDITIONS_MAX})),
    ]
}

fn response() -> Bounds {
    let field = text(limit::FIELD_CHARS_MAX);
    vec![
        ("Answers/oneOf/1", json!({"minItems": 1, "maxItems": limit::ARRAY_LEN_MAX})),
        (
            "Outcome/properties/status",
            json!({"enum": ["stored", "duplicate", "superseded", "conflict", "rejected", "retry"]}),
        ),
        ("Response/properties/site", json!({"pattern": SITE_KEY})),
        ("Response/properties/survey", slug()),
        ("Response/properties/id", json!({"format": "uuid", "pattern": UUID_7})),
        ("Response/properties/revision", range(1, limit::REVISION_MAX)),
        ("Response/properties/comment", text(limit::COMMENT_CHARS_MAX)),
        ("Response/properties/choices", json!({"maxItems": limit::CHOICES_MAX})),
        ("Response/properties/choices/items", slug()),
        ("Response/properties/instrument", json!({"pattern": "^[0-9a-f]{16}$"})),
        ("Response/properties/locale", json!({"pattern": LANGUAGE, "maxLength": 35})),
        ("Response/properties/page", text(limit::PAGE_CHARS_MAX)),
        ("Response/properties/touchpoint", field.clone()),
        ("Response/properties/ref", field.clone()),
        ("Response/properties/subject", field),
        (
            "Response/properties/attributes",
            json!({
                "maxProperties": limit::ATTRIBUTES_MAX,
                "propertyNames": {"minLength": 1, "maxLength": limit::ATTRIBUTE_NAME_CHARS_MAX, "pattern": TEXT},
            }),
        ),
        ("Response/properties/attributes/additionalProperties", text(limit::ATTRIBUTE_VALUE_CHARS_MAX)),
        ("Response/properties/inclusion", json!({"exclusiveMinimum": 0, "maximum": 1})),
        ("Response/properties/occurred_at", json!({"format": "date-time"})),
        ("Response/properties/sent_at", json!({"format": "date-time"})),
    ]
}

fn events() -> Bounds {
    vec![
        ("EventReport/properties/site", json!({"pattern": SITE_KEY})),
        ("EventReport/properties/survey", slug()),
        ("EventReport/properties/events", json!({"minItems": 1})),
        ("EventReport/properties/instrument", json!({"pattern": "^[0-9a-f]{16}$"})),
        ("EventReport/properties/locale", json!({"pattern": LANGUAGE, "maxLength": 35})),
        ("EventReport/properties/touchpoint", text(limit::FIELD_CHARS_MAX)),
    ]
}

fn token() -> Bounds {
    let scopes = json!({"enum": ["read", "export", "write", "admin"]});
    vec![
        ("TokenIn/properties/name", json!({"minLength": 1, "maxLength": NAME_CHARS_MAX, "pattern": WORDS})),
        ("TokenIn/properties/scopes", json!({"minItems": 1})),
        ("TokenIn/properties/scopes/items", scopes.clone()),
        ("TokenIn/properties/sites/items", json!({"pattern": SITE_KEY})),
        ("TokenIn/properties/expires_at", json!({"format": "date-time"})),
        ("TokenOut/properties/scopes/items", scopes),
    ]
}

/// Rules after which customers are asked.
fn asking() -> Bounds {
    vec![
        ("Rule/properties/name", json!({"minLength": 1, "maxLength": NAME_CHARS_MAX, "pattern": WORDS})),
        ("Rule/properties/survey", slug()),
        ("Rule/properties/when", json!({"pattern": KIND})),
        ("Rule/properties/after_days", range(0, AFTER_DAYS_MAX)),
        ("Rule/properties/after_hours", range(0, AFTER_HOURS_MAX)),
        ("Rule/properties/conditions", json!({"maxItems": limit::CONDITIONS_MAX})),
        ("Rule/properties/quiet_hours", json!({"minItems": 2, "maxItems": 2})),
        ("Rule/properties/quiet_hours/items", json!({"pattern": TIME_OF_DAY})),
        ("Rule/properties/expires_days", range(1, EXPIRES_DAYS_MAX)),
    ]
}

fn webhook() -> Bounds {
    let wished = Occasion::WISHED.map(Occasion::as_str);
    let id = json!({"minLength": 1, "maxLength": CRM_NAME_CHARS_MAX, "pattern": "^[A-Za-z0-9_-]+$"});
    vec![
        ("WebhookIn/properties/name", json!({"minLength": 1, "maxLength": NAME_CHARS_MAX, "pattern": WORDS})),
        ("WebhookIn/properties/kind", json!({"enum": ["standard", "slack", "hubspot", "klaviyo", null]})),
        ("WebhookIn/properties/url", json!({"maxLength": URL_CHARS_MAX, "format": "uri"})),
        ("WebhookIn/properties/events", json!({"minItems": 1})),
        ("WebhookIn/properties/events/items", json!({"enum": wished})),
        (
            "WebhookIn/properties/token",
            json!({"minLength": 1, "maxLength": TOKEN_CHARS_MAX, "pattern": "^[!-~]+$"}),
        ),
        (
            "WebhookIn/properties/contact",
            json!({"minLength": 1, "maxLength": limit::ATTRIBUTE_NAME_CHARS_MAX, "pattern": WORDS}),
        ),
        ("WebhookIn/properties/fields", json!({"propertyNames": {"enum": CRM_FIELDS}})),
        (
            "WebhookIn/properties/fields/additionalProperties",
            json!({"maxLength": CRM_NAME_CHARS_MAX, "pattern": "^[a-z0-9_]*$"}),
        ),
        ("WebhookIn/properties/event", json!({"maxLength": CRM_NAME_CHARS_MAX, "pattern": "^[a-z0-9_]*$"})),
        ("TicketPlace/properties/pipeline", id.clone()),
        ("TicketPlace/properties/stage", id),
        ("WebhookIn/properties/digest_hour", range(0, 23)),
        ("WebhookIn/properties/state", json!({"enum": ["on", "off", null]})),
    ]
}

fn source() -> Bounds {
    let secret = json!({"maxLength": SECRET_CHARS_MAX, "pattern": "^[!-~]{8,}$"});
    vec![("SourceIn/properties/secret", secret)]
}

fn segments() -> Bounds {
    let field = json!({"minLength": 1, "maxLength": limit::FIELD_CHARS_MAX, "pattern": TEXT});
    let name = json!({"minLength": 1, "maxLength": limit::ATTRIBUTE_NAME_CHARS_MAX, "pattern": TEXT});
    let attributes =
        json!({"minProperties": 1, "maxProperties": limit::ATTRIBUTES_MAX, "propertyNames": name});
    vec![
        ("ListedPeople/oneOf/1", json!({"maxItems": LISTED_LEN_MAX})),
        ("ListedIn/properties/subject", field),
        ("ListedIn/properties/email", json!({"maxLength": EMAIL_CHARS_MAX, "pattern": "@"})),
        ("ListedIn/properties/attributes", attributes),
        ("ListedIn/properties/attributes/additionalProperties", text(limit::ATTRIBUTE_VALUE_CHARS_MAX)),
    ]
}

fn ticket() -> Bounds {
    let field = json!({"minLength": 1, "maxLength": limit::FIELD_CHARS_MAX, "pattern": TEXT});
    let word = json!({"minLength": 1, "maxLength": limit::ATTRIBUTE_NAME_CHARS_MAX, "pattern": TEXT});
    let day = json!({"maxItems": STRETCHES_MAX});
    let stretch = json!({"pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"});
    vec![
        ("TicketEvents/oneOf/1", json!({"maxItems": TICKETS_LEN_MAX})),
        ("TicketIn/properties/ticket", field.clone()),
        ("TicketIn/properties/at", json!({"format": "date-time"})),
        ("TicketIn/properties/subject", field.clone()),
        ("TicketIn/properties/ref", field),
        ("TicketIn/properties/channel", word.clone()),
        ("TicketIn/properties/tags", json!({"maxItems": limit::ATTRIBUTES_MAX})),
        ("TicketIn/properties/tags/items", word),
        ("DeskHours/properties/holidays", json!({"maxItems": HOLIDAYS_MAX})),
        ("DeskHours/properties/holidays/items", json!({"format": "date"})),
        ("Week/properties/mon", day.clone()),
        ("Week/properties/mon/items", stretch.clone()),
        ("Week/properties/tue", day.clone()),
        ("Week/properties/tue/items", stretch.clone()),
        ("Week/properties/wed", day.clone()),
        ("Week/properties/wed/items", stretch.clone()),
        ("Week/properties/thu", day.clone()),
        ("Week/properties/thu/items", stretch.clone()),
        ("Week/properties/fri", day.clone()),
        ("Week/properties/fri/items", stretch.clone()),
        ("Week/properties/sat", day.clone()),
        ("Week/properties/sat/items", stretch.clone()),
        ("Week/properties/sun", day),
        ("Week/properties/sun/items", stretch),
    ]
}

fn site() -> Bounds {
    vec![
        ("SiteIn/properties/site", json!({"pattern": SITE_KEY})),
        ("SiteIn/properties/name", words()),
        ("RetentionIn/properties/comments_days", range(DAYS_MIN.into(), DAYS_MAX)),
        ("RetentionIn/properties/responses_days", range(DAYS_MIN.into(), DAYS_MAX)),
        ("SiteIn/properties/origins", json!({"maxItems": ORIGINS_MAX})),
    ]
}
