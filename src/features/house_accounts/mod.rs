//! House accounts: a company, a regular guest, a banquet. Money that is paid in before is theirs until
//! a check is paid by it; as far as the account may owe, a check is paid first and the money comes in
//! later. Nothing of it is revenue until a check is paid.

mod api;
mod card_code;
mod cards_api;
mod cards_store;
mod doctor;
mod events;
mod feature;
mod moves_store;
mod rules;
mod store;
mod types;

pub use cards_store::paying_card;
pub use events::HouseAccountChanged;
pub use feature::feature;
pub use moves_store::{Moved, move_of_payment};
pub use rules::MoveKind;
pub use store::{check_accounts, name_of, payer};
pub use types::{Note, Phone};
