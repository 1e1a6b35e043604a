//! Power cuts under load: only what was fsynced is sure to be there, of the rest any part may be.

use std::time::{Duration, Instant};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::disk::{Disk, Left, Promise};
use super::outbox::{Found, Outboxes};
use super::shim::{Control, DATABASE, DATABASE_FILE, LOG, SYNC, Shim};
use super::{asked, assert_counts_are_a_recount, assert_sound, median_ms};
use crate::answer::{Dice, valid};
use crate::program::Program;

/// Cuts that one database lives through.
const CUTS_PER_DATABASE: u64 = 20;

/// Changes to files, at most, until the power goes: a few hundred commits.
const CHANGES_MAX: u64 = 2_000;

/// Changes to the database file, at most, in the cuts that are to fall into a checkpoint: it is written by no other.
const CHECKPOINT_CHANGES_MAX: u64 = 60;

/// One shop on one disk, from cut to cut.
struct Shop {
    shim: Shim,
    disk: Disk,
    outboxes: Outboxes,
    dice: Dice,
}

impl Shop {
    fn new(promise: Promise, seed: u64) -> Self {
        Self {
            shim: Shim::new(),
            disk: Disk::new(promise),
            outboxes: Outboxes::default(),
            dice: Dice::new(seed),
        }
    }

    /// Answers come in until the power goes; sometimes the process is killed before, and started again.
    async fn until_cut(&mut self, waits: &mut Vec<Duration>) -> Left {
        let kills = self.dice.below(3).saturating_sub(1);
        for _ in 0..kills {
            let changes = self.dice.below(200);
            self.until_dead(changes).await;
        }
        let changes = if self.dice.below(4) == 0 {
            self.shim.set(Control::DieIn, DATABASE_FILE);
            self.dice.below(CHECKPOINT_CHANGES_MAX)
        } else {
            self.dice.below(CHANGES_MAX)
        };
        waits.extend(self.until_dead(changes).await);
        self.disk.assert_is(&self.shim.folder);
        self.disk.cut(&self.shim.folder, &mut self.dice)
    }

    /// Starts the program, lets answers come in, and lets it die at a change from now. Gives the time to ready,
    /// unless it died before.
    async fn until_dead(&mut self, changes: u64) -> Option<Duration> {
        self.shim.set(Control::DieAt, 1 + i64::try_from(changes).unwrap());
        let began = Instant::now();
        let mut ready = None;
        let start = Program::try_start(|command| self.shim.before(command), &self.shim.folder);
        if let Some(program) = start.await {
            ready = Some(began.elapsed());
            let seed = self.dice.below(1 << 20);
            self.outboxes.send(&program, seed, &Semaphore::new(0)).await;
        }
        self.shim.heal();
        self.disk.replay(&self.shim.take_journal());
        ready
    }

    /// Starts it on what is left, with no disturbance, and looks.
    async fn look(&mut self, is_strict: bool) -> Found {
        let program = Program::start_by(|command| self.shim.before(command), &self.shim.folder).await;
        let rows = program.stored().await;
        if is_strict {
            assert_counts_are_a_recount(&program, &rows).await;
        }
        program.kill();
        assert_sound(&self.shim.folder);
        let found = self.outboxes.compare(rows);
        self.disk.replay(&self.shim.take_journal());
        found
    }
}

#[tokio::test]
async fn acknowledged_answers_outlive_power_cuts() {
    let cuts = asked("PARERE_CUTS", 20);
    let seed = asked("PARERE_SEED", 7);
    let (mut answers, mut waits) = (0, Vec::new());
    for first in (0..cuts).step_by(usize::try_from(CUTS_PER_DATABASE).unwrap()) {
        let mut shop = Shop::new(Promise::Kept, seed + first);
        for cut in first..cuts.min(first + CUTS_PER_DATABASE) {
            let left = shop.until_cut(&mut waits).await;
            shop.look(true).await.assert_nothing(&format!("seed {seed}, cut {cut}, left {left:?}"));
        }
        answers += shop.outboxes.acknowledged();
    }
    println!(
        "durability: {cuts} power cuts, {answers} answers acknowledged, 0 lost, 0 doubled, \
        ready again after {} ms (median)",
        median_ms(waits)
    );
    assert!(answers as u64 > 10 * cuts, "too few for the test to mean anything: {answers}");
}

/// The suite sees a loss where there is one: the same cuts, and a disk on which commits are not fsynced.
#[tokio::test]
async fn with_synchronous_normal_the_same_cuts_lose_answers() {
    let cuts = asked("PARERE_CUTS", 20);
    let seed = asked("PARERE_SEED", 7);
    let (mut answers, mut lost, mut waits) = (0, 0, Vec::new());
    for cut in 0..cuts {
        let mut shop = Shop::new(Promise::Weak, seed + cut);
        shop.until_cut(&mut waits).await;
        answers += shop.outboxes.acknowledged();
        lost += shop.look(false).await.lost.len();
    }
    println!(
        "durability: synchronous=NORMAL, {cuts} power cuts, {answers} answers acknowledged, {lost} lost"
    );
    assert!(lost > 0, "the cuts are too gentle to prove anything");
}

/// A process that dies between write and fsync leaves an answer that the next one reads as stored, and would call
/// a duplicate: so it has to be on disk by then, whoever reads beside.
#[tokio::test]
async fn what_a_killed_process_only_wrote_is_on_disk_when_the_next_one_serves() {
    for is_read_beside in [false, true] {
        let mut shop = Shop::new(Promise::Kept, 1);
        let program = Program::start_by(|command| shop.shim.before(command), &shop.shim.folder).await;
        shop.shim.set(Control::DieOn, SYNC);
        shop.shim.set(Control::DieIn, LOG);
        shop.shim.set(Control::DieAt, 1);
        let request = program.request(reqwest::Method::POST, "/v1/responses").body(valid(9).to_string());
        assert!(request.send().await.is_err(), "it was to die before its fsync");
        drop(program);
        shop.shim.heal();

        let reader = Connection::open(shop.shim.folder.join(DATABASE)).unwrap();
        if is_read_beside {
            reader.execute_batch("BEGIN; SELECT count(*) FROM responses").unwrap();
        }
        let program = Program::start_by(|command| shop.shim.before(command), &shop.shim.folder).await;
        drop(reader);
        program.kill();
        shop.disk.replay(&shop.shim.take_journal());
        shop.disk.assert_is(&shop.shim.folder);
        shop.disk.cut_to(Left::Nothing, &shop.shim.folder, &mut shop.dice);
        let program = Program::start_by(|command| shop.shim.before(command), &shop.shim.folder).await;
        assert_eq!(program.stored().await.len(), 1, "read beside: {is_read_beside}");
    }
}
