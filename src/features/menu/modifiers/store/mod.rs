//! Groups and options in SQL.

mod asked;
mod groups;
mod link;
mod offers;
mod options;
mod rows;
mod sound;

pub use asked::{ensure_all_choices, ensure_choices};
pub use groups::{CreateGroup, DeleteGroup, UpdateGroup};
pub use link::{
    DishModifierGroup, DishModifierGroupLink, DishModifierGroupsUpdate, SetGroups, of_all_dishes,
    of_dish,
};
pub use offers::{gone, offer};
pub use options::{CreateOption, DeleteOption, OrderOptions, SwitchOption, UpdateOption};
pub use rows::{all, asked_by, group, list};
pub use sound::{check_option, ensure_sound};
