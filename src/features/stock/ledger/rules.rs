//! What moves of a good come to: how much there is, and what it is worth by the moving average.
//!
//! An average is kept as the fraction that made it, a sum of money and an amount. So what is there is
//! worth the amount times the average to the nearest minor unit, after any number of moves: nothing is
//! lost by rounding each of them.

use std::collections::HashMap;

/// What one costs: so much money for so much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Average {
    /// Minor units.
    pub money: i64,
    /// Thousandths; above 0.
    pub amount: i64,
}

impl Average {
    /// Of what nobody has bought yet.
    pub const UNKNOWN: Self = Self { money: 0, amount: 1 };

    /// What so much is worth, to the nearest minor unit, halves away from 0.
    pub fn of(self, amount: i64) -> i64 {
        let doubled = i128::from(amount) * i128::from(self.money) * 2;
        let whole = i128::from(self.amount.max(1));
        let half = if doubled < 0 { -whole } else { whole };
        let worth = (doubled + half) / (whole * 2);
        i64::try_from(worth).unwrap_or(if worth < 0 { i64::MIN } else { i64::MAX })
    }
}

/// What there is of a good in the whole restaurant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Thousandths; below 0 where more went than came.
    pub amount: i64,
    /// What one costs.
    pub average: Average,
}

impl Standing {
    /// Before the first move.
    pub const NOTHING: Self = Self { amount: 0, average: Average::UNKNOWN };

    /// What it is worth.
    pub fn value(self) -> i64 {
        self.average.of(self.amount)
    }
}

/// By what a move says its amount and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// It goes, or comes, for what one costs then.
    Average,
    /// It comes for a price; or goes for one, back to whom it was bought of.
    Price(i64),
    /// It comes back of a line that was sold or lost, for what the line took it at.
    Line(i64),
    /// It undoes another move, whole.
    Undoes(i64),
    /// There was so much at the place when somebody counted.
    Counted(i64),
}

/// One move of a good, as it stands in its ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Its number; below 0 while it is not written.
    pub id: i64,
    /// Where.
    pub place: i64,
    /// The line of an order that takes it.
    pub line: Option<i64>,
    /// By what the rest is said.
    pub basis: Basis,
    /// What comes, in thousandths; below 0 what goes.
    pub amount: i64,
    /// What it adds to the value.
    pub value: i64,
    /// What it makes right of what was taken at a guess, while there was nothing.
    pub correction: i64,
    /// How things stand after it.
    pub after: Standing,
    /// How much is at its place after it.
    pub here: i64,
}

/// What is known of a good before the moves that are counted anew.
#[derive(Debug, Clone, Default)]
pub struct Before {
    /// By place.
    pub places: HashMap<i64, i64>,
    /// What lines took: amount and value, both below 0.
    pub lines: HashMap<i64, (i64, i64)>,
    /// Other moves, by their number.
    pub moves: HashMap<i64, Known>,
}

/// What has to be known of a move that another undoes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// What came by it.
    pub amount: i64,
    /// What it added to the value.
    pub value: i64,
    /// What one cost before it.
    pub average: Average,
}

/// Counts moves in their order. Each is what its basis says, whatever stood with it before: so counted
/// once, twice, in parts, or after a move was put in between, it comes to the same.
pub fn count(mut standing: Standing, mut before: Before, moves: &mut [Move]) -> Before {
    for one in moves {
        let here = before.places.entry(one.place).or_insert(0);
        let cost = match one.basis {
            Basis::Average => None,
            Basis::Price(cost) => Some(cost),
            Basis::Line(line) => {
                let (amount, value) = before.lines.get(&line).copied().unwrap_or_default();
                share(value, one.amount, amount)
            }
            Basis::Undoes(id) => {
                let undone = before.moves.get(&id);
                one.amount = -undone.map_or(0, |undone| undone.amount);
                Some(-undone.map_or(0, |undone| undone.value))
            }
            Basis::Counted(found) => {
                one.amount = found - *here;
                None
            }
        };
        *here += one.amount;
        one.here = *here;
        let is_bought = matches!(one.basis, Basis::Price(_)) && one.amount > 0;
        let mut next = next(standing, one.amount, cost, is_bought);
        if let (Basis::Undoes(id), ..=0) = (one.basis, next.amount) {
            // Nothing is left that it was bought with: one costs what it did before.
            let undone = before.moves.get(&id);
            next.average = undone.map_or(next.average, |undone| undone.average);
        }
        one.value = cost.unwrap_or_else(|| next.value() - standing.value());
        one.correction = next.value() - standing.value() - one.value;
        one.after = next;
        let known = Known { amount: one.amount, value: one.value, average: standing.average };
        before.moves.insert(one.id, known);
        standing = next;
        if let Some(line) = one.line {
            let taken = before.lines.entry(line).or_default();
            *taken = (taken.0 + one.amount, taken.1 + one.value);
        }
    }
    before
}

/// The share of what a line took that comes back; none where the line took nothing of it.
fn share(value: i64, back: i64, taken: i64) -> Option<i64> {
    let average = Average { money: -value, amount: -taken };
    (taken < 0).then(|| average.of(back))
}

/// How things stand after a move.
///
/// Where there is something, what comes or goes for a price of its own changes what one costs. Where
/// nothing is left, that stays known. Where more went than came, the first purchase says what one costs:
/// what went at a guess is made right by it.
fn next(standing: Standing, more: i64, cost: Option<i64>, is_bought: bool) -> Standing {
    let amount = standing.amount + more;
    let stays = Standing { amount, ..standing };
    let Some(cost) = cost else { return stays };
    let value = standing.value() + cost;
    if standing.amount >= 0 && amount > 0 && value >= 0 {
        return Standing { amount, average: Average { money: value, amount } };
    }
    if is_bought && standing.amount < 0 {
        return Standing { amount, average: Average { money: cost, amount: more } };
    }
    stays
}

#[cfg(test)]
mod tests;
