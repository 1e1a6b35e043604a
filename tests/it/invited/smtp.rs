//! A mail server that speaks just enough, over a real socket, and does with each customer what their address says.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail that was taken.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    pub(super) to: String,
    pub(super) text: String,
}

/// What it saw.
#[derive(Debug, Default)]
struct Seen {
    taken: Vec<Taken>,
    /// Recipients that were named, whatever came of it.
    named: Vec<String>,
}

/// The server; ends with the test.
pub(super) struct Smtp {
    pub(super) url: String,
    seen: Arc<Mutex<Seen>>,
}

impl Smtp {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}?tls=off", listener.local_addr().unwrap());
        let seen = Arc::<Mutex<Seen>>::default();
        let shared = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(speak(stream, Arc::clone(&shared)));
            }
        });
        Self { url, seen }
    }

    pub(super) fn taken(&self) -> Vec<Taken> {
        self.seen.lock().unwrap().taken.clone()
    }

    /// How often a recipient was named.
    pub(super) fn named(&self, name: &str) -> usize {
        self.seen.lock().unwrap().named.iter().filter(|named| named.starts_with(name)).count()
    }
}

async fn speak(stream: TcpStream, seen: Arc<Mutex<Seen>>) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mut to = String::new();
    writer.write_all(b"220 test ESMTP\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
        let reply = match verb.as_str() {
            "EHLO" => "250-test\r\n250 8BITMIME",
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().into();
                let named = {
                    let mut seen = seen.lock().unwrap();
                    seen.named.push(to.clone());
                    seen.named.iter().filter(|named| **named == to).count()
                };
                match to.split('@').next().unwrap_or_default() {
                    "nobody" => "550 5.1.1 user unknown",
                    "later" if named == 1 => "451 4.7.1 come back later",
                    _ => "250 ok",
                }
            }
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await.ok()?;
                let mut text = String::new();
                while let Some(line) = lines.next_line().await.ok()? {
                    if line == "." {
                        break;
                    }
                    text += &line;
                    text += "\n";
                }
                if to.starts_with("broken") {
                    // The text is here, and nobody says so.
                    return None;
                }
                if to.starts_with("spam") {
                    "554 5.7.1 rejected"
                } else {
                    seen.lock().unwrap().taken.push(Taken { to: to.clone(), text });
                    "250 taken"
                }
            }
            "QUIT" => {
                writer.write_all(b"221 bye\r\n").await.ok()?;
                return Some(());
            }
            _ => "250 ok",
        };
        writer.write_all(format!("{reply}\r\n").as_bytes()).await.ok()?;
    }
    Some(())
}
