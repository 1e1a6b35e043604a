//! Bytes in a script. The build uses this, too.

/// The bytes as a string of JavaScript in which each is the character of its number.
///
/// In UTF-8 those from 128 on take two bytes, of which the first is one of two: compressed, wasm grows by 4 %,
/// where base64 hides what repeats and adds 41 %.
pub(super) fn literal(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    text.push('"');
    for byte in bytes {
        match byte {
            b'"' | b'\\' => text.extend(['\\', char::from(*byte)]),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            _ => text.push(char::from(*byte)),
        }
    }
    text.push('"');
    text
}
