//! What operators send to define sites and surveys: JSON, with every mistake named by its field.

use axum::extract::{FromRequest, Request};
use parere_shared::violation::{Rule, Violation};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::app::App;
use crate::error::ApiError;
use crate::ingest::body;

mod list;
mod mistake;

/// Most bytes of a definition: a survey with every text in 40 languages, in any script, fits.
const BYTES_MAX: usize = 512 * 1024;

/// A body that has the fields of `T`; what they say is still to be checked. Its media type does not matter.
pub struct Definition<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Definition<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> Result<Self, ApiError> {
        let bytes = body::bytes(request.into_body(), BYTES_MAX, app.body_timeout).await?;
        parse(&bytes).map(Self)
    }
}

/// Reads a definition from the bytes of a body.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|_| malformed("JSON"))?;
    // A list would be taken for the fields of an object, one after the other.
    if !value.is_object() {
        return Err(malformed("a JSON object"));
    }
    read(value).map_err(ApiError::Invalid)
}

/// Reads a definition that is JSON already; lists what is wrong with its form.
pub fn read<T: DeserializeOwned>(value: Value) -> Result<T, Vec<Violation>> {
    if !value.is_object() {
        return Err(vec![Violation::new("body", Rule::Type("a JSON object"))]);
    }
    let misplaced = list::misplaced(&value);
    let read = serde_path_to_error::deserialize(value).map_err(|error| vec![mistake::of(&error)])?;
    if misplaced.is_empty() { Ok(read) } else { Err(misplaced) }
}

fn malformed(expected: &'static str) -> ApiError {
    ApiError::Malformed(vec![Violation::new("body", Rule::Type(expected))])
}

#[cfg(test)]
mod tests {
    use parere_shared::survey::Survey;

    use super::*;

    #[test]
    fn bodies_that_are_no_definition_are_told_apart() {
        for (body, status) in
            [("", 400), ("{", 400), ("\u{feff}{}", 400), ("[]", 400), ("null", 400), ("{}", 422)]
        {
            let refused = parse::<Survey>(body.as_bytes()).unwrap_err();
            assert_eq!(refused.problem().status, status, "{body:?}");
        }
    }
}
