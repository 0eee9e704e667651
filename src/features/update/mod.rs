//! A new version of the program: signed, unpacked beside the one that runs, tried for a minute,
//! and taken back by itself, data too, when it does not become well. Nothing is accepted between the
//! copy of the data that it would go back to and the decision that it stays.
//!
//! Nothing here needs root: versions lie in the data folder, and the program that the package
//! installed starts the one that is current.

mod bundle;
mod feature;
mod launch;
mod state;
mod store;
mod trial;
mod way_back;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::core::error::{Error, Result};
use crate::core::store::{database_size, enough_space, holder};
use crate::features::backup;
use crate::platform::config::Settings;

pub use bundle::Version;
pub use feature::feature;
pub use launch::{LAUNCHED_BY, launch};
pub use state::{Outcome, State};
pub use trial::{Trial, WELL};

/// How long it may take beyond the trial until the outcome is known: stopping, copying the database,
/// putting it back, starting.
const SETTLING: Duration = Duration::from_mins(5);

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
    // The copy for the way back is made right before the trial; that it fits is known here.
    fs::create_dir_all(&folder).map_err(Error::internal)?;
    let copy = database_size(&settings.data_dir);
    let room = |bytes| enough_space(&[(folder.as_path(), bytes), (folder.as_path(), copy)]);
    room(0)?;
    let (backup, _) = backup::keep(settings, "before-update", &|_, _, _| Ok(()))?;
    bundle::unpack(bundle, &key, &folder, &room)?;
    let arranged = arrange(settings, &folder, &mut state, (offered.version, backup), now);
    if let Err(error) = arranged {
        // What is not going to be tried takes no space.
        let _ = fs::remove_dir_all(folder.join(offered.version.to_string()));
        return Err(error);
    }
    let Some(pid) = holder(&settings.data_dir) else {
        return Ok(Updated::AtNextStart(offered.version));
    };
    ask_to_start_anew(pid)?;
    outcome(settings, &folder).map(Updated::Now)
}

/// Makes it durable that a version is to be tried.
fn arrange(
    settings: &Settings,
    folder: &Path,
    state: &mut State,
    (version, backup): (Version, String),
    now: bool,
) -> Result<()> {
    if !now {
        // Making the backup took its time: people may have come.
        nobody_is_disturbed(settings)?;
    }
    state.trial = Some(state::Trial { version, backup, was_begun: false, held: None });
    state.save(folder)
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
