use parere_shared::time;
use serde_json::{Value, json};

use super::super::{Asked, memory};
use super::*;

fn at(text: &str) -> Millis {
    time::parse(&format!("2026-{text}:00Z")).unwrap()
}

/// A world in which a parcel was delivered on 10 November at noon, and `ces` is asked three days later.
struct World {
    rule: Rule,
    cause: Cause,
    order: OrderMoments,
    tickets: Vec<TicketSpan>,
    asked: Vec<Asked>,
    on_since: Option<Millis>,
    recontact: Option<Recontact>,
    has_address: bool,
    zone: &'static str,
}

fn world(change: &Value) -> World {
    let mut rule = json!({"name": "a", "survey": "ces", "when": "delivered", "after_days": 3});
    rule.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    let rule: Rule = serde_json::from_value(rule).unwrap();
    World {
        cause: Cause {
            kind: rule.when.clone(),
            at: at("11-10T12:00"),
            order: Some("1001".into()),
            ticket: None,
            subject: None,
            properties: vec![("carrier".into(), "DHL".into())],
        },
        rule,
        order: OrderMoments { language: "it".into(), ..OrderMoments::default() },
        tickets: Vec::new(),
        asked: Vec::new(),
        on_since: None,
        recontact: Some(Recontact::default()),
        has_address: true,
        zone: "UTC",
    }
}

impl World {
    fn decide(&self, now: &str) -> Decision {
        let zone = TimeZone::get(self.zone).unwrap();
        let case = Case {
            rule: &self.rule,
            on_since: self.on_since,
            cause: &self.cause,
            order: Some(&self.order),
            tickets: &self.tickets,
            memory: &memory(&self.asked),
            recontact: self.recontact,
            has_address: self.has_address,
            zone: &zone,
        };
        decide(&case, at(now))
    }
}

fn ask(text: &str) -> Decision {
    Decision::Ask(at(text))
}

fn wait(text: &str, why: Why) -> Decision {
    Decision::Wait(at(text), why)
}

fn span(ticket: &str, opened: &str, closed: Option<&str>) -> TicketSpan {
    TicketSpan { ticket: ticket.into(), opened_at: at(opened), closed_at: closed.map(at) }
}

#[test]
fn it_is_asked_when_its_moment_has_come() {
    let delivered = || world(&json!({}));
    for (name, world, now, expected) in [
        ("read at once", delivered(), "11-10T12:00", ask("11-13T12:00")),
        ("read late", delivered(), "11-13T11:59", ask("11-13T12:00")),
        ("its moment", delivered(), "11-13T12:00", ask("11-13T12:00")),
        ("later by day", delivered(), "11-20T15:00", ask("11-20T15:00")),
        ("later by night", delivered(), "11-20T22:00", ask("11-21T09:00")),
        ("past midnight", delivered(), "11-20T02:00", ask("11-20T09:00")),
        ("the last minute", delivered(), "11-27T11:59", ask("11-27T11:59")),
        ("over", delivered(), "11-27T12:00", Decision::Never(Why::Late)),
        (
            "in the morning",
            world(&json!({"expires_days": 1, "after_days": 0})),
            "11-11T08:00",
            ask("11-11T09:00"),
        ),
        (
            "over in the morning",
            world(&json!({"expires_days": 1, "quiet_hours": ["20:00", "13:00"]})),
            "11-14T12:30",
            Decision::Never(Why::Late),
        ),
        ("no moment by day", world(&json!({"after_hours": 12})), "11-10T12:00", ask("11-14T09:00")),
        ("at once", world(&json!({"after_days": 0})), "11-10T12:00", ask("11-10T12:00")),
        (
            "of another kind",
            World { rule: world(&json!({"when": "fulfilled"})).rule, ..delivered() },
            "11-13T12:00",
            Decision::Never(Why::Rule),
        ),
        (
            "before the rule",
            World { on_since: Some(at("11-10T12:01")), ..delivered() },
            "11-13T12:00",
            Decision::Never(Why::Before),
        ),
        (
            "since the rule",
            World { on_since: Some(at("11-10T12:00")), ..delivered() },
            "11-13T12:00",
            ask("11-13T12:00"),
        ),
        ("no survey", World { recontact: None, ..delivered() }, "11-13T12:00", Decision::Never(Why::Survey)),
        ("no address yet", World { has_address: false, ..delivered() }, "11-10T12:00", ask("11-13T12:00")),
        (
            "no address",
            World { has_address: false, ..delivered() },
            "11-13T12:00",
            Decision::Never(Why::NoAddress),
        ),
    ] {
        assert_eq!(world.decide(now), expected, "{name}");
    }
}

#[test]
fn the_clock_is_the_customers() {
    let mut tokyo = world(&json!({}));
    tokyo.order.zone = Some(TimeZone::get("Asia/Tokyo").unwrap());
    let rome = World { zone: "Europe/Rome", ..world(&json!({})) };
    // Delivered on Friday at 21:30 in Rome; on Sunday, 25 October, clocks go back.
    let autumn = |after: Value| {
        let mut world = World { zone: "Europe/Rome", ..world(&after) };
        world.cause.at = at("10-23T19:30");
        world
    };
    for (name, world, now, expected) in [
        ("21 h in Tokyo", tokyo, "11-10T12:00", ask("11-14T00:00")),
        ("13 h in Rome", rome, "11-10T12:00", ask("11-13T12:00")),
        ("three days over the change", autumn(json!({})), "10-23T19:30", ask("10-27T08:00")),
        (
            "two days, to the night of the change",
            autumn(json!({"after_days": 1})),
            "10-23T19:30",
            ask("10-25T08:00"),
        ),
        ("36 hours", autumn(json!({"after_days": 0, "after_hours": 36})), "10-23T19:30", ask("10-25T08:00")),
    ] {
        assert_eq!(world.decide(now), expected, "{name}");
    }
}

#[test]
fn refunds_and_cancellations_end_it_and_open_ends_pause_it() {
    let refunded = |when: &str, text: &str| {
        let mut world = world(&json!({"when": when}));
        world.order.refunded_at = Some(at(text));
        world
    };
    let cancelled = || {
        let mut world = world(&json!({}));
        world.order.cancelled_at = Some(at("11-11T12:00"));
        world
    };
    let with = |change: Value, tickets: Vec<TicketSpan>| World { tickets, ..world(&change) };
    let returning = |finished: Option<&str>| {
        let mut world = world(&json!({}));
        world.order.return_opened_at = Some(at("11-12T12:00"));
        world.order.return_finished_at = finished.map(at);
        world
    };
    let open = || vec![span("t", "11-12T10:00", None)];
    let never = Decision::Never;
    for (name, world, now, expected) in [
        ("refunded before", refunded("delivered", "11-12T12:00"), "11-13T12:00", never(Why::Refunded)),
        ("refunded at its moment", refunded("delivered", "11-13T12:00"), "11-13T12:00", never(Why::Refunded)),
        ("refunded after", refunded("delivered", "11-13T12:01"), "11-13T12:00", ask("11-13T12:00")),
        (
            "a return that was paid back",
            refunded("return_finished", "11-09T12:00"),
            "11-13T12:00",
            ask("11-13T12:00"),
        ),
        ("cancelled", cancelled(), "11-13T12:00", never(Why::Cancelled)),
        ("not yet cancelled", cancelled(), "11-11T11:59", ask("11-13T12:00")),
        ("an open ticket", with(json!({}), open()), "11-13T12:00", wait("11-13T13:00", Why::TicketOpen)),
        ("opened early", with(json!({}), open()), "11-12T12:00", wait("11-13T12:00", Why::TicketOpen)),
        ("not minded", with(json!({"unless": []}), open()), "11-13T12:00", ask("11-13T12:00")),
        (
            "closed",
            with(json!({}), vec![span("t", "11-12T10:00", Some("11-14T10:00"))]),
            "11-14T10:00",
            ask("11-14T10:00"),
        ),
        ("open to the end", with(json!({}), open()), "11-27T12:00", never(Why::TicketOpen)),
        ("near the end", with(json!({}), open()), "11-27T11:30", wait("11-27T12:00", Why::TicketOpen)),
        ("a return", returning(None), "11-13T12:00", wait("11-13T13:00", Why::ReturnOpen)),
        ("a finished return", returning(Some("11-14T12:00")), "11-14T12:00", ask("11-14T12:00")),
    ] {
        assert_eq!(world.decide(now), expected, "{name}");
    }
}

#[test]
fn a_reopened_ticket_is_asked_about_after_its_last_closing() {
    let closed = |tickets: Vec<TicketSpan>| {
        let mut world = World { tickets, ..world(&json!({"when": "ticket_closed", "after_days": 1})) };
        world.cause.ticket = Some("t".into());
        world
    };
    let first = || span("t", "11-08T10:00", Some("11-10T12:00"));
    for (name, tickets, now, expected) in [
        ("closed once", vec![first()], "11-10T12:00", ask("11-11T12:00")),
        (
            "reopened",
            vec![first(), span("t", "11-11T11:00", None)],
            "11-11T12:00",
            wait("11-11T13:00", Why::TicketOpen),
        ),
        (
            "closed again",
            vec![first(), span("t", "11-11T11:00", Some("11-11T20:00"))],
            "11-11T20:00",
            ask("11-12T20:00"),
        ),
        (
            "another one is open",
            vec![first(), span("u", "11-11T11:00", None)],
            "11-11T12:00",
            wait("11-11T13:00", Why::TicketOpen),
        ),
        (
            "another one was closed later",
            vec![first(), span("u", "11-10T13:00", Some("11-11T11:00"))],
            "11-11T12:00",
            ask("11-11T12:00"),
        ),
    ] {
        assert_eq!(closed(tickets).decide(now), expected, "{name}");
    }
}

#[test]
fn conditions_look_at_the_happening_and_the_order() {
    let condition = |fact: &str, name: &str, op: &str, value: &str| json!({"conditions": [{"fact": fact, "name": name, "op": op, "values": [value]}]});
    for (change, fits) in [
        (condition("attribute", "carrier", "is", "dhl"), true),
        (condition("attribute", "carrier", "is", "ups"), false),
        (condition("attribute", "region", "is", "IT"), true),
        (condition("attribute", "total", "greater", "50"), true),
        (condition("attribute", "total", "greater", "100"), false),
        (condition("attribute", "unknown", "is", "x"), false),
        (condition("language", "", "is", "it"), true),
        (condition("language", "", "is", "de"), false),
    ] {
        let mut world = world(&change);
        world.cause.properties.push(("odd\0name".into(), "a\0region\0b".into()));
        world.order.facts = vec![("region".into(), "IT".into()), ("total".into(), "99.90".into())];
        let expected = if fits { ask("11-13T12:00") } else { Decision::Never(Why::Condition) };
        assert_eq!(world.decide("11-10T12:00"), expected, "{change}");
    }
}

#[test]
fn two_rules_for_one_order_and_answers_on_the_page_share_one_budget() {
    let asked = |survey: &str, text: &str, answered: Option<&str>| Asked {
        survey: survey.into(),
        at: at(text),
        answered_at: answered.map(at),
    };
    for (name, asked, now, expected) in [
        (
            "the other rule asked yesterday",
            asked("nps", "11-12T12:00", None),
            "11-13T12:00",
            wait("11-19T12:00", Why::Other),
        ),
        ("and the week is over", asked("nps", "11-12T12:00", None), "11-19T12:00", ask("11-19T12:00")),
        ("over by night", asked("nps", "11-12T23:00", None), "11-19T23:00", ask("11-20T09:00")),
        (
            "answered on the page",
            asked("ces", "10-01T12:00", Some("10-01T12:00")),
            "11-13T12:00",
            Decision::Never(Why::Answered),
        ),
        (
            "answered nearly long enough ago",
            asked("ces", "08-20T12:00", Some("08-20T12:00")),
            "11-13T12:00",
            wait("11-18T12:00", Why::Answered),
        ),
        (
            "before its moment nothing is said",
            asked("nps", "11-09T12:00", None),
            "11-10T12:00",
            ask("11-13T12:00"),
        ),
    ] {
        let world = World { asked: vec![asked], ..world(&json!({})) };
        assert_eq!(world.decide(now), expected, "{name}");
    }
    let never = Memory { never: true, ..Memory::default() };
    let world = world(&json!({}));
    let case = Case {
        rule: &world.rule,
        on_since: None,
        cause: &world.cause,
        order: None,
        tickets: &[],
        memory: &never,
        recontact: world.recontact,
        has_address: true,
        zone: &TimeZone::UTC,
    };
    assert_eq!(decide(&case, at("11-13T12:00")), Decision::Never(Why::Never));
}
