//! Kills under load: the process ends without a warning, the machine goes on.

use std::time::Instant;

use serde_json::json;
use tokio::sync::Semaphore;

use super::outbox::Outboxes;
use super::shim::{Control, SYNC, Shim};
use super::{asked, assert_counts_are_a_recount, assert_sound, median_ms};
use crate::answer::{Dice, valid, with};
use crate::program::Program;

/// Kills that one database lives through.
const KILLS_PER_DATABASE: u64 = 50;

#[tokio::test]
async fn acknowledged_answers_outlive_kills() {
    let kills = asked("PARERE_KILLS", 50);
    let (mut answers, mut waits) = (0, Vec::new());
    for first in (0..kills).step_by(usize::try_from(KILLS_PER_DATABASE).unwrap()) {
        let folder = tempfile::tempdir().unwrap();
        let outboxes = Outboxes::default();
        for round in first..kills.min(first + KILLS_PER_DATABASE) {
            let began = Instant::now();
            let program = Program::start(folder.path()).await;
            waits.push(began.elapsed());
            load_and_kill(program, &outboxes, round).await;
        }
        let program = Program::start(folder.path()).await;
        let rows = program.stored().await;
        assert_counts_are_a_recount(&program, &rows).await;
        outboxes.compare(rows).assert_nothing("in the end");
        program.kill();
        assert_sound(folder.path());
        answers += outboxes.acknowledged();
    }
    println!(
        "durability: {kills} kills, {answers} answers acknowledged, 0 lost, 0 doubled, \
        ready again after {} ms (median)",
        median_ms(waits)
    );
    assert!(answers as u64 > 10 * kills, "too few for the test to mean anything: {answers}");
}

async fn load_and_kill(program: Program, outboxes: &Outboxes, round: u64) {
    let client = (*program).clone();
    outboxes.compare(client.stored().await).assert_nothing(&format!("round {round}"));
    let acknowledgements = Semaphore::new(0);
    let enough = u32::try_from(1 + Dice::new(round).below(100)).unwrap();
    let killing = async {
        acknowledgements.acquire_many(enough).await.unwrap().forget();
        program.kill();
    };
    tokio::join!(outboxes.send(&client, round, &acknowledgements), killing);
}

/// Wherever the first start ends too early, the second has a shop to show.
#[tokio::test]
async fn a_first_start_that_is_killed_is_finished_by_the_next() {
    for sync in 1.. {
        let shim = Shim::new();
        shim.set(Control::DieOn, SYNC);
        shim.set(Control::DieAt, sync);
        let first = Program::launch(|command| shim.before(command), &shim.folder);
        let was_killed = shim.get(Control::DieAt) == 0;
        assert_eq!(first.is_err(), was_killed, "it starts unless it is killed");
        shim.heal();
        drop(first);
        let program = Program::start_by(|command| shim.before(command), &shim.folder).await;
        for (survey, score) in [("nps", 9), ("ces", 5), ("csat", 4)] {
            let answer = with(valid(score), json!({"survey": survey}));
            assert_eq!(program.post(&answer).await.status, 200, "killed before fsync {sync}: {survey}");
        }
        if !was_killed {
            assert!(sync > 5, "a first start takes more steps than {sync}");
            return;
        }
    }
}
