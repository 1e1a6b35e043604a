//! Which answers a query means.

use jiff::tz::TimeZone;
use parere_shared::limit::{PAGE_CHARS_MAX, TEXT_CHARS_MAX};
use parere_shared::response::{Channel, ResponseId};
use parere_shared::score::Band;
use parere_shared::text;
use parere_shared::violation::{Rule, Violation};

use super::query::Asked;
use crate::catalogue::SiteEntry;
use crate::error::ApiError;
use crate::period::Period;
use crate::store::{Filter, Flags};

/// Most answers that are named one by one: a page of them.
pub const IDS_MAX: usize = super::stored::LIMIT_MAX;

/// Reads every parameter; what is wrong with them goes to `found`.
pub fn read(asked: &Asked, site: &SiteEntry, found: &mut Vec<Violation>) -> Result<Filter, ApiError> {
    let filter = parse(&|name| asked.get(name), &site.zone, found);
    let survey = asked.survey(site)?.map(|entry| entry.survey.slug.clone());
    Ok(Filter { survey, ..filter })
}

/// The same from texts by name, wherever they come from; but for the survey, which may not exist.
pub fn parse<'t>(
    text: &dyn Fn(&str) -> Option<&'t str>,
    zone: &TimeZone,
    found: &mut Vec<Violation>,
) -> Filter {
    let period = Period::parse(text("from"), text("to"), zone).unwrap_or_else(|broken| {
        found.extend(broken);
        Period::default()
    });
    Filter {
        survey: None,
        from: period.from,
        to: period.to,
        flags: named("flag", text("flag"), Flags::parse, "a flag, or any", found),
        text: bounded("q", text("q"), TEXT_CHARS_MAX, found),
        band: named("band", text("band"), Band::parse, "a band, such as detractor", found),
        locale: named("locale", text("locale"), language, "a language tag, such as it", found),
        channel: named("channel", text("channel"), Channel::parse, "a channel, such as inline", found),
        page: bounded("page", text("page"), PAGE_CHARS_MAX, found),
        ids: named("id", text("id"), ids, "ids of answers, separated by commas", found),
        person: None,
        seq_max: None,
    }
}

/// A parameter that `parse` knows, or none.
fn named<T>(
    name: &str,
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Option<T>,
    expected: &'static str,
    found: &mut Vec<Violation>,
) -> Option<T> {
    let value = parse(text?);
    if value.is_none() {
        found.push(Violation::new(name, Rule::Unknown(expected)));
    }
    value
}

fn bounded(name: &str, text: Option<&str>, max: usize, found: &mut Vec<Violation>) -> Option<String> {
    let text = text?;
    if text.chars().count() > max {
        found.push(Violation::new(name, Rule::TooLong { max }));
    }
    Some(text.into())
}

fn language(tag: &str) -> Option<String> {
    text::is_language(tag).then(|| tag.into())
}

fn ids(list: &str) -> Option<Vec<ResponseId>> {
    let ids: Option<Vec<_>> = list.split(',').map(ResponseId::parse).collect();
    ids.filter(|ids| ids.len() <= IDS_MAX)
}
