use super::*;
use crate::survey::Look;
use Metric::{Ces, Csat, Nps};
use Polarity::{HighIsGood, LowIsGood};

fn scale(min: i32, max: i32, polarity: Polarity) -> Scale {
    Scale { min, max, polarity, look: Look::Numbers }
}

type Ends = Option<(i32, i32)>;

/// Metric, scale, and first and last score of the best, middle and worst band.
const RANGES: [(Metric, i32, i32, Polarity, [Ends; 3]); 17] = [
    (Nps, 0, 10, HighIsGood, [Some((9, 10)), Some((7, 8)), Some((0, 6))]),
    (Ces, 1, 7, HighIsGood, [Some((5, 7)), Some((4, 4)), Some((1, 3))]),
    (Ces, 1, 7, LowIsGood, [Some((1, 3)), Some((4, 4)), Some((5, 7))]),
    (Ces, 1, 5, HighIsGood, [Some((4, 5)), Some((3, 3)), Some((1, 2))]),
    (Ces, 1, 5, LowIsGood, [Some((1, 2)), Some((3, 3)), Some((4, 5))]),
    (Ces, 1, 10, HighIsGood, [Some((6, 10)), None, Some((1, 5))]),
    (Csat, 0, 1, HighIsGood, [Some((1, 1)), None, Some((0, 0))]),
    (Csat, 1, 3, HighIsGood, [Some((3, 3)), Some((2, 2)), Some((1, 1))]),
    (Csat, 1, 4, HighIsGood, [Some((3, 4)), None, Some((1, 2))]),
    (Csat, 1, 5, HighIsGood, [Some((4, 5)), Some((3, 3)), Some((1, 2))]),
    (Csat, 1, 5, LowIsGood, [Some((1, 2)), Some((3, 3)), Some((4, 5))]),
    (Csat, 1, 6, HighIsGood, [Some((5, 6)), Some((4, 4)), Some((1, 3))]),
    (Csat, 1, 7, HighIsGood, [Some((6, 7)), Some((4, 5)), Some((1, 3))]),
    (Csat, -4, 3, HighIsGood, [Some((1, 3)), Some((0, 0)), Some((-4, -1))]),
    (Csat, 1, 10, HighIsGood, [Some((8, 10)), Some((6, 7)), Some((1, 5))]),
    (Csat, 1, 10, LowIsGood, [Some((1, 3)), Some((4, 5)), Some((6, 10))]),
    (Csat, 0, 10, HighIsGood, [Some((8, 10)), Some((5, 7)), Some((0, 4))]),
];

#[test]
fn bands_have_their_ranges() {
    for (metric, min, max, polarity, expected) in RANGES {
        let scale = scale(min, max, polarity);
        let found = Band::all(metric).map(|band| band.range(metric, &scale));
        let expected = expected.map(|ends| ends.map(|(from, to)| from..=to));
        assert_eq!(found, expected, "{metric:?} {scale:?}");
    }
}

#[test]
fn every_score_is_in_the_one_band_whose_range_holds_it() {
    for (metric, min, max, polarity, _) in RANGES {
        let scale = scale(min, max, polarity);
        for score in min..=max {
            let holds = |band: &Band| band.range(metric, &scale).is_some_and(|range| range.contains(&score));
            let found: Vec<Band> = Band::all(metric).into_iter().filter(holds).collect();
            assert_eq!(found, [Band::of(metric, &scale, score)], "{score} of {metric:?} {scale:?}");
        }
    }
}

#[test]
fn a_score_beyond_the_scale_is_in_the_band_at_that_end() {
    for (metric, polarity, score, expected) in [
        (Ces, HighIsGood, i32::MAX, Band::Positive),
        (Ces, HighIsGood, i32::MIN, Band::Negative),
        (Ces, LowIsGood, i32::MAX, Band::Negative),
        (Ces, LowIsGood, i32::MIN, Band::Positive),
        (Nps, HighIsGood, 11, Band::Promoter),
        (Nps, HighIsGood, -1, Band::Detractor),
    ] {
        assert_eq!(
            Band::of(metric, &scale(1, 7, polarity), score),
            expected,
            "{metric:?} {polarity:?} {score}"
        );
    }
}

#[test]
fn a_band_of_another_metric_has_no_range() {
    assert_eq!(Band::Promoter.range(Csat, &scale(1, 5, HighIsGood)), None);
    assert_eq!(Band::Positive.range(Nps, &scale(0, 10, HighIsGood)), None);
}

#[test]
fn bands_have_names() {
    let names = [Nps, Ces, Csat].map(|metric| Band::all(metric).map(|band| (band.as_str(), band.plural())));
    let answers = [("positive", "positive"), ("neutral", "neutral"), ("negative", "negative")];
    let nps = [("promoter", "promoters"), ("passive", "passives"), ("detractor", "detractors")];
    assert_eq!(names, [nps, answers, answers]);
}
