//! A rule as a form and back.

use parere_shared::gate::{Condition, Fact, Op};

use crate::catalogue::SiteEntry;
use crate::routes::dashboard::Choice;
use crate::routes::dashboard::form::Form;
use crate::rules::{KINDS, Rule, RuleChannel, RuleState, Unless};
use crate::store::kind;

/// Rows for conditions beside those that there are.
const ROWS_FREE: usize = 1;

/// The value of the choice that means a word of the shop's own.
const OWN: &str = "own";

/// What stands in the form.
pub(super) struct Entered {
    pub(super) name: String,
    pub(super) surveys: Vec<Choice>,
    pub(super) kinds: Vec<Choice>,
    pub(super) word: String,
    pub(super) after_days: u16,
    pub(super) after_hours: u16,
    pub(super) unless: Vec<Choice>,
    /// The happening that they stand there for.
    pub(super) unless_of: String,
    pub(super) channels: Vec<Choice>,
    pub(super) quiet_from: String,
    pub(super) quiet_until: String,
    pub(super) expires_days: u16,
    pub(super) conditions: Vec<Row>,
}

/// A condition.
pub(super) struct Row {
    /// Counted from 1.
    pub(super) number: usize,
    /// The property; `language` is the customer's.
    pub(super) name: String,
    pub(super) ops: Vec<Choice>,
    /// With commas in between.
    pub(super) values: String,
}

/// How conditions compare, in the form's names and words.
const OPS: [(&str, Op, bool, &str); 7] = [
    ("is", Op::Is, false, "is"),
    ("is_not", Op::Is, true, "is not"),
    ("contains", Op::Contains, false, "contains"),
    ("prefix", Op::Prefix, false, "begins with"),
    ("glob", Op::Glob, false, "fits"),
    ("less", Op::Less, false, "is less than"),
    ("greater", Op::Greater, false, "is greater than"),
];

/// What the form for a new rule begins with.
pub(super) fn usual(site: &SiteEntry) -> Rule {
    let survey = site.surveys.first().map_or("", |entry| &entry.survey.slug);
    Rule { after_days: 3, ..Rule::new("", survey, kind::DELIVERED) }
}

impl Entered {
    /// The form of a rule.
    pub(super) fn of(rule: &Rule, site: &SiteEntry) -> Self {
        let choice = |value: &str, label: &str, is_chosen: bool| Choice {
            value: value.into(),
            label: label.into(),
            is_chosen,
        };
        let is_known = KINDS.iter().any(|(kind, _)| *kind == rule.when);
        let kinds = KINDS.iter().map(|(kind, happens)| choice(kind, happens, *kind == rule.when));
        let surveys = site.surveys.iter().map(|entry| {
            let slug = &*entry.survey.slug;
            choice(slug, slug, slug == rule.survey)
        });
        let holds = rule.unless();
        let unless =
            Unless::ALL.map(|unless| choice(unless.as_str(), unless.in_words(), holds.contains(&unless)));
        let channels = [
            ("email", "E-mail", RuleChannel::Email),
            ("sms", "SMS, by a program of yours", RuleChannel::Sms),
            ("other", "Another way, by a program of yours", RuleChannel::Other),
        ];
        let free = Condition {
            fact: Fact::Attribute,
            name: String::new(),
            op: Op::Is,
            values: Vec::new(),
            not: false,
        };
        let rows = rule.conditions.iter().chain(std::iter::repeat_n(&free, ROWS_FREE));
        let [quiet_from, quiet_until] = rule.quiet_hours.clone();
        Self {
            name: rule.name.clone(),
            surveys: surveys.collect(),
            kinds: kinds.chain([choice(OWN, "something else, a word of your own", !is_known)]).collect(),
            word: if is_known { String::new() } else { rule.when.clone() },
            after_days: rule.after_days,
            after_hours: rule.after_hours,
            unless: unless.into(),
            unless_of: rule.when.clone(),
            channels: channels
                .map(|(value, label, channel)| choice(value, label, channel == rule.channel))
                .into(),
            quiet_from,
            quiet_until,
            expires_days: rule.expires_days,
            conditions: rows.enumerate().map(|(index, condition)| Row::of(index + 1, condition)).collect(),
        }
    }
}

impl Row {
    fn of(number: usize, condition: &Condition) -> Self {
        let op = |(value, op, not, label): &(&str, Op, bool, &str)| Choice {
            value: (*value).into(),
            label: (*label).into(),
            is_chosen: *op == condition.op && *not == condition.not,
        };
        let name = match condition.fact {
            Fact::Language => "language".into(),
            _ => condition.name.clone(),
        };
        Self { number, name, ops: OPS.iter().map(op).collect(), values: condition.values.join(", ") }
    }

    /// The condition in the row of this number; `None` where it is empty.
    fn read(number: usize, form: &Form) -> Option<Condition> {
        let field = |name: &str| form.text(&format!("condition_{name}_{number}")).trim().to_owned();
        let (name, values) = (field("name"), field("values"));
        if name.is_empty() && values.is_empty() {
            return None;
        }
        let wished = field("op");
        let (_, op, not, _) = OPS.into_iter().find(|(value, ..)| *value == wished)?;
        let values = values.split(',').map(str::trim).filter(|value| !value.is_empty()).map(Into::into);
        let is_language = name == "language";
        Some(Condition {
            fact: if is_language { Fact::Language } else { Fact::Attribute },
            name: if is_language { String::new() } else { name },
            op,
            values: values.collect(),
            not,
        })
    }
}

/// The rule that a form says. What is no number is one that there is not.
pub(super) fn read(form: &Form, state: RuleState) -> Rule {
    let number = |name: &str| form.text(name).trim().parse().unwrap_or(u16::MAX);
    let text = |name: &str| form.text(name).trim().to_owned();
    let when = if form.text("when") == OWN { text("word") } else { text("when") };
    let rows = (1..=parere_shared::limit::CONDITIONS_MAX + ROWS_FREE).filter_map(|row| Row::read(row, form));
    Rule {
        name: text("name"),
        survey: text("survey"),
        unless: unless(form, &when),
        when,
        after_days: number("after_days"),
        after_hours: number("after_hours"),
        conditions: rows.collect(),
        channel: match form.text("channel") {
            "sms" => RuleChannel::Sms,
            "other" => RuleChannel::Other,
            _ => RuleChannel::Email,
        },
        quiet_hours: [text("quiet_from"), text("quiet_until")],
        expires_days: number("expires_days"),
        state,
    }
}

/// What is ticked; where that was left as it stood for another happening, what makes sense for this one.
fn unless(form: &Form, when: &str) -> Option<Vec<Unless>> {
    let is_ticked = |unless: &Unless| form.all("unless").iter().any(|name| name == unless.as_str());
    let ticked: Vec<_> = Unless::ALL.into_iter().filter(is_ticked).collect();
    let stood_for = form.text("unless_of");
    let is_as_it_stood = !stood_for.is_empty() && stood_for != when && ticked == Unless::usual(stood_for);
    (!is_as_it_stood).then_some(ticked)
}
