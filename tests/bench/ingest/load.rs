//! The senders. Both loops give waits in microseconds.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What is thrown away at the start of each measurement: caches fill, batches find their size.
const WARM_UP: Duration = Duration::from_millis(300);

/// Connections of the open loop: enough for every answer that waits at the highest rate.
const OPEN_CONNECTIONS: usize = 256;

/// Each connection sends the next answer when the last one is acknowledged.
pub(crate) async fn closed(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    ids: &Arc<AtomicU64>,
) -> Vec<u32> {
    let start = Instant::now() + WARM_UP;
    let end = start + time;
    let sending = (0..connections).map(|_| {
        let ids = Arc::clone(ids);
        tokio::spawn(async move {
            let mut sender = Sender::connect(address, ids).await;
            let mut waits_us = Vec::new();
            loop {
                let sent = Instant::now();
                sender.send().await;
                let now = Instant::now();
                if now >= end {
                    return waits_us;
                }
                if sent >= start {
                    waits_us.push(micros(now - sent));
                }
            }
        })
    });
    all(sending.collect()).await
}

/// Answers are due at a fixed rate; a wait begins when its answer was due, even if no connection was free then.
pub(crate) async fn open(address: SocketAddr, rate: u32, time: Duration, ids: &Arc<AtomicU64>) -> Vec<u32> {
    let begin = Instant::now();
    let warm = u32::try_from(u128::from(rate) * WARM_UP.as_millis() / 1000).unwrap();
    let last = warm + u32::try_from(u128::from(rate) * time.as_millis() / 1000).unwrap();
    let next = Arc::new(AtomicU32::new(0));
    let sending = (0..OPEN_CONNECTIONS).map(|_| {
        let (ids, next) = (Arc::clone(ids), Arc::clone(&next));
        tokio::spawn(async move {
            let mut sender = Sender::connect(address, ids).await;
            let mut waits_us = Vec::new();
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                if n >= last {
                    return waits_us;
                }
                let due = begin + Duration::from_secs(1) * n / rate;
                tokio::time::sleep_until(due.into()).await;
                sender.send().await;
                if n >= warm {
                    waits_us.push(micros(due.elapsed()));
                }
            }
        })
    });
    all(sending.collect()).await
}

async fn all(sending: Vec<tokio::task::JoinHandle<Vec<u32>>>) -> Vec<u32> {
    let mut waits_us = Vec::new();
    for sent in sending {
        waits_us.extend(sent.await.unwrap());
    }
    waits_us
}

fn micros(time: Duration) -> u32 {
    u32::try_from(time.as_micros()).unwrap()
}

/// One connection.
struct Sender {
    stream: TcpStream,
    ids: Arc<AtomicU64>,
    request: Vec<u8>,
    id_at: usize,
    reply: Vec<u8>,
}

impl Sender {
    async fn connect(address: SocketAddr, ids: Arc<AtomicU64>) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (request, id_at) = request();
        Self { stream, ids, request, id_at, reply: vec![0; 4096] }
    }

    /// Sends an answer that nobody sent before and waits for its acknowledgement.
    async fn send(&mut self) {
        let id = format!("{:012x}", self.ids.fetch_add(1, Ordering::Relaxed));
        self.request[self.id_at..self.id_at + id.len()].copy_from_slice(id.as_bytes());
        self.stream.write_all(&self.request).await.unwrap();
        read_reply(&mut self.stream, &mut self.reply).await;
    }
}

/// A request as a browser sends it, and where in it the last twelve digits of the id stand.
fn request() -> (Vec<u8>, usize) {
    let body = r#"{"site":"pk_demo","survey":"nps","id":"019aa2b4-7c00-7abc-8def-000000000000","revision":1,"score":9,"comment":"Comode, leggere e belle: le ho messe tutto il giorno senza un graffio.","locale":"it","page":"/products/scarpe","channel":"inline","touchpoint":"product","device":"phone","occurred_at":"2026-11-21T10:00:00Z","sent_at":"2026-11-21T10:00:02Z"}"#;
    let head = "POST /v1/responses HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost:3000\r\n\
        Content-Type: text/plain;charset=UTF-8\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate, br\r\n";
    let request = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
    let id_at = request.find("-000000000000").unwrap() + 1;
    (request.into_bytes(), id_at)
}

/// Reads one reply to its end; it must be a 200.
async fn read_reply(stream: &mut TcpStream, buffer: &mut [u8]) {
    let mut len = 0;
    loop {
        len += stream.read(&mut buffer[len..]).await.unwrap();
        let text = std::str::from_utf8(&buffer[..len]).unwrap();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        assert!(head.starts_with("HTTP/1.1 200"), "{text}");
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().unwrap())
        });
        if body.len() >= length.unwrap() {
            return;
        }
    }
}
