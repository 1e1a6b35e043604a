//! Is a file text, and is all of it there? Asked before the first row is taken.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};

use anyhow::{bail, ensure};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::random::hex;

/// Longest line, in bytes: an answer with everything in it takes a twentieth of that.
const LINE_BYTES_MAX: u64 = 1024 * 1024;

/// Longest line of a file of others, who may write everything in one.
const FOREIGN_LINE_BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// What tells that nothing is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The last line counts the rows and has the checksum of all before.
    Sealed,
    /// Every line has an end.
    Newline,
    /// Nothing does.
    Any,
}

/// The last line of an NDJSON export; there may be more in it.
#[derive(Deserialize)]
struct Seal {
    #[serde(rename = "_end")]
    end: Sums,
}

#[derive(Deserialize)]
struct Sums {
    rows: u64,
    sha256: String,
}

/// Is this the last line of an NDJSON export?
pub(super) fn is_seal(line: &str) -> bool {
    line.starts_with(r#"{"_end":"#)
}

/// Reads all of it; fails in a sentence that names the line.
pub(super) fn check(file: File, end: End) -> anyhow::Result<()> {
    let mut reader = BufReader::new(file);
    let mut hash = Sha256::new();
    let (mut line, mut last, mut number) = (Vec::new(), Vec::new(), 0_u64);
    let bytes_max = if end == End::Any { FOREIGN_LINE_BYTES_MAX } else { LINE_BYTES_MAX };
    loop {
        line.clear();
        let len = reader.by_ref().take(bytes_max).read_until(b'\n', &mut line)?;
        if len == 0 {
            break;
        }
        number += 1;
        ensure!(number > 1 || !is_utf16(&line), "line 1: it is UTF-16; save it as UTF-8");
        ensure!(u64::try_from(len)? < bytes_max, "line {number}: it is longer than any answer");
        ensure!(std::str::from_utf8(&line).is_ok(), "line {number}: it is not UTF-8; save the file as UTF-8");
        if number > 1 {
            hash.update(&last);
        }
        std::mem::swap(&mut line, &mut last);
    }
    ensure!(number > 0, "it is empty");
    match end {
        End::Sealed => check_seal(&last, number, &hex(&hash.finalize())),
        End::Newline => {
            ensure!(
                last.ends_with(b"\n"),
                "line {number}: it breaks off; fetch the file again, or say --incomplete"
            );
            Ok(())
        }
        End::Any => Ok(()),
    }
}

fn check_seal(last: &[u8], number: u64, sha256: &str) -> anyhow::Result<()> {
    let Ok(Seal { end }) = serde_json::from_slice::<Seal>(last) else {
        bail!(
            "line {number}: the line that ends an export is missing, so rows may be, too; fetch the file again, or say \
             --incomplete"
        );
    };
    let rows = number - 1;
    ensure!(
        end.rows == rows,
        "line {number}: there were {} rows, and {rows} are there; fetch the file again, or say --incomplete",
        end.rows
    );
    ensure!(
        end.sha256 == sha256,
        "line {number}: the file was changed after it was written; fetch it again, or say --incomplete"
    );
    Ok(())
}

/// By its mark, or by the empty half of its first letter.
fn is_utf16(line: &[u8]) -> bool {
    matches!(line, [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, ..] | [_, 0, ..])
}

#[cfg(test)]
mod tests {
    use std::io::{Seek as _, Write as _};

    use super::*;

    #[test]
    fn what_is_missing_or_changed_is_said_with_its_line() {
        let rows = "{\"a\":1}\n{\"a\":2}\n";
        let seal = |rows: &str, n: u64| {
            format!(
                "{{\"_end\":{{\"rows\":{n},\"sha256\":\"{}\",\"as_of\":\"x\"}}}}\n",
                hex(&Sha256::digest(rows))
            )
        };
        let sealed = [rows, &seal(rows, 2)].concat();
        for (bytes, end, clue) in [
            (sealed.clone().into_bytes(), End::Sealed, ""),
            (seal("", 0).into_bytes(), End::Sealed, ""),
            (rows.as_bytes().to_vec(), End::Sealed, "line 2: the line that ends an export is missing"),
            (rows.as_bytes().to_vec(), End::Any, ""),
            (sealed[..sealed.len() - 9].into(), End::Sealed, "line 3: the line that ends"),
            (sealed[8..].into(), End::Sealed, "line 2: there were 2 rows, and 1 are there"),
            (sealed.replace(":2}\n", ":3}\n").into_bytes(), End::Sealed, "line 3: the file was changed"),
            (Vec::new(), End::Sealed, "it is empty"),
            (Vec::new(), End::Any, "it is empty"),
            (b"a,b\r\n1,2\r\n".to_vec(), End::Newline, ""),
            (b"a,b\r\n1,".to_vec(), End::Newline, "line 2: it breaks off"),
            (b"a\nb\xe8\n".to_vec(), End::Any, "line 2: it is not UTF-8"),
            (b"\xff\xfea\0\n\0".to_vec(), End::Any, "line 1: it is UTF-16"),
            (vec![b'x'; 2 << 20], End::Newline, "line 1: it is longer"),
        ] {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(&bytes).unwrap();
            file.rewind().unwrap();
            let said = check(file, end).map_or_else(|error| error.to_string(), |()| String::new());
            assert!(said.starts_with(clue) && said.is_empty() == clue.is_empty(), "{clue}: {said}");
        }
    }
}
