//! How a cell that lists several dishes names each of them, and how an option names a group.

use std::collections::HashMap;
use std::ptr;

use crate::core::kernel::Int;
use crate::features::import::content::{Category, Content, Dish};
use crate::features::import::offers::{
    DishGroup, ModifierGroup, ModifierOption, NUMBER, OF_CATEGORY, SURE_NUMBER, numbered,
};

/// The dishes and groups of a file, by what they are called.
pub(super) struct Called<'a> {
    content: &'a Content,
    /// The dishes of a name.
    named: HashMap<&'a str, Vec<&'a Dish>>,
    /// The dish that an outside id leads to, else a code.
    leads_to: HashMap<&'a str, &'a Dish>,
    /// The group that an outside id leads to.
    groups: HashMap<&'a str, &'a ModifierGroup>,
}

impl<'a> Called<'a> {
    pub(super) fn of(content: &'a Content) -> Self {
        let (mut named, mut leads_to) = (HashMap::<_, Vec<_>>::new(), HashMap::new());
        let dishes = || content.categories.iter().flat_map(|category| &category.dishes);
        for dish in dishes() {
            named.entry(&*dish.name).or_default().push(dish);
            leads_to.extend(dish.external_id.as_deref().map(|id| (id, dish)));
        }
        for dish in dishes() {
            if let Some(code) = dish.code.as_deref() {
                leads_to.entry(code).or_insert(dish);
            }
        }
        let groups = content.modifier_groups.iter();
        let groups = groups.filter_map(|group| Some((group.external_id.as_deref()?, group)));
        Self { content, named, leads_to, groups: groups.collect() }
    }

    /// How a sheet names the group that an option asks for: by its name, since the sheet carries no outside
    /// ids of groups, and not at all where it carries no line of it.
    pub(super) fn nested(&self, option: &ModifierOption) -> (Option<&'a str>, Option<i64>) {
        let group = self.nested_group(option).filter(|group| !group.options.is_empty());
        let Some(group) = group else { return (None, None) };
        let is_anothers =
            self.groups.get(&*group.name).is_some_and(|other| !ptr::eq(*other, group));
        let number = group.number.map(Int::get).or_else(|| is_anothers.then_some(1));
        (Some(&*group.name), number)
    }

    fn nested_group(&self, option: &ModifierOption) -> Option<&'a ModifierGroup> {
        let name = option.nested_group.as_deref()?;
        match (option.nested_group_number, self.groups.get(name)) {
            (None, Some(of_id)) => Some(*of_id),
            (number, _) => {
                let before = number.map_or(0, |number| number.get() - 1);
                let mut named =
                    self.content.modifier_groups.iter().filter(|group| *group.name == *name);
                named.nth(usize::try_from(before).ok()?)
            }
        }
    }

    /// The dishes that ask for a group, of those that a sheet has a line of.
    pub(super) fn asking(&self, group: &ModifierGroup) -> Vec<String> {
        let mut asking = Vec::new();
        for category in &self.content.categories {
            let asks = |dish: &&Dish| {
                let mut links = dish.modifier_groups.iter().flatten();
                links.any(|link| self.is_meant(link, group)) && !dish.variations.is_empty()
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
            (None, Some(of_id)) => ptr::eq(*of_id, group),
            (None, None) => is_named,
        }
    }

    /// By its name, its outside id or its code, or by where it stands: the first of them by which an import
    /// finds it and no other.
    fn dish(&self, category: &Category, dish: &Dish) -> String {
        let place = format!("{}{OF_CATEGORY}{}", category.name, dish.name);
        let number = dish.number.map_or(1, Int::get);
        let sure = format!("{place}{SURE_NUMBER}{number}");
        let codes = [dish.external_id.as_deref(), dish.code.as_deref()].into_iter().flatten();
        let codes = [&*dish.name].into_iter().chain(codes).map(str::to_owned);
        let places = [place.clone(), format!("{place}{NUMBER}{number}")];
        let mut all = codes.chain(places);
        let is_it = |text: &String| matches!(*self.meant(text), [one] if ptr::eq(one, dish));
        all.find(is_it).unwrap_or(sure)
    }

    /// The dishes that an import may take this for.
    fn meant(&self, text: &str) -> Vec<&'a Dish> {
        if let Some(dish) = self.leads_to.get(text) {
            return vec![*dish];
        }
        if let Some([dish]) = self.named.get(text).map(Vec::as_slice) {
            return vec![*dish];
        }
        let mut found: Vec<&'a Dish> = Vec::new();
        for (at, _) in text.match_indices(OF_CATEGORY) {
            let (category, name) = (&text[..at], &text[at + OF_CATEGORY.len()..]);
            let mut categories = self.content.categories.iter();
            let Some(category) = categories.find(|one| *one.name == *category) else { continue };
            let here = |name: &str| -> Vec<&'a Dish> {
                category.dishes.iter().filter(|dish| *dish.name == *name).collect()
            };
            match (self.leads_to.get(name), here(name).as_slice()) {
                (Some(dish), _) | (None, [dish]) => found.push(*dish),
                (None, _) => {}
            }
            if let Some((name, number)) = numbered(name) {
                let before = usize::try_from(number.get() - 1).unwrap_or_default();
                found.extend(here(name).get(before));
            }
        }
        found.sort_by_key(|dish| ptr::from_ref(*dish).addr());
        found.dedup_by(|one, other| ptr::eq(*one, *other));
        found
    }
}
