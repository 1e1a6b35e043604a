//! Everything that a collector shows about its answers, beside the model.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use parere_shared::time::{self, Millis};
use reqwest::Method;
use serde_json::{Value, json};

use super::model::{Answer, Model};
use super::step::SURVEYS;
use crate::client::Client;

/// Every row, in the order of storing.
pub(super) async fn at_rows(client: &Client, model: &Model) {
    let rows: Vec<Value> = model.answers.iter().map(Answer::row).collect();
    assert_eq!(client.stored().await, rows, "NDJSON");
}

/// Scores of each day, of the survey whose turn it is.
pub(super) async fn at_days(client: &Client, model: &Model, now: Millis) {
    let (survey, ..) = SURVEYS[model.answers.len() % SURVEYS.len()];
    compare_scores(client, model, survey, "day", now).await;
}

/// All that there is to see.
pub(super) async fn at_everything(client: &Client, model: &Model, now: Millis) {
    at_rows(client, model).await;
    let rows: Vec<Value> = model.answers.iter().map(Answer::row).collect();
    compare_csv(client, &rows).await;
    compare_pages(client, &rows).await;
    for (survey, ..) in SURVEYS {
        for by in ["day", "channel", "device", "instrument"] {
            compare_scores(client, model, survey, by, now).await;
        }
    }
}

/// A field of the CSV is the text of the value, nothing for an absent one, JSON for lists.
async fn compare_csv(client: &Client, rows: &[Value]) {
    let reply = client.api(Method::GET, "/responses.csv?raw=1", None).await;
    let mut reader = csv::Reader::from_reader(&*reply.body);
    let names = reader.headers().unwrap().clone();
    let written: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(written.len(), rows.len(), "CSV");
    for (written, row) in written.iter().zip(rows) {
        assert_eq!(written.len(), row.as_object().unwrap().len());
        for (name, field) in names.iter().zip(written) {
            match &row[name] {
                Value::Null => assert_eq!(field, "", "{name}"),
                Value::String(text) => assert_eq!(field, text, "{name}"),
                Value::Number(number) => assert_eq!(field.parse().ok(), number.as_f64(), "{name}"),
                value => assert_eq!(serde_json::from_str::<Value>(field).unwrap(), *value, "{name}"),
            }
        }
    }
}

async fn compare_pages(client: &Client, rows: &[Value]) {
    let (mut seen, mut path) = (Vec::new(), "/responses?limit=7".to_owned());
    loop {
        let page = client.read(&path).await;
        seen.extend(page["responses"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/responses?limit=7&cursor={next}");
    }
    seen.reverse();
    assert_eq!(seen, rows, "pages");
}

/// Scores of all time and of the last hours: the one are read from daily counts, the others from rows, too.
async fn compare_scores(client: &Client, model: &Model, survey: &str, by: &str, now: Millis) {
    let since = now - 90 * 60_000;
    for (from, span) in [(Millis::MIN, String::new()), (since, format!("&from={}", time::format(since)))] {
        let path = format!("/scores?survey={survey}&by={by}{span}");
        let scores = client.read(&path).await;
        let meant = |answer: &&Answer| answer.row()["survey"] == survey && answer.received >= from;
        let (counted, excluded): (Vec<_>, Vec<_>) =
            model.answers.iter().filter(meant).partition(|answer| answer.excluded().is_none());
        let of = |reason| excluded.iter().filter(|answer| answer.excluded() == Some(reason)).count();
        assert_eq!(scores["n"], counted.len(), "{path}: {scores}");
        assert_eq!(scores["excluded"], json!({"test": of("test"), "flagged": of("flagged")}), "{path}");
        for point in scores["distribution"].as_array().unwrap() {
            let n = counted.iter().filter(|answer| answer.row()["score"] == point["score"]).count();
            assert_eq!(point["n"], n, "{path}: {point}");
        }
        let mut expected: BTreeMap<String, usize> = BTreeMap::new();
        for answer in &counted {
            *expected.entry(key(answer, by)).or_default() += 1;
        }
        let series: BTreeMap<String, usize> =
            scores["series"].as_array().unwrap().iter().map(entry).collect();
        assert_eq!(series, expected, "{path}");
    }
}

fn entry(point: &Value) -> (String, usize) {
    (point["key"].as_str().unwrap().to_owned(), usize::try_from(point["n"].as_u64().unwrap()).unwrap())
}

/// Under what an answer stands in a series.
fn key(answer: &Answer, by: &str) -> String {
    if by == "day" {
        let received = Timestamp::from_millisecond(answer.received).unwrap();
        return received.to_zoned(TimeZone::get("Europe/Rome").unwrap()).date().to_string();
    }
    answer.row()[by].as_str().unwrap_or("unknown").to_owned()
}
