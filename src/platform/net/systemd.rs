//! What systemd and a box tell each other: sockets that it opened for us, that we are ready, that
//! we are still well, that we stop. Without systemd all of it does nothing.

use std::net::TcpListener;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use listenfd::ListenFd;
use sd_notify::NotifyState;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

/// The sockets that were handed over, in the order of their names.
static HANDED_OVER: LazyLock<(Vec<String>, Mutex<ListenFd>)> = LazyLock::new(|| {
    let names = std::env::var("LISTEN_FDNAMES").unwrap_or_default();
    let names = names.split(':').map(str::to_owned).collect();
    (names, Mutex::new(ListenFd::from_env()))
});

/// The listening socket that systemd opened under this name (`http`, `https`). It stays open while
/// the box starts anew, so that nobody who comes meanwhile is turned away.
///
/// # Errors
/// When what was handed over is no TCP socket.
pub fn handed_over(name: &str) -> std::io::Result<Option<TcpListener>> {
    let (names, sockets) = &*HANDED_OVER;
    let mut sockets = sockets.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(place) = names.iter().position(|known| known == name) else { return Ok(None) };
    let Some(listener) = sockets.take_tcp_listener(place)? else { return Ok(None) };
    listener.set_nonblocking(true)?;
    Ok(Some(listener))
}

/// Tells that requests are answered now, and goes on to tell so while the box is well. When it is
/// not, nothing is told, and systemd starts the box anew.
pub fn ready(is_well: impl Fn() -> bool + Send + 'static, stop: CancellationToken) {
    tell(&[NotifyState::Ready, NotifyState::Status("serving")]);
    let Some(patience) = sd_notify::watchdog_enabled() else { return };
    tokio::spawn(stop.run_until_cancelled_owned(feed(is_well, patience / 3)));
}

async fn feed(is_well: impl Fn() -> bool, every: Duration) {
    let mut tick = interval(every);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        if is_well() {
            tell(&[NotifyState::Watchdog]);
        }
    }
}

/// Tells that the box stops.
pub fn stopping() {
    tell(&[NotifyState::Stopping, NotifyState::Status("stopping")]);
}

fn tell(words: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(words) {
        tracing::warn!(%error, "the service manager does not hear us");
    }
}
