//! What holds when a collector is killed, or is one of several.

use std::sync::Arc;

use parere_collector::clock::{Clock as _, ManualClock, SystemClock};
use serde_json::json;

use super::house::{House, Mishap};
use super::{connect, of};
use crate::postgres::Database;
use crate::program::Program;
use crate::server::Server;
use crate::webhooks::{PRIVATE, all_delivered};

#[tokio::test]
async fn a_kill_between_making_a_ticket_and_noting_it_makes_no_second_one() {
    let (folder, house) = (tempfile::tempdir().unwrap(), House::start().await);
    let program = Program::start_with(folder.path(), &PRIVATE).await;
    let ticket = json!({"ticket": {"pipeline": "0", "stage": "1"}});
    let hook = connect(&program, &house, "hubspot", &["response.detractor"], ticket).await;
    house.expect("/tickets", Mishap::Silence);
    assert_eq!(program.post(&of("luca@shop.example", 1)).await.status, 200);
    house.until("the ticket is made", |rooms| rooms.tickets.len() == 1).await;
    program.kill();
    let clock = Arc::new(ManualClock::at(SystemClock.now()));
    let server = Server::start_in(folder, Arc::clone(&clock), &PRIVATE).await;
    assert_eq!(hook.log(&server).await[0]["attempts"], json!([]), "nobody noted it");
    clock.advance(60_000);
    hook.until(&server, all_delivered).await;
    assert_eq!(house.calls("/tickets/search").len(), 1);
    assert_eq!(house.rooms().tickets.len(), 1);
}

#[tokio::test]
async fn of_two_collectors_one_tells_of_each_answer() {
    let (database, folder, house) =
        (Database::create().await, tempfile::tempdir().unwrap(), House::start().await);
    let url = database.url();
    let options = ["--database-url", &*url, "--webhook-private", "on"];
    let one = Program::start_with(folder.path(), &options).await;
    let other = Program::start_with(folder.path(), &options).await;
    let events = ["response.created", "response.detractor"];
    let ticket = json!({"ticket": {"pipeline": "0", "stage": "1"}});
    let hook = connect(&one, &house, "hubspot", &events, ticket).await;
    for n in 0..20 {
        // Every second one is unhappy.
        let (a, b) = (of(&format!("a{n}@shop.example"), 9), of(&format!("b{n}@shop.example"), 1));
        let (a, b) = tokio::join!(one.post(&a), other.post(&b));
        assert_eq!((a.status, b.status), (200, 200));
    }
    let log = hook.until(&one, |log| log.len() == 60 && all_delivered(log)).await;
    assert!(log.iter().all(|delivery| delivery["attempts"].as_array().unwrap().len() == 1), "{log:?}");
    let rooms = house.rooms();
    assert_eq!((rooms.contacts.len(), rooms.tickets.len()), (40, 20));
}
