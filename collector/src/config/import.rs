//! What to import, and what its columns mean.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use parere_shared::survey::{Metric, Polarity};

use super::StoreOptions;

/// Which file, into which survey.
#[derive(Debug, Clone, Args)]
pub struct ImportOptions {
    /// Database.
    #[command(flatten)]
    pub store: StoreOptions,

    /// File to read.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Key of the site whose answers they are.
    #[arg(long, value_name = "SITE")]
    pub site: String,

    /// Of an export of parere, answers to this survey only. Of anything else, the survey they are answers to; it is
    /// made, archived, if there is none.
    #[arg(long, value_name = "SURVEY")]
    pub survey: Option<String>,

    /// Format of the file; default: by its name.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<ImportFormat>,

    /// What the columns of a CSV file of anybody's mean: `score=Rating,comment=Text,occurred_at=Date,subject=Email`.
    ///
    /// Fields are score and `occurred_at`, which are needed, and id, comment, ref, subject, locale, page, touchpoint,
    /// channel, device and `attributes.NAME`. With an id, an answer is known again by it; without, by all that is mapped.
    /// A subject is stored as a keyed hash only. With `--format delighted`, it adds to what is known of those columns.
    #[arg(long, value_name = "FIELD=COLUMN,…", value_parser = mapping)]
    pub map: Vec<Mapping>,

    /// Metric of a survey that is made: nps, ces or csat. One that is there must have it.
    #[arg(long, value_name = "METRIC", value_parser = metric)]
    pub metric: Option<Metric>,

    /// Lowest and highest point of its scale, such as 0-10 or 1-7.
    #[arg(long, value_name = "MIN-MAX", value_parser = points)]
    pub scale: Option<Points>,

    /// Direction of its scale: `high_is_good` or `low_is_good`.
    #[arg(long, value_name = "POLARITY", value_parser = polarity)]
    pub polarity: Option<Polarity>,

    /// Where they come from, in a word: the same answer from the same source is imported once.
    #[arg(long, value_name = "NAME", default_value = "import")]
    pub source: String,

    /// How moments are written, if neither as RFC 3339, nor as 2026-11-21 10:00, nor in seconds since 1970: for example
    /// `%d/%m/%Y %H:%M`. Without an offset they are of the site's time zone.
    #[arg(long, value_name = "FORMAT")]
    pub dates: Option<String>,

    /// The CSV file was exported with --raw: an apostrophe before a formula belongs to the text.
    #[arg(long)]
    pub raw: bool,

    /// Take an export whose end is missing: one that was cut short, or filtered by another program.
    #[arg(long)]
    pub incomplete: bool,

    /// Read all of it and say what would be done, without doing it.
    #[arg(long)]
    pub dry_run: bool,

    /// File for what is refused, each with the reason; it is overwritten.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
}

/// Formats that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ImportFormat {
    /// NDJSON as parere export writes it.
    Ndjson,
    /// CSV as parere export writes it or, with --map, anybody's.
    Csv,
    /// An export of Delighted, as CSV or JSON.
    Delighted,
}

/// Something that is known of an answer or of a person, as a column may say it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the fields of an answer")]
pub enum Field {
    Score,
    OccurredAt,
    Id,
    Comment,
    Ref,
    Subject,
    Locale,
    Page,
    Touchpoint,
    Channel,
    Device,
    /// The name of a metric, or of one of Delighted's kinds of survey.
    Kind,
    Attribute(String),
    /// Of a person in a list.
    Email,
}

impl Field {
    const NAMED: [(&str, Self); 11] = [
        ("score", Self::Score),
        ("occurred_at", Self::OccurredAt),
        ("id", Self::Id),
        ("comment", Self::Comment),
        ("ref", Self::Ref),
        ("subject", Self::Subject),
        ("locale", Self::Locale),
        ("page", Self::Page),
        ("touchpoint", Self::Touchpoint),
        ("channel", Self::Channel),
        ("device", Self::Device),
    ];

    /// The field of this name.
    pub fn parse(name: &str) -> Option<Self> {
        if let Some(attribute) = name.strip_prefix("attributes.") {
            return (!attribute.is_empty()).then(|| Self::Attribute(attribute.into()));
        }
        Self::NAMED.into_iter().find(|(known, _)| *known == name).map(|(_, field)| field)
    }

    /// The field of this name in a list of people.
    fn parse_listed(name: &str) -> Option<Self> {
        match name {
            "subject" => Some(Self::Subject),
            "email" => Some(Self::Email),
            // Both spellings: one column, or the object of an answer.
            _ => {
                let attribute =
                    name.strip_prefix("attribute.").or_else(|| name.strip_prefix("attributes."))?;
                (!attribute.is_empty()).then(|| Self::Attribute(attribute.into()))
            }
        }
    }
}

/// Fields and the columns that say them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mapping(pub Vec<(Field, String)>);

/// Reads `score=Rating,comment=Text`. A column may have commas in its name, but no comma before an equals sign.
fn mapping(text: &str) -> Result<Mapping, String> {
    let known: Vec<_> = Field::NAMED.iter().map(|(known, _)| *known).collect();
    pairs(text, Field::parse, &format!("{} and attributes.NAME", known.join(", ")))
}

/// Reads `subject=Customer ID,attribute.plan=Plan`, of a list of people.
pub(super) fn listed_mapping(text: &str) -> Result<Mapping, String> {
    pairs(text, Field::parse_listed, "subject, email and attribute.NAME")
}

fn pairs(text: &str, parse: impl Fn(&str) -> Option<Field>, known: &str) -> Result<Mapping, String> {
    let mut pairs: Vec<(Field, String)> = Vec::new();
    for part in text.split(',') {
        let named = part.split_once('=').map(|(name, column)| (name.trim(), column));
        match (named, pairs.last_mut()) {
            (Some((name, column)), _) => match parse(name) {
                Some(field) if !column.trim().is_empty() => pairs.push((field, column.trim().into())),
                Some(_) => return Err(format!("{name} has no column; write {name}=COLUMN")),
                None => return Err(format!("{name} is no field; there are {known}")),
            },
            (None, Some((_, column))) => {
                column.push(',');
                column.push_str(part);
            }
            (None, None) => return Err("write FIELD=COLUMN, such as score=Rating".into()),
        }
    }
    Ok(Mapping(pairs))
}

fn metric(text: &str) -> Result<Metric, &'static str> {
    Metric::parse(text).ok_or("must be nps, ces or csat")
}

fn polarity(text: &str) -> Result<Polarity, &'static str> {
    match text {
        "high_is_good" => Ok(Polarity::HighIsGood),
        "low_is_good" => Ok(Polarity::LowIsGood),
        _ => Err("must be high_is_good or low_is_good"),
    }
}

/// The ends of a scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Points {
    /// Lowest.
    pub min: i32,
    /// Highest.
    pub max: i32,
}

fn points(text: &str) -> Result<Points, &'static str> {
    let ends = text.split_once('-').and_then(|(min, max)| Some((min.parse().ok()?, max.parse().ok()?)));
    ends.map(|(min, max)| Points { min, max }).ok_or("must be two numbers such as 0-10")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mappings_are_read_as_they_are_typed() {
        let pairs = |text: &str| mapping(text).map(|mapping| mapping.0);
        assert_eq!(
            pairs("score=Rating,comment=What, if anything, occurred_at = Date,attributes.plan=Plan"),
            Ok(vec![
                (Field::Score, "Rating".into()),
                (Field::Comment, "What, if anything".into()),
                (Field::OccurredAt, "Date".into()),
                (Field::Attribute("plan".into()), "Plan".into()),
            ])
        );
        for (text, clue) in [
            ("rating=Score", "rating is no field"),
            ("score", "FIELD=COLUMN"),
            ("score=", "no column"),
            ("attributes.=x", "no field"),
        ] {
            let error = pairs(text).unwrap_err();
            assert!(error.contains(clue), "{text}: {error}");
        }
    }

    #[test]
    fn lists_have_people_and_attributes() {
        let pairs = |text: &str| listed_mapping(text).map(|mapping| mapping.0);
        assert_eq!(
            pairs("subject=Customer ID,email=Email,attribute.plan=Plan,attributes.tier=Tier"),
            Ok(vec![
                (Field::Subject, "Customer ID".into()),
                (Field::Email, "Email".into()),
                (Field::Attribute("plan".into()), "Plan".into()),
                (Field::Attribute("tier".into()), "Tier".into()),
            ])
        );
        for text in ["score=Rating", "attribute.=Plan", "ref=Order"] {
            assert!(pairs(text).unwrap_err().contains("no field; there are subject, email"), "{text}");
        }
        assert!(mapping("email=Email").is_err(), "an answer has none");
    }

    #[test]
    fn scales_are_two_numbers() {
        assert_eq!(points("1-7"), Ok(Points { min: 1, max: 7 }));
        for text in ["7", "1-", "a-b", ""] {
            assert!(points(text).is_err(), "{text}");
        }
    }
}
