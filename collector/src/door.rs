//! Who gets a connection: so many in all, so many from one network, and none for those who never say what they want.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum_server::{AddrListener, Address};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use crate::client::{Client, ClientRule};
use crate::metrics::Metrics;
use crate::tally::Tally;

/// Lets connections in and counts them until they end.
#[derive(Clone)]
pub struct Door {
    in_all_max: usize,
    /// `None` where limits are off.
    from_one_max: Option<usize>,
    rule: ClientRule,
    metrics: Metrics,
    open: Arc<Mutex<Open>>,
}

/// Connections that are open now.
#[derive(Debug, Default)]
struct Open {
    in_all: usize,
    from: Tally<Client>,
}

impl Door {
    /// A door for `in_all_max` connections, `from_one_max` of them from one network that is no trusted proxy.
    pub fn new(in_all_max: usize, from_one_max: Option<usize>, rule: ClientRule, metrics: Metrics) -> Self {
        Self { in_all_max, from_one_max, rule, metrics, open: Arc::default() }
    }

    /// A place for one more connection, or why there is none.
    fn enter(&self, address: IpAddr) -> Result<Place, &'static str> {
        let from = self.rule.network(address);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.in_all >= self.in_all_max {
            return Err("total");
        }
        if let (Some(max), Some(from)) = (self.from_one_max, from)
            && !open.from.add(from, max)
        {
            return Err("client");
        }
        open.in_all += 1;
        self.metrics.connections.set(i64::try_from(open.in_all).unwrap_or(i64::MAX));
        Ok(Place { door: self.clone(), from: from.filter(|_| self.from_one_max.is_some()) })
    }

    fn leave(&self, from: Option<Client>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.in_all -= 1;
        self.metrics.connections.set(i64::try_from(open.in_all).unwrap_or(i64::MAX));
        if let Some(from) = from {
            open.from.remove(&from);
        }
    }
}

/// A listener with a door: whom there is no place for is shown out before the next one is looked at, so that
/// never more than one descriptor is held beyond the places.
pub struct Entrance {
    listener: TcpListener,
    door: Door,
}

impl Entrance {
    /// Lets in who comes to `listener`.
    pub fn new(listener: TcpListener, door: Door) -> Self {
        Self { listener, door }
    }
}

/// Where a guest comes from.
#[derive(Debug, Clone, Copy)]
pub struct Peer(SocketAddr);

impl Address for Peer {
    type Stream = Guest;
    type Listener = Entrance;
}

impl Connected<Peer> for SocketAddr {
    fn connect_info(peer: Peer) -> Self {
        peer.0
    }
}

impl AddrListener<Guest, Peer> for Entrance {
    async fn bind_to(_: Peer) -> io::Result<Self> {
        Err(io::Error::other("a door stands before a listener that is there already"))
    }

    /// Who is shown out keeps its answer and tries again.
    async fn accept_stream(&self) -> io::Result<(Guest, Peer)> {
        loop {
            let (stream, peer) = self.listener.accept().await?;
            match self.door.enter(peer.ip()) {
                Ok(place) => {
                    // A reply is one packet and is not held back for a second one.
                    stream.set_nodelay(true)?;
                    return Ok((Guest { stream, _place: place }, Peer(peer)));
                }
                Err(reason) => self.door.metrics.refuse_connection(reason),
            }
        }
    }

    fn get_local_addr(&self) -> io::Result<Peer> {
        self.listener.local_addr().map(Peer)
    }
}

/// A place taken at the door; given back when dropped.
struct Place {
    door: Door,
    from: Option<Client>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.door.leave(self.from);
    }
}

/// A connection that was let in.
pub struct Guest {
    stream: TcpStream,
    _place: Place,
}

impl AsyncRead for Guest {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Guest {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_by_network_and_given_back() {
        let rule = ClientRule::new(vec!["10.0.0.0/8".parse().unwrap()]);
        let door = Door::new(5, Some(2), rule, Metrics::default());
        let enter = |address: &str| door.enter(address.parse().unwrap());
        let first = enter("2001:db8:1:2::1").unwrap();
        let _second = enter("2001:db8:1:2::2").unwrap();
        assert_eq!(enter("2001:db8:1:2::3").err(), Some("client"));
        let _neighbour = enter("2001:db8:1:3::1").unwrap();
        drop(first);
        let _third = enter("2001:db8:1:2::4").unwrap();
        // All of the world comes through a proxy.
        let proxied = [enter("10.0.0.1").unwrap(), enter("10.0.0.1").unwrap()];
        assert_eq!(enter("203.0.113.7").err(), Some("total"));
        drop(proxied);
        let kept: Vec<Place> = ["203.0.113.7", "203.0.113.8"].map(|address| enter(address).unwrap()).into();
        assert_eq!(enter("203.0.113.9").err(), Some("total"));
        drop(kept);
        assert_eq!(door.open.lock().unwrap().from.kinds(), 2, "nobody is remembered who has left");
    }
}
