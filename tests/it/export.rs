//! Exports: what was posted, byte for byte, complete and sealed.

mod broken;
mod built;
mod command;
mod synced;
mod turns;

use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::answer::{HOSTILE, full, valid, with};
use crate::client::Client;
use crate::server::Server;

/// The columns, in the contract's order.
pub(crate) const COLUMNS: &str = "id,survey,metric,instrument,revision,score,band,comment,choices,locale,channel,\
    touchpoint,device,page,ref,attributes,test,flags,inclusion,occurred_at,received_at";

/// Rows of a CSV file by column name.
fn csv_rows(bytes: &[u8]) -> Vec<Value> {
    let mut reader = csv::Reader::from_reader(bytes);
    let names = reader.headers().unwrap().clone();
    assert_eq!(names.iter().collect::<Vec<_>>().join(","), COLUMNS);
    let row = |record: csv::StringRecord| -> Value {
        names
            .iter()
            .zip(&record)
            .map(|(name, field)| (name.to_owned(), field.into()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

async fn csv_of(client: &Client, query: &str) -> Vec<Value> {
    let reply = client.api(Method::GET, &format!("/responses.csv?{query}"), None).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    csv_rows(&reply.body)
}

/// Answers whose every free text is hostile.
async fn post_hostile(server: &Server) -> Vec<Value> {
    let answers: Vec<Value> = HOSTILE
        .iter()
        .map(|text| with(full(), json!({"comment": text, "page": text, "ref": text, "touchpoint": text, "attributes": {*text: text}})))
        .collect();
    for answer in &answers {
        let reply = server.post(answer).await;
        assert_eq!(reply.status, 200, "{answer} {reply:?}");
    }
    answers
}

#[tokio::test]
async fn raw_csv_and_ndjson_equal_what_was_posted() {
    let server = Server::start().await;
    let posted = post_hostile(&server).await;
    let json_rows = server.stored().await;
    let csv_rows = csv_of(&server, "raw=1").await;
    assert_eq!((json_rows.len(), csv_rows.len()), (posted.len(), posted.len()));
    for ((answer, json_row), csv_row) in posted.iter().zip(&json_rows).zip(&csv_rows) {
        for field in ["id", "comment", "page", "ref", "touchpoint"] {
            assert_eq!(json_row[field], answer[field], "{field}");
            assert_eq!(csv_row[field], answer[field], "{field}");
        }
        assert_eq!(json_row["attributes"], answer["attributes"]);
        let attributes: Value = serde_json::from_str(csv_row["attributes"].as_str().unwrap()).unwrap();
        assert_eq!(attributes, answer["attributes"]);
        for (field, value) in json_row.as_object().unwrap() {
            let in_csv = csv_row[field].as_str().unwrap();
            let same = match value {
                Value::Null => in_csv.is_empty(),
                Value::String(text) => in_csv == text,
                Value::Array(_) => serde_json::from_str::<Value>(in_csv).unwrap() == *value,
                other => in_csv == format!("{other}"),
            };
            assert!(same, "{field}: {value} in NDJSON, {in_csv:?} in CSV");
        }
    }
}

#[tokio::test]
async fn the_formula_guard_touches_risky_cells_only() {
    let server = Server::start().await;
    let posted = post_hostile(&server).await;
    for (answer, row) in posted.iter().zip(csv_of(&server, "").await) {
        for field in ["comment", "page", "ref", "touchpoint"] {
            let (sent, shown) = (answer[field].as_str().unwrap(), row[field].as_str().unwrap());
            let risky = sent.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r']);
            let expected = if risky { format!("'{sent}") } else { sent.to_owned() };
            assert_eq!(shown, expected, "{field}");
        }
        assert_eq!(row["score"], "9");
        assert_eq!(row["inclusion"], "0.25");
    }
}

#[tokio::test]
async fn csv_is_as_the_rfc_says() {
    let server = Server::start().await;
    let empty = server.api(Method::GET, "/responses.csv", None).await;
    assert_eq!(empty.text(), format!("{COLUMNS}\r\n"), "a header even without answers");
    assert_eq!(server.post(&with(valid(9), json!({"comment": "a \"b\",\nc"}))).await.status, 200);
    let reply = server.api(Method::GET, "/responses.csv?survey=nps", None).await;
    assert!(reply.text().contains(",\"a \"\"b\"\",\nc\","), "{}", reply.text());
    assert!(reply.text().ends_with("Z\r\n"));
    assert!(reply.header("content-type").starts_with("text/csv; charset=utf-8"), "{reply:?}");
    assert!(reply.header("content-disposition").starts_with("attachment; filename=\"pk_demo"), "{reply:?}");
    assert_eq!(
        (reply.header("cache-control"), reply.header("x-content-type-options")),
        ("no-store", "nosniff")
    );
}

#[tokio::test]
async fn the_last_line_of_ndjson_counts_and_seals() {
    let server = Server::start().await;
    for n in [0, 1, 25] {
        for _ in 0..n {
            assert_eq!(server.post(&full()).await.status, 200);
        }
        let reply = server.api(Method::GET, "/responses.ndjson", None).await;
        let body = reply.text();
        let end = reply.lines().pop().unwrap()["_end"].clone();
        let rows = &body[..body.trim_end().rfind('\n').map_or(0, |at| at + 1)];
        let sha256 = parere_collector::random::hex(&Sha256::digest(rows.as_bytes()));
        assert_eq!(end["rows"], rows.lines().count(), "{end}");
        assert_eq!(end["sha256"], sha256, "over every byte before the last line");
        let said = ["schema_version", "site", "format", "as_of", "erased"].map(|name| &end[name]);
        let expected = json!([1, "pk_demo", "ndjson", "2026-11-21T11:00:00.000Z", 0]);
        assert_eq!(json!(said), expected, "{end}");
        assert_eq!((&end["filters"], &end["from"]), (&json!({}), &Value::Null), "{end}");
        for line in rows.lines() {
            let at =
                |name: &str| line.find(&format!("\"{name}\":")).unwrap_or_else(|| panic!("{name} in {line}"));
            let places: Vec<usize> = COLUMNS.split(',').map(at).collect();
            assert!(places.is_sorted(), "columns in the contract's order: {line}");
        }
    }
}

#[tokio::test]
async fn an_export_is_what_the_query_says() {
    let server = Server::start().await;
    for survey in ["nps", "ces", "nps"] {
        assert_eq!(server.post(&with(valid(5), json!({"survey": survey}))).await.status, 200);
        server.clock.advance(parere_shared::time::DAY_MS);
    }
    for (query, expected) in [
        ("", 3),
        ("survey=nps", 2),
        ("from=2026-11-22", 2),
        ("to=2026-11-22", 1),
        ("survey=nps&from=2026-11-22", 1),
        ("from=2027-01-01", 0),
    ] {
        assert_eq!(csv_of(&server, query).await.len(), expected, "{query}");
        let ndjson = server.api(Method::GET, &format!("/responses.ndjson?{query}"), None).await;
        assert_eq!(ndjson.lines().len(), expected + 1, "{query}");
    }
    for query in ["from=soon", "raw=yes"] {
        let reply = server.api(Method::GET, &format!("/responses.csv?{query}"), None).await;
        assert_eq!((reply.status, reply.violations().len()), (422, 1), "{query}");
    }
}

#[tokio::test]
async fn days_begin_and_end_where_the_clocks_of_the_site_say() {
    use parere_collector::clock::Clock as _;
    use parere_shared::time;
    // From a moment before the day to one after it, with the day's first and last milliseconds on either side.
    for (zone, day, next, first, after) in [
        ("Europe/Rome", "2026-03-29", "2026-03-30", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        ("Europe/Rome", "2026-10-25", "2026-10-26", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
        ("America/New_York", "2026-03-08", "2026-03-09", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"),
        ("America/New_York", "2026-11-01", "2026-11-02", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"),
    ] {
        let server = Server::start().await;
        let changed = server.api(Method::PATCH, "", Some(&json!({"zone": zone}))).await;
        assert_eq!(changed.status, 200, "{changed:?}");
        let (first, after) = (time::parse(first).unwrap(), time::parse(after).unwrap());
        let mut inside = Vec::new();
        for (at, is_inside) in [(first - 1, false), (first, true), (after - 1, true), (after, false)] {
            server.clock.advance(at - server.clock.now());
            let answer = valid(9);
            assert_eq!(server.post(&answer).await.status, 200);
            if is_inside {
                inside.push(answer["id"].clone());
            }
        }
        let found = csv_of(&server, &format!("from={day}&to={next}")).await;
        let found: Vec<Value> = found.into_iter().map(|row| row["id"].clone()).collect();
        assert_eq!(found, inside, "{day} in {zone}");
    }
}

#[tokio::test]
async fn more_rows_than_a_page_of_the_store_come_in_order_and_once() {
    let server = Server::start().await;
    let mut posted = Vec::new();
    for _ in 0..63 {
        let some: Vec<Value> = (0..40).map(|n| valid(n % 11)).collect();
        posted.extend(some.iter().map(|answer| answer["id"].clone()));
        assert_eq!(server.post(&json!(some)).await.status, 200);
    }
    let exported: Vec<Value> = server.stored().await.into_iter().map(|row| row["id"].clone()).collect();
    assert_eq!(exported, posted);
}
