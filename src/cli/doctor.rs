//! `qres doctor` and `qres migrate`: is the box well, and is its database of this version.

use std::path::Path;

use clap::Args;
use serde::Serialize;
use serde_json::json;

use super::door_checks::{UNSEEN, of_door};
use super::{Failure, Place, serve, tell};
use crate::backup::{self, Shelf};
use crate::clock::{self, EARLIEST};
use crate::config::Settings;
use crate::kernel::Timestamp;
use crate::observe;
use crate::store::{self, DataFolder, Inspection, Store};
use crate::update;

/// Below this much free space a busy evening and a backup may not fit, in MiB.
const ENOUGH_FREE: u64 = 256;
/// How far behind the newest event the clock may be, in minutes.
const BEHIND: i64 = 5;
/// How old the newest backup may be, in minutes: a box may be closed for two days.
const OLDEST_BACKUP: i64 = 3 * 24 * 60;

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    place: Place,
    /// Write what was found as one line of JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn migrate(options: &Options) -> Result<(), Failure> {
    let settings = options.place.settings()?;
    observe::start_command_log(&settings);
    let _folder = DataFolder::lock(&settings.data_dir)?;
    let store = Store::open(&settings.data_dir, Vec::new())?;
    serve::runtime()?.block_on(store.close());
    let schema = store::newest_schema();
    tell(options.json, &json!({"schema": schema}), || {
        format!("The database has schema version {schema}.")
    })
}

/// One thing that was looked at.
#[derive(Serialize)]
pub(super) struct Check {
    name: &'static str,
    ok: bool,
    /// Not wrong, but worth a thought.
    is_note: bool,
    detail: String,
}

impl Check {
    pub(super) fn new(name: &'static str, ok: bool, detail: impl Into<String>) -> Self {
        Self { name, ok, is_note: false, detail: detail.into() }
    }

    pub(super) fn note(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, ok: true, is_note: true, detail: detail.into() }
    }

    #[cfg(test)]
    pub(super) fn is_well(&self) -> bool {
        self.ok
    }
}

pub(super) fn doctor(options: &Options) -> Result<(), Failure> {
    let settings = options.place.settings()?;
    let checks = examine(&settings);
    let ill = checks.iter().filter(|check| !check.ok).count();
    let found = json!({"ok": ill == 0, "checks": checks, "not_seen": UNSEEN});
    tell(options.json, &found, || {
        let line = |check: &Check| {
            let mark = match (check.ok, check.is_note) {
                (false, _) => "WRONG",
                (true, true) => "note ",
                (true, false) => "ok   ",
            };
            format!("{mark}  {:<10} {}", check.name, check.detail)
        };
        let seen = checks.iter().map(line).collect::<Vec<_>>().join("\n");
        format!("{seen}\n\nWhat no program can see:\n  {}", UNSEEN.join("\n  "))
    })?;
    match ill {
        0 => Ok(()),
        1 => Err(Failure::failed("1 thing is wrong.")),
        _ => Err(Failure::failed(format!("{ill} things are wrong."))),
    }
}

fn examine(settings: &Settings) -> Vec<Check> {
    let mut checks = vec![Check::new("SQLite", true, store::sqlite_version())];
    let folder = settings.data_dir.as_path();
    let newest = match store::inspect(folder) {
        Ok(found) => {
            checks.extend(of_database(&found));
            found.newest_event
        }
        Err(error) => {
            checks.push(Check::new("database", false, error.to_string()));
            None
        }
    };
    checks.push(of_disk(folder));
    checks.push(of_clock(clock::now(), newest));
    checks.push(of_backups(settings, clock::now()));
    checks.extend(of_leftovers(settings));
    checks.extend(of_update(settings));
    checks.extend(of_door(settings));
    checks
}

fn of_database(found: &Inspection) -> [Check; 3] {
    let (schema, wanted) = (found.schema, store::newest_schema());
    let is_whole = found.damage.is_empty();
    let damage = found.damage.join("; ");
    let advice = "Restore a backup";
    [
        Check::new(
            "database",
            is_whole,
            if is_whole { "every page is sound".into() } else { format!("{damage}. {advice}.") },
        ),
        Check::new(
            "rows",
            found.orphans == 0,
            match found.orphans {
                0 => "every row that is pointed to is there".into(),
                orphans => format!("{orphans} rows point to rows that are not there. {advice}."),
            },
        ),
        Check::new(
            "schema",
            schema == wanted,
            match schema.cmp(&wanted) {
                std::cmp::Ordering::Equal => format!("version {schema}"),
                std::cmp::Ordering::Less => {
                    format!("version {schema}, not {wanted}. `qres migrate` brings it there.")
                }
                std::cmp::Ordering::Greater => {
                    format!("version {schema} is of a newer qres; this one knows {wanted}.")
                }
            },
        ),
    ]
}

/// A box that once had backups and makes none any more has lost its timer or its space.
fn of_backups(settings: &Settings, now: Timestamp) -> Check {
    let list = Shelf::of(&backup::Place::of(settings)).list();
    let Some(newest) = list.first() else {
        return Check::new("backup", true, "none yet; `qres backup --keep` makes one");
    };
    let detail = format!("the newest is of {}", newest.created_at);
    let failed = backup::stick_copies(settings).into_iter().find_map(|stick| stick.problem);
    if now.minutes_since(newest.created_at) > OLDEST_BACKUP {
        let detail = format!("{detail}. Is qres-backup.timer on, and is there space?");
        return Check::new("backup", false, detail);
    }
    match failed {
        Some(problem) => Check::new("backup", false, format!("{detail}; a stick: {problem}")),
        None => Check::new("backup", true, detail),
    }
}

/// What killed runs left takes space that nobody sees.
fn of_leftovers(settings: &Settings) -> Option<Check> {
    let left = Shelf::of(&backup::Place::of(settings)).leftovers();
    let bytes = left.iter().fold(0_u64, |sum, file| sum.saturating_add(file.bytes));
    let (count, size) = (left.len(), bytes.div_ceil(1024 * 1024));
    let detail = format!(
        "{count} unfinished files of killed runs take {size} MiB; the next backup or start removes them"
    );
    (count > 0).then(|| Check::note("leftovers", detail))
}

/// How the last update went, if there was one.
fn of_update(settings: &Settings) -> Option<Check> {
    let last = update::last(settings)?;
    Some(Check::new("update", last.is_well, format!("{}: {}", last.version, last.detail)))
}

fn of_disk(folder: &Path) -> Check {
    let folder = folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."));
    let Some((free, _)) = store::disk_space(folder) else {
        return Check::new("disk", false, format!("{} cannot be asked", folder.display()));
    };
    let free = free / 1024 / 1024;
    let detail = format!("{free} MiB free");
    let advice = format!("{detail}; at least {ENOUGH_FREE} are needed. Free some space.");
    let ok = free >= ENOUGH_FREE;
    Check::new("disk", ok, if ok { detail } else { advice })
}

/// A box without a clock battery wakes up in the past.
fn of_clock(now: Timestamp, newest: Option<Timestamp>) -> Check {
    let advice = "Set the clock, or let the box reach a time server.";
    if now < EARLIEST {
        return Check::new("clock", false, format!("shows {now}, which is long ago. {advice}"));
    }
    match newest.filter(|newest| newest.minutes_since(now) > BEHIND) {
        Some(newest) => {
            let detail = format!("shows {now}, but an event is of {newest}. {advice}");
            Check::new("clock", false, detail)
        }
        None => Check::new("clock", true, now.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_in_the_past_is_noticed() {
        let now = Timestamp(EARLIEST.0 + 3_600_000);
        assert!(of_clock(now, None).ok);
        assert!(of_clock(now, Some(now.plus_minutes(4))).ok);
        assert!(!of_clock(now, Some(now.plus_minutes(6))).ok);
        assert!(!of_clock(Timestamp(0), None).ok);
    }
}
