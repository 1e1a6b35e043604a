//! Rules and moments in plain words, without the formatting machinery.

use parere_shared::gate::{Condition, Fact, Hours, Op, UrlOp, UrlRule};
use parere_shared::text::{concat, push_number};
use parere_shared::time::{DAY_MS, Millis};

const MINUTE_MS: Millis = 60_000;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// In decimal.
pub(super) fn number(number: i64) -> String {
    let mut text = String::new();
    push_number(&mut text, number);
    text
}

/// `7 days`, `1 day`.
pub(super) fn days_of(days: u16) -> String {
    concat(&[&number(days.into()), if days == 1 { " day" } else { " days" }])
}

/// All of them, with `before_last` where the last one begins.
pub(super) fn listed(texts: &[String], before_last: &str) -> String {
    let mut all = String::new();
    for (at, text) in texts.iter().enumerate() {
        let between = match at {
            0 => "",
            _ if at + 1 == texts.len() => before_last,
            _ => ", ",
        };
        all.push_str(&concat(&[between, text]));
    }
    all
}

fn two(digits: i64) -> String {
    concat(&[if digits < 10 { "0" } else { "" }, &number(digits)])
}

fn clock(minutes: i64) -> String {
    concat(&[&two(minutes / 60), ":", &two(minutes % 60)])
}

/// `2026-11-21 10:00 UTC`.
pub(super) fn moment(moment: Millis) -> String {
    let [year, month, day] = date(moment.div_euclid(DAY_MS));
    let time = clock(moment.rem_euclid(DAY_MS) / MINUTE_MS);
    concat(&[&number(year), "-", &two(month), "-", &two(day), " ", &time, " UTC"])
}

/// Year, month and day of a day since 1970: counted in eras of 400 years that begin with March, so that the leap day
/// is the last of its year.
fn date(days: i64) -> [i64; 3] {
    let since = days + 719_468;
    let (era, day) = (since.div_euclid(146_097), since.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let march = (5 * day + 2) / 153;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = era * 400 + year + i64::from(month < 3);
    [year, month, day - (153 * march + 2) / 5 + 1]
}

/// Days and hours, and what time it is there.
pub(super) fn hours_of(hours: Hours, now: Millis) -> String {
    if hours == Hours::default() {
        return "Days and hours: any time will do.".into();
    }
    let days: Vec<String> = (0..7)
        .zip(WEEKDAYS)
        .filter(|(day, _)| hours.days >> day & 1 == 1)
        .map(|(_, name)| name.into())
        .collect();
    let days = if days.is_empty() { "every day".into() } else { listed(&days, " and ") };
    let span = if hours.from_min == hours.until_min {
        String::new()
    } else {
        concat(&[" from ", &clock(hours.from_min.into()), " to ", &clock(hours.until_min.into())])
    };
    let there = hours.zone.local(now);
    let day = usize::try_from((there.div_euclid(DAY_MS) + 3).rem_euclid(7)).unwrap_or(0);
    let day = WEEKDAYS.get(day).copied().unwrap_or_default();
    let time = clock(there.rem_euclid(DAY_MS) / MINUTE_MS);
    concat(&["Days and hours: wants ", &days, &span, "; in the shop’s zone it is ", day, " ", &time, "."])
}

/// Which addresses are meant.
pub(super) fn rules(rules: &[UrlRule<&str>]) -> String {
    let of = |not: bool| -> Vec<String> {
        let one = |rule: &UrlRule<&str>| {
            let how = match rule.op {
                UrlOp::Contains => "one that contains ",
                UrlOp::Equals => "",
                UrlOp::Prefix => "one that begins with ",
                UrlOp::Glob => "one that fits ",
            };
            concat(&[how, rule.value])
        };
        rules.iter().filter(|rule| rule.not == not).map(one).collect()
    };
    let (wanted, unwanted) = (of(false), of(true));
    match (wanted.is_empty(), unwanted.is_empty()) {
        (false, true) => listed(&wanted, " or "),
        (true, _) => concat(&["any but ", &listed(&unwanted, " or ")]),
        (false, false) => concat(&[&listed(&wanted, " or "), ", but not ", &listed(&unwanted, " or ")]),
    }
}

/// What a condition wants: `phone or tablet`, `more than 3`.
pub(super) fn wanted(condition: &Condition<&str>) -> String {
    let how = match condition.op {
        Op::Is => "",
        Op::Contains => "something that contains ",
        Op::Prefix => "something that begins with ",
        Op::Glob => "something that fits ",
        Op::Less => "less than ",
        Op::Greater => "more than ",
    };
    let values: Vec<String> = condition.values.iter().map(|&value| value.into()).collect();
    concat(&[if condition.not { "anything but " } else { "" }, how, &listed(&values, " or ")])
}

/// One condition, and what was seen of it.
pub(super) fn condition(condition: &Condition<&str>, seen: &str) -> String {
    let attribute = concat(&["Attribute ", condition.name]);
    let (name, before, unknown) = match condition.fact {
        Fact::Language => ("Language", "this page speaks ", "this page does not say which it speaks"),
        Fact::Device => ("Device", "this is a ", "this one is not known"),
        Fact::Referrer => ("Page before", "it was ", "it is not known"),
        Fact::Visitor => ("Visitor", "this one is ", "this one is not known"),
        Fact::Views => ("Pages of this visit", "this is number ", "they are not counted"),
        Fact::Attribute => (attribute.as_str(), "the page has said ", "the page has not said it"),
    };
    let seen = if seen.is_empty() { unknown.into() } else { concat(&[before, seen]) };
    concat(&[name, ": wants ", &wanted(condition), "; ", &seen, "."])
}
