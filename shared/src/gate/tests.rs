use super::*;
use crate::memory::Moment;

const NOW: Millis = 1_795_255_200_000;

fn open() -> Gate {
    Gate {
        from_ms: None,
        until_ms: None,
        hours: Hours::default(),
        urls: Vec::new(),
        conditions: Vec::new(),
        sample_per_mille: 1000,
        recontact: Recontact::default(),
    }
}

fn rule(op: UrlOp, value: &str, not: bool) -> UrlRule {
    UrlRule { op, value: value.into(), not }
}

fn judge(gate: &Gate, url: &str, memory: &Memory) -> Result<u16, Refusal> {
    gate.judge("nps", &Visit { url, now: NOW, known: Known::default() }, memory)
}

#[test]
fn schedule_begins_inclusive_and_ends_exclusive() {
    for (from_ms, until_ms, expected) in [
        (None, None, Ok(1000)),
        (Some(NOW), None, Ok(1000)),
        (Some(NOW + 1), None, Err(Refusal::NotYet)),
        (None, Some(NOW), Err(Refusal::Over)),
        (None, Some(NOW + 1), Ok(1000)),
    ] {
        let gate = Gate { from_ms, until_ms, ..open() };
        assert_eq!(judge(&gate, "/", &Memory::default()), expected);
    }
}

#[test]
fn address_rules() {
    use UrlOp::{Contains, Equals, Glob, Prefix};
    for (rules, url, asked) in [
        (vec![], "/anything", true),
        (vec![rule(Equals, "/cart", false)], "/cart/", true),
        (vec![rule(Equals, "/cart", false)], "/cart?x=1#top", true),
        (vec![rule(Equals, "/cart", false)], "/cart/gift", false),
        (vec![rule(Equals, "/", false)], "/", true),
        (vec![rule(Prefix, "/products/", false)], "/products/boot", true),
        (vec![rule(Prefix, "/products/", false)], "/it/products/boot", false),
        (vec![rule(Contains, "utm=mail", false)], "/x?utm=mail", true),
        (vec![rule(Contains, "#reviews", false)], "/x#reviews", true),
        (vec![rule(Glob, "/*/products/*-boot", false)], "/it/products/desert-boot?v=2", true),
        (vec![rule(Glob, "/*/products/*-boot", false)], "/it/products/desert-boot-2", false),
        (vec![rule(Glob, "*a*a*a*b", false)], "/aaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        (vec![rule(Glob, "/p*", false)], "/p", true),
        (vec![rule(Prefix, "/a", false), rule(Prefix, "/b", false)], "/b/1", true),
        (vec![rule(Prefix, "/checkout", true)], "/checkout/pay", false),
        (vec![rule(Prefix, "/checkout", true)], "/products", true),
        (vec![rule(Prefix, "/shop", false), rule(Contains, "sale", true)], "/shop/sale", false),
    ] {
        let gate = Gate { urls: rules.clone(), ..open() };
        let expected = if asked { Ok(1000) } else { Err(Refusal::Url) };
        assert_eq!(judge(&gate, url, &Memory::default()), expected, "{rules:?} {url}");
    }
}

#[test]
fn shoppers_are_left_alone() {
    let day = DAY_MS;
    for (slug, moment, ago, expected) in [
        ("nps", Moment::Answered, 89 * day, Err(Refusal::Answered)),
        ("nps", Moment::Answered, 90 * day, Ok(1000)),
        ("nps", Moment::Dismissed, 29 * day, Err(Refusal::Dismissed)),
        ("nps", Moment::Dismissed, 30 * day, Ok(1000)),
        ("nps", Moment::Shown, 0, Ok(1000)),
        ("ces", Moment::Shown, 6 * day, Err(Refusal::Other)),
        ("ces", Moment::Shown, 7 * day, Ok(1000)),
        // A clock that was set back must not ask again.
        ("nps", Moment::Answered, -day, Err(Refusal::Answered)),
    ] {
        let mut memory = Memory::default();
        memory.note(slug, moment, NOW - ago);
        assert_eq!(judge(&open(), "/", &memory), expected, "{slug} {moment:?} {} days ago", ago / day);
    }
    let at_once = Recontact { answered_days: 0, dismissed_days: 0, other_days: 0 };
    let mut memory = Memory::default();
    for moment in [Moment::Shown, Moment::Answered, Moment::Dismissed] {
        memory.note("nps", moment, NOW);
        memory.note("ces", moment, NOW);
    }
    assert_eq!(judge(&Gate { recontact: at_once, ..open() }, "/", &memory), Ok(1000));
}

#[test]
fn a_sampled_survey_states_its_probability() {
    let gate = Gate { sample_per_mille: 250, ..open() };
    let verdicts: Vec<_> = (0..1000)
        .map(|n| judge(&gate, "/", &Memory { visitor: format!("v{n}"), ..Memory::default() }))
        .collect();
    let asked = verdicts.iter().filter(|verdict| **verdict == Ok(250)).count();
    let left = verdicts.iter().filter(|verdict| **verdict == Err(Refusal::Sample)).count();
    assert_eq!(asked + left, 1000);
    assert!((200..=300).contains(&asked), "{asked}");
}
