//! `qres doctor` and `qres migrate`: is the box well, and is its database of this version.

use std::path::Path;

use clap::Args;
use serde_json::json;

use super::door_checks::{UNSEEN, of_door};
use super::failure::Failure;
use super::options::DataOptions;
use super::output::tell;
use super::serve;
use crate::appliance;
use crate::core::clock::{self, EARLIEST};
use crate::core::kernel::Timestamp;
use crate::core::store::{self, DataFolder, Inspection, Store};
use crate::platform::config::Settings;
use crate::platform::feature::Check;
use crate::platform::observe;

/// Below this much free space a busy evening and a backup may not fit, in MiB.
const ENOUGH_FREE: u64 = 256;
/// How far behind the newest event the clock may be, in minutes.
const BEHIND: i64 = 5;

#[derive(Args)]
pub(super) struct Options {
    #[command(flatten)]
    data: DataOptions,
    /// Write what was found as one line of JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn migrate(options: &Options) -> Result<(), Failure> {
    let settings = options.data.settings()?;
    observe::start_command_log(&settings);
    let _folder = DataFolder::lock(&settings.data_dir)?;
    let store = Store::open(&settings.data_dir, appliance::tables(), Vec::new())?;
    serve::runtime()?.block_on(store.close());
    let schema = store::newest_schema();
    tell(options.json, &json!({"schema": schema}), || {
        format!("The database has schema version {schema}.")
    })
}

pub(super) fn doctor(options: &Options) -> Result<(), Failure> {
    let settings = options.data.settings()?;
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
    checks.extend(appliance::checks(settings).flat_map(|of_feature| of_feature(settings)));
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
