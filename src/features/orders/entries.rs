//! What an order has brought, as entries: what is sold, given back, called off, taken off. How an order
//! stands is reckoned anew each time; what is written down is the difference to what was before. No
//! SQL, no clock.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::states::{OrderStatus, OrderType, PaymentStatus};
use crate::core::kernel::{Money, TaxRate};
use crate::features::checks::{Computed, ComputedLine};

/// What an entry is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// An order is sold, with its guests.
    Order,
    /// A line of it on a check, with what is left of it after refunds.
    Sold,
    /// Money of an order went back, or all of it.
    Refunded,
    /// An order was called off.
    Cancelled,
    /// A line was taken off, or the check that it is on was called off.
    Removed,
    /// What guests gave on top.
    Tip,
}

impl EntryKind {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Order, "ORDER"),
        (Self::Sold, "SOLD"),
        (Self::Refunded, "REFUNDED"),
        (Self::Cancelled, "CANCELLED"),
        (Self::Removed, "REMOVED"),
        (Self::Tip, "TIP"),
    ];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }
}

/// Where an order's entries belong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The day in which its number counts.
    pub business_day: i64,
    /// The quarter of an hour since 1970 in which it was placed.
    pub quarter: i64,
    /// Where it is eaten.
    pub order_type: OrderType,
    /// Whose it is; 0 while nobody has taken it on.
    pub waiter_id: i64,
}

/// What one entry is about. Entries that are about the same sum up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct About {
    pub place: Place,
    pub kind: EntryKind,
    pub check_id: Option<i64>,
    pub item_id: Option<i64>,
    pub variation_id: Option<i64>,
}

/// Amounts in minor units, and counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amounts {
    pub orders: i64,
    pub covers: i64,
    /// What the order brought, where its guests were counted.
    pub covers_revenue: i64,
    pub quantity: i64,
    pub gross: i64,
    pub discount: i64,
    pub comp: i64,
    /// What was put on, without fees.
    pub service: i64,
    pub fee: i64,
    pub tax: i64,
    /// Of what is sold, the revenue; else what it is about.
    pub amount: i64,
}

impl Amounts {
    fn each(&mut self, other: &Self, of: impl Fn(&mut i64, i64)) {
        let mine = [
            (&mut self.orders, other.orders),
            (&mut self.covers, other.covers),
            (&mut self.covers_revenue, other.covers_revenue),
            (&mut self.quantity, other.quantity),
            (&mut self.gross, other.gross),
            (&mut self.discount, other.discount),
            (&mut self.comp, other.comp),
            (&mut self.service, other.service),
            (&mut self.fee, other.fee),
            (&mut self.tax, other.tax),
            (&mut self.amount, other.amount),
        ];
        for (mine, others) in mine {
            of(mine, others);
        }
    }

    fn add(&mut self, other: &Self) {
        self.each(other, |mine, others| *mine += others);
    }

    fn take(&mut self, other: &Self) {
        self.each(other, |mine, others| *mine -= others);
    }
}

/// What an order has brought, by what it is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Brought(BTreeMap<About, Amounts>);

impl Brought {
    /// Adds an entry.
    pub fn add(&mut self, about: About, amounts: &Amounts) {
        self.0.entry(about).or_default().add(amounts);
    }

    /// What is to be written down so that what `was` written becomes this.
    #[must_use]
    pub fn since(mut self, was: &Self) -> Vec<(About, Amounts)> {
        for (about, amounts) in &was.0 {
            self.0.entry(*about).or_default().take(amounts);
        }
        self.0.into_iter().filter(|(_, amounts)| *amounts != Amounts::default()).collect()
    }
}

/// A line of an order.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    pub id: i64,
    pub variation_id: i64,
    pub quantity: i64,
    pub price: Money,
    pub is_off: bool,
}

/// A check of an order.
#[derive(Debug)]
pub struct SoldCheck {
    pub id: i64,
    /// It was called off.
    pub is_void: bool,
    /// What it came to.
    pub whole: Computed,
    /// What is left of it, where some went back.
    pub left: Option<Computed>,
}

/// An order as it stands.
#[derive(Debug)]
pub struct OrderNow {
    pub id: i64,
    pub place: Place,
    pub status: OrderStatus,
    pub payment_status: PaymentStatus,
    pub tax_rate: TaxRate,
    pub total: i64,
    pub given_back: i64,
    /// All of it went to another order.
    pub is_joined: bool,
    pub lines: Vec<Line>,
    pub checks: Vec<SoldCheck>,
    /// The adjustments that are on the house.
    pub comps: BTreeSet<i64>,
    /// What of that which is put on are fees.
    pub fees: BTreeSet<i64>,
    pub tips: i64,
    /// Its guests, where somebody counted them.
    pub covers: Option<i64>,
}

impl OrderNow {
    /// Whether it counts as sold.
    pub fn is_sold(&self) -> bool {
        self.payment_status == PaymentStatus::Paid && self.status != OrderStatus::Cancelled
    }

    /// What it has brought (docs/REPORTS.md).
    pub fn brought(&self) -> Brought {
        let mut brought = Brought::default();
        for line in self.lines.iter().filter(|line| line.is_off) {
            let gross = line.price.times(line.quantity).0;
            let off =
                Amounts { quantity: line.quantity, gross, amount: gross, ..Amounts::default() };
            brought.add(self.about(EntryKind::Removed, None, Some(line)), &off);
        }
        if self.status != OrderStatus::Cancelled {
            self.add_checks(&mut brought);
        }
        let whole = |kind| self.about(kind, None, None);
        let of =
            |orders: bool, amount| Amounts { orders: orders.into(), amount, ..Amounts::default() };
        let is_refunded = self.payment_status == PaymentStatus::Refunded;
        if is_refunded {
            brought.add(whole(EntryKind::Refunded), &of(true, self.total));
        } else if self.payment_status == PaymentStatus::Paid {
            brought.add(whole(EntryKind::Refunded), &of(false, self.given_back));
        }
        // One that never had a line was none.
        let is_cancelled = self.status == OrderStatus::Cancelled && !self.lines.is_empty();
        if is_cancelled && !is_refunded && !self.is_joined {
            brought.add(whole(EntryKind::Cancelled), &of(true, self.total));
        }
        if self.payment_status != PaymentStatus::Unpaid {
            brought.add(whole(EntryKind::Tip), &of(false, self.tips));
        }
        brought
    }

    /// The lines of its checks. A line's pieces are counted once, however many checks share it.
    fn add_checks(&self, brought: &mut Brought) {
        let lines: HashMap<i64, &Line> =
            self.lines.iter().filter(|line| !line.is_off).map(|line| (line.id, line)).collect();
        let mut counted = BTreeSet::new();
        let mut revenue = 0;
        let (void, valid): (Vec<&SoldCheck>, Vec<&SoldCheck>) =
            self.checks.iter().partition(|check| check.is_void);
        for check in &valid {
            for whole in &check.whole.lines {
                let Some(line) = lines.get(&whole.item) else { continue };
                let quantity = if counted.insert(line.id) { line.quantity } else { 0 };
                if self.is_sold() {
                    let sold = self.sold(check, whole, quantity);
                    revenue += sold.amount;
                    brought.add(self.about(EntryKind::Sold, Some(check.id), Some(line)), &sold);
                }
            }
        }
        for check in &void {
            for whole in &check.whole.lines {
                let Some(line) = lines.get(&whole.item) else { continue };
                let quantity = if counted.insert(line.id) { line.quantity } else { 0 };
                let gross = whole.gross.0;
                let off = Amounts { quantity, gross, amount: gross, ..Amounts::default() };
                brought.add(self.about(EntryKind::Removed, Some(check.id), Some(line)), &off);
            }
        }
        if self.is_sold() {
            let covers_revenue = if self.covers.is_some() { revenue } else { 0 };
            let covers = self.covers.unwrap_or(0);
            let order = Amounts { orders: 1, covers, covers_revenue, ..Amounts::default() };
            brought.add(self.about(EntryKind::Order, None, None), &order);
        }
    }

    /// What is left of the sale of a line on a check.
    fn sold(&self, check: &SoldCheck, whole: &ComputedLine, quantity: i64) -> Amounts {
        let left = match &check.left {
            None => Some(whole),
            Some(left) => left.lines.iter().find(|line| line.item == whole.item),
        };
        let Some(line) = left else { return Amounts { quantity, ..Amounts::default() } };
        let comps = line.discounts.iter().filter(|share| self.comps.contains(&share.id));
        let comp: Money = comps.map(|share| share.amount).sum();
        let fees = line.charges.iter().filter(|share| self.fees.contains(&share.id));
        let fee: Money = fees.map(|share| share.taxed.amount).sum();
        Amounts {
            quantity,
            gross: line.gross.0,
            discount: (line.discount() - comp).0,
            comp: comp.0,
            service: (line.service() - fee).0,
            fee: fee.0,
            tax: line.tax().0,
            amount: line.total().0,
            ..Amounts::default()
        }
    }

    fn about(&self, kind: EntryKind, check_id: Option<i64>, line: Option<&Line>) -> About {
        About {
            place: self.place,
            kind,
            check_id,
            item_id: line.map(|line| line.id),
            variation_id: line.map(|line| line.variation_id),
        }
    }
}
