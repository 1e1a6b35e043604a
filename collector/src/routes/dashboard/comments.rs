//! What people wrote, all of it: searched, narrowed down, a page at a time; and each answer by itself.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use parere_shared::response::{Channel, ResponseId};
use parere_shared::score::Band;
use parere_shared::survey::Metric;
use parere_shared::violation::Violation;

use super::comment::{Comment, date};
use super::numerals::Numerals;
use super::review::REASON_CHARS_MAX;
use super::{Frame, render};
use crate::app::App;
use crate::auth::{ADMIN, May, READ, WRITE};
use crate::catalogue::SiteEntry;
use crate::error::ApiError;
use crate::export::cursor;
use crate::routes::filter;
use crate::routes::query::{Asked, refuse_any};
use crate::routes::reading::Reading;
use crate::store::{Filter, Flags, Order, Row};

/// Comments on a page: read at one sitting, decided about in one go.
pub(super) const PAGE_LEN: usize = 50;

/// The parameters that narrow down, in the order of the form.
const NARROWING: [&str; 8] = ["survey", "q", "band", "locale", "page", "flag", "from", "to"];

#[derive(Template)]
#[template(path = "dashboard/comments.html")]
struct Page {
    frame: Frame,
    site: String,
    site_name: String,
    /// Named and worded choices of each list, the first one "all".
    surveys: Vec<Choice>,
    bands: Vec<Choice>,
    locales: Vec<Choice>,
    flags: Vec<Choice>,
    q: String,
    path: String,
    dates: [String; 2],
    comments: Vec<Comment>,
    /// The address of the next page; empty after the last.
    next: String,
    /// The day up to which a search has looked, where there is more beyond; otherwise empty.
    looked_back_to: String,
    is_narrowed: bool,
    may_decide: bool,
    reason_chars_max: usize,
    /// What became of the last decision; empty where none was made.
    decided: String,
}

/// An entry of a list to choose from.
struct Choice {
    name: String,
    words: String,
    is_chosen: bool,
}

/// Comments, newest first.
pub(super) async fn page(
    State(app): State<App>,
    May { scope, site, caller }: May<READ>,
    numerals: Numerals,
    asked: Asked,
) -> Result<Response, ApiError> {
    let mut found: Vec<Violation> = Vec::new();
    let filter = filter::read(&asked, &site, &mut found);
    refuse_any(found)?;
    let filter = filter?;
    let text = filter.text.clone().unwrap_or_default();
    let wanted = Filter { text: Some(text.clone()), ..filter };
    let after = asked.get("cursor").and_then(|text| cursor::open(text, &site.site));
    let Reading { rows, next, looked_back_to } =
        Reading::open(&*app.store, &scope, &wanted, after, PAGE_LEN).await?;
    let next = next.map(|seq| cursor::seal(seq, &site.site));
    let next = next.map(|next| query(&asked, &[("cursor", Some(&next))])).unwrap_or_default();
    let decided = asked.get("decided").and_then(|n| n.parse().ok());
    let given = |name: &str| asked.get(name).unwrap_or_default().to_owned();
    render(&Page {
        frame: Frame::of(&app, &caller),
        site: site.site.key.clone(),
        site_name: site.site.name.clone(),
        surveys: choices("All surveys", surveys(&site), &given("survey")),
        bands: choices("All scores", bands(&site), &given("band")),
        locales: choices("All languages", locales(&site), &given("locale")),
        flags: choices("Counted or not", flags(), &given("flag")),
        q: text,
        path: given("page"),
        dates: [given("from"), given("to")],
        comments: rows.into_iter().map(|stored| Comment::of(stored.row, &site)).collect(),
        next,
        looked_back_to: looked_back_to.map(|moment| date(moment, &site.zone)).unwrap_or_default(),
        is_narrowed: NARROWING.iter().any(|name| asked.get(name).is_some()),
        may_decide: caller.rights_at(scope.site()).has(WRITE),
        reason_chars_max: REASON_CHARS_MAX,
        decided: decided.map_or_else(String::new, |n| outcome(n, &numerals)),
    })
}

fn choices(all: &str, named: Vec<(String, String)>, chosen: &str) -> Vec<Choice> {
    let everything = (String::new(), all.to_owned());
    let choices = std::iter::once(everything).chain(named);
    choices.map(|(name, words)| Choice { is_chosen: name == chosen, name, words }).collect()
}

fn surveys(site: &SiteEntry) -> Vec<(String, String)> {
    let named = |slug: &String, question| (slug.clone(), format!("{slug}: {question}"));
    site.surveys.iter().map(|entry| named(&entry.survey.slug, entry.survey.instrument("").question)).collect()
}

/// Those of the site's own metrics.
fn bands(site: &SiteEntry) -> Vec<(String, String)> {
    let has_nps = site.surveys.iter().any(|entry| entry.survey.metric == Metric::Nps);
    let has_others = site.surveys.iter().any(|entry| entry.survey.metric != Metric::Nps);
    let metrics = [has_nps.then_some(Metric::Nps), has_others.then_some(Metric::Csat)];
    let bands = metrics.into_iter().flatten().flat_map(Band::all);
    bands.map(|band| (band.as_str().into(), band.plural().into())).collect()
}

fn locales(site: &SiteEntry) -> Vec<(String, String)> {
    let mut tags: Vec<_> = site.surveys.iter().flat_map(|entry| entry.survey.languages.clone()).collect();
    tags.sort();
    tags.dedup();
    tags.into_iter().map(|tag| (tag.clone(), tag)).collect()
}

fn flags() -> Vec<(String, String)> {
    let any = ("any".to_owned(), "left out of scores".to_owned());
    std::iter::once(any).chain(Flags::NAMED.map(|(_, name)| (name.into(), name.into()))).collect()
}

fn outcome(changed: u64, numerals: &Numerals) -> String {
    match changed {
        0 => "Nothing changed: no comment was ticked, or all were so already.".into(),
        n => format!("Done: {} changed.", numerals.answers(n)),
    }
}

/// The same choice as a query, with more.
pub(super) fn query(asked: &Asked, more: &[(&str, Option<&str>)]) -> String {
    let mut query = form_urlencoded::Serializer::for_suffix(String::from("?"), 1);
    for (name, text) in NARROWING.iter().map(|name| (*name, asked.get(name))).chain(more.iter().copied()) {
        if let Some(text) = text {
            query.append_pair(name, text);
        }
    }
    query.finish()
}

#[derive(Template)]
#[template(path = "dashboard/response.html")]
struct One {
    frame: Frame,
    site: String,
    comment: Comment,
    may_erase: bool,
    /// Everything else that is stored: name and value.
    facts: Vec<(&'static str, String)>,
}

/// One answer with everything that is stored about it.
pub(super) async fn one(
    State(app): State<App>,
    May { scope, site, caller }: May<READ>,
    Path((_, id)): Path<(String, String)>,
) -> Result<Response, ApiError> {
    const ABSENT: ApiError = ApiError::NotFound("The site has no such answer.");
    let id = ResponseId::parse(&id).ok_or(ABSENT)?;
    let filter = Filter { ids: Some(vec![id]), ..Filter::default() };
    let rows = app.store.page(&scope, &filter, Order::NewestFirst, None, 1).await?;
    let row = rows.into_iter().next().ok_or(ABSENT)?.row;
    render(&One {
        frame: Frame::of(&app, &caller),
        site: site.site.key.clone(),
        may_erase: caller.rights_at(&site.site.key).has(ADMIN),
        facts: facts(&row),
        comment: Comment::of(row, &site),
    })
}

fn facts(row: &Row) -> Vec<(&'static str, String)> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let facts = [
        ("Page", text(&row.page)),
        ("Channel", row.channel.map(Channel::as_str).unwrap_or_default().into()),
        ("Touchpoint", text(&row.touchpoint)),
        ("Device", row.device.map(|device| device.as_str().to_owned()).unwrap_or_default()),
        ("Order", text(&row.order_ref)),
        ("Choices", if row.choices == "[]" { String::new() } else { row.choices.clone() }),
        ("Attributes", if row.attributes == "{}" { String::new() } else { row.attributes.clone() }),
        ("Revision", row.revision.to_string()),
        ("Instrument", row.instrument.clone()),
    ];
    facts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}
