//! The columns of every export: one list, in the contract's order, the same in all formats.

use std::borrow::Cow;

use parere_shared::response::{Channel, Device};
use parere_shared::time::Millis;

use crate::store::Row;

/// What stands in one column of one row.
pub(super) enum Cell<'a> {
    /// Nothing.
    Absent,
    /// Text that somebody wrote, or a name.
    Text(Cow<'a, str>),
    /// A whole number.
    Whole(i64),
    /// A number.
    Real(f64),
    /// Yes or no.
    Truth(bool),
    /// A moment, written as RFC 3339 in UTC.
    Moment(Millis),
    /// A JSON array or object, as it is stored.
    Json(&'a str),
}

/// A column: its name and how it is read.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) cell: fn(&Row) -> Cell<'_>,
}

/// All columns. New ones are added at the end, so that files written by older versions line up.
pub(super) const COLUMNS: [Column; 21] = [
    Column { name: "id", cell: |row| Cell::Text(row.id.encode().into()) },
    Column { name: "survey", cell: |row| text(&row.survey) },
    Column { name: "metric", cell: |row| text(row.metric.as_str()) },
    Column { name: "instrument", cell: |row| text(&row.instrument) },
    Column { name: "revision", cell: |row| Cell::Whole(row.revision.into()) },
    Column { name: "score", cell: |row| Cell::Whole(row.score.into()) },
    Column { name: "band", cell: |row| text(&row.band) },
    Column { name: "comment", cell: |row| perhaps(row.comment.as_deref()) },
    Column { name: "choices", cell: |row| Cell::Json(&row.choices) },
    Column { name: "locale", cell: |row| perhaps(row.locale.as_deref()) },
    Column { name: "channel", cell: |row| perhaps(row.channel.map(Channel::as_str)) },
    Column { name: "touchpoint", cell: |row| perhaps(row.touchpoint.as_deref()) },
    Column { name: "device", cell: |row| perhaps(row.device.map(Device::as_str)) },
    Column { name: "page", cell: |row| perhaps(row.page.as_deref()) },
    Column { name: "ref", cell: |row| perhaps(row.order_ref.as_deref()) },
    Column { name: "attributes", cell: |row| Cell::Json(&row.attributes) },
    Column { name: "test", cell: |row| Cell::Truth(row.test) },
    Column { name: "flags", cell: |row| Cell::Text(row.flags.names().into()) },
    Column { name: "inclusion", cell: |row| row.inclusion.map_or(Cell::Absent, Cell::Real) },
    Column { name: "occurred_at", cell: |row| Cell::Moment(row.occurred_at) },
    Column { name: "received_at", cell: |row| Cell::Moment(row.received_at) },
];

fn text(text: &str) -> Cell<'_> {
    Cell::Text(Cow::Borrowed(text))
}

fn perhaps(value: Option<&str>) -> Cell<'_> {
    value.map_or(Cell::Absent, text)
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
