//! What an order has brought, as entries: what is sold, given back, called off, taken off. How an order
//! stands is reckoned anew each time; what is written down is the difference to what was before. No
//! SQL, no clock.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::states::{OrderStatus, OrderType, PaymentStatus};
use crate::core::kernel::Tax;
use crate::core::kernel::{Measure, Money, Quantity, TaxRate};
use crate::features::checks::{ChargeShare, Computed, ComputedLine};

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
    /// What guests gave on top, for the staff.
    Tip,
    /// What they gave for the house.
    TipHouse,
    /// What they gave on top of an order that was called off, until its money goes back.
    TipHeld,
}

impl EntryKind {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Order, "ORDER"),
        (Self::Sold, "SOLD"),
        (Self::Refunded, "REFUNDED"),
        (Self::Cancelled, "CANCELLED"),
        (Self::Removed, "REMOVED"),
        (Self::Tip, "TIP"),
        (Self::TipHouse, "TIP_HOUSE"),
        (Self::TipHeld, "TIP_HELD"),
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

/// At which rate something is sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SoldTax {
    /// The tax is in the price, or beside it, or there is none.
    Taxed(Tax),
    /// The check was freed of its tax.
    Freed,
}

impl SoldTax {
    /// The word in the database, and hundredths of a percent.
    pub fn stored(self) -> (&'static str, i64) {
        match self {
            Self::Taxed(Tax::Included(rate)) => ("INCLUDED", rate.hundredths()),
            Self::Taxed(Tax::Added(rate)) => ("ADDED", rate.hundredths()),
            Self::Taxed(Tax::Exempt) => ("NONE", 0),
            Self::Freed => ("EXEMPT", 0),
        }
    }

    /// The one of this word and rate.
    pub fn of_stored(word: &str, rate: i64) -> Option<Self> {
        match word {
            "INCLUDED" => Some(Self::Taxed(Tax::Included(TaxRate::new(rate)))),
            "ADDED" => Some(Self::Taxed(Tax::Added(TaxRate::new(rate)))),
            "NONE" => Some(Self::Taxed(Tax::Exempt)),
            "EXEMPT" => Some(Self::Freed),
            _ => None,
        }
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
    /// Of what is sold.
    pub tax: Option<SoldTax>,
    /// Sold: from which list its price was.
    pub price_list_id: Option<i64>,
}

/// Amounts in minor units, and counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amounts {
    pub orders: i64,
    pub covers: i64,
    /// What the order brought, where its guests were counted.
    pub covers_revenue: i64,
    /// Pieces; a line that was weighed or poured out is one.
    pub quantity: i64,
    /// How much that line was, in thousandths of a kilogram or litre.
    pub measured: i64,
    pub gross: i64,
    pub discount: i64,
    pub comp: i64,
    /// What was put on, without fees.
    pub service: i64,
    pub fee: i64,
    pub tax: i64,
    /// The tax that was taken out of the price of what was freed of it.
    pub exempt: i64,
    /// How much less it cost by a list of prices, before discounts.
    pub price_off: i64,
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
            (&mut self.measured, other.measured),
            (&mut self.gross, other.gross),
            (&mut self.discount, other.discount),
            (&mut self.comp, other.comp),
            (&mut self.service, other.service),
            (&mut self.fee, other.fee),
            (&mut self.tax, other.tax),
            (&mut self.exempt, other.exempt),
            (&mut self.price_off, other.price_off),
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
    pub quantity: Quantity,
    pub unit: Option<Measure>,
    /// The price of one, with its modifiers.
    pub unit_sum: Money,
    pub gross: Money,
    pub tax: Tax,
    /// From which list its price is, and how much less it costs by that.
    pub list: Option<(i64, Money)>,
    pub is_off: bool,
}

impl Line {
    /// How many it is, and how much of it was weighed or poured out. Pieces and kilograms are never
    /// added up.
    fn counts(&self) -> Amounts {
        let (quantity, measured) = match self.unit {
            None => (self.quantity.whole_pieces().unwrap_or(0), 0),
            Some(_) => (1, self.quantity.thousandths()),
        };
        Amounts { quantity, measured, ..Amounts::default() }
    }

    /// How much less a part of it cost by its list, when so much of it is counted already: in proportion,
    /// and all parts together just what the whole line did.
    fn price_off(&self, counted: Option<Money>, part: Money) -> i64 {
        let Some((_, Money(off))) = self.list else { return 0 };
        if self.gross.is_zero() {
            // Given away: whoever comes first has it.
            return if counted.is_none() { off } else { 0 };
        }
        let until =
            |Money(gross)| (i128::from(off) * i128::from(gross)).div_euclid(self.gross.0.into());
        let counted = counted.unwrap_or_default();
        i64::try_from(until(counted + part) - until(counted)).unwrap_or_default()
    }
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

impl SoldCheck {
    /// What is left of one of its lines after refunds; none where all went back.
    fn left_of<'a>(&'a self, whole: &'a ComputedLine) -> Option<&'a ComputedLine> {
        match &self.left {
            None => Some(whole),
            Some(left) => left.lines.iter().find(|line| line.item == whole.item),
        }
    }
}

/// An order as it stands.
#[derive(Debug)]
pub struct OrderNow {
    pub id: i64,
    pub place: Place,
    pub status: OrderStatus,
    pub payment_status: PaymentStatus,
    pub total: i64,
    pub given_back: i64,
    /// What went back of checks before others took their place, and was not charged anew.
    pub given_back_before: i64,
    /// All of it went to another order.
    pub is_joined: bool,
    pub lines: Vec<Line>,
    pub checks: Vec<SoldCheck>,
    /// The adjustments that are on the house.
    pub comps: BTreeSet<i64>,
    /// Those that free a check of its tax.
    pub exemptions: BTreeSet<i64>,
    /// What of that which is put on are fees.
    pub fees: BTreeSet<i64>,
    /// What came on top for the staff, and for the house.
    pub tips: i64,
    pub house_tips: i64,
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
            let gross = line.gross.0;
            let off = Amounts { gross, amount: gross, ..line.counts() };
            brought.add(self.about(EntryKind::Removed, None, Some(line)), &off);
        }
        if self.status != OrderStatus::Cancelled {
            self.add_checks(&mut brought);
        }
        let whole = |kind| self.about(kind, None, None);
        let of =
            |orders: bool, amount| Amounts { orders: orders.into(), amount, ..Amounts::default() };
        brought.add(whole(EntryKind::Refunded), &of(false, self.given_back_before));
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
        // Of one that was called off the guests get them back with the rest, or somebody says that they
        // leave them.
        match (self.payment_status, self.status) {
            (PaymentStatus::Unpaid, _) => {}
            (PaymentStatus::Paid, OrderStatus::Cancelled) => {
                let all = self.tips + self.house_tips;
                brought.add(whole(EntryKind::TipHeld), &of(false, all));
            }
            _ => {
                brought.add(whole(EntryKind::Tip), &of(false, self.tips));
                brought.add(whole(EntryKind::TipHouse), &of(false, self.house_tips));
            }
        }
        brought
    }

    /// The lines of its checks. A line's pieces are counted once, however many checks share it.
    fn add_checks(&self, brought: &mut Brought) {
        let lines: HashMap<i64, &Line> =
            self.lines.iter().filter(|line| !line.is_off).map(|line| (line.id, line)).collect();
        let mut counted = BTreeSet::new();
        let mut counts =
            |line: &Line| if counted.insert(line.id) { line.counts() } else { Amounts::default() };
        let (mut revenue, mut sold_so_far) = (0, HashMap::<i64, Money>::new());
        let (void, valid): (Vec<&SoldCheck>, Vec<&SoldCheck>) =
            self.checks.iter().partition(|check| check.is_void);
        for check in &valid {
            for whole in &check.whole.lines {
                let Some(line) = lines.get(&whole.item) else { continue };
                let counts = counts(line);
                if self.is_sold() {
                    let about = self.about(EntryKind::Sold, Some(check.id), Some(line));
                    let about = About { price_list_id: line.list.map(|(id, _)| id), ..about };
                    let left = check.left_of(whole);
                    let counts = match left {
                        None => counts,
                        Some(left) => {
                            let so_far = sold_so_far.get(&line.id).copied();
                            let price_off = line.price_off(so_far, left.gross);
                            *sold_so_far.entry(line.id).or_default() += left.gross;
                            Amounts { price_off, ..counts }
                        }
                    };
                    for (tax, sold) in self.sold(left, whole, counts) {
                        revenue += sold.amount;
                        brought.add(About { tax: Some(tax), ..about }, &sold);
                    }
                }
            }
        }
        for check in &void {
            for whole in &check.whole.lines {
                let Some(line) = lines.get(&whole.item) else { continue };
                let gross = whole.gross.0;
                let off = Amounts { gross, amount: gross, ..counts(line) };
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

    /// What is left of the sale of a line: of its goods, and of charges on it, by rate.
    fn sold(
        &self,
        left: Option<&ComputedLine>,
        whole: &ComputedLine,
        counts: Amounts,
    ) -> Vec<(SoldTax, Amounts)> {
        let is_freed = whole.discounts.iter().any(|share| self.exemptions.contains(&share.id));
        let by = |tax| if is_freed { SoldTax::Freed } else { SoldTax::Taxed(tax) };
        let Some(line) = left else { return vec![(by(whole.goods.tax), counts)] };
        let taken = |those: &BTreeSet<i64>| -> Money {
            let shares = line.discounts.iter().filter(|share| those.contains(&share.id));
            shares.map(|share| share.amount).sum()
        };
        let (comp, exempt) = (taken(&self.comps), taken(&self.exemptions));
        let goods = Amounts {
            gross: line.gross.0,
            discount: (line.discount() - comp - exempt).0,
            comp: comp.0,
            exempt: exempt.0,
            tax: line.goods.tax_amount.0,
            amount: line.goods.total().0,
            ..counts
        };
        let mut sold = vec![(by(line.goods.tax), goods)];
        for ChargeShare { id, taxed } in &line.charges {
            let amount = taxed.amount.0;
            let (service, fee) = if self.fees.contains(id) { (0, amount) } else { (amount, 0) };
            let charge = Amounts {
                service,
                fee,
                tax: taxed.tax_amount.0,
                amount: taxed.total().0,
                ..Amounts::default()
            };
            let tax = by(taxed.tax);
            match sold.iter_mut().find(|(known, _)| *known == tax) {
                Some((_, sum)) => sum.add(&charge),
                None => sold.push((tax, charge)),
            }
        }
        sold
    }

    fn about(&self, kind: EntryKind, check_id: Option<i64>, line: Option<&Line>) -> About {
        About {
            place: self.place,
            kind,
            check_id,
            item_id: line.map(|line| line.id),
            variation_id: line.map(|line| line.variation_id),
            tax: None,
            price_list_id: None,
        }
    }
}
