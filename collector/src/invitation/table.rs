//! Invitations as a table: a line each, columns by their names in the first line.

use parere_shared::violation::{Rule, Violation};

use super::{InvitationIn, placed};
use crate::error::ApiError;

/// Most bytes of a table.
pub const TABLE_BYTES_MAX: usize = 2 * 1024 * 1024;

/// Most lines below the first one.
const LINES_MAX: usize = 10_000;

/// The wishes of a table; commas or semicolons between columns, whichever the first line has more of.
///
/// Columns that are not known are named as violations: a misspelt one would be left out without a word.
pub fn read_table(bytes: &[u8]) -> Result<Vec<InvitationIn>, ApiError> {
    // Spreadsheets put a mark before the first column's name.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.trim_ascii().is_empty() {
        return Err(ApiError::Malformed(vec![Violation::new("body", Rule::Missing)]));
    }
    let head = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let delimiter = if head.matches(';').count() > head.matches(',').count() { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).from_reader(bytes);
    let names: Vec<String> = reader.headers().map_err(unreadable)?.iter().map(str::to_lowercase).collect();
    let strange: Vec<_> = names
        .iter()
        .filter(|name| !set(&mut InvitationIn::default(), name, ""))
        .map(|name| Violation::new(name.clone(), Rule::Unknown("a column of invitations")))
        .collect();
    if !strange.is_empty() {
        return Err(ApiError::Invalid(strange));
    }
    let mut wishes = Vec::new();
    for line in reader.records() {
        let line = line.map_err(unreadable)?;
        if wishes.len() == LINES_MAX {
            return Err(super::too_many(LINES_MAX));
        }
        let mut wish = InvitationIn::default();
        for (name, value) in names.iter().zip(&line) {
            set(&mut wish, name, value);
        }
        wishes.push(wish);
    }
    let unkeyed = wishes.iter().position(|wish| wish.key.is_none());
    match unkeyed {
        // The same table again must make nothing twice.
        Some(place) => Err(ApiError::Invalid(placed(vec![Violation::new("key", Rule::Missing)], place))),
        None => Ok(wishes),
    }
}

/// Writes a value into the field of this name; `false` if there is none.
fn set(wish: &mut InvitationIn, name: &str, value: &str) -> bool {
    let value = Some(value.to_owned()).filter(|value| !value.is_empty());
    match name {
        "survey" => wish.survey = value.unwrap_or_default(),
        "channel" => wish.channel = value.unwrap_or_default(),
        "key" => wish.key = value,
        "address" => wish.address = value,
        "subject" => wish.subject = value,
        "ref" => wish.order_ref = value,
        "ticket" => wish.ticket = value,
        "locale" => wish.locale = value,
        "due_at" => wish.due_at = value,
        "expires_at" => wish.expires_at = value,
        _ => return false,
    }
    true
}

fn unreadable(_: csv::Error) -> ApiError {
    let expected = "a table in UTF-8, with as many columns in every line as in the first";
    ApiError::Malformed(vec![Violation::new("body", Rule::Type(expected))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_by_the_names_of_its_columns() {
        let table =
            "\u{feff}Survey;channel;address;key;locale\nces;email;luca@example.com;1;it\nces;link;;2;\n";
        let wishes = read_table(table.as_bytes()).unwrap();
        let told: Vec<_> = wishes.iter().map(|wish| (&*wish.channel, wish.address.as_deref())).collect();
        assert_eq!(told, [("email", Some("luca@example.com")), ("link", None)]);
        assert_eq!((&*wishes[0].survey, wishes[0].locale.as_deref()), ("ces", Some("it")));
        for (table, status) in [
            ("survey,channel,key,adress\nces,link,1,x", 422),
            ("survey,channel\nces,link", 422),
            ("survey,channel,key\nces,link", 400),
            ("survey,channel,key\nces,link,\"1", 200),
            ("survey,channel,key\n", 200),
            ("", 400),
            ("\n", 400),
        ] {
            let found = read_table(table.as_bytes()).map_or_else(|error| error.problem().status, |_| 200);
            assert_eq!(found, status, "{table}");
        }
    }
}
