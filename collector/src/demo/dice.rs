//! Chance that falls the same way again: for a history that is the same for the same seed.

/// Draws numbers by `SplitMix64` (Steele, Lea and Flood: Fast splittable pseudorandom number generators, 2014).
///
/// Good enough to scatter answers, and no secret: nothing that has to be unguessable comes from here.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    /// Those of `seed` for one day; days do not depend on each other.
    pub(super) fn of_day(seed: u64, day: i32) -> Self {
        let mut dice = Self(seed);
        let start = dice.draw() ^ u64::from(day.cast_unsigned());
        Self(start)
    }

    /// Any number.
    pub(super) fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`, 0 if `n` is 0.
    pub(super) fn below(&mut self, n: u32) -> u32 {
        // The product of two numbers of 32 bits has 64; its upper half is below `n`.
        let drawn = (self.draw() >> 32).wrapping_mul(u64::from(n)) >> 32;
        u32::try_from(drawn).unwrap_or(0)
    }

    /// True so many times of a thousand.
    pub(super) fn happens(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// A number from 0 up to 1.
    pub(super) fn share(&mut self) -> f64 {
        f64::from(self.below(u32::MAX)) / f64::from(u32::MAX)
    }

    /// One of `items`; `None` where there is none.
    pub(super) fn one<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(usize::try_from(self.below(u32::try_from(items.len()).unwrap_or(0))).unwrap_or(0))
    }

    /// The place of a weight, each as often as it weighs.
    pub(super) fn weighed(&mut self, weights: impl Iterator<Item = f64> + Clone) -> usize {
        let mut left = self.share() * weights.clone().sum::<f64>();
        let last = weights.clone().count().saturating_sub(1);
        weights
            .map(|weight| {
                left -= weight;
                left
            })
            .position(|left| left < 0.0)
            .unwrap_or(last)
    }

    /// One of `items`, each as often as its weight says.
    pub(super) fn pick<T: Copy, const N: usize>(&mut self, items: &[(T, u16); N]) -> T {
        const { assert!(N > 0, "something to pick") };
        let place = self.weighed(items.iter().map(|(_, weight)| f64::from(*weight)));
        items[place.min(N - 1)].0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_falls_the_same_way_and_fairly() {
        let thrown = |seed, day| {
            let mut dice = Dice::of_day(seed, day);
            [dice.draw(), dice.draw(), dice.draw()]
        };
        assert_eq!(thrown(1, 20_000), thrown(1, 20_000));
        assert_ne!(thrown(1, 20_000), thrown(2, 20_000));
        assert_ne!(thrown(1, 20_000), thrown(1, 20_001));

        let mut dice = Dice::of_day(1, 1);
        let mut sides = [0_u32; 6];
        for _ in 0..60_000 {
            sides[usize::try_from(dice.below(6)).unwrap()] += 1;
        }
        // Four standard deviations (91) to either side.
        assert!(sides.iter().all(|n| (9_636..=10_364).contains(n)), "{sides:?}");
        let heads = (0..100_000).filter(|_| dice.happens(250)).count();
        assert!((24_452..=25_548).contains(&heads), "{heads}");
        let threes = (0..100_000).filter(|_| dice.pick(&[(1, 1), (2, 0), (3, 3)]) == 3).count();
        assert!((74_452..=75_548).contains(&threes), "{threes}");
        assert_eq!((dice.below(0), dice.one::<u8>(&[])), (0, None));
    }
}
