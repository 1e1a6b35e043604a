//! The columns of every export: one list, in the contract's order, the same in all formats.

use std::borrow::Cow;

use parere_shared::response::{Channel, Device, ResponseId};
use parere_shared::time::Millis;

use crate::store::Row;

/// What stands in one column of one row.
pub(super) enum Cell<'a> {
    /// Nothing.
    Absent,
    /// The identity of an answer.
    Id(ResponseId),
    /// Text that somebody wrote, or a name.
    Text(&'a str),
    /// A whole number.
    Whole(i32),
    /// A number.
    Real(f64),
    /// Yes or no.
    Truth(bool),
    /// A moment, written as RFC 3339 in UTC.
    Moment(Millis),
    /// A JSON array of texts.
    List(Cow<'a, str>),
    /// A JSON object with texts as values, as it is stored.
    Facts(&'a str),
}

/// What can stand in a column, for formats that say so beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// [`Cell::Id`] everywhere.
    Id,
    /// [`Cell::Text`] everywhere; few different ones.
    Name,
    /// The same or nothing.
    NameOrAbsent,
    /// [`Cell::Text`], each one different, or nothing.
    TextOrAbsent,
    /// [`Cell::Whole`] everywhere.
    Whole,
    /// [`Cell::Real`] or nothing.
    RealOrAbsent,
    /// [`Cell::Truth`] everywhere.
    Truth,
    /// [`Cell::Moment`] everywhere.
    Moment,
    /// [`Cell::List`] everywhere.
    List,
    /// [`Cell::Facts`] everywhere.
    Facts,
}

/// A column: its name, what can stand in it, and how it is read.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// For people, in one sentence.
    pub(super) meaning: &'static str,
    pub(super) cell: fn(&Row) -> Cell<'_>,
}

/// Grows by one whenever a column comes to mean something else; a new column at the end is no such change.
pub(super) const SCHEMA_VERSION: u32 = 1;

macro_rules! columns {
    ($($name:literal $kind:ident $meaning:literal |$row:ident| $cell:expr,)+) => {
        [$(Column { name: $name, kind: Kind::$kind, meaning: $meaning, cell: |$row| $cell }),+]
    };
}

/// All columns. New ones are added at the end, so that files written by older versions line up.
pub(super) const COLUMNS: [Column; 21] = columns![
    "id" Id "Made once in the browser: a UUID of version 7." |row| Cell::Id(row.id),
    "survey" Name "Short name of the survey." |row| Cell::Text(&row.survey),
    "metric" Name "What was measured: nps, ces or csat." |row| Cell::Text(row.metric.as_str()),
    "instrument" Name "Hash of the wording, scale, order and language that were shown." |row| Cell::Text(&row.instrument),
    "revision" Whole "1 for the score alone; higher when a comment or another score followed." |row| whole(row.revision),
    "score" Whole "The chosen point of the scale." |row| Cell::Whole(row.score),
    "band" Name "What the score counts as: promoter, passive, detractor, and so on." |row| Cell::Text(&row.band),
    "comment" TextOrAbsent "What the shopper wrote, addresses and long numbers masked." |row| perhaps(row.comment.as_deref()),
    "choices" List "What the shopper ticked." |row| Cell::List(Cow::Borrowed(&row.choices)),
    "locale" NameOrAbsent "Language of the question." |row| perhaps(row.locale.as_deref()),
    "channel" NameOrAbsent "How the question came: inline, email, and so on." |row| perhaps(row.channel.map(Channel::as_str)),
    "touchpoint" NameOrAbsent "Where in the customer journey." |row| perhaps(row.touchpoint.as_deref()),
    "device" NameOrAbsent "Class of device: phone, tablet or desktop." |row| perhaps(row.device.map(Device::as_str)),
    "page" NameOrAbsent "Path of the page, without query." |row| perhaps(row.page.as_deref()),
    "ref" TextOrAbsent "The merchant's order reference." |row| perhaps(row.order_ref.as_deref()),
    "attributes" Facts "The merchant's own facts, texts by name." |row| Cell::Facts(&row.attributes),
    "test" Truth "A try-out that never counts." |row| Cell::Truth(row.test),
    "flags" List "Doubts about the answer, and what a person decided about them." |row| Cell::List(row.flags.listed()),
    "inclusion" RealOrAbsent "Chance of having been asked, above 0 and at most 1, as the sender said." |row| row.inclusion.map_or(Cell::Absent, Cell::Real),
    "occurred_at" Moment "When the score was chosen, by the server's clock." |row| Cell::Moment(row.occurred_at),
    "received_at" Moment "When the answer was first received." |row| Cell::Moment(row.received_at),
];

/// Revisions end at a hundred.
fn whole(number: u32) -> Cell<'static> {
    Cell::Whole(i32::try_from(number).unwrap_or(i32::MAX))
}

/// Text that is not always there.
pub(super) fn perhaps(value: Option<&str>) -> Cell<'_> {
    value.map_or(Cell::Absent, Cell::Text)
}

/// Names of all columns, in their order.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    COLUMNS.iter().map(|column| column.name)
}

/// A row with something in every column, and one with as little as there can be.
#[cfg(test)]
pub(super) fn examples() -> [Row; 2] {
    use parere_shared::response::ResponseId;
    use parere_shared::survey::Metric;

    use crate::store::Flags;

    let full = Row {
        id: ResponseId::parse("019aa5a0-0000-7000-8000-000000000001").unwrap(),
        survey: "nps".into(),
        metric: Metric::Nps,
        instrument: "ad1088563eb0e7d5".into(),
        revision: 2,
        score: 9,
        band: "promoter".into(),
        comment: Some("Ottime scarpe, \"davvero\"\r\nمريح 👟".into()),
        choices: r#"["fit","price"]"#.into(),
        locale: Some("it".into()),
        channel: Some(Channel::Inline),
        touchpoint: Some("product".into()),
        device: Some(Device::Phone),
        page: Some("/products/scarpe".into()),
        order_ref: Some("1001".into()),
        attributes: r#"{"plan":"gold"}"#.into(),
        test: true,
        flags: Flags::CLOCK.with(Flags::INSTRUMENT),
        inclusion: Some(0.25),
        occurred_at: 1_795_255_200_000,
        received_at: 1_795_255_202_250,
    };
    let bare = Row {
        score: -2,
        comment: None,
        choices: "[]".into(),
        locale: None,
        channel: None,
        touchpoint: None,
        device: None,
        page: None,
        order_ref: None,
        attributes: "{}".into(),
        test: false,
        flags: Flags::default(),
        inclusion: None,
        ..full.clone()
    };
    [full, bare]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_those_of_the_contract() {
        let names: Vec<_> = COLUMNS.iter().map(|column| column.name).collect();
        assert_eq!(
            names.join(", "),
            "id, survey, metric, instrument, revision, score, band, comment, choices, locale, channel, touchpoint, \
             device, page, ref, attributes, test, flags, inclusion, occurred_at, received_at"
        );
    }
}
