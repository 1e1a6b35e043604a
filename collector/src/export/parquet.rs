//! Parquet: typed columns, zstd, and the manifest as metadata; read by pyarrow, `DuckDB`, Spark and the like.
//!
//! Rows gather as columns in memory and leave it as a row group, which is where memory is bounded.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::sync::Arc;

use anyhow::Context as _;
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::{ColumnPath, TypePtr};

use super::column::{COLUMNS, Kind};
use super::manifest::Manifest;
use crate::store::Row;

mod leaf;

use leaf::Gathered;

/// Most rows in a row group: enough for readers that share the work out, at some 300 bytes each.
const GROUP_ROWS_MAX: usize = 65_536;

/// Most bytes that gather for a row group, as they are before compression.
const GROUP_BYTES_MAX: usize = 12 * 1024 * 1024;

/// zstd's own default: what more would save takes several times as long.
const ZSTD_LEVEL: i32 = 3;

/// A Parquet file that is being written.
pub(super) struct ParquetFile {
    writer: SerializedFileWriter<BufWriter<File>>,
    gathered: Vec<Gathered>,
    rows: usize,
}

impl ParquetFile {
    /// Into an empty file.
    pub(super) fn create(file: File) -> anyhow::Result<Self> {
        let writer = SerializedFileWriter::new(BufWriter::new(file), schema()?, properties()?)?;
        Ok(Self { writer, gathered: empty(), rows: 0 })
    }

    /// Adds rows; writes a row group whenever enough have gathered.
    pub(super) fn rows<'r>(&mut self, rows: impl Iterator<Item = &'r Row>) -> anyhow::Result<()> {
        for row in rows {
            for (column, gathered) in COLUMNS.iter().zip(&mut self.gathered) {
                gathered.push((column.cell)(row))?;
            }
            self.rows += 1;
            if self.rows >= GROUP_ROWS_MAX || self.bytes() >= GROUP_BYTES_MAX {
                self.write_group()?;
            }
        }
        Ok(())
    }

    /// Bytes that have gathered and are not written.
    pub(super) fn bytes(&self) -> usize {
        self.gathered.iter().map(Gathered::bytes).sum()
    }

    /// Writes what has gathered as a row group.
    pub(super) fn write_group(&mut self) -> anyhow::Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for gathered in &mut self.gathered {
            for leaf in gathered.leaves() {
                let mut column = group.next_column()?.context("a column more than the schema has")?;
                leaf.write(&mut column)?;
                column.close()?;
            }
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    /// The last row group and the metadata; everything is in the file when this returns.
    pub(super) fn end(mut self, manifest: &Manifest) -> anyhow::Result<()> {
        self.write_group()?;
        for (key, value) in manifest.texts()? {
            self.writer.append_key_value_metadata(KeyValue::new(format!("parere.{key}"), value));
        }
        let mut file = self.writer.into_inner()?;
        Ok(file.flush()?)
    }
}

fn empty() -> Vec<Gathered> {
    COLUMNS.iter().map(|column| Gathered::of(column.kind)).collect()
}

/// The schema in Parquet's own words.
fn schema() -> anyhow::Result<TypePtr> {
    let fields: String = COLUMNS.iter().map(|column| field(column.name, column.kind)).collect();
    Ok(Arc::new(parse_message_type(&format!("message responses {{\n{fields}}}"))?))
}

fn field(name: &str, kind: Kind) -> String {
    let text = "binary";
    match kind {
        Kind::Id => format!("required fixed_len_byte_array(16) {name} (UUID);\n"),
        Kind::Name => format!("required {text} {name} (STRING);\n"),
        Kind::NameOrAbsent | Kind::TextOrAbsent => format!("optional {text} {name} (STRING);\n"),
        Kind::Whole => format!("required int32 {name};\n"),
        Kind::RealOrAbsent => format!("optional double {name};\n"),
        Kind::Truth => format!("required boolean {name};\n"),
        Kind::Moment => format!("required int64 {name} (TIMESTAMP(MILLIS,true));\n"),
        Kind::List => format!(
            "required group {name} (LIST) {{ repeated group list {{ required {text} element (STRING); }} }}\n"
        ),
        Kind::Facts => format!(
            "required group {name} (MAP) {{ repeated group key_value {{ \
             required {text} key (STRING); required {text} value (STRING); }} }}\n"
        ),
    }
}

fn properties() -> anyhow::Result<WriterPropertiesPtr> {
    let mut properties = WriterProperties::builder()
        .set_created_by(concat!("parere version ", env!("CARGO_PKG_VERSION")).into())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?));
    for column in &COLUMNS {
        let path = ColumnPath::from(column.name);
        properties = match column.kind {
            // Each value is another one: a dictionary of them would be looked up in vain.
            Kind::Id | Kind::TextOrAbsent => properties.set_column_dictionary_enabled(path, false),
            Kind::Moment => properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED),
            _ => properties,
        };
    }
    Ok(Arc::new(properties.build()))
}

#[cfg(test)]
mod tests;
