//! What every feature speaks of and nothing depends on: money, time, checked texts and numbers.
//!
//! Pure: no HTTP, no SQL, no reading of the clock.

mod apportion;
mod characters;
pub mod day;
pub mod fields;
pub mod hex;
pub mod html;
pub mod late;
pub mod money;
pub mod names;
pub mod numerals;
pub mod patch;
pub mod percent;
pub mod quantity;
pub mod search;
pub mod tax;
pub mod time;
pub mod time_of_day;
mod translations;
mod wall;
pub mod words;
pub mod zone;

pub use apportion::apportion;
pub use day::{Day, DayHour, Period};
pub use fields::{Int, Text};
pub use hex::hex;
pub use money::Money;
pub use patch::Patch;
pub use percent::Percent;
pub use quantity::{Measure, Ordered, Quantity};
pub use tax::{Tax, TaxRate};
pub use time::Timestamp;
pub use time_of_day::TimeOfDay;
pub use translations::{Translation, Translations};
pub use wall::Wall;
pub use zone::Zone;
