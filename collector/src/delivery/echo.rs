//! How a reply begins, for the log, without what it must not repeat.

use parere_shared::text;

/// Shortest stretch of a text by which a reply is known to repeat it, in characters.
const ECHO_CHARS: usize = 12;

/// What stands in the log in the place of a reply that repeats an answer.
pub(super) const REPEATS: &str = "(The reply repeats the answer; it is not kept.)";

/// How a reply begins; nothing of it where it repeats one of `words`: what a shopper wrote, an e-mail address, a token.
pub(super) fn excerpt(reply: &[u8], words: &[&str]) -> String {
    let said = text::clean(&String::from_utf8_lossy(reply), reply.len());
    let there = letters(&said);
    let repeats = words.iter().any(|word| {
        let word = letters(word);
        let stretch = ECHO_CHARS.min(word.len()).max(1);
        let mut stretches = word.windows(stretch);
        stretches.any(|stretch| there.windows(stretch.len()).any(|there| there == stretch))
    });
    if repeats { REPEATS.into() } else { said }
}

/// Letters and digits, as they are the same in whatever way a receiver writes them.
fn letters(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_answer_comes_into_the_log_by_way_of_a_reply() {
        for (reply, words, expected) in [
            ("no such hook", &[][..], "no such hook"),
            ("no such hook", &["Ottime scarpe, davvero"], "no such hook"),
            ("bad: Ottime scarpe, davvero", &["Ottime scarpe, davvero"], REPEATS),
            ("bad: OTTIME SCARPE, davvero", &["other", "Ottime scarpe, davvero"], REPEATS),
            (r#"bad: "Ottime scarpe,\ndavvero""#, &["Ottime scarpe,\nsul serio"], REPEATS),
            ("Email address luca@x.example is invalid", &["Luca@x.example"], REPEATS),
            ("Email address is invalid", &["luca@x.example"], "Email address is invalid"),
            ("I got: ottime", &["Ottime"], REPEATS),
            ("too long", &[""], "too long"),
            ("too long", &["!?"], "too long"),
            ("", &[], ""),
        ] {
            assert_eq!(excerpt(reply.as_bytes(), words), expected, "{reply} {words:?}");
        }
        assert_eq!(excerpt(b"\xff\x00x", &[]), "\u{fffd}x");
    }
}
