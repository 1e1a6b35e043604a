//! Several processes, one database: what one process sees of another's changes.

use std::time::{Duration, Instant};

use parere_collector::auth::SiteScope;
use parere_collector::store::{self, SurveyWrite};
use parere_shared::survey::{Survey, SurveyState};

use crate::answer::{NOON, valid};
use crate::client::{Client, PATIENCE, SITE};
use crate::server::Server;

/// Waits until `client` shows the survey in this state; how long that took.
async fn wait_for_state(client: &Client, state: &str) -> Duration {
    let began = Instant::now();
    while client.read(&format!("{SITE}/surveys/nps")).await["state"] != state {
        assert!(began.elapsed() < PATIENCE, "the change was never seen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    began.elapsed()
}

#[tokio::test]
async fn a_change_by_another_process_is_seen_with_sqlite_too() {
    let server = Server::start().await;
    let url = format!("sqlite:{}", server.database().display());
    let other = store::open(&url).await.unwrap();
    let survey: Survey = serde_json::from_value(server.read(&format!("{SITE}/surveys/nps")).await).unwrap();
    let write = SurveyWrite {
        survey: Survey { state: SurveyState::Paused, ..survey },
        instruments: Vec::new(),
        now: NOON,
    };
    assert!(other.replace_survey(&SiteScope::at_the_machine("pk_demo"), write).await.unwrap());
    wait_for_state(&server, "paused").await;
    assert_eq!(server.post(&valid(9)).await.status, 410);
}
