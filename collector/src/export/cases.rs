//! Cases as CSV: what a customer said and what was done about it, written and guarded as answers are.

use super::column::{Cell, perhaps};
use super::csv::{Texts, lines_into};
use crate::store::{CaseOutcome, CaseRow};

/// A column: its name, and how it is read.
type Column = (&'static str, fn(&CaseRow) -> Cell<'_>);

/// The columns. New ones are added at the end, so that files written by older versions line up.
const COLUMNS: [Column; 15] = [
    ("id", |row| Cell::Id(row.case.response)),
    ("survey", |row| Cell::Text(&row.case.survey)),
    ("score", |row| Cell::Whole(row.score)),
    ("band", |row| Cell::Text(&row.band)),
    ("comment", |row| perhaps(row.comment.as_deref())),
    ("locale", |row| perhaps(row.locale.as_deref())),
    ("ref", |row| perhaps(row.order_ref.as_deref())),
    ("opened_at", |row| Cell::Moment(row.case.opened_at)),
    ("due_at", |row| Cell::Moment(row.case.due_at)),
    ("status", |row| Cell::Text(row.case.status.as_str())),
    ("outcome", |row| perhaps(row.case.outcome.map(CaseOutcome::as_str))),
    ("owner", |row| perhaps(row.case.owner.as_deref())),
    ("followed_up_at", |row| row.case.followed_up_at.map_or(Cell::Absent, Cell::Moment)),
    ("closed_at", |row| row.case.closed_at.map_or(Cell::Absent, Cell::Moment)),
    ("note", |row| perhaps(row.case.note.as_deref())),
];

/// A table of cases, piece by piece.
#[derive(Debug, Clone, Copy)]
pub struct CaseTable {
    /// Without the formula guard.
    pub raw: bool,
}

impl CaseTable {
    /// Its header.
    pub fn head(self) -> anyhow::Result<Vec<u8>> {
        let mut out = Vec::new();
        let mut lines = lines_into(&mut out);
        lines.write_record(COLUMNS.map(|(name, _)| name))?;
        lines.flush()?;
        drop(lines);
        Ok(out)
    }

    /// A line for each case.
    pub fn lines(self, cases: &[CaseRow]) -> anyhow::Result<Vec<u8>> {
        let texts = if self.raw { Texts::Raw } else { Texts::Guarded };
        let mut out = Vec::new();
        let mut lines = lines_into(&mut out);
        for case in cases {
            for (_, cell) in COLUMNS {
                lines.write_field(texts.cell(cell(case)).as_bytes())?;
            }
            lines.write_record(None::<&[u8]>)?;
        }
        lines.flush()?;
        drop(lines);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use parere_shared::response::ResponseId;

    use super::*;
    use crate::store::{Case, CaseStatus};

    #[test]
    fn a_case_is_a_line_and_no_formula() {
        let case = Case {
            response: ResponseId::parse("01931e5d-6c00-7000-8000-000000000001").unwrap(),
            survey: "nps".into(),
            opened_at: 0,
            due_at: 3_600_000,
            owner: Some("ada@shop.example".into()),
            status: CaseStatus::Done,
            outcome: Some(CaseOutcome::Recovered),
            followed_up_at: None,
            closed_at: Some(1_000),
            note: Some("@SUM(A1), \"rang her\"".into()),
            revision: 2,
        };
        let row = CaseRow {
            case,
            score: -2,
            band: "detractor".into(),
            comment: Some("=1+1".into()),
            locale: None,
            order_ref: Some("1001".into()),
        };
        let start = "01931e5d-6c00-7000-8000-000000000001,nps,-2,detractor,";
        let middle = ",,1001,1970-01-01T00:00:00.000Z,1970-01-01T01:00:00.000Z,done,recovered,ada@shop.example,,\
                      1970-01-01T00:00:01.000Z,";
        for (raw, comment, note) in
            [(false, "'=1+1", r#""'@SUM(A1), ""rang her""""#), (true, "=1+1", r#""@SUM(A1), ""rang her""""#)]
        {
            let written = CaseTable { raw }.lines(std::slice::from_ref(&row)).unwrap();
            assert_eq!(String::from_utf8(written).unwrap(), format!("{start}{comment}{middle}{note}\r\n"));
        }
        let head = CaseTable { raw: false }.head().unwrap();
        let head = String::from_utf8(head).unwrap();
        assert!(head.starts_with("id,survey,score,") && head.ends_with(",closed_at,note\r\n"), "{head}");
    }
}
