//! Choices under the follow-up question, ticked in a form without script.

use reqwest::Method;
use serde_json::{Value, json};

use super::{fields, filled, open, send, stored};
use crate::client::Reply;
use crate::server::Server;
use crate::surveys::definition;

const REASONS: &str = "/s/pk_demo/reasons";

/// A survey that asks detractors for several reasons, passives for a comment and promoters for one reason alone.
async fn survey() -> Server {
    let server = Server::start().await;
    let option = |value: &str, label: &str| json!({"value": value, "label": {"en": label, "it": label}});
    let changes = json!({
        "follow_ups": [
            {"from": 0, "to": 6, "question": {"en": "Which part?"}, "choices": {
                "options": [option("fit", "The fit & feel"), option("wait", "The wait")], "other": true,
            }},
            {"from": 7, "to": 8},
            {"from": 9, "to": 10, "comment": false, "choices": {
                "options": [option("look", "The look"), option("fit", "The fit")], "pick": "one",
            }},
        ],
    });
    let added = server.api(Method::POST, "/surveys", Some(&definition("reasons", changes))).await;
    assert_eq!(added.status, 201, "{added:?}");
    server
}

async fn submit(server: &Server, page: &Reply, changes: &[(&str, &str)]) -> Reply {
    send(server, REASONS, filled(&fields(page), changes), &[]).await
}

/// The follow-up question for a score that is just sent.
async fn why(server: &Server, score: &str) -> Reply {
    let page = open(server, REASONS, "en").await;
    assert!(!page.text().contains("name=\"choice\""), "first the score");
    submit(server, &page, &[("score", score)]).await
}

fn ticked(page: &Reply) -> Vec<String> {
    fields(page).into_iter().filter(|(name, _)| name == "choice").map(|(_, value)| value).collect()
}

async fn last(server: &Server) -> Value {
    let rows = stored(server, &["revision", "score", "choices", "comment"]).await;
    rows.into_iter().next_back().unwrap()
}

#[tokio::test]
async fn each_band_offers_its_own_and_they_join_the_answer() {
    let server = survey().await;
    let page = why(&server, "3").await;
    assert!(page.text().contains("<legend>Which part?</legend>"), "{}", page.text());
    for says in [
        "<input type=\"checkbox\" name=\"choice\" value=\"fit\"><span>The fit &#38; feel</span>",
        "<input type=\"checkbox\" name=\"choice\" value=\"other\"><span>Something else</span>",
        "<textarea",
    ] {
        assert!(page.text().contains(says), "{says}: {}", page.text());
    }
    let thanks = submit(&server, &page, &[("choice", "wait"), ("choice", "other"), ("comment", "Dye")]).await;
    assert!(thanks.text().contains("Thank you for your opinion."), "{thanks:?}");
    assert_eq!(last(&server).await, json!([2, 3, ["wait", "other"], "Dye"]));

    let page = why(&server, "8").await;
    assert!(!page.text().contains("name=\"choice\"") && page.text().contains("<label for=\"comment\""));

    let page = why(&server, "9").await;
    assert!(page.text().contains("type=\"radio\" name=\"choice\" value=\"look\""), "{}", page.text());
    assert!(!page.text().contains("<textarea"), "no room where none is wanted");
    submit(&server, &page, &[("choice", "look")]).await;
    assert_eq!(last(&server).await, json!([2, 9, ["look"], null]));
    assert_eq!(server.stored().await.len(), 3);
}

#[tokio::test]
async fn what_was_ticked_is_shown_again_with_what_was_wrong() {
    let server = survey().await;
    let page = why(&server, "3").await;
    let long = "x".repeat(4_001);
    let said = [("choice", "wait"), ("choice", "other"), ("comment", long.as_str())];
    for score in ["3", "8", "9", "", "11"] {
        let again = submit(&server, &page, &[&said[..], &[("score", score)]].concat()).await;
        assert_eq!(again.status, 422, "{score}");
        assert_eq!(ticked(&again), ["wait", "other"], "{score}");
        assert!(again.text().contains(&long), "{score}");
    }
    let again = submit(&server, &page, &said).await;
    let thanks = submit(&server, &again, &[("comment", "short")]).await;
    assert_eq!(thanks.status, 200, "{thanks:?}");
    assert_eq!(last(&server).await, json!([2, 3, ["wait", "other"], "short"]));

    // A comment that came from elsewhere stays, too, where the band of the score has no room for one.
    let again = submit(&server, &why(&server, "9").await, &[("comment", &long), ("choice", "look")]).await;
    assert!(again.text().contains(&long) && ticked(&again) == ["look"], "{again:?}");
}

#[tokio::test]
async fn a_score_sent_again_takes_no_choice_away() {
    let server = survey().await;
    let page = open(&server, REASONS, "en").await;
    let why = submit(&server, &page, &[("score", "3")]).await;
    submit(&server, &why, &[("choice", "fit")]).await;
    submit(&server, &page, &[("score", "2")]).await;
    assert_eq!(last(&server).await, json!([2, 3, ["fit"], null]));
}

#[tokio::test]
async fn reasons_of_another_band_are_not_those_of_the_score() {
    let server = survey().await;
    for (asked, sent, ticked, expected) in [
        ("3", "9", &["wait", "other"][..], json!([2, 9, [], "Dye"])),
        ("3", "9", &["fit", "wait"], json!([2, 9, ["fit"], "Dye"])),
        ("3", "8", &["fit"], json!([2, 8, [], "Dye"])),
        ("9", "3", &["look"], json!([2, 3, [], "Dye"])),
        ("3", "2", &["wait"], json!([2, 2, ["wait"], "Dye"])),
    ] {
        let page = why(&server, asked).await;
        let ticks = ticked.iter().map(|value| ("choice", *value));
        let said: Vec<_> = ticks.chain([("score", sent), ("comment", "Dye")]).collect();
        assert_eq!(submit(&server, &page, &said).await.status, 200, "{sent} {ticked:?}");
        assert_eq!(last(&server).await, expected, "{sent} {ticked:?}");
    }
}

#[tokio::test]
async fn choices_that_cannot_be_are_refused() {
    let server = survey().await;
    let page = why(&server, "3").await;
    let many = [("choice", "fit"); 21];
    for changes in [&[("choice", "Not a slug")][..], &[("choice", "<b>")], &many] {
        let again = submit(&server, &page, changes).await;
        assert_eq!(again.status, 422, "{changes:?}");
        assert!(again.text().contains("That did not work.") && !again.text().contains("<b>"));
    }
    // What is taken off the list while the question stands costs no answer.
    let taken = submit(&server, &page, &[("choice", "laces")]).await;
    assert_eq!(taken.status, 200, "{taken:?}");
    assert_eq!(last(&server).await, json!([2, 3, ["laces"], null]));
}

#[tokio::test]
async fn the_kiosk_knows_them_all_and_has_the_places_for_them() {
    let server = survey().await;
    let page = open(&server, &format!("{REASONS}?kiosk=1"), "en").await;
    let facts = page.text().split(" data-kiosk=\"").nth(1).unwrap().split('"').next().unwrap();
    let facts = facts.replace("&#34;", "\"").replace("&#38;", "&").replace("&#39;", "'");
    let facts: Value = serde_json::from_str(&facts).unwrap();
    assert_eq!(
        facts["follow_ups"][2],
        json!({
            "from": 9, "to": 10, "question": "What did you like most?", "many": false, "comment": false,
            "choices": [{"value": "look", "label": "The look"}, {"value": "fit", "label": "The fit"}],
        })
    );
    assert_eq!(facts["thanks"], json!([{"from": 0, "to": 10, "text": "Thank you for your opinion."}]));
    assert!(page.text().contains("<fieldset class=\"choices\" id=\"choices\" hidden>"));
    // Without script the form goes on as any other.
    let why = submit(&server, &page, &[("score", "9")]).await;
    assert!(why.text().contains("id=\"choices\">") && why.text().contains("value=\"look\""));
    assert!(!why.text().contains("name=\"choice\" value=\"wait\""), "{}", why.text());
    submit(&server, &why, &[("choice", "look"), ("comment", "")]).await;
    assert_eq!(last(&server).await, json!([2, 9, ["look"], null]));
}
