//! What is the matter with a register, and how grave that is. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::types::Health;
use crate::words;

words! {
    /// What is the matter with a register.
    pub enum TroubleKind as FiscalTroubleKind {
        /// It does not answer.
        Silent = "SILENT",
        /// It has no paper.
        NoPaper = "NO_PAPER",
        /// Its cover is open.
        CoverOpen = "COVER_OPEN",
        /// Its storage is near its end.
        StorageEnds = "STORAGE_ENDS",
        /// The operator of fiscal data does not take its documents.
        Unsent = "UNSENT",
        /// Documents need somebody to say what became of them.
        Documents = "DOCUMENTS",
    }
}

words! {
    /// How grave that is, from what is least.
    pub enum Level as FiscalTroubleLevel {
        /// Worth a look.
        Note = "NOTE",
        /// Somebody is to see to it soon.
        Warn = "WARN",
        /// Everybody who sells is to know.
        Alarm = "ALARM",
        /// The register is about to stop.
        Last = "LAST",
    }
}

/// From how many days on what waits for the operator of fiscal data is so grave. After 30 the storage
/// makes nothing more.
const UNSENT_LEVELS: [(i64, Level); 4] =
    [(25, Level::Last), (10, Level::Alarm), (3, Level::Warn), (1, Level::Note)];

/// A trouble of a register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FiscalTrouble)]
pub struct RegisterTrouble {
    /// The register.
    pub device_id: i64,
    /// What it is called.
    pub name: String,
    /// What is the matter.
    pub trouble: TroubleKind,
    /// How grave that is.
    pub level: Level,
    /// Of `UNSENT` and `DOCUMENTS`: how many documents it is about; else 0.
    pub count: i64,
    /// Of `UNSENT`: for how many days the oldest waits; else 0.
    pub days: i64,
}

/// All troubles of the register that is in use.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = FiscalTroubles)]
pub struct Troubles {
    /// The gravest first; none when all is well.
    pub troubles: Vec<RegisterTrouble>,
}

/// How grave it is that documents wait for so many days.
fn unsent_level(days: i64) -> Option<Level> {
    UNSENT_LEVELS.iter().find(|(from, _)| days >= *from).map(|(_, level)| *level)
}

/// What is the matter with a register that says so of itself (none: it does not answer), and of which so
/// many documents need somebody.
pub fn of(
    (device_id, name): (i64, &str),
    health: Option<&Health>,
    needs_somebody: i64,
) -> Troubles {
    let mut found: Vec<(TroubleKind, Level, i64, i64)> = Vec::new();
    match health {
        None => found.push((TroubleKind::Silent, Level::Alarm, 0, 0)),
        Some(health) => {
            if health.cover_open {
                found.push((TroubleKind::CoverOpen, Level::Alarm, 0, 0));
            } else if !health.has_paper {
                found.push((TroubleKind::NoPaper, Level::Alarm, 0, 0));
            }
            if let Some(level) = unsent_level(health.unsent_days) {
                found.push((TroubleKind::Unsent, level, health.unsent, health.unsent_days));
            }
            if health.storage_ends {
                found.push((TroubleKind::StorageEnds, Level::Warn, 0, 0));
            }
        }
    }
    if needs_somebody > 0 {
        found.push((TroubleKind::Documents, Level::Warn, needs_somebody, 0));
    }
    found.sort_by_key(|(_, level, _, _)| std::cmp::Reverse(*level));
    let of = |(trouble, level, count, days)| RegisterTrouble {
        device_id,
        name: name.to_owned(),
        trouble,
        level,
        count,
        days,
    };
    Troubles { troubles: found.into_iter().map(of).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::fiscal::types::ShiftState;

    const WELL: Health = Health {
        last_number: 7,
        shift: ShiftState::Open,
        shift_number: 1,
        shift_ends: None,
        shift_minutes_left: Some(600),
        has_paper: true,
        cover_open: false,
        unsent: 0,
        unsent_days: 0,
        storage_ends: false,
    };

    fn told(health: Option<&Health>, needs: i64) -> Vec<(TroubleKind, Level)> {
        let all = of((1, "Till"), health, needs).troubles;
        all.iter().map(|one| (one.trouble, one.level)).collect()
    }

    #[test]
    fn what_waits_for_the_operator_grows_graver_with_its_days() {
        for (days, level) in [
            (0, None),
            (1, Some(Level::Note)),
            (2, Some(Level::Note)),
            (3, Some(Level::Warn)),
            (9, Some(Level::Warn)),
            (10, Some(Level::Alarm)),
            (24, Some(Level::Alarm)),
            (25, Some(Level::Last)),
            (29, Some(Level::Last)),
        ] {
            let health = Health { unsent: 4, unsent_days: days, ..WELL };
            let expected: Vec<_> =
                level.map(|level| (TroubleKind::Unsent, level)).into_iter().collect();
            assert_eq!(told(Some(&health), 0), expected, "{days}");
        }
    }

    #[test]
    fn a_register_that_is_well_is_no_trouble_and_the_gravest_is_told_first() {
        assert!(told(Some(&WELL), 0).is_empty());
        assert_eq!(told(None, 0), [(TroubleKind::Silent, Level::Alarm)]);
        let health =
            Health { has_paper: false, unsent: 1, unsent_days: 26, storage_ends: true, ..WELL };
        let expected = [
            (TroubleKind::Unsent, Level::Last),
            (TroubleKind::NoPaper, Level::Alarm),
            (TroubleKind::StorageEnds, Level::Warn),
            (TroubleKind::Documents, Level::Warn),
        ];
        assert_eq!(told(Some(&health), 2), expected);
    }
}
