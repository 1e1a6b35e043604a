//! Sticky sampling: the same browser falls into the same bucket at every page view.

/// Number of buckets; a sample of n thousandths asks the browsers in buckets 0 to n − 1.
pub const BUCKETS: u16 = 1000;

/// The bucket, 0–999, of a browser for a survey.
///
/// FNV-1a (32 bit) over `visitor` and `slug`, its upper half folded into the lower.
/// The loader computes the same in JavaScript; a browser test holds both to one table.
pub fn bucket(visitor: &str, slug: &str) -> u16 {
    u16::try_from(mix(visitor, slug) % u32::from(BUCKETS)).unwrap_or(0)
}

/// A hash of two texts, one after the other; for spreading, not for secrets.
pub(super) fn mix(first: &str, second: &str) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for byte in first.bytes().chain(second.bytes()) {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash ^ (hash >> 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the loader makes them: up to 11 digits of base 36.
    fn visitors(count: u64) -> impl Iterator<Item = String> {
        (0..count).map(|n| {
            let mut rest = (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 8;
            std::iter::from_fn(|| {
                let digit = u8::try_from(rest % 36).unwrap();
                rest /= 36;
                (rest > 0).then(|| char::from(if digit < 10 { b'0' + digit } else { b'a' + digit - 10 }))
            })
            .collect()
        })
    }

    #[test]
    fn ten_percent_is_ten_percent_of_100_000_visitors() {
        for slug in ["nps", "ces", "csat", "returns", "after-purchase-2026"] {
            let mut tenths = [0_u32; 10];
            visitors(100_000).for_each(|visitor| tenths[usize::from(bucket(&visitor, slug) / 100)] += 1);
            assert!(tenths.iter().all(|asked| (9_500..=10_500).contains(asked)), "{slug}: {tenths:?}");
        }
    }

    #[test]
    fn the_same_visitor_falls_into_the_same_bucket_of_its_own_for_each_survey() {
        assert_eq!(bucket("a1b2", "nps"), bucket("a1b2", "nps"));
        for (one, other) in [("nps", "ces"), ("nps", "csat"), ("a", "b"), ("returns", "return")] {
            let both = visitors(10_000).filter(|v| bucket(v, one) < 500 && bucket(v, other) < 500).count();
            assert!(
                (2_300..=2_700).contains(&both),
                "{one}, {other}: halves overlap in a quarter, got {both}"
            );
        }
    }

    #[test]
    fn the_buckets_never_change() {
        // The same table as in tests/e2e/sample.test.mjs.
        for (visitor, expected) in [("a1b2", 903), ("k3v9x0q2m1z", 844), ("", 604), ("0", 281), ("zz9", 369)]
        {
            assert_eq!(bucket(visitor, "nps"), expected, "{visitor}");
        }
    }
}
