//! Lists of people from other programs, such as the segments of a CRM: whom a line means, and what it says of them.

use std::collections::{BTreeMap, HashMap};

use parere_shared::limit::FIELD_CHARS_MAX;
use parere_shared::response::check_attributes;
use parere_shared::text::has_control;
use parere_shared::violation::{Rule, Violation};

use crate::auth::SiteScope;
use crate::error::ApiError;
use crate::ingest::record::subject_hash;
use crate::store::{Listed, Site, Store};

/// Most lines that are taken at once: few enough for one transaction.
pub const LISTED_LEN_MAX: usize = 500;

/// Most characters of an e-mail address. Source: RFC 5321, 4.5.3.1, less its brackets.
pub const EMAIL_CHARS_MAX: usize = 254;

/// Why nothing is kept of a line.
pub const NO_CUSTOMER: &str = "no order with a customer is known with this e-mail address";

/// A line of a list that breaks no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListLine {
    whose: Whose,
    attributes: BTreeMap<String, Option<String>>,
}

/// Whom a line means.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Whose {
    /// Who has this reference, as answers say it.
    Subject(String),
    /// Who ordered with this address, which is in small letters.
    Email(String),
}

impl ListLine {
    /// What a line says, or every rule that it breaks. Where both are there, the reference counts and not the address.
    ///
    /// An attribute without a value is one that is taken away.
    pub fn new(
        subject: Option<&str>,
        email: Option<&str>,
        attributes: BTreeMap<String, Option<String>>,
    ) -> Result<Self, Vec<Violation>> {
        let mut found = Vec::new();
        let mut refuse = |field: &str, rule| found.push(Violation::new(field, rule));
        let whose = match (subject, email) {
            (Some(subject), _) => {
                match subject {
                    "" => refuse("subject", Rule::Empty),
                    _ if subject.chars().count() > FIELD_CHARS_MAX => {
                        refuse("subject", Rule::TooLong { max: FIELD_CHARS_MAX });
                    }
                    _ if has_control(subject) => refuse("subject", Rule::ControlCharacter),
                    _ => {}
                }
                Whose::Subject(subject.into())
            }
            (None, Some(email)) => {
                let email = email.trim().to_lowercase();
                let is_one = email.contains('@') && !has_control(&email);
                if !is_one || email.chars().count() > EMAIL_CHARS_MAX {
                    refuse("email", Rule::Format("an e-mail address"));
                }
                Whose::Email(email)
            }
            (None, None) => {
                refuse("subject", Rule::Missing);
                Whose::Subject(String::new())
            }
        };
        if attributes.is_empty() {
            refuse("attributes", Rule::Empty);
        }
        let texts = attributes.iter().map(|(name, value)| (name.clone(), value.clone().unwrap_or_default()));
        check_attributes(&texts.collect(), &mut found);
        if found.is_empty() { Ok(Self { whose, attributes }) } else { Err(found) }
    }
}

/// What each line says of whom; nobody where the address is that of no customer. One address may be that of several.
pub async fn meant(
    store: &dyn Store,
    scope: &SiteScope,
    site: &Site,
    lines: &[ListLine],
) -> Result<Vec<Vec<Listed>>, ApiError> {
    let email = |line: &ListLine| match &line.whose {
        Whose::Email(email) => Some(email.clone()),
        Whose::Subject(_) => None,
    };
    let emails: Vec<String> = lines.iter().filter_map(email).collect();
    let mut customers: HashMap<String, Vec<[u8; 32]>> = HashMap::new();
    if !emails.is_empty() {
        for (email, subject) in store.orders().customers_at(scope, &emails).await? {
            customers.entry(email).or_default().push(subject);
        }
    }
    let mut meant = Vec::with_capacity(lines.len());
    for line in lines {
        let subjects = match &line.whose {
            Whose::Subject(subject) => vec![subject_hash(site, subject)],
            Whose::Email(email) => customers.get(email).cloned().unwrap_or_default(),
        };
        let listed = |subject| Listed { subject, attributes: line.attributes.clone() };
        meant.push(subjects.into_iter().map(listed).collect());
    }
    Ok(meant)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_somebody_and_says_something() {
        let plan = |value: &str| BTreeMap::from([("plan".to_owned(), Some(value.to_owned()))]);
        let long = "x".repeat(FIELD_CHARS_MAX + 1);
        let many: BTreeMap<_, _> = (0..33).map(|n| (format!("a{n}"), None)).collect();
        for (subject, email, attributes, broken) in [
            (Some("c-77"), None, plan("gold"), vec![]),
            (None, Some(" Luca@Shop.example "), plan("gold"), vec![]),
            (Some("c-77"), Some("nonsense"), plan("gold"), vec![]),
            (None, None, plan("gold"), vec!["subject"]),
            (Some(""), None, plan("gold"), vec!["subject"]),
            (Some("c\u{7}"), None, plan("gold"), vec!["subject"]),
            (Some(&*long), None, plan("gold"), vec!["subject"]),
            (None, Some("luca"), plan("gold"), vec!["email"]),
            (None, Some("@\u{7}"), BTreeMap::new(), vec!["email", "attributes"]),
            (Some("c"), None, plan(&"x".repeat(300)), vec!["attributes.plan"]),
            (Some("c"), None, BTreeMap::from([(String::new(), None)]), vec!["attributes"]),
            (Some("c"), None, many, vec!["attributes"]),
        ] {
            let found = ListLine::new(subject, email, attributes).err().unwrap_or_default();
            let fields: Vec<_> = found.iter().map(|violation| &*violation.field).collect();
            assert_eq!(fields, broken, "{subject:?} {email:?}");
        }
        let line = ListLine::new(None, Some(" Luca@Shop.example "), plan("gold")).unwrap();
        assert_eq!(line.whose, Whose::Email("luca@shop.example".into()));
    }
}
