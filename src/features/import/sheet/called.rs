//! How a cell that lists several dishes names each of them.

use std::collections::HashMap;

use crate::core::kernel::Int;
use crate::features::import::content::{Category, Content, Dish};
use crate::features::import::offers::{DishGroup, ModifierGroup, NUMBER, OF_CATEGORY};

/// The dishes of a file, by what they are called.
pub(super) struct Called<'a> {
    /// How many dishes have a name.
    named: HashMap<&'a str, usize>,
    /// The dish that an outside id leads to, else a code.
    leads_to: HashMap<&'a str, &'a Dish>,
    /// The group that an outside id leads to.
    groups: HashMap<&'a str, &'a ModifierGroup>,
}

impl<'a> Called<'a> {
    pub(super) fn of(content: &'a Content) -> Self {
        let (mut named, mut leads_to) = (HashMap::new(), HashMap::new());
        let dishes = || content.categories.iter().flat_map(|category| &category.dishes);
        for dish in dishes() {
            *named.entry(&*dish.name).or_insert(0) += 1;
            leads_to.extend(dish.external_id.as_deref().map(|id| (id, dish)));
        }
        for dish in dishes() {
            if let Some(code) = dish.code.as_deref() {
                leads_to.entry(code).or_insert(dish);
            }
        }
        let groups = content.modifier_groups.iter();
        let groups = groups.filter_map(|group| Some((group.external_id.as_deref()?, group)));
        Self { named, leads_to, groups: groups.collect() }
    }

    /// The dishes that ask for a group.
    pub(super) fn asking(&self, content: &'a Content, group: &ModifierGroup) -> Vec<String> {
        let mut asking = Vec::new();
        for category in &content.categories {
            let asks = |dish: &&Dish| {
                let mut links = dish.modifier_groups.iter().flatten();
                links.any(|link| self.is_meant(link, group))
            };
            let dishes = category.dishes.iter().filter(asks);
            asking.extend(dishes.map(|dish| self.dish(category, dish)));
        }
        asking
    }

    fn is_meant(&self, link: &DishGroup, group: &ModifierGroup) -> bool {
        let is_named = link.group == group.name;
        match (link.number, self.groups.get(&*link.group)) {
            (Some(number), _) => is_named && group.number.map_or(1, Int::get) == number.get(),
            (None, Some(of_id)) => std::ptr::eq(*of_id, group),
            (None, None) => is_named,
        }
    }

    /// By its name where that is its own, by its outside id or code, or by where it stands.
    fn dish(&self, category: &Category, dish: &Dish) -> String {
        let is_its_own =
            |code: &str| self.leads_to.get(code).is_some_and(|found| std::ptr::eq(*found, dish));
        let name = &*dish.name;
        let is_free = !self.leads_to.contains_key(name) || is_its_own(name);
        if self.named.get(name) == Some(&1) && is_free {
            return name.to_owned();
        }
        let own = [dish.external_id.as_deref(), dish.code.as_deref()];
        if let Some(own) = own.into_iter().flatten().find(|code| is_its_own(code)) {
            return own.to_owned();
        }
        let place = format!("{}{OF_CATEGORY}{name}", category.name);
        // Without a number the name might be taken for the code of another.
        let number = dish.number.map_or(1, Int::get);
        if dish.number.is_none() && is_free { place } else { format!("{place}{NUMBER}{number}") }
    }
}
