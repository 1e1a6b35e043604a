//! A table of customers as a file, by the form of the dashboard's page.

use std::fmt::Write as _;

use reqwest::Method;
use serde_json::json;

use crate::client::{Reply, TOKEN};
use crate::dashboard::sign_in;
use crate::server::Server;

/// What a form with a file is sent as, and its content type.
pub(crate) fn form(field: &str, file: &[u8]) -> (Vec<u8>, &'static str) {
    let head = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"customers.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n"
    );
    ([head.as_bytes(), file, b"\r\n--edge--\r\n"].concat(), "multipart/form-data; boundary=edge")
}

async fn send(server: &Server, cookie: &str, (body, content_type): (Vec<u8>, &str)) -> Reply {
    let request = server.request(Method::POST, "/dashboard/pk_demo/invitations/table");
    let request = request.header("origin", &server.base).header("cookie", cookie);
    Reply::to(request.header("content-type", content_type).body(body)).await
}

#[tokio::test]
async fn a_file_invites_whom_a_pasted_table_would() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    let mut table = "survey,channel,key\n".to_owned();
    for n in 0..1_500 {
        writeln!(table, "nps,link,customer-{n}").unwrap();
    }
    assert!(table.len() > 16 * 1024, "more than can be pasted");
    for _ in 0..2 {
        let reply = send(&server, &cookie, form("file", table.as_bytes())).await;
        let place = "/dashboard/pk_demo/invitations";
        assert_eq!((reply.status, reply.header("location")), (303, place), "{reply:?}");
    }
    let page = server.read("/invitations?limit=500").await;
    assert_eq!(page["invitations"].as_array().unwrap().len(), 500);
    let again = server.request(Method::POST, "/api/v1/sites/pk_demo/invitations.csv");
    let again = again.bearer_auth(TOKEN).header("content-type", "text/csv").body(table);
    assert_eq!(Reply::to(again).await.json(), json!({"made": 0, "known": 1_500}));
}

#[tokio::test]
async fn a_file_that_is_not_taken_says_why() {
    let server = Server::start().await;
    let cookie = sign_in(&server).await;
    for (sent, clue) in [
        (form("file", b"survey,channel,key,adress\nnps,link,1,x\n"), "adress: "),
        (form("file", b"survey,channel,key\nces,mail,1\n"), "[0].channel: "),
        (form("file", b"survey,channel,key\nnps,link,\n"), "[0].key: "),
        (form("file", b"survey,channel,key\nnps,link,\xe8\n"), "UTF-8"),
        (form("file", b""), "body: "),
        (form("other", b"survey,channel,key\n"), "file: "),
        (form("file", &vec![b'x'; 1024 * 1024 + 1]), "body: "),
        (form("file", &vec![b'x'; 3 * 1024 * 1024]), "body: "),
        ((b"table=x".to_vec(), "application/x-www-form-urlencoded"), "file: "),
        ((b"--edge\r\nContent-Dis".to_vec(), "multipart/form-data; boundary=edge"), "file: "),
    ] {
        let reply = send(&server, &cookie, sent).await;
        assert_eq!(reply.status, 422, "{clue}: {reply:?}");
        let alerts: Vec<_> = reply.text().split("role=\"alert\">").skip(1).collect();
        assert!(
            alerts.iter().any(|alert| alert.split('<').next().unwrap().contains(clue)),
            "{clue}: {alerts:?}"
        );
    }
    assert_eq!(server.read("/invitations").await["invitations"], json!([]));
}
