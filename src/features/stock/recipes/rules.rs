//! What a dish, an option or a semi-finished good takes: one function for what is sold, what it costs,
//! what is made in advance and what is to be bought.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::fraction::Fraction;
use crate::core::kernel::{Percent, Timestamp};

/// A recipe in a recipe, and so on: no deeper than this.
pub const MOST_LEVELS: usize = 8;

/// What a recipe is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Of {
    /// A size of a dish.
    Variation(i64),
    /// An option that is chosen with a dish.
    Option(i64),
    /// A semi-finished good.
    Good(i64),
}

/// A recipe, from a moment on: so much of each good makes so much. All in thousandths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// From when on.
    pub valid_from: Timestamp,
    /// How much it makes.
    pub batch_out: i64,
    /// Which goods it takes, and how much of each before anything of it is lost.
    pub lines: Vec<(i64, i64)>,
}

/// All recipes there are.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// Those of each thing, the newest first.
    pub recipes: HashMap<Of, Vec<Recipe>>,
    /// Goods that are made before they are needed: a dish takes them as they are.
    pub in_advance: HashSet<i64>,
}

/// Why it cannot be said what is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// A good is made of itself; by which way.
    Circle(Vec<i64>),
    /// Recipes in recipes in recipes.
    TooDeep,
    /// More of a good than anybody has.
    TooLarge,
}

impl Book {
    /// The recipe that holds at a moment.
    pub fn recipe(&self, of: Of, at: Timestamp) -> Option<&Recipe> {
        self.recipes.get(&of)?.iter().find(|recipe| recipe.valid_from <= at)
    }

    /// The recipe by which a good is made while a dish is; none where it is taken as it is.
    fn made_along(&self, good: i64, at: Timestamp) -> Option<&Recipe> {
        if self.in_advance.contains(&good) { None } else { self.recipe(Of::Good(good), at) }
    }
}

/// What is taken for so much of some things, by good, in thousandths of its unit: each rounded once, at
/// the end. What is asked for is made by its recipe; what has none takes nothing, but for a good, which
/// is itself.
///
/// # Errors
/// When a good is made of itself, of too many levels, or of more than can be counted.
pub fn explode(
    book: &Book,
    wanted: &[(Of, Fraction)],
    at: Timestamp,
) -> Result<BTreeMap<i64, i64>, Trouble> {
    let mut needs = BTreeMap::new();
    for (of, quantity) in wanted {
        match (book.recipe(*of, at), of) {
            (Some(recipe), _) => add_lines(&mut needs, recipe, *quantity)?,
            (None, Of::Good(good)) => add(&mut needs, *good, *quantity)?,
            (None, Of::Variation(_) | Of::Option(_)) => {}
        }
    }
    take_apart(book, needs, at)
}

/// The same for so much by one recipe, whether it holds then or not.
///
/// # Errors
/// As [`explode`].
pub fn explode_recipe(
    book: &Book,
    recipe: &Recipe,
    quantity: Fraction,
    at: Timestamp,
) -> Result<BTreeMap<i64, i64>, Trouble> {
    let mut needs = BTreeMap::new();
    add_lines(&mut needs, recipe, quantity)?;
    take_apart(book, needs, at)
}

/// Takes what is made along apart, until nothing of it is left.
fn take_apart(
    book: &Book,
    mut needs: BTreeMap<i64, Fraction>,
    at: Timestamp,
) -> Result<BTreeMap<i64, i64>, Trouble> {
    for good in in_order(book, needs.keys().copied(), at)? {
        let Some(recipe) = book.made_along(good, at) else { continue };
        if let Some(quantity) = needs.remove(&good) {
            add_lines(&mut needs, recipe, quantity)?;
        }
    }
    let whole = |(good, need): (i64, Fraction)| Some((good, need.rounded()?));
    needs.into_iter().map(|need| whole(need).ok_or(Trouble::TooLarge)).collect()
}

fn add_lines(
    needs: &mut BTreeMap<i64, Fraction>,
    recipe: &Recipe,
    quantity: Fraction,
) -> Result<(), Trouble> {
    recipe.lines.iter().try_for_each(|(good, gross)| {
        let each = Fraction::of(*gross, recipe.batch_out);
        add(needs, *good, quantity.times(each).ok_or(Trouble::TooLarge)?)
    })
}

fn add(needs: &mut BTreeMap<i64, Fraction>, good: i64, more: Fraction) -> Result<(), Trouble> {
    let need = needs.entry(good).or_insert(Fraction::ZERO);
    *need = need.plus(more).ok_or(Trouble::TooLarge)?;
    Ok(())
}

/// Goods that have a recipe, each before what it is made of: then each is taken apart once, however many
/// ask for it.
fn in_order(
    book: &Book,
    roots: impl Iterator<Item = i64>,
    at: Timestamp,
) -> Result<Vec<i64>, Trouble> {
    let mut walk = Walk { book, at, path: Vec::new(), levels: HashMap::new(), done: Vec::new() };
    for root in roots {
        walk.visit(root)?;
    }
    walk.done.reverse();
    Ok(walk.done)
}

struct Walk<'a> {
    book: &'a Book,
    at: Timestamp,
    /// From what was asked for to here.
    path: Vec<i64>,
    /// Of those that are done, how many levels are below.
    levels: HashMap<i64, usize>,
    /// Those that are done, what they are made of first.
    done: Vec<i64>,
}

impl Walk<'_> {
    /// Returns how many levels of recipes it takes.
    fn visit(&mut self, good: i64) -> Result<usize, Trouble> {
        if let Some(begin) = self.path.iter().position(|one| *one == good) {
            let circle = self.path[begin..].iter().copied().chain([good]);
            return Err(Trouble::Circle(circle.collect()));
        }
        if let Some(levels) = self.levels.get(&good) {
            return self.check(*levels);
        }
        let Some(recipe) = self.book.made_along(good, self.at) else { return Ok(0) };
        self.check(1)?;
        self.path.push(good);
        let mut levels = 0;
        for (part, _) in &recipe.lines {
            levels = levels.max(self.visit(*part)?);
        }
        self.path.pop();
        self.levels.insert(good, levels + 1);
        self.done.push(good);
        Ok(levels + 1)
    }

    /// What was asked for has a recipe of its own, which is a level too.
    fn check(&self, more: usize) -> Result<usize, Trouble> {
        if self.path.len() + more < MOST_LEVELS { Ok(more) } else { Err(Trouble::TooDeep) }
    }
}

/// What is left of so much after it was cleaned and cut, and then cooked.
pub fn after_losses(gross: i64, cold: Percent, hot: Percent) -> i64 {
    let left =
        |loss: Percent| Fraction::of(Percent::WHOLE.hundredths() - loss.hundredths(), 10_000);
    let net = left(cold).times(left(hot)).and_then(|left| left.times(Fraction::whole(gross)));
    net.and_then(Fraction::rounded).unwrap_or_default()
}

#[cfg(test)]
mod tests;
