use super::*;
use crate::survey::Look;

fn scale(min: i32, max: i32, polarity: Polarity) -> Scale {
    Scale { min, max, polarity, look: Look::Numbers }
}

fn heap(pairs: &[(i32, u64)]) -> Counts {
    Counts::from(pairs.to_vec())
}

fn nps(promoters: u64, passives: u64, detractors: u64) -> Counts {
    heap(&[(10, promoters), (8, passives), (2, detractors)])
}

fn assert_near(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= 0.006, "{what}: {found} is not {expected}");
}

#[test]
fn a_difference_of_two_net_promoter_scores() {
    let likelihood = scale(0, 10, Polarity::HighIsGood);
    // Rocks' adjusted difference of the first is 19.42 with z = 1.669, of the second z = 5.338.
    for (old, new, difference, [low, high], movement, is_better) in [
        (nps(50, 20, 30), nps(60, 20, 20), 20.0, [-3.38, 42.22], Movement::NoEvidence, None),
        (nps(500, 200, 300), nps(600, 200, 200), 20.0, [12.62, 27.26], Movement::Up, Some(true)),
        (nps(600, 200, 200), nps(500, 200, 300), -20.0, [-27.26, -12.62], Movement::Down, Some(false)),
        (nps(0, 0, 9), nps(1_000, 0, 0), 200.0, [143.07, 200.0], Movement::TooFew, None),
        (nps(10, 10, 10), nps(10, 10, 10), 0.0, [-38.95, 38.95], Movement::NoEvidence, None),
    ] {
        let change = change(Metric::Nps, &likelihood, &old, &new);
        let interval = change.interval.unwrap();
        assert_eq!(
            (change.difference, change.movement, change.is_better),
            (Some(difference), movement, is_better)
        );
        assert_near(interval.low, low, "low");
        assert_near(interval.high, high, "high");
    }
}

#[test]
fn a_difference_of_two_shares_is_newcombes() {
    let stars = scale(1, 5, Polarity::HighIsGood);
    let share = |satisfied: u64, n: u64| heap(&[(5, satisfied), (1, n - satisfied)]);
    // The paper's table II, method 10: (56/70, 48/80) 0.0524..0.3339; (9/10, 3/10) 0.1705..0.8090;
    // (10/10, 0/10) 0.6075..1; it takes the first minus the second.
    for (old, new, low, high, movement) in [
        (share(48, 80), share(56, 70), 5.24, 33.39, Movement::Up),
        (share(3, 10), share(9, 10), 17.05, 80.90, Movement::Up),
        (share(0, 10), share(10, 10), 60.75, 100.0, Movement::Up),
        (share(56, 70), share(48, 80), -33.39, -5.24, Movement::Down),
        (share(6, 7), share(2, 7), -80.62, -5.82, Movement::TooFew),
    ] {
        let change = change(Metric::Csat, &stars, &old, &new);
        let interval = change.interval.unwrap();
        assert_near(interval.low, low, "low");
        assert_near(interval.high, high, "high");
        assert_eq!((change.movement, interval.method), (movement, "newcombe"));
    }
}

#[test]
fn a_difference_of_two_means_is_welchs_and_knows_which_way_is_better() {
    // 40 × 2 and 40 × 4 against 30 × 3 and 30 × 5: means 3 and 4, variances 80/79 and 60/59.
    let (old, new) = (heap(&[(2, 40), (4, 40)]), heap(&[(3, 30), (5, 30)]));
    for (polarity, is_better) in [(Polarity::HighIsGood, true), (Polarity::LowIsGood, false)] {
        let change = change(Metric::Ces, &scale(1, 7, polarity), &old, &new);
        assert_eq!(change.difference, Some(1.0));
        assert_eq!((change.movement, change.is_better), (Movement::Up, Some(is_better)));
        let interval = change.interval.unwrap();
        // √(80/79/80 + 60/59/60) = 0.17226; ν = 126.6, t = 1.97897.
        assert_near(interval.low, 1.0 - 0.3409, "low");
        assert_near(interval.high, 1.0 + 0.3409, "high");
        assert_eq!(interval.method, "welch");
    }
}

#[test]
fn where_there_is_nothing_nothing_is_said() {
    let ease = scale(1, 7, Polarity::HighIsGood);
    let nothing = change(Metric::Ces, &ease, &Counts::default(), &heap(&[(4, 50)]));
    assert_eq!((nothing.difference, nothing.interval, nothing.movement), (None, None, Movement::TooFew));
    let single = change(Metric::Ces, &ease, &heap(&[(1, 1)]), &heap(&[(4, 50)]));
    assert_eq!((single.difference, single.interval, single.movement), (Some(3.0), None, Movement::TooFew));
    // All alike: no spread in either, and no width that could hold zero.
    let alike = change(Metric::Ces, &ease, &heap(&[(4, 50)]), &heap(&[(4, 50)]));
    assert_eq!((alike.difference, alike.movement), (Some(0.0), Movement::NoEvidence));
}

#[test]
fn looking_back_turns_the_difference_round() {
    let likelihood = scale(0, 10, Polarity::HighIsGood);
    for (old, new) in [(nps(20, 5, 9), nps(40, 1, 2)), (nps(12, 0, 0), nps(0, 3, 30))] {
        for metric in [Metric::Nps, Metric::Csat, Metric::Ces] {
            let [there, back] =
                [(&old, &new), (&new, &old)].map(|(old, new)| change(metric, &likelihood, old, new));
            assert_eq!(there.difference.map(|d| -d), back.difference, "{metric:?}");
            let [there, back] = [there, back].map(|change| change.interval.unwrap());
            assert_near(there.low, -back.high, "low");
            assert_near(there.high, -back.low, "high");
        }
    }
}
