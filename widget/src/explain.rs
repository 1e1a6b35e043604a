//! Every gate of a survey in plain words, for the merchant who wonders why it is asked here, or why not.
//!
//! Pure: texts in, a text out. A part of its own (`collector/build/widget.rs`), so that no shopper downloads it;
//! in English alone, for whoever builds the shop.

use parere_shared::gate::{Condition, Gate, On, Recontact, Refusal, Visit, bucket, order_slug};
use parere_shared::memory::{Memory, Seen};
use parere_shared::text::concat;
use parere_shared::time::Millis;

use crate::ask::{self, Survey};
use crate::page::Page;

mod words;

use words::{days_of, hours_of, listed, moment, number, rules};

/// One gate: its name, whether it lets this visit pass, what was seen, and all of it in a sentence.
struct Finding {
    gate: &'static str,
    pass: bool,
    seen: String,
    says: String,
}

/// What is known of one survey on this page: what it waits for, then of each gate its name, `1` or `0`, the value that
/// was seen and the sentence. Each ends with NUL; nothing for a configuration that cannot be read.
pub(crate) fn explain(page: &Page<'_>, memory: &str, config: &[u8], now: Millis) -> String {
    let Ok(survey) = postcard::from_bytes::<Survey<'_>>(config) else { return String::new() };
    let (memory, visit) = (ask::remember(page, memory), page.visit(now));
    let mut text = concat(&[&awaited(&survey, page, &memory), "\0"]);
    for refusal in Refusal::ALL {
        let findings = if refusal == Refusal::Condition {
            conditions(&survey.gate, &visit)
        } else {
            let pass = !survey.gate.refuses(refusal, survey.slug, &visit, &memory);
            let [seen, says] = sentence(&survey, refusal, &visit, &memory);
            vec![Finding { gate: refusal.as_str(), pass, seen, says }]
        };
        for Finding { gate, pass, seen, says } in findings {
            text.push_str(&concat(&[
                gate,
                "\0",
                if pass { "1" } else { "0" },
                "\0",
                &seen,
                "\0",
                &says,
                "\0",
            ]));
        }
    }
    text
}

/// What one gate looked at, and what it says.
fn sentence(survey: &Survey<'_>, refusal: Refusal, visit: &Visit<'_>, memory: &Memory) -> [String; 2] {
    let gate = &survey.gate;
    let now = moment(visit.now);
    let own = memory.of(survey.slug);
    let says = match refusal {
        Refusal::NotYet => schedule("First moment", gate.from_ms, &now),
        Refusal::Over => schedule("Last moment", gate.until_ms, &now),
        Refusal::Hours => hours_of(gate.hours, visit.now),
        Refusal::Url if gate.urls.is_empty() => "Address: any page will do.".into(),
        Refusal::Url => concat(&["Address: wants ", &rules(&gate.urls), "; this page is ", visit.url, "."]),
        Refusal::Condition => String::new(),
        Refusal::Never if memory.never => "Never again: the shopper has said so in this browser.".into(),
        Refusal::Never => "Never again: nobody has said so in this browser.".into(),
        Refusal::Answered => past("Answer", own.map(|own| own.answered_s), gate.recontact.answered_days),
        Refusal::Dismissed => {
            past("Dismissal", own.map(|own| own.dismissed_s), gate.recontact.dismissed_days)
        }
        Refusal::Other => others(survey.slug, gate.recontact, memory),
        Refusal::Sample => sample(survey, memory),
    };
    let remembered =
        |seen: Option<i64>| seen.filter(|at| *at > 0).map(|at| moment(at * 1000)).unwrap_or_default();
    let seen = match refusal {
        Refusal::NotYet | Refusal::Over | Refusal::Hours => now,
        Refusal::Url => visit.url.into(),
        Refusal::Condition => String::new(),
        Refusal::Never => String::from(if memory.never { "never" } else { "" }),
        Refusal::Answered => remembered(own.map(|own| own.answered_s)),
        Refusal::Dismissed => remembered(own.map(|own| own.dismissed_s)),
        Refusal::Other => remembered(latest(survey.slug, memory).map(|other| other.shown_s)),
        Refusal::Sample => memory.visitor.clone(),
    };
    [seen, says]
}

fn schedule(name: &str, at: Option<Millis>, now: &str) -> String {
    let Some(at) = at else { return concat(&[name, ": none is set."]) };
    concat(&[name, ": ", &moment(at), "; now it is ", now, "."])
}

fn past(name: &str, at_s: Option<i64>, days: u16) -> String {
    let alone = concat(&["; after one the shopper is left alone for ", &days_of(days), "."]);
    match at_s {
        Some(at) if at > 0 => concat(&[name, ": ", &moment(at * 1000), &alone]),
        _ => concat(&[name, ": none is remembered", &alone]),
    }
}

/// Of all other surveys, the one shown last.
fn latest<'a>(slug: &str, memory: &'a Memory) -> Option<&'a Seen> {
    memory.seen.iter().filter(|seen| seen.slug != slug && seen.shown_s > 0).max_by_key(|seen| seen.shown_s)
}

fn others(slug: &str, recontact: Recontact, memory: &Memory) -> String {
    let days = days_of(recontact.other_days);
    match latest(slug, memory) {
        Some(other) => {
            let at = moment(other.shown_s * 1000);
            concat(&[
                "Other questions: ",
                &other.slug,
                " was shown ",
                &at,
                "; between two there are ",
                &days,
                ".",
            ])
        }
        None => concat(&["Other questions: none is remembered; between two there are ", &days, "."]),
    }
}

fn sample(survey: &Survey<'_>, memory: &Memory) -> String {
    let asked = survey.gate.sample_per_mille;
    if asked > 999 {
        return "Sample: everybody is asked.".into();
    }
    let (asked, own) = (number(asked.into()), number(bucket(&memory.visitor, survey.slug).into()));
    concat(&["Sample: asks browsers with a number below ", &asked, " of 1000; this one has ", &own, "."])
}

/// A finding for each condition, or one that says that there are none.
fn conditions(gate: &Gate<&str>, visit: &Visit<'_>) -> Vec<Finding> {
    let name = Refusal::Condition.as_str();
    if gate.conditions.is_empty() {
        let says = "Conditions: none are set.".into();
        return vec![Finding { gate: name, pass: true, seen: String::new(), says }];
    }
    let finding = |condition: &Condition<&str>| {
        let seen = visit.known.of(condition.fact, condition.name).unwrap_or_default();
        let says = words::condition(condition, seen);
        Finding { gate: name, pass: condition.holds(&visit.known), seen: seen.into(), says }
    };
    gate.conditions.iter().map(finding).collect()
}

/// What must happen after all gates have let the visit pass.
fn awaited(survey: &Survey<'_>, page: &Page<'_>, memory: &Memory) -> String {
    let (amount, name) = (number(survey.awaited.amount.into()), survey.awaited.name);
    let order = page.order_ref;
    match survey.awaited.on {
        On::Start => "It waits for nothing.".into(),
        On::Seconds => concat(&["It waits until the page was in view for ", &amount, " seconds."]),
        On::Scroll => concat(&["It waits until the page is scrolled down by ", &amount, " percent."]),
        On::Exit => "It waits until the shopper is about to leave.".into(),
        On::Click => concat(&["It waits for a click on ", name, "."]),
        On::InView => concat(&["It waits until ", name, " comes into view."]),
        On::Event if survey.awaited.properties.is_empty() => concat(&["It waits for the event ", name, "."]),
        On::Event => {
            let wanted = survey
                .awaited
                .properties
                .iter()
                .map(|property| concat(&[property.name, " ", &words::wanted(property)]));
            let wanted = listed(&wanted.collect::<Vec<_>>(), " and ");
            concat(&["It waits for the event ", name, " with ", &wanted, "."])
        }
        On::Purchase if order.is_empty() => "It waits for an order; this page names none in data-ref.".into(),
        On::Purchase if memory.of(&order_slug(survey.slug, order)).is_some() => {
            concat(&["It waits for an order; it has asked about ", order, " before."])
        }
        On::Purchase => concat(&["It waits for an order; this page names ", order, "."]),
    }
}

#[cfg(test)]
mod tests;
