//! What brings guests back: programs in which points or stamps are earned by what is paid, and promo
//! codes. What one has is the sum of entries that are only added to (docs/adr/0098-loyalty.md); an order
//! says what it stands for, and the difference to what is written is written here.

mod accounts_api;
mod api;
mod doctor;
mod feature;
mod ledger_store;
mod programs_store;
mod promo_store;
mod rules;
mod types;

pub use feature::feature;
pub use ledger_store::{
    Counting, Reward, account_for, concerns, counting, customer_known, forfeit, merge, reward,
    write_down,
};
pub use promo_store::{Promo, follow_promos, take_promo};
pub use rules::{Counted, Part, points, stamps};
pub use types::ProgramKind;
