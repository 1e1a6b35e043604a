//! `parere demo`: the same past for the same seed, one that looks like a shop's, and never among real answers unasked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use parere_shared::score::{Counts, Movement, change};
use parere_shared::survey::{Look, Metric, Polarity, Scale};
use rusqlite::Connection;

use crate::answer::valid;
use crate::postgres::Database;
use crate::program::{Program, parere};

mod rules;

/// A Saturday, and the day after the last.
const UNTIL: &str = "2026-11-21";

/// Exit code and everything said.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = parere(folder, arguments).output().unwrap();
    (output.status.code(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

/// The same, where all must go well.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let (code, said) = run(folder, arguments);
    assert_eq!(code, Some(0), "{arguments:?}: {said}");
    said
}

/// Everything that the demo shop has after so many answers from `seed`.
fn history(responses: &str, seed: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let line = ["demo", "--responses", responses, "--seed", seed, "--days", "60", "--until", UNTIL];
    said(folder.path(), &line);
    said(folder.path(), &["export", "--site", "pk_demo"])
}

#[tokio::test]
async fn the_same_seed_makes_the_same_answers_and_another_one_others() {
    let first = history("400", "7");
    assert_eq!(first.lines().count(), 401, "{first}");
    assert_eq!(history("400", "7"), first);
    let other = history("400", "8");
    let ids = |export: &str| -> BTreeSet<String> {
        export.lines().skip(1).map(|line| line[..36].to_owned()).collect()
    };
    assert_eq!(ids(&first).len(), 400);
    assert_eq!(ids(&first).intersection(&ids(&other)).count(), 0);
}

#[tokio::test]
async fn made_up_answers_stand_among_others_only_when_told_to() {
    let folder = tempfile::tempdir().unwrap();
    let demo = ["demo", "--responses", "300", "--until", UNTIL];
    let line = said(folder.path(), &demo);
    assert!(
        line.starts_with("300 made-up answers stored in pk_demo, from 2026-07-24 to 2026-11-20, seed 1;"),
        "{line}"
    );
    let (code, line) = run(folder.path(), &demo);
    assert!(code == Some(1) && line.contains("--force") && line.trim_end().lines().count() == 1, "{line}");
    let database = Connection::open(folder.path().join("parere.db")).unwrap();
    let shown = || -> u64 {
        database
            .query_row("SELECT sum(n) FROM daily_events WHERE kind = 'shown'", [], |row| row.get(0))
            .unwrap()
    };
    let before = shown();
    // The same answers once more are the same answers.
    let line = said(folder.path(), &[&demo[..], &["--force"]].concat());
    assert!(line.starts_with("0 made-up") && line.contains("; 300 were there before"), "{line}");
    assert!(
        before > 300 && shown() == before,
        "what became of the questions is counted with the answers, once"
    );
    let line = said(folder.path(), &[&demo[..], &["--force", "--seed", "2"]].concat());
    assert!(line.starts_with("300 made-up"), "{line}");
    assert!(shown() > before);
    assert!(said(folder.path(), &["doctor"]).contains("fine   counts"));

    for (arguments, code, clue) in [
        (&["--responses", "0"][..], 2, "1.."),
        (&["--responses", "10", "--days", "27"], 2, "28"),
        (&["--responses", "10", "--until", "2026-02-30"], 2, "--until"),
        (&["--responses", "10", "--until", "9000-01-01"], 1, "future"),
        (&[], 2, "--responses"),
    ] {
        let (found, line) = run(folder.path(), &[&["demo"], arguments].concat());
        assert!(found == Some(code) && line.contains(clue), "{arguments:?}: {line}");
    }
}

#[tokio::test]
async fn it_works_beside_a_collector_that_takes_real_answers() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let filling = {
        let folder = folder.path().to_owned();
        tokio::task::spawn_blocking(move || {
            run(&folder, &["demo", "--responses", "3000", "--until", UNTIL, "--force"])
        })
    };
    let mut real = 0;
    while !filling.is_finished() {
        assert_eq!(program.post(&valid(9)).await.status, 200);
        real += 1;
    }
    let (code, line) = filling.await.unwrap();
    assert!(code == Some(0) && line.starts_with("3000 made-up"), "{line}");
    let synthetic = |row: &&serde_json::Value| row["attributes"]["synthetic"] == "yes";
    let rows = program.stored().await;
    assert_eq!((rows.iter().filter(synthetic).count(), rows.len()), (3000, 3000 + real));
    assert!(said(folder.path(), &["doctor"]).contains("fine   counts"));
    // Made-up answers are refused where real ones are.
    let (code, line) = run(folder.path(), &["demo", "--responses", "10"]);
    assert!(code == Some(1) && line.contains("--force"), "{line}");
}

#[tokio::test]
async fn postgresql_is_filled_the_same_way() {
    let (database, folder) = (Database::create().await, tempfile::tempdir().unwrap());
    let url = database.url();
    let line = ["demo", "--responses", "400", "--seed", "7", "--days", "60", "--until", UNTIL];
    said(folder.path(), &[&line[..], &["--database-url", &url]].concat());
    let export = said(folder.path(), &["export", "--site", "pk_demo", "--database-url", &url]);
    assert_eq!(export, history("400", "7"));
    assert!(said(folder.path(), &["doctor", "--database-url", &url]).contains("fine   counts"));
}

/// A filled database to ask.
struct Filled {
    _folder: tempfile::TempDir,
    database: Connection,
}

impl Filled {
    fn with(responses: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        said(folder.path(), &["demo", "--responses", responses, "--days", "98", "--until", UNTIL]);
        let database = Connection::open(folder.path().join("parere.db")).unwrap();
        Self { _folder: folder, database }
    }

    /// How many there are of each.
    fn by(&self, key: &str, condition: &str) -> BTreeMap<String, u64> {
        let statement = format!(
            "SELECT coalesce(CAST({key} AS TEXT), ''), count(*) FROM responses WHERE site = 'pk_demo' AND {condition} GROUP BY 1"
        );
        let mut statement = self.database.prepare(&statement).unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    fn count(&self, condition: &str) -> u64 {
        self.by("1", condition).values().sum()
    }

    /// What is counted of a survey on days from Monday to Sunday, beginning at `monday`.
    fn week(&self, survey: &str, monday: i32, condition: &str) -> Counts {
        let condition =
            format!("survey = '{survey}' AND day >= {monday} AND day < {monday} + 7 AND {condition}");
        let scores = self.by("score", &condition);
        scores.into_iter().map(|(score, n)| (score.parse().unwrap(), n)).collect::<Vec<_>>().into()
    }
}

/// Days since 1970-01-01 of 2026-11-21.
const END: i32 = 20_778;

#[tokio::test]
async fn a_week_has_its_rhythm_and_a_day_its_hours_and_the_shop_grows() {
    let filled = Filled::with("12000");
    assert_eq!(filled.count("1"), 12_000);
    assert_eq!(filled.count(&format!("day < {END} - 98 OR day >= {END}")), 0);
    // From Thursday on, as 1970-01-01 was one.
    let weekdays: Vec<u64> = filled.by("day % 7", "1").into_values().collect();
    let [_, friday, saturday, sunday, monday, _, _] = weekdays[..] else { panic!("{weekdays:?}") };
    // Each is a good tenth apart; a difference of 300 is six standard deviations.
    assert!(sunday > friday + 250 && sunday > saturday + 300 && monday > saturday + 250, "{weekdays:?}");

    let hour = "(received_at_ms / 3600000 + 2) % 24";
    let [night, evening] =
        [(1, 5), (19, 23)].map(|(from, to)| filled.count(&format!("{hour} >= {from} AND {hour} < {to}")));
    assert!(evening > 8 * night && night > 0, "{night} at night, {evening} in the evening");
    assert_eq!(
        filled.count(&format!("channel = 'kiosk' AND ({hour} < 9 OR {hour} > 19 OR (day + 3) % 7 = 6)")),
        0
    );

    let [first, last] =
        [END - 98, END - 28].map(|day| filled.count(&format!("day >= {day} AND day < {day} + 28")));
    assert!(last * 10 > first * 14, "{first} in the first four weeks, {last} in the last");
}

#[tokio::test]
async fn one_week_is_worse_beyond_chance_and_the_comments_say_why() {
    let filled = Filled::with("12000");
    // Sentences about couriers, in any language, are told by one that only they have.
    let late = filled.by(
        "day - (day + 3) % 7",
        "comment LIKE '%corriere in ritardo%' OR comment LIKE '%Courier a week late%'",
    );
    let (monday, _) = late.iter().max_by_key(|(_, n)| **n).unwrap();
    let monday: i32 = monday.parse().unwrap();
    assert!(late.keys().all(|week| [monday, monday + 7].contains(&week.parse().unwrap())), "{late:?}");

    let counted = "test = 0 AND flags = 0";
    for (survey, metric, min, max, look) in [
        ("nps", Metric::Nps, 0, 10, Look::Numbers),
        ("ces", Metric::Ces, 1, 7, Look::Numbers),
        ("csat", Metric::Csat, 1, 5, Look::Stars),
    ] {
        let scale = Scale { min, max, polarity: Polarity::HighIsGood, look };
        let [before, bad, after] = [-7, 0, 14].map(|days| filled.week(survey, monday + days, counted));
        assert!([&before, &bad, &after].iter().all(|week| week.total() > 100), "{survey}");
        let fall = change(metric, &scale, &before, &bad);
        let rise = change(metric, &scale, &bad, &after);
        assert_eq!(
            (fall.movement, rise.movement),
            (Movement::Down, Movement::Up),
            "{survey}: {fall:?} {rise:?}"
        );
        // Where nothing happened, nothing is to be seen.
        let [one, other] = [-14, -7].map(|days| filled.week(survey, monday + days, counted));
        let quiet = change(metric, &scale, &one, &other).difference.unwrap().abs();
        assert!(quiet < fall.difference.unwrap().abs() / 2.0, "{survey}: {quiet}");
    }
    // Many different comments, not one again and again.
    let comments = filled.by("comment", "comment IS NOT NULL");
    assert!(comments.len() > 600, "{}", comments.len());
}

#[tokio::test]
async fn everything_that_answers_differ_by_is_there() {
    let filled = Filled::with("12000");
    let named = |column: &str, condition: &str| {
        filled.by(column, condition).into_keys().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(named("survey", "1"), "ces csat nps");
    assert_eq!(named("channel", "1"), "api bar email inline kiosk link popover qr tab");
    assert_eq!(named("device", "device IS NOT NULL"), "desktop phone tablet");
    assert_eq!(named("locale", "comment IS NOT NULL"), "ar de en es fr it ja nl pl pt");
    assert_eq!(named("touchpoint", "1"), "boutique cart checkout delivery discovery product returns support");
    assert_eq!(named("counted_locale", "1"), named("locale", "1"), "the surveys know every language");
    assert_eq!(named("band", "1"), "detractor negative neutral passive positive promoter");
    assert_eq!(named("flags", "1"), "0 131072 262144 65536", "nothing is wrong with clocks or instruments");
    for (what, condition, range) in [
        ("tests", "test = 1", 20..90),
        ("flagged", "flags != 0", 80..190),
        ("orders", "ref LIKE 'BF-%'", 5_000..9_000),
        ("people", "subject IS NOT NULL", 3_000..5_500),
        ("revised", "revision > 1", 700..3_000),
        ("thrice", "revision = 3", 10..150),
        ("not marked", "json_extract(attributes, '$.synthetic') IS NOT 'yes'", 0..1),
        (
            "out of order",
            "received_at_ms < (SELECT max(b.received_at_ms) FROM responses b WHERE b.seq < responses.seq AND b.seq > responses.seq - 20)",
            0..1,
        ),
    ] {
        let n = filled.count(condition);
        assert!(range.contains(&n), "{what}: {n}");
    }
    // Who is displeased says so more often.
    let rate = |band: &str| {
        let of_band = format!("band = '{band}'");
        filled.count(&format!("{of_band} AND comment IS NOT NULL")) * 1000 / filled.count(&of_band)
    };
    assert!(rate("detractor") > 2 * rate("promoter") && rate("negative") > 2 * rate("positive"));

    // Questions that nobody answered are counted, too.
    let events = |kind: &str| -> u64 {
        let sum = format!("SELECT sum(n) FROM daily_events WHERE kind = '{kind}'");
        filled.database.query_row(&sum, [], |row| row.get(0)).unwrap()
    };
    let on_pages = filled.count("channel IN ('inline', 'popover', 'bar', 'tab')");
    assert!(events("eligible") > events("shown") && events("shown") > 5 * on_pages);
    assert!(events("started") > on_pages && events("dismissed") > on_pages / 10);

    // The question of one survey was worded anew: each language has two instruments, one after the other.
    for (survey, instruments) in [("nps", 20), ("ces", 10), ("csat", 10)] {
        let condition = format!("survey = '{survey}'");
        assert_eq!(filled.by("instrument", &condition).len(), instruments, "{survey}");
    }
    let mut statement = filled
        .database
        .prepare("SELECT min(day), max(day) FROM responses WHERE survey = 'nps' AND locale = 'it' GROUP BY instrument ORDER BY 1")
        .unwrap();
    let spans: Vec<(i32, i32)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let [(first, before), (after, last)] = spans[..] else { panic!("{spans:?}") };
    assert!(first <= before && before < after && after <= last, "{spans:?}");
    let worded: String = filled
        .database
        .query_row(
            "SELECT definition FROM instruments WHERE definition LIKE '%Consiglieresti Bottega Fiorini%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert!(worded.contains(r#""metric":"nps""#), "{worded}");
}

#[tokio::test]
async fn the_question_was_worded_anew_within_the_made_up_past() {
    let folder = tempfile::tempdir().unwrap();
    let demo = ["demo", "--responses", "3000", "--days", "98", "--until", UNTIL];
    said(folder.path(), &demo);
    // The same past once more changes nothing of it.
    said(folder.path(), &[&demo[..], &["--force", "--seed", "2"]].concat());
    let program = Program::start(folder.path()).await;
    let scores = program.read("/scores?survey=nps&by=day&from=2026-08-15&to=2026-11-21").await;
    let breaks: Vec<_> = scores["breaks"].as_array().unwrap().iter().map(|found| &found["key"]).collect();
    // 98 days from 15 August on: the Monday after a third of them.
    assert_eq!(breaks, ["2026-09-21"], "{scores}");
    let sentence = scores["breaks"][0]["sentence"].as_str().unwrap();
    assert!(sentence.starts_with("On 21 September 2026 the wording of the question changed"), "{sentence}");
    for survey in ["ces", "csat"] {
        let scores = program.read(&format!("/scores?survey={survey}&by=day")).await;
        assert!(scores.get("breaks").is_none(), "{scores}");
    }
    // What is asked from today on was written today, and is the last that was.
    let database = Connection::open(folder.path().join("parere.db")).unwrap();
    let kept: Vec<(i64, i64)> = database
        .prepare(
            "SELECT version, created_at_ms FROM survey_versions WHERE site = 'pk_demo' AND survey = 'nps' ORDER BY 1",
        )
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(kept.is_sorted_by_key(|(_, at)| *at), "{kept:?}");
}

#[tokio::test]
async fn the_help_desk_has_a_past_that_explains_scores() {
    let folder = tempfile::tempdir().unwrap();
    let demo = ["demo", "--responses", "4000", "--days", "98", "--until", UNTIL];
    said(folder.path(), &demo);
    said(folder.path(), &[&demo[..], &["--force"]].concat());
    let program = Program::start(folder.path()).await;
    let board = program.read("/speed").await;
    let tickets = board["tickets"].as_u64().unwrap();
    assert!((600..3_000).contains(&tickets), "the same past once more adds none: {tickets}");
    assert!(board["time_to_resolution"]["all"]["open"].as_u64().unwrap() > 0, "{board:#}");
    let share = board["first_contact_resolution"]["share"].as_f64().unwrap();
    assert!((40.0..90.0).contains(&share), "{share}");
    let scores = board["score_by_speed"].as_array().unwrap().iter().find(|scores| scores["survey"] == "csat");
    let score = |bucket: usize| scores.unwrap()["buckets"][bucket]["score"].as_f64().unwrap();
    assert!(score(0) > score(2) + 10.0, "who waits is displeased: {scores:?}");
    assert!(!board["slow_and_unhappy"].as_array().unwrap().is_empty());
}
