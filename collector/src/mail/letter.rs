//! A mail as it is written: the question, its scale as links, and the way out.

use std::time::{Duration, UNIX_EPOCH};

use anyhow::Context as _;
use askama::Template;
use lettre::Message;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use parere_shared::config::SurveyConfig;
use parere_shared::survey::Look;
use parere_shared::time::Millis;
use parere_shared::wording::{self, Wording};

use crate::catalogue::{SiteEntry, SurveyEntry};
use crate::invitation;
use crate::store::Invitation;

/// What a mail says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// In its head.
    pub subject: String,
    /// For programs that show HTML.
    pub html: String,
    /// For all others.
    pub text: String,
    /// Where whoever wants no more mails goes.
    pub unsubscribe: String,
}

/// A point of the scale as a link.
struct Point {
    url: String,
    /// What is read of it.
    label: String,
    /// What is said of it.
    name: String,
}

/// Both forms of a mail.
struct Said<'a> {
    subject: &'a str,
    brand: &'a str,
    lang: &'a str,
    dir: &'static str,
    config: &'a SurveyConfig,
    words: &'static Wording,
    points: &'a [Point],
    link: &'a str,
    unsubscribe: &'a str,
}

impl Said<'_> {
    /// The points in two halves, so that a narrow screen breaks them in the middle; those that are words go as they fit.
    fn rows(&self) -> std::slice::Chunks<'_, Point> {
        let is_numbers = self.config.scale.look == Look::Numbers;
        self.points.chunks(if is_numbers { self.points.len().div_ceil(2).max(1) } else { 1 })
    }
}

#[derive(Template)]
#[template(path = "mail/question.html")]
struct Html<'a> {
    said: &'a Said<'a>,
}

#[derive(Template)]
#[template(path = "mail/question.txt")]
struct Text<'a> {
    said: &'a Said<'a>,
}

/// The mail that brings an invitation, in the customer's language or the survey's first.
pub fn compose(
    public_url: &str,
    site: &SiteEntry,
    entry: &SurveyEntry,
    invitation: &Invitation,
) -> anyhow::Result<Letter> {
    let language = entry.survey.language_for(invitation.locale.as_deref().unwrap_or_default());
    let config = SurveyConfig::new(&entry.survey, language, site.offsets);
    let words = wording::nearest(&config.language);
    let link = invitation::link(public_url, &site.site, invitation.id);
    let unsubscribe = format!("{link}/unsubscribe");
    let brand = invitation::brand(site, entry);
    let subject = words.invited.subject.replace("{brand}", brand);
    let values = config.scale.min..=config.scale.max;
    let points: Vec<Point> = values
        .zip(&config.names)
        .map(|(value, name)| Point {
            url: format!("{link}?score={value}"),
            label: if config.scale.look == Look::Numbers { value.to_string() } else { name.clone() },
            name: name.clone(),
        })
        .collect();
    let said = Said {
        subject: &subject,
        brand,
        lang: &config.language,
        dir: if words.rtl { "rtl" } else { "ltr" },
        config: &config,
        words,
        points: &points,
        link: &link,
        unsubscribe: &unsubscribe,
    };
    let html = Html { said: &said }.render().context("could not write a mail")?;
    let text = Text { said: &said }.render().context("could not write a mail")?;
    Ok(Letter { subject: subject.clone(), html, text, unsubscribe })
}

impl Letter {
    /// The bytes that go out. The same invitation always has the same Message-ID, so that whoever gets it twice by some
    /// mistake on the way can tell.
    pub(super) fn message(
        &self,
        from: &Mailbox,
        to: &Mailbox,
        invitation: &Invitation,
        now: Millis,
    ) -> anyhow::Result<Vec<u8>> {
        let now = Duration::from_millis(u64::try_from(now).unwrap_or_default());
        let id = format!("<{}@{}>", invitation.id.encode(), from.email.domain());
        let message = Message::builder()
            .from(from.clone())
            .to(to.clone())
            .subject(&self.subject)
            .date(UNIX_EPOCH + now)
            .message_id(Some(id))
            .raw_header(plain("List-Unsubscribe", format!("<{}>", self.unsubscribe)))
            .raw_header(plain("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".into()))
            .raw_header(plain("Auto-Submitted", "auto-generated".into()))
            .multipart(MultiPart::alternative_plain_html(self.text.clone(), self.html.clone()))
            .context("could not put a mail together")?;
        Ok(message.formatted())
    }
}

fn plain(name: &'static str, value: String) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value)
}
