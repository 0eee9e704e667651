//! Work for which nobody stands at a table: a year's report, a photo, a file that comes in, a menu
//! that is packed anew. It has threads of its own and of a low priority, so that on a busy box an
//! order goes first and the work takes what is left.

use tokio::sync::{Semaphore, oneshot};

use crate::core::error::{Error, Result};

/// How many run at once; the others wait for their turn.
const AT_ONCE: usize = 4;
/// So far behind goes work in the background: while both want the processor, it has a tenth of what
/// a thread that serves has.
pub const BEHIND: i32 = 10;

static TURNS: Semaphore = Semaphore::const_new(AT_ONCE);

/// Does it, and comes back with what came of it. Once begun it is done to its end: a caller who
/// hangs up does not stop it.
///
/// # Errors
/// When it panics, or the system gives no thread.
pub async fn in_background<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let (caller, answer) = oneshot::channel();
    begin(Box::new(move || drop(caller.send(work())))).await?;
    answer.await.map_err(|_| Error::internal("work in the background panicked"))
}

async fn begin(work: Box<dyn FnOnce() + Send>) -> Result<()> {
    let turn = TURNS.acquire().await.map_err(Error::internal)?;
    let job = move || {
        let _turn = turn;
        go_behind(BEHIND);
        work();
    };
    let thread = std::thread::Builder::new().name("qres-background".into());
    thread.spawn(job).map(drop).map_err(Error::internal)
}

/// Lowers the priority of the thread that calls, for as long as it lives: by 1 to 19, each a fifth
/// less of the processor than the one before.
pub fn go_behind(steps: i32) {
    // Where it cannot be had, the work is only less polite.
    let _ = rustix::process::nice(steps);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nice() -> i32 {
        rustix::process::getpriority_process(None).unwrap()
    }

    #[tokio::test]
    async fn work_goes_behind_those_who_serve() {
        let before = nice();
        let there = in_background(nice).await.unwrap();
        assert_eq!(there, (before + BEHIND).min(19));
        assert_eq!(nice(), before);
    }

    #[tokio::test]
    async fn work_that_panics_is_told_of_and_its_turn_is_given_back() {
        for _ in 0..2 * AT_ONCE {
            let panicked = in_background(|| assert_eq!(1, 2)).await;
            assert!(panicked.is_err());
        }
        assert_eq!(in_background(|| 7).await.unwrap(), 7);
    }

    #[tokio::test]
    async fn no_more_than_a_few_run_at_once() {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static RUNNING: AtomicUsize = AtomicUsize::new(0);
        let work = || {
            let now = RUNNING.fetch_add(1, Ordering::SeqCst) + 1;
            std::thread::yield_now();
            RUNNING.fetch_sub(1, Ordering::SeqCst);
            now
        };
        let all: Vec<_> = (0..50).map(|_| tokio::spawn(in_background(work))).collect();
        for one in all {
            assert!(one.await.unwrap().unwrap() <= AT_ONCE);
        }
    }
}
