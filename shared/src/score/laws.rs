//! What holds of any answers at all, tried on answers that look random and are the same in every run.

use fastrand::Rng;

use super::*;
use crate::survey::{Look, Polarity};

/// Heaps that are tried for each law.
const HEAPS: u32 = 500;

fn scale(min: i32, max: i32, polarity: Polarity) -> Scale {
    Scale { min, max, polarity, look: Look::Numbers }
}

fn likelihood() -> Scale {
    scale(0, 10, Polarity::HighIsGood)
}

/// Up to a few hundred answers, often few and lopsided; at least one.
fn heap(rng: &mut Rng, scale: &Scale) -> Vec<(i32, u64)> {
    let most = *rng.choice(&[1, 3, 30, 100]).unwrap();
    let mut heap: Vec<_> =
        (scale.min..=scale.max).map(|score| (score, rng.u64(0..=most) * rng.u64(0..=1))).collect();
    heap.push((rng.i32(scale.min..=scale.max), 1));
    heap
}

fn each_heap(scale: &Scale, mut law: impl FnMut(&mut Rng, Vec<(i32, u64)>)) {
    let mut rng = Rng::with_seed(7);
    for _ in 0..HEAPS {
        let heap = heap(&mut rng, scale);
        law(&mut rng, heap);
    }
}

fn width(summary: &Summary) -> f64 {
    let interval = summary.interval.unwrap();
    interval.high - interval.low
}

#[test]
fn a_passive_answer_never_moves_the_score_away_from_zero() {
    let scale = likelihood();
    each_heap(&scale, |rng, mut heap| {
        let before = summarize(Metric::Nps, &scale, &Counts::from(heap.clone())).score.unwrap();
        heap.push((rng.i32(7..=8), rng.u64(1..20)));
        let after = summarize(Metric::Nps, &scale, &Counts::from(heap)).score.unwrap();
        assert!(after.abs() <= before.abs() && after * before >= 0.0, "{before} {after}");
    });
}

#[test]
fn a_better_answer_never_lowers_a_score() {
    for metric in [Metric::Nps, Metric::Csat, Metric::Ces] {
        let scale = likelihood();
        each_heap(&scale, |rng, mut heap| {
            let before = summarize(metric, &scale, &Counts::from(heap.clone())).score.unwrap();
            heap.retain(|(_, n)| *n > 0);
            let place = rng.usize(0..heap.len());
            heap[place].1 -= 1;
            let better = rng.i32(heap[place].0..=scale.max);
            heap.push((better, 1));
            let after = summarize(metric, &scale, &Counts::from(heap)).score.unwrap();
            assert!(after >= before, "{metric:?}: {before} {after}");
        });
    }
}

#[test]
fn the_order_of_answers_does_not_matter() {
    let scale = likelihood();
    each_heap(&scale, |rng, heap| {
        let share = |rng: &mut Rng| *rng.choice(&[1000_u16, 250, 30]).unwrap();
        let mut answers: Vec<(i32, u16, u64)> =
            heap.iter().map(|&(score, n)| (score, share(rng), n)).collect();
        for metric in [Metric::Nps, Metric::Csat, Metric::Ces] {
            let before = summarize(metric, &scale, &answers.iter().copied().collect());
            rng.shuffle(&mut answers);
            // One by one, too.
            let each =
                answers.iter().flat_map(|&(score, per_mille, n)| (0..n).map(move |_| (score, per_mille, 1)));
            assert_eq!(summarize(metric, &scale, &each.collect()), before);
        }
    });
}

#[test]
fn a_scale_turned_round_says_the_same() {
    let (high, low) = (scale(1, 7, Polarity::HighIsGood), scale(1, 7, Polarity::LowIsGood));
    each_heap(&high, |_, heap| {
        let there = summarize(Metric::Ces, &high, &Counts::from(heap.clone()));
        let turned: Vec<_> = heap.iter().map(|&(score, n)| (8 - score, n)).collect();
        let back = summarize(Metric::Ces, &low, &Counts::from(turned));
        let near = |a: f64, b: f64| assert!((a - b).abs() < 0.011, "{a} is not {b}");
        near(there.score.unwrap(), 8.0 - back.score.unwrap());
        if let (Some(there), Some(back)) = (there.interval, back.interval) {
            near(there.low, 8.0 - back.high);
            near(there.high, 8.0 - back.low);
        }
        assert_eq!((there.bands, there.top_box, there.state), (back.bands, back.top_box, back.state));
        near(there.ease_index.unwrap(), back.ease_index.unwrap());
    });
}

/// Any one more answer may widen an interval: the first that differs from ten alike ones does. As many again of the
/// same never do.
#[test]
fn twice_the_same_answers_never_widen_an_interval() {
    let scale = likelihood();
    for metric in [Metric::Nps, Metric::Csat, Metric::Ces] {
        each_heap(&scale, |_, heap| {
            let twice: Vec<_> = heap.iter().map(|&(score, n)| (score, 2 * n)).collect();
            let [once, twice] = [heap, twice].map(|heap| summarize(metric, &scale, &Counts::from(heap)));
            if once.interval.is_some() {
                assert!(width(&twice) <= width(&once) + 0.011, "{metric:?}: {once:?} {twice:?}");
            }
            assert_eq!(once.score, twice.score);
        });
    }
    let alike = summarize(Metric::Ces, &scale, &Counts::from(vec![(9, 10)]));
    let unlike = summarize(Metric::Ces, &scale, &Counts::from(vec![(9, 10), (0, 1)]));
    assert!(width(&unlike) > width(&alike));
}

#[test]
fn weighting_loses_and_never_gains() {
    let scale = likelihood();
    each_heap(&scale, |rng, heap| {
        let sampled: Counts =
            heap.iter().map(|&(score, n)| (score, rng.u16(1..=1000), n)).filter(|(.., n)| *n > 0).collect();
        let summary = summarize(Metric::Nps, &scale, &sampled);
        let n = summary.n_effective.unwrap_or(counts::real(summary.n));
        assert!(n <= counts::real(summary.n) + 0.005 && n >= 1.0 - 0.005, "{n} of {}", summary.n);
        assert!(summary.score.unwrap().abs() <= 100.0);
        assert!(summary.interval.unwrap().low <= summary.interval.unwrap().high);
    });
}
