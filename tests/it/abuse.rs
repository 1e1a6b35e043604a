//! Senders that mean no good or know no better: each costs its own connection and nobody else's answer.

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::answer::{valid, with};
use crate::client::{PATIENCE, Reply};
use crate::server::Server;

/// A raw connection to a server.
async fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.base.strip_prefix("http://").unwrap()).await.unwrap()
}

/// Everything that is said until the connection is closed.
async fn until_closed(mut stream: TcpStream) -> String {
    let mut said = Vec::new();
    // A reset is a close, too.
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut said)).await.expect("closed").ok();
    String::from_utf8(said).unwrap()
}

async fn stored(server: &Server) -> bool {
    server.post(&valid(9)).await.status == 200
}

fn head(server: &Server, more: &str) -> String {
    let host = server.base.strip_prefix("http://").unwrap();
    format!("POST /v1/responses HTTP/1.1\r\nHost: {host}\r\nContent-Type: text/plain\r\n{more}\r\n")
}

#[tokio::test]
async fn who_never_says_what_it_wants_is_shown_out() {
    let server = Server::start_with(&["--header-timeout-ms", "200"]).await;
    for start in ["", "POST /v1/resp", "POST /v1/responses HTTP/1.1\r\nHost: shop.example\r\nX-Slow: a"] {
        let mut stream = connect(&server).await;
        stream.write_all(start.as_bytes()).await.unwrap();
        let said = until_closed(stream).await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 408"), "{start:?}: {said}");
    }
    // One byte at a time is no way out: the time is for the whole head.
    let mut stream = connect(&server).await;
    let (mut reading, mut writing) = stream.split();
    let dribble = async {
        for byte in head(&server, "X-Slow: yes\r\n").bytes().cycle() {
            if writing.write_all(&[byte]).await.is_err() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let mut said = Vec::new();
    tokio::select! {
        () = dribble => {}
        read = tokio::time::timeout(PATIENCE, reading.read_to_end(&mut said)) => { read.expect("closed").ok(); }
    }
    assert!(stored(&server).await);
}

#[tokio::test]
async fn a_connection_that_has_nothing_more_to_say_is_closed() {
    let server = Server::start_with(&["--header-timeout-ms", "200"]).await;
    let mut stream = connect(&server).await;
    let body = valid(9).to_string();
    let request = head(&server, &format!("Content-Length: {}\r\n", body.len())) + &body;
    stream.write_all(request.as_bytes()).await.unwrap();
    let said = until_closed(stream).await;
    assert!(said.starts_with("HTTP/1.1 200") && said.ends_with(r#"{"status":"stored"}"#), "{said}");
}

#[tokio::test]
async fn a_body_that_does_not_arrive_is_put_off() {
    let server = Server::start_with(&["--body-timeout-ms", "200"]).await;
    let mut stream = connect(&server).await;
    stream.write_all(head(&server, "Content-Length: 200\r\nConnection: close\r\n").as_bytes()).await.unwrap();
    stream.write_all(b"{\"site\":").await.unwrap();
    let said = until_closed(stream).await;
    assert!(said.starts_with("HTTP/1.1 503") && said.contains("retry-after: "), "{said}");
    assert!(stored(&server).await);
}

#[tokio::test]
async fn a_body_without_end_is_cut_where_the_limit_is() {
    let server = Server::start().await;
    let mut stream = connect(&server).await;
    stream.write_all(head(&server, "Transfer-Encoding: chunked\r\n").as_bytes()).await.unwrap();
    let (mut reading, mut writing) = stream.split();
    let flood = async {
        let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
        while writing.write_all(chunk.as_bytes()).await.is_ok() {}
        std::future::pending::<()>().await;
    };
    let mut said = Vec::new();
    tokio::select! {
        () = flood => {}
        read = tokio::time::timeout(PATIENCE, reading.read_to_end(&mut said)) => { read.expect("closed").ok(); }
    }
    let said = String::from_utf8(said).unwrap();
    assert!(said.is_empty() || said.starts_with("HTTP/1.1 413"), "{said}");
    assert!(stored(&server).await);
}

#[tokio::test]
async fn heads_are_bounded() {
    let server = Server::start().await;
    for (what, more) in [
        ("many headers", "X-A: b\r\n".repeat(1_000)),
        ("a long header", format!("X-A: {}\r\n", "b".repeat(1_000_000))),
    ] {
        let mut stream = connect(&server).await;
        // The server may have hung up before all of it is sent.
        stream.write_all(head(&server, &more).as_bytes()).await.ok();
        let said = until_closed(stream).await;
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 431"), "{what}: {said}");
    }
    assert!(stored(&server).await);
}

#[tokio::test]
async fn a_flood_of_connections_meets_a_bound_and_leaves_the_rest_alone() {
    let limits = ["--rate-limit", "100000", "--connections-per-client", "20", "--connections-max", "30"];
    let options = [&limits[..], &["--trusted-proxies", "127.0.0.2/32"]].concat();
    let server = Server::start_with(&options).await;
    let mut held = Vec::new();
    let refused = loop {
        let stream = connect(&server).await;
        // The server has nothing to say to a silent connection but that it is closed.
        let mut byte = [0];
        match tokio::time::timeout(std::time::Duration::from_millis(300), stream.peek(&mut byte)).await {
            Ok(_) => break held.len(),
            Err(_) => held.push(stream),
        }
        assert!(held.len() <= 20, "the bound is never met");
    };
    assert!((15..=20).contains(&refused), "refused after {refused}");
    // Another address, a proxy's, still gets in.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
    let address = server.base.strip_prefix("http://").unwrap().parse().unwrap();
    let mut other = socket.connect(address).await.unwrap();
    let body = valid(9).to_string();
    let more = format!("Content-Length: {}\r\nConnection: close\r\n", body.len());
    other.write_all((head(&server, &more) + &body).as_bytes()).await.unwrap();
    let said = until_closed(other).await;
    assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    drop(held);
    let metrics = crate::metrics::until(&server, |text| text.contains("parere_connections 1\n")).await;
    assert!(metrics.contains(r#"parere_connections_refused_total{reason="client"} 1"#), "{metrics}");
}

#[tokio::test]
async fn a_hammered_site_has_its_own_limit() {
    let server = Server::start_with(&["--rate-limit", "1000", "--site-rate-limit", "60"]).await;
    let mut replies: Vec<Reply> = Vec::new();
    for _ in 0..12 {
        replies.push(server.post(&valid(9)).await);
    }
    let taken = replies.iter().filter(|reply| reply.status == 200).count();
    // A sixth of a minute's at once; a slow machine may let in one or two more meanwhile.
    assert!((10..=11).contains(&taken), "{taken}");
    assert_eq!(replies.last().unwrap().status, 429);
    let elsewhere = with(valid(5), json!({"site": "pk_scales", "survey": "ces-5"}));
    assert_eq!(server.post(&elsewhere).await.status, 200);
}

#[tokio::test]
async fn a_hammered_site_leaves_half_of_the_queue_to_the_others() {
    const SENDERS_MAX: usize = 1_000;
    let server = Server::start_with(&["--queue-len", "4"]).await;
    let lock = rusqlite::Connection::open(server.database()).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let post = |answer| {
        let client = (*server).clone();
        tokio::spawn(async move { client.post(&answer).await.status })
    };
    // Some are with the locked database; of the queue behind it the site gets its half, and the next is put off.
    let is_full = |text: &str| {
        let is_put_off = !text.contains("parere_answers_total{reason=\"unavailable\"} 0\n");
        is_put_off && text.contains("parere_waiting 2\n")
    };
    let mut hammering = Vec::new();
    while !is_full(server.get("/metrics").await.text()) {
        hammering.push(post(valid(0)));
        assert!(hammering.len() < SENDERS_MAX, "{}", server.get("/metrics").await.text());
    }
    let elsewhere = post(with(valid(5), json!({"site": "pk_scales", "survey": "ces-5"})));
    crate::metrics::until(&server, |text| text.contains("parere_waiting 3\n")).await;
    lock.execute_batch("ROLLBACK").unwrap();
    assert_eq!(elsewhere.await.unwrap(), 200);
    for sent in hammering {
        assert!(matches!(sent.await.unwrap(), 200 | 503));
    }
}
