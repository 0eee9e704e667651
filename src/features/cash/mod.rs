//! The cash desk: drawers, and their shifts from the float to the count. A drawer stands somewhere, or is
//! what a waiter carries. Money that is taken belongs to the open shift of the drawer by which it goes;
//! after its Z nothing of a shift changes.

mod at_drawer;
mod bind_store;
mod close_store;
mod denominations;
mod doctor;
mod drawers_api;
mod drawers_store;
mod events;
mod feature;
mod moves_store;
mod permits_store;
mod print_store;
mod report_store;
mod rules;
mod shifts_api;
mod shifts_store;
mod states;
mod sums;
mod types;

pub use at_drawer::AtDrawer;
pub use bind_store::{Bound, bind, check_open, receipts_at};
pub use drawers_store::check_carries_nothing;
pub use events::CashChanged;
pub use feature::feature;
pub use report_store::check_shifts;
pub use states::{CashMoveKind, ShiftState};
