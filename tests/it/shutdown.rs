//! The end of a collector: what is on its way is stored and acknowledged, and nothing new is let in.

use parere_collector::store::{self, Filter, Order, Purpose};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::answer::valid;
use crate::client::PATIENCE;
use crate::server::Server;

/// Reads until `end` has come.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut said = String::new();
    let mut buffer = [0; 1024];
    while !said.contains(end) {
        let len = tokio::time::timeout(PATIENCE, stream.read(&mut buffer)).await.expect(end).unwrap();
        assert!(len > 0, "closed after {said:?}");
        said.push_str(std::str::from_utf8(&buffer[..len]).unwrap());
    }
    said
}

#[tokio::test]
async fn an_answer_that_is_half_sent_is_taken_and_acknowledged() {
    let server = Server::start().await;
    let address = server.base.strip_prefix("http://").unwrap().to_owned();
    let body = valid(9).to_string();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    // "Continue" is said when the body is asked for: the request is being answered.
    let head = format!(
        "POST /v1/responses HTTP/1.1\r\nHost: {address}\r\nExpect: 100-continue\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    read_until(&mut stream, "100 Continue\r\n\r\n").await;

    let ending = tokio::spawn(server.stop());
    while TcpStream::connect(&address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!ending.is_finished());
    stream.write_all(body.as_bytes()).await.unwrap();
    let reply = read_until(&mut stream, "\"}").await;
    assert!(reply.starts_with("HTTP/1.1 200"), "{reply}");
    assert!(reply.ends_with(&json!({"status": "stored"}).to_string()), "{reply}");

    let folder = ending.await.unwrap();
    let files: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(files, ["parere.db"], "everything is in the one file");
    let url = format!("sqlite:{}", folder.path().join("parere.db").display());
    let store = store::open(&url, Purpose::Beside).await.unwrap();
    let scope = parere_collector::auth::SiteScope::at_the_machine("pk_demo");
    let page = store.page(&scope, &Filter::default(), Order::OldestFirst, None, 10).await.unwrap();
    assert_eq!(page.len(), 1);
}

#[tokio::test]
async fn it_serves_until_the_load_balancer_has_noticed() {
    let server = Server::start_with(&["--drain-delay-ms", "1000"]).await;
    let client = (*server).clone();
    assert_eq!(client.get("/readyz").await.status, 200);
    let ending = tokio::spawn(server.stop());
    while client.get("/readyz").await.status == 200 {
        tokio::task::yield_now().await;
    }
    // Not ready, and yet here for who comes all the same.
    assert_eq!(client.get("/healthz").await.status, 200);
    assert_eq!(client.post(&valid(9)).await.status, 200);
    ending.await.unwrap();
}
