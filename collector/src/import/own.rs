//! Rows of our own exports: every column comes back as it was.

use std::collections::BTreeMap;

use csv::StringRecord;
use parere_shared::gate::BUCKETS;
use parere_shared::instrument::Instrument;
use parere_shared::response::{self, Channel, Device, Response, ResponseId};
use parere_shared::score::Band;
use parere_shared::survey::Metric;
use parere_shared::time;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};

use super::{Made, Target, sentence};
use crate::catalogue::SurveyEntry;
use crate::export::{column_names, unguarded};
use crate::ingest::admission::masked;
use crate::ingest::record;
use crate::store::{Flags, Record, Row};

/// Columns without which there is no answer; an absent one of the others is empty.
const NEEDED: [&str; 9] =
    ["id", "survey", "metric", "instrument", "revision", "score", "band", "occurred_at", "received_at"];

/// The column that is added to what was refused, so that it can be corrected and imported again.
pub(super) const REFUSED: &str = "refused";

/// A row as it stands in the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnRow {
    id: String,
    survey: String,
    metric: String,
    instrument: String,
    revision: u32,
    score: i32,
    band: String,
    comment: Option<String>,
    #[serde(default)]
    choices: Vec<String>,
    locale: Option<String>,
    channel: Option<String>,
    touchpoint: Option<String>,
    device: Option<String>,
    page: Option<String>,
    #[serde(rename = "ref")]
    order_ref: Option<String>,
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    #[serde(default)]
    test: bool,
    #[serde(default, deserialize_with = "names")]
    flags: Vec<String>,
    inclusion: Option<f64>,
    occurred_at: String,
    received_at: String,
    #[serde(default, rename = "refused")]
    _refused: IgnoredAny,
}

/// Names as a list, or as one text with blanks between.
fn names<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Names {
        Text(String),
        List(Vec<String>),
    }
    Ok(match Names::deserialize(value)? {
        Names::Text(text) => text.split_whitespace().map(Into::into).collect(),
        Names::List(list) => list,
    })
}

/// Where each column of a CSV file is.
#[derive(Debug)]
pub(super) struct Columns {
    places: BTreeMap<String, usize>,
    /// Texts stand as they are, without the guard against formulas.
    is_raw: bool,
}

impl Columns {
    /// Fails in a sentence where the header is not that of an export.
    pub(super) fn of(header: &StringRecord, is_raw: bool) -> Result<Self, String> {
        let mut places = BTreeMap::new();
        for (place, name) in header.iter().enumerate() {
            let is_known = name == REFUSED || column_names().any(|known| known == name);
            if !is_known {
                return Err(format!(
                    "an export of parere has no column {name:?}; say with --map what the columns of another file mean"
                ));
            }
            if places.insert(name.to_owned(), place).is_some() {
                return Err(format!("the column {name} is there twice"));
            }
        }
        match NEEDED.iter().find(|name| !places.contains_key(**name)) {
            Some(name) => Err(format!("the column {name} is missing; an export of parere has it")),
            None => Ok(Self { places, is_raw }),
        }
    }

    /// Reads a line of the file.
    pub(super) fn row(&self, line: &StringRecord) -> Result<OwnRow, String> {
        let cell = |name: &str| {
            self.places.get(name).and_then(|place| line.get(*place)).filter(|cell| !cell.is_empty())
        };
        let text =
            |name: &str| cell(name).map(|cell| if self.is_raw { cell } else { unguarded(cell) }.to_owned());
        let needed = |name: &str| text(name).ok_or_else(|| format!("{name} is required"));
        let wrong = |name: &str, what: &str| format!("{name} must be {what}");
        Ok(OwnRow {
            id: needed("id")?,
            survey: needed("survey")?,
            metric: needed("metric")?,
            instrument: needed("instrument")?,
            revision: needed("revision")?.parse().map_err(|_| wrong("revision", "a whole number"))?,
            score: needed("score")?.parse().map_err(|_| wrong("score", "a whole number"))?,
            band: needed("band")?,
            comment: text("comment"),
            choices: json(cell("choices"), "[]").map_err(|()| wrong("choices", "a JSON array of texts"))?,
            locale: text("locale"),
            channel: text("channel"),
            touchpoint: text("touchpoint"),
            device: text("device"),
            page: text("page"),
            order_ref: text("ref"),
            attributes: json(cell("attributes"), "{}")
                .map_err(|()| wrong("attributes", "a JSON object of texts"))?,
            test: json(cell("test"), "false").map_err(|()| wrong("test", "true or false"))?,
            flags: match cell("flags") {
                Some(list) if list.starts_with('[') => {
                    json(Some(list), "").map_err(|()| wrong("flags", "names"))?
                }
                names => names.unwrap_or_default().split_whitespace().map(Into::into).collect(),
            },
            inclusion: json(cell("inclusion"), "null").map_err(|()| wrong("inclusion", "a number"))?,
            occurred_at: needed("occurred_at")?,
            received_at: needed("received_at")?,
            _refused: IgnoredAny,
        })
    }
}

fn json<T: serde::de::DeserializeOwned>(cell: Option<&str>, absent: &str) -> Result<T, ()> {
    serde_json::from_str(cell.unwrap_or(absent)).map_err(|_| ())
}

/// What is stored of a row.
pub(super) fn made(row: OwnRow, target: &Target<'_>) -> Result<Made, String> {
    let site = target.site;
    if target.survey.is_some_and(|wanted| wanted.survey.slug != row.survey) {
        return Ok(Made::LeftOut);
    }
    let entry = site.survey(&row.survey).ok_or_else(|| format!("the site has no survey {}", row.survey))?;
    let seen = entry.instruments.get(&row.instrument).ok_or_else(|| {
        format!(
            "the instrument is none of the survey {}; import the survey first, with what it asked before (parere survey \
             import)",
            row.survey
        )
    })?;
    let (metric, flags) = checked(&row, seen, entry)?;
    let received_at = time::parse(&row.received_at).ok_or("received_at must be an RFC 3339 date and time")?;
    if received_at > target.now {
        return Err("received_at lies in the future".into());
    }
    let band = row.band.clone();
    let said = said(row, &site.site.key)?;
    let found = response::check(&said);
    if !found.is_empty() {
        return Err(sentence(&found));
    }
    let id = ResponseId::parse(&said.id).ok_or("id must be a UUID of version 7")?;
    let occurred_at = said.occurred_at.as_deref().and_then(time::parse);
    let cannot = |_| "it cannot be stored".to_owned();
    let believed = said.inclusion.filter(|_| !flags.meets(Flags::INCLUSION)).and_then(record::in_thousandths);
    Ok(Made::Record(Box::new(Record {
        site: site.site.key.clone(),
        digest: record::digest(&site.site.secret, &said).map_err(cannot)?,
        subject: None,
        day: site.day_of(received_at),
        counted_locale: record::counted_locale(said.locale.as_deref(), entry),
        counted_touchpoint: record::counted_touchpoint(said.touchpoint.as_deref(), entry),
        counted_per_mille: believed.unwrap_or(BUCKETS),
        is_news: false,
        row: Row {
            id,
            survey: said.survey,
            metric,
            instrument: said.instrument.unwrap_or_default(),
            revision: said.revision,
            score: said.score,
            band,
            comment: said.comment,
            choices: serde_json::to_string(&said.choices).map_err(|_| "choices cannot be written")?,
            locale: said.locale,
            channel: said.channel,
            touchpoint: said.touchpoint,
            device: said.device,
            page: said.page,
            order_ref: said.order_ref,
            attributes: serde_json::to_string(&said.attributes)
                .map_err(|_| "attributes cannot be written")?,
            test: said.test,
            flags,
            inclusion: said.inclusion,
            occurred_at: occurred_at.unwrap_or(received_at),
            received_at,
        },
    })))
}

/// What was measured and what is doubted, if the score can have been given to this survey.
fn checked(row: &OwnRow, seen: &Instrument, entry: &SurveyEntry) -> Result<(Metric, Flags), String> {
    // An answer that came late was taken by the scale of its day.
    let all = || std::iter::once(seen).chain(entry.instruments.values());
    if !all().any(|asked| asked.scale.contains(row.score)) {
        return Err(format!("score must be a whole number from {} to {}", seen.scale.min, seen.scale.max));
    }
    let metric = Metric::parse(&row.metric).filter(|metric| all().any(|asked| asked.metric == *metric));
    let metric = metric.ok_or("metric must be that of the survey")?;
    if !all().any(|asked| Band::of(asked.metric, &asked.scale, row.score).as_str() == row.band) {
        return Err("band must be that of the score".into());
    }
    let flags = row.flags.iter().try_fold(Flags::default(), |flags, name| {
        let known = Flags::NAMED.iter().find(|(_, known)| known == name);
        known.map(|(flag, _)| flags.with(*flag)).ok_or("flags must be names that exist here")
    })?;
    Ok((metric, flags))
}

/// The row in the words of the wire, so that its rules hold; comments are masked as they were, or as they had to be.
fn said(row: OwnRow, site: &str) -> Result<Response, String> {
    let channel =
        row.channel.as_deref().map(|name| Channel::parse(name).ok_or("channel must be a known channel"));
    let device =
        row.device.as_deref().map(|name| Device::parse(name).ok_or("device must be a known device class"));
    Ok(Response {
        site: site.into(),
        survey: row.survey,
        id: row.id,
        revision: row.revision,
        score: row.score,
        comment: row.comment.as_deref().map(masked),
        choices: row.choices,
        instrument: Some(row.instrument),
        locale: row.locale,
        page: row.page,
        channel: channel.transpose()?,
        touchpoint: row.touchpoint,
        device: device.transpose()?,
        order_ref: row.order_ref,
        subject: None,
        attributes: row.attributes,
        inclusion: row.inclusion,
        test: row.test,
        occurred_at: Some(row.occurred_at),
        sent_at: None,
    })
}
