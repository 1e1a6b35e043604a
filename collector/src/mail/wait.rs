//! When a mail that was not taken is tried again, and who is not there at all.

use parere_shared::time::Millis;

const MINUTE_MS: Millis = 60 * 1_000;

/// Waits after each try; after the last one it is given up. A server that asks everybody to come back later
/// (greylisting) wants minutes, one that is being repaired wants hours.
const WAITS_MS: [Millis; 6] =
    [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS, 4 * 60 * MINUTE_MS, 12 * 60 * MINUTE_MS];

/// How long to wait after so many tries; none after the last.
pub(super) fn wait_ms(tries: u32) -> Option<Millis> {
    let place = usize::try_from(tries.saturating_sub(1)).ok()?;
    WAITS_MS.get(place).copied()
}

/// Does a refusal say that there is nobody at the address?
///
/// An enhanced code (RFC 3463) decides where there is one: `5.1.x` is about the address, all others are about the mail,
/// its sender or a mailbox that is full. Without one it is 550, 551 and 553 (RFC 5321, section 4.2.2).
pub(super) fn is_nobody(code: u16, said: &str) -> bool {
    let enhanced = said.split(|c: char| !(c.is_ascii_digit() || c == '.')).find_map(|word| {
        let mut parts = word.split('.');
        let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
        (class == "5" && !subject.is_empty() && !detail.is_empty()).then(|| subject.to_owned())
    });
    match enhanced {
        Some(subject) => subject == "1",
        None => matches!(code, 550 | 551 | 553),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_come_later_and_later_and_end() {
        let waits: Vec<_> = (1..=7).map(wait_ms).collect();
        assert!(waits.iter().take(6).is_sorted());
        assert_eq!((waits.first(), waits.get(6)), (Some(&Some(MINUTE_MS)), Some(&None)));
    }

    #[test]
    fn who_is_not_there_is_told_from_what_is_not_wanted() {
        for (code, said, expected) in [
            (550, "5.1.1 <luca@example.com>: user unknown", true),
            (550, "No such user here", true),
            (553, "mailbox name not allowed", true),
            (550, "5.7.1 rejected by policy", false),
            (550, "permanent error (550): 5.7.26 not authenticated", false),
            (552, "5.2.2 mailbox full", false),
            (554, "transaction failed", false),
            (550, "see 10.0.0.1 for details", true),
        ] {
            assert_eq!(is_nobody(code, said), expected, "{code} {said}");
        }
    }
}
