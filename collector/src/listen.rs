//! From the listener to the last request: who is let in, how long they may take, and how it ends.

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::Ordering;
use std::time::Duration;

use anyhow::Context as _;
use axum_server::{Handle, Server};
use hyper_util::rt::TokioTimer;

use crate::app::App;
use crate::config::LimitOptions;
use crate::delivery;
use crate::door::{Door, Entrance, Peer};
use crate::router;

/// How long requests that run at shutdown may take to end.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// Descriptors for everything that is no connection: the database's files or its twelve connections, the outbox,
/// what the runtime waits at, standard output. About forty are ever open; the rest is for who is being shown out.
/// And every letter to a hook has one.
const DESCRIPTORS_SPARED: u64 = 64 + delivery::IN_FLIGHT_MAX as u64;

/// With room for fewer connections than a page's visitors open in a moment, the start is refused.
const CONNECTIONS_MIN: u64 = 16;

/// Serves until `shutdown`, then takes no more: readiness off, the time to be noticed, requests ended.
pub async fn serve(
    app: App,
    listener: TcpListener,
    limits: &LimitOptions,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let handle = Handle::<Peer>::new();
    let drain_delay = limits.drain_delay();
    tokio::spawn({
        let (handle, app) = (handle.clone(), app.clone());
        async move {
            shutdown.await;
            app.leaving.store(true, Ordering::Relaxed);
            tokio::time::sleep(drain_delay).await;
            app.draining.store(true, Ordering::Relaxed);
            handle.graceful_shutdown(Some(DRAIN_TIMEOUT));
        }
    });
    let in_all_max = connections_max(limits.connections_max)?;
    let from_one_max = limits.is_strict().then_some(limits.connections_per_client as usize);
    let door = Door::new(in_all_max, from_one_max, app.client.clone(), app.metrics.clone());
    listener.set_nonblocking(true)?;
    // Where HTTP/2 is possible, too, the wait for the first bytes that tell the two apart has no end.
    let entrance = Entrance::new(tokio::net::TcpListener::from_std(listener)?, door);
    let mut server = Server::<Peer>::from_listener(entrance).handle(handle).http1_only();
    // Without a timer hyper never gives up on a sender that dribbles its headers.
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(limits.header_timeout());
    let service = router::router(app)?.into_make_service_with_connect_info::<SocketAddr>();
    Ok(server.serve(service).await?)
}

/// As many connections as are wished for and the system has descriptors for; asks it for more first.
///
/// So descriptors cannot run out through connections: the door is closed before, and the database keeps its own.
fn connections_max(wished: u32) -> anyhow::Result<usize> {
    let wished = u64::from(wished);
    let descriptors = descriptors(wished + DESCRIPTORS_SPARED);
    let possible = possible(wished, descriptors).with_context(|| {
        format!(
            "the system lets this process have {descriptors} descriptors, too few for the database and \
             {CONNECTIONS_MIN} connections; raise the limit (LimitNOFILE=, ulimit -n)"
        )
    })?;
    if possible < wished {
        tracing::warn!(
            "the system lets this process have {descriptors} descriptors: {possible} connections at most, \
             not {wished}; raise the limit (LimitNOFILE=, ulimit -n) or lower --connections-max"
        );
    }
    Ok(usize::try_from(possible)?)
}

/// As many of `wished` connections as fit into `descriptors`; `None` if that is no number to serve with.
fn possible(wished: u64, descriptors: u64) -> Option<u64> {
    let room = descriptors.saturating_sub(DESCRIPTORS_SPARED);
    (room >= wished.min(CONNECTIONS_MIN)).then_some(wished.min(room))
}

/// How many descriptors this process may have, after asking the system for `needed`.
fn descriptors(needed: u64) -> u64 {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let granted = limit.current.unwrap_or(u64::MAX);
    if granted >= needed {
        return granted;
    }
    let more = Rlimit { current: Some(limit.maximum.map_or(needed, |most| most.min(needed))), ..limit };
    if setrlimit(Resource::Nofile, more).is_ok() { more.current.unwrap_or(granted) } else { granted }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_descriptors_for_the_rest() {
        for (wished, descriptors, expected) in [
            (10_000, u64::MAX, Some(10_000)),
            (10_000, 10_096, Some(10_000)),
            (10_000, 1_024, Some(928)),
            (10_000, 112, Some(16)),
            (10_000, 111, None),
            (10_000, 3, None),
            (2, 98, Some(2)),
            (2, 97, None),
        ] {
            assert_eq!(possible(wished, descriptors), expected, "{wished} of {descriptors}");
        }
    }
}
