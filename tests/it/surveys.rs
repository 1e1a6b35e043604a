//! Surveys: read, added, replaced, removed, and refused when they make no sense.

use reqwest::Method;
use serde_json::{Value, json};

use crate::answer::{valid, with};
use crate::server::Server;

/// A live NPS survey, with some fields changed.
pub(crate) fn definition(slug: &str, changes: Value) -> Value {
    let plain = json!({
        "slug": slug, "state": "live", "metric": "nps", "languages": ["it", "en"],
        "scale": {"min": 0, "max": 10, "polarity": "high_is_good", "look": "numbers"},
    });
    with(plain, changes)
}

#[tokio::test]
async fn a_survey_is_added_read_replaced_and_removed() {
    let server = Server::start().await;
    let written = definition(
        "after-delivery",
        json!({
            "metric": "csat", "brand": "Bottega Fiorini", "touchpoint": "delivery", "state": "draft",
            "scale": {"min": 1, "max": 5, "polarity": "high_is_good", "look": "stars"},
            "texts": {"it": {"question": "Com’è andata la consegna?"}},
            "follow_ups": [{"from": 1, "to": 3, "question": {"it": "Che cosa è andato storto?"}}],
            "targeting": {"urls": [{"op": "prefix", "value": "/orders/", "not": false}], "sample_per_mille": 250,
                "recontact": {"answered_days": 1, "dismissed_days": 2, "other_days": 3}},
            "schedule": {"from": "2026-11-01T00:00:00+01:00", "until": "2027-01-01T00:00:00+01:00"},
        }),
    );
    let added = server.api(Method::POST, "/surveys", Some(&written)).await;
    assert_eq!(
        (added.status, added.header("location")),
        (201, "/api/v1/sites/pk_demo/surveys/after-delivery")
    );
    let read = server.read("/surveys/after-delivery").await;
    for (field, value) in written.as_object().unwrap() {
        assert_eq!(read[field], *value, "{field}");
    }
    assert_eq!(server.api(Method::POST, "/surveys", Some(&written)).await.status, 409, "the slug is taken");

    let replaced = with(read.clone(), json!({"state": "live", "brand": ""}));
    let reply = server.api(Method::PUT, "/surveys/after-delivery", Some(&replaced)).await;
    assert_eq!((reply.status, reply.json()), (200, replaced.clone()), "what is read can be written");
    assert_eq!(server.read("/surveys/after-delivery").await, replaced);

    for expected in [204, 404] {
        let reply = server.api(Method::DELETE, "/surveys/after-delivery", None).await;
        assert_eq!(reply.status, expected, "{reply:?}");
    }
    assert_eq!(server.api(Method::PUT, "/surveys/after-delivery", Some(&replaced)).await.status, 404);
}

#[tokio::test]
async fn a_survey_with_answers_is_not_removed() {
    let server = Server::start().await;
    assert_eq!(server.post(&valid(9)).await.status, 200);
    assert_eq!(server.api(Method::DELETE, "/surveys/nps", None).await.status, 409);
    assert_eq!(server.stored().await.len(), 1);
    assert_eq!(server.api(Method::DELETE, "/surveys/ces", None).await.status, 204);
    assert_eq!(server.post(&with(valid(5), json!({"survey": "ces"}))).await.status, 404);
}

#[tokio::test]
async fn a_new_wording_leaves_old_answers_on_the_old_one() {
    let server = Server::start().await;
    assert_eq!(server.post(&with(valid(9), json!({"locale": "it"}))).await.status, 200);
    let reworded = definition("nps", json!({"texts": {"it": {"question": "Ci consiglieresti a un'amica?"}}}));
    assert_eq!(server.api(Method::PUT, "/surveys/nps", Some(&reworded)).await.status, 200);
    assert_eq!(server.post(&with(valid(1), json!({"locale": "it"}))).await.status, 200);

    let rows = server.stored().await;
    let instruments: Vec<&Value> = rows.iter().map(|row| &row["instrument"]).collect();
    assert_ne!(instruments[0], instruments[1], "{rows:?}");
    // An answer to the old wording may still be on its way; it is an answer to the old wording.
    let late = with(valid(8), json!({"locale": "it", "instrument": instruments[0]}));
    assert_eq!(server.post(&late).await.status, 200);
    let last = server.stored().await.pop().unwrap();
    assert_eq!((&last["instrument"], &last["flags"]), (instruments[0], &json!([])));

    let scores = server.read("/scores?survey=nps&by=instrument").await;
    let mut series: Vec<(&Value, &Value)> =
        scores["series"].as_array().unwrap().iter().map(|point| (&point["key"], &point["n"])).collect();
    series.sort_by_key(|(_, n)| n.as_u64());
    assert_eq!(series, [(instruments[1], &json!(1)), (instruments[0], &json!(2))]);
}

#[tokio::test]
async fn definitions_that_make_no_sense_are_refused_with_every_violation() {
    let server = Server::start().await;
    let before = server.read("/surveys").await;
    let scale = |min: i32, max: i32, look: &str| json!({"min": min, "max": max, "polarity": "high_is_good", "look": look});
    let follow_ups =
        json!([{"from": 0, "to": 6}, {"from": 5, "to": 12}, {"from": 9, "to": 8, "question": {"it": ""}}]);
    for (changes, broken) in [
        (json!({"slug": "Not a slug"}), &["slug format"][..]),
        (json!({"slug": null}), &["slug missing"]),
        (json!({"metric": "sus"}), &["metric format"]),
        (json!({"metric": "csat", "scale": scale(5, 5, "numbers")}), &["scale.min contradiction"]),
        (json!({"metric": "csat", "scale": scale(7, 1, "numbers")}), &["scale.min contradiction"]),
        (json!({"metric": "csat", "scale": scale(0, 100, "numbers")}), &["scale too_many"]),
        (json!({"metric": "csat", "scale": scale(0, 4, "stars")}), &["scale.look contradiction"]),
        (json!({"metric": "csat", "scale": scale(1, 4, "faces")}), &["scale.look contradiction"]),
        (json!({"metric": "csat", "scale": scale(1, 2, "thumbs")}), &["scale.look contradiction"]),
        (json!({"scale": scale(1, 10, "numbers")}), &["scale contradiction"]),
        (json!({"scale": {"min": 0}}), &["scale.max missing"]),
        (json!({"languages": []}), &["languages empty"]),
        (json!({"languages": ["it", "it"]}), &["languages[1] contradiction"]),
        (
            json!({"languages": ["tlh"]}),
            &[
                "texts.tlh.question missing",
                "texts.tlh.low missing",
                "texts.tlh.high missing",
                "texts.tlh.thanks missing",
            ],
        ),
        (json!({"texts": {"it": {"question": " "}}}), &["texts.it.question empty"]),
        (json!({"texts": {"de": {"question": "Wie war's?"}}}), &["texts.de unknown"]),
        (
            json!({"follow_ups": follow_ups}),
            &[
                "follow_ups[1].to out_of_range",
                "follow_ups[1] contradiction",
                "follow_ups[2].from contradiction",
                "follow_ups[2].question.it empty",
            ],
        ),
        (json!({"targeting": {"sample_per_mille": 0}}), &["targeting.sample_per_mille out_of_range"]),
        (json!({"targeting": {"urls": [{"op": "regex", "value": "/"}]}}), &["targeting.urls[0].op format"]),
        (json!({"schedule": {"from": "tomorrow"}}), &["schedule.from format"]),
        (
            json!({"schedule": {"from": "2027-01-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}}),
            &["schedule.until contradiction"],
        ),
        (json!({"colour": "red"}), &["colour unknown"]),
        (
            json!({"slug": "", "brand": "\u{0}", "languages": [], "targeting": {"sample_per_mille": 2000}}),
            &[
                "slug format",
                "brand control_character",
                "languages empty",
                "targeting.sample_per_mille out_of_range",
            ],
        ),
    ] {
        let reply = server.api(Method::POST, "/surveys", Some(&definition("new", changes.clone()))).await;
        assert_eq!(reply.status, 422, "{changes}: {reply:?}");
        let mut found = reply.violations();
        // An overlap may be told of more than once; what counts is that each mistake is named.
        found.dedup();
        for each in broken {
            assert!(found.iter().any(|found| found == each), "{changes}: {found:?} lacks {each}");
        }
        assert!(found.len() <= broken.len() + 1, "{changes}: {found:?}");
    }
    assert_eq!(server.read("/surveys").await, before, "nothing was stored on the way");
}

#[tokio::test]
async fn a_definition_keeps_its_name_and_its_size() {
    let server = Server::start().await;
    let other_name = definition("other", json!({}));
    let reply = server.api(Method::PUT, "/surveys/nps", Some(&other_name)).await;
    assert_eq!((reply.status, reply.violations()), (422, vec!["slug contradiction".to_owned()]));
    let huge = definition("new", json!({"brand": "x".repeat(600 * 1024)}));
    assert_eq!(server.api(Method::POST, "/surveys", Some(&huge)).await.status, 413);
}
