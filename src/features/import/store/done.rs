//! What an import keeps from one of its steps to the next.

use std::collections::{BTreeSet, HashMap};

use crate::features::import::file::Wrong;
use crate::features::import::report::Report;

/// What an import has done so far; it outlives the transaction of a step.
#[derive(Default)]
pub(super) struct Done {
    pub(super) report: Report,
    pub(super) wrong: Wrong,
    /// What this file already spoke of: a second mention would silently win.
    pub(super) seen: BTreeSet<(&'static str, i64)>,
    /// Where things of one name stand, of those that it numbers.
    pub(super) places: HashMap<Alike, Places>,
    /// The groups of options that the file describes, by their place in it.
    pub(super) groups: HashMap<usize, i64>,
    /// Of those, the ones that were new, and have their place but nothing else yet.
    pub(super) new_groups: HashMap<usize, i64>,
    /// What has to hold once all of it is in.
    pub(super) owed: Vec<Owed>,
}

/// All of a kind and one name within something, in their order: the first is number 1. Kept from the first
/// that a file speaks of, for what it changes may change the order; new ones get their places.
pub(super) type Places = Vec<Place>;

/// What stands at a number.
#[derive(Clone, Default)]
pub(super) struct Place {
    pub(super) id: Option<i64>,
    /// How the file has described it; none while it has not.
    pub(super) noted: Option<Noted>,
}

/// How a file describes what stands at a number.
#[derive(Clone)]
pub(super) struct Noted {
    /// Where, as the person knows it.
    pub(super) place: String,
    /// Whether by its number alone, and no id or code.
    pub(super) is_by_number: bool,
    /// Whether it was not there before.
    pub(super) is_new: bool,
}

impl Place {
    /// That of a thing of which the file has not spoken yet.
    pub(super) fn at(id: i64) -> Self {
        Self { id: Some(id), noted: None }
    }
}

/// Said of what a file describes a second time.
pub(super) const TWICE: &str = "stands in the file twice";

/// The table, in what they stand, and the name.
pub(super) type Alike = (&'static str, i64, String);

/// Something to be looked at in the end.
pub(super) enum Owed {
    /// A code was taken off a row, of which the file has to say another one.
    Code { table: &'static str, column: &'static str, row: i64, place: String, message: String },
    /// What is asked of a group can be had.
    Choices { group: i64, place: String },
    /// A size that is weighed is in no combo.
    Weighed { size: i64, place: String },
}
