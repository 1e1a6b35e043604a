//! XLSX: texts that stay texts, numbers, moments as a spreadsheet's own, and a sheet with the manifest.
//!
//! Rows leave memory as they come, into files without a name that `rust_xlsxwriter` joins in the end.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use parere_shared::time::{DAY_MS, Millis};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet};

use super::column::{COLUMNS, Cell, Kind};
use super::manifest::Manifest;
use crate::store::Row;

/// Most rows of a sheet, the header among them: the format's own bound.
pub(super) const SHEET_ROWS_MAX: u32 = 1_048_576;

/// 1970-01-01 as a spreadsheet counts days.
const DAYS_BEFORE_1970: f64 = 25_569.0;

/// A workbook that is being written.
pub(super) struct XlsxFile {
    book: Workbook,
    file: File,
    /// Rows of the last sheet so far, the header among them.
    sheet_rows: u32,
    sheet_rows_max: u32,
    sheets: usize,
    moment: Format,
    head: Format,
}

impl XlsxFile {
    /// Into an empty file; what waits until then is in `folder`.
    pub(super) fn create(file: File, folder: &Path, sheet_rows_max: u32) -> anyhow::Result<Self> {
        let mut book = Workbook::new();
        book.set_tempdir(folder)?;
        let moment = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss.000");
        let head = Format::new().set_bold();
        let mut file = Self { book, file, sheet_rows: 0, sheet_rows_max, sheets: 0, moment, head };
        file.add_sheet()?;
        Ok(file)
    }

    /// Adds rows, and a sheet when the last one is full.
    pub(super) fn rows<'r>(&mut self, rows: impl Iterator<Item = &'r Row>) -> anyhow::Result<()> {
        for row in rows {
            if self.sheet_rows == self.sheet_rows_max {
                self.add_sheet()?;
            }
            let sheet = self.book.worksheet_from_index(self.sheets - 1)?;
            for (place, column) in (0..).zip(&COLUMNS) {
                write(sheet, self.sheet_rows, place, (column.cell)(row), &self.moment)?;
            }
            self.sheet_rows += 1;
        }
        Ok(())
    }

    fn add_sheet(&mut self) -> anyhow::Result<()> {
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        self.sheets += 1;
        let name = if self.sheets == 1 { "responses".into() } else { format!("responses {}", self.sheets) };
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (place, column) in (0..).zip(&COLUMNS) {
            sheet.set_column_width(place, width(column.kind))?;
            sheet.write_string_with_format(0, place, column.name, &self.head)?;
        }
        self.sheet_rows = 1;
        Ok(())
    }

    /// The sheet with the manifest, and the whole file.
    pub(super) fn end(mut self, manifest: &Manifest) -> anyhow::Result<()> {
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name("manifest")?.set_column_width(0, 16)?.set_column_width(1, 48)?;
        let mut fields = manifest.texts()?;
        fields.push(("times".into(), "UTC".into()));
        for (row, (name, value)) in (0..).zip(&fields) {
            sheet.write_string(row, 0, name)?;
            sheet.write_string(row, 1, value)?;
        }
        // The moment of the set, so that the same answers make the same file.
        let made = ExcelDateTime::parse_from_str(manifest.as_of.trim_end_matches('Z'))?;
        let properties = DocProperties::new().set_title(format!("Responses of {}", manifest.site));
        self.book.set_properties(&properties.set_creation_datetime(&made));
        self.book.save_to_writer(BufWriter::new(&self.file))?;
        Ok(())
    }
}

/// Every text is written as a text: what begins with an equals sign is no formula.
fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: Cell<'_>,
    moment: &Format,
) -> anyhow::Result<()> {
    match cell {
        Cell::Absent => {}
        Cell::Id(id) => drop(sheet.write_string(row, column, id.encode())?),
        Cell::Text(text) | Cell::Facts(text) => drop(sheet.write_string(row, column, text)?),
        Cell::List(json) => drop(sheet.write_string(row, column, json)?),
        Cell::Whole(number) => drop(sheet.write_number(row, column, number)?),
        Cell::Real(number) => drop(sheet.write_number(row, column, number)?),
        Cell::Truth(truth) => drop(sheet.write_boolean(row, column, truth)?),
        Cell::Moment(at) => drop(sheet.write_number_with_format(row, column, serial(at), moment)?),
    }
    Ok(())
}

/// A moment as days of a spreadsheet, in UTC; milliseconds survive.
#[expect(clippy::cast_precision_loss, reason = "moments of ten thousand years are exact")]
fn serial(moment: Millis) -> f64 {
    moment as f64 / DAY_MS as f64 + DAYS_BEFORE_1970
}

/// In characters: what shows the column without filling the screen.
fn width(kind: Kind) -> f64 {
    match kind {
        Kind::Id => 38.0,
        Kind::TextOrAbsent => 40.0,
        Kind::Moment => 24.0,
        Kind::Whole | Kind::Truth | Kind::RealOrAbsent => 9.0,
        Kind::Name | Kind::NameOrAbsent | Kind::List | Kind::Facts => 16.0,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::super::column::examples;
    use super::super::manifest::example;
    use super::*;

    /// The parts of a workbook with these rows, sheets of at most four rows each.
    fn parts(rows: &[Row]) -> impl FnMut(&str) -> String {
        let file = tempfile::tempfile().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut xlsx = XlsxFile::create(file.try_clone().unwrap(), folder.path(), 4).unwrap();
        xlsx.rows(rows.iter()).unwrap();
        xlsx.end(&example()).unwrap();
        let mut parts = zip::ZipArchive::new(file).unwrap();
        move |name| {
            let mut text = String::new();
            parts.by_name(name).unwrap().read_to_string(&mut text).unwrap();
            text
        }
    }

    #[test]
    fn a_full_sheet_is_followed_by_another() {
        let [full, bare] = examples();
        for (n, sheets, in_last) in [(0, 1, 1), (3, 1, 4), (4, 2, 2), (7, 3, 2)] {
            let rows: Vec<Row> =
                (0..n).map(|i| if i % 2 == 0 { full.clone() } else { bare.clone() }).collect();
            let mut part = parts(&rows);
            let names = part("xl/workbook.xml");
            assert_eq!(names.matches("name=\"responses").count(), sheets, "{names}");
            assert!(names.contains("name=\"manifest\""), "{names}");
            let last = part(&format!("xl/worksheets/sheet{sheets}.xml"));
            assert_eq!(last.matches("<row ").count(), in_last, "{last}");
            assert!(last.contains(">received_at<"), "every sheet has the header");
            let manifest = part(&format!("xl/worksheets/sheet{}.xml", sheets + 1));
            assert!(
                manifest.contains(">as_of<") && manifest.contains(">2026-11-21T10:00:00.000Z<"),
                "{manifest}"
            );
        }
    }

    #[test]
    fn texts_are_texts_and_moments_are_moments() {
        let [full, _] = examples();
        let formula = Row { comment: Some("=1+1".into()), order_ref: Some("0012".into()), ..full };
        let sheet = parts(&[formula])("xl/worksheets/sheet1.xml");
        assert!(!sheet.contains("<f>"), "{sheet}");
        for text in [">=1+1<", ">0012<", ">[\"clock\",\"instrument\"]<"] {
            assert!(sheet.contains(text), "{text} in {sheet}");
        }
        assert!((serial(1_795_255_202_250) - 46_347.416_692_708_33).abs() < 1e-9);
        assert!(sheet.contains("<v>46347.41669270833"), "{sheet}");
    }
}
