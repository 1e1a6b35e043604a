//! A mail server that speaks just enough, over a real socket, and does with each customer what their address says.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// Who may send by a server that wants to know.
pub(super) const LOGIN: (&str, &str) = ("shop@example.org", "p@ss word");

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
    /// Verbs of whoever spoke, before and after the line was encrypted.
    said: Vec<String>,
}

/// How its line is encrypted.
#[derive(Clone)]
pub(super) enum Line {
    Open,
    /// From the first byte.
    Whole(TlsAcceptor),
    /// After STARTTLS, and nothing else is taken before.
    After(TlsAcceptor),
}

/// The server; ends with the test.
pub(super) struct Smtp {
    pub(super) port: u16,
    pub(super) url: String,
    seen: Arc<Mutex<Seen>>,
}

impl Smtp {
    /// One that takes mail from everybody, on an open line.
    pub(super) async fn start() -> Self {
        Self::start_by(Line::Open, None).await
    }

    /// One that wants [`LOGIN`] first, by this mechanism, if one is named.
    pub(super) async fn start_by(line: Line, mechanism: Option<&'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::<Mutex<Seen>>::default();
        let shared = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(begin(stream, line.clone(), mechanism, Arc::clone(&shared)));
            }
        });
        Self { port, url: format!("smtp://127.0.0.1:{port}?tls=off"), seen }
    }

    pub(super) fn taken(&self) -> Vec<Taken> {
        self.seen.lock().unwrap().taken.clone()
    }

    /// How often a recipient was named.
    pub(super) fn named(&self, name: &str) -> usize {
        self.seen.lock().unwrap().named.iter().filter(|named| named.starts_with(name)).count()
    }

    /// What was said to it, verb by verb.
    pub(super) fn said(&self) -> Vec<String> {
        self.seen.lock().unwrap().said.clone()
    }
}

type Shared = Arc<Mutex<Seen>>;

/// A dialogue, encrypted as it shall be. Who does not believe us hangs up.
async fn begin(stream: TcpStream, line: Line, mechanism: Option<&'static str>, seen: Shared) -> Option<()> {
    let greeting = "220 test ESMTP";
    match line {
        Line::Open => speak(BufReader::new(stream), Some(greeting), mechanism, seen).await,
        Line::Whole(acceptor) => {
            let stream = BufReader::new(acceptor.accept(stream).await.ok()?);
            speak(stream, Some(greeting), mechanism, seen).await
        }
        Line::After(acceptor) => {
            let mut open = BufReader::new(stream);
            reply(&mut open, greeting).await?;
            loop {
                match heard(&mut open, &seen).await?.0.as_str() {
                    "EHLO" => reply(&mut open, "250-test\r\n250 STARTTLS").await?,
                    "STARTTLS" => break,
                    _ => reply(&mut open, "530 5.7.0 encrypt first").await?,
                }
            }
            reply(&mut open, "220 go on").await?;
            let stream = acceptor.accept(open.into_inner()).await.ok()?;
            speak(BufReader::new(stream), None, mechanism, seen).await
        }
    }
}

/// The next line: its verb in capitals, and all of it.
async fn heard<S: AsyncRead + Unpin>(stream: &mut BufReader<S>, seen: &Shared) -> Option<(String, String)> {
    let line = read(stream).await?;
    let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
    seen.lock().unwrap().said.push(verb.clone());
    Some((verb, line))
}

async fn read<S: AsyncRead + Unpin>(stream: &mut BufReader<S>) -> Option<String> {
    let mut line = String::new();
    let len = stream.read_line(&mut line).await.ok()?;
    (len > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
}

async fn reply<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>, text: &str) -> Option<()> {
    stream.get_mut().write_all(format!("{text}\r\n").as_bytes()).await.ok()?;
    stream.get_mut().flush().await.ok()
}

/// Does whoever speaks know [`LOGIN`]?
async fn knows<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut BufReader<S>, line: &str) -> Option<bool> {
    let decoded = |text: &str| String::from_utf8(STANDARD.decode(text).unwrap()).unwrap();
    let mut words = line.split(' ').skip(1);
    let (mechanism, first) = (words.next()?, words.next());
    if mechanism == "PLAIN" {
        return Some(decoded(first?) == format!("\0{}\0{}", LOGIN.0, LOGIN.1));
    }
    let mut said = Vec::new();
    for asked in ["Username:", "Password:"] {
        reply(stream, &format!("334 {}", STANDARD.encode(asked))).await?;
        said.push(decoded(&read(stream).await?));
    }
    Some(said == [LOGIN.0, LOGIN.1])
}

async fn speak<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: BufReader<S>,
    greeting: Option<&str>,
    mechanism: Option<&'static str>,
    seen: Shared,
) -> Option<()> {
    let (mut to, mut is_known) = (String::new(), mechanism.is_none());
    if let Some(greeting) = greeting {
        reply(&mut stream, greeting).await?;
    }
    loop {
        let (verb, line) = heard(&mut stream, &seen).await?;
        let said: String = match verb.as_str() {
            "EHLO" => match mechanism {
                Some(mechanism) => format!("250-test\r\n250-AUTH {mechanism}\r\n250 8BITMIME"),
                None => "250-test\r\n250 8BITMIME".into(),
            },
            "AUTH" => {
                is_known = knows(&mut stream, &line).await?;
                if is_known { "235 2.7.0 welcome" } else { "535 5.7.8 wrong user or password" }.into()
            }
            "MAIL" if !is_known => "530 5.7.0 who are you?".into(),
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().into();
                named(&to, &seen).into()
            }
            "DATA" => taken(&mut stream, &to, &seen).await?.into(),
            // Takes the mail and has no word of farewell.
            "QUIT" if to.starts_with("silent") => continue,
            "QUIT" => {
                reply(&mut stream, "221 bye").await?;
                return Some(());
            }
            _ => "250 ok".into(),
        };
        reply(&mut stream, &said).await?;
    }
}

/// What it says to a recipient.
fn named(to: &str, seen: &Shared) -> &'static str {
    let mut seen = seen.lock().unwrap();
    seen.named.push(to.to_owned());
    let n = seen.named.iter().filter(|named| *named == to).count();
    match to.split('@').next().unwrap_or_default() {
        "nobody" => "550 5.1.1 user unknown",
        "later" if n == 1 => "451 4.7.1 come back later",
        _ => "250 ok",
    }
}

/// Reads a mail, and what it says to it; nothing if the line breaks there.
async fn taken<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    to: &str,
    seen: &Shared,
) -> Option<&'static str> {
    reply(stream, "354 go on").await?;
    let mut text = String::new();
    loop {
        let line = read(stream).await?;
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
        return Some("554 5.7.1 rejected");
    }
    seen.lock().unwrap().taken.push(Taken { to: to.to_owned(), text });
    Some("250 taken")
}
