use std::collections::BTreeMap;

use parere_shared::text::cut;
use serde_json::{Value, json};

use super::*;
use crate::ask::tests::{NOW, config};

/// What the survey waits for, and of each gate its sentence and whether it lets the visit pass.
fn explained(fields: &Value, page: &Page<'_>, memory: &str) -> (String, Vec<(String, bool, String)>) {
    let text = explain(page, memory, &config(fields), NOW);
    let mut rest = text.as_str();
    let awaited = cut(&mut rest, 0).to_owned();
    let mut gates = Vec::new();
    while !rest.is_empty() {
        let (gate, pass, _seen, says) =
            (cut(&mut rest, 0), cut(&mut rest, 0), cut(&mut rest, 0), cut(&mut rest, 0));
        gates.push((gate.to_owned(), pass == "1", says.to_owned()));
    }
    (awaited, gates)
}

#[test]
fn every_gate_has_a_sentence_whether_or_not_it_is_set() {
    let (awaited, gates) = explained(&json!({}), &Page { url: "/p", ..Page::default() }, "");
    assert_eq!(awaited, "It waits for nothing.");
    let names: Vec<&str> = gates.iter().map(|(gate, ..)| gate.as_str()).collect();
    assert_eq!(names, Refusal::ALL.map(Refusal::as_str));
    assert!(gates.iter().all(|(_, pass, _)| *pass), "{gates:?}");
    let says: Vec<&str> = gates.iter().map(|(.., says)| says.as_str()).collect();
    assert_eq!(
        says,
        [
            "First moment: none is set.",
            "Last moment: none is set.",
            "Days and hours: any time will do.",
            "Address: any page will do.",
            "Conditions: none are set.",
            "Never again: nobody has said so in this browser.",
            "Answer: none is remembered; after one the shopper is left alone for 90 days.",
            "Dismissal: none is remembered; after one the shopper is left alone for 30 days.",
            "Other questions: none is remembered; between two there are 7 days.",
            "Sample: everybody is asked.",
        ]
    );
}

/// Only `gate` refuses, and says so.
fn assert_refused(fields: &Value, memory: &str, gate: &str, says: &str) {
    let page = Page { url: "/cart?x=1", language: "en", screen_px: 1280, visitor: "a1b2", ..Page::default() };
    let (_, gates) = explained(fields, &page, memory);
    let refused: Vec<_> = gates.into_iter().filter(|(_, pass, _)| !pass).collect();
    assert_eq!(refused, [(gate.to_owned(), false, says.to_owned())], "{fields} {memory}");
}

#[test]
fn what_the_survey_wants_is_told_with_what_is_seen() {
    let urls = json!([{"op": "prefix", "value": "/products/"}, {"op": "equals", "value": "/"},
        {"op": "contains", "value": "sale", "not": true}]);
    for (fields, memory, gate, says) in [
        (
            json!({"schedule": {"from": "2027-02-28T23:59:00+01:00"}}),
            "",
            "from",
            "First moment: 2027-02-28 22:59 UTC; now it is 2026-11-21 10:00 UTC.",
        ),
        (
            json!({"schedule": {"until": "2024-02-29T00:00:00Z"}}),
            "",
            "until",
            "Last moment: 2024-02-29 00:00 UTC; now it is 2026-11-21 10:00 UTC.",
        ),
        (
            json!({"schedule": {"days": ["mon", "tue", "sun"], "hours": ["09:05", "18:30"]}}),
            "",
            "hours",
            "Days and hours: wants Mon, Tue and Sun from 09:05 to 18:30; in the shop’s zone it is Sat 11:00.",
        ),
        (
            json!({"schedule": {"hours": ["23:00", "01:00"]}}),
            "",
            "hours",
            "Days and hours: wants every day from 23:00 to 01:00; in the shop’s zone it is Sat 11:00.",
        ),
        (
            json!({"targeting": {"urls": urls}}),
            "",
            "url",
            "Address: wants one that begins with /products/ or /, but not one that contains sale; \
             this page is /cart?x=1.",
        ),
        (
            json!({"targeting": {"urls": [{"op": "glob", "value": "/c*", "not": true}]}}),
            "",
            "url",
            "Address: wants any but one that fits /c*; this page is /cart?x=1.",
        ),
    ] {
        assert_refused(&fields, memory, gate, says);
    }
}

#[test]
fn conditions_are_told_with_what_is_known() {
    let condition = |fact: &str, op: &str, values: Value, name: &str, not: bool| json!({"targeting": {"conditions": [{"fact": fact, "op": op, "values": values, "name": name, "not": not}]}});
    for (fields, memory, gate, says) in [
        (
            condition("language", "is", json!(["it", "de"]), "", false),
            "",
            "conditions",
            "Language: wants it or de; this page speaks en.",
        ),
        (
            condition("device", "is", json!(["desktop"]), "", true),
            "",
            "conditions",
            "Device: wants anything but desktop; this is a desktop.",
        ),
        (
            condition("referrer", "contains", json!(["search", "news", "mail"]), "", false),
            "",
            "conditions",
            "Page before: wants something that contains search, news or mail; it is not known.",
        ),
        (
            condition("views", "greater", json!(["3"]), "", false),
            "",
            "conditions",
            "Pages of this visit: wants more than 3; they are not counted.",
        ),
        (
            condition("visitor", "is", json!(["new"]), "", false),
            "",
            "conditions",
            "Visitor: wants new; this one is not known.",
        ),
        (
            condition("attribute", "less", json!(["5"]), "orders", false),
            "",
            "conditions",
            "Attribute orders: wants less than 5; the page has not said it.",
        ),
    ] {
        assert_refused(&fields, memory, gate, says);
    }
}

#[test]
fn what_this_browser_remembers_is_told() {
    for (fields, memory, gate, says) in [
        (json!({}), "|never", "never", "Never again: the shopper has said so in this browser."),
        (
            json!({}),
            "|nps 0 1795168800 0",
            "answered",
            "Answer: 2026-11-20 10:00 UTC; after one the shopper is left alone for 90 days.",
        ),
        (
            json!({}),
            "|nps 0 0 1795168800",
            "dismissed",
            "Dismissal: 2026-11-20 10:00 UTC; after one the shopper is left alone for 30 days.",
        ),
        (
            json!({"targeting": {"recontact": {"other_days": 2}}}),
            "|ces 1795168800 0 0|csat 1795000000 0 0",
            "other",
            "Other questions: ces was shown 2026-11-20 10:00 UTC; between two there are 2 days.",
        ),
        (
            json!({"targeting": {"sample_per_mille": 903}}),
            "",
            "sample",
            "Sample: asks browsers with a number below 903 of 1000; this one has 903.",
        ),
    ] {
        assert_refused(&fields, memory, gate, says);
    }
}

#[test]
fn each_condition_speaks_for_itself() {
    let fields = json!({"targeting": {"conditions": [
        {"fact": "attribute", "name": "plan", "op": "is", "values": ["gold"]},
        {"fact": "visitor", "op": "is", "values": ["new"]}]}});
    let page = Page { attributes: "plan\0gold\0", visits: "returning", ..Page::default() };
    let (_, gates) = explained(&fields, &page, "");
    let found: BTreeMap<_, _> = gates.into_iter().map(|(_, pass, says)| (says, pass)).collect();
    assert_eq!(found.get("Attribute plan: wants gold; the page has said gold."), Some(&true), "{found:?}");
    assert_eq!(found.get("Visitor: wants new; this one is returning."), Some(&false), "{found:?}");
}

#[test]
fn what_is_waited_for_is_told() {
    let page = Page { order_ref: "1001", ..Page::default() };
    let asked = concat(&["|", &order_slug("nps", "1001"), " 0 1 0"]);
    let property = json!({"fact": "attribute", "name": "total", "op": "greater", "values": ["50"]});
    for (trigger, memory, says) in [
        (json!({"on": "seconds", "seconds": 5}), "", "It waits until the page was in view for 5 seconds."),
        (
            json!({"on": "scroll", "percent": 40}),
            "",
            "It waits until the page is scrolled down by 40 percent.",
        ),
        (json!({"on": "exit"}), "", "It waits until the shopper is about to leave."),
        (json!({"on": "click", "selector": "#a"}), "", "It waits for a click on #a."),
        (json!({"on": "in_view", "selector": "#a"}), "", "It waits until #a comes into view."),
        (json!({"on": "event", "name": "paid"}), "", "It waits for the event paid."),
        (
            json!({"on": "event", "name": "paid", "properties": [property]}),
            "",
            "It waits for the event paid with total more than 50.",
        ),
        (json!({"on": "purchase"}), "", "It waits for an order; this page names 1001."),
        (json!({"on": "purchase"}), &asked, "It waits for an order; it has asked about 1001 before."),
    ] {
        let survey = json!({"placement": "popover", "trigger": trigger});
        assert_eq!(explained(&survey, &page, memory).0, says, "{trigger}");
    }
    let nobody =
        explained(&json!({"placement": "popover", "trigger": {"on": "purchase"}}), &Page::default(), "");
    assert_eq!(nobody.0, "It waits for an order; this page names none in data-ref.");
    assert_eq!(explain(&page, "", b"\x05", NOW), "");
}
