//! Rows turned on their side: a statement takes an array for each column, whatever the number of rows.

use parere_shared::response::{Channel, Device};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::{Written, uuid};
use crate::store::Seq;
use crate::store::settle::Counts;

type Parameter<'a> = &'a (dyn ToSql + Sync);

/// Declares a struct of one vector for each column, filled row by row, and its parameters in the same order.
macro_rules! columns {
    ($(#[$meta:meta])* $name:ident <$life:lifetime> from $row:ident: $from:ty { $($column:ident: $kind:ty = $value:expr),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Default)]
        pub(super) struct $name<$life> { $($column: Vec<$kind>,)+ }

        impl<$life> $name<$life> {
            fn push(&mut self, $row: $from) {
                $(self.$column.push($value);)+
            }

            /// The site, then the columns.
            pub(super) fn parameters<'p>(&'p self, site: &'p &str) -> Vec<Parameter<'p>> {
                vec![site, $(&self.$column,)+]
            }
        }
    };
}

columns! {
    /// Answers, in the order of the columns that the statement names.
    Columns<'a> from written: &'a Written<'a> {
        id: Uuid = uuid(written.last.row.id),
        seq: Seq = written.seq,
        digest: &'a [u8] = &written.last.digest,
        survey: &'a str = &written.last.row.survey,
        metric: &'a str = written.last.row.metric.as_str(),
        instrument: &'a str = &written.last.row.instrument,
        revision: i64 = written.last.row.revision.into(),
        score: i32 = written.last.row.score,
        band: &'a str = &written.last.row.band,
        comment: Option<&'a str> = written.last.row.comment.as_deref(),
        choices: &'a str = &written.last.row.choices,
        locale: Option<&'a str> = written.last.row.locale.as_deref(),
        channel: Option<&'a str> = written.last.row.channel.map(Channel::as_str),
        touchpoint: Option<&'a str> = written.last.row.touchpoint.as_deref(),
        device: Option<&'a str> = written.last.row.device.map(Device::as_str),
        page: Option<&'a str> = written.last.row.page.as_deref(),
        order_ref: Option<&'a str> = written.last.row.order_ref.as_deref(),
        subject: Option<&'a [u8]> = written.subject.as_ref().map(<[u8; 32]>::as_slice),
        attributes: &'a str = &written.attributes,
        test: bool = written.last.row.test,
        flags: i64 = written.flags.0.into(),
        inclusion: Option<f64> = written.last.row.inclusion,
        occurred_at: i64 = written.last.row.occurred_at,
        received_at: i64 = written.first.row.received_at,
        day: i32 = written.first.day,
        counted_locale: &'a str = &written.last.counted_locale,
        counted_touchpoint: &'a str = &written.last.counted_touchpoint,
        counted_per_mille: i32 = written.last.counted_per_mille.into(),
    }
}

impl<'a> Columns<'a> {
    pub(super) fn of(written: &'a [Written<'a>]) -> Self {
        let mut columns = Self::default();
        for row in written {
            columns.push(row);
        }
        columns
    }
}

/// Changes to daily counts, in the order of the columns that the statement names.
#[derive(Default)]
pub(super) struct CountColumns {
    survey: Vec<String>,
    dimension: Vec<&'static str>,
    day: Vec<i32>,
    value: Vec<String>,
    instrument: Vec<String>,
    score: Vec<i32>,
    per_mille: Vec<i32>,
    n: Vec<i64>,
}

impl CountColumns {
    pub(super) fn of(counts: Counts) -> Self {
        let mut columns = Self::default();
        for (key, n) in counts.changes() {
            columns.survey.push(key.survey);
            columns.dimension.push(key.dimension);
            columns.day.push(key.day);
            columns.value.push(key.value);
            columns.instrument.push(key.instrument);
            columns.score.push(key.score);
            columns.per_mille.push(key.per_mille.into());
            columns.n.push(n);
        }
        columns
    }

    /// The site, then the columns.
    pub(super) fn parameters<'p>(&'p self, site: &'p &str) -> [Parameter<'p>; 9] {
        [
            site,
            &self.survey,
            &self.dimension,
            &self.day,
            &self.value,
            &self.instrument,
            &self.score,
            &self.per_mille,
            &self.n,
        ]
    }
}
