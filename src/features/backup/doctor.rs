//! What the doctor looks at: whether there are backups, and what killed runs left.

use super::backup_dir::BackupDir;
use super::{DataPaths, stick_copies};
use crate::core::clock;
use crate::core::kernel::Timestamp;
use crate::platform::config::Settings;
use crate::platform::feature::Check;

/// How old the newest backup may be, in minutes: a box may be closed for two days.
const OLDEST_BACKUP: i64 = 3 * 24 * 60;

/// Looks at the backups.
pub(super) fn checks(settings: &Settings) -> Vec<Check> {
    let mut checks = vec![of_backups(settings, clock::now())];
    checks.extend(of_leftovers(settings));
    checks
}

/// A box that once had backups and makes none any more has lost its timer or its space.
fn of_backups(settings: &Settings, now: Timestamp) -> Check {
    let list = BackupDir::of(&DataPaths::of(settings)).list();
    let Some(newest) = list.first() else {
        return Check::new("backup", true, "none yet; `qres backup --keep` makes one");
    };
    let detail = format!("the newest is of {}", newest.created_at);
    let failed = stick_copies(settings).into_iter().find_map(|stick| stick.problem);
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
    let left = BackupDir::of(&DataPaths::of(settings)).leftovers();
    let bytes = left.iter().fold(0_u64, |sum, file| sum.saturating_add(file.bytes));
    let (count, size) = (left.len(), bytes.div_ceil(1024 * 1024));
    let detail = format!(
        "{count} unfinished files of killed runs take {size} MiB; the next backup or start removes them"
    );
    (count > 0).then(|| Check::note("leftovers", detail))
}
