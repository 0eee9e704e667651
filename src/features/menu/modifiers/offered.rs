//! What there is to choose with a dish, as orders ask for it: among thousands of options what somebody
//! named is found at once, and so is what comes without a word.

use std::sync::Arc;

use super::types::{Halves, Prefix};

/// An option as it can be chosen now.
#[derive(Debug, Clone)]
pub struct OfferedOption {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// What the kitchen calls it.
    pub kitchen_name: Option<String>,
    /// What one costs.
    pub price: i64,
    /// Whether one comes with the dish.
    pub is_default: bool,
    /// How often it may be chosen.
    pub max_quantity: i64,
    /// Whether it can be had.
    pub is_available: bool,
    /// What is asked once it is chosen.
    pub nested_group_id: Option<i64>,
}

/// The options of a group in the order of the menu.
#[derive(Debug, Clone)]
pub struct OfferedOptions {
    all: Vec<OfferedOption>,
    /// Ids in their order, each with its place.
    by_id: Vec<(i64, usize)>,
    /// The places of those that come with the dish.
    defaults: Vec<usize>,
}

impl OfferedOptions {
    /// What is in a group, in the order of the menu.
    pub fn new(all: Vec<OfferedOption>) -> Self {
        let mut by_id: Vec<_> =
            all.iter().enumerate().map(|(at, option)| (option.id, at)).collect();
        by_id.sort_unstable();
        let defaults = (0..all.len()).filter(|&at| all[at].is_default).collect();
        Self { all, by_id, defaults }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &OfferedOption> {
        self.all.iter()
    }

    /// The option at a place of this group.
    pub(super) fn at(&self, place: usize) -> Option<&OfferedOption> {
        self.all.get(place)
    }

    /// The place of an option.
    pub(super) fn place(&self, id: i64) -> Option<usize> {
        let found = self.by_id.binary_search_by_key(&id, |&(id, _)| id).ok()?;
        Some(self.by_id[found].1)
    }

    /// An option.
    pub fn find(&self, id: i64) -> Option<&OfferedOption> {
        self.at(self.place(id)?)
    }

    /// The places of what comes with the dish.
    pub(super) fn defaults(&self) -> &[usize] {
        &self.defaults
    }
}

/// A group as it can be chosen from now.
#[derive(Debug, Clone)]
pub struct OfferedGroup {
    /// Id.
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// How many have to be chosen, and how many may be, where the dish does not say otherwise.
    pub bounds: (i64, i64),
    /// How many are free.
    pub free: i64,
    /// How two halves are priced.
    pub halves: Option<Halves>,
    /// What may be said before an option.
    pub prefixes: Vec<Prefix>,
    /// What there is.
    pub options: OfferedOptions,
}

/// What there is to choose with a dish.
#[derive(Debug, Clone, Default)]
pub struct Offer {
    /// The dish's groups in their order, with how many of each.
    pub groups: Vec<(Arc<OfferedGroup>, (i64, i64))>,
    /// Those that options of them ask for.
    pub nested: Vec<Arc<OfferedGroup>>,
}

impl Offer {
    /// An option of the dish's own groups.
    pub fn find(&self, id: i64) -> Option<&OfferedOption> {
        self.groups.iter().find_map(|(group, _)| group.options.find(id))
    }

    /// An option of one of its groups, or of those that they ask for.
    pub fn find_any(&self, id: i64) -> Option<&OfferedOption> {
        self.find(id).or_else(|| self.nested.iter().find_map(|group| group.options.find(id)))
    }

    /// The group that an option asks for.
    pub fn nested(&self, option: &OfferedOption) -> Option<&OfferedGroup> {
        let id = option.nested_group_id?;
        self.nested.iter().find(|group| group.id == id).map(Arc::as_ref)
    }
}
