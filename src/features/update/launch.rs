//! Which version runs: the installed program starts the current one in its own place. One that is
//! to be tried it starts as a child, and takes everything back when that does not become well.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::signal::unix::{SignalKind, signal};

use super::bundle::{self, PROGRAM};
use super::state::{Outcome, State, Trial};
use super::trial::WELL;
use super::{Version, folder, way_back};
use crate::core::clock;
use crate::core::error::{Error, Result};
use crate::platform::config::Settings;

/// Names the installed program to a version that it started.
pub const LAUNCHED_BY: &str = "QRES_LAUNCHED_BY";
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
    if state.trial.is_none() {
        tidy(&folder, &state);
    }
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
    command.args(std::env::args_os().skip(1)).env(LAUNCHED_BY, own).env_remove(WELL);
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
    let held = match way_back::prepare(settings, folder) {
        Ok(held) => held,
        Err(error) => {
            let detail = format!("It was not tried, for there is no way back: {error}");
            conclude(folder, state, version, false, &detail)?;
            return Ok(None);
        }
    };
    // Durable before it is started: a version that takes the whole machine down is known too.
    state.trial = Some(Trial { was_begun: true, held: Some(held), ..trial });
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
            let (current, newest) = (state.current, state.newest);
            state.current = Some(version);
            state.newest = Some(version.max(state.newest()));
            if let Err(error) = conclude(folder, state, version, true, "The new version is well.") {
                // It was told nothing yet, so it accepted nothing.
                end(&mut child);
                (state.current, state.newest) = (current, newest);
                take_back(settings, folder, state, &trial, &error.to_string())?;
                return Ok(None);
            }
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
    // It is not run again, and the way back may need the space.
    let _ = fs::remove_dir_all(folder.join(trial.version.to_string()));
    let data = way_back::go(settings, folder, trial).unwrap_or_else(|error| error.to_string());
    let detail = format!("{why} The old version runs again. {data}");
    conclude(folder, state, trial.version, false, &detail)
}

fn conclude(
    folder: &Path,
    state: &mut State,
    version: Version,
    is_well: bool,
    detail: &str,
) -> Result<()> {
    state.trial = None;
    state.last = Some(Outcome { version, is_well, detail: detail.into(), at: clock::now() });
    state.save(folder)?;
    // A version that waits for the decision goes on when this is gone: it is durable now.
    let _ = fs::remove_file(folder.join("well"));
    tidy(folder, state);
    Ok(())
}

/// Removes versions that are neither run nor could be again, and what only a trial needs; also what
/// an update left that was cut off.
fn tidy(folder: &Path, state: &State) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let version = name.to_str().and_then(Version::parse);
        let is_old = version.is_some_and(|version| state.current != Some(version));
        if is_old || name == bundle::DRAFT {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    way_back::forget_copy(folder);
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
