//! From the listener to the last request: who is let in, how long they may take, and how it ends.

use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum_server::Handle;
use hyper_util::rt::TokioTimer;

use crate::app::App;
use crate::config::LimitOptions;
use crate::door::Door;
use crate::router;

/// How long requests that run at shutdown may take to end.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// Descriptors for everything that is no connection: the database, its log, standard output, files being exported.
const DESCRIPTORS_SPARED: u64 = 64;

/// Serves until `shutdown`, then takes no more: readiness off, the time to be noticed, requests ended.
pub async fn serve(
    app: App,
    listener: TcpListener,
    limits: &LimitOptions,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> anyhow::Result<()> {
    let handle = Handle::new();
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
    let in_all_max = connections_max(limits.connections_max);
    let from_one_max = limits.is_strict().then_some(limits.connections_per_client as usize);
    let door = Door::new(in_all_max, from_one_max, app.client.clone(), app.metrics.clone());
    listener.set_nonblocking(true)?;
    // Where HTTP/2 is possible, too, the wait for the first bytes that tell the two apart has no end.
    let mut server = axum_server::from_tcp(listener)?.handle(handle).acceptor(door).http1_only();
    // Without a timer hyper never gives up on a sender that dribbles its headers.
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(limits.header_timeout());
    let service = router::router(app)?.into_make_service_with_connect_info::<SocketAddr>();
    Ok(server.serve(service).await?)
}

/// As many connections as are wished for and the system has descriptors for; asks it for more first.
fn connections_max(wished: u32) -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let needed = u64::from(wished) + DESCRIPTORS_SPARED;
    let limit = getrlimit(Resource::Nofile);
    let granted = |limit: &Rlimit| limit.current.unwrap_or(u64::MAX);
    let mut descriptors = granted(&limit);
    if descriptors < needed {
        let more = Rlimit { current: Some(limit.maximum.map_or(needed, |most| most.min(needed))), ..limit };
        if setrlimit(Resource::Nofile, more).is_ok() {
            descriptors = granted(&more);
        }
    }
    let possible = descriptors.saturating_sub(DESCRIPTORS_SPARED).max(1);
    if possible < wished.into() {
        tracing::warn!(
            "the system lets this process have {descriptors} descriptors: {possible} connections at most, \
             not {wished}; raise the limit (LimitNOFILE=) or lower --connections-max"
        );
    }
    usize::try_from(possible.min(wished.into())).unwrap_or(usize::MAX)
}
