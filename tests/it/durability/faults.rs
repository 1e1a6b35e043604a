//! What a disk does to a collector that goes on running.
//!
//! Each fault ends in "later", never in a 200 for what may not be on disk, and is over when it is over:
//! without a restart, and with everything there that was acknowledged.

use rustix::io::Errno;
use serde_json::Value;

use super::disk::{Disk, Left, Promise};
use super::journal::{Entry, entries};
use super::shim::{Control, Shim};
use super::{assert_counts_are_a_recount, assert_sound};
use crate::answer::{Dice, valid};
use crate::client::{Client, Reply};
use crate::program::Program;

/// Puts the answer off as the contract says.
fn assert_put_off(reply: &Reply) {
    assert_eq!(reply.status, 503, "{reply:?}");
    assert_eq!(reply.violations(), Vec::<String>::new());
    let seconds: u64 = reply.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{reply:?}");
}

/// Posts `answers` one after the other; all are acknowledged.
pub(super) async fn post_all(client: &Client, answers: &[Value]) {
    for answer in answers {
        let reply = client.post(answer).await;
        assert_eq!(reply.status, 200, "{reply:?}");
    }
}

pub(super) fn answers(n: i32) -> Vec<Value> {
    (0..n).map(|n| valid(n % 11)).collect()
}

pub(super) async fn start(shim: &Shim) -> Program {
    Program::start_by(|command| shim.before(command), &shim.folder).await
}

/// Exactly `answers` are stored, and counted.
pub(super) async fn assert_stored(client: &Client, answers: &[Value]) {
    let rows = client.stored().await;
    let ids = |rows: &[Value]| {
        let mut ids: Vec<String> = rows.iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&rows), ids(answers));
    assert_counts_are_a_recount(client, &rows).await;
}

/// Breaks the disk under a running collector, heals it, and cuts the power in the end.
async fn outlives(fault: &[(Control, i64)]) {
    let shim = Shim::new();
    let program = start(&shim).await;
    let mut sent = answers(20);
    post_all(&program, &sent).await;

    for (control, value) in fault {
        shim.set(*control, *value);
    }
    let refused = answers(5);
    for answer in &refused {
        assert_put_off(&program.post(answer).await);
        assert_put_off(&program.get("/readyz").await);
        assert_eq!(program.get("/healthz").await.status, 200);
    }
    assert_eq!(program.stored().await.len(), sent.len(), "what is there can be read all the time");

    shim.heal();
    program.wait_until_ready().await;
    // The senders kept what was refused, and send it again.
    sent.extend(refused);
    sent.extend(answers(20));
    post_all(&program, &sent).await;
    assert_stored(&program, &sent).await;
    survives_a_cut(&shim, program, &sent).await;
}

/// The power goes, and nothing is left that was not fsynced. Gives the journal until then.
async fn survives_a_cut(shim: &Shim, program: Program, sent: &[Value]) -> Vec<u8> {
    program.kill();
    let journal = shim.take_journal();
    let mut disk = Disk::new(Promise::Kept);
    disk.replay(&journal);
    disk.assert_is(&shim.folder);
    disk.cut_to(Left::Nothing, &shim.folder, &mut Dice::new(1));
    let program = start(shim).await;
    assert_stored(&program, sent).await;
    program.kill();
    assert_sound(&shim.folder);
    journal
}

fn number(error: Errno) -> i64 {
    error.raw_os_error().into()
}

#[tokio::test]
async fn a_full_disk_is_waited_out() {
    outlives(&[(Control::GrowErrno, number(Errno::NOSPC))]).await;
}

#[tokio::test]
async fn a_disk_that_cannot_be_written_is_waited_out() {
    outlives(&[(Control::WriteErrno, number(Errno::IO))]).await;
}

#[tokio::test]
async fn a_disk_that_is_mounted_read_only_is_waited_out() {
    let error = number(Errno::ROFS);
    outlives(&[(Control::WriteErrno, error), (Control::OpenErrno, error)]).await;
}

#[tokio::test]
async fn a_disk_that_cannot_fsync_is_waited_out() {
    outlives(&[(Control::SyncErrno, number(Errno::IO)), (Control::SyncFails, -1)]).await;
}

/// After a failed fsync the system forgets what it could not write, and says yes to the next one.
#[tokio::test]
async fn an_fsync_that_fails_once_acknowledges_nothing() {
    for failing in 1..=4 {
        let shim = Shim::new();
        let program = start(&shim).await;
        let mut sent = answers(20);
        post_all(&program, &sent).await;
        shim.set(Control::SyncErrno, number(Errno::IO));
        shim.set(Control::SyncFails, failing);
        let more = answers(10);
        assert_put_off(&program.post(&more[0]).await);
        // As an outbox does: each until it is acknowledged.
        for answer in &more {
            while program.post(answer).await.status != 200 {}
        }
        assert_eq!(shim.get(Control::SyncFails), 0);
        sent.extend(more);
        let journal = survives_a_cut(&shim, program, &sent).await;
        // What the last good fsync left was moved out of the log, and the log emptied, before anything new was taken.
        let entries: Vec<_> = entries(&journal).collect();
        let forgot = entries.iter().rposition(|entry| matches!(entry, Entry::Forget { .. })).unwrap();
        let is_emptied = |entry: &Entry<'_>| matches!(entry, Entry::Truncate { len: 0, .. });
        assert!(entries[forgot..].iter().any(is_emptied), "the log was gone on with after a failed fsync");
    }
}

/// What the failed fsync gave up is still seen by every process, and on no disk.
#[tokio::test]
async fn an_answer_of_a_failed_fsync_is_not_taken_for_stored_by_the_next_process() {
    let shim = Shim::new();
    let program = start(&shim).await;
    shim.set(Control::SyncErrno, number(Errno::IO));
    shim.set(Control::SyncFails, -1);
    let answer = valid(9);
    assert_put_off(&program.post(&answer).await);
    program.kill();
    shim.heal();
    let program = start(&shim).await;
    post_all(&program, std::slice::from_ref(&answer)).await;
    survives_a_cut(&shim, program, &[answer]).await;
}

#[tokio::test]
async fn a_disk_that_is_nearly_full_is_left_alone() {
    let shim = Shim::new();
    let program = start(&shim).await;
    let mut sent = answers(3);
    post_all(&program, &sent).await;
    shim.take_journal();

    // 256 MiB are the bound.
    shim.set(Control::FreeBytes, 255 << 20);
    let refused = valid(9);
    assert_put_off(&program.post(&refused).await);
    assert_put_off(&program.get("/readyz").await);
    assert_eq!(program.stored().await.len(), 3, "what is there can be taken away");
    shim.set(Control::FreeBytes, 257 << 20);
    assert_eq!(program.get("/readyz").await.status, 200);
    assert_eq!(program.post(&refused).await.status, 200);
    sent.push(refused);
    assert_stored(&program, &sent).await;
}
