//! `qres serve`: run the box until a signal stops it.

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::Failure;
use crate::app::App;
use crate::config::Settings;

pub(super) fn serve(settings: Settings) -> Result<(), Failure> {
    start_log(&settings);
    runtime()?.block_on(async {
        let app = App::open(settings).await?;
        run(app).await
    })
}

/// The async runtime of the program.
pub(super) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(16).build()
}

/// Serves an open box until SIGTERM or SIGINT.
pub(super) async fn run(app: App) -> Result<(), Failure> {
    let address = app.settings.listen;
    let listener = TcpListener::bind(address).await.map_err(|error| Failure {
        message: format!("Nothing can be served on {address}: {error}."),
        code: 1,
    })?;
    tracing::info!(%address, restaurant = %app.site.name, "open");
    let stop = CancellationToken::new();
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stopper = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
        tracing::info!("stopping");
        stopper.cancel();
    });
    app.serve(listener, stop).await?;
    tracing::info!("stopped");
    Ok(())
}

/// Logs to the journal under systemd, else to stderr.
pub(super) fn start_log(settings: &Settings) {
    let filter = EnvFilter::try_new(settings.log_level.to_lowercase())
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let under_systemd = std::env::var_os("JOURNAL_STREAM").is_some();
    let journal = under_systemd.then(tracing_journald::layer).and_then(Result::ok);
    let format = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let result = match (journal, settings.json_logs) {
        (Some(journal), _) => registry.with(journal).try_init(),
        (None, true) => registry.with(format.json()).try_init(),
        (None, false) => registry.with(format).try_init(),
    };
    // A second start in the same process keeps the first log.
    let _ = result;
}
