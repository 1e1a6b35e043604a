//! What a clock and a system do to a collector that goes on running: jump, stop it, give it no more descriptors.

use std::fs;
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use reqwest::Method;
use rustix::process::{Resource, Rlimit, Signal, kill_process, prlimit};
use serde_json::json;

use super::asked;
use super::faults::{answers, assert_stored, post_all, start};
use super::shim::{Control, Shim};
use crate::client::{Client, PATIENCE};
use crate::postgres::Database;
use crate::program::{Program, parere};

#[tokio::test]
async fn a_clock_that_jumps_costs_no_answer() {
    let shim = Shim::new();
    let program = start(&shim).await;
    let mut sent = Vec::new();
    for hours in [0, 7, -12, 24 * 40, -24 * 40, 0] {
        shim.set(Control::ClockS, hours * 3600);
        let some = answers(11);
        post_all(&program, &some).await;
        // What was said before the jump can still be corrected and still be sent twice.
        if let Some(earlier) = sent.first() {
            assert_eq!(program.post(earlier).await.json(), json!({"status": "duplicate"}));
        }
        sent.extend(some);
        assert_eq!(program.get("/readyz").await.status, 200);
        assert_stored(&program, &sent).await;
    }
    let by_day = program.read("/scores?survey=nps&by=day").await;
    let n: u64 = by_day["series"].as_array().unwrap().iter().map(|day| day["n"].as_u64().unwrap()).sum();
    assert_eq!(n, sent.len() as u64, "{by_day}");
    assert!(by_day["series"].as_array().unwrap().len() >= 3, "{by_day}");
}

#[tokio::test]
async fn senders_of_a_process_that_was_stopped_are_served_when_it_goes_on() {
    let stop = Duration::from_secs(asked("PARERE_STOP_SECONDS", 1));
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let mut sent = answers(5);
    post_all(&program, &sent).await;
    kill_process(program.id(), Signal::STOP).unwrap();
    let stopped = Instant::now();
    let waiting: Vec<_> = answers(30)
        .into_iter()
        .map(|answer| {
            let client = (*program).clone();
            tokio::spawn(async move {
                let request = client.request(Method::POST, "/v1/responses").body(answer.to_string());
                (request.send().await.map(|reply| reply.status().as_u16()), answer)
            })
        })
        .collect();
    tokio::time::timeout(stop.saturating_sub(stopped.elapsed()), std::future::pending::<()>())
        .await
        .unwrap_err();
    assert!(waiting.iter().all(|sending| !sending.is_finished()), "nobody is there to answer");
    kill_process(program.id(), Signal::CONT).unwrap();
    for sending in waiting {
        match sending.await.unwrap() {
            (Ok(200), answer) => sent.push(answer),
            // A connection that timed out meanwhile: the outbox sends again.
            (Err(_), answer) => {
                post_all(&program, std::slice::from_ref(&answer)).await;
                sent.push(answer);
            }
            (Ok(status), answer) => panic!("{status} for {answer}"),
        }
    }
    assert_stored(&program, &sent).await;
}

/// The same command where the system gives `n` descriptors and no more.
fn with_descriptors(command: &mut Command, n: u64) -> &mut Command {
    let mut shell = Command::new("/bin/sh");
    let script = format!("ulimit -n {n} && exec \"$0\" \"$@\"");
    shell.args(["-c", &script]).arg(command.get_program()).args(command.get_args()).env_clear();
    shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell.current_dir(command.get_current_dir().unwrap());
    shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    *command = shell;
    command
}

/// Is a new connection shown out, not left waiting?
async fn is_shown_out(address: &str) -> bool {
    let stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let mut byte = [0];
    // The server has nothing to say to a silent connection but that it is closed; a reset says so, too.
    tokio::time::timeout(Duration::from_millis(300), stream.peek(&mut byte)).await.is_ok()
}

#[tokio::test]
async fn connections_cannot_use_up_descriptors() {
    let (database, folder) = (Database::create().await, tempfile::tempdir().unwrap());
    let url = database.url();
    for database_url in ["sqlite:parere.db", &url] {
        let limit = 128;
        let options = ["--database-url", database_url, "--header-timeout-ms", "60000"];
        let program =
            Program::start_by(|command| with_descriptors(command.args(options), limit), folder.path()).await;
        let open = || fs::read_dir(format!("/proc/{}/fd", program.id().as_raw_pid())).unwrap().count() as u64;
        let mut sent = answers(6);
        post_all(&program, &sent).await;
        let address = program.base.strip_prefix("http://").unwrap().to_owned();
        let crowd: Vec<_> = (0..400).map(|_| TcpStream::connect(&address).unwrap()).collect();
        let deadline = Instant::now() + PATIENCE;
        while !is_shown_out(&address).await {
            assert!(Instant::now() < deadline, "the door is never closed");
        }
        assert!(open() < limit, "{} of {limit} are in use", open());
        let said = crate::metrics::until(&program, |text| text.contains("parere_connections 32\n")).await;
        assert!(said.contains("parere_connections_refused_total{reason=\"total\"}"), "{said}");

        // Who is connected is served from the database, which still has its files and connections.
        sent.extend(answers(30));
        post_all(&program, &sent[6..]).await;
        assert_eq!(program.get("/readyz").await.status, 200);
        drop(crowd);
        let newcomer = Client::new(program.base.clone());
        while is_shown_out(&address).await {
            assert!(Instant::now() < deadline, "the door is never opened again");
        }
        sent.extend(answers(6));
        post_all(&newcomer, &sent[36..]).await;
        assert_stored(&newcomer, &sent).await;
    }
}

#[test]
fn too_few_descriptors_to_serve_are_said_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let output =
        with_descriptors(&mut parere(folder.path(), &["--listen", "127.0.0.1:0"]), 70).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("70 descriptors") && said.contains("LimitNOFILE="), "{said}");
}

/// Somebody lowers the limit while it runs, or another program takes what the system has.
#[tokio::test]
async fn senders_wait_while_descriptors_are_used_up() {
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path()).await;
    let open = || fs::read_dir(format!("/proc/{}/fd", program.id().as_raw_pid())).unwrap().count();
    let limit = open() as u64 + 20;
    prlimit(Some(program.id()), Resource::Nofile, Rlimit { current: Some(limit), maximum: Some(limit) })
        .unwrap();
    let address = program.base.strip_prefix("http://").unwrap();
    let idle: Vec<_> = (0..60).map(|_| TcpStream::connect(address).unwrap()).collect();
    let deadline = Instant::now() + PATIENCE;
    while (open() as u64) < limit {
        assert!(Instant::now() < deadline, "the descriptors were never used up");
        tokio::task::yield_now().await;
    }

    // One that is connected is served; one that comes now waits at the door.
    let mut sent = answers(12);
    post_all(&program, &sent[..6]).await;
    let newcomer = Client::new(program.base.clone());
    let (last, earlier) = sent.split_last().unwrap();
    let waiting = newcomer.post(last);
    let leaving = async {
        post_all(&program, &earlier[6..]).await;
        drop(idle);
    };
    let (reply, ()) = tokio::join!(waiting, leaving);
    assert_eq!(reply.status, 200, "{reply:?}");
    sent.extend(answers(6));
    post_all(&newcomer, &sent[12..]).await;
    assert_stored(&newcomer, &sent).await;
}
