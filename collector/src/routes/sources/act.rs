//! What can be done to a connection, by programs and on the dashboard.

use parere_shared::violation::{Rule, Violation};

use crate::app::App;
use crate::auth::{Action, Caller, SiteScope};
use crate::delivery::secret_text;
use crate::error::ApiError;
use crate::hooks::{SECRET_CHARS_MAX, is_long_enough, own_secret};
use crate::random;
use crate::store::{Source, SourceName};

pub(super) const NO_SUCH_SOURCE: ApiError = ApiError::NotFound("The site has no such connection.");

/// Where a source sends its messages to.
pub(in crate::routes) fn address(app: &App, name: SourceName, site: &str) -> String {
    format!("{}/hooks/{}/{site}", app.public_url, name.as_str())
}

/// Connects a source with the secret that is given, or else with one that is made; gives that back, this once.
pub(in crate::routes) async fn connect(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    name: SourceName,
    given: Option<&str>,
) -> Result<(Source, Option<String>), ApiError> {
    let given = given.map(str::trim).filter(|text| !text.is_empty());
    let (secret, made) = match checked(name, given) {
        Ok(Some(secret)) => (secret.to_owned(), None),
        Ok(None) => {
            let made = secret_text(&random::bytes()?);
            (made.clone(), Some(made))
        }
        Err(rule) => return Err(ApiError::Invalid(vec![Violation::new("secret", rule)])),
    };
    let source = Source { name, secret, created_at: app.clock.now(), heard_at: None, refused: None };
    app.store.sources().put_source(scope, &source).await?;
    app.record(&caller.who, Action::SourceConnect, Some(scope.site()), name.as_str()).await?;
    Ok((source, made))
}

/// Ends a connection.
pub(in crate::routes) async fn disconnect(
    app: &App,
    caller: &Caller,
    scope: &SiteScope,
    name: SourceName,
) -> Result<(), ApiError> {
    if !app.store.sources().remove_source(scope, name).await? {
        return Err(NO_SUCH_SOURCE);
    }
    app.record(&caller.who, Action::SourceDisconnect, Some(scope.site()), name.as_str()).await
}

/// The secret that was given, if it can be one; `None` where one is to be made.
fn checked(name: SourceName, given: Option<&str>) -> Result<Option<&str>, Rule> {
    match given {
        None if name.makes_its_secret() => Err(Rule::Missing),
        Some(text) if text.len() > SECRET_CHARS_MAX => Err(Rule::TooLong { max: SECRET_CHARS_MAX }),
        Some(text) if name.signs_as_we_do() && own_secret(text).is_none() => {
            Err(Rule::Format("whsec_ and base64 of 24 to 64 bytes"))
        }
        Some(text) if !is_long_enough(name, text) || !text.bytes().all(|byte| byte.is_ascii_graphic()) => {
            Err(Rule::Format("at least 8 characters of ASCII without blanks"))
        }
        given => Ok(given),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_given_or_made() {
        use SourceName::{HelpScout, Orders, Shopify, Zendesk};
        for (name, given, is_taken) in [
            (Shopify, None, false),
            (Zendesk, None, false),
            (Zendesk, Some("secret-of-events,secret-of-triggers"), true),
            (Zendesk, Some("secret-of-events,"), false),
            (HelpScout, None, true),
            (Orders, None, true),
            (Shopify, Some("shpss_0123456789"), true),
            (Shopify, Some("short"), false),
            (Shopify, Some("with a blank"), false),
            (Shopify, Some("schlüssel-und-mehr"), false),
            (Orders, Some("shpss_0123456789"), false),
            (Orders, Some("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"), true),
        ] {
            assert_eq!(checked(name, given).is_ok(), is_taken, "{name:?} {given:?}");
        }
        assert!(checked(Shopify, Some(&"x".repeat(SECRET_CHARS_MAX))).is_ok());
        assert!(checked(Shopify, Some(&"x".repeat(SECRET_CHARS_MAX + 1))).is_err());
    }
}
