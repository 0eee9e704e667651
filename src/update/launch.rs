//! Which version runs: the installed program starts the current one in its own place. One that is
//! to be tried it starts as a child, and takes everything back when that does not become well.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::signal::unix::{SignalKind, signal};

use super::bundle::{self, PROGRAM};
use super::state::{Outcome, State, Trial};
use super::{Version, folder, store::where_it_stands};
use crate::backup::{self, Passphrase, Place, Shelf};
use crate::clock;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::store::{DataFolder, newest_schema};

/// Names the installed program to a version that it started.
pub const LAUNCHED_BY: &str = "QRES_LAUNCHED_BY";
/// Names the file by which a version on trial tells that it is well.
const WELL: &str = "QRES_UPDATE_WELL";
/// How long a child may take to answer what it has when its trial is over.
const PATIENCE: Duration = Duration::from_secs(6);

/// Runs the version that is to be run, if it is another than this one. Returns the exit code of a
/// child that ran, or nothing when this program is to serve by itself.
pub fn launch(settings: &Settings) -> Option<u8> {
    if std::env::var_os(LAUNCHED_BY).is_some() {
        return None;
    }
    let folder = folder(settings);
    let mut state = match State::load(&folder) {
        Ok(state) => state,
        Err(error) => {
            tracing::error!(%error, "the versions cannot be read; the installed one runs");
            return None;
        }
    };
    if let Some(trial) = state.trial.take() {
        match try_out(settings, &folder, &mut state, trial) {
            Ok(Some(code)) => return Some(code),
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "the update failed"),
        }
    }
    let version = state.to_run()?;
    let error = start(settings, &folder, version).map(|mut command| command.exec());
    tracing::error!(?error, %version, "the version cannot be run; the installed one runs");
    None
}

/// What starts a version with the arguments of this program.
fn start(settings: &Settings, folder: &Path, version: Version) -> Result<Command> {
    let place = folder.join(version.to_string());
    if !bundle::is_genuine(&place, &bundle::key(settings)?) {
        let detail = format!("Version {version} is not as it was signed, so it is not run.");
        return Err(Error::rule("update_not_ours", detail));
    }
    let own = std::env::current_exe().map_err(Error::internal)?;
    let mut command = Command::new(place.join(PROGRAM));
    command.args(std::env::args_os().skip(1)).env(LAUNCHED_BY, own);
    Ok(command)
}

/// Tries a version. The exit code when it was well and has ended; nothing when it was taken back.
fn try_out(
    settings: &Settings,
    folder: &Path,
    state: &mut State,
    trial: Trial,
) -> Result<Option<u8>> {
    let (version, well) = (trial.version, folder.join("well"));
    let _ = fs::remove_file(&well);
    if trial.was_begun {
        let why = "The box went off while the version was tried.";
        take_back(settings, folder, state, &trial, why)?;
        return Ok(None);
    }
    // Durable before it is started: a version that takes the whole machine down is known too.
    state.trial = Some(Trial { was_begun: true, ..trial });
    state.save(folder)?;
    let Some(trial) = state.trial.take() else { return Ok(None) };
    let started = start(settings, folder, version).and_then(|mut command| {
        // Sockets that systemd opened are the child's now, whatever its number.
        command.env(WELL, &well).env_remove("LISTEN_PID");
        command.spawn().map_err(Error::internal)
    });
    let mut child = match started {
        Ok(child) => child,
        Err(error) => {
            take_back(settings, folder, state, &trial, &error.to_string())?;
            return Ok(None);
        }
    };
    match becomes_well(&mut child, &well, settings.update_trial_seconds) {
        Ok(()) => {
            state.current = Some(version);
            state.newest = Some(version.max(state.newest()));
            conclude(folder, state, version, true, "The new version is well.")?;
            Ok(Some(mind(child)))
        }
        Err(why) => {
            end(&mut child);
            take_back(settings, folder, state, &trial, &why)?;
            Ok(None)
        }
    }
}

fn becomes_well(child: &mut Child, well: &Path, seconds: u64) -> Result<(), String> {
    let began = Instant::now();
    while began.elapsed() < Duration::from_secs(seconds) {
        if well.exists() {
            return Ok(());
        }
        if let Ok(Some(status)) = child.try_wait() {
            return Err(format!("The new version ended by itself ({status})."));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(format!("The new version was not well within {seconds} s."))
}

fn end(child: &mut Child) {
    if let Some(pid) = pid_of(child) {
        let _ = kill_process(pid, Signal::TERM);
    }
    let began = Instant::now();
    while began.elapsed() < PATIENCE {
        if matches!(child.try_wait(), Ok(Some(_))) {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn pid_of(child: &Child) -> Option<Pid> {
    Pid::from_raw(i32::try_from(child.id()).ok()?)
}

/// Puts the old version in its place, and the data as they were before the new one touched them.
fn take_back(
    settings: &Settings,
    folder: &Path,
    state: &mut State,
    trial: &Trial,
    why: &str,
) -> Result<()> {
    tracing::error!(version = %trial.version, why, "the update is taken back");
    let data = match data_back(settings, trial) {
        Ok(true) => "The data are as they were before.".to_owned(),
        Ok(false) => "Orders came in meanwhile; the data stay as they are.".to_owned(),
        Err(error) => format!("The data could not be put back: {error}"),
    };
    let detail = format!("{why} The old version runs again. {data}");
    conclude(folder, state, trial.version, false, &detail)
}

/// Brings the backup back. Not where orders came in since and the old version can read them: they
/// were accepted, and an accepted order is not lost.
fn data_back(settings: &Settings, trial: &Trial) -> Result<bool> {
    let lock = DataFolder::lock(&settings.data_dir)
        .map_err(|error| Error::conflict("data_in_use", error.to_string()))?;
    if let Ok((last_event, schema)) = where_it_stands(&settings.data_dir)
        && last_event > trial.last_event
        && schema <= newest_schema()
    {
        return Ok(false);
    }
    let place = Place::of(settings);
    let file = Shelf::of(&place).find(&trial.backup)?;
    let passphrase = Passphrase::of(settings)?;
    backup::prepare(&file, passphrase.as_ref(), &place, &|_, _, _| Ok(()))?.commit()?;
    drop(lock);
    DataFolder::lock(&settings.data_dir)
        .map_err(|error| Error::conflict("data_in_use", error.to_string()))?;
    Ok(true)
}

fn conclude(
    folder: &Path,
    state: &mut State,
    version: Version,
    is_well: bool,
    detail: &str,
) -> Result<()> {
    let _ = fs::remove_file(folder.join("well"));
    state.trial = None;
    state.last = Some(Outcome { version, is_well, detail: detail.into(), at: clock::now() });
    state.save(folder)?;
    forget_others(folder, state);
    Ok(())
}

/// Versions that are neither run nor could be again are removed.
fn forget_others(folder: &Path, state: &State) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let version = entry.file_name().to_str().and_then(Version::parse);
        if version.is_some_and(|version| state.current != Some(version)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Stays behind a version that was tried, for systemd knows us and not it: hands signals on, and
/// ends as it ends. From the next start on it runs alone.
fn mind(mut child: Child) -> u8 {
    let pid = pid_of(&child);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    if let (Some(pid), Ok(runtime)) = (pid, &runtime) {
        for (kind, handed_on) in [
            (SignalKind::terminate(), Signal::TERM),
            (SignalKind::interrupt(), Signal::INT),
            (SignalKind::hangup(), Signal::HUP),
        ] {
            runtime.spawn(async move {
                let Ok(mut heard) = signal(kind) else { return };
                while heard.recv().await.is_some() {
                    let _ = kill_process(pid, handed_on);
                }
            });
        }
    }
    wait(&mut child)
}

fn wait(child: &mut Child) -> u8 {
    let status = child.wait().ok().and_then(|status| status.code());
    status.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}

/// Tells the one who tries this version out that it is well: it answers its own port, and its store
/// commits. Does nothing when nobody tries.
pub async fn tell_that_it_is_well(address: SocketAddr) {
    let Some(file) = std::env::var_os(WELL).map(PathBuf::from) else { return };
    let local = if address.ip().is_unspecified() {
        SocketAddr::from(([127, 0, 0, 1], address.port()))
    } else {
        address
    };
    loop {
        let answers = tokio::task::spawn_blocking(move || answers(local)).await;
        if answers.is_ok_and(|answers| answers) {
            let _ = fs::write(&file, "well\n");
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn answers(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(
            b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        )?;
        let mut reply = String::new();
        stream.take(4096).read_to_string(&mut reply)?;
        Ok(reply)
    };
    ask().is_ok_and(|reply| reply.starts_with("HTTP/1.1 200 "))
}
