//! `qres serve`: run the box until a signal stops it.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};

use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::{Failure, ServeOptions};
use crate::app::App;
use crate::config::Settings;
use crate::{net, update};

pub(super) fn serve(options: &ServeOptions) -> Result<(), Failure> {
    let mut settings = options.settings()?;
    start_log(&settings);
    if let Some(code) = update::launch(&settings) {
        return if code == 0 { Ok(()) } else { Err(Failure { message: String::new(), code }) };
    }
    // A socket that systemd opened goes before the settings: it is where people come to.
    let handed_over = net::handed_over("http")?;
    if let Some(listener) = &handed_over {
        settings.listen = listener.local_addr()?;
    }
    runtime()?.block_on(async {
        let app = App::open(settings).await?;
        let listener = match handed_over {
            Some(listener) => TcpListener::from_std(listener)?,
            None => bind(app.settings.listen, options.tls_listen).await?,
        };
        run(app, listener).await
    })
}

/// The async runtime of the program.
pub(super) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().max_blocking_threads(16).build()
}

/// Takes the address on which the box is served.
pub(super) async fn bind(
    address: SocketAddr,
    tls: Option<SocketAddr>,
) -> Result<TcpListener, Failure> {
    if let Some(tls) = tls {
        tracing::warn!(address = %tls, "this version serves plain HTTP only: no HTTPS");
    }
    TcpListener::bind(address)
        .await
        .map_err(|error| Failure::failed(format!("Nothing can be served on {address}: {error}.")))
}

/// Serves an open box until SIGTERM or SIGINT.
pub(super) async fn run(app: App, listener: TcpListener) -> Result<(), Failure> {
    tracing::info!(address = %listener.local_addr()?, restaurant = %app.site.name, "open");
    let stop = CancellationToken::new();
    let (terminate, interrupt) = (SignalKind::terminate(), SignalKind::interrupt());
    let hang_up = signal(SignalKind::hangup())?;
    let signals = (signal(terminate)?, signal(interrupt)?, hang_up);
    tokio::spawn(mind_signals(app.clone(), signals, stop.clone()));
    net::ready(app.store.clone(), stop.clone());
    tokio::spawn(update::tell_that_it_is_well(listener.local_addr()?));
    let (restart, data) = (app.restart.clone(), app.settings.data_dir.clone());
    app.serve(listener, stop).await?;
    // A service manager starts the program again by itself.
    if restart.is_cancelled() && std::env::var_os("NOTIFY_SOCKET").is_none() {
        return Err(start_anew(&data));
    }
    tracing::info!("stopped");
    Ok(())
}

/// Tells a demo that starts anew which throw-away folder is its own.
pub(super) const DEMO_FOLDER: &str = "QRES_DEMO_FOLDER";

/// Puts a new run of the program in the place of this one. Returns only when that fails.
fn start_anew(data: &Path) -> Failure {
    tracing::info!("starting anew");
    let mut arguments = std::env::args_os();
    let name = arguments.next().unwrap_or_default();
    // The installed program decides which version runs.
    let installed = std::env::var_os(update::LAUNCHED_BY).map(PathBuf::from);
    let own = || std::env::current_exe().unwrap_or_else(|_| name.into());
    let program = installed.unwrap_or_else(own);
    let error = std::process::Command::new(program)
        .args(arguments)
        .env(DEMO_FOLDER, data)
        .env_remove(update::LAUNCHED_BY)
        .exec();
    Failure::failed(format!("The box cannot start anew: {error}. Start it by hand."))
}

async fn mind_signals(
    app: App,
    (mut terminate, mut interrupt, mut hang_up): (Signal, Signal, Signal),
    stop: CancellationToken,
) {
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hang_up.recv() => if update::is_waiting(&app.settings) {
                app.restart.cancel();
            } else {
                tracing::info!("SIGHUP: there is nothing to reload");
            },
        }
    }
    tracing::info!("stopping");
    net::stopping();
    stop.cancel();
}

/// Logs to the journal under systemd, else to stderr.
pub(super) fn start_log(settings: &Settings) {
    let filter = EnvFilter::try_new(settings.log_level.to_lowercase())
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let under_systemd = std::env::var_os("JOURNAL_STREAM").is_some();
    let journal = under_systemd.then(tracing_journald::layer).and_then(Result::ok);
    let colored = std::io::stderr().is_terminal();
    let format = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colored);
    let result = match (journal, settings.json_logs) {
        (Some(journal), _) => registry.with(journal).try_init(),
        (None, true) => registry.with(format.json()).try_init(),
        (None, false) => registry.with(format).try_init(),
    };
    // A second start in the same process keeps the first log.
    let _ = result;
}
