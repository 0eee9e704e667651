//! Checks by lot, and what must hold of each. The bench plays many more of them (benches/box/checks.rs).

use super::{
    Adjustment, AdjustmentKind, Bucket, By, Charge, ChargeKind, ChargeTax, Computed, ComputedLine,
    Draft, DraftLine, Modifier, Money, Percent, Quantity, Refusal, Tax, TaxRate, compute, join,
    refund_amount, refund_lines, split,
};

/// Makes checks that no restaurant would think of: a xorshift generator.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number from 0 to below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end.max(1)
    }

    pub fn one_in(&mut self, count: u64) -> bool {
        self.below(count) == 0
    }

    pub fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[usize::try_from(self.below(choices.len() as u64)).unwrap()]
    }

    pub fn count(&mut self, end: u32) -> u32 {
        u32::try_from(self.below(u64::from(end))).unwrap()
    }

    /// An amount as yen, rubles, dinars or dong have them, up to a scale of the check.
    pub fn amount(&mut self, scale: u64) -> Money {
        let amount = self.below(scale + 1);
        // Round sums are many, so that ties are.
        let amount = if self.one_in(2) { amount / 50 * 50 } else { amount };
        Money(i64::try_from(amount).unwrap())
    }

    pub fn percent(&mut self) -> Percent {
        let percent = self.below(10_001).cast_signed();
        Percent::new(if self.one_in(2) { percent / 500 * 500 } else { percent })
    }

    pub fn tax(&mut self) -> Tax {
        let rate = TaxRate::new(self.of(&[0, 500, 700, 825, 1000, 2000, 2200, 1_0000]));
        self.of(&[Tax::Exempt, Tax::Included(rate), Tax::Included(rate), Tax::Added(rate)])
    }

    pub fn adjustments(&mut self, first_id: i64, scale: u64) -> Vec<Adjustment> {
        let count = i64::from(self.of(&[0_i8, 0, 0, 1, 1, 2, 3]));
        let mut one = |id| {
            let kind = match self.below(8) {
                0 => AdjustmentKind::Comp,
                1..4 => AdjustmentKind::Amount(self.amount(scale)),
                _ => AdjustmentKind::Percent(self.percent()),
            };
            Adjustment { id, kind }
        };
        (first_id..first_id + count).map(&mut one).collect()
    }

    pub fn charges(&mut self, scale: u64) -> Vec<Charge> {
        let count = i64::from(self.of(&[0_i8, 0, 1, 1, 2]));
        let mut one = |id| Charge {
            id,
            kind: match self.below(4) {
                0 => ChargeKind::Amount(self.amount(scale)),
                1 => ChargeKind::PerGuest(self.amount(scale / 4)),
                _ => ChargeKind::Percent(self.percent()),
            },
            tax: if self.one_in(2) { ChargeTax::LikeLines } else { ChargeTax::Own(self.tax()) },
            least_guests: self.count(5),
        };
        (0..count).map(&mut one).collect()
    }

    pub fn line(&mut self, item: i64, scale: u64) -> DraftLine {
        let quantity = match self.below(4) {
            0 => Quantity::new(1 + self.below(3000).cast_signed()).unwrap(),
            _ => Quantity::pieces(1 + self.count(5)),
        };
        let price = self.amount(scale);
        let dearer = Modifier { price: self.amount(scale / 4), count: self.count(3) };
        let cheaper = Modifier { price: Money(-(price.0 / 3)), count: 1 };
        DraftLine {
            modifiers: self.of(&[[].as_slice(), &[dearer], &[dearer, cheaper]]).to_vec(),
            seat: if self.one_in(3) { None } else { Some(1 + self.count(4)) },
            takes_adjustments: !self.one_in(5),
            takes_charges: !self.one_in(5),
            adjustments: self.adjustments(100 + item * 10, scale),
            ..DraftLine::new(item, quantity, price, self.tax())
        }
    }

    /// A check of so many lines.
    pub fn draft(&mut self, lines: usize) -> Draft {
        let scale = self.of(&[3, 50, 2_000, 200_000, 1_000_000_000]);
        let lines = i64::try_from(lines).unwrap();
        Draft {
            spent: Vec::new(),
            bounds: Vec::new(),
            lines: (1..=lines).map(|item| self.line(item, scale)).collect(),
            adjustments: self.adjustments(1, scale),
            charges: self.charges(scale),
            guests: self.count(9),
        }
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for end in (1..list.len()).rev() {
            list.swap(end, usize::try_from(self.below(end as u64 + 1)).unwrap());
        }
    }

    /// A way to split a check that it allows.
    pub fn split(&mut self, draft: &Draft) -> By {
        let total = compute(draft).unwrap().total;
        match self.below(4) {
            0 if draft.lines.iter().any(|line| line.seat != draft.lines[0].seat) => By::Seats,
            1 if total > Money(1) => {
                By::Amount(Money(1 + self.below(total.0.unsigned_abs() - 1).cast_signed()))
            }
            2 => self.lines(draft),
            _ => By::Parts(2 + self.count(6) as usize),
        }
    }

    pub fn lines(&mut self, draft: &Draft) -> By {
        let mut parts = vec![Vec::new(); 1 + self.count(3) as usize];
        for line in &draft.lines {
            let mut left = line.quantity.thousandths();
            for part in &mut parts {
                let most = left.unsigned_abs();
                let taken = if self.one_in(3) { most } else { self.below(most + 1) };
                if taken > 0 && !self.one_in(3) {
                    let taken = taken.cast_signed();
                    left -= taken;
                    part.push((line.item, Quantity::new(taken).unwrap()));
                }
            }
        }
        parts.retain(|part| !part.is_empty());
        By::Lines(parts)
    }
}

/// Lines sum to the check, no sum is below 0, and nothing is taken twice.
pub fn assert_adds_up(check: &Computed) {
    let sum = |of: fn(&ComputedLine) -> Money| check.lines.iter().map(of).sum::<Money>();
    assert_eq!(sum(|line| line.gross), check.subtotal);
    assert_eq!(sum(ComputedLine::discount), check.discount);
    assert_eq!(sum(ComputedLine::service), check.service);
    assert_eq!(sum(ComputedLine::tax), check.tax);
    assert_eq!(sum(ComputedLine::total), check.total);
    let added = |bucket: &&Bucket| bucket.tax.is_added();
    let added: Money = check.taxes.iter().filter(added).map(|bucket| bucket.amount).sum();
    assert_eq!(check.subtotal - check.discount + check.service + added, check.total);
    assert_eq!(check.taxes.iter().map(|bucket| bucket.amount).sum::<Money>(), check.tax);
    assert_eq!(check.adjustments.iter().map(|one| one.amount).sum::<Money>(), check.discount);
    assert_eq!(check.charges.iter().map(|one| one.amount).sum::<Money>(), check.service);
    for line in &check.lines {
        assert_eq!(line.gross - line.discount(), line.net());
        assert!(
            line.gross >= Money::ZERO && line.discounts.iter().all(|s| s.amount >= Money::ZERO)
        );
        for part in line.parts() {
            assert!(part.amount >= Money::ZERO && part.tax_amount >= Money::ZERO);
        }
    }
}

/// The same without the marks of rules that took nothing.
pub fn without_marks(mut check: Computed) -> Computed {
    for line in &mut check.lines {
        line.discounts.retain(|share| share.amount > Money::ZERO);
        line.discounts.sort_by_key(|share| share.id);
        line.charges.retain(|share| share.taxed.total() > Money::ZERO);
    }
    let mut check = Computed::of(check.lines).unwrap();
    check.taxes.retain(|bucket| bucket.base > Money::ZERO);
    check
}

/// Gives something of what is left back, in one of the ways; all of it at the end.
pub fn refund(dice: &mut Dice, left: &Computed, is_last: bool) -> Option<Computed> {
    if is_last {
        return Some(left.clone());
    }
    if dice.one_in(2) && left.total > Money::ZERO {
        let amount = 1 + dice.below(left.total.0.unsigned_abs()).cast_signed();
        let part = refund_amount(left, Money(amount)).unwrap();
        assert_eq!(part.total, Money(amount));
        return Some(part);
    }
    let mut lines = Vec::new();
    for line in &left.lines {
        let most = line.quantity.thousandths().unsigned_abs();
        let taken = if dice.one_in(2) { most } else { dice.below(most + 1) };
        if taken > 0 && dice.one_in(2) {
            lines.push((line.item, Quantity::new(taken.cast_signed()).unwrap()));
        }
    }
    match refund_lines(left, &lines) {
        Ok(part) => Some(part),
        Err(Refusal::EmptyPart) => None,
        Err(other) => panic!("{other}"),
    }
}

/// A check of 1 to 20 lines is split, joined and given back in parts: not a minor unit is lost.
pub fn split_join_and_refund(seed: u64) {
    let mut dice = Dice::new(seed);
    let lines = 1 + dice.count(20) as usize;
    let draft = dice.draft(lines);
    let check = compute(&draft).unwrap();
    assert_adds_up(&check);
    if let Ok(parts) = split(&draft, &dice.split(&draft)) {
        let computed: Vec<_> = parts.iter().map(|part| compute(part).unwrap()).collect();
        let sum = |of: fn(&Computed) -> Money| computed.iter().map(of).sum::<Money>();
        assert_eq!(sum(|part| part.total), check.total, "seed {seed}");
        assert_eq!(sum(|part| part.tax), check.tax, "seed {seed}");
        assert_eq!(sum(|part| part.discount), check.discount, "seed {seed}");
        let joined = compute(&join(&parts).unwrap()).unwrap();
        assert_eq!(without_marks(joined), without_marks(check.clone()), "seed {seed}");
    }
    let (mut left, mut back, mut tax) = (check.clone(), Money::ZERO, Money::ZERO);
    let steps = dice.count(3);
    for step in 0..=steps {
        let Some(part) = refund(&mut dice, &left, step == steps) else { continue };
        left = left.without(&part).unwrap();
        (back, tax) = (back + part.total, tax + part.tax);
    }
    assert_eq!((back, tax, left.total), (check.total, check.tax, Money::ZERO), "seed {seed}");
}

#[cfg(test)]
#[test]
fn thousands_of_checks_without_a_difference() {
    for seed in 0..3_000 {
        split_join_and_refund(seed);
    }
}
