//! A till that stands apart: people ring up on it by hand. What is to be rung up is kept here, and
//! counts as made when it is written down.

use super::register::{Kept, Proof, Refused, Register, Silence, Task, Told};
use super::types::{Health, ShiftState};

/// The till beside the box.
pub struct ByHand;

impl Register for ByHand {
    async fn probe(&self) -> Result<Health, Silence> {
        Ok(Health {
            last_number: 0,
            shift: ShiftState::Open,
            shift_number: 0,
            shift_ends: None,
            shift_minutes_left: None,
            has_paper: true,
            cover_open: false,
            unsent: 0,
            unsent_days: 0,
            storage_ends: false,
        })
    }

    async fn submit(&self, _key: &str, _task: &Task) -> Result<(), Refused> {
        Ok(())
    }

    async fn outcome(&self, _key: &str) -> Result<Told, Silence> {
        Ok(Told::Made(Proof::default()))
    }

    async fn read(&self, _from: i64, _to: i64) -> Result<Vec<Kept>, Silence> {
        Ok(Vec::new())
    }

    async fn resume(&self) -> Result<(), Silence> {
        Ok(())
    }

    async fn copy(&self) -> Result<(), Silence> {
        Err(Silence("A till that stands apart prints its copies by itself.".into()))
    }
}
