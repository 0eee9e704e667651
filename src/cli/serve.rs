//! `qres serve`: run the box until a signal stops it.

use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::failure::Failure;
use super::options::ServeOptions;
use super::output::qr_code;
use crate::appliance::Appliance;
use crate::features::setup::Setup;
use crate::features::update;
use crate::platform::config::Settings;
use crate::platform::net::{Found, Listening};
use crate::platform::server::{self, Listeners};
use crate::platform::{net, observe};

pub(super) fn serve(options: &ServeOptions) -> Result<(), Failure> {
    let mut settings = options.settings()?;
    observe::start_log(&settings);
    if let Some(code) = update::launch(&settings) {
        return if code == 0 { Ok(()) } else { Err(Failure { message: String::new(), code }) };
    }
    let handed_over = HandedOver::take(&mut settings)?;
    runtime()?.block_on(async {
        let app = Appliance::open(settings).await?;
        let sockets = Sockets::take(&app.settings, handed_over).await?;
        if app.state::<Setup>().is_needed(&app.store).await? {
            app.addresses.set_listening(sockets.listening()?);
            let invitation = invitation(&app)?;
            // Where nobody reads it, the box serves all the same.
            let _ = std::io::stdout().write_all(invitation.as_bytes());
        }
        run(app, sockets).await
    })
}

/// How a new box is set up, as its console shows it. A code that its owner chose is not shown: it
/// may have been chosen because others see the console.
fn invitation(app: &Appliance) -> Result<String, Failure> {
    if let Some(code) = &app.settings.setup_code {
        app.state::<Setup>().take_code(code);
        let url = format!("{}/setup", app.addresses.open(&Found::default()));
        return Ok(format!(
            "\nThis box is new. Set it up with the setup_code of its settings:\n\n  {url}\n\n"
        ));
    }
    let code = app.state::<Setup>().new_code()?;
    let url = format!("{}/setup#{code}", app.addresses.open(&Found::default()));
    Ok(format!(
        "\nThis box is new. Set it up from a phone or a computer in the same network:\n\n  \
         {url}\n\n{}\n  Set-up code: {code}\n  It is good until the box is set up or started \
         again.\n\n",
        qr_code(&url)
    ))
}

/// How long a thread that reads files or the database waits for more work. The allocator keeps some
/// pages for each thread until it ends.
const THREAD_RESTS: Duration = Duration::from_secs(1);

/// The async runtime of the program.
pub(super) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(16)
        .thread_keep_alive(THREAD_RESTS)
        .build()
}

/// Sockets that systemd opened. They go before the settings: they are where people come to.
#[derive(Default)]
struct HandedOver {
    plain: Option<std::net::TcpListener>,
    tls: Option<std::net::TcpListener>,
}

impl HandedOver {
    fn take(settings: &mut Settings) -> std::io::Result<Self> {
        let handed_over =
            Self { plain: net::handed_over("http")?, tls: net::handed_over("https")? };
        if let Some(listener) = &handed_over.plain {
            settings.listen = listener.local_addr()?;
        }
        if let Some(listener) = &handed_over.tls {
            settings.tls_listen = Some(listener.local_addr()?);
        }
        Ok(handed_over)
    }
}

/// The addresses on which the box is served.
pub(super) struct Sockets {
    pub plain: TcpListener,
    pub tls: Option<TcpListener>,
}

impl Sockets {
    /// Takes them.
    pub async fn bind(settings: &Settings) -> Result<Self, Failure> {
        Self::take(settings, HandedOver::default()).await
    }

    async fn take(settings: &Settings, handed_over: HandedOver) -> Result<Self, Failure> {
        let plain = match handed_over.plain {
            Some(listener) => TcpListener::from_std(listener)?,
            None => bind(settings.listen, "--listen").await?,
        };
        let tls = match (handed_over.tls, settings.tls_listen) {
            (Some(listener), _) => Some(TcpListener::from_std(listener)?),
            (None, Some(address)) => Some(bind(address, "--tls-listen").await?),
            (None, None) => None,
        };
        Ok(Self { plain, tls })
    }

    /// Where they are.
    pub fn listening(&self) -> std::io::Result<Listening> {
        let tls = self.tls.as_ref().map(TcpListener::local_addr).transpose()?;
        Ok(Listening { plain: self.plain.local_addr()?, tls })
    }
}

async fn bind(address: SocketAddr, option: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Failure::failed(format!(
            "Nothing can be served on {address}: {error}. Choose another address with {option}."
        ))
    })
}

/// Each connection takes a file descriptor, and 1024 is what a shell gives.
const DESCRIPTORS: u64 = 8192;

fn allow_connections() {
    let now = getrlimit(Resource::Nofile);
    let wanted = now.maximum.map_or(DESCRIPTORS, |most| most.min(DESCRIPTORS));
    if now.current.is_some_and(|current| current < wanted) {
        // Where it may not, fewer connections are open at once.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), ..now });
    }
}

/// Serves an open box until SIGTERM or SIGINT.
pub(super) async fn run(app: Appliance, sockets: Sockets) -> Result<(), Failure> {
    allow_connections();
    let Sockets { plain, tls } = sockets;
    tracing::info!(address = %plain.local_addr()?, restaurant = %app.site().name, "open");
    if let Some(tls) = &tls {
        tracing::info!(address = %tls.local_addr()?, "open for staff, by HTTPS");
    }
    let stop = CancellationToken::new();
    let (terminate, interrupt) = (SignalKind::terminate(), SignalKind::interrupt());
    let signals = Signals {
        terminate: signal(terminate)?,
        interrupt: signal(interrupt)?,
        hang_up: signal(SignalKind::hangup())?,
    };
    tokio::spawn(signals.mind(app.clone(), stop.clone()));
    let watched = app.clone();
    net::ready(move || watched.health.check().is_ok(), stop.clone());
    let plain = match update::Trial::of_this_process() {
        Some(trial) => stand(&trial, &app, plain, &stop).await?,
        None => plain,
    };
    let (restart, data) = (app.restart.clone(), app.settings.data_dir.clone());
    app.serve(plain, tls, stop).await?;
    observe::flush();
    // A service manager starts the program again by itself.
    if restart.is_cancelled() && std::env::var_os("NOTIFY_SOCKET").is_none() {
        return Err(start_anew(&data));
    }
    tracing::info!("stopped");
    Ok(())
}

/// Stands a trial: serves nothing but its health until it is decided that this version stays.
/// Whoever comes by HTTPS meanwhile waits to be taken in.
async fn stand(
    trial: &update::Trial,
    app: &Appliance,
    plain: TcpListener,
    stop: &CancellationToken,
) -> Result<TcpListener, Failure> {
    let (address, plain) = (plain.local_addr()?, plain.into_std()?);
    let listeners = Listeners { plain: TcpListener::from_std(plain.try_clone()?)?, tls: None };
    let decided = stop.child_token();
    let service = app.service_on_trial();
    let serving = tokio::spawn(server::serve(service, listeners, decided.clone()));
    let watching = tokio::spawn(observe::watch((**app).clone()));
    let passed = stop.run_until_cancelled(trial.pass(&app.store, address)).await;
    watching.abort();
    decided.cancel();
    let _ = serving.await;
    passed.transpose()?;
    Ok(TcpListener::from_std(plain)?)
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
        .env_remove(update::WELL)
        .exec();
    Failure::failed(format!("The box cannot start anew: {error}. Start it by hand."))
}

struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hang_up: Signal,
}

impl Signals {
    async fn mind(mut self, app: Appliance, stop: CancellationToken) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => break,
                _ = self.interrupt.recv() => break,
                _ = self.hang_up.recv() => {
                    if update::is_waiting(&app.settings) {
                        app.restart.cancel();
                        continue;
                    }
                    tracing::info!("SIGHUP: the certificate is read again");
                    if let Some(tls) = &app.tls {
                        tls.reload();
                    }
                }
            }
        }
        tracing::info!("stopping");
        net::stopping();
        stop.cancel();
    }
}
