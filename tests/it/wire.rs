//! A wire to the database that a test can cut, or hold silent, and mend.

use std::sync::Arc;
use std::thread;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::postgres::server;

/// What becomes of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wired {
    /// They arrive.
    Whole,
    /// Connections break.
    Cut,
    /// Nothing arrives, and nobody says so.
    Silent,
}

/// A port that leads to the database's server.
pub(crate) struct Wire {
    pub(crate) port: u16,
    wired: Arc<watch::Sender<Wired>>,
}

impl Wire {
    pub(crate) fn new() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let wired = Arc::new(watch::Sender::new(Wired::Whole));
        // On a thread of its own: it carries while a test waits for a program.
        let carrying = Arc::clone(&wired);
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(listen(listener, carrying));
        });
        Self { port, wired }
    }

    pub(crate) fn cut(&self) {
        self.wired.send_replace(Wired::Cut);
    }

    pub(crate) fn silence(&self) {
        self.wired.send_replace(Wired::Silent);
    }

    pub(crate) fn mend(&self) {
        self.wired.send_replace(Wired::Whole);
    }
}

async fn listen(listener: std::net::TcpListener, wired: Arc<watch::Sender<Wired>>) {
    listener.set_nonblocking(true).unwrap();
    let listener = TcpListener::from_std(listener).unwrap();
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        tokio::spawn(carry(stream, wired.subscribe()));
    }
}

/// Carries one connection until the wire is cut; one that was once silent is never heard again.
async fn carry(mut near: TcpStream, mut wired: watch::Receiver<Wired>) {
    if *wired.borrow_and_update() == Wired::Whole {
        let mut far = TcpStream::connect(("127.0.0.1", server().port)).await.unwrap();
        tokio::select! {
            _ = copy_bidirectional(&mut near, &mut far) => return,
            _ = wired.changed() => {}
        }
    }
    while *wired.borrow_and_update() == Wired::Silent {
        if wired.changed().await.is_err() {
            return;
        }
    }
}
