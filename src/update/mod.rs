//! A new version of the program: signed, unpacked beside the one that runs, tried for a minute,
//! and taken back by itself, data too, when it does not become well.
//!
//! Nothing here needs root: versions lie in the data folder, and the program that the package
//! installed starts the one that is current.

mod bundle;
mod launch;
mod state;
mod store;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::backup;
use crate::config::Settings;
use crate::error::{Error, Result};
use crate::store::holder;

pub use bundle::Version;
pub use launch::{LAUNCHED_BY, launch, tell_that_it_is_well};
pub use state::{Outcome, State};

use state::Trial;

/// How long it may take beyond the trial until the outcome is known: stopping, a backup brought
/// back, starting.
const SETTLING: Duration = Duration::from_mins(2);

/// Whether this box knows whose updates it takes in.
pub fn knows_publisher(settings: &Settings) -> bool {
    bundle::key(settings).is_ok()
}

/// Where versions lie.
pub(crate) fn folder(settings: &Settings) -> PathBuf {
    settings.data_dir.join("versions")
}

/// What came of an update.
#[derive(Debug)]
pub enum Updated {
    /// The box runs and was switched; this is how it went.
    Now(Outcome),
    /// The box does not run; the version is tried when it starts.
    AtNextStart(Version),
}

/// Takes in a bundle and switches the box over to it. `now` does so in a rush too.
///
/// # Errors
/// When the bundle is not ours, is older than what was here, or people are being served.
pub fn update(settings: &Settings, bundle: &Path, now: bool) -> Result<Updated> {
    let key = bundle::key(settings)?;
    let offered = bundle::read(bundle, &key)?;
    let folder = folder(settings);
    let mut state = State::load(&folder)?;
    let newest = state.newest();
    if offered.version <= newest {
        let detail = format!(
            "The bundle holds version {}, and this box had {newest} already. Only newer versions \
             are taken. Nothing was changed.",
            offered.version
        );
        return Err(Error::rule("update_older", detail));
    }
    if state.trial.is_some() {
        let detail = "Another version is being tried right now. Wait until it is decided.";
        return Err(Error::conflict("update_running", detail));
    }
    if !now {
        nobody_is_disturbed(settings)?;
    }
    bundle::unpack(bundle, &key, &folder)?;
    let (backup, manifest) = backup::keep(settings, "before-update", &|_, _, _| Ok(()))?;
    state.trial = Some(Trial {
        version: offered.version,
        backup,
        last_event: manifest.last_event,
        was_begun: false,
    });
    state.save(&folder)?;
    let Some(pid) = holder(&settings.data_dir) else {
        return Ok(Updated::AtNextStart(offered.version));
    };
    ask_to_start_anew(pid)?;
    outcome(settings, &folder).map(Updated::Now)
}

fn ask_to_start_anew(pid: i32) -> Result<()> {
    let pid = rustix::process::Pid::from_raw(pid);
    let asked = pid.map(|pid| rustix::process::kill_process(pid, rustix::process::Signal::HUP));
    if let Some(Ok(())) = asked {
        return Ok(());
    }
    let detail = "The box could not be asked to start anew. Restart it: the new version is tried \
                  then.";
    Err(Error::rule("update_waits", detail))
}

fn outcome(settings: &Settings, folder: &Path) -> Result<Outcome> {
    let patience = Duration::from_secs(settings.update_trial_seconds) + SETTLING;
    let began = Instant::now();
    while began.elapsed() < patience {
        let state = State::load(folder)?;
        if let (None, Some(last)) = (state.trial, state.last) {
            return Ok(last);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let detail = "The outcome is not known yet. See `qres doctor` and the box's log.";
    Err(Error::rule("update_unknown", detail))
}

/// Whether a new version waits to be tried: the box starts anew for it.
pub fn is_waiting(settings: &Settings) -> bool {
    State::load(&folder(settings)).is_ok_and(|state| state.trial.is_some())
}

/// How the last trial ended, if there was one.
pub fn last(settings: &Settings) -> Option<Outcome> {
    State::load(&folder(settings)).ok()?.last
}

/// Refuses in a rush: outside of the hours that are set, and while orders are open.
fn nobody_is_disturbed(settings: &Settings) -> Result<()> {
    let house = store::house(&settings.data_dir)?;
    if house.open_orders > 0 {
        let detail = format!(
            "{} orders are open. Update when the guests have left, or with --now. Nothing was \
             changed.",
            house.open_orders
        );
        return Err(Error::conflict("update_in_rush", detail).with("orders", house.open_orders));
    }
    let Some(hours) = settings.update_hours else { return Ok(()) };
    if hours.hold(house.hour) {
        return Ok(());
    }
    let detail = format!(
        "Updates are made from {} to {} o'clock; it is {} now. Come back then, or use --now. \
         Nothing was changed.",
        hours.from, hours.until, house.hour
    );
    Err(Error::conflict("update_in_rush", detail))
}
