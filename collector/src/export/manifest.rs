//! What an export holds, in a form that travels with it: in the last line, in trailers, in metadata, beside the file.

use std::collections::BTreeMap;

use parere_shared::response::Channel;
use parere_shared::score::Band;
use parere_shared::time;
use serde::{Deserialize, Serialize};

use super::Export;
use super::column::SCHEMA_VERSION;
use crate::config::ExportFormat;
use crate::store::{Filter, Flags};

/// What an export holds, and by which it is known to be whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Of the columns.
    pub schema_version: u32,
    /// Key of the site.
    pub site: String,
    /// How names of such files end: `csv`, `ndjson`, `parquet` or `xlsx`.
    pub format: String,
    /// What the answers had to match, by the names of the parameters; empty for all.
    pub filters: BTreeMap<String, String>,
    /// First moment of receipt, RFC 3339; null for none.
    pub from: Option<String>,
    /// First moment after; null for none.
    pub to: Option<String>,
    /// When the set was fixed: nothing stored later is in it.
    pub as_of: String,
    /// Answers in it.
    pub rows: u64,
    /// Answers of the set that were erased before it was their turn; null where that is not known.
    pub erased: Option<u64>,
    /// Of every byte before the last line of NDJSON, of every byte of other files; hexadecimal. A file whose metadata
    /// this is cannot know its own, so there it is null.
    pub sha256: Option<String>,
    /// Where a program that keeps up to date goes on: `responses?order=oldest&cursor=…`.
    pub cursor: String,
}

impl Manifest {
    /// Of an export that has begun and has no rows yet.
    pub(super) fn of(export: &Export) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            site: export.site.key.clone(),
            format: export.format.extension().into(),
            filters: words(&export.filter, export.format, export.raw),
            from: export.filter.from.map(time::format),
            to: export.filter.to.map(time::format),
            as_of: time::format(export.set.as_of),
            rows: 0,
            erased: None,
            sha256: None,
            cursor: super::cursor::seal(export.set.last_seq, &export.site),
        }
    }

    /// The bytes of [`Self::sha256`].
    pub fn digest(&self) -> Option<Vec<u8>> {
        let hex = self.sha256.as_deref()?;
        let byte = |at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
        (0..hex.len()).step_by(2).map(byte).collect()
    }

    /// The fields as texts, nested ones and numbers as JSON, for formats that keep nothing else.
    pub(super) fn texts(&self) -> anyhow::Result<Vec<(String, String)>> {
        let serde_json::Value::Object(fields) = serde_json::to_value(self)? else { return Ok(Vec::new()) };
        let text = |value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        let known = fields.into_iter().filter(|(_, value)| !value.is_null());
        Ok(known.map(|(name, value)| (name, text(value))).collect())
    }
}

/// A filter in the words of a query.
fn words(filter: &Filter, format: ExportFormat, raw: bool) -> BTreeMap<String, String> {
    let flag = |flags: Flags| if flags == Flags::EXCLUDING { "any".into() } else { flags.names() };
    let listed = |ids: &Vec<_>| {
        let ids: Vec<String> = ids.iter().map(parere_shared::response::ResponseId::encode).collect();
        ids.join(",")
    };
    let raw = (raw && format == ExportFormat::Csv).then(|| "1".to_owned());
    let words = [
        ("survey", filter.survey.clone()),
        ("band", filter.band.map(Band::as_str).map(str::to_owned)),
        ("channel", filter.channel.map(Channel::as_str).map(str::to_owned)),
        ("locale", filter.locale.clone()),
        ("flag", filter.flags.map(flag)),
        ("q", filter.text.clone()),
        ("page", filter.page.clone()),
        ("id", filter.ids.as_ref().map(listed)),
        // Whose, says nothing that stays behind.
        ("person", filter.person.as_ref().map(|_| "1".to_owned())),
        ("raw", raw),
    ];
    words.into_iter().filter_map(|(name, word)| Some((name.to_owned(), word?))).collect()
}

/// Of two rows.
#[cfg(test)]
pub(super) fn example() -> Manifest {
    Manifest {
        schema_version: SCHEMA_VERSION,
        site: "pk_demo".into(),
        format: "parquet".into(),
        filters: [("survey".into(), "nps".into())].into(),
        from: Some("2026-11-20T23:00:00.000Z".into()),
        to: None,
        as_of: "2026-11-21T10:00:00.000Z".into(),
        rows: 2,
        erased: Some(0),
        sha256: None,
        cursor: "AAAA".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_said_in_the_words_of_a_query() {
        let filter = Filter {
            survey: Some("nps".into()),
            flags: Flags::parse("any"),
            text: Some("scarpe".into()),
            band: Band::parse("detractor"),
            from: Some(0),
            ..Filter::default()
        };
        let said = |format, raw| serde_json::to_value(words(&filter, format, raw)).unwrap();
        let expected =
            serde_json::json!({"survey": "nps", "band": "detractor", "flag": "any", "q": "scarpe"});
        assert_eq!(said(ExportFormat::Ndjson, true), expected);
        assert_eq!(said(ExportFormat::Csv, true)["raw"], "1");
        assert_eq!(words(&Filter::default(), ExportFormat::Parquet, false), BTreeMap::new());
    }
}
