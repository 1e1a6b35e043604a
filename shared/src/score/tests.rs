use super::*;
use crate::survey::{Look, Polarity};
use serde_json::{Value, json};

fn scale(min: i32, max: i32, polarity: Polarity) -> Scale {
    Scale { min, max, polarity, look: Look::Numbers }
}

/// What is counted: the score and its interval.
type ScoreRow<'a> = (Metric, Scale, &'a [(i32, u64)], f64, [f64; 2]);

/// What is counted: mean and its interval, top box and its interval, ease index; computed with mpmath.
type CesRow<'a> = (Scale, &'a [(i32, u64)], f64, Option<[f64; 2]>, [f64; 3], f64);

fn wire(metric: Metric, scale: &Scale, counts: &[(i32, u64)]) -> Value {
    let summary = summarize(metric, scale, &Counts::from(counts.to_vec()));
    serde_json::to_value(summary).expect("a summary is JSON")
}

#[test]
fn states_change_at_10_and_30() {
    for (n, expected) in [
        (0, State::None),
        (1, State::Hidden),
        (9, State::Hidden),
        (10, State::Early),
        (29, State::Early),
        (30, State::Ok),
        (u64::MAX, State::Ok),
    ] {
        assert_eq!(State::of(n), expected, "{n}");
    }
}

#[test]
fn the_contracts_example_to_the_letter() {
    let counts = Counts::from(vec![(10, 40), (9, 20), (8, 15), (7, 5), (6, 10), (3, 7), (0, 3)]);
    let summary = summarize(Metric::Nps, &scale(0, 10, Polarity::HighIsGood), &counts);
    let expected = concat!(
        r#"{"n":100,"score":40.0,"#,
        r#""interval":{"low":23.38,"high":54.29,"level":0.95,"method":"adjusted-wald"},"#,
        r#""state":"ok","bands":{"promoters":60,"passives":20,"detractors":20},"#,
        r#""distribution":[{"score":0,"n":3},{"score":1,"n":0},{"score":2,"n":0},{"score":3,"n":7},"#,
        r#"{"score":4,"n":0},{"score":5,"n":0},{"score":6,"n":10},{"score":7,"n":5},{"score":8,"n":15},"#,
        r#"{"score":9,"n":20},{"score":10,"n":40}]}"#,
    );
    assert_eq!(serde_json::to_string(&summary).expect("a summary is JSON"), expected);
}

#[test]
fn no_answers_have_no_score() {
    for (metric, bands) in [
        (Metric::Nps, json!({"promoters": 0, "passives": 0, "detractors": 0})),
        (Metric::Ces, json!({"positive": 0, "neutral": 0, "negative": 0})),
        (Metric::Csat, json!({"positive": 0, "neutral": 0, "negative": 0})),
    ] {
        let distribution = json!([{"score": 0, "n": 0}, {"score": 1, "n": 0}]);
        let expected = json!({
            "n": 0, "score": null, "interval": null, "state": "none", "bands": bands, "distribution": distribution,
        });
        assert_eq!(wire(metric, &scale(0, 1, Polarity::HighIsGood), &[]), expected, "{metric:?}");
    }
}

#[test]
fn nps_and_csat_have_a_score_and_an_interval() {
    let (nps, five) = (scale(0, 10, Polarity::HighIsGood), scale(1, 5, Polarity::HighIsGood));
    let five_mirrored = scale(1, 5, Polarity::LowIsGood);
    let thumbs = Scale { look: Look::Thumbs, ..scale(0, 1, Polarity::HighIsGood) };
    let stars = [(5, 50), (4, 24), (3, 20), (2, 12), (1, 1)];
    let table: [ScoreRow; 8] = [
        (Metric::Nps, nps, &[(10, 8), (9, 2)], 100.0, [47.5, 100.0]),
        (Metric::Nps, nps, &[(6, 2), (0, 3)], -100.0, [-100.0, -17.49]),
        (Metric::Nps, nps, &[(9, 3), (8, 4), (6, 3)], 0.0, [-41.29, 41.29]),
        (Metric::Csat, five, &stars, 69.16, [59.87, 77.12]),
        (Metric::Csat, five_mirrored, &[(1, 40), (2, 2), (3, 8)], 84.0, [71.49, 91.66]),
        (Metric::Csat, five_mirrored, &[(3, 2), (5, 3)], 0.0, [0.0, 43.45]),
        (Metric::Csat, thumbs, &[(1, 5)], 100.0, [56.55, 100.0]),
        (Metric::Csat, thumbs, &[(0, 8), (1, 42)], 84.0, [71.49, 91.66]),
    ];
    for (metric, scale, counts, score, [low, high]) in table {
        let method = if metric == Metric::Nps { "adjusted-wald" } else { "wilson" };
        let found = wire(metric, &scale, counts);
        assert_eq!(found["score"], json!(score), "{counts:?}");
        let interval = json!({"low": low, "high": high, "level": 0.95, "method": method});
        assert_eq!(found["interval"], interval, "{counts:?}");
        assert_eq!((found.get("top_box"), found.get("ease_index")), (None, None), "{counts:?}");
    }
}

#[test]
fn ces_has_a_mean_a_top_box_and_an_ease_index() {
    use Polarity::{HighIsGood, LowIsGood};
    let seven = [(7, 4), (6, 3), (4, 2), (1, 1)];
    let five = [(1, 4), (2, 3), (3, 2), (5, 1)];
    let many = [(1, 20), (2, 10), (3, 30), (4, 50), (5, 90), (6, 120), (7, 80)];
    let (t7, t5) = (Some([4.1, 6.9]), Some([1.18, 3.02]));
    let table: [CesRow; 8] = [
        (scale(1, 7, HighIsGood), &seven, 5.5, t7, [70.0, 39.68, 89.22], 75.0),
        (scale(1, 7, LowIsGood), &seven, 5.5, t7, [10.0, 1.79, 40.42], 25.0),
        (scale(1, 5, LowIsGood), &five, 2.1, t5, [70.0, 39.68, 89.22], 72.5),
        (scale(1, 5, HighIsGood), &five, 2.1, t5, [10.0, 1.79, 40.42], 27.5),
        (scale(1, 7, HighIsGood), &many, 5.15, Some([4.99, 5.31]), [72.5, 67.93, 76.65], 69.17),
        (scale(1, 7, HighIsGood), &[(4, 1)], 4.0, None, [0.0, 0.0, 79.35], 50.0),
        (scale(1, 7, HighIsGood), &[(1, 1), (7, 1)], 4.0, Some([1.0, 7.0]), [50.0, 9.45, 90.55], 50.0),
        (scale(1, 7, HighIsGood), &[(7, 12)], 7.0, Some([7.0, 7.0]), [100.0, 75.75, 100.0], 100.0),
    ];
    let interval = |low, high, method| json!({"low": low, "high": high, "level": 0.95, "method": method});
    for (scale, counts, mean, ends, [share, low, high], ease_index) in table {
        let found = wire(Metric::Ces, &scale, counts);
        let around_mean = ends.map_or(Value::Null, |[low, high]| interval(low, high, "t"));
        let top_box = json!({"share": share, "interval": interval(low, high, "wilson")});
        assert_eq!(found["score"], json!(mean), "{scale:?} {counts:?}");
        assert_eq!(found["interval"], around_mean, "{scale:?} {counts:?}");
        assert_eq!(found["top_box"], top_box, "{scale:?} {counts:?}");
        assert_eq!(found["ease_index"], json!(ease_index), "{scale:?} {counts:?}");
    }
}

#[test]
fn scores_off_the_scale_count_nowhere() {
    let counts = [(0, 9), (5, 3), (1, 1), (6, 7)];
    let expected = wire(Metric::Csat, &scale(1, 5, Polarity::HighIsGood), &counts[1..3]);
    assert_eq!(wire(Metric::Csat, &scale(1, 5, Polarity::HighIsGood), &counts), expected);
    assert_eq!(expected["n"], json!(4));
}

#[test]
fn a_score_that_rounds_to_nought_has_no_minus() {
    let counts = Counts::from(vec![(10, 49_999), (0, 50_000)]);
    let score = summarize(Metric::Nps, &scale(0, 10, Polarity::HighIsGood), &counts).score;
    assert_eq!(score.map(|score| score.to_string()).as_deref(), Some("0"));
}

#[test]
fn one_chance_for_all_changes_nothing() {
    let answers = [(10, 40), (9, 20), (8, 20), (5, 7), (1, 13)];
    for metric in [Metric::Nps, Metric::Ces, Metric::Csat] {
        let scale = scale(0, 10, Polarity::HighIsGood);
        let plain = summarize(metric, &scale, &Counts::from(answers.to_vec()));
        assert_eq!(plain.n_effective, None);
        for per_mille in [1, 137, 1000] {
            let sampled: Counts = answers.iter().map(|&(score, n)| (score, per_mille, n)).collect();
            assert_eq!(summarize(metric, &scale, &sampled), plain, "{metric:?} at {per_mille} ‰");
        }
    }
}

#[test]
fn who_stands_for_four_counts_four_times_in_the_score_and_once_in_n() {
    // Asked first all, then one in four: 30 promoters and 10 detractors, then 20 and 20.
    let counts: Counts = [(10, 1000, 30), (0, 1000, 10), (10, 250, 20), (0, 250, 20)].into_iter().collect();
    // Shares by hand: (30 + 80) and (10 + 80) of 200; n: (40 + 160)² / (40 + 640).
    let n = 40_000.0 / 680.0;
    let nps = summarize(Metric::Nps, &scale(0, 10, Polarity::HighIsGood), &counts);
    assert_eq!((nps.n, nps.n_effective, nps.score), (80, Some(58.82), Some(10.0)));
    assert_eq!(nps.bands, [("promoters", 50), ("passives", 0), ("detractors", 30)], "counts are answers");
    assert_eq!(nps.interval, Some(super::nps::interval(0.55 * n, 0.45 * n, n).rounded()));
    let csat = summarize(Metric::Csat, &scale(0, 10, Polarity::HighIsGood), &counts);
    assert_eq!((csat.score, csat.interval), (Some(55.0), Some(share::wilson(0.55 * n, n).rounded())));
    let ces = summarize(Metric::Ces, &scale(0, 10, Polarity::HighIsGood), &counts);
    // The variance of a 0 or 10 with these shares is 24.75, times n / (n − 1).
    let margin = distribution::student_t(57) * (24.75 / (n - 1.0)).sqrt();
    let interval = ces.interval.unwrap();
    assert!((interval.high - 5.5 - margin).abs() < 0.006 && (5.5 - interval.low - margin).abs() < 0.006);
    assert_eq!((ces.score, ces.ease_index), (Some(5.5), Some(55.0)));
}

#[test]
fn the_state_goes_by_what_the_answers_are_worth() {
    // One answer in a thousand, and thirty that stand for themselves: hardly more than one answer.
    let counts: Counts = [(10, 1, 1), (0, 1000, 30)].into_iter().collect();
    let summary = summarize(Metric::Nps, &scale(0, 10, Polarity::HighIsGood), &counts);
    assert_eq!((summary.n, summary.n_effective, summary.state), (31, Some(1.06), State::Hidden));
    let many: Counts = [(10, 500, 30), (0, 1000, 30)].into_iter().collect();
    assert_eq!(summarize(Metric::Nps, &scale(0, 10, Polarity::HighIsGood), &many).state, State::Ok);
}
