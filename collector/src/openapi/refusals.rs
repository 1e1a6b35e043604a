//! How requests are refused: which statuses, all with a problem document.

use std::collections::BTreeMap;

use parere_shared::problem::{MEDIA_TYPE, Problem};
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Type,
};
use utoipa::{IntoResponses, PartialSchema as _, ToSchema as _};

type Responses = BTreeMap<String, RefOr<Response>>;

/// Declares a set of refusals, by status and meaning.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident { $($status:literal: $meaning:literal,)+ })+) => {$(
        $(#[$doc])*
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> Responses {
                [$(($status, $meaning)),+].into_iter().map(problem).collect()
            }
        }
    )+};
}

refusals! {
    /// By every path for operators.
    Refused {
        "401": "No valid token.",
        "403": "The token lacks the scope that this needs.",
        "500": "Something broke on our side; it was logged.",
        "503": "Not now; the request can be sent again.",
    }
    /// By every path below a site.
    NoSuchSite { "404": "There is no such site or survey.", }
    /// By what names an answer.
    NoSuchResponse { "404": "There is no such site or answer, and never was.", }
    /// By what names a webhook.
    NoSuchWebhook { "404": "There is no such site, webhook or delivery.", }
    /// By what names an inbound connection.
    NoSuchSource { "404": "There is no such site or connection.", }
    /// By what takes messages of sources.
    NotHeard {
        "400": "The message cannot be read.",
        "401": "The signature is missing or wrong.",
        "404": "There is no such site or connection.",
        "410": "There is no such connection to Help Scout: send nothing more.",
        "413": "The message is too long.",
        "422": "Fields of a message in our own words break rules.",
        "500": "Something broke on our side: send it again.",
        "503": "Not now: send it again.",
    }
    /// By what names an invitation, or somebody who is not asked.
    NoSuchInvitation { "404": "There is no such site, invitation or address.", }
    /// By what names a rule.
    NoSuchRule { "404": "There is no such site or rule.", }
    /// By what names a mark.
    NoSuchMark { "404": "There is no such site or mark.", }
    /// By what is sent in parts.
    NoSuchPart { "416": "The file has no such bytes.", }
    /// By what names a token.
    NoSuchToken { "404": "There is no such token.", }
    /// By what takes a body.
    InvalidBody {
        "400": "The body is no JSON object.",
        "413": "The body is too long.",
        "422": "Fields or parameters break rules; `violations` names each of them.",
    }
    /// By what reads a query.
    InvalidQuery {
        "400": "The query cannot be read.",
        "422": "Parameters break rules; `violations` names each of them.",
    }
    /// By what could contradict what is stored.
    Conflict { "409": "It contradicts what is stored.", }
    /// By readiness.
    Unavailable { "503": "Answers cannot be stored now; send traffic elsewhere.", }
    /// By what counts events; nobody has to do anything about it.
    NotCounted {
        "400": "The body is no JSON object.",
        "403": "The page's origin is not on the site's list.",
        "404": "There is no such site or survey.",
        "410": "The survey is closed.",
        "413": "Too long.",
        "415": "Sent in a form that is not taken.",
        "422": "Fields break rules.",
        "429": "Too many from one sender.",
        "503": "Not now.",
    }
    /// By ingest.
    NotTaken {
        "400": "The body is not JSON: drop the answer.",
        "403": "The page's origin is not on the site's list: drop the answer.",
        "404": "There is no such site or survey: drop the answer and stop asking.",
        "409": "This id and revision is stored with other content: drop the answer.",
        "410": "The survey is closed: drop the answer and stop asking.",
        "413": "Too long: drop the answer.",
        "415": "Sent in a form that is not taken: drop the answer.",
        "422": "Fields break rules: drop the answer.",
        "429": "Too many from one sender: keep the answer and try again.",
        "500": "Something broke on our side: keep the answer and try again.",
        "503": "Not now: keep the answer and try again.",
    }
}

fn problem((status, meaning): (&str, &str)) -> (String, RefOr<Response>) {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(Problem::name()))).build();
    let mut response = ResponseBuilder::new().description(meaning).content(MEDIA_TYPE, content);
    if matches!(status, "429" | "503") {
        let seconds = ObjectBuilder::new().schema_type(Type::Integer).build();
        let wait = HeaderBuilder::new().description(Some("Seconds to wait.")).schema(Some(seconds)).build();
        response = response.header("Retry-After", wait);
    }
    (status.to_owned(), RefOr::T(response.build()))
}

/// Schemas that only refusals refer to.
pub(super) fn schemas() -> Vec<(String, RefOr<utoipa::openapi::Schema>)> {
    let mut schemas = vec![(Problem::name().into_owned(), Problem::schema())];
    Problem::schemas(&mut schemas);
    schemas
}
