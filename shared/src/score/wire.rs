//! How a summary is written: rounding, and the two lists that have names.

use serde::Serialize;
use serde::ser::Serializer;

/// Two decimals, halves away from zero, and no minus before a zero.
pub(super) fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0 + 0.0
}

/// `{"promoters":60,"passives":20,"detractors":20}`: an object, in the given order.
pub(super) fn bands<S: Serializer>(bands: &[(&str, u64)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(bands.iter().copied())
}

/// `[{"score":0,"n":3}, …]`.
pub(super) fn distribution<S: Serializer>(points: &[(i32, u64)], serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Point {
        score: i32,
        n: u64,
    }
    serializer.collect_seq(points.iter().map(|&(score, n)| Point { score, n }))
}
