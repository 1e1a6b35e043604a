//! Rows of other programs, by what their columns mean: one answer each, known again by its id or by all that it says.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use parere_shared::response::{self, Channel, Device, Response, ResponseId};
use parere_shared::survey::Metric;
use parere_shared::time;

use super::{Made, Target, delighted, moment, sentence};
use crate::config::Field;
use crate::ingest::admission::masked;
use crate::ingest::record::{self, Receipt};
use crate::store::Flags;

/// What the hash of a row under a site's secret is for, see `ingest/record.rs`.
const IMPORT: &str = "import\0";

/// Where the rows of a file come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// In a word; rows of another origin are other answers.
    pub source: String,
    /// How moments are written, if in no way that is known anyway.
    pub dates: Option<String>,
}

/// Makes answers of rows.
#[derive(Debug)]
pub struct Foreign {
    origin: Origin,
    /// How many rows have said the same so far: two customers may, and are two.
    seen: HashMap<[u8; 32], u32>,
}

impl Foreign {
    /// Before the first row.
    pub fn new(origin: Origin) -> Self {
        Self { origin, seen: HashMap::new() }
    }

    /// What is stored of a row.
    ///
    /// The wording that was shown is not known: that of the survey stands in, and is flagged.
    pub(super) fn made(&mut self, fields: &[(Field, String)], target: &Target<'_>) -> Result<Made, String> {
        let entry = target.survey.ok_or("it is not said of which survey it is")?;
        let said = |field: &Field| fields.iter().find(|(own, _)| own == field).map(|(_, text)| text.as_str());
        if let Some(kind) = said(&Field::Kind)
            && metric_of(kind) != Some(entry.survey.metric)
        {
            return Err(format!(
                "it is of the kind {kind}, and the survey measures {}",
                entry.survey.metric.as_str()
            ));
        }
        let score = score(said(&Field::Score).ok_or("score is required")?)?;
        let moment = said(&Field::OccurredAt).ok_or("occurred_at is required")?;
        let moment = moment::read(moment, self.origin.dates.as_deref(), &target.site.zone)
            .ok_or("occurred_at must be a date and time; say with --dates how it is written")?;
        if moment > target.now {
            return Err("occurred_at lies in the future".into());
        }
        let hash = self.hash(fields, target, entry.survey.slug.as_str());
        let mut random = [0; 10];
        random.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
        let text = |field: Field| said(&field).map(str::to_owned);
        let channel =
            said(&Field::Channel).map(|name| channel(name).ok_or("channel must be a known channel"));
        let device =
            said(&Field::Device).map(|name| device(name).ok_or("device must be a known device class"));
        let mut response = Response {
            site: target.site.site.key.clone(),
            survey: entry.survey.slug.clone(),
            id: ResponseId::new(moment.unsigned_abs(), &random).encode(),
            revision: 1,
            score,
            comment: text(Field::Comment),
            locale: text(Field::Locale).map(|locale| locale.replace('_', "-")),
            page: text(Field::Page),
            channel: channel.transpose()?,
            touchpoint: text(Field::Touchpoint),
            device: device.transpose()?,
            order_ref: text(Field::Ref),
            subject: text(Field::Subject),
            attributes: attributes(fields),
            occurred_at: Some(time::format(moment)),
            ..Response::default()
        };
        let mut found = response::check(&response);
        found.extend(response::check_against(&response, &entry.survey));
        if !found.is_empty() {
            return Err(sentence(&found));
        }
        response.comment = response.comment.as_deref().map(masked);
        let receipt = Receipt { now: moment, is_operator: true, doubts: Flags::INSTRUMENT };
        let record = record::of(response, target.site, entry, receipt).and_then(Result::ok);
        let mut record = record.ok_or("it cannot be stored")?;
        record.is_news = false;
        Ok(Made::Record(Box::new(record)))
    }

    /// The same for the same row of the same source in every import; keyed, since it may be made of an address.
    fn hash(&mut self, fields: &[(Field, String)], target: &Target<'_>, survey: &str) -> [u8; 32] {
        let secret = &target.site.site.secret;
        let hmac = |text: &str| record::keyed_hash(secret, IMPORT, text);
        let place = format!("{}\0{survey}\0", self.origin.source);
        if let Some((_, id)) = fields.iter().find(|(field, _)| *field == Field::Id) {
            return hmac(&format!("{place}id\0{id}"));
        }
        let mut all: Vec<_> = fields.iter().collect();
        all.sort();
        let content = all
            .iter()
            .fold(format!("{place}row\0"), |all, (field, text)| format!("{all}{}\0{text}\0", written(field)));
        let hash = hmac(&content);
        let n = self.seen.entry(hash).or_default();
        *n += 1;
        if *n == 1 { hash } else { hmac(&format!("{content}{n}")) }
    }
}

/// A field as it stands in what is hashed. Ids of answers are made of it: it must be the same for ever, and for one field
/// alone.
fn written(field: &Field) -> Cow<'static, str> {
    Cow::Borrowed(match field {
        Field::Score => "Score",
        Field::OccurredAt => "OccurredAt",
        Field::Id => "Id",
        Field::Comment => "Comment",
        Field::Ref => "Ref",
        Field::Subject => "Subject",
        Field::Locale => "Locale",
        Field::Page => "Page",
        Field::Touchpoint => "Touchpoint",
        Field::Channel => "Channel",
        Field::Device => "Device",
        Field::Kind => "Kind",
        Field::Email => "Email",
        Field::Attribute(name) => {
            let name = name.replace('\\', "\\\\").replace('"', "\\\"");
            return Cow::Owned(format!("Attribute(\"{name}\")"));
        }
    })
}

fn attributes(fields: &[(Field, String)]) -> BTreeMap<String, String> {
    let named = fields.iter().filter_map(|(field, text)| match field {
        Field::Attribute(name) => Some((name.clone(), text.clone())),
        _ => None,
    });
    named.collect()
}

/// A whole number, though some programs write it as 9.0.
fn score(text: &str) -> Result<i32, String> {
    let whole = text.trim();
    let whole =
        whole.split_once('.').filter(|(_, rest)| rest.bytes().all(|b| b == b'0')).map_or(whole, |(n, _)| n);
    whole.parse().map_err(|_| "score must be a whole number".to_owned())
}

fn metric_of(kind: &str) -> Option<Metric> {
    Metric::parse(kind).or_else(|| delighted::metric_of(kind))
}

fn channel(text: &str) -> Option<Channel> {
    Channel::parse(&text.to_ascii_lowercase())
}

/// Devices have other names elsewhere.
fn device(text: &str) -> Option<Device> {
    match text.to_ascii_lowercase().as_str() {
        "mobile" => Some(Device::Phone),
        "computer" | "pc" => Some(Device::Desktop),
        text => Device::parse(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hashed_of_a_field_never_changes() {
        let attribute = |name: &str| Field::Attribute(name.into());
        for (field, expected) in [
            (Field::Score, "Score"),
            (Field::OccurredAt, "OccurredAt"),
            (Field::Id, "Id"),
            (Field::Comment, "Comment"),
            (Field::Ref, "Ref"),
            (Field::Subject, "Subject"),
            (Field::Locale, "Locale"),
            (Field::Page, "Page"),
            (Field::Touchpoint, "Touchpoint"),
            (Field::Channel, "Channel"),
            (Field::Device, "Device"),
            (Field::Kind, "Kind"),
            (Field::Email, "Email"),
            (attribute("plan"), r#"Attribute("plan")"#),
            (attribute("Größe, città, 靴"), r#"Attribute("Größe, città, 靴")"#),
            (attribute(r#"a "b" \c 'd'"#), r#"Attribute("a \"b\" \\c 'd'")"#),
        ] {
            assert_eq!(written(&field), expected);
        }
    }
}
