//! Who sits at a table, from the first phone to the bill. Phones belong to a visit: it goes along
//! when its order moves, it ends when staff say or the bill says that the guests have left, and
//! what comes after it is none of its business.

mod feature;
mod store;

pub use feature::feature;
pub use store::{
    Guest, NewSession, begin, end, former_leave, go_along, guest, has_ordered, is_confirmed,
    is_seated, last_order, last_word, note_order, note_seen, trim,
};
