//! A site makes four files at a time, whatever they hold.

use reqwest::Method;

use crate::answer::full;
use crate::client::{Reply, TOKEN};
use crate::dashboard::COPIES;
use crate::server::Server;

/// So many answers that a body waits for its reader: some 30 MB, more than connections hold on the way.
const ANSWERS: usize = 60_000;

#[tokio::test]
async fn answers_cases_and_all_of_a_person_take_turns() {
    let server = Server::start().await;
    assert_eq!(server.post(&full()).await.status, 200);
    let database = rusqlite::Connection::open(server.database()).unwrap();
    database.execute(COPIES, [ANSWERS]).unwrap();
    let site = "/api/v1/sites/pk_demo";
    let start = async |path: &str| {
        let request = server.request(Method::GET, &format!("{site}{path}")).bearer_auth(TOKEN);
        let reply = request.send().await.unwrap();
        assert_eq!(reply.status(), 200, "{path}");
        reply
    };
    let mut begun = Vec::new();
    for path in ["/responses.ndjson", "/responses.csv", "/subjects/c-77", "/subjects/c-77?by=subject"] {
        begun.push(start(path).await);
    }
    for path in ["/responses.csv", "/cases.csv", "/subjects/c-77", "/subjects/nobody"] {
        let request = server.request(Method::GET, &format!("{site}{path}")).bearer_auth(TOKEN);
        let refused = Reply::to(request).await;
        assert_eq!((refused.status, refused.header("retry-after").is_empty()), (503, false), "{path}");
        assert_eq!(refused.json()["detail"], "Too many exports are running.", "{path}");
    }
    // Read to its end, a file makes room for the next one.
    let lines = begun.remove(2).text().await.unwrap().lines().count();
    assert_eq!(lines, ANSWERS + 2, "each answer, and the seal");
    assert_eq!(server.api(Method::GET, "/cases.csv", None).await.status, 200);
}
