//! Work that gives way: threads of a lower priority, so that who answers never waits for who exports.

use std::io;
use std::sync::LazyLock;

use thread_priority::ThreadPriority;
use thread_priority::unix::thread_native_id;
use thread_priority::unix::{
    NormalThreadSchedulePolicy, ThreadSchedulePolicy, set_thread_priority_and_policy,
};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{self, JoinError};

/// A thread that stands back can never come forth again, so these are nobody else's.
static THREADS: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("parere-behind")
        .on_thread_start(stand_back)
        .build()
});

tokio::task_local! {
    static GIVES_WAY: ();
}

/// Runs `future` as one that gives way: what it does on threads, by [`run`], it does on those.
pub(crate) async fn all<T>(future: impl Future<Output = T>) -> T {
    GIVES_WAY.scope((), future).await
}

/// Does `future` in a task of its own, which gives way if the caller does.
pub(crate) fn spawn(future: impl Future<Output = ()> + Send + 'static) {
    if gives_way() {
        tokio::spawn(all(future));
    } else {
        tokio::spawn(future);
    }
}

/// Runs `work` on a thread where it may block, one that gives way if the caller does.
///
/// # Errors
///
/// When `work` panicked.
pub(crate) async fn run<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    match &*THREADS {
        Ok(threads) if gives_way() => threads.spawn_blocking(work).await,
        // Without threads of its own it stands beside the rest, as it would on a system that knows no priorities.
        _ => task::spawn_blocking(work).await,
    }
}

fn gives_way() -> bool {
    GIVES_WAY.try_with(|()| ()).is_ok()
}

/// `SCHED_IDLE`, for niceness is not enough: a thread that is only nicer ends its slice, milliseconds, before one that
/// has to write an answer gets the core.
fn stand_back() {
    let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
    if let Err(error) = set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, idle) {
        tracing::debug!("exports run at the priority of all else: {error:?}");
    }
}

#[cfg(test)]
mod tests {
    use thread_priority::unix::thread_schedule_policy;

    use super::*;

    #[tokio::test]
    async fn who_gives_way_stands_back_and_nobody_else_does() {
        let policy = || thread_schedule_policy().unwrap();
        let idle = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
        assert_eq!(all(run(policy)).await.unwrap(), idle);
        assert_ne!(run(policy).await.unwrap(), idle);
    }
}
