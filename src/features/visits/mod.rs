//! Who sits at a table, from the first phone to the bill. Phones belong to a visit: it goes along
//! when its order moves, it ends when staff say or the bill says that the guests have left, and
//! what comes after it is none of its business.

mod feature;
mod store;
mod waiting_store;

pub use feature::feature;
pub use store::{
    Guest, LastWord, NewSession, begin, end, former_leave, go_along, guest, has_ordered, is_seated,
    last_order, last_word, note_order, note_seen, trim,
};
pub use waiting_store::{
    concerns, has_called, is_answered, is_confirmed, others_wait, own_lines, show_bill, waits,
};
