//! What gathers for a row group, column by column, in the form that Parquet keeps it in.

use std::collections::BTreeMap;
use std::mem;

use anyhow::bail;
use bytes::Bytes;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType,
    Int32Type, Int64Type,
};
use parquet::file::writer::SerializedColumnWriter;

use super::super::column::{Cell, Kind};

/// One column of the export: one leaf of the schema, or two for names with values.
pub(super) struct Gathered {
    first: Leaf,
    second: Option<Leaf>,
}

/// One leaf of the schema: its values, and where they belong.
pub(super) struct Leaf {
    values: Values,
    /// 1 where there is a value, 0 where there is none; unused where there always is one.
    defined: Vec<i16>,
    /// 0 where a row begins, 1 where a list goes on; unused outside of lists.
    repeated: Vec<i16>,
}

enum Values {
    /// 16 bytes each.
    Ids(Vec<FixedLenByteArray>),
    /// One text after the other, and where each ends.
    Texts(Vec<u8>, Vec<usize>),
    Wholes(Vec<i32>),
    Reals(Vec<f64>),
    Truths(Vec<bool>),
    Moments(Vec<i64>),
}

impl Gathered {
    /// Nothing yet.
    pub(super) fn of(kind: Kind) -> Self {
        let first = match kind {
            Kind::Id => Values::Ids(Vec::new()),
            Kind::Whole => Values::Wholes(Vec::new()),
            Kind::RealOrAbsent => Values::Reals(Vec::new()),
            Kind::Truth => Values::Truths(Vec::new()),
            Kind::Moment => Values::Moments(Vec::new()),
            Kind::Name | Kind::NameOrAbsent | Kind::TextOrAbsent | Kind::List | Kind::Facts => {
                Values::Texts(Vec::new(), Vec::new())
            }
        };
        let second = (kind == Kind::Facts).then(|| Leaf::of(Values::Texts(Vec::new(), Vec::new())));
        Self { first: Leaf::of(first), second }
    }

    /// The cell of the next row.
    pub(super) fn push(&mut self, cell: Cell<'_>) -> anyhow::Result<()> {
        let Leaf { values, defined, .. } = &mut self.first;
        match (values, cell) {
            (_, Cell::Absent) => defined.push(0),
            (Values::Ids(ids), Cell::Id(id)) => ids.push(Vec::from(*id.as_bytes()).into()),
            (Values::Wholes(numbers), Cell::Whole(number)) => numbers.push(number),
            (Values::Reals(numbers), Cell::Real(number)) => {
                numbers.push(number);
                defined.push(1);
            }
            (Values::Truths(truths), Cell::Truth(truth)) => truths.push(truth),
            (Values::Moments(moments), Cell::Moment(moment)) => moments.push(moment),
            (Values::Texts(..), Cell::Text(text)) => self.first.push(text, 0),
            (Values::Texts(..), Cell::List(json)) => {
                let texts: Vec<String> = if json == "[]" { Vec::new() } else { serde_json::from_str(&json)? };
                self.first.push_all(texts.iter());
            }
            (Values::Texts(..), Cell::Facts(json)) => {
                let facts: BTreeMap<String, String> =
                    if json == "{}" { BTreeMap::new() } else { serde_json::from_str(json)? };
                self.first.push_all(facts.keys());
                if let Some(values) = &mut self.second {
                    values.push_all(facts.values());
                }
            }
            _ => bail!("a cell that does not fit its column"),
        }
        Ok(())
    }

    /// The leaves in the order of the schema.
    pub(super) fn leaves(&mut self) -> impl Iterator<Item = &mut Leaf> {
        [Some(&mut self.first), self.second.as_mut()].into_iter().flatten()
    }

    /// What has gathered, in memory.
    pub(super) fn bytes(&self) -> usize {
        self.first.bytes() + self.second.as_ref().map_or(0, Leaf::bytes)
    }
}

impl Leaf {
    fn of(values: Values) -> Self {
        Self { values, defined: Vec::new(), repeated: Vec::new() }
    }

    fn push(&mut self, text: &str, repeated: i16) {
        if let Values::Texts(bytes, ends) = &mut self.values {
            bytes.extend_from_slice(text.as_bytes());
            ends.push(bytes.len());
        }
        self.defined.push(1);
        self.repeated.push(repeated);
    }

    /// A row's list.
    fn push_all<'t>(&mut self, texts: impl ExactSizeIterator<Item = &'t String>) {
        if texts.len() == 0 {
            self.defined.push(0);
            self.repeated.push(0);
        }
        for (i, text) in texts.enumerate() {
            self.push(text, i16::from(i > 0));
        }
    }

    fn bytes(&self) -> usize {
        let values = match &self.values {
            Values::Ids(ids) => ids.len() * (mem::size_of::<FixedLenByteArray>() + 16),
            Values::Texts(bytes, ends) => bytes.len() + mem::size_of_val(&**ends),
            Values::Wholes(numbers) => mem::size_of_val(&**numbers),
            Values::Reals(numbers) => mem::size_of_val(&**numbers),
            Values::Truths(truths) => truths.len(),
            Values::Moments(moments) => mem::size_of_val(&**moments),
        };
        values + mem::size_of_val(&*self.defined) + mem::size_of_val(&*self.repeated)
    }

    /// Writes what has gathered, and keeps none of it.
    pub(super) fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> anyhow::Result<()> {
        let (defined, repeated) = (mem::take(&mut self.defined), mem::take(&mut self.repeated));
        let levels = Levels { defined: &defined, repeated: &repeated };
        match &mut self.values {
            Values::Ids(ids) => levels.write::<FixedLenByteArrayType>(column, &mem::take(ids)),
            Values::Wholes(numbers) => levels.write::<Int32Type>(column, &mem::take(numbers)),
            Values::Reals(numbers) => levels.write::<DoubleType>(column, &mem::take(numbers)),
            Values::Truths(truths) => levels.write::<BoolType>(column, &mem::take(truths)),
            Values::Moments(moments) => levels.write::<Int64Type>(column, &mem::take(moments)),
            Values::Texts(bytes, ends) => {
                let bytes = Bytes::from(mem::take(bytes));
                let starts = std::iter::once(0).chain(ends.iter().copied());
                let texts: Vec<_> = starts
                    .zip(&*ends)
                    .map(|(start, end)| ByteArray::from(bytes.slice(start..*end)))
                    .collect();
                ends.clear();
                levels.write::<ByteArrayType>(column, &texts)
            }
        }
    }
}

/// Where values belong.
struct Levels<'a> {
    defined: &'a [i16],
    repeated: &'a [i16],
}

impl Levels<'_> {
    /// Levels that the schema does not have for a column are left out.
    fn write<T: DataType>(
        &self,
        column: &mut SerializedColumnWriter<'_>,
        values: &[T::T],
    ) -> anyhow::Result<()> {
        let typed = column.typed::<T>();
        let descriptor = typed.get_descriptor();
        let defined = (descriptor.max_def_level() > 0).then_some(self.defined);
        let repeated = (descriptor.max_rep_level() > 0).then_some(self.repeated);
        typed.write_batch(values, defined, repeated)?;
        Ok(())
    }
}
