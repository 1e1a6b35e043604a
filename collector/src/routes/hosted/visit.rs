//! How the question reached the shopper: in the query of the first page, in hidden fields from then on.

use axum::http::HeaderMap;
use parere_shared::limit::{FIELD_CHARS_MAX, PAGE_CHARS_MAX};
use parere_shared::response::Channel;
use parere_shared::survey::Survey;
use serde_json::{Value, json};

use super::form::Fields;
use crate::language;
use crate::store::{Invitation, InvitationChannel};

/// Ways to the hosted page that a link may name; `inline` is the frame in a shop's page.
const WAYS: [Channel; 5] = [Channel::Link, Channel::Email, Channel::Qr, Channel::Kiosk, Channel::Inline];

/// All that an answer carries besides what the shopper says.
pub(super) struct Visit {
    /// Language of the page: one of the survey's.
    pub(super) language: String,
    pub(super) channel: Channel,
    /// A try-out that never counts; drafts take no other.
    pub(super) test: bool,
    touchpoint: Option<String>,
    order_ref: Option<String>,
    subject: Option<String>,
    page: Option<String>,
    /// The conversation with support that an invitation asks about.
    ticket: Option<String>,
}

impl Visit {
    pub(super) fn new(fields: &Fields, headers: &HeaderMap, survey: &Survey) -> Self {
        let wanted = language::wanted(fields.get("lang"), headers);
        let own: Vec<&str> = survey.languages.iter().map(String::as_str).collect();
        let spoken = language::spoken(&wanted, &own);
        let way = fields.get("via").and_then(Channel::parse).filter(|way| WAYS.contains(way));
        let is_kiosk = fields.get("kiosk") == Some("1");
        Self {
            language: spoken.unwrap_or_else(|| survey.language_for("")).to_owned(),
            channel: if is_kiosk { Channel::Kiosk } else { way.unwrap_or(Channel::Link) },
            test: fields.get("test") == Some("1"),
            touchpoint: fields
                .short("touchpoint", FIELD_CHARS_MAX)
                .or_else(|| Some(survey.touchpoint.clone()).filter(|own| !own.is_empty())),
            order_ref: fields.short("ref", FIELD_CHARS_MAX),
            subject: fields.short("subject", FIELD_CHARS_MAX),
            page: fields.short("page", PAGE_CHARS_MAX),
            ticket: None,
        }
    }

    /// Of whoever was invited: the request says nothing but in which language to go on.
    pub(super) fn invited(
        fields: &Fields,
        headers: &HeaderMap,
        survey: &Survey,
        invitation: &Invitation,
    ) -> Self {
        let wanted = language::wanted(fields.get("lang").or(invitation.locale.as_deref()), headers);
        let own: Vec<&str> = survey.languages.iter().map(String::as_str).collect();
        let spoken = language::spoken(&wanted, &own);
        Self {
            language: spoken.unwrap_or_else(|| survey.language_for("")).to_owned(),
            channel: match invitation.channel {
                InvitationChannel::Email => Channel::Email,
                InvitationChannel::Qr => Channel::Qr,
                InvitationChannel::Sms | InvitationChannel::Link | InvitationChannel::Other => Channel::Link,
            },
            test: false,
            touchpoint: Some(survey.touchpoint.clone()).filter(|own| !own.is_empty()),
            order_ref: invitation.order_ref.clone(),
            subject: None,
            page: None,
            ticket: invitation.ticket.clone(),
        }
    }

    /// On a tablet that the next shopper will use?
    pub(super) fn is_kiosk(&self) -> bool {
        self.channel == Channel::Kiosk
    }

    /// In a frame in a shop's page?
    pub(super) fn is_framed(&self) -> bool {
        self.channel == Channel::Inline
    }

    /// Names and values of the fields that take the visit to the next page.
    pub(super) fn hidden(&self) -> Vec<(&'static str, &str)> {
        let fields = [
            ("lang", Some(self.language.as_str())),
            ("via", Some(self.channel.as_str())),
            ("test", self.test.then_some("1")),
            ("touchpoint", self.touchpoint.as_deref()),
            ("ref", self.order_ref.as_deref()),
            ("subject", self.subject.as_deref()),
            ("page", self.page.as_deref()),
        ];
        fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// The fields of an answer that the visit fills.
    pub(super) fn context(&self, site: &str, survey: &str) -> Value {
        let own_page = || ["/s/", site, "/", survey].concat();
        let ticket = self.ticket.as_ref().map(|ticket| json!({ "ticket": ticket }));
        json!({
            "attributes": ticket, "site": site, "survey": survey, "locale": self.language, "channel": self.channel,
            "test": self.test, "touchpoint": self.touchpoint, "ref": self.order_ref, "subject": self.subject,
            "page": self.page.clone().unwrap_or_else(own_page),
        })
    }

    /// The address of the first page, for the next shopper.
    pub(super) fn again(&self, path: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.hidden());
        [path, "?", &query.finish()].concat()
    }
}
