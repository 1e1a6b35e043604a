//! Whatever happens, in whatever order: what is stored, counted and exported is what was said.
//!
//! Random steps go to a real collector over HTTP and to a model in memory, which must agree after each of them.
//! The steps are the same in every run; `PROPTEST_CASES=1000` tries more of them, `PROPTEST_RNG_SEED=7` others.

use proptest::test_runner::{Config, RngSeed, TestRunner};

use self::step::Step;
use self::world::World;

mod look;
mod model;
mod step;
mod world;

/// Lives of a collector that are tried when nothing is said: 10 seconds.
const CASES: u32 = 12;

/// Tries to make a failing life shorter: half a minute.
const SHRINKS: u32 = 80;

#[test]
fn a_collector_agrees_with_the_model_after_every_step() {
    let asked = Config::default();
    #[expect(clippy::disallowed_methods, reason = "proptest reads it, but does not say whether it was there")]
    let cases = std::env::var("PROPTEST_CASES").map_or(CASES, |_| asked.cases);
    let rng_seed = match asked.rng_seed {
        RngSeed::Random => RngSeed::Fixed(1),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    let config = Config { cases, rng_seed, failure_persistence: None, max_shrink_iters: SHRINKS, ..asked };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let lived = TestRunner::new(config).run(&step::steps(), |steps| {
        runtime.block_on(live(&steps));
        Ok(())
    });
    lived.unwrap_or_else(|failure| panic!("{failure}"));
}

/// One life of a collector, from an empty database on.
async fn live(steps: &[Step]) {
    let mut world = World::begin().await;
    for step in steps {
        world = world.after(step).await;
        look::at_rows(&world.server, &world.model).await;
        look::at_days(&world.server, &world.model, world.now()).await;
    }
    // Whatever has gone wrong on the way is wrong still.
    look::at_everything(&world.server, &world.model, world.now()).await;
}
