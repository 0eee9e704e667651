//! How large a menu may become: the guests read it whole, on every phone.

/// How many categories a menu may have.
pub const MOST_CATEGORIES: i64 = 200;
/// How many dishes a menu may have.
pub const MOST_DISHES: i64 = 2_000;
/// How many ingredients a menu may have.
pub const MOST_INGREDIENTS: i64 = 2_000;
/// How many groups of options a menu may have.
pub const MOST_MODIFIER_GROUPS: i64 = 2_000;
/// How many options a menu may have. Most menus have some hundreds. An order asks for those of its own
/// dishes alone, however many there are; the menu's bytes grow with those that its dishes ask for, to
/// some 6 MB (1 MB on the way) when that is all of them.
pub const MOST_MODIFIER_OPTIONS: i64 = 50_000;
