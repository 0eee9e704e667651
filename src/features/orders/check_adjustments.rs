//! What is taken off a check and put on it, as a person says it and as it is kept. No SQL, no clock.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::core::error::{Error, Result};
use crate::core::kernel::{Money, Percent, Tax};
use crate::features::checks::{
    Adjustment, AdjustmentKind, Bound, Charge, ChargeKind, ChargeTax, Draft, DraftLine, StoredTax,
    compute,
};

/// What kind of adjustment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = CheckAdjustmentKind)]
pub enum RuleKind {
    /// So many percent off.
    Percent,
    /// A sum off.
    Amount,
    /// On the house.
    Comp,
    /// A service charge of so many percent.
    ServicePercent,
    /// A service charge that is a sum.
    ServiceAmount,
    /// A fee of so many percent.
    FeePercent,
    /// A fee that is a sum.
    FeeAmount,
    /// The check is freed of its tax.
    TaxExempt,
}

impl RuleKind {
    const ALL: [(Self, &'static str); 8] = [
        (Self::Percent, "percent"),
        (Self::Amount, "amount"),
        (Self::Comp, "comp"),
        (Self::ServicePercent, "service_percent"),
        (Self::ServiceAmount, "service_amount"),
        (Self::FeePercent, "fee_percent"),
        (Self::FeeAmount, "fee_amount"),
        (Self::TaxExempt, "tax_exempt"),
    ];

    /// Whether it puts something on: it is of the whole check, and who takes it off again needs a word.
    pub fn is_charge(self) -> bool {
        !matches!(self, Self::Percent | Self::Amount | Self::Comp | Self::TaxExempt)
    }

    /// Whether it is a service charge, which may have a tax of its own.
    pub fn is_service(self) -> bool {
        matches!(self, Self::ServicePercent | Self::ServiceAmount)
    }

    /// Whether it is a fee: figures tell it from service.
    pub fn is_fee(self) -> bool {
        matches!(self, Self::FeePercent | Self::FeeAmount)
    }

    /// Whether it is a share, and no sum.
    pub fn is_percent(self) -> bool {
        matches!(self, Self::Percent | Self::ServicePercent | Self::FeePercent)
    }

    /// The word on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }

    /// The one with this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(kind, _)| *kind)
    }

    /// The value that a person wrote: hundredths of a percent, or minor units.
    ///
    /// # Errors
    /// 422 where it is none, or is missing.
    pub fn value(self, text: Option<&str>) -> Result<i64> {
        let wrong = |message: String| Error::invalid("value", message);
        let value = match (self, text) {
            (Self::Comp | Self::TaxExempt, None) => return Ok(0),
            (Self::Comp | Self::TaxExempt, Some(_)) => {
                return Err(wrong("is not for this kind: all of it goes; leave it out".into()));
            }
            (_, None) => return Err(wrong("is missing".into())),
            (kind, Some(text)) if kind.is_percent() => {
                Percent::parse(text).map_err(wrong)?.hundredths()
            }
            (_, Some(text)) => Money::parse(text).map_err(wrong)?.0,
        };
        if value > 0 { Ok(value) } else { Err(wrong("must be above 0".into())) }
    }

    /// The value as a person reads it.
    pub fn text(self, value: i64) -> Option<String> {
        match self {
            Self::Comp | Self::TaxExempt => None,
            kind if kind.is_percent() => Some(Percent::new(value).to_string()),
            _ => Some(Money(value).to_string()),
        }
    }
}

/// What holds for a check, or for one of its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its id.
    pub id: i64,
    /// What kind.
    pub kind: RuleKind,
    /// How much: hundredths of a percent, or minor units.
    pub value: i64,
    /// The line of which it is; none of the check. What holds for some lines stands there once for each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<i64>,
    /// The rule of the house by which it is there; none where a person agreed to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub house_id: Option<i64>,
    /// From how many guests on it is taken.
    #[serde(default)]
    pub least_guests: u32,
    /// Whether it holds for the lines alone that bear a share of it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_spent: bool,
    /// Of a charge: its own tax; none where it is taxed like the lines that it is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<StoredTax>,
    /// What was agreed about what was there holds for that, and for nothing that comes later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bound: Option<RuleBound>,
    /// Of a charge in percent: the lines that somebody took it off, wherever they come from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub spared: Vec<i64>,
}

/// What a rule is bound to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleBound {
    /// The lines that were there.
    pub items: Vec<i64>,
    /// What it took off them, in minor units.
    pub most: i64,
}

impl Rule {
    /// A rule that holds for a whole check, or for one of its lines, from now on.
    pub fn new(id: i64, kind: RuleKind, value: i64, item: Option<i64>) -> Self {
        let (least_guests, is_spent) = (0, false);
        let (house_id, tax, bound) = (None, None, None);
        let spared = Vec::new();
        Self { id, kind, value, item, house_id, least_guests, is_spent, tax, bound, spared }
    }

    /// What it takes off; none where it puts something on.
    pub fn adjustment(&self) -> Option<Adjustment> {
        let kind = match self.kind {
            RuleKind::Percent => AdjustmentKind::Percent(Percent::new(self.value)),
            RuleKind::Amount => AdjustmentKind::Amount(Money(self.value)),
            RuleKind::Comp => AdjustmentKind::Comp,
            RuleKind::TaxExempt => AdjustmentKind::Tax,
            _ => return None,
        };
        Some(Adjustment { id: self.id, kind })
    }

    /// Whether it holds for what is there, and for nothing that comes later: what is on the house, and
    /// what somebody had to approve of; an exemption also where its giver has a limit. A part off that
    /// is the giver's own to give holds on.
    pub fn is_of_what_is_there(
        &self,
        standing: &[Self],
        (is_approved, is_limited): (bool, bool),
    ) -> bool {
        match self.kind {
            RuleKind::Comp => true,
            RuleKind::TaxExempt => is_approved || is_limited,
            RuleKind::Percent => {
                is_approved || self.taken_with(standing) == Percent::WHOLE.hundredths()
            }
            _ => false,
        }
    }

    /// How many hundredths people take off by this and by those of its kind that stand already on the
    /// same: on its line and on the whole check; no more than all.
    pub fn taken_with(&self, standing: &[Self]) -> i64 {
        let alike = |rule: &&Self| rule.kind == self.kind && rule.house_id.is_none();
        let of = |item: Option<i64>| -> i64 {
            standing
                .iter()
                .filter(alike)
                .filter(|rule| rule.item == item)
                .map(|rule| rule.value)
                .sum()
        };
        // What is taken off the whole comes on top of what was taken off some line: the largest.
        let lines = standing.iter().filter(alike).filter_map(|rule| rule.item);
        let largest = lines.map(|item| of(Some(item))).max();
        let on_lines = self.item.map_or(largest.unwrap_or(0), |item| of(Some(item)));
        let sum = self.value.saturating_add(of(None)).saturating_add(on_lines);
        sum.min(Percent::WHOLE.hundredths())
    }

    fn bound(&self) -> Option<Bound> {
        // An exemption is of all of a check: it holds, or it does not.
        let bound = self.bound.as_ref().filter(|_| self.kind != RuleKind::TaxExempt)?;
        Some(Bound { id: self.id, items: bound.items.clone(), most: Money(bound.most) })
    }

    /// Whether an exemption still frees a check: one that is bound, no more than the lines that were there,
    /// and no more tax than it was agreed for.
    fn frees(&self, draft: &Draft) -> bool {
        let Some(bound) = &self.bound else { return true };
        draft.lines.iter().all(|line| bound.items.contains(&line.item))
            && self.tax_freed(draft).is_some_and(|tax| tax.0 <= bound.most)
    }

    /// How much tax of its lines an exemption frees a draft of; none where that cannot be computed. What is
    /// put on is left out: a charge that comes later is nothing that was ordered.
    pub fn tax_freed(&self, draft: &Draft) -> Option<Money> {
        let mut taxed = Draft { charges: Vec::new(), ..draft.clone() };
        taxed.take_back_adjustment(self.id);
        Some(compute(&taxed).ok()?.tax)
    }

    /// How much tax of what is on a draft it was agreed for, where more was ordered since and it frees
    /// nothing any more.
    pub fn tax_agreed(&self, draft: &Draft) -> Option<Money> {
        let bound = self.bound.as_ref().filter(|_| self.kind == RuleKind::TaxExempt)?;
        let was_there = |line: &&DraftLine| bound.items.contains(&line.item);
        let lines = draft.lines.iter().filter(was_there).cloned().collect();
        let freed = self.tax_freed(&Draft { lines, ..draft.clone() })?;
        Some(freed.min(Money(bound.most)))
    }

    /// What it puts on; none where it takes something off.
    fn charge(&self) -> Option<Charge> {
        let kind = match self.kind {
            kind if !kind.is_charge() => return None,
            kind if kind.is_percent() => ChargeKind::Percent(Percent::new(self.value)),
            _ => ChargeKind::Amount(Money(self.value)),
        };
        let own = |tax| ChargeTax::Own(Tax::of_stored(tax));
        let tax = self.tax.map_or(ChargeTax::LikeLines, own);
        Some(Charge { id: self.id, kind, tax, least_guests: self.least_guests })
    }
}

/// Lays rules on a draft; those of lines that are not on it wait.
pub fn lay(draft: &mut Draft, rules: &[Rule]) {
    draft.spent.extend(rules.iter().filter(|rule| rule.is_spent).map(|rule| rule.id));
    draft.bounds.extend(rules.iter().filter_map(Rule::bound));
    // How much an exemption frees follows from all others.
    let (exemptions, others): (Vec<_>, Vec<_>) =
        rules.iter().partition(|rule| rule.kind == RuleKind::TaxExempt);
    for rule in others {
        draft.charges.extend(rule.charge());
        let spared = draft.lines.iter_mut().filter(|line| rule.spared.contains(&line.item));
        spared.for_each(|line| line.spared.push(rule.id));
        let Some(adjustment) = rule.adjustment() else { continue };
        match rule.item {
            None => draft.adjustments.push(adjustment),
            Some(item) => {
                let line: Option<&mut DraftLine> =
                    draft.lines.iter_mut().find(|line| line.item == item);
                if let Some(line) = line {
                    line.adjustments.push(adjustment);
                }
            }
        }
    }
    lay_exemption(draft, &exemptions);
}

fn lay_exemption(draft: &mut Draft, exemptions: &[&Rule]) {
    if draft.exemption().is_none()
        && let Some(rule) = exemptions.iter().find(|rule| rule.frees(draft))
    {
        draft.adjustments.extend(rule.adjustment());
    }
}

/// What a rule of a draft is bound to.
pub fn bound_of(draft: &Draft, id: i64) -> Option<RuleBound> {
    let bound = draft.bound(id)?;
    Some(RuleBound { items: bound.items.clone(), most: bound.most.0 })
}

/// The rules that a draft holds, of those that are known of the checks it comes from.
pub fn rules_of(draft: &Draft, known: &[Rule]) -> Vec<Rule> {
    let rule = |id: i64, item: Option<i64>, least_guests: u32| {
        let rule = known.iter().find(|rule| rule.id == id)?.clone();
        let is_spent = draft.spent.contains(&id);
        let bound = match rule.kind {
            RuleKind::TaxExempt => rule.bound.clone(),
            _ => bound_of(draft, id),
        };
        Some(Rule { item, least_guests, is_spent, bound, ..rule })
    };
    let whole = draft.adjustments.iter().map(|one| (one.id, None, 0));
    let of_lines = draft
        .lines
        .iter()
        .flat_map(|line| line.adjustments.iter().map(|one| (one.id, Some(line.item), 0)));
    let charges = draft.charges.iter().map(|charge| (charge.id, None, charge.least_guests));
    let held = whole.chain(of_lines).chain(charges);
    held.filter_map(|(id, item, least_guests)| rule(id, item, least_guests)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::kernel::Quantity;

    #[test]
    fn what_was_taken_off_before_counts_with_what_is_taken_now() {
        let percent = |value, item| Rule::new(0, RuleKind::Percent, value, item);
        let amount = Rule { kind: RuleKind::Amount, ..percent(99, None) };
        let standing = [percent(500, None), percent(300, Some(1)), percent(200, Some(2)), amount];
        for (new, together) in [
            (percent(100, None), 900),
            (percent(100, Some(1)), 900),
            (percent(100, Some(2)), 800),
            (percent(100, Some(3)), 600),
            (percent(9_900, None), 10_000),
        ] {
            assert_eq!(new.taken_with(&standing), together, "{new:?}");
        }
        // What the house takes off by itself is no person's discount.
        let of_the_house = Rule { house_id: Some(1), ..percent(2000, Some(1)) };
        assert_eq!(percent(100, None).taken_with(&[of_the_house]), 100);
    }

    #[test]
    fn rules_are_kept_as_they_were_said() {
        assert_eq!(RuleKind::Percent.value(Some("7.5")).unwrap(), 750);
        assert_eq!(RuleKind::Amount.value(Some("100")).unwrap(), 10_000);
        assert_eq!(RuleKind::Comp.value(None).unwrap(), 0);
        for (kind, wrong) in [
            (RuleKind::Percent, Some("101")),
            (RuleKind::Amount, Some("-5")),
            (RuleKind::Amount, Some("0")),
            (RuleKind::ServicePercent, None),
        ] {
            assert_eq!(kind.value(wrong).unwrap_err().status(), 422, "{wrong:?}");
        }
        let bound = Some(RuleBound { items: vec![7], most: 100 });
        let tax = Some(Tax::Exempt.stored());
        let rules = [
            Rule::new(1, RuleKind::Percent, 500, None),
            Rule { bound, ..Rule::new(2, RuleKind::Comp, 0, Some(7)) },
            Rule { house_id: Some(9), ..Rule::new(4, RuleKind::Percent, 2000, Some(7)) },
            Rule { house_id: Some(9), ..Rule::new(4, RuleKind::Percent, 2000, Some(8)) },
            Rule { tax, ..Rule::new(3, RuleKind::ServicePercent, 1000, None) },
            Rule::new(5, RuleKind::FeeAmount, 5000, None),
        ];
        let line = |id| DraftLine::new(id, Quantity::pieces(1), Money(100), Tax::Exempt);
        let mut draft = Draft { lines: vec![line(7), line(8)], ..Draft::default() };
        lay(&mut draft, &rules);
        assert_eq!(rules_of(&draft, &rules), rules);
        let text = serde_json::to_string(&rules).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Rule>>(&text).unwrap(), rules);
        for (kind, word) in RuleKind::ALL {
            assert_eq!(RuleKind::parse(word), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), word);
        }
    }
}
