//! What was learnt, in memory: asked by every basket, written by the reader alone.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock};

use super::choice_rules::Candidate;
use super::rules::{Basket, Counts, Question, Score};
use super::settings_store::Marks;
use super::types::Suggestion;
use crate::features::menu::OnSale;

/// More tables than a house has: with one more the notes of all are let go.
const MOST_TABLES: usize = 2_000;
/// More dishes than a table is shown.
const MOST_OFFERED: usize = 100;

/// The counts, margins of dishes, and what was shown at which table.
#[derive(Default)]
pub struct Known {
    counts: RwLock<Counts>,
    margins: RwLock<HashMap<i64, i64>>,
    offered: Mutex<HashMap<i64, HashSet<i64>>>,
}

impl Known {
    /// Begins with what the database holds.
    pub fn begin(&self, counts: Counts) {
        *self.counts.write().unwrap_or_else(PoisonError::into_inner) = counts;
    }

    /// Learns of orders that were written down.
    pub fn learn(&self, baskets: &[Basket]) {
        let mut counts = self.counts.write().unwrap_or_else(PoisonError::into_inner);
        for basket in baskets {
            counts.learn(basket);
        }
    }

    /// What is too much to keep, see [`Counts::too_many`].
    pub fn too_many(&self, today: i32) -> (Vec<(i64, i64)>, Vec<i64>) {
        self.counts.read().unwrap_or_else(PoisonError::into_inner).too_many(today)
    }

    /// Forgets what is deleted.
    pub fn forget(&self, pairs: &[(i64, i64)], dishes: &[i64]) {
        self.counts.write().unwrap_or_else(PoisonError::into_inner).forget(pairs, dishes);
    }

    /// How much of the price of dishes stays, in thousandths.
    pub fn set_margins(&self, margins: HashMap<i64, i64>) {
        *self.margins.write().unwrap_or_else(PoisonError::into_inner) = margins;
    }

    /// How well dishes fit.
    pub fn scores(&self, question: Question<'_>, dishes: &[i64]) -> Vec<Score> {
        self.counts.read().unwrap_or_else(PoisonError::into_inner).scores(question, dishes)
    }

    /// From how many orders was learnt, older ones counting for less.
    pub fn orders(&self, today: i32) -> i64 {
        self.counts.read().unwrap_or_else(PoisonError::into_inner).learnt(today)
    }

    /// The dishes on the menu, with what is known of them beside their fit.
    pub fn candidates(&self, menu: Vec<OnSale>, marks: &Marks) -> Vec<Candidate> {
        let margins = self.margins.read().unwrap_or_else(PoisonError::into_inner);
        let candidate = |dish: OnSale| Candidate {
            dish_id: dish.dish_id,
            category_id: dish.category_id,
            allergens: dish.allergens,
            margin: margins.get(&dish.dish_id).copied(),
            mark: marks.get(&dish.dish_id).copied(),
        };
        menu.into_iter().map(candidate).collect()
    }

    /// These were shown at a table. Kept in memory alone: a question writes nothing to the disk, and a
    /// restart forgets what was shown in the minutes before it.
    pub fn note_offered(&self, table_id: i64, suggestions: &[Suggestion]) {
        if suggestions.is_empty() {
            return;
        }
        let mut offered = self.offered();
        if offered.len() >= MOST_TABLES && !offered.contains_key(&table_id) {
            offered.clear();
        }
        let at_table = offered.entry(table_id).or_default();
        if at_table.len() < MOST_OFFERED {
            at_table.extend(suggestions.iter().map(|one| one.dish_id));
        }
    }

    /// What was shown at tables since their last order.
    pub fn all_offered(&self) -> HashMap<i64, HashSet<i64>> {
        self.offered().clone()
    }

    /// The orders of these tables are closed: others sit there next.
    pub fn clear_offered(&self, tables: &[i64]) {
        let mut offered = self.offered();
        for table in tables {
            offered.remove(table);
        }
    }

    fn offered(&self) -> MutexGuard<'_, HashMap<i64, HashSet<i64>>> {
        self.offered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
