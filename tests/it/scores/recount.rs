//! Every figure of many random answers, beside a count of them one by one.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use parere_collector::store::{self, Flags, Purpose, Record, Row};
use parere_shared::response::{Channel, Device, ResponseId};
use parere_shared::score::{Counts, summarize};
use parere_shared::survey::{Metric, Survey};
use parere_shared::time::{self, DAY_MS, Millis};
use serde_json::{Value, json};

use crate::answer::Dice;
use crate::server::Server;

/// Answers of each run.
const ANSWERS: usize = 50_000;

/// Answers in one transaction.
const BATCH: usize = 500;

/// 20 October 2026, 22:00 in Rome: clocks are set back five days later.
const BEGIN: Millis = 1_792_526_400_000;

/// Days over which answers are spread: more than a month, into the next ISO week but five.
const DAYS: u64 = 45;

fn random(dice: &mut Dice, n: usize, survey: &Survey, rome: &TimeZone) -> Record {
    let received_at = BEGIN + i64::try_from(dice.below(DAYS * 86_400)).unwrap() * 1_000;
    let date = Timestamp::from_millisecond(received_at).unwrap().to_zoned(rome.clone()).date();
    let days = date - jiff::civil::date(1970, 1, 1);
    // Later answers are better, and the rarely asked are worse.
    let per_mille = *dice.pick(&[1000_u16, 1000, 250, 40]);
    let late = (received_at - BEGIN) / (15 * DAY_MS);
    let best = if per_mille < 1000 { 9 } else { 11 };
    let score = i32::try_from(dice.below(best)).unwrap().max(i32::try_from(late).unwrap());
    let mut random = [0; 10];
    random[2..].copy_from_slice(&(n as u64).to_be_bytes());
    let id = ResponseId::new(received_at.unsigned_abs(), &random);
    let locale = *dice.pick(&["it", "en", "other", ""]);
    Record {
        site: "pk_demo".into(),
        digest: [0; 16],
        subject: None,
        day: days.get_days(),
        counted_locale: locale.into(),
        counted_touchpoint: (*dice.pick(&["", "cart", "other"])).into(),
        counted_per_mille: per_mille,
        is_news: true,
        row: Row {
            id,
            survey: "nps".into(),
            metric: Metric::Nps,
            instrument: survey.instrument(if locale == "en" { "en" } else { "it" }).id(),
            revision: 1,
            score,
            band: "passive".into(),
            comment: None,
            choices: "[]".into(),
            locale: Some(locale.into()),
            channel: *dice.pick(&[None, Some(Channel::Inline), Some(Channel::Email), Some(Channel::Qr)]),
            touchpoint: None,
            device: *dice.pick(&[None, Some(Device::Phone), Some(Device::Desktop)]),
            page: None,
            order_ref: None,
            attributes: "{}".into(),
            test: dice.below(20) == 0,
            flags: *dice.pick(&[Flags::default(), Flags::default(), Flags::CLOCK, Flags::BOT]),
            inclusion: Some(f64::from(per_mille) / 1000.0),
            occurred_at: received_at,
            received_at,
        },
    }
}

/// The key in a series, from the calendar and the row alone.
fn key(record: &Record, by: &str, rome: &TimeZone) -> String {
    let local = Timestamp::from_millisecond(record.row.received_at).unwrap().to_zoned(rome.clone());
    let or_unknown = |text: &str| if text.is_empty() { "unknown".into() } else { text.to_owned() };
    match by {
        "day" => local.strftime("%Y-%m-%d").to_string(),
        "week" => local.strftime("%G-W%V").to_string(),
        "month" => local.strftime("%Y-%m").to_string(),
        "channel" => or_unknown(record.row.channel.map_or("", Channel::as_str)),
        "device" => or_unknown(record.row.device.map_or("", Device::as_str)),
        "locale" => or_unknown(&record.counted_locale),
        "touchpoint" => or_unknown(&record.counted_touchpoint),
        _ => record.row.instrument.clone(),
    }
}

/// The figures of some answers, and the score once more by hand: the mean of +1, 0 and −1, each as often as it stands for.
fn figures(survey: &Survey, records: &[&Record]) -> Value {
    let each = records.iter().map(|record| (record.row.score, record.counted_per_mille, 1));
    let figures = summarize(survey.metric, &survey.scale, &each.collect::<Counts>());
    let (mut sum, mut weights) = (0.0, 0.0);
    for record in records {
        let weight = 1000.0 / f64::from(record.counted_per_mille);
        weights += weight;
        sum += match record.row.score {
            9.. => weight,
            7..=8 => 0.0,
            _ => -weight,
        };
    }
    if let Some(score) = figures.score {
        assert!((score - 100.0 * sum / weights).abs() < 0.006, "{score}: {sum} of {weights}");
    }
    serde_json::to_value(&figures).unwrap()
}

async fn compare(
    server: &Server,
    survey: &Survey,
    records: &[Record],
    rome: &TimeZone,
    span: Option<[Millis; 2]>,
    by: &str,
) {
    let query = span
        .map_or(String::new(), |[from, to]| format!("&from={}&to={}", time::format(from), time::format(to)));
    let path = format!("/scores?survey=nps&by={by}{query}");
    let scores = server.read(&path).await;
    let within =
        |record: &&Record| span.is_none_or(|[from, to]| (from..to).contains(&record.row.received_at));
    let (excluded, counted): (Vec<_>, Vec<_>) = records
        .iter()
        .filter(within)
        .partition(|record| record.row.test || record.row.flags.meets(Flags::BOT));
    let tests = excluded.iter().filter(|record| record.row.test).count();
    assert_eq!(scores["excluded"], json!({"test": tests, "flagged": excluded.len() - tests}), "{path}");
    for (field, expected) in figures(survey, &counted).as_object().unwrap() {
        assert_eq!(scores[field], *expected, "{field} of {path}");
    }
    let mut heaps: BTreeMap<String, Vec<&Record>> = BTreeMap::new();
    for record in counted {
        heaps.entry(key(record, by, rome)).or_default().push(record);
    }
    let points = scores["series"].as_array().unwrap();
    let keys: Vec<_> = points.iter().map(|point| point["key"].as_str().unwrap()).collect();
    assert_eq!(keys, heaps.keys().collect::<Vec<_>>(), "{path}");
    for (point, (key, records)) in points.iter().zip(&heaps) {
        let expected = figures(survey, records);
        for (field, value) in point.as_object().unwrap() {
            assert!(field == "key" || *value == expected[field], "{field} of {key} of {path}");
        }
        assert_eq!(point.get("n_effective").is_some(), expected.get("n_effective").is_some());
    }
}

#[tokio::test]
async fn every_figure_is_that_of_a_count_one_by_one() {
    let rome = TimeZone::get("Europe/Rome").unwrap();
    for seed in 1..=3 {
        let server = Server::start().await;
        let survey: Survey = serde_json::from_value(server.read("/surveys/nps").await).unwrap();
        let mut dice = Dice::new(seed);
        let records: Vec<Record> = (0..ANSWERS).map(|n| random(&mut dice, n, &survey, &rome)).collect();
        let url = format!("sqlite:{}", server.database().display());
        let beside = store::open(&url, Purpose::Beside).await.unwrap();
        for batch in records.chunks(BATCH) {
            beside.append(batch.to_vec().into()).await.unwrap();
        }
        beside.close().await.unwrap();
        for by in ["day", "week", "month", "channel", "device", "locale", "touchpoint", "instrument"] {
            compare(&server, &survey, &records, &rome, None, by).await;
            let mut moment = || BEGIN + i64::try_from(dice.below(DAYS * 86_400_000)).unwrap();
            let (one, other) = (moment(), moment());
            if one != other {
                let span = Some([one.min(other), one.max(other)]);
                compare(&server, &survey, &records, &rome, span, by).await;
            }
        }
    }
}
