//! Sticky sampling: the same browser falls into the same bucket at every page view.

/// Number of buckets; a sample of n thousandths asks the browsers in buckets 0 to n − 1.
pub const BUCKETS: u16 = 1000;

/// The bucket, 0–999, of a browser for a survey.
///
/// FNV-1a (32 bit) over `visitor` and `slug`, then the finaliser of `MurmurHash3` so that all bits count.
/// The loader computes the same in JavaScript; both are held to one table by the tests.
pub fn bucket(visitor: &str, slug: &str) -> u16 {
    u16::try_from(mix(visitor, slug) % u32::from(BUCKETS)).unwrap_or(0)
}

/// A hash of two texts, one after the other; for spreading, not for secrets.
pub(super) fn mix(first: &str, second: &str) -> u32 {
    let mut hash = 0x811c_9dc5_u32;
    for byte in first.bytes().chain(second.bytes()) {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_percent_is_ten_percent_of_100_000_visitors() {
        let asked = (0..100_000).filter(|n| bucket(&format!("{:x}", 7_919 * n), "nps") < 100).count();
        assert!((9_500..=10_500).contains(&asked), "{asked}");
    }

    #[test]
    fn the_same_visitor_falls_into_the_same_bucket_of_its_own_for_each_survey() {
        assert_eq!(bucket("a1b2", "nps"), bucket("a1b2", "nps"));
        let same = (0..10_000).filter(|n| {
            let visitor = format!("{n:x}");
            bucket(&visitor, "nps") < 500 && bucket(&visitor, "ces") < 500
        });
        let both = same.count();
        assert!((2_300..=2_700).contains(&both), "independent halves overlap in a quarter, got {both}");
    }
}
